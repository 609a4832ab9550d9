// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/own_parts.hpp"

#ifndef SZILARD_DATA_FOLDER
#define SZILARD_DATA_FOLDER ""  // find_package(szilard) says where the installed data are
#endif

namespace szilard::cli {

/// All of `szilard`: its commands on these arguments, with parts of the user's own beside those that szilard has. The
/// exit code for main() (commands.hpp). Once per process.
///
///   int main(int argc, char** argv) {
///     szilard::scenario::OwnParts parts;
///     parts.media.push_back({"my_crossbar", "what it is", {}, [](const auto& setting) { return make_mine(setting);
///     }}); return szilard::cli::program(argc, argv, std::move(parts));
///   }
///
/// `data_folder` holds presets and netlists where the program does not stand beside share/szilard.
int program(int argc, char** argv, scenario::OwnParts parts = {}, const char* data_folder = SZILARD_DATA_FOLDER);

}  // namespace szilard::cli
