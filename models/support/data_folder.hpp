// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace szilard::support {

/// A folder of szilard's data, "technology" or "netlists": share/szilard/NAME beside the folder of the running program
/// if it is there, else NAME in the folder of use_data_folder(), else `built`, where this build has it. If it is
/// nowhere, the first.
std::string data_folder(const std::string& name, const std::string& built);

/// For programs that are not installed beside szilard's data: where that is. Once, before anything is read.
void use_data_folder(const std::string& folder);

}  // namespace szilard::support
