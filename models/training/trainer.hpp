// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/quasistatic/network.hpp"

/// Training by physics alone (A. V. Tkachenko, "Thermodynamic bounds on energy use in Deep Neural Networks", Eqs. 8
/// to 16). Inputs and outputs of a quasi-static network (quasistatic/network.hpp) are clamped to entry after entry of a
/// data set. The neurons relax, the network stays strained, and its parameters give way to the stress,
///   d theta_k = -mu dF/d theta_k dt + sqrt(2 kT mu) dB                                         (Eqs. 11, 12)
/// with -dH/dw_ij = strain_i x_j, strain_i = -sigma_i = -kappa_i (f(y_i) - x_i) f'(y_i) of the relaxed neurons (Eqs. 8,
/// 9): found by relaxation, never by differentiating a loss. An entry stays for `exposure`; what a batch averages in
/// software, slowly moving parameters average here.
///   relaxed    the neurons' time is short against the exposure's: they follow the minimum of H, kT = 0. Parameters by
///              Heun's method, an exposure cut until the force changes by at most 5 % a step.
///   langevin   neurons of friction gamma and temperature kT, parameters moving with them; Heun's method on both at a
///              tenth of the fastest relaxation time.
/// Both heats are line integrals of the forces on neurons and parameters along their own moves (move.hpp), in either
/// mode; neurons that follow the minimum give off what a step's straight line leaves it by, of third order in the step.
/// Outputs are clamped hard, which weighs samples by the springs' series stiffness (H_min = e' Sigma^-1 e / 2), or
/// nudged: free outputs are drawn to the target by a spring `nudge` -> 0, and the stress becomes the gradient of the
/// squared error exactly (B. Scellier and Y. Bengio, Front. Comput. Neurosci. 11, 24 (2017), DOI
/// 10.3389/fncom.2017.00024). The free machine has no stress at its minimum, so one phase is enough.
///
/// Ledger: work of the clamps = heat of parameters + heat of neurons + change of H, each measured by itself, to 1e-9.
/// Eq. 15 counts the parameters' heat alone; a jump of the clamps costs the neurons more, a slow switch less.
/// Units: one system throughout, as in network.hpp; mobility 1 / (energy x time). Left out: friction between
/// parameters, bounds of their range, correlated noise, the cost of holding and choosing entries.
namespace szilard::training {

enum class Order { independent, reshuffled, cyclic };

/// Entries in rows, one after another.
struct Entries {
  std::size_t count = 0, inputs = 0, outputs = 0;
  std::vector<double> input, target;

  const double* input_of(std::size_t entry) const { return input.data() + entry * inputs; }
  const double* target_of(std::size_t entry) const { return target.data() + entry * outputs; }
};

struct TrainingRequest {
  Order order = Order::independent;
  std::uint64_t presentations = 0;  ///< below 2^36
  std::uint64_t measure_from = 0;   ///< presentations before stationary figures are taken
  std::size_t machines = 1;         ///< at most 256
  double exposure = 1, mobility = 1, switch_time = 0;
  double final_mobility = 1;  ///< the mobility falls geometrically to this share at the last presentation
  double nudge = 0;           ///< stiffness of the springs at the outputs; 0: clamped hard
  bool biases = true;         ///< they are trained as the weights are
  bool langevin = false;
  double kT_parameters = 0, kT_neurons = 0;
  bool random_start = true;  ///< else all machines begin as the network is
  std::uint64_t seed = 1;
};

/// One machine from its start, or between two points of it; energies in the request's unit.
struct MachineLedger {
  double supplied = 0, parameters = 0, neurons = 0, stored = 0;
  double strain_energy = 0;  ///< sum over presentations of H, neurons settled, before the parameters move
};

/// Of the presentations from measure_from on, one machine.
struct Stationary {
  std::uint64_t presentations = 0;
  MachineLedger ledger;
  double force_square = 0;          ///< mean of |dF/d theta|^2 over presentations
  double force_variance = 0;        ///< sum over parameters of the variance of dF/d theta_k
  double least_force_variance = 0;  ///< smallest of them, of parameters that are trained
  std::vector<double>
      mean;  ///< of every parameter, in the order layer by layer, weights (row by row) before biases; a fixed bias is
             ///< its own mean
  double parameter_variance = 0;  ///< sum over parameters of the variance over time
};

/// Machines trained side by side, one presentation at a time. Entries, start and noise are functions of (seed, machine,
/// presentation): what a machine does depends neither on how many there are nor on where a training was interrupted.
class Trainer {
 public:
  /// Throws std::invalid_argument: sizes that do not fit, numbers not finite, a network that is no chain of dense
  /// layers.
  Trainer(const quasistatic::Network& network, const Entries& entries, const TrainingRequest& request);
  ~Trainer();

  std::uint64_t presented() const;
  bool done() const;
  /// One more entry for every machine. Throws std::invalid_argument where a step is unstable.
  void advance();
  /// One machine as a network.
  quasistatic::Network machine(std::size_t m) const;
  /// Its network with the mean parameters of the stationary part.
  quasistatic::Network mean_machine(std::size_t m) const;
  MachineLedger ledger(std::size_t m) const;
  Stationary stationary(std::size_t m) const;
  std::size_t parameters() const;  ///< that are trained
  std::uint64_t steps() const;     ///< of parameters, all machines

  /// All that a later process needs to go on, byte for byte.
  std::vector<double> save() const;
  void load(const std::vector<double>& saved);

 private:
  class Blocks;
  std::unique_ptr<Blocks> blocks_;
};

/// Entry that a machine sees at a presentation.
class Sequence {
 public:
  Sequence(Order order, std::size_t entries, std::uint64_t seed, std::size_t machine);
  std::size_t at(std::uint64_t presentation);

 private:
  Order order_;
  std::size_t entries_;
  std::uint64_t seed_, pass_ = ~std::uint64_t(0);
  std::size_t machine_;
  std::vector<std::uint32_t> shuffled_;
};

/// The network with Gaussian weights of variance 2 / inputs (ReLU) or 1 / inputs, and no bias: machine m's start.
quasistatic::Network random_start(quasistatic::Network network, std::uint64_t seed, std::size_t machine);

/// Mobility's share at a presentation.
double mobility_share(const TrainingRequest& request, std::uint64_t presentation);

/// Mean over entries of sum_o kappa_o / 2 (x_o - target_o)^2 of the free network, and the share whose largest output is
/// the largest target's.
struct Quality {
  double loss = 0, accuracy = 0;
};
Quality quality(const quasistatic::Network& network, const Entries& entries);

}  // namespace szilard::training
