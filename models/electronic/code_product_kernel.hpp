// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace szilard::electronic {

// Compiled for AVX-512 VNNI. Nothing from the standard library: see elementwise_kernels.ipp.

constexpr std::size_t kTileOutputs = 3;

/// panel[(quad x 64 + s) x 4 + i] = codes[4 quad + i][lane + s] for s < 64.
void interleave_codes(const std::uint8_t* const* codes, std::size_t quads, std::size_t lane, std::uint8_t* panel);

/// out[o][lane + s] = sum over bytes of (256 high + low) x panel, for o < outputs <= kTileOutputs and s < 64.
void multiply_codes(const std::int8_t* high, const std::int8_t* low, std::size_t quads, std::size_t outputs,
                    const std::uint8_t* panel, std::size_t lane, double* const* out);

}  // namespace szilard::electronic
