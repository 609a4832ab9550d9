// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"

namespace szilard::electronic {

/// One charging of a word line and its way back, in shares of C V^2. Internal to this folder.
///
/// Laws. supplied is sum u dq at the source on the way up, lost_up and lost_down what the line's resistance takes,
/// recovered what the source takes back; supplied = lost_up + lost_down + recovered, each had by itself:
///   step       1, 1/2, 1/2, 0
///   staircase  (n + 1) / (2 n), 1 / (2 n), 1 / (2 n), (n - 1) / (2 n)
///   ramp       1/2 + F, F, F, 1/2 - F with F = sum_m a_m f(tau_m / T), f(z) = z (1 - z (1 - e^(-1/z))):
///              z where the ramp is slow against the line, 1/2 where it is fast.
/// a_m and tau_m are weights and time constants of the line as a ladder: driver resistance and one segment before each
/// of its equal capacitances, with drive from both ends likewise behind the last. The source returns the share
/// `recovery` of what it takes back; the rest is lost on the way down.
///
/// The cells conduct all the while: intermediate voltages heat them as V^2 would in standing_s more seconds of reading,
/// 2 T / 3 for a ramp up and down. What slow charging saves on the line it pays in the cells (docs/physics.md, D30).
///
/// Left out: losses of the ramp or staircase generator beyond `recovery`, the cells' part in the line's time constants.
/// Sources: L. J. Svensson, J. G. Koller, IEEE Symposium on Low Power Electronics, 100 (1994) (staircase); W. C. Athas
/// et al., IEEE Trans. VLSI Systems 2, 398 (1994), DOI 10.1109/92.335009 (ramp).
struct LineCharging {
  double supplied = 1, lost_up = 0.5, lost_down = 0.5, recovered = 0;
  double standing_s = 0;
  double settling_s = 0;  ///< of each step
  double delay_s = 0;     ///< until the line stands at V, beyond its settling
  std::string supply_law, loss_law, recovery_law;
};

LineCharging line_charging(const CrossbarParameters& parameters, double settling_s);

/// Time constants of a word line of `columns` crossings as a ladder, with weights that sum to 1: sum_m weight_m
/// g(tau_m) is the mean over the line's capacitances of g for a voltage that starts alike on all of them, for smooth g.
struct LineMode {
  double weight = 0, time_constant_s = 0;
};
std::vector<LineMode> line_modes(std::size_t columns, double capacitance_per_cell_f, const WireOptions& wires);

}  // namespace szilard::electronic
