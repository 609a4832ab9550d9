// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "sim/fit/measurements.hpp"

namespace szilard::fit {

struct Estimate {
  double value = 0, standard_error = 0;
};

/// clamp(slope ln g + offset, lowest, highest), the law of models/electronic/device.hpp, with the standard error of the
/// law's value at the places of the data.
struct FittedLogLaw {
  double slope = 0, offset = 0, lowest = 0, highest = 0;
  Estimate slope_error, offset_error;        ///< the same slope and offset, with their errors
  double covariance = 0;                     ///< of slope and offset
  double first_break = 0, second_break = 0;  ///< ln g at which the law becomes constant
  Estimate at(double g) const;
};

/// A point of a figure: mean of a group of cells.
struct Point {
  double g = 0;  ///< relative to the maximum conductance
  Estimate y;
};

/// The laws of models/electronic/device.hpp that describe measured cells.
///
/// Conductance range: the smallest and the largest target. Programming error: residuals of the first time's means
/// against the targets, Gaussian with sigma(g) = sum c_n g^n, by maximum likelihood, less what read noise leaves in a
/// mean; the degree, 0 to 4, has the smallest information criterion of Akaike, corrected for small samples (C. M.
/// Hurvich, C.-L. Tsai, Biometrika 76, 297 (1989), DOI 10.1093/biomet/76.2.297), among those that stay above 0 over the
/// range. Cells farther off than 4.5 sigma (first of their neighbours' median deviation) are left out of it: those at
/// an end of the range count as stuck, the others as outliers; a stuck cell nearer to its target is taken for a
/// programmed one. Read noise: squared deviations of repeated reads from their mean, pooled; independent or
/// proportional, whichever is the more likely. Drift: slope of ln G against ln t from the first time above 0 on, each
/// cell by itself; mean and spread as laws in ln g that may become constant at either end, by maximum likelihood over
/// the
/// cells, errors of the slopes taken off. Left out: correlation of cells, mean errors of programming (stated, not
/// fitted), retention, levels.
struct DeviceFit {
  std::string file;
  std::size_t rows = 0, cells = 0;
  double minimum_conductance_s = 0, maximum_conductance_s = 0;

  std::vector<Estimate> programming_error_s;  ///< c_n
  std::vector<std::vector<double>> programming_covariance_s2;
  double programming_time_s = 0;                       ///< of the reads that it is taken from
  std::size_t programmed_cells = 0;                    ///< in the fit
  std::vector<Point> programming_points;               ///< standard deviation by group of targets, S
  double programming_chi2 = 0;                         ///< of the points about the law
  double normal_distance = 0, normal_probability = 1;  ///< of residuals / sigma: Kolmogorov-Smirnov
  Estimate mean_error;                                 ///< mean of residuals / sigma
  std::size_t outliers = 0;
  Estimate stuck_on, stuck_off;  ///< shares

  enum class ReadNoise { unknown, independent, proportional };
  ReadNoise read_noise = ReadNoise::unknown;
  Estimate read_noise_sigma;       ///< relative to the maximum or to the cell
  double read_noise_evidence = 0;  ///< by how much the other law's log likelihood is lower
  std::size_t repeated_reads = 0;
  std::vector<Point> read_noise_points;  ///< relative to the maximum conductance

  struct Drift {
    double reference_time_s = 0;
    FittedLogLaw mean, spread;
    std::size_t cells = 0;
    bool has_read_noise = false;  ///< else the slopes' errors are in the spread
    double residual = 0;          ///< of ln G about the power law, rms; 0 where each cell has two times only
    std::vector<Point> mean_points, spread_points;
    double normal_probability = 1;
  };
  std::optional<Drift> drift;

  /// sigma(g) with its standard error.
  Estimate programming_sigma_s(double g) const;
};

/// Throws support::InputError where the measurements cannot tell (fewer than 8 cells, one target only).
DeviceFit fit_device(const Measurements& measurements);

/// A preset file (for: linear.electronic_crossbar); what the measurements do not tell is taken from the preset `base`,
/// with its sources. Throws support::InputError where there is no such preset.
std::string preset_yaml(const DeviceFit& fit, const std::string& base);
void print(std::ostream& out, const DeviceFit& fit);
std::string fit_json(const DeviceFit& fit);
/// Draws the data with the laws: programming error, and read noise and drift where there are any.
void plot_fit(const std::string& path, const DeviceFit& fit);

}  // namespace szilard::fit
