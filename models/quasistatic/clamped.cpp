// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/clamped.hpp"

#include <Eigen/LU>
#include <Eigen/SparseCholesky>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/quasistatic/states.hpp"

namespace szilard::quasistatic {
namespace {

using support::SignalBlock;
using Sparse = Eigen::SparseMatrix<double>;

constexpr std::size_t kMostIterations = 300;
constexpr double kConverged = 1e-13;  ///< force left, relative to the largest pull
constexpr double kMostDamping = 1e12;
constexpr double kStalled = 1e-9;  ///< a force left beyond this one belongs to a kink
// Widths over which kinks are rounded off to find those that hold the minimum, relative to the largest argument: the
// first moves the minimum little, the last leaves eight digits of a stress.
constexpr double kFirstRounding = 1e-2, kLastRounding = 1e-7;

double curvature(Activation activation, double y) {
  if (activation == Activation::linear || activation == Activation::relu) return 0;
  const double f = activate(activation, y), s = slope(activation, y);
  return activation == Activation::tanh ? -2 * f * s : (1 - 2 * f) * s;
}

/// What a row of a selection passes on in lane 0.
std::size_t selected(const Selection& selection, std::size_t output, const Field& in, std::size_t first_in) {
  if (!selection.window) return output;
  std::size_t best = std::size_t(selection.indices[output * selection.window]);
  for (std::size_t k = 1; k < selection.window; ++k) {
    const std::size_t other = std::size_t(selection.indices[output * selection.window + k]);
    if (in.row(first_in + other)[0] > in.row(first_in + best)[0]) best = other;
  }
  return best;
}

/// One sample, in lane 0.
class Minimiser {
 public:
  explicit Minimiser(const Network& network)
      : network_(network),
        layout_(network, support::kSignalLanes),
        states_(layout_.make_states()),
        trial_(states_),
        hidden_(layout_.first_unit(network.layers.size() - 1)),
        driven_(network.layers[0].map.total_outputs(), layout_.lanes()),
        pull_(layout_.units(), layout_.lanes()),
        strain_(pull_),
        back_(pull_) {}

  void run(const SignalBlock& inputs, const SignalBlock& targets, const SignalBlock& start, std::size_t sample) {
    Field u(network_.inputs(), layout_.lanes());
    for (std::size_t i = 0; i < u.rows; ++i) std::fill(u.row(i), u.row(i) + u.lanes, inputs.row(i)[sample]);
    layout_.drive(u, driven_);
    layout_.set_first_arguments(driven_, states_);
    layout_.set_first_arguments(driven_, trial_);
    for (std::size_t i = 0; i < layout_.units(); ++i)
      set(states_, i, i < hidden_ ? start.row(i)[sample] : targets.row(i - hidden_)[sample]);
    for (std::size_t i = hidden_; i < layout_.units(); ++i) set(trial_, i, targets.row(i - hidden_)[sample]);
    layout_.set_arguments(states_);
    kinks_.clear();
    descend();
    if (residual_ > kStalled) settle_on_kinks();
  }

  double unit(std::size_t i) const { return states_.x.row(i)[0]; }
  /// Units on their kinks with the stress that holds them there.
  const std::vector<std::pair<std::size_t, double>>& kinks() const { return kinks_; }
  double energy() const { return energy_of(states_); }
  double residual() const { return residual_; }
  std::size_t iterations() const { return iterations_; }

 private:
  static void set(States& states, std::size_t unit, double value) {
    std::fill(states.x.row(unit), states.x.row(unit) + states.x.lanes, value);
  }
  struct Curve {
    double value, slope, curvature;
  };
  /// f, f' and f'' at an argument, a ReLU rounded off by a parabola of half-width rounding_.
  Curve curve(Activation activation, double y) const {
    if (activation != Activation::relu || !(std::abs(y) < rounding_))
      return {activate(activation, y), slope(activation, y), curvature(activation, y)};
    const double above = y + rounding_;
    return {above * above / (4 * rounding_), above / (2 * rounding_), 1 / (2 * rounding_)};
  }
  template <typename Do>
  void for_each_unit(const Do& act) const {
    for (std::size_t l = 0; l < network_.layers.size(); ++l)
      for (std::size_t i = 0; i < network_.layers[l].units(); ++i)
        act(l, i, layout_.first_unit(l) + i, network_.layers[l].stiffness[i]);
  }

