// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/scenario/yaml.hpp"

namespace szilard::scenario {

/// Applies one --set "KEY.PATH=VALUE" to the tree. A path goes through maps by key and through lists of named maps by
/// name; the last key is made where its map exists. VALUE is YAML in flow style. Throws InputError with places in file
/// "--set".
void apply_override(Node& root, const std::string& text);
/// The same of a path and a value that stand somewhere else: diagnostics name `where`.
void apply_setting(Node& root, const std::string& path, Node value, const support::SourceLocation& where);

}  // namespace szilard::scenario
