// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/own_parts.hpp"
#include "sim/scenario/reader.hpp"

namespace szilard::scenario {

/// Sections of the user's own media and neurons; from then on there may be no more of them.
std::vector<Section> own_sections();
/// Null for names that are not the user's own.
const OwnMedium* own_medium(const std::string& name);
const OwnNeuron* own_neuron(const std::string& name);
/// What a reading without errors has for these keys.
OwnValues own_values(const Reading& reading, const std::vector<Field>& keys);

/// A baseline that scenarios may name: built with szilard, or the user's own.
struct KnownBaseline {
  std::string name;
  std::uint64_t rows, columns;
  std::string title;
  bool is_own;
};
std::vector<KnownBaseline> known_baselines();

}  // namespace szilard::scenario
