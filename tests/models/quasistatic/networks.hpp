// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <cstdint>
#include <vector>

#include "models/quasistatic/network.hpp"
#include "models/support/philox.hpp"

namespace szilard::quasistatic::test {

inline Layer layer(linear::RowMatrix weights, std::vector<double> bias, Activation activation,
                   std::vector<double> stiffness, double friction = 1) {
  Layer out;
  out.map = linear::dense_map("layer", std::move(weights), std::move(bias));
  out.activation = activation;
  out.stiffness = std::move(stiffness);
  out.friction.assign(out.stiffness.size(), friction);
  return out;
}

/// Two inputs, two hidden units, one linear output.
inline Network printed_network(Activation hidden, std::vector<double> kappa = {2, 3}, double kappa_out = 1.5) {
  linear::RowMatrix w1(2, 2), w2(1, 2);
  w1 << .8, -.5, .3, .9;
  w2 << 1.2, -.7;
  return {{layer(w1, {.1, -.2}, hidden, std::move(kappa)), layer(w2, {.05}, Activation::linear, {kappa_out})}};
}

/// Numbers of one test case from its seed.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : random_(seed, 77) {}
  double uniform(double low, double high) { return low + (high - low) * random_.uniform(0, next_++); }
  double gaussian() { return random_.gaussian(1, next_++); }

 private:
  support::RandomStream random_;
  std::uint32_t next_ = 0;
};

inline Network random_network(Draws& draws, const std::vector<std::size_t>& sizes, Activation hidden,
                              Activation last = Activation::linear) {
  Network network;
  for (std::size_t l = 1; l < sizes.size(); ++l) {
    linear::RowMatrix weights = linear::RowMatrix::Zero(Eigen::Index(sizes[l]), Eigen::Index(sizes[l - 1]));
    std::vector<double> bias;
    for (Eigen::Index i = 0; i < weights.size(); ++i)
      weights.data()[i] = draws.gaussian() / std::sqrt(double(sizes[l - 1]));
    std::vector<double> kappa, gamma;
    for (std::size_t i = 0; i < sizes[l]; ++i) {
      bias.push_back(.5 * draws.gaussian());
      kappa.push_back(draws.uniform(.5, 4));
      gamma.push_back(draws.uniform(.5, 2));
    }
    network.layers.push_back(layer(weights, bias, l + 1 < sizes.size() ? hidden : last, kappa));
    network.layers.back().friction = gamma;
  }
  return network;
}

inline support::SignalBlock block(const std::vector<std::vector<double>>& samples) {
  support::SignalBlock out(0, samples.size(), samples[0].size());
  for (std::size_t s = 0; s < samples.size(); ++s)
    for (std::size_t i = 0; i < samples[s].size(); ++i) out.row(i)[s] = samples[s][i];
  return out;
}

inline support::SignalBlock random_block(Draws& draws, std::size_t samples, std::size_t features, double scale = 1) {
  support::SignalBlock out(0, samples, features);
  for (std::size_t i = 0; i < features; ++i)
    for (std::size_t s = 0; s < samples; ++s) out.row(i)[s] = scale * draws.gaussian();
  return out;
}

/// An implementation of Eq. 6 that shares nothing with the module: dense layers, one state.
struct Plain {
  const Network& network;

  static double f(Activation a, double y) {
    return a == Activation::linear ? y
           : a == Activation::relu ? std::max(y, 0.0)
           : a == Activation::tanh ? std::tanh(y)
                                   : 1 / (1 + std::exp(-y));
  }
  static double df(Activation a, double y) {
    const double v = f(a, y);
    return a == Activation::linear ? 1
           : a == Activation::relu ? double(y > 0)
           : a == Activation::tanh ? 1 - v * v
                                   : v * (1 - v);
  }
  Eigen::VectorXd arguments(const Eigen::VectorXd& u, const Eigen::VectorXd& x) const {
    Eigen::VectorXd y(x.size()), in = u;
    Eigen::Index at = 0;
    for (const Layer& l : network.layers) {
      const Eigen::Index n = Eigen::Index(l.units());
      y.segment(at, n) = l.map.weights * in + Eigen::Map<const Eigen::VectorXd>(l.map.bias.data(), n);
      in = x.segment(at, n);
      at += n;
    }
    return y;
  }
  Eigen::VectorXd minimum(const Eigen::VectorXd& u) const {
    Eigen::VectorXd x(Eigen::Index(network.units())), in = u;
    Eigen::Index at = 0;
    for (const Layer& l : network.layers) {
      const Eigen::Index n = Eigen::Index(l.units());
      in = (l.map.weights * in + Eigen::Map<const Eigen::VectorXd>(l.map.bias.data(), n)).eval();
      for (Eigen::Index i = 0; i < n; ++i) in[i] = f(l.activation, in[i]);
      x.segment(at, n) = in;
      at += n;
    }
    return x;
  }
  double energy(const Eigen::VectorXd& u, const Eigen::VectorXd& x) const {
    const Eigen::VectorXd y = arguments(u, x);
    double sum = 0;
    Eigen::Index at = 0;
    for (const Layer& l : network.layers)
      for (double kappa : l.stiffness) {
        sum += kappa / 2 * std::pow(x[at] - f(l.activation, y[at]), 2);
        ++at;
      }
    return sum;
  }
  /// dH/dx and, through the first layer, dH/du.
  void gradient(const Eigen::VectorXd& u, const Eigen::VectorXd& x, Eigen::VectorXd& by_x,
                Eigen::VectorXd& by_u) const {
    const Eigen::VectorXd y = arguments(u, x);
    by_x.setZero(x.size());
    by_u.setZero(u.size());
    Eigen::Index at = 0, before = 0;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      const Layer& here = network.layers[l];
      for (std::size_t i = 0; i < here.units(); ++i, ++at) {
        const double strain = here.stiffness[i] * (x[at] - f(here.activation, y[at]));
        by_x[at] += strain;
        const Eigen::VectorXd row = here.map.weights.row(Eigen::Index(i)).transpose();
        if (l == 0) by_u -= strain * df(here.activation, y[at]) * row;
        else by_x.segment(before, row.size()) -= strain * df(here.activation, y[at]) * row;
      }
      if (l > 0) before += Eigen::Index(network.layers[l - 1].units());
    }
  }
};

inline Eigen::VectorXd column(const support::SignalBlock& block, std::size_t sample) {
  Eigen::VectorXd out(Eigen::Index(block.features()));
  for (std::size_t i = 0; i < block.features(); ++i) out[Eigen::Index(i)] = block.row(i)[sample];
  return out;
}

/// kT times the inverse of d2H/dx2 of a linear network: its covariance.
inline Eigen::MatrixXd linear_covariance(const Network& network, double kT) {
  const Eigen::Index n = Eigen::Index(network.units());
  Eigen::MatrixXd j = Eigen::MatrixXd::Identity(n, n);
  Eigen::VectorXd kappa(n);
  Eigen::Index at = 0, before = 0;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Layer& here = network.layers[l];
    const Eigen::Index m = Eigen::Index(here.units());
    kappa.segment(at, m) = Eigen::Map<const Eigen::VectorXd>(here.stiffness.data(), m);
    if (l > 0) {
      j.block(at, before, m, here.map.weights.cols()) = -here.map.weights;
      before = at;
    }
    at += m;
  }
  return kT * (j.transpose() * kappa.asDiagonal() * j).inverse();
}

constexpr Activation kActivations[] = {Activation::linear, Activation::relu, Activation::tanh, Activation::sigmoid};

}  // namespace szilard::quasistatic::test
