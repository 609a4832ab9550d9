// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rtl/systolic_int8/array_model.hpp"

namespace szilard::rtl {

/// Rows (= columns) of systolic_int8 that this build has, ascending (CMake: SZILARD_SYSTOLIC_SIZES).
std::vector<int> systolic_sizes();
bool systolic_size_is_built(int rows, int columns);
/// For diagnostics: "systolic_int8 64x64 was not built; built are 8x8, 16x16, 32x32. Add one with: cmake ...".
std::string systolic_size_message(int rows, int columns);
/// Lanes that the ReLU unit was built with (CMake: SZILARD_RELU_LANES).
std::vector<int> relu_unit_lanes();

/// Throws std::invalid_argument with systolic_size_message() for a size that was not built.
std::unique_ptr<ArrayModel> make_array_model(int rows, int columns);

}  // namespace szilard::rtl
