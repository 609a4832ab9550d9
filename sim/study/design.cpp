// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/design.hpp"

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>

#include "models/support/philox.hpp"
#include "models/support/units.hpp"

namespace szilard::study {

using scenario::Setting;
using scenario::Sweep;
using scenario::SweepAxis;
using scenario::TextAt;
using support::DiagnosticCode;
using support::InputError;

namespace {

bool is_drawn(Sweep::Combine combine) { return combine != Sweep::Combine::grid && combine != Sweep::Combine::zip; }

/// Number and unit of a text, apart.
std::pair<std::string, std::string> cut(const std::string& text) {
  const std::size_t end = std::min(text.find_first_not_of("+-.0123456789eE"), text.size());
  std::size_t unit = end;
  // "1e4 kT": the exponent belongs to the number; "2 eV" would not, but there a blank stands between.
  while (unit < text.size() && text[unit] == ' ') ++unit;
  return {text.substr(0, end), text.substr(unit)};
}

// Fifteen digits: what a person would have written.
double tidy(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", value);
  return std::strtod(text, nullptr);
}

}  // namespace

/// Two ends of a range in one unit.
struct Design::Range {
  double from = 0, to = 0;
  std::string unit;  ///< written behind each value; "SI": quantity_text writes it
  scenario::KeyInfo key;
  bool is_log = false;
  support::SourceLocation where;

  Range(const scenario::Variants& variants, const SweepAxis& axis)
      : key(variants.key(axis.key, axis.where)), is_log(axis.form == SweepAxis::Form::log), where(axis.from.where) {
    const auto [from_number, from_unit] = cut(axis.from.text);
    const auto [to_number, to_unit] = cut(axis.to.text);
    if (from_unit == to_unit) {
      unit = from_unit;
      from = number(from_number, support::Dimension::none, axis.from);
      to = number(to_number, support::Dimension::none, axis.to);
    } else {
      unit = "SI";
      from = number(axis.from.text, key.dimension, axis.from);
      to = number(axis.to.text, key.dimension, axis.to);
    }
    if (is_log && !(from > 0 && to > 0))
      throw InputError(DiagnosticCode::out_of_range, axis.from.where, "a logarithmic axis has both its ends above 0");
  }

  static double number(const std::string& text, support::Dimension dimension, const TextAt& origin) {
    const support::ParsedQuantity parsed = support::parse_quantity(text, dimension);
    if (!parsed.error.empty())
      throw InputError(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number, origin.where,
                       "'" + origin.text + "': " + parsed.error);
    return parsed.value;
  }

  TextAt text(double value) const {
    if (key.is_integer) value = std::round(value);
    value = tidy(value);
    const std::string written = unit == "SI"
                                    ? support::quantity_text(value, key.dimension)
                                    : support::shortest(value) + (unit.empty() || unit == "%" ? "" : " ") + unit;
    return {key.is_integer ? std::to_string(static_cast<long long>(value)) : written, false, where};
  }

  TextAt between(double share) const {
    if (share == 0) return text(from);
    if (share == 1) return text(to);
    return text(is_log ? from * std::pow(to / from, share) : from + (to - from) * share);
  }

