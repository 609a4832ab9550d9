// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "rtl/gate_level/boolean_function.hpp"

namespace szilard::gate_level {

/// How OpenSTA 2.0.17 weighs an internal_power group of an output, found by varying the activity of one pin at a time.
/// Rise and fall energy are added. Where the related pin is an operand of the function's outermost operator (behind
/// inversions), they count with the toggles of that pin times the probability that the other operand lets it through;
/// that of ^ is taken like that of +. Elsewhere they count with the toggles of the output, times 1/2, for a clock times
/// 1. An input pin's own groups count with its toggles times 1/2, a clock pin's times 1. An output that never toggles
/// counts nothing, whatever its inputs do.
///
/// The weight for the related pin's toggles, or nothing where those of the output count. `duty` gives a pin's share at
/// 1.
std::optional<double> outermost_operand_weight(const BooleanFunction& function, const std::string& pin,
                                               const std::function<double(const std::string&)>& duty);

}  // namespace szilard::gate_level
