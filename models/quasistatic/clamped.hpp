// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/quasistatic/network.hpp"

namespace szilard::quasistatic {

/// What training holds still: inputs and outputs clamped, the units between them relaxed to the minimum of H at kT = 0
/// (v2, around Eqs. 8 to 10). There H_min > 0 where the network does not map input to target, and every unit's spring
/// is strained. Where f is smooth at the arguments found, the stresses obey Eq. 10, sigma_i = f'(y_i) sum_j w_ij
/// sigma_j, at hidden units. A minimum may lie on the kink of a ReLU whose unit is held below zero, and often does where
/// hidden units are soft or targets negative: there f' is any number from 0 to 1, and the stress is the one between 0
/// and kappa |x| that holds the argument at zero; dH_min/db is still sigma.
struct ClampedState {
  support::SignalBlock units;  ///< with the outputs at their targets
  std::vector<double> energy;  ///< H_min, one a sample
  struct Kink {
    std::size_t sample = 0, unit = 0;
    double stress = 0;
  };
  std::vector<Kink> kinks;     ///< units whose argument is held at the kink of their ReLU
  double residual = 0;         ///< largest force left on a hidden unit, relative to the largest pull in its sample
  std::size_t iterations = 0;  ///< most of any sample
};

/// Relaxes by damped Newton steps on the forces (the curvature of H is block-tridiagonal, factorised sparsely), from
/// the feed-forward state: the minimum that overdamped units slide into where there is one only. Where they stall at
/// kinks of ReLUs, those are rounded off less and less, then held. Ties of a pool's maximum are kinks too and are not
/// looked for: `residual` tells. Throws
/// std::invalid_argument where the last layer's units pass a selection, or sizes do not fit.
ClampedState relax_clamped(const Network& network, const support::SignalBlock& inputs,
                           const support::SignalBlock& targets);

struct LayerGradient {
  linear::RowMatrix weights;  ///< target x source, as LinearMap::weights
  std::vector<double> bias;
};

/// Eqs. 8 and 9: dH/db_i = sigma_i, dH/dw_ij = sigma_i x_j at the given state, mean over samples.
std::vector<LayerGradient> stress_gradient(const Network& network, const support::SignalBlock& inputs,
                                           const ClampedState& state);

/// The digital way: forward pass and error back-propagation of the loss sum_o kappa_o / 2 (x_o - target_o)^2 over the
/// feed-forward outputs, mean over samples. Plain loops that share nothing with the physics, and count their own
/// multiplications and additions.
struct Backpropagation {
  std::vector<LayerGradient> gradient;
  double loss = 0;
  std::uint64_t operations =
      0;  ///< of weights' products: 2 a weight and position forward, 4 back (2 in the first layer)
};
Backpropagation backpropagate(const Network& network, const support::SignalBlock& inputs,
                              const support::SignalBlock& targets);

/// |a - b| / |b| over all weights; 0 where both are zero.
double relative_deviation(const std::vector<LayerGradient>& a, const std::vector<LayerGradient>& b);

/// The network with every hidden stiffness set to `ratio` times the mean stiffness of the output units.
Network with_stiffness_ratio(Network network, double ratio);

}  // namespace szilard::quasistatic
