// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/wires/wire_network.hpp"

namespace szilard::electronic {

/// The cells' current, I = G V_r i(V) / i(V_r) with V_r the read voltage: all cells have one shape i, and G is the
/// conductance that a verifying read at V_r finds. Internal to this folder.
class CellResponse {
 public:
  /// Throws std::invalid_argument that names the field: a shape that is not 0 at 0 V or not positive at the read
  /// voltage.
  CellResponse(const CellCurrent& current, double read_voltage_v, double input_full_scale);

  /// Input of an ohmic cell that draws what this one draws at input x, both in the network's numbers.
  void apply(const double* x, std::size_t n, double* out) const;

  /// For wires/wire_network.hpp: a cell's current is `siemens` G i(v).
  const wires::CellLaw& law() const { return *law_; }
  double siemens() const { return read_voltage_v_ / at_read_voltage_; }

 private:
  std::unique_ptr<wires::CellLaw> law_;
  double read_voltage_v_, input_full_scale_, at_read_voltage_ = 1;
};

}  // namespace szilard::electronic
