// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/support/philox.hpp"

namespace szilard::reset_physics {

/// Voltage of a capacitor with a resistor at temperature T across it, sampled every `interval_s`: an Ornstein-Uhlenbeck
/// process with relaxation time RC, drawn with its exact transition (no step-size bias), begun in equilibrium. Its
/// variance is kT/C whatever R; its one-sided spectral density is 4kTR / (1 + (2 pi f RC)^2), that of a current source
/// 4kTG (Johnson, Phys.
/// Rev. 32, 97 (1928); Nyquist, ibid. 110), before aliasing. Values must be positive and finite
/// (std::invalid_argument).
std::vector<double> rc_noise_voltage(double resistance_ohm, double capacitance_f, double temperature_k,
                                     double interval_s, std::size_t samples, const support::RandomStream& random,
                                     std::uint64_t sample = 0);

/// Mean current in successive windows, of electrons that arrive independently (exponential waiting times, one by one):
/// one-sided spectral density 2 q I (Schottky, Ann. Phys. 362, 541 (1918), DOI 10.1002/andp.19183622304).
std::vector<double> shot_noise_current(double current_a, double window_s, std::size_t windows,
                                       const support::RandomStream& random, std::uint64_t sample = 0);

double sample_variance(const std::vector<double>& values);

/// One-sided spectral density at the frequencies k / (segment * interval), k = 1 ... bins, averaged over the segments
/// that fit (Bartlett's method), the mean of all values taken away first.
std::vector<double> power_spectral_density(const std::vector<double>& values, double interval_s, std::size_t segment,
                                           std::size_t bins);

}  // namespace szilard::reset_physics
