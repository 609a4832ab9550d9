// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/reader.hpp"
#include "sim/scenario/resolve.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/variants.hpp"

namespace szilard::scenario {

/// What load() and Variants share. The tree of a text with the options applied; what is wrong goes to `problems`.
Node root_of(std::string_view text, const std::string& path, const LoadOptions& options,
             std::vector<support::Diagnostic>& problems);
/// The scenario of a tree, and its study where `sweep` is given. Throws InputError with `problems` and what it found.
Scenario scenario_of(const Node& root, const std::string& path, PresetStore& store, FileHashes& hashes,
                     std::vector<support::Diagnostic> problems, std::optional<Sweep>* sweep);

/// What no single key of a study shows. Reports to the reader; looks only at what could be read.
void check_sweep(const Reading& scenario, const Node& root, Reader& reader);
/// The study of a reading without errors, if there is one.
std::optional<Sweep> sweep_of(const Reading& scenario);

/// The field that a key path addresses in a tree; null if there is none, then `hint` may say what is near.
const Field* field_of(const Node& root, const std::string& path, std::string& hint);

}  // namespace szilard::scenario
