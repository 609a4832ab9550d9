// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/stability.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "models/quasistatic/exact_relaxation.hpp"
#include "models/support/units.hpp"

namespace szilard::quasistatic {
namespace {

constexpr int kPowerSteps = 60;
constexpr double kPowerMargin = 1.02;  ///< what the power method may still miss
constexpr double kDeviations = 4;      ///< residuals taken into account, in standard deviations

double steepest(Activation activation) { return activation == Activation::sigmoid ? 0.25 : 1; }
/// Largest |f''|: 4 / (3 sqrt 3) of tanh, a eighth of it for the sigmoid.
double most_curved(Activation activation) {
  constexpr double kTanh = 0.76980035891950105;
  return activation == Activation::tanh ? kTanh : activation == Activation::sigmoid ? kTanh / 8 : 0;
}

/// out = diag(left) W diag(right) x, W the map between two layers.
struct Block {
  const Layer &before, &layer;
  std::vector<double> left, right;

  void forward(const std::vector<double>& x, std::vector<double>& out) const {
    const linear::LinearMap& map = layer.map;
    out.assign(map.total_outputs(), 0.0);
    for (std::size_t g = 0; g < map.groups; ++g)
      for (std::size_t p = 0; p < map.positions; ++p)
        for (std::size_t o = 0; o < map.outputs; ++o) {
          double sum = 0;
          for (std::size_t k = 0; k < map.terms; ++k) {
            const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
            if (from >= 0)
              sum += map.weights(Eigen::Index(g * map.outputs + o), Eigen::Index(k)) * right[std::size_t(from)] *
                     x[std::size_t(from)];
          }
          const std::size_t row = (g * map.outputs + o) * map.positions + p;
          out[row] = left[row] * sum;
        }
  }
  void backward(const std::vector<double>& y, std::vector<double>& out) const {
    const linear::LinearMap& map = layer.map;
    out.assign(map.inputs, 0.0);
    for (std::size_t g = 0; g < map.groups; ++g)
      for (std::size_t p = 0; p < map.positions; ++p)
        for (std::size_t o = 0; o < map.outputs; ++o) {
          const std::size_t row = (g * map.outputs + o) * map.positions + p;
          const double scaled = left[row] * y[row];
          for (std::size_t k = 0; k < map.terms; ++k) {
            const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
            if (from >= 0)
              out[std::size_t(from)] +=
                  map.weights(Eigen::Index(g * map.outputs + o), Eigen::Index(k)) * right[std::size_t(from)] * scaled;
          }
        }
  }
  double norm() const {
    const support::RandomStream random(1, support::stream_of("quasistatic/stability"));
    std::vector<double> x(layer.map.inputs), y;
    random.gaussians(0, 0, x.size(), x.data());
    double norm = 0;
    for (int step = 0; step < kPowerSteps; ++step) {
      double length = 0;
      for (double value : x) length += value * value;
      if (length == 0) return 0;
      for (double& value : x) value /= std::sqrt(length);
      forward(x, y);
      double grown = 0;
      for (double value : y) grown += value * value;
      norm = std::sqrt(grown);
      backward(y, x);
    }
    return norm * kPowerMargin;
  }
};

/// For each index of what is selected from: the most that `of` gives to the windows it stands in.
std::vector<double> largest_of_windows(const Selection& selection, std::size_t size, const std::vector<double>& of) {
  if (!selection.window) return of;
  std::vector<double> out(size, 0.0);
  for (std::size_t i = 0; i < selection.indices.size(); ++i) {
    double& at = out[std::size_t(selection.indices[i])];
    at = std::max(at, of[i / selection.window]);
  }
  return out;
}

std::vector<double> largest_in_window(const Selection& selection, const std::vector<double>& of) {
  if (!selection.window) return of;
  std::vector<double> out(selection.outputs(), 0.0);
  for (std::size_t i = 0; i < selection.indices.size(); ++i) {
    double& at = out[i / selection.window];
    at = std::max(at, of[std::size_t(selection.indices[i])]);
  }
  return out;
}

/// The most windows that one number stands in: it may be the largest of all of them.
double most_windows(const Selection& selection, std::size_t size) {
  double most = 1;
  std::vector<double> count(size, 0.0);
  for (std::int32_t index : selection.indices) most = std::max(most, ++count[std::size_t(index)]);
  return most;
}

double bound(const Network& network, double kT) {
  const std::size_t layers = network.layers.size();
  Eigen::MatrixXd norms = Eigen::MatrixXd::Zero(Eigen::Index(layers), Eigen::Index(layers));
  double curved = 0;
  for (std::size_t l = 0; l < layers; ++l) {
    const Layer& layer = network.layers[l];
    double own = 0;
    for (std::size_t i = 0; i < layer.units(); ++i) own = std::max(own, layer.stiffness[i] / layer.friction[i]);
    norms(Eigen::Index(l), Eigen::Index(l)) = std::sqrt(own);
    if (l == 0) continue;
    const Layer& before = network.layers[l - 1];
    std::vector<double> left, softness, right;
    for (double kappa : layer.stiffness) left.push_back(std::sqrt(kappa) * steepest(layer.activation));
    for (double gamma : before.friction) right.push_back(1 / std::sqrt(gamma));
    left = largest_of_windows(layer.of_arguments, layer.map.total_outputs(), left);
    right = largest_in_window(before.of_units, right);
    const double copies =
        most_windows(before.of_units, before.units()) * most_windows(layer.of_arguments, layer.map.total_outputs());
    norms(Eigen::Index(l), Eigen::Index(l) - 1) = Block{before, layer, left, right}.norm() * std::sqrt(copies);
    if (kT == 0 || most_curved(layer.activation) == 0) continue;
    for (double kappa : layer.stiffness)
      softness.push_back(std::sqrt(std::sqrt(kappa * kT) * kDeviations * most_curved(layer.activation)));
    softness = largest_of_windows(layer.of_arguments, layer.map.total_outputs(), softness);
    const double extra = Block{before, layer, softness, right}.norm() * std::sqrt(copies);
    curved = std::max(curved, extra * extra);
  }
  const Eigen::MatrixXd square = norms.transpose() * norms;
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(square, Eigen::EigenvaluesOnly).eigenvalues().maxCoeff() +
         curved;
}

}  // namespace

double stiffest_rate(const Network& network, double kT) {
  network.check();
  if (!network.is_linear() || network.units() > kExactUnits) return bound(network, kT);
  Eigen::VectorXd inverse(network.units());
  Eigen::Index i = 0;
  for (const Layer& layer : network.layers)
    for (double gamma : layer.friction) inverse[i++] = 1 / std::sqrt(gamma);
  const Eigen::MatrixXd a = inverse.asDiagonal() * linear_hessian(network) * inverse.asDiagonal();
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(a, Eigen::EigenvaluesOnly).eigenvalues().maxCoeff();
}

double largest_stable_step(const Network& network, double kT) { return 2 / stiffest_rate(network, kT); }

UnstableStep::UnstableStep(double step, double largest)
    : std::invalid_argument("a step of " + support::shortest(step) + " is unstable; the largest stable one is " +
                            support::shortest(largest)),
      largest_(largest) {}

}  // namespace szilard::quasistatic
