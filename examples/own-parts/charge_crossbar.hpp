// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sim/scenario/own_parts.hpp>

namespace own {

/// `linear: {model: charge_crossbar}`: weights as capacitances, products as charge.
///
/// Law. A weight w is a pair of capacitors, C+ - C- = C_max w / w_max, the one that is not needed left at 0. Row k
/// stands at V_k = V x_k / x_full; column o gathers Q_o = sum_k (C+ - C-) V_k, read as y_o = Q_o w_max x_full / (C_max
/// V) + bias.
/// Charging a capacitor to V_k takes C V_k^2 from the driver, half of it lost on the way; discharging it loses the
/// other half: each product costs (C+ + C-) V_k^2.
/// Symbols: C capacitance [F], V row voltage of full scale [V], w_max the layer's largest weight, x_full its largest
/// input.
/// Mismatch: each capacitor is off by mismatch sqrt(C_max / C) z of its value (Pelgrom: area is capacitance), drawn
/// once.
/// Validity: lines settle within cycle_time. Left out: kT/C noise, wires, the amplifiers' energy.
/// Source: textbook electrostatics; mismatch: Pelgrom et al., IEEE J. Solid-State Circuits 24, 1433 (1989),
/// DOI 10.1109/JSSC.1989.572629.
szilard::scenario::OwnMedium charge_crossbar();

}  // namespace own
