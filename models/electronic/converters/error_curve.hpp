// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/electronic/converters/converter.hpp"
#include "models/support/philox.hpp"

namespace szilard::electronic {

/// Curves of one converter as Imperfections states them, drawn from `stream` at the converter's number. Internal to
/// this folder. Thresholds of an ADC in LSB, ascending: highest - lowest code of them.
std::vector<double> thresholds_of(const Converter& converter, const support::RandomStream& stream,
                                  std::uint64_t number);
/// Levels of a DAC in LSB, from the lowest code on.
std::vector<double> levels_of(const Converter& converter, const support::RandomStream& stream, std::uint64_t number);
/// Expected INL^2 in LSB^2, mean over the thresholds of an ADC, to first order in the errors.
double expected_square_inl(const Converter& converter);

}  // namespace szilard::electronic
