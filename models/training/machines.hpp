// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/quasistatic/network.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/training/lane_kernels.hpp"

namespace szilard::training {

using Numbers = support::AlignedVector<double>;

/// Sizes and springs that all machines share: a chain of dense layers.
struct Shape {
  struct Layer {
    std::size_t inputs = 0, outputs = 0;
    quasistatic::Activation activation = quasistatic::Activation::linear;
    std::vector<double> stiffness, friction;
  };
  std::vector<Layer> layers;

  /// Throws std::invalid_argument naming the layer where a network is not of dense layers that read the layer before in
  /// order.
  explicit Shape(const quasistatic::Network& network);
  std::size_t inputs() const { return layers.front().inputs; }
  std::size_t outputs() const { return layers.back().outputs; }
  std::size_t units() const;
  std::size_t parameters() const;  ///< weights and biases
};

/// A number for each parameter and lane: layer by layer, weights before biases.
class Parameters {
 public:
  explicit Parameters(const Shape& shape);
  LaneMatrix layer(std::size_t l) const { return matrices_[l]; }
  std::size_t layers() const { return matrices_.size(); }
  std::size_t count() const { return values_.size() / kLanes; }
  Numbers& values() { return values_; }
  const Numbers& values() const { return values_; }
  /// One lane's as a network of `like`'s springs.
  quasistatic::Network network(const quasistatic::Network& like, std::size_t lane) const;
  void set(const quasistatic::Network& network, std::size_t lane);

  Parameters(const Parameters& other);
  Parameters& operator=(const Parameters& other);

 private:
  void point();
  std::vector<LaneMatrix> matrices_;
  Numbers values_;
};

/// Energies that passed in one machine, in kT of the request; closed by supplied = parameters + neurons + stored.
struct Energies {
  double supplied = 0;    ///< work of the clamps
  double parameters = 0;  ///< heat that the parameters gave to their bath
  double neurons = 0;     ///< heat that the neurons gave to theirs
  double stored = 0;      ///< change of H
};

struct MachineOptions {
  double exposure = 1;     ///< time for which an entry stays
  double mobility = 1;     ///< of every parameter, 1 / (energy x time)
  double switch_time = 0;  ///< in which the clamps move; 0: a jump
  double nudge = 0;        ///< stiffness of the springs that draw the outputs to their targets; 0: clamped hard
  bool biases = true;      ///< they give way as the weights do
  bool langevin = false;   ///< neurons move in time and fluctuate; else they follow the minimum
  double kT_parameters = 0, kT_neurons = 0;
  std::uint64_t seed = 1;
};

/// Eight machines side by side: the same springs, parameters, entries and random numbers of their own. What one does is
/// independent of the others beside it.
class Machines {
 public:
  Machines(const Shape& shape, const MachineOptions& options, std::uint64_t first_machine);

  Parameters& parameters() { return theta_; }
  const Parameters& parameters() const { return theta_; }
  /// Clamps at an entry for each lane without a ledger entry, neurons at the minimum: the start.
  void begin(const double* const* inputs, const double* const* targets);
  /// Moves the clamps to the next entries, and lets the parameters give way for one exposure. `share`: of the mobility.
  void present(std::uint64_t presentation, const double* const* inputs, const double* const* targets, double share);
  /// Inputs clamped, outputs free and not drawn anywhere: the machine in use, with parameters that may still move.
  void use(std::uint64_t presentation, const double* const* inputs, double share);

  /// H of each lane, springs of the nudge included.
  void energy(double* out) const;
  /// Stresses and what they act on at the last entry's start, -dF/dw = strain x signal.
  const double* signal(std::size_t layer) const { return settled_.signal.data() + signal_at_[layer]; }
  const double* strain(std::size_t layer) const { return settled_.strain.data() + unit_at_[layer]; }
  /// H after the neurons have settled at the last entry, before the parameters moved.
  const double* settled_energy() const { return settled_energy_.data(); }
  const Energies& energies(std::size_t lane) const { return energies_[lane]; }
  std::uint64_t steps() const { return steps_; }  ///< that all lanes together took

  /// What must be kept to go on later, byte for byte.
  void save(std::vector<double>& out) const;
  void load(const std::vector<double>& in, std::size_t& at);

 private:
  struct State {
    Numbers x, y;
  };
  /// Stresses of all units, -dH/dy, and the signals that each layer reads: together the force on every parameter.
  struct Force {
    Numbers strain, signal;
  };
  using Lanes = std::array<double, kLanes>;

  void read_entry(const double* const* inputs, const double* const* targets, Numbers& u, Numbers& t) const;
  const double* signal_of(const State& state, std::size_t l) const;
  void set_arguments(State& state, bool first_layer_too) const;
  void set_forces(const State& state);
  void keep_force(const State& state, Force& out) const;
  void add_energy(double sign, double Energies::*entry);
  std::size_t free_numbers() const { return outputs_free_ ? unit_numbers_ : unit_at_.back(); }

  void move_clamps(const Numbers& inputs, const Numbers& targets);
  void follow_clamps(std::uint64_t presentation, double share, const Numbers& inputs, const Numbers& targets);
  void set_curvatures();
  void relax(bool in_ledger);
  void add_neuron_heat(const State& from, const State& to);
  void step_without_noise(const Lanes& dt);

  Lanes change_of_force(double share, double part);
  std::array<std::uint32_t, kLanes> parts_of_exposure(double share);
  [[noreturn]] void refuse_exposure(double share, std::size_t lane);
  void relaxed_exposure(std::uint64_t presentation, double share);
  void langevin(std::uint64_t presentation, std::uint64_t step, double time, double share);
  void langevin_step(std::uint64_t presentation, std::uint64_t step, const Lanes& dt, double share);
  void add_joint_heat(const State& from, const State& to, const Numbers& moves, const Numbers& moves_after);
  void draw_parameter_kicks(std::uint64_t presentation, std::uint64_t step);
  void add_to_parameters(const Lanes& rate, const Force& force);
  /// A layer of parameters without the biases where these are fixed.
  LaneMatrix moving(const Parameters& parameters, std::size_t l) const;
  /// How far the last change of the parameters, rate (a + b) + kick Z, moves each argument at given signals.
  void set_moves(const Lanes& rate, const Force& a, const Force& b, const Lanes& kick, const Numbers& signal,
                 Numbers& moves);

  Shape shape_;
  MachineOptions options_;
  std::uint64_t first_machine_;
  bool outputs_free_, targets_drawn_;
  std::vector<std::size_t> unit_at_, signal_at_;  ///< where layers begin, in numbers
  std::size_t unit_numbers_ = 0, signal_numbers_ = 0;
  Parameters theta_, before_, kick_;
  Numbers inputs_, targets_;
  State state_, trial_, earlier_;
  Numbers pull_, strain_, back_, half_, curvature_, sums_, kicks_;
  Force settled_, now_, predicted_, end_;
  Numbers moves_, moves_after_, through_kick_;
  Numbers settled_energy_;
  std::vector<Energies> energies_;
  std::uint64_t steps_ = 0;
};

}  // namespace szilard::training