  // Each integer of the range equally likely.
  TextAt drawn(double share) const {
    if (!key.is_integer || is_log) return between(share);
    return text(std::min(from, to) + std::floor(share * (std::abs(to - from) + 1)));
  }
};

Design::Design(const scenario::Variants& variants) : variants_(variants) {
  if (!variants.sweep())
    throw InputError(DiagnosticCode::missing_key, {variants.base().path, 1, 1}, "this scenario declares no study",
                     "a 'sweep:' section names axes and values");
  sweep_ = *variants.sweep();
  for (std::size_t s = 0; s < sweep_.seeds; ++s) seeds_.push_back(variants.base().seed + s);
  if (is_drawn(sweep_.combine)) {
    points_ = *sweep_.points;
    draw();
    for (std::size_t a = 0; a < sweep_.axes.size(); ++a) at_share(a, 0);  // refuses ends that are no values
    return;
  }
  for (const SweepAxis& axis : sweep_.axes) listed_.push_back(axis_values(axis));
  points_ = sweep_.combine == Sweep::Combine::zip ? listed_.front().size() : 1;
  if (sweep_.combine == Sweep::Combine::grid)
    for (const auto& values : listed_) points_ *= values.size();
}

std::vector<TextAt> Design::axis_values(const SweepAxis& axis) const {
  if (axis.form == SweepAxis::Form::list) return axis.list;
  const Range range(variants_, axis);
  std::vector<TextAt> values;
  for (std::size_t i = 0; i < axis.steps; ++i)
    values.push_back(range.between(axis.steps == 1 ? 0 : double(i) / double(axis.steps - 1)));
  return values;
}

void Design::draw() {
  const std::size_t axes = sweep_.axes.size();
  shares_.assign(axes, std::vector<float>(points_));
  // Below 1 also as float.
  const auto share = [](double value) { return std::min(static_cast<float>(value), 0x1.fffffep-1f); };
  if (sweep_.combine == Sweep::Combine::sobol) {
    boost::random::sobol sequence(axes);
    for (std::size_t p = 0; p < points_; ++p)
      for (std::size_t a = 0; a < axes; ++a) shares_[a][p] = share(double(sequence()) * 0x1p-64);
    return;
  }
  for (std::size_t a = 0; a < axes; ++a) {
    const support::RandomStream stream(variants_.base().seed,
                                       support::stream_of(("sweep/" + sweep_.axes[a].key).c_str()));
    for (std::size_t p = 0; p < points_; ++p) shares_[a][p] = share(stream.uniform(p, 0));
    if (sweep_.combine != Sweep::Combine::latin_hypercube) continue;
    std::vector<std::size_t> parts(points_);
    std::iota(parts.begin(), parts.end(), std::size_t(0));
    for (std::size_t p = points_; p > 1; --p)  // Fisher and Yates
      std::swap(parts[p - 1], parts[std::min(p - 1, std::size_t(stream.uniform(p, 1) * double(p)))]);
    for (std::size_t p = 0; p < points_; ++p)
      shares_[a][p] = share((double(parts[p]) + double(shares_[a][p])) / double(points_));
  }
}

TextAt Design::at_share(std::size_t axis, double share) const {
  const SweepAxis& drawn = sweep_.axes[axis];
  if (drawn.form == SweepAxis::Form::list)
    return drawn.list[std::min(drawn.list.size() - 1, std::size_t(share * double(drawn.list.size())))];
  const Range range(variants_, drawn);
  if (drawn.steps == 0) return range.drawn(share);
  if (drawn.steps == 1) return range.between(0);
  const double step = std::min(std::floor(share * double(drawn.steps)), double(drawn.steps - 1));
  return range.between(step / double(drawn.steps - 1));
}

std::vector<TextAt> Design::values(std::size_t point) const {
  std::vector<TextAt> values(sweep_.axes.size());
  if (is_drawn(sweep_.combine)) {
    for (std::size_t a = 0; a < values.size(); ++a) values[a] = at_share(a, double(shares_[a][point]));
    return values;
  }
  for (std::size_t a = values.size(), rest = point; a-- > 0;) {
    if (sweep_.combine == Sweep::Combine::zip) {
      values[a] = listed_[a][point];
    } else {
      values[a] = listed_[a][rest % listed_[a].size()];
      rest /= listed_[a].size();
    }
  }
  return values;
}

std::vector<Setting> Design::settings(std::size_t point) const {
  std::vector<Setting> settings;
  const std::vector<TextAt> texts = values(point);
  for (std::size_t a = 0; a < texts.size(); ++a)
    settings.push_back({sweep_.axes[a].key, sweep_.axes[a].where, texts[a]});
  return settings;
}

}  // namespace szilard::study
