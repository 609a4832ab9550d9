// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/support/parameter.hpp"
#include "models/support/philox.hpp"

namespace szilard::electronic {

enum class ReadNoise {
  none,
  independent,   ///< sigma = relative sigma x maximum conductance, whatever the cell's conductance
  proportional,  ///< sigma = relative sigma x the cell's conductance
  flicker,       ///< 1/f noise: Flicker
  table,         ///< sigma by conductance: read_noise_table_s
};

/// Straight lines between places (ascending), constant beyond both ends.
double interpolated(const std::vector<double>& places, const std::vector<double>& values, double place);

/// clamp(slope ln g + offset, lowest, highest), g = G / maximum conductance; or a table, where there are places.
struct LogLaw {
  double slope = 0, offset = 0, lowest = 0, highest = 0;
  std::vector<double> places = {}, values = {};
  double at(double g) const;
};

/// Conductances that fall with time, G(t) = G (t / t0)^-nu for t > t0, each cell with a nu of its own: Gaussian around
/// mean(g) with standard deviation spread(g), not below 0. Law and numbers of phase-change cells: Nandakumar et al.,
/// ICECS 2019, DOI 10.1109/ICECS46596.2019.8964852.
struct Drift {
  bool is_on = false;
  LogLaw mean, spread;
  std::string source;
  support::Parameter reference_time_s;  ///< t0, [s] > 0
  /// One factor a layer multiplies the outputs by the sum of all conductances at t0 over that at the time of reading:
  /// what a read of all rows at one voltage finds.
  bool is_compensated = false;
};

/// Noise of a read of t_r at a time t after programming, sigma = G min(highest, coefficient g^-exponent) sqrt(ln((t +
/// t_r) / (2 t_r))), 0 before t = t_r; or with a table's values in place of min(..), where there are places. Source: as
/// Drift. Taken as new in each read.
struct Flicker {
  double coefficient = 0, exponent = 0, highest = 0;
  std::string source;
  std::vector<double> places = {}, values = {};
  double at(double g) const;
};

/// What measurements at several times after programming found of cells with a target: deviations with mean shift_k(g)
/// and standard deviation sigma_k(g), g = target / maximum conductance. A cell's deviation at time t is that of its
/// programming, sigma_0(g), and shift(g, t) + sqrt(max(0, sigma(g, t)^2 - sigma_0(g)^2)) z, z Gaussian and fixed;
/// between times shift and sigma follow straight lines, from 0 and sigma_0 at t = 0 on. The measured spread comes out
/// where cells are programmed once; write-verify narrows what relaxation starts from. Beyond the last time there is no
/// law.
struct Relaxation {
  bool is_on = false;
  std::vector<double> times_s;  ///< [s] ascending, > 0
  /// One time's after another: coefficients of a polynomial in g, or values at the places of the programming error.
  /// shift_s may be empty: 0.
  std::vector<double> error_s, shift_s;
  std::string source;
};

/// Noise of the array's current itself, white over the bandwidth B.
struct CurrentNoise {
  bool has_thermal =
      false;  ///< variance 4 k T G B, whatever the voltage (J. B. Johnson, H. Nyquist, Phys. Rev. 32, 1928)
  bool has_shot =
      false;  ///< variance 2 q |I| B of each cell: hopping or tunnelling with uncorrelated charges (W. Schottky,
              ///< Ann. Phys. 362, 541 (1918)); an ohmic cell longer than the mean free path has none
  support::Parameter bandwidth_hz;  ///< [Hz] >= 0; 0: that of an integrator over the read time, 1 / (2 t_r)
};

/// A resistive memory cell. Conductances in siemens; g = G / maximum conductance.
struct Device {
  support::Parameter minimum_conductance_s;  ///< [S] >= 0
  support::Parameter maximum_conductance_s;  ///< [S] > minimum
  int levels = 0;                            ///< evenly spaced conductance levels; 0: continuous, else >= 2
  /// Standard deviation of the conductance after programming, sigma(g) = sum_n c_n g^n in siemens (state-dependent), >=
  /// 0 where used; empty: programming is exact.
  std::vector<double> programming_error_s;
  std::vector<double>
      programming_places;  ///< ascending g; if not empty, programming_error_s are values there, straight between
  std::string programming_error_source;
  /// Write-verify: a cell is programmed again until |G - target| <= tolerance x maximum conductance or the tries are
  /// used up.
  support::Parameter verify_tolerance;  ///< relative to maximum conductance, > 0 where verify_tries > 1
  int verify_tries = 1;                 ///< >= 1; 1: no verification
  ReadNoise read_noise = ReadNoise::none;
  support::Parameter read_noise_sigma;                        ///< relative, >= 0; independent, proportional
  std::vector<double> read_noise_places, read_noise_table_s;  ///< table: ascending g, sigma there [S] >= 0
  Flicker flicker;
  CurrentNoise current_noise;
  /// Shares of cells that stand at the maximum or minimum conductance, whatever is programmed, and never age; their sum
  /// <= 1.
  support::Parameter stuck_on, stuck_off;
  /// Device-to-device: a cell's conductance is read as G max(0, 1 + spread z), z Gaussian and fixed, unseen by
  /// write-verify.
  support::Parameter spread;  ///< relative, >= 0
  support::Parameter age_s;   ///< time of reading after programming, [s] >= 0
  Drift drift;
  Relaxation relaxation;
  /// Retention: G(t) = G_min + (G - G_min) exp(-t / retention time).
  support::Parameter retention_time_s;  ///< [s] >= 0; 0: for ever
  /// Every read so far took a cell this share nearer to the maximum: G_max - (G_max - G) (1 - disturb)^reads.
  support::Parameter read_disturb;  ///< 0 to 1
  double past_reads = 0;            ///< >= 0
  /// Transistor or selector in series with the element of each cell, ohmic: currents see G / (1 + R G). Programming,
  /// its errors and ageing are the element's, conductances that are read are those of both. Left out: the transistor's
  /// saturation, its spread, and that part of a cell's heat is its.
  support::Parameter access_ohm;  ///< [ohm] >= 0

