// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rtl/systolic_int8/array_model.hpp"

namespace szilard::rtl {

/// A baseline of the user's own in one size, verilated outside this tree. CMake's szilard_add_baseline() of an
/// installed szilard writes them; sizes of one baseline ascend.
struct OwnBaseline {
  std::string name, title;
  int rows = 0, columns = 0;
  std::function<std::unique_ptr<ArrayModel>()> make;
  std::string netlists;   ///< folder of its netlists, for energy from gates; empty: szilard's own
  bool floating = false;  ///< 16-bit floating point numbers instead of 8-bit integers
  std::string rtl = {};   ///< fingerprint of its sources; empty: not known
};
/// Adds them to baselines(). Once, before anything is made. Throws std::invalid_argument for names of the build's own.
void use_own_baselines(std::vector<OwnBaseline> baselines);
const std::vector<OwnBaseline>& own_baselines();

/// A digital baseline in a size that this build has (CMake: szilard_add_baseline, SZILARD_SYSTOLIC_SIZES).
struct BaselineSize {
  std::string name;
  int rows = 0, columns = 0;
  bool floating = false;  ///< 16-bit floating point numbers instead of 8-bit integers
};
/// systolic_int8 first, the user's own last, sizes of one baseline ascending.
std::vector<BaselineSize> baselines();
/// Whether the baseline computes with 16-bit floating point numbers.
bool is_floating(const std::string& baseline);
/// Fingerprint of the RTL that a baseline, or the relu_unit, was verilated from, as script/map_netlist puts it into a
/// netlist; empty where it is not known.
std::string rtl_fingerprint(const std::string& name, int rows, int columns);
/// For diagnostics: "systolic_int8 64x64 was not built; built are 8x8, 16x16, 32x32. Add it with: cmake ...".
std::string baseline_size_message(const std::string& name, int rows, int columns);

/// Rows (= columns) of systolic_int8 that this build has, ascending (CMake: SZILARD_SYSTOLIC_SIZES).
std::vector<int> systolic_sizes();
bool systolic_size_is_built(int rows, int columns);
std::string systolic_size_message(int rows, int columns);
/// Lanes that the ReLU unit was built with (CMake: SZILARD_RELU_LANES).
std::vector<int> relu_unit_lanes();

/// Throw std::invalid_argument with baseline_size_message() for what was not built.
std::unique_ptr<ArrayModel> make_array_model(const std::string& name, int rows, int columns);
std::unique_ptr<ArrayModel> make_array_model(int rows, int columns);

}  // namespace szilard::rtl