  double rounded_energy(const States& states) const {
    double sum = 0;
    for_each_unit([&](std::size_t l, std::size_t, std::size_t unit, double kappa) {
      const double off = states.x.row(unit)[0] - curve(network_.layers[l].activation, states.y.row(unit)[0]).value;
      sum += kappa / 2 * off * off;
    });
    return sum;
  }
  double energy_of(const States& states) const {
    if (rounding_ > 0) return rounded_energy(states);
    support::AlignedVector<double> sum(layout_.lanes(), 0.0);
    layout_.add_energy(states, 1, sum.data());
    return sum[0];
  }
  /// As forces(), with kinks rounded off, or held: of those of kinks_ the stress counts that is given there.
  Eigen::VectorXd held_forces(const States& states) {
    const Eigen::Index n = Eigen::Index(layout_.units()), h = Eigen::Index(hidden_);
    Eigen::VectorXd pull(n), stress = Eigen::VectorXd::Zero(n);
    std::vector<Eigen::Triplet<double>> none, entries;
    for_each_unit([&](std::size_t l, std::size_t i, std::size_t unit, double kappa) {
      const Curve f = curve(network_.layers[l].activation, states.y.row(unit)[0]);
      pull[Eigen::Index(unit)] = kappa * (f.value - states.x.row(unit)[0]);
      stress[Eigen::Index(unit)] = pull[Eigen::Index(unit)] * f.slope;
      if (l > 0) add_row(states, l, i, 0, none, entries);
    });
    for (const auto& [unit, held] : kinks_) {
      pull[Eigen::Index(unit)] = -network_stiffness(unit) * states.x.row(unit)[0];
      stress[Eigen::Index(unit)] = held;
    }
    Sparse w(n, h);
    w.setFromTriplets(entries.begin(), entries.end());
    const Eigen::VectorXd force = pull.head(h) - w.transpose() * stress;
    const double largest = pull.cwiseAbs().maxCoeff();
    residual_ = largest > 0 && h > 0 ? force.cwiseAbs().maxCoeff() / largest : 0;
    return force;
  }
  Eigen::VectorXd forces(const States& states) {
    if (rounding_ > 0) return held_forces(states);
    layout_.set_forces(states, pull_, strain_, back_);
    Eigen::VectorXd out(hidden_);
    double largest = 0;
    for (std::size_t i = 0; i < layout_.units(); ++i) largest = std::max(largest, std::abs(pull_.row(i)[0]));
    for (std::size_t i = 0; i < hidden_; ++i) out[Eigen::Index(i)] = pull_.row(i)[0] + back_.row(i)[0];
    residual_ = largest > 0 && hidden_ > 0 ? out.cwiseAbs().maxCoeff() / largest : 0;
    return out;
  }

  void descend() {
    Eigen::VectorXd force = forces(states_);
    double energy = energy_of(states_), damping = 0;
    for (iterations_ = 0; iterations_ < kMostIterations && residual_ > kConverged; ++iterations_) {
      const double before = residual_;
      if (!improve(force, energy, damping)) {
        residual_ = before;
        return;
      }
    }
  }

  double network_stiffness(std::size_t unit) const {
    std::size_t l = 0;
    while (l + 1 < network_.layers.size() && layout_.first_unit(l + 1) <= unit) ++l;
    return network_.layers[l].stiffness[unit - layout_.first_unit(l)];
  }

  /// Newton's steps stall where a ReLU of the minimum stands on its kink. Which ones do is found by rounding the kinks
  /// off less and less; then their arguments are held at 0 by stresses, unknowns beside the units. A spring stretched
  /// by x < 0 can hold its argument with any stress from 0 to kappa |x|.
  void settle_on_kinks() {
    const States stalled = states_;
    const double stalled_energy = energy_of(states_), stalled_residual = residual_;
    double largest = 0;
    for (std::size_t i = 0; i < layout_.units(); ++i) largest = std::max(largest, std::abs(states_.y.row(i)[0]));
    for (double width = kFirstRounding; width > 0.5 * kLastRounding; width /= 10) {
      rounding_ = width * largest;
      held_forces(states_);
      descend();
    }
    for_each_unit([&](std::size_t l, std::size_t, std::size_t unit, double kappa) {
      if (l == 0 || network_.layers[l].activation != Activation::relu) return;
      const double y = states_.y.row(unit)[0];
      if (!(std::abs(y) < rounding_)) return;
      const Curve f = curve(Activation::relu, y);
      kinks_.emplace_back(unit, kappa * (f.value - states_.x.row(unit)[0]) * f.slope);
    });
    rounding_ = 0;
    if (hold_kinks() && energy_of(states_) <= stalled_energy * (1 + 1e-12)) return;
    kinks_.clear();
    states_ = stalled;
    residual_ = stalled_residual;
  }

