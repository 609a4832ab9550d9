// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

/// `szilard report`: what a run or a study found, on one page (docs/report.md). The pictures are drawn by Apache
/// ECharts, bundled when szilard is built (sim/page/web) and part of the program; all numbers come from the folder's
/// own files.
namespace szilard::page {

/// Throws EnvironmentError where szilard was built without the bundle, as the two below do.
void require_bundle();

/// Writes the page of the run or study in `directory` to `file`: HTML without any address, whose policy forbids it to
/// load anything. Throws InputError where the folder holds neither, is incomplete, contradicts itself or is of a newer
/// version;
/// EnvironmentError where the file cannot be written.
void write_page(const std::string& directory, const std::string& file);

/// The same pictures as files in the folders `svg` and `png`, which are made; empty: none of these. Needs node, for PNG
/// also rsvg-convert (EnvironmentError, before anything is written). Returns how many pictures there are.
std::size_t write_pictures(const std::string& directory, const std::string& svg, const std::string& png);

}  // namespace szilard::page
