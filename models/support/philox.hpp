// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace szilard::support {

/// Counter-based random numbers: Philox 4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", SC 2011, DOI 10.1145/2063384.2063405. A number is a function of (seed, stream, sample, index) and of
/// nothing else, so results do not depend on block size, job count, sharding or order of evaluation.
std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// One stream: the key is the seed; the counter is (index / 2 (32 bit), stream (32 bit), sample (64 bit)), and its four
/// words serve two indices. Uniforms are (2 k + 1) 2^-53 with k of 52 bits: in (0, 1), both ends excluded. Gaussians
/// are pairs of Box and Muller (Ann. Math. Stat. 29, 610 (1958), DOI 10.1214/aoms/1177706645), |z| <= 8.58, with own
/// polynomial logarithm, sine and cosine, because std::normal_distribution is implementation-defined; every operation
/// is one IEEE rounding, so all instruction sets give the same bits. A uniform and a Gaussian of the same stream,
/// sample and index are made of the same words: take another stream for the second.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint32_t stream) : seed_(seed), stream_(stream) {}

  std::uint64_t seed() const { return seed_; }
  std::uint32_t stream() const { return stream_; }

  double uniform(std::uint64_t sample, std::uint32_t index) const;
  double gaussian(std::uint64_t sample, std::uint32_t index) const;

  /// out[i] = gaussian(sample, first_index + i), bit for bit, vectorised.
  void gaussians(std::uint64_t sample, std::uint32_t first_index, std::size_t count, double* out) const;
  /// out[i * stride + s] = gaussian(first_sample + s, first_index + i): `count` indices for `samples` samples, bit for
  /// bit the same numbers, vectorised across samples (the layout of SignalBlock). Writes no padding lanes.
  /// Indices are below 2^32 (std::logic_error).
  void gaussians_block(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t first_index,
                       std::size_t count, double* out) const;

  /// Gaussians for what is computed in single precision, at little over half the cost: four indices share the words at
  /// (index / 4, stream, sample), pairs of Box and Muller in float from two words each, |z| <= 6.77, spacing of the
  /// angle 2^-23 of a right angle. Error against exact arithmetic on the same words below 3e-7 (r + 1 / (8 r)) with r
  /// the pair's radius. Again all instruction sets give the same bits.
  /// The same words as those of gaussian(): one stream gives either these or the others.
  float gaussian_single(std::uint64_t sample, std::uint32_t index) const;
  /// Likewise in the layout of gaussians_block().
  void gaussians_single_block(std::uint64_t first_sample, std::size_t samples, std::size_t stride,
                              std::uint32_t first_index, std::size_t count, double* out) const;

 private:
  std::uint64_t seed_;
  std::uint32_t stream_;
};

/// A stable stream number from a name such as "rram/fc1/tile_0_0/read_noise" (FNV-1a, 32 bit).
std::uint32_t stream_of(const char* name);

}  // namespace szilard::support
