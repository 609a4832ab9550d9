// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/optical/jittered_mesh_kernel.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {

/// Where the bytes of an interferometer stand: those of phi and theta of column k are bytes 2 (k mod 2) and 2 (k mod 2)
/// + 1 of the word k / 2 of Philox at (diagonal, stream, shot (64 bit)). Internal to this folder.
struct JitterPlace {
  std::uint32_t diagonal = 0, column = 0;
};

/// z of one phase in one shot, as kernels draw it; law in jittered_mesh.hpp.
inline double jitter_number(const JitterPlace& place, bool of_theta, std::uint64_t seed, std::uint32_t stream,
                            std::uint64_t shot) {
  const std::array<std::uint32_t, 4> words = support::philox4x32_10(
      {place.diagonal, stream, static_cast<std::uint32_t>(shot), static_cast<std::uint32_t>(shot >> 32)},
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  const std::uint32_t byte = (words[place.column / 2] >> (16 * (place.column % 2) + (of_theta ? 8 : 0))) & 0xff;
  const double u = byte - 127.5, square = u * u;
  return u * (kJitter0 + square * (double(kJitter1) + square * double(kJitter2)));
}

}  // namespace szilard::optical
