// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/plot/axis.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace szilard::plot {
namespace {

// Beyond this, differences of two values could overflow; below kSmallest a power of ten could vanish.
constexpr double kLargest = 1e300, kSmallest = 1e-290;
constexpr double kMultiples[] = {1, 2, 5};

double step_of(double span, int count) {
  const double raw = span / std::max(count, 1);
  const double decade = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double multiple : kMultiples)
    if (multiple * decade >= raw * 0.999) return multiple * decade;
  return 10 * decade;
}

struct Range {
  double from, to;
};

Range widen_linear(double from, double to) {
  const double largest = std::max(std::abs(from), std::abs(to));
  const double least_span = std::max(largest * 1e-9, kSmallest);
  if (to - from >= least_span) return {from, to};
  const double half = largest > kSmallest ? std::max(largest * 0.5, least_span) : 0.5;
  return {from - half, to + half};
}

// 1, 2 or 5 times a power of ten at or below (above) the value.
double round_logarithmic(double value, bool up) {
  const double decade = std::pow(10.0, std::floor(std::log10(value) + 1e-12));
  if (!up) {
    for (int i = 2; i >= 0; --i)
      if (kMultiples[i] * decade <= value * (1 + 1e-9)) return kMultiples[i] * decade;
    return decade;
  }
  for (const double multiple : kMultiples)
    if (multiple * decade >= value * (1 - 1e-9)) return multiple * decade;
  return 10 * decade;
}

std::vector<double> linear_ticks(double from, double to, int count) {
  const double step = step_of(to - from, count);
  std::vector<double> result;
  const double first = std::ceil(from / step - 1e-9), last = std::floor(to / step + 1e-9);
  for (double k = first; k <= last && result.size() < 100; k += 1) result.push_back(k * step);
  return result;
}

std::vector<double> logarithmic_ticks(double from, double to, int count) {
  const double low = std::log10(from), high = std::log10(to);
  std::vector<double> result;
  const double decades = high - low;
  const double stride = std::max(1.0, std::ceil(decades / std::max(count, 1)));
  for (double k = std::floor(low + 1e-12); k <= high + 1e-9 && result.size() < 400; k += stride)
    for (const double multiple : kMultiples) {
      if (decades >= 2 && multiple > 1) continue;
      const double tick = multiple * std::pow(10.0, k);
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) result.push_back(tick);
    }
  return result;
}

std::string fixed_text(double value, int decimals) {
  char text[64];
  const auto end =
      std::to_chars(text, text + sizeof text, value == 0 ? 0.0 : value, std::chars_format::fixed, decimals);
  std::string result(text, end.ptr);
  if (result[0] == '-') result = "\u2212" + result.substr(1);
  return result;
}

std::string power_text(int exponent) {
  return "10^" + (exponent < 0 ? "\u2212" + std::to_string(-exponent) : std::to_string(exponent));
}

void label_linear(Ruler& ruler) {
  double largest = 0, step = ruler.to - ruler.from;
  for (const double tick : ruler.ticks) largest = std::max(largest, std::abs(tick));
  if (ruler.ticks.size() > 1) step = ruler.ticks[1] - ruler.ticks[0];
  int exponent = 0;
  if (largest > 0 && (largest >= 1e5 || largest < 1e-2))
    exponent = 3 * static_cast<int>(std::floor(std::log10(largest * (1 + 1e-12)) / 3));
  const double unit = std::pow(10.0, exponent);
  const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step / unit) + 1e-9)), 0, 12);
  for (const double tick : ruler.ticks) ruler.texts.push_back(fixed_text(tick / unit, decimals));
  if (exponent != 0) ruler.unit_text = "\u00d7" + power_text(exponent);
}

void label_logarithmic(Ruler& ruler) {
  for (const double tick : ruler.ticks) {
    const double exponent = std::floor(std::log10(tick) + 1e-9);
    const double multiple = std::round(tick / std::pow(10.0, exponent));
    const std::string power = power_text(static_cast<int>(exponent));
    if (exponent >= -2 && exponent <= 3)
      ruler.texts.push_back(fixed_text(tick, std::max(0, static_cast<int>(-exponent))));
    else ruler.texts.push_back(multiple == 1 ? power : std::to_string(static_cast<int>(multiple)) + "\u00b7" + power);
  }
}

Range data_range(const Axis& axis, const Extent& data) {
  Range range =
      data.empty() ? (axis.scale == Scale::linear ? Range{0, 1} : Range{1, 10}) : Range{data.from(), data.to()};
  if (axis.from) range.from = *axis.from;
  if (axis.to) range.to = *axis.to;
  for (const double end : {range.from, range.to})
    if (!can_show(end, axis.scale)) throw std::invalid_argument("plot: axis '" + axis.label + "' cannot end there");
  if (axis.from && axis.to && !(range.from < range.to))
    throw std::invalid_argument("plot: axis '" + axis.label + "' must end above its start");
  if (range.from > range.to) (axis.from ? range.to : range.from) = axis.from ? range.from : range.to;
  return range;
}

}  // namespace

bool can_show(double value, Scale scale) {
  if (scale == Scale::logarithmic) return value >= kSmallest && value <= kLargest;
  return std::abs(value) <= kLargest;
}

void Extent::add(double value) {
  if (!can_show(value, scale_)) return;
  from_ = empty_ ? value : std::min(from_, value);
  to_ = empty_ ? value : std::max(to_, value);
  empty_ = false;
}

double Ruler::position(double value) const {
  if (scale == Scale::linear) return (value - from) / (to - from);
  return std::log(value / from) / std::log(to / from);
}

std::vector<double> ticks(double from, double to, Scale scale, int count) {
  if (!can_show(from, scale) || !can_show(to, scale) || !(from < to))
    throw std::invalid_argument("plot: ticks of no range");
  return scale == Scale::linear ? linear_ticks(from, to, count) : logarithmic_ticks(from, to, count);
}

Ruler make_ruler(const Axis& axis, const Extent& data, int count, bool tight) {
  Range range = data_range(axis, data);
  if (axis.scale == Scale::linear) {
    range = widen_linear(range.from, range.to);
    if (!tight) {
      const double step = step_of(range.to - range.from, count);
      if (!axis.from) range.from = std::floor(range.from / step + 1e-9) * step;
      if (!axis.to) range.to = std::ceil(range.to / step - 1e-9) * step;
    }
  } else {
    if (range.to < range.from * (1 + 1e-9)) range = {range.from / 2, range.to * 2};
    if (!tight) {
      if (!axis.from) range.from = round_logarithmic(range.from, false);
      if (!axis.to) range.to = round_logarithmic(range.to, true);
    }
  }
  Ruler ruler;
  ruler.scale = axis.scale;
  ruler.from = range.from;
  ruler.to = range.to;
  ruler.ticks = ticks(range.from, range.to, axis.scale, count);
  if (axis.scale == Scale::linear) label_linear(ruler);
  else label_logarithmic(ruler);
  return ruler;
}

}  // namespace szilard::plot
