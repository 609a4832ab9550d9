// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace szilard::page {

using Json = nlohmann::ordered_json;

/// A JSON file whose `schema` is "szilard.NAME/1". Throws InputError naming the file: not there, no JSON, of another
/// schema or of a newer version.
Json read_json(const std::string& path, const std::string& name);
bool exists(const std::string& path);
/// What the library says without its own numbering in front.
std::string reason_of(const Json::exception& error);

/// What the page's script draws from, of a run and of a study (docs/report.md).
Json run_data(const std::string& directory);
Json study_data(const std::string& directory);

}  // namespace szilard::page
