// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/clamped.hpp"

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

/// Signal k that a layer delivers, in one sample.
double delivered_by(const Network& network, std::size_t l, const SignalBlock& units, std::size_t k,
                    std::size_t sample) {
  const Selection& selection = network.layers[l].of_units;
  const std::size_t first = network.first_unit(l);
  if (!selection.window) return units.row(first + k)[sample];
  double best = units.row(first + std::size_t(selection.indices[k * selection.window]))[sample];
  for (std::size_t n = 1; n < selection.window; ++n)
    best = std::max(best, units.row(first + std::size_t(selection.indices[k * selection.window + n]))[sample]);
  return best;
}

double map_output(const linear::LinearMap& map, const std::vector<double>& x, std::size_t output) {
  const std::size_t row = output / map.positions, p = output % map.positions, g = row / map.outputs;
  double sum = map.bias[row];
  for (std::size_t k = 0; k < map.terms; ++k) {
    const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
    if (from >= 0) sum += map.weights(Eigen::Index(row), Eigen::Index(k)) * x[std::size_t(from)];
  }
  return sum;
}

/// Which output of the map unit i's argument is.
std::size_t argument_of(const Layer& layer, const std::vector<double>& x, std::size_t i) {
  const Selection& selection = layer.of_arguments;
  std::size_t best = std::size_t(selection.indices[i * selection.window]);
  double largest = map_output(layer.map, x, best);
  for (std::size_t n = 1; n < selection.window; ++n) {
    const std::size_t other = std::size_t(selection.indices[i * selection.window + n]);
    const double value = map_output(layer.map, x, other);
    if (value > largest) best = other, largest = value;
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
    descend();
  }

  double unit(std::size_t i) const { return states_.x.row(i)[0]; }
  double energy() const { return energy_of(states_); }
  double residual() const { return residual_; }
  std::size_t iterations() const { return iterations_; }

 private:
  static void set(States& states, std::size_t unit, double value) {
    std::fill(states.x.row(unit), states.x.row(unit) + states.x.lanes, value);
  }
  double energy_of(const States& states) const {
    support::AlignedVector<double> sum(layout_.lanes(), 0.0);
    layout_.add_energy(states, 1, sum.data());
    return sum[0];
  }
  Eigen::VectorXd forces(const States& states) {
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
    for (std::size_t l = 0; l < network_.layers.size(); ++l) {
      const Layer& layer = network_.layers[l];
      const std::size_t first = layout_.first_unit(l);
      for (std::size_t i = 0; i < layer.units(); ++i) {
        const std::size_t unit = first + i;
        const double y = states_.y.row(unit)[0];
        kappa[Eigen::Index(unit)] = layer.stiffness[i];
        bend[Eigen::Index(unit)] = layer.stiffness[i] * (activate(layer.activation, y) - states_.x.row(unit)[0]) *
                                   curvature(layer.activation, y);
        if (unit < hidden_) entries.emplace_back(int(unit), int(unit), 1.0);
        if (l > 0) add_row(l, i, slope(layer.activation, y), entries, curved);
      }
    }
    const Eigen::Index n = Eigen::Index(layout_.units()), h = Eigen::Index(hidden_);
    Sparse j(n, h), w(n, h);
    j.setFromTriplets(entries.begin(), entries.end());
    w.setFromTriplets(curved.begin(), curved.end());
    return Sparse(j.transpose() * kappa.asDiagonal() * j) + Sparse(w.transpose() * bend.asDiagonal() * w);
  }

  void add_row(std::size_t l, std::size_t i, double steep, std::vector<Eigen::Triplet<double>>& entries,
               std::vector<Eigen::Triplet<double>>& curved) const {
    const Layer &layer = network_.layers[l], &before = network_.layers[l - 1];
    const linear::LinearMap& map = layer.map;
    const std::size_t raw = selected(layer.of_arguments, i, layer.of_arguments.window ? states_.raw[l] : states_.y, 0);
    const std::size_t row = raw / map.positions, p = raw % map.positions, g = row / map.outputs;
    const int unit = int(layout_.first_unit(l) + i);
    for (std::size_t k = 0; k < map.terms; ++k) {
      const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
      if (from < 0) continue;
      const double weight = map.weights(Eigen::Index(row), Eigen::Index(k));
      const std::size_t source = layout_.first_unit(l - 1) +
                                 selected(before.of_units, std::size_t(from), states_.x, layout_.first_unit(l - 1));
      if (steep != 0) entries.emplace_back(unit, int(source), -steep * weight);
      curved.emplace_back(unit, int(source), weight);
    }
  }

  const Network& network_;
  Layout layout_;
  States states_, trial_;
  std::size_t hidden_;
  Field driven_, pull_, strain_, back_;
  double residual_ = 0;
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
    out.residual = std::max(out.residual, minimiser.residual());
    out.iterations = std::max(out.iterations, minimiser.iterations());
  }
  return out;
}

std::vector<LayerGradient> stress_gradient(const Network& network, const SignalBlock& inputs,
                                           const SignalBlock& units) {
  const Evaluation at = evaluate(network, inputs, units);
  const double share = 1.0 / double(inputs.samples());
  std::vector<LayerGradient> out;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Layer& layer = network.layers[l];
    const linear::LinearMap& map = layer.map;
    LayerGradient gradient{linear::RowMatrix::Zero(map.weights.rows(), map.weights.cols()),
                           std::vector<double>(map.bias.size(), 0.0)};
    for (std::size_t s = 0; s < inputs.samples(); ++s) {
      std::vector<double> delivered(map.inputs);
      for (std::size_t k = 0; k < map.inputs; ++k)
        delivered[k] = l == 0 ? inputs.row(k)[s] : delivered_by(network, l - 1, units, k, s);
      for (std::size_t i = 0; i < layer.units(); ++i) {
        const std::size_t chosen = layer.of_arguments.window ? argument_of(layer, delivered, i) : i;
        const std::size_t row = chosen / map.positions, p = chosen % map.positions, g = row / map.outputs;
        const double stress = share * at.stresses.row(network.first_unit(l) + i)[s];
        gradient.bias[row] += stress;
        for (std::size_t k = 0; k < map.terms; ++k) {
          const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
          if (from >= 0) gradient.weights(Eigen::Index(row), Eigen::Index(k)) += stress * delivered[std::size_t(from)];
        }
      }
    }
    out.push_back(std::move(gradient));
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
