// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/philox.hpp"

#include <cmath>
#include <cstring>
#include <stdexcept>

#include "models/support/instruction_set.hpp"
#include "models/support/philox_kernel.hpp"

namespace szilard::support {
namespace {

template <typename D>
D as_real(std::uint64_t bits) {
  D real;
  std::memcpy(&real, &bits, sizeof real);
  return real;
}
template <typename U>
U as_bits(double real) {
  U bits;
  std::memcpy(&bits, &real, sizeof bits);
  return bits;
}
std::uint64_t multiply_low32(std::uint64_t a, std::uint32_t b) { return (a & 0xffffffffu) * b; }
double square_root(double a) { return std::sqrt(a); }

template <typename U>
struct HighLow;
HighLow<std::uint32_t> multiply_high_low(std::uint32_t a, std::uint32_t b);
template <typename F>
F as_single(std::uint32_t bits) {
  F real;
  std::memcpy(&real, &bits, sizeof real);
  return real;
}
template <typename U>
U as_bits_single(float real) {
  U bits;
  std::memcpy(&bits, &real, sizeof bits);
  return bits;
}
template <typename F>
F to_float(std::uint32_t value) {
  return static_cast<F>(value);
}
float square_root(float a) { return std::sqrt(a); }

#include "models/support/philox_arithmetic.inc.hpp"
#include "models/support/philox_single.inc.hpp"

HighLow<std::uint32_t> multiply_high_low(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t product = std::uint64_t(a) * b;
  return {std::uint32_t(product >> 32), std::uint32_t(product)};
}

const GaussianKernels& kernels() {
  static const GaussianKernels chosen = [] {
    switch (instruction_set()) {
      case InstructionSet::v2:
        return gaussian_kernels_v2();
      case InstructionSet::v3:
        return gaussian_kernels_v3();
      case InstructionSet::v4:
        return gaussian_kernels_v4();
    }
    throw std::logic_error("instruction set without kernels");
  }();
  return chosen;
}

void check_indices(std::uint32_t first_index, std::size_t count) {
  if (count > (std::uint64_t(1) << 32) - first_index) throw std::logic_error("random stream: indices are below 2^32");
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  const Words<std::uint64_t> words = philox_rounds<std::uint64_t>({counter[0], counter[1], counter[2], counter[3]},
                                                                  RoundKeys(std::uint64_t(key[1]) << 32 | key[0]));
  return {std::uint32_t(words.w0), std::uint32_t(words.w1), std::uint32_t(words.w2), std::uint32_t(words.w3)};
}

double RandomStream::uniform(std::uint64_t sample, std::uint32_t index) const {
  const Words<std::uint64_t> words =
      philox_rounds<std::uint64_t>({index / 2, stream_, sample, sample >> 32}, RoundKeys(seed_));
  return index % 2 == 0 ? unit_uniform<double, std::uint64_t>(words.w1, words.w0)
                        : unit_uniform<double, std::uint64_t>(words.w3, words.w2);
}

double RandomStream::gaussian(std::uint64_t sample, std::uint32_t index) const {
  const Pair<double> pair = gaussian_pair<double, std::uint64_t>(index / 2, stream_, sample, RoundKeys(seed_));
  return index % 2 == 0 ? pair.first : pair.second;
}

void RandomStream::gaussians(std::uint64_t sample, std::uint32_t first_index, std::size_t count, double* out) const {
  check_indices(first_index, count);
  kernels().across_indices({seed_, stream_, sample, first_index, count, 1, out});
}

void RandomStream::gaussians_block(std::uint64_t first_sample, std::size_t samples, std::size_t stride,
                                   std::uint32_t first_index, std::size_t count, double* out) const {
  check_indices(first_index, count);
  constexpr std::size_t kLanes = 8;
  const std::size_t groups = samples / kLanes;
  if (groups > 0) kernels().across_samples({seed_, stream_, first_sample, first_index, count, stride, out}, groups);
  for (std::size_t s = groups * kLanes; s < samples; ++s)
    kernels().across_indices({seed_, stream_, first_sample + s, first_index, count, stride, out + s});
}

float RandomStream::gaussian_single(std::uint64_t sample, std::uint32_t index) const {
  const Four<float> four = gaussian_four<float, std::uint32_t>(
      {index / 4, stream_, std::uint32_t(sample), std::uint32_t(sample >> 32)}, RoundKeys(seed_));
  return four.value[index % 4];
}

void RandomStream::gaussians_single_block(std::uint64_t first_sample, std::size_t samples, std::size_t stride,
                                          std::uint32_t first_index, std::size_t count, double* out) const {
  check_indices(first_index, count);
  kernels().single_across_samples({seed_, stream_, first_sample, first_index, count, stride, out}, samples);
}

std::uint32_t stream_of(const char* name) {
  std::uint32_t hash = 2166136261u;
  for (; *name != '\0'; ++name) hash = (hash ^ static_cast<unsigned char>(*name)) * 16777619u;
  return hash;
}

}  // namespace szilard::support
