// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/electronic/wires/wire_system.hpp"

namespace szilard::wires {

/// What one solved sample yields. Internal to this folder.
struct SampleBooks {
  Power power;
  double residual = 0;  ///< relative to the largest branch current
};

/// Currents at the terminals, from the voltages beside them; both ends summed.
void row_currents(const WireSystem& system, double* out_a);
void column_currents(const WireSystem& system, double* out_a);
/// Sums over the elements after WireSystem::finish. row_a and column_a are the terminal currents.
SampleBooks make_books(const WireSystem& system, const double* v, const double* row_a, const double* column_a);

}  // namespace szilard::wires
