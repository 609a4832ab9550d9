// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/electronic/wires/wire_network.hpp"
#include "models/electronic/wires/wire_system.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::wires {

/// What a WireNetwork holds. Internal to this folder.
class WireNetwork::Implementation {
 public:
  Implementation(std::size_t rows, std::size_t columns, const double* conductances_s, const WireParameters& wires)
      : system(rows, columns, conductances_s, wires) {}

  /// Puts one sample's voltages into `sources`, scaled; returns the scale.
  double load_sources(const double* voltages_v);

  WireSystem system;
  support::AlignedVector<double> sources;
};

void check_options(const SolveOptions& options);
double largest_voltage(const double* voltages_v, std::size_t count);
Solution empty_solution(const WireGrid& grid, std::size_t samples, const SolveOptions& options);
/// Terminal currents after WireSystem::finish; where nothing lies between the cells and a terminal, the sum of the
/// cells.
void exact_column_currents(const WireSystem& system, double* out_a);
void exact_row_currents(const WireSystem& system, double* out_a);
/// Takes the solved and finished system into the solution; `scale` is undone.
void record_sample(const WireSystem& system, const double* v, double scale, std::size_t sample, Solution& solution);

}  // namespace szilard::wires
