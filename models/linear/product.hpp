// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace szilard::linear {

/// The forward product on which every medium runs:
///   out[o][s] = start[o] + sum_k weights[o * weight_stride + k] * x[k][s]
/// for o < outputs and s < lanes; k ascends for every output whatever the number of lanes or outputs, so results are
/// bit-identical for any block size. `lanes` is a multiple of 8 (SignalBlock::stride()). x and out are arrays of row
/// pointers, 64-byte aligned; out rows must not overlap x rows. start may be null (zero). Compiled for x86-64-v2, v3
/// and v4 and chosen at run time; fused multiply-add is used where the set has it.
void product(const double* weights, std::size_t weight_stride, const double* start, const double* const* x,
             std::size_t outputs, std::size_t terms, std::size_t lanes, double* const* out);
void product(const float* weights, std::size_t weight_stride, const float* start, const float* const* x,
             std::size_t outputs, std::size_t terms, std::size_t lanes, float* const* out);

/// "x86-64-v2", "x86-64-v3" or "x86-64-v4": the kernels in use (summary.json: szilard.instruction_set). The environment
/// variable SZILARD_INSTRUCTION_SET may choose a lower one.
std::string_view instruction_set();

}  // namespace szilard::linear
