// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace szilard::gate_level {

/// Energy of the same logic in another technology, a separate step whose result is an estimate and labelled so.
///
///     E_to / E_from = f_to(V_to) / f_from(V_from),   f(V) = a2 V^2 + a1 V + a0
///
/// V supply voltage [V]; a2, a1, a0 fitted to HSpice runs of inverters driving four of their kind on PTM and ITRS
/// models, at the nodes below (high performance from 45 nm on). Valid for switched energy, 180 to 7 nm; leakage, wires
/// and what a designer would change are left out, and so are nodes above 180 nm.
/// Source: A. Stillmaker and B. Baas, Scaling equations for the accurate prediction of CMOS device performance from 180
/// nm to 7 nm, Integration 58, 74-81 (2017), DOI 10.1016/j.vlsi.2017.02.002, Table 5; the coefficients as nodeScale
/// (NanoCAD, UCLA) lists them, those of 65 and 32 nm also in the authors' own correction of their example. Voltages are
/// our choice: nominal ones.
struct TechnologyNode {
  int nanometres = 0;
  double voltage_v = 0;  ///< nominal
  double a2 = 0, a1 = 0, a0 = 0;

  double relative_energy(double voltage) const { return (a2 * voltage + a1) * voltage + a0; }
};

const std::vector<TechnologyNode>& technology_nodes();
/// Null where the source has no such node.
const TechnologyNode* find_node(int nanometres);
/// Throws std::invalid_argument for a node that the source does not have.
double energy_ratio(int from_nanometres, double from_v, int to_nanometres, double to_v);

}  // namespace szilard::gate_level
