// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/electronic/wires/wire_network.hpp"
#include "models/support/units.hpp"

namespace szilard::wires {
namespace {

class LinearCell final : public CellLaw {
 public:
  void evaluate(std::size_t count, const double* v, double* value, double* slope) const override {
    std::copy(v, v + count, value);
    std::fill(slope, slope + count, 1.0);
  }
  std::string spice(const std::string& v) const override { return "(" + v + ")"; }
  bool is_linear() const override { return true; }
};

class SinhCell final : public CellLaw {
 public:
  explicit SinhCell(double v0_v) : v0_(v0_v) {}
  void evaluate(std::size_t count, const double* v, double* value, double* slope) const override {
    constexpr double kEnd = 200;
    const double end_value = std::sinh(kEnd), end_slope = std::cosh(kEnd);
    for (std::size_t k = 0; k < count; ++k) {
      const double u = v[k] / v0_;
      const bool beyond = std::abs(u) > kEnd;
      value[k] = v0_ * (beyond ? std::copysign(end_value + end_slope * (std::abs(u) - kEnd), u) : std::sinh(u));
      slope[k] = beyond ? end_slope : std::cosh(u);
    }
  }
  std::string spice(const std::string& v) const override {
    const std::string v0 = support::shortest(v0_);
    return "(" + v0 + "*sinh((" + v + ")/" + v0 + "))";
  }

 private:
  double v0_;
};

class CubicCell final : public CellLaw {
 public:
  explicit CubicCell(double a_per_v2) : a_(a_per_v2) {}
  void evaluate(std::size_t count, const double* v, double* value, double* slope) const override {
    for (std::size_t k = 0; k < count; ++k) {
      value[k] = v[k] * (1 + a_ * v[k] * v[k]);
      slope[k] = 1 + 3 * a_ * v[k] * v[k];
    }
  }
  std::string spice(const std::string& v) const override {
    return "((" + v + ")+" + support::shortest(a_) + "*(" + v + ")*(" + v + ")*(" + v + "))";
  }

 private:
  double a_;
};

class TableCell final : public CellLaw {
 public:
  TableCell(std::vector<double> v_v, std::vector<double> i_v) : v_(std::move(v_v)), i_(std::move(i_v)) {}
  void evaluate(std::size_t count, const double* v, double* value, double* slope) const override {
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t above = static_cast<std::size_t>(std::upper_bound(v_.begin(), v_.end(), v[k]) - v_.begin());
      const std::size_t from = std::min(above > 0 ? above - 1 : 0, v_.size() - 2);
      slope[k] = (i_[from + 1] - i_[from]) / (v_[from + 1] - v_[from]);
      value[k] = i_[from] + slope[k] * (v[k] - v_[from]);
    }
  }
  // As a sum of kinks: the first line, and at each inner point the change of slope. (ngspice's pwl() does not continue
  // the outer lines.)
  std::string spice(const std::string& v) const override {
    const auto slope = [&](std::size_t k) { return (i_[k + 1] - i_[k]) / (v_[k + 1] - v_[k]); };
    const auto beyond = [&](std::size_t k) { return "((" + v + ")-(" + support::shortest(v_[k]) + "))"; };
    std::string text = "((" + support::shortest(i_[0]) + ")+(" + support::shortest(slope(0)) + ")*" + beyond(0);
    for (std::size_t k = 1; k + 1 < v_.size(); ++k)
      text += "+(" + support::shortest(slope(k) - slope(k - 1)) + ")*max(" + beyond(k) + ",0)";
    return text + ")";
  }

 private:
  std::vector<double> v_, i_;
};

}  // namespace

std::unique_ptr<CellLaw> linear_cell() { return std::make_unique<LinearCell>(); }

std::unique_ptr<CellLaw> sinh_cell(double v0_v) {
  if (!(v0_v >= 1e-6 && v0_v <= 1e6)) throw std::invalid_argument("sinh cell: v0 must be between 1e-6 and 1e6 V");
  return std::make_unique<SinhCell>(v0_v);
}

std::unique_ptr<CellLaw> cubic_cell(double a_per_v2) {
  if (!(a_per_v2 >= 0 && a_per_v2 <= 1e12))
    throw std::invalid_argument("cubic cell: a must be between 0 and 1e12 1/V^2");
  return std::make_unique<CubicCell>(a_per_v2);
}

std::unique_ptr<CellLaw> table_cell(std::vector<double> v_v, std::vector<double> i_v) {
  if (v_v.size() != i_v.size() || v_v.size() < 2)
    throw std::invalid_argument("table cell: needs at least two points (v, i)");
  for (std::size_t k = 0; k < v_v.size(); ++k) {
    if (!std::isfinite(v_v[k]) || !std::isfinite(i_v[k]))
      throw std::invalid_argument("table cell: numbers must be finite");
    if (k > 0 && !(v_v[k] > v_v[k - 1])) throw std::invalid_argument("table cell: v must rise from point to point");
    if (k > 0 && i_v[k] < i_v[k - 1]) throw std::invalid_argument("table cell: i must not fall");
  }
  return std::make_unique<TableCell>(std::move(v_v), std::move(i_v));
}

}  // namespace szilard::wires
