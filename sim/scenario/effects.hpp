// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

/// One way in which a platform's hardware departs from the ideal, or one remedy, that can be switched off by itself:
/// the words of `disable`, and what `run --attribute` goes through. A platform has it where one of its layers has.
struct Effect {
  std::string name, meaning;
  bool is_remedy = false;  ///< counteracts others, so that without it a platform gets worse
  std::function<bool(const PlatformSpec&)> is_on;
  std::function<void(PlatformSpec&)> switch_off;
};

/// Every effect, in the order in which signals meet them.
const std::vector<Effect>& effects();
std::vector<std::string> effect_names();
/// Throws std::logic_error where there is no such effect.
const Effect& effect(const std::string& name);

}  // namespace szilard::scenario
