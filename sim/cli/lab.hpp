// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace szilard::cli {

/// Each adds one subcommand with its options and returns what runs it and gives its exit code.
std::function<int()> add_lab_bit(CLI::App& lab);
std::function<int()> add_lab_crossbar(CLI::App& lab);
std::function<int()> add_lab_link(CLI::App& lab);
std::function<int()> add_lab_mesh(CLI::App& lab);
std::function<int()> add_lab_relax(CLI::App& lab);
std::function<int()> add_lab_stress(CLI::App& lab);
/// `szilard import`.
std::function<int()> add_import(CLI::App& app);
std::function<int()> add_sweep(CLI::App& app);
std::function<int()> add_merge(CLI::App& app);
std::function<int()> add_results(CLI::App& app);
std::function<int()> add_pareto(CLI::App& app);
std::function<int()> add_tornado(CLI::App& app);
/// `szilard compare`.
std::function<int()> add_compare(CLI::App& app);
std::function<int()> add_lab_gate(CLI::App& lab);
/// `szilard fit`.
std::function<int()> add_fit(CLI::App& app);
/// `szilard train`.
std::function<int()> add_train(CLI::App& app);
/// `szilard bounds`.
std::function<int()> add_bounds(CLI::App& app);

}  // namespace szilard::cli
