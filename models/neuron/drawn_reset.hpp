// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/neuron/reset.hpp"
#include "models/neuron/reset_physics/device_events.hpp"
#include "models/neuron/reset_physics/potential.hpp"
#include "models/support/parameter.hpp"

namespace szilard::neuron {

/// Seeds the draws of one bank: stream_of(STREAM_NAME/reset) and stream_of(STREAM_NAME/reset_calibration).
struct DrawSeed {
  std::uint64_t seed = 0;
  std::string stream_name;
};

/// Resets that are simulated on paths, in finite time, at kT (models/neuron/reset_physics: TwoLevelReset,
/// DoubleWellReset). Neuron i's protocol is built for the activation probability q_i: two_level starts at the gap of
/// equilibrium ln((1 - q)/q) and ramps to `tilt`; double_well starts at the tilt at which its left well has the
/// occupation q, lowers the barrier, tilts on to `tilt`, raises the barrier and untilts, or follows `schedule`. Setting
/// costs nothing.
/// Supplied is the work (sum of dH at fixed state), dissipated the heat (booked where the state moves), stored the
/// change of the particle's energy within its well; none is computed from another. The mean over cycles obeys
///   work >= kT [h(p) - h(e)],   p and e the occupations of state 1 as the reset begins and ends,
/// because a reset that may fail does not erase all of the bit.
///   Live: every reset is simulated. Otherwise it is drawn from an ensemble of `calibration_paths` that was simulated
///   for each
/// start state and each distinct q: (work, heat, stored, end) of one path. Both are functions of (seed, sample, neuron,
/// state). Left out: relaxation within the well from one cycle to the next (each reset starts in equilibrium within its
/// well; what was stored then is not booked again), the cost of the drive.
struct SimulatedReset {
  enum class Model { two_level, double_well } model = Model::two_level;
  double temperature_k = 0;
  std::vector<double> q;            ///< in (0, 1), one a neuron
  support::Parameter relaxation_s;  ///< 1/G of the two levels, a^2/D of the well, > 0
  support::Parameter duration_s;    ///< of a reset, > 0
  support::Parameter barrier_j;     ///< double_well: > 0
  support::Parameter tilt_j;        ///< gap at the ramp's end, or tilt between the wells, >= 0
  /// double_well: a protocol of the user's own, in kT, instead of barrier and tilt; the same for every q.
  std::optional<reset_physics::Schedule> schedule;
  double divide = 0;  ///< of the schedule: state 1 lies left of it
  bool live = false;
  std::size_t calibration_paths = 4096;  ///< a start state, >= 2
};
/// Throws std::invalid_argument naming what is wrong. Live double wells share one q, or a schedule.
std::unique_ptr<ResetPhysics> make_simulated_reset(SimulatedReset reset, const DrawSeed& seed);

/// The least any protocol may cost that takes an overdamped particle in a double well of known q_i to the error e in
/// finite time (reset_physics::TransportFloor): -kT ln q from state 1, -kT ln(1 - q) from state 0, and on either kT
/// [W2^2 / duration - h(e)], W2 that of q whatever the states that are found. A formula, not a simulated protocol; ends
/// in state 1 with probability e, whatever the start.
struct TransportReset {
  double temperature_k = 0;
  std::vector<double> q;            ///< in (0, 1), one a neuron
  support::Parameter relaxation_s;  ///< a^2/D, > 0
  support::Parameter duration_s;    ///< > 0
  support::Parameter barrier_j;     ///< of the well before and after, > 0
  support::Parameter error;         ///< in [0, 1)
};
std::unique_ptr<ResetPhysics> make_optimal_transport_reset(TransportReset reset, const DrawSeed& seed);

/// Cited figures of a device: a set and a reset from state 1 cost and take what was measured, all of it dissipated; a
/// reset from state 0 is none. The reset fails with the device's error probability; failures of the set belong to the
/// threshold's noise.
std::unique_ptr<ResetPhysics> make_device_reset(reset_physics::DeviceReset device, std::size_t neurons,
                                                const DrawSeed& seed);

}  // namespace szilard::neuron
