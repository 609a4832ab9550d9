// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

#include "sim/cosim/run.hpp"

namespace szilard::report {

enum class LedgerFormat { csv, npy };

/// Writes a run's directory: summary.json, ledger.csv (or ledger.npy with ledger_accounts.json), coefficients.json,
/// predictions.npy, outputs.npy, scenario.resolved.yaml. Every file appears only when complete. Throws
/// EnvironmentError.
void write_run(const std::string& directory, const scenario::Scenario& scenario, const cosim::Workload& workload,
               const cosim::RunResult& result, LedgerFormat format);

/// What a kind of platform is called in files: "dynamic-analog", "hybrid", "digital", "quasi-static".
std::string kind_name(cosim::PlatformKind kind);

/// summary.json as text, schema szilard.summary/1.
std::string summary_json(const scenario::Scenario& scenario, const cosim::Workload& workload,
                         const cosim::RunResult& result);

/// The table at the end of `szilard run`.
void print_table(std::ostream& out, const cosim::RunResult& result);
/// The bounds on resets that the observed activity gives, beside what was dissipated: one row for each platform of
/// neuron bits.
void print_reset_bounds(std::ostream& out, const cosim::RunResult& result);
/// Where the scenario has a pump: what each platform's heat takes until it has reached the ambience.
void print_cooling(std::ostream& out, const scenario::Scenario& scenario, const cosim::RunResult& result);
/// The layer-to-hardware map.
void print_placement(std::ostream& out, const cosim::Workload& workload, const cosim::RunResult& result);

/// `szilard explain`: every account of a run directory at or below `component` (all if empty) with count x coefficient
/// x source, and the bounds of platforms there in the same way.
/// Throws InputError if the directory holds no run or no such component.
void explain(std::ostream& out, const std::string& directory, const std::string& component);

struct Versions {
  std::string szilard, commit, systemc, verilator, eigen, boost, compiler;
};
Versions versions();

}  // namespace szilard::report
