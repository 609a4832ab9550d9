// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "rtl/gate_level/liberty.hpp"

namespace szilard::gate_level {
namespace {

struct Position {
  std::size_t low = 0;
  double share = 0;  ///< outside [0, 1] beyond the ends
};

Position position(const std::vector<double>& points, double x) {
  if (points.size() < 2) return {};
  const auto above = std::upper_bound(points.begin() + 1, points.end() - 1, x);
  const std::size_t low = static_cast<std::size_t>(above - points.begin()) - 1;
  return {low, (x - points[low]) / (points[low + 1] - points[low])};
}

}  // namespace

LookupTable::LookupTable(std::array<Axis, 2> axes, std::array<std::vector<double>, 2> points,
                         std::vector<double> values)
    : axes_(axes), points_(std::move(points)), values_(std::move(values)) {
  if (values_.size() != std::max<std::size_t>(points_[0].size(), 1) * std::max<std::size_t>(points_[1].size(), 1))
    throw std::logic_error("a table whose values do not fit its axes");
}

double LookupTable::at(double slew_s, double load_f) const {
  if (values_.empty()) return 0;
  std::array<Position, 2> where;
  for (std::size_t i = 0; i < 2; ++i)
    if (axes_[i] != Axis::none) where[i] = position(points_[i], axes_[i] == Axis::slew ? slew_s : load_f);
  const std::size_t columns = std::max<std::size_t>(points_[1].size(), 1);
  const auto row = [&](std::size_t r) {
    const double* values = values_.data() + r * columns + where[1].low;
    return columns < 2 ? values[0] : values[0] + where[1].share * (values[1] - values[0]);
  };
  const double first = row(where[0].low);
  return points_[0].size() < 2 ? first : first + where[0].share * (row(where[0].low + 1) - first);
}

}  // namespace szilard::gate_level