  /// Newton's steps in units and stresses together. False where they do not end in a minimum.
  bool hold_kinks() {
    const Eigen::Index h = Eigen::Index(hidden_), held = Eigen::Index(kinks_.size());
    if (held == 0) return false;
    for (int step = 0; step < 30; ++step) {
      std::vector<Eigen::Triplet<double>> none, entries;
      Eigen::VectorXd arguments(held);
      Sparse w(Eigen::Index(layout_.units()), h);
      for_each_unit([&](std::size_t l, std::size_t i, std::size_t unit, double) {
        for (const auto& kink : kinks_)
          if (kink.first == unit && l > 0) add_row(states_, l, i, 0, none, entries);
      });
      w.setFromTriplets(entries.begin(), entries.end());
      Eigen::MatrixXd rows(h, held);
      for (Eigen::Index k = 0; k < held; ++k) {
        rows.col(k) = Eigen::VectorXd(w.row(Eigen::Index(kinks_[std::size_t(k)].first)).transpose());
        arguments[k] = states_.y.row(kinks_[std::size_t(k)].first)[0];
      }
      const Eigen::VectorXd force = held_forces(states_);
      const double off = arguments.cwiseAbs().maxCoeff();
      if (residual_ <= kConverged && off <= kConverged) break;
      const Eigen::SimplicialLDLT<Sparse> factor(make_hessian());
      if (factor.info() != Eigen::Success || !(factor.vectorD().minCoeff() > 0)) return false;
      const Eigen::MatrixXd give = factor.solve(rows);
      const Eigen::VectorXd stress =
          (rows.transpose() * give).fullPivLu().solve(rows.transpose() * factor.solve(force) + arguments);
      const Eigen::VectorXd move = factor.solve(force) - give * stress;
      for (std::size_t i = 0; i < hidden_; ++i) set(states_, i, states_.x.row(i)[0] + move[Eigen::Index(i)]);
      for (Eigen::Index k = 0; k < held; ++k) kinks_[std::size_t(k)].second += stress[k];
      layout_.set_arguments(states_);
    }
    held_forces(states_);
    for (const auto& [unit, stress] : kinks_) {
      const double most = -network_stiffness(unit) * states_.x.row(unit)[0];
      if (!(stress >= -kStalled * most && stress <= (1 + kStalled) * most)) return false;
    }
    return residual_ <= kStalled;
  }

  /// One accepted step; false where none is left.
  bool improve(Eigen::VectorXd& force, double& energy, double& damping) {
    const Sparse hessian = make_hessian();
    const double scale = hessian.diagonal().cwiseAbs().maxCoeff();
    const double norm = force.norm();
    while (damping < kMostDamping) {
      Sparse damped = hessian;
      damped.diagonal().array() += damping * scale;
      const Eigen::SimplicialLDLT<Sparse> factor(damped);
      if (factor.info() == Eigen::Success && factor.vectorD().minCoeff() > 0) {
        const Eigen::VectorXd step = factor.solve(force);
        for (std::size_t i = 0; i < hidden_; ++i) set(trial_, i, states_.x.row(i)[0] + step[Eigen::Index(i)]);
        layout_.set_arguments(trial_);
        const double there = energy_of(trial_);
        const Eigen::VectorXd left = forces(trial_);
        // Near the end energies agree to their last digits, and only forces still tell.
        const bool lower = there < energy - 1e-12 * energy;
        if (lower || (there <= energy + 1e-12 * energy && left.norm() < norm)) {
          std::swap(states_, trial_);
          force = left;
          energy = there;
          damping = damping < 1e-10 ? 0 : damping / 10;
          return true;
        }
      }
      damping = damping == 0 ? 1e-8 : damping * 10;
    }
    return false;
  }

