// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/support/parameter.hpp"

namespace szilard::electronic {

enum class ReadNoise {
  none,
  independent,   ///< sigma = relative sigma x maximum conductance, whatever the cell's conductance
  proportional,  ///< sigma = relative sigma x the cell's conductance
};

/// A resistive memory cell. Conductances in siemens; g = G / maximum conductance.
struct Device {
  support::Parameter minimum_conductance_s;  ///< [S] >= 0
  support::Parameter maximum_conductance_s;  ///< [S] > minimum
  int levels = 0;                            ///< evenly spaced conductance levels; 0: continuous, else >= 2
  /// Standard deviation of the conductance after programming, sigma(g) = sum_n c_n g^n in siemens (state-dependent), >= 0 where
  /// used; empty: programming is exact.
  std::vector<double> programming_error_s;
  std::string programming_error_source;
  /// Write-verify: a cell is programmed again until |G - target| <= tolerance x maximum conductance or the tries are used up.
  support::Parameter verify_tolerance;  ///< relative to maximum conductance, > 0
  int verify_tries = 1;                 ///< >= 1; 1: no verification
  ReadNoise read_noise = ReadNoise::none;
  support::Parameter read_noise_sigma;  ///< relative, >= 0
};

}  // namespace szilard::electronic
