// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>
#include <random>
#include <vector>

#include "models/electronic/wires/wire_network.hpp"

namespace szilard::wires {

/// One random crossbar with its inputs.
struct Case {
  std::size_t rows = 1, columns = 1;
  std::vector<double> g, v;
  WireParameters wires;
};

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  double uniform(double from, double to) {
    return from + (to - from) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
  }
  double log_uniform(double from, double to) { return std::exp(uniform(std::log(from), std::log(to))); }
  std::size_t integer(std::size_t from, std::size_t to) { return from + engine_() % (to - from + 1); }
  bool coin(double p) { return uniform(0, 1) < p; }

 private:
  std::mt19937_64 engine_;
};

/// Sizes 1 to `most`, 1 to 100 uS with some cells open, wires from 0.1 to 100 ohm, inputs of both signs and zeros.
inline Case random_case(Draw& draw, std::size_t most, bool zero_resistances) {
  Case c;
  c.rows = draw.integer(1, most);
  c.columns = draw.integer(1, most);
  const double open = draw.coin(0.3) ? draw.uniform(0, 0.9) : 0;
  for (std::size_t k = 0; k < c.rows * c.columns; ++k)
    c.g.push_back(draw.coin(open) ? 0 : draw.log_uniform(1e-6, 1e-4));
  for (std::size_t i = 0; i < c.rows; ++i) c.v.push_back(draw.coin(0.1) ? 0 : draw.uniform(-0.5, 0.5));
  const auto resistance = [&](double most_ohm) {
    return zero_resistances && draw.coin(0.35) ? 0 : draw.log_uniform(0.1, most_ohm);
  };
  c.wires = {resistance(100), resistance(100), resistance(1000), resistance(1000), draw.coin(0.3), draw.coin(0.3)};
  return c;
}

/// The textbook: every terminal, cell and segment stamped into one nodal matrix, nodes joined by 0 ohm being one node;
/// LU in long double, for conductances from 1 uS to 10 S leave a double few digits.
struct NodalReference {
  using Matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
  std::vector<double> column_currents, row_currents, word_voltages, bit_voltages;

  explicit NodalReference(const Case& c) {
    const auto cells = static_cast<int>(c.rows * c.columns);
    const int grounds = 2 * cells, sources = grounds + static_cast<int>(c.columns),
              all = sources + static_cast<int>(c.rows);
    parent_.resize(all);
    for (int k = 0; k < all; ++k) parent_[k] = k;
    const auto word = [&](std::size_t i, std::size_t j) { return static_cast<int>(i * c.columns + j); };
    const auto bit = [&](std::size_t i, std::size_t j) { return cells + static_cast<int>(i * c.columns + j); };
    const auto source = [&](std::size_t i) { return sources + static_cast<int>(i); };
    const auto ground = [&](std::size_t j) { return grounds + static_cast<int>(j); };
    for (std::size_t i = 0; i < c.rows; ++i) {
      resistor(source(i), word(i, 0), c.wires.word_segment_ohm + c.wires.driver_ohm);
      for (std::size_t j = 0; j + 1 < c.columns; ++j) resistor(word(i, j), word(i, j + 1), c.wires.word_segment_ohm);
      if (c.wires.drive_both_ends)
        resistor(source(i), word(i, c.columns - 1), c.wires.word_segment_ohm + c.wires.driver_ohm);
    }
    for (std::size_t j = 0; j < c.columns; ++j) {
      if (c.wires.sense_both_ends) resistor(ground(j), bit(0, j), c.wires.bit_segment_ohm + c.wires.sense_ohm);
      for (std::size_t i = 0; i + 1 < c.rows; ++i) resistor(bit(i, j), bit(i + 1, j), c.wires.bit_segment_ohm);
      resistor(bit(c.rows - 1, j), ground(j), c.wires.bit_segment_ohm + c.wires.sense_ohm);
    }
    for (std::size_t i = 0; i < c.rows; ++i)
      for (std::size_t j = 0; j < c.columns; ++j) branches_.push_back({word(i, j), bit(i, j), c.g[i * c.columns + j]});
    Matrix matrix = Matrix::Zero(all, all);
    for (const Branch& b : branches_) {
      const int from = root(b.from), to = root(b.to);
      matrix(from, from) += b.conductance;
      matrix(to, to) += b.conductance;
      matrix(from, to) -= b.conductance;
      matrix(to, from) -= b.conductance;
    }
    const Matrix conductances = matrix;
    Vector right = Vector::Zero(all);
    const auto fix = [&](int node, double v) {
      matrix.row(root(node)).setZero();
      matrix(root(node), root(node)) = 1;
      right(root(node)) = v;
    };
    for (int k = 0; k < all; ++k)
      if (root(k) != k) matrix(k, k) = 1;
    for (std::size_t i = 0; i < c.rows; ++i) fix(source(i), c.v[i]);
    for (std::size_t j = 0; j < c.columns; ++j) fix(ground(j), 0);
    const Vector u = matrix.partialPivLu().solve(right);
    const Vector out = conductances * u;
    for (std::size_t i = 0; i < c.rows; ++i) row_currents.push_back(static_cast<double>(out(root(source(i)))));
    for (std::size_t j = 0; j < c.columns; ++j) column_currents.push_back(static_cast<double>(-out(root(ground(j)))));
    for (std::size_t i = 0; i < c.rows; ++i)
      for (std::size_t j = 0; j < c.columns; ++j) {
        word_voltages.push_back(static_cast<double>(u(root(word(i, j)))));
        bit_voltages.push_back(static_cast<double>(u(root(bit(i, j)))));
      }
  }

 private:
  struct Branch {
    int from, to;
    long double conductance;
  };
  int root(int k) const { return parent_[k] == k ? k : root(parent_[k]); }
  void resistor(int from, int to, double ohm) {
    if (ohm > 0) branches_.push_back({from, to, 1 / static_cast<long double>(ohm)});
    else parent_[root(to)] = root(from);
  }
  std::vector<int> parent_;
  std::vector<Branch> branches_;
};

inline double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}
inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = a.size() == b.size() ? 0 : 1e300;
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) most = std::max(most, std::abs(a[k] - b[k]));
  return most;
}

}  // namespace szilard::wires
