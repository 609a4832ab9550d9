// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/linear/linear_map.hpp"
#include "models/support/philox.hpp"
#include "models/support/signal_block.hpp"

/// A feed-forward network as a physical body (A. V. Tkachenko, "Thermodynamic bounds on energy use in Deep Neural
/// Networks", Eq. 6): one overdamped degree of freedom x_i for each unit,
///   H(x; u) = sum_i kappa_i / 2 (x_i - f_i(y_i))^2,   y = W x' + b
/// with x' what the layer before delivers and u, the inputs, held from outside. H is zero at the feed-forward state and
/// nowhere else. The map x -> x - f(y) is triangular with unit Jacobian, so the partition function is that of free
/// springs at every temperature and for every f, Z = prod sqrt(2 pi kT / kappa_i): residuals x_i - f(y_i) are
/// independent Gaussians of variance kT / kappa_i, and the free energy does not depend on weights, biases and inputs.
///
/// Units: one system throughout. Energies and kT share a unit, x has none, stiffness is that energy, friction energy
/// times time; a time is in the unit of friction / stiffness. Weights are target x source.
/// Left out: inertia, correlated or coloured noise, friction between units, the cost of whatever holds the inputs.
namespace szilard::quasistatic {

enum class Activation { linear, relu, tanh, sigmoid };

/// Takes the largest of each window: a constraint without mass or spring, output i is the largest of the inputs
/// indices[i window .. (i+1) window - 1]. At a tie the first one is taken. window 0: nothing to do.
struct Selection {
  std::size_t window = 0;
  std::vector<std::int32_t> indices;

  std::size_t outputs() const { return window ? indices.size() / window : 0; }
};

struct Layer {
  linear::LinearMap map;   ///< of what the layer before delivers
  Selection of_arguments;  ///< between map and activation
  Activation activation = Activation::linear;
  Selection of_units;             ///< what the next layer sees of the units
  std::vector<double> stiffness;  ///< kappa, one a unit
  std::vector<double> friction;   ///< gamma, one a unit

  std::size_t units() const { return of_arguments.window ? of_arguments.outputs() : map.total_outputs(); }
  std::size_t delivered() const { return of_units.window ? of_units.outputs() : units(); }
};

/// Layers in order. Units are numbered through, the first layer's first.
struct Network {
  std::vector<Layer> layers;

  std::size_t inputs() const { return layers.front().map.inputs; }
  std::size_t units() const;
  std::size_t first_unit(std::size_t layer) const;
  bool is_linear() const;  ///< no activation but linear, no selection
  /// Throws std::invalid_argument naming layer and unit: sizes that do not fit, stiffness or friction not positive and
  /// finite, weights or biases not finite.
  void check() const;
};

/// The minimum of H: every unit where its argument wants it. Returns all units.
support::SignalBlock feed_forward(const Network& network, const support::SignalBlock& inputs);

/// An exact draw from exp(-H / kT), layer by layer (residuals are independent). Sample s of the block is drawn with
/// number `first + s` of the stream.
support::SignalBlock draw_equilibrium(const Network& network, const support::SignalBlock& inputs, double kT,
                                      const support::RandomStream& random, std::uint64_t first);

/// Everything that H says about given states, for checks and small nets; the dynamics have their own buffers.
struct Evaluation {
  support::SignalBlock arguments;  ///< y
  support::SignalBlock stresses;   ///< sigma_i = dH/db_i = kappa_i (f(y_i) - x_i) f'(y_i) (Eq. 8)
  support::SignalBlock
      forces;                  ///< -dH/dx_j = -kappa_j (x_j - f(y_j)) - sum_i w_ij sigma_i, the sum over the next layer
  std::vector<double> energy;  ///< H, one a sample
};
Evaluation evaluate(const Network& network, const support::SignalBlock& inputs, const support::SignalBlock& units);

/// f and f' as the dynamics compute them: tanh and sigmoid by own polynomials (absolute error below 4e-16), so that all
/// instruction sets give the same bits.
double activate(Activation activation, double y);
double slope(Activation activation, double y);

/// What the delivered signals of the last layer are, of all units.
support::SignalBlock outputs(const Network& network, const support::SignalBlock& units);

}  // namespace szilard::quasistatic
