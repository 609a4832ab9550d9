// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sim/scenario/own_parts.hpp>

namespace own {

/// `neuron: {model: ramped_latch}`: a latch node that a supply ramp sets and a switch resets.
///
/// Law. Ramped in T, the path R loses (R C / T) C V^2 and the node stores C V^2 / 2; the reset shorts the node and
/// loses what it stored. So a cycle at state 1 costs C V^2 (1/2 + R C / T), half a usual latch's at most.
/// Validity: T >= 5 R C. Left out: leakage, what the ramp's generator loses.
/// Source: Athas et al., IEEE Trans. VLSI Syst. 2, 398 (1994), DOI 10.1109/92.335009, for the ramp's loss.
szilard::scenario::OwnNeuron ramped_latch();

}  // namespace own
