// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/line_settling.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/support/checks.hpp"

namespace szilard::electronic {
namespace {

using Vector = Eigen::VectorXd;

constexpr int kMostSteps = 400, kMostIterations = 4000;
constexpr double kStepTolerance = 1e-9, kSolveTolerance = 1e-12;

/// Nodes: word nodes row by row, then bit nodes row by row.
class TileNetwork {
 public:
  TileNetwork(const TileLines& tile, const WireOptions& wires)
      : tile_(tile), rows_(index(tile.rows)), columns_(index(tile.columns)), cells_(rows_ * columns_) {
    double largest_s = 0;
    for (const double g : tile.conductances_s) largest_s = std::max(largest_s, g);
    const double least_ohm = largest_s > 0 ? 1e-9 / largest_s : 1e-9;
    const auto siemens = [&](double ohm) { return 1 / std::max(ohm, least_ohm); };
    word_s_ = siemens(wires.word_segment_ohm);
    bit_s_ = siemens(wires.bit_segment_ohm);
    word_end_s_ = siemens(wires.word_segment_ohm + wires.driver_ohm);
    bit_end_s_ = siemens(wires.bit_segment_ohm + wires.sense_ohm);
    both_ends_ = wires.drive_both_ends;
    diagonal_.resize(2 * cells_);
    for (Eigen::Index i = 0; i < rows_; ++i) {
      for (Eigen::Index j = 0; j < columns_; ++j) {
        const Eigen::Index at = i * columns_ + j;
        const double right = j + 1 < columns_ ? word_s_ : (both_ends_ ? word_end_s_ : 0.0);
        diagonal_[at] = g(at) + (j > 0 ? word_s_ : word_end_s_) + right;
        diagonal_[cells_ + at] = g(at) + (i > 0 ? bit_s_ : 0.0) + (i + 1 < rows_ ? bit_s_ : bit_end_s_);
      }
    }
    factor();
  }

  Eigen::Index nodes() const { return 2 * cells_; }

  Vector apply(const Vector& v) const {
    Vector out = diagonal_.cwiseProduct(v);
    for (Eigen::Index at = 0; at < cells_; ++at) {
      out[at] -= g(at) * v[cells_ + at];
      out[cells_ + at] -= g(at) * v[at];
    }
    for (Eigen::Index i = 0; i < rows_; ++i) {
      for (Eigen::Index j = 0; j + 1 < columns_; ++j) {
        const Eigen::Index at = i * columns_ + j;
        out[at] -= word_s_ * v[at + 1];
        out[at + 1] -= word_s_ * v[at];
      }
    }
    for (Eigen::Index at = cells_; at + columns_ < 2 * cells_; ++at) {
      out[at] -= bit_s_ * v[at + columns_];
      out[at + columns_] -= bit_s_ * v[at];
    }
    return out;
  }

  Vector solve(const Vector& right) const {
    Vector x = Vector::Zero(right.size()), residual = right, z = precondition(residual), direction = z;
    double rho = residual.dot(z);
    const double target = kSolveTolerance * kSolveTolerance * rho;
    for (int n = 0; n < kMostIterations && rho > target; ++n) {
      const Vector image = apply(direction);
      const double step = rho / direction.dot(image);
      x += step * direction;
      residual -= step * image;
      z = precondition(residual);
      const double next = residual.dot(z);
      direction = z + next / rho * direction;
      rho = next;
    }
    return x;
  }

 private:
  static Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }
  double g(Eigen::Index at) const { return tile_.conductances_s[static_cast<std::size_t>(at)]; }

  /// Of each line's tridiagonal: pivots of its elimination.
  void factor() {
    pivots_ = diagonal_;
    for (Eigen::Index at = 0; at < cells_; ++at) {
      if (at % columns_ > 0) pivots_[at] -= word_s_ * word_s_ / pivots_[at - 1];
      if (at >= columns_) pivots_[cells_ + at] -= bit_s_ * bit_s_ / pivots_[cells_ + at - columns_];
    }
  }

  Vector precondition(const Vector& right) const {
    Vector x = right;
    for (Eigen::Index at = 0; at < cells_; ++at) {
      if (at % columns_ > 0) x[at] += word_s_ / pivots_[at - 1] * x[at - 1];
      if (at >= columns_) x[cells_ + at] += bit_s_ / pivots_[cells_ + at - columns_] * x[cells_ + at - columns_];
    }
    for (Eigen::Index at = cells_ - 1; at >= 0; --at) {
      if ((at + 1) % columns_ > 0) x[at] += word_s_ * x[at + 1];
      x[at] /= pivots_[at];
      const Eigen::Index bit = cells_ + at;
      if (at + columns_ < cells_) x[bit] += bit_s_ * x[bit + columns_];
      x[bit] /= pivots_[bit];
    }
    return x;
  }

  const TileLines& tile_;
  Eigen::Index rows_, columns_, cells_;
  double word_s_ = 0, bit_s_ = 0, word_end_s_ = 0, bit_end_s_ = 0;
  bool both_ends_ = false;
  Vector diagonal_, pivots_;
};

double largest_eigenvalue(const std::vector<double>& diagonal, const std::vector<double>& beside) {
  const auto n = static_cast<Eigen::Index>(diagonal.size());
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
  solver.computeFromTridiagonal(Eigen::Map<const Vector>(diagonal.data(), n),
                                Eigen::Map<const Vector>(beside.data(), n - 1), Eigen::EigenvaluesOnly);
  return solver.eigenvalues()[n - 1];
}

}  // namespace

double slowest_time_constant_s(const TileLines& tile, const WireOptions& wires) {
  support::require(tile.rows > 0 && tile.columns > 0 && tile.conductances_s.size() == tile.rows * tile.columns,
                   "conductances_s", static_cast<double>(tile.conductances_s.size()), "rows x columns");
  for (const double conductance_s : tile.conductances_s) support::require_not_negative(conductance_s, "conductances_s");
  support::require_not_negative(tile.word_node_f, "word_node_f");
  support::require_not_negative(tile.bit_node_f, "bit_node_f");
  for (const auto& [ohm, field] : {std::pair<double, const char*>{wires.word_segment_ohm, "wires.word_segment_ohm"},
                                   {wires.bit_segment_ohm, "wires.bit_segment_ohm"},
                                   {wires.driver_ohm, "wires.driver_ohm"},
                                   {wires.sense_ohm, "wires.sense_ohm"}}) {
    support::require_not_negative(ohm, field);
  }
  if (tile.word_node_f + tile.bit_node_f == 0) return 0;
  const TileNetwork network(tile, wires);
  Vector root(network.nodes());
  root.head(network.nodes() / 2).setConstant(std::sqrt(tile.word_node_f));
  root.tail(network.nodes() / 2).setConstant(std::sqrt(tile.bit_node_f));
  Vector previous = Vector::Zero(network.nodes()), current = root / root.norm();
  std::vector<double> diagonal, beside;
  double last = 0, found = 0;
  int still = 0;
  for (int step = 0; step < kMostSteps; ++step) {
    Vector next = root.cwiseProduct(network.solve(root.cwiseProduct(current)));
    if (step > 0) next -= beside.back() * previous;
    diagonal.push_back(current.dot(next));
    next -= diagonal.back() * current;
    last = found;
    found = largest_eigenvalue(diagonal, beside);
    const double norm = next.norm();
    still = found - last <= kStepTolerance * found ? still + 1 : 0;
    if (norm <= 1e-14 * found || still == 3) break;
    beside.push_back(norm);
    previous = current;
    current = next / norm;
  }
  return found;
}

}  // namespace szilard::electronic