  /// Row i of J = 1 - f' W over hidden units, and of W itself for the curvature of f.
  Sparse make_hessian() {
    std::vector<Eigen::Triplet<double>> entries, curved;
    Eigen::VectorXd kappa(layout_.units()), bend = Eigen::VectorXd::Zero(Eigen::Index(layout_.units()));
    for_each_unit([&](std::size_t l, std::size_t i, std::size_t unit, double stiffness) {
      Curve f = curve(network_.layers[l].activation, states_.y.row(unit)[0]);
      for (const auto& kink : kinks_)
        if (kink.first == unit) f = {0, 0, 0};
      kappa[Eigen::Index(unit)] = stiffness;
      bend[Eigen::Index(unit)] = stiffness * (f.value - states_.x.row(unit)[0]) * f.curvature;
      if (unit < hidden_) entries.emplace_back(int(unit), int(unit), 1.0);
      if (l > 0) add_row(states_, l, i, f.slope, entries, curved);
    });
    const Eigen::Index n = Eigen::Index(layout_.units()), h = Eigen::Index(hidden_);
    Sparse j(n, h), w(n, h);
    j.setFromTriplets(entries.begin(), entries.end());
    w.setFromTriplets(curved.begin(), curved.end());
    return Sparse(j.transpose() * kappa.asDiagonal() * j) + Sparse(w.transpose() * bend.asDiagonal() * w);
  }

  void add_row(const States& states, std::size_t l, std::size_t i, double steep,
               std::vector<Eigen::Triplet<double>>& entries, std::vector<Eigen::Triplet<double>>& curved) const {
    const Layer &layer = network_.layers[l], &before = network_.layers[l - 1];
    const linear::LinearMap& map = layer.map;
    const std::size_t raw = selected(layer.of_arguments, i, layer.of_arguments.window ? states.raw[l] : states.y, 0);
    const std::size_t row = raw / map.positions, p = raw % map.positions, g = row / map.outputs;
    const int unit = int(layout_.first_unit(l) + i);
    for (std::size_t k = 0; k < map.terms; ++k) {
      const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
      if (from < 0) continue;
      const double weight = map.weights(Eigen::Index(row), Eigen::Index(k));
      const std::size_t source =
          layout_.first_unit(l - 1) + selected(before.of_units, std::size_t(from), states.x, layout_.first_unit(l - 1));
      if (steep != 0) entries.emplace_back(unit, int(source), -steep * weight);
      curved.emplace_back(unit, int(source), weight);
    }
  }

  const Network& network_;
  Layout layout_;
  States states_, trial_;
  std::size_t hidden_;
  Field driven_, pull_, strain_, back_;
  std::vector<std::pair<std::size_t, double>> kinks_;
  double residual_ = 0, rounding_ = 0;
  std::size_t iterations_ = 0;
};

}  // namespace

ClampedState relax_clamped(const Network& network, const SignalBlock& inputs, const SignalBlock& targets) {
  network.check();
  const Layer& last = network.layers.back();
  if (last.of_units.window)
    throw std::invalid_argument("the outputs are selected from units: there is nothing to clamp");
  if (inputs.features() != network.inputs() || targets.features() != last.units() ||
      targets.samples() != inputs.samples())
    throw std::invalid_argument("inputs and targets do not fit the network");
  const SignalBlock start = feed_forward(network, inputs);
  ClampedState out;
  out.units = inputs.sibling(network.units());
  Minimiser minimiser(network);
  for (std::size_t s = 0; s < inputs.samples(); ++s) {
    minimiser.run(inputs, targets, start, s);
    for (std::size_t i = 0; i < network.units(); ++i) out.units.row(i)[s] = minimiser.unit(i);
    out.energy.push_back(minimiser.energy());
    for (const auto& [unit, stress] : minimiser.kinks()) out.kinks.push_back({s, unit, stress});
    out.residual = std::max(out.residual, minimiser.residual());
    out.iterations = std::max(out.iterations, minimiser.iterations());
  }
  return out;
}

Network with_stiffness_ratio(Network network, double ratio) {
  if (!(ratio > 0 && std::isfinite(ratio))) throw std::invalid_argument("the stiffness ratio is positive and finite");
  double mean = 0;
  for (double kappa : network.layers.back().stiffness) mean += kappa / double(network.layers.back().stiffness.size());
  for (std::size_t l = 0; l + 1 < network.layers.size(); ++l)
    std::fill(network.layers[l].stiffness.begin(), network.layers[l].stiffness.end(), ratio * mean);
  return network;
}

}  // namespace szilard::quasistatic
