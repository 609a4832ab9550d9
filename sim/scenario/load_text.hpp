// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

/// load() of a text that stands in no file (fuzzing, tests): `path` names it in diagnostics and gives the folder of its
/// files.
Scenario load_text(std::string_view text, const std::string& path, const LoadOptions& options = {});

}  // namespace szilard::scenario
