// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/energy/energy_sink.hpp"
#include "models/support/parameter.hpp"

namespace szilard::neuron {

/// Energy of one event of a neuron's bit, by fate. For every event supplied = dissipated + stored.
struct EventEnergy {
  energy::Quanta supplied, dissipated, stored;
};

/// One reset whose energy and outcome chance decides. work = supplied.
struct DrawnReset {
  EventEnergy energy;
  bool failed = false;  ///< ended in state 1
};

/// Work of a reset in the mean over its calibration ensemble.
struct CalibratedWork {
  double mean_j = 0, standard_error_j = 0;
  std::size_t ensemble = 0;  ///< errors of one ensemble are shared by all who draw from it
};

/// What the floor of a reset in finite time adds to kT [h(p) - h(e)].
struct FiniteTimeFloor {
  double states_j = 0;    ///< by which the states' own free energies differ, before and after; may be negative
  double duration_j = 0;  ///< what the duration costs, each state in equilibrium with itself at the end
  double any_end_j = 0;   ///< what it costs however the end lies within its states; convex in (p, e), not rising with e
};

/// Physics of setting and resetting the bit of one neuron. Implementations are values: the same for any block size.
class ResetPhysics {
 public:
  virtual ~ResetPhysics() = default;
  virtual std::string name() const = 0;
  /// Cost of 0 -> 1 on neuron i.
  virtual EventEnergy set(std::size_t neuron) const = 0;
  /// Cost of bringing neuron i to 0 at the end of a cycle from `state` (policy every_cycle: also from 0).
  virtual EventEnergy reset(std::size_t neuron, bool state) const = 0;
  /// Cost of a change of state under policy on_change, 1 -> 0 or 0 -> 1.
  virtual EventEnergy change(std::size_t neuron, bool from) const = 0;
  /// Cost of a state that changes by itself between set and reset: none where both states have one energy.
  virtual EventEnergy flip(std::size_t /*neuron*/, bool /*from*/) const { return {}; }
  virtual std::int64_t reset_duration_ps() const = 0;
  /// From the decision to a state that can be read.
  virtual std::int64_t set_duration_ps() const { return 0; }
  virtual energy::Origin origin() const = 0;
  /// How many neurons it was made for; 0: any number.
  virtual std::size_t neurons() const { return 0; }
  /// Whether a change 0 -> 1 under on_change erases the old bit, so that its cost is booked as neuron_reset too.
  virtual bool change_to_one_erases() const { return false; }

  /// Whether every reset is drawn for itself with draw(); reset() then gives means, and there is no change().
  virtual bool is_drawn() const { return false; }
  /// Resets of `count` samples from `states` ([sample][neuron], as the cycle ended): a function of (seed, stream,
  /// sample, neuron, state) alone. Only where is_drawn(); else std::logic_error.
  virtual void draw(std::uint64_t first_sample, std::size_t count, const std::uint8_t* states, DrawnReset* out) const;
  /// Only where is_drawn(). Standard error 0 where the mean is a formula or a cited figure.
  virtual CalibratedWork calibrated_work(std::size_t neuron, bool state) const;
  /// Whether draw() uses that ensemble, so that its error is one of the run's.
  virtual bool draws_from_calibration() const { return false; }

  /// Where the reset takes a time of its own: for occupations p and e of state 1 as it begins and ends, in [0, 1].
  virtual std::optional<FiniteTimeFloor> finite_time_floor(double /*p*/, double /*e*/) const { return std::nullopt; }

  /// Whether a set whose input still stands can be run backwards at no cost (policy uncompute).
  virtual bool is_reversible() const { return false; }

  virtual std::string law() const = 0;
  virtual std::vector<energy::Coefficient> coefficients() const = 0;
};

/// Reset at the thermodynamic limit for a protocol that takes the activation probability of neuron i to be q_i:
/// from state 1 it costs -kT ln q_i, from state 0 -kT ln(1 - q_i); the mean is kT [h(p_i) + KL(p_i || q_i)]. Setting
/// costs nothing. `blind` is q_i = 1/2 (kT ln2 from either state). Under on_change each change costs kT ln2 (v1, Eq.
/// 4), in either direction an erasure of the old bit. What is supplied is dissipated in the same event; quasi-static,
/// so it takes no time of the model. q_i in (0, 1), temperature > 0; else std::invalid_argument. Source: v2 Eq. 5;
/// cross-entropy form: Kolchinsky and Wolpert, J. Stat. Mech. 2017, 083202.
std::unique_ptr<ResetPhysics> make_landauer_ideal(std::vector<double> q, double temperature_k);

/// A CMOS latch: setting draws C V^2 from the supply, half dissipated in the charging path, half stored on the node;
/// resetting dissipates the stored half. Under every_cycle a neuron at 0 pays nothing. A node that loses its state by
/// itself dissipates what it stored, one that gains it draws C V^2. Valid for full-swing nodes; crowbar current and
/// leakage are left out. Values outside the ranges below throw std::invalid_argument.
struct CmosLatch {
  support::Parameter supply_v;       ///< [V] > 0
  support::Parameter capacitance_f;  ///< [F] > 0, latch node with wires
  support::Parameter reset_time_s;   ///< [s] > 0
};
std::unique_ptr<ResetPhysics> make_cmos_latch(const CmosLatch& latch);

}  // namespace szilard::neuron
