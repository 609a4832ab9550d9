// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rtl/gate_meter.hpp"
#include "sim/cosim/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::cosim {

/// What `energy:` says of gates; no library where it gives coefficients. `part` is the name of the netlist's design.
/// Throws support::InputError where library or netlist is missing.
rtl::GateLevelSettings gate_level_settings(const scenario::DigitalEnergy& energy, const std::string& part, int rows,
                                           int columns, std::int64_t clock_period_ps, std::uint64_t seed);

/// Sums over the meters of a platform; those whose gates did not agree with RTL go to `failures`.
GateLevelResult report_gates(const std::vector<const rtl::GateMeter*>& meters, const scenario::DigitalEnergy& energy,
                             const std::string& platform, double temperature_k, std::vector<std::string>& failures);

/// Estimates beside the gates' energy, each a step of its own with its origin: the logic of `technologies` in other
/// nodes, and for `macs` multiply-accumulations (0: none) a per-operation table and the papers' figure.
void add_figures(const std::vector<std::string>& technologies, std::size_t samples, std::size_t macs, bool floating,
                 GateLevelResult& gates);

}  // namespace szilard::cosim
