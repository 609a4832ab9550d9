// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/variants.hpp"

namespace szilard::study {

/// The points of a study: settings of its axes, in the order of results (last axis fastest, then seed).
///
/// grid: every combination. zip: the k-th values of all axes. random: independent and uniform over each axis (over the
/// logarithm for `log`). latin_hypercube: each axis is cut into as many equal parts as there are points, each part is
/// hit once (McKay, Beckman, Conover 1979, doi:10.1080/00401706.1979.10489755). sobol: the Sobol' sequence with Joe and
/// Kuo's direction numbers (2008, doi:10.1137/070709359), without its point 0, the corner. Drawn points depend on the
/// scenario's seed alone.
class Design {
 public:
  /// Throws InputError at an axis whose ends are no values of its key.
  explicit Design(const scenario::Variants& variants);

  std::size_t points() const { return points_; }  ///< without repetitions
  std::size_t runs() const { return points_ * seeds_.size(); }
  const std::vector<scenario::SweepAxis>& axes() const { return sweep_.axes; }
  const std::vector<std::uint64_t>& seeds() const { return seeds_; }

  /// Values of a point's axes.
  std::vector<scenario::TextAt> values(std::size_t point) const;
  std::vector<scenario::Setting> settings(std::size_t point) const;
  /// Values of one axis, as many as it has steps.
  std::vector<scenario::TextAt> axis_values(const scenario::SweepAxis& axis) const;

 private:
  struct Range;
  scenario::TextAt at_share(std::size_t axis, double share) const;
  void draw();

  const scenario::Variants& variants_;
  scenario::Sweep sweep_;
  std::vector<std::vector<scenario::TextAt>> listed_;  ///< [axis][value]: grid and zip
  std::vector<std::vector<float>> shares_;             ///< [axis][point], in [0, 1): drawn
  std::vector<std::uint64_t> seeds_;
  std::size_t points_ = 0;
};

}  // namespace szilard::study
