// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace szilard::cli {

/// Experiments of `szilard lab`, added as in commands.hpp.
std::function<int()> add_lab_bit(CLI::App& lab);
std::function<int()> add_lab_crossbar(CLI::App& lab);
std::function<int()> add_lab_gate(CLI::App& lab);
std::function<int()> add_lab_link(CLI::App& lab);
std::function<int()> add_lab_mesh(CLI::App& lab);
std::function<int()> add_lab_relax(CLI::App& lab);
std::function<int()> add_lab_stress(CLI::App& lab);

}  // namespace szilard::cli
