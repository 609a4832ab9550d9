// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/electronic/wires/wire_network.hpp"

/// `szilard lab crossbar`: one resistive crossbar with its wires on the test bench, from arrays in files to currents,
/// voltages, powers and pictures.
namespace szilard::lab {

struct CrossbarRequest {
  std::string conductance;  ///< .npy, rows x columns, S
  std::string voltage;      ///< .npy, rows, or samples x rows, V
  std::string wire_resistance = "0 ohm", driver_resistance = "0 ohm", sense_resistance = "0 ohm";
  bool both_ends = false;        ///< word lines driven from both ends
  bool sense_both_ends = false;  ///< bit lines grounded at both ends
  std::string cell = "linear";   ///< linear, sinh:VOLTAGE, cubic:A (1/V^2) or table:FILE.csv
  bool fast = false;             ///< Fidelity::fast
  bool currents_only = false;    ///< no node voltages: for many samples
};

/// The request with its files read and checked. Throws support::InputError naming the file or option.
struct Crossbar {
  std::size_t rows = 0, columns = 0, samples = 0;
  bool one_sample = false;  ///< the voltages were one vector
  std::vector<double> conductances_s, voltages_v;
  wires::WireParameters wires;
  std::unique_ptr<wires::CellLaw> law;
};
Crossbar load_crossbar(const CrossbarRequest& request);

struct CrossbarResult {
  wires::Solution solution;
  wires::Power mean_power;
  double wall_s = 0;
};
/// Throws support::InputError where the network cannot be solved.
CrossbarResult run_crossbar(const CrossbarRequest& request, const Crossbar& crossbar);

/// {supply_power_W, cell_power_W, wire_power_W (means over samples), iterations, residual, wall_s, ...} as text.
std::string crossbar_json(const Crossbar& crossbar, const CrossbarResult& result);
/// currents.npy (samples x columns), word_voltages.npy and bit_voltages.npy (samples x rows x columns) and
/// summary.json.
void write_crossbar(const std::string& directory, const Crossbar& crossbar, const CrossbarResult& result);
/// Cell currents and what the wires take from each cell's voltage, of the first sample.
void plot_crossbar(const std::string& path, const Crossbar& crossbar, const CrossbarResult& result);

}  // namespace szilard::lab
