// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/support/parameter.hpp"
#include "models/support/philox.hpp"

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
  /// Standard deviation of the conductance after programming, sigma(g) = sum_n c_n g^n in siemens (state-dependent), >=
  /// 0 where used; empty: programming is exact.
  std::vector<double> programming_error_s;
  std::string programming_error_source;
  /// Write-verify: a cell is programmed again until |G - target| <= tolerance x maximum conductance or the tries are
  /// used up.
  support::Parameter verify_tolerance;  ///< relative to maximum conductance, > 0 where verify_tries > 1
  int verify_tries = 1;                 ///< >= 1; 1: no verification
  ReadNoise read_noise = ReadNoise::none;
  support::Parameter read_noise_sigma;  ///< relative, >= 0

  /// Throws std::invalid_argument that names the field. The programming error is looked at on every level, or on 1001
  /// places from minimum to maximum where conductances are continuous.
  void check() const;
};

/// The level nearest to a conductance between minimum and maximum, halves away from the minimum; itself if levels = 0.
double nearest_level_s(const Device& device, double conductance_s);
/// sigma(g) of the programming error at a target conductance, S.
double programming_sigma_s(const Device& device, double target_s);
/// Programs one cell: try t gives target + sigma(target) x Gaussian number (sample = cell, index = t) of `stream`, and
/// no less than 0, since a passive cell has no negative conductance. The first try within the tolerance stays; a cell
/// that has used up its tries keeps the last.
double programmed_conductance_s(const Device& device, double target_s, const support::RandomStream& stream,
                                std::uint64_t cell);

}  // namespace szilard::electronic