  bool has_noise() const;  ///< whether reads of the same inputs differ
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
struct ProgrammedCell {
  double conductance_s = 0;
  int pulses = 1;  ///< tries taken
};
ProgrammedCell programmed_cell(const Device& device, double target_s, const support::RandomStream& stream,
                               std::uint64_t cell);
double programmed_conductance_s(const Device& device, double target_s, const support::RandomStream& stream,
                                std::uint64_t cell);

/// Mean and standard deviation of the deviation from the target at the device's age, S: of programming and relaxation
/// together.
struct Deviation {
  double mean_s = 0, sigma_s = 0;
};
Deviation deviation_at_age(const Device& device, double target_s);

/// What has become of a programmed cell when it is read: stuck cells, relaxation, spread, drift, retention and read
/// disturb, in this order. Numbers of `fixed`, a stream of its own: a cell's uniform of index 0 and Gaussians of
/// indices 2, 4 and 6.
/// Relaxation goes by the conductance that was to be programmed; where it is not given, by the programmed one.
struct AgedConductance {
  double initial_s = 0;  ///< before drift
  double now_s = 0;
  bool is_stuck = false;
};
AgedConductance aged_conductance(const Device& device, double programmed_s, const support::RandomStream& fixed,
                                 std::uint64_t cell, std::optional<double> target_s = {});
/// Of an element of this conductance with the access resistance in series, S.
double conductance_with_access_s(const Device& device, double element_s);
/// Standard deviation of a cell's conductance in one read of `read_time_s`, S. Of the conductance with its access
/// resistance, where the element's own deviation counts (dG / dG_element) = (1 - R G)^2 times.
double read_sigma_s(const Device& device, double conductance_s, double read_time_s);

}  // namespace szilard::electronic
