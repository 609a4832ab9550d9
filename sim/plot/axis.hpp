// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/plot/plot.hpp"

namespace szilard::plot {

/// The least and the largest of the numbers that an axis can show.
class Extent {
 public:
  explicit Extent(Scale scale) : scale_(scale) {}
  void add(double value);
  bool empty() const { return empty_; }
  double from() const { return from_; }
  double to() const { return to_; }

 private:
  Scale scale_;
  bool empty_ = true;
  double from_ = 0, to_ = 0;
};

bool can_show(double value, Scale scale);

/// An axis made definite: its range, its ticks with their texts, and where a value stands between 0 and 1.
struct Ruler {
  Scale scale = Scale::linear;
  double from = 0, to = 1;
  std::vector<double> ticks;
  std::vector<std::string> texts;  ///< "^" starts a superscript: "10^-3"
  std::string unit_text;           ///< common power of ten of linear ticks, "×10^-6", or empty

  double position(double value) const;
};

/// tight: the range ends at the data and not at round numbers (colour scales).
Ruler make_ruler(const Axis& axis, const Extent& data, int ticks, bool tight);

}  // namespace szilard::plot
