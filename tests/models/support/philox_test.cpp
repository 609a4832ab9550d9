// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/philox.hpp"

#include <Random123/philox.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>

#include "models/support/aligned_vector.hpp"
#include "models/support/instruction_set.hpp"
#include "models/support/philox_kernel.hpp"

using namespace szilard::support;

namespace {

using Block = std::array<std::uint32_t, 4>;

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::vector<GaussianKernels> kernels_of_this_processor() {
  std::vector<GaussianKernels> all = {gaussian_kernels_v2()};
  if (instruction_set() >= InstructionSet::v3) all.push_back(gaussian_kernels_v3());
  if (instruction_set() >= InstructionSet::v4) all.push_back(gaussian_kernels_v4());
  return all;
}

}  // namespace

TEST_CASE("Philox 4x32-10 gives Random123's known answers", "[support][fast]") {
  CHECK(philox4x32_10({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32_10({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a million blocks equal Random123's (bitwise)", "[support][fast]") {
  const unsigned seed = 7;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::size_t different = 0;
  for (int i = 0; i < 1000000; ++i) {
    const Block counter = {std::uint32_t(random()), std::uint32_t(random()), std::uint32_t(random()),
                           std::uint32_t(random())};
    const std::array<std::uint32_t, 2> key = {std::uint32_t(random()), std::uint32_t(random())};
    const r123::Philox4x32::ctr_type theirs = r123::Philox4x32()({{counter[0], counter[1], counter[2], counter[3]}},
                                                                 r123::Philox4x32::key_type{{key[0], key[1]}});
    const Block ours = philox4x32_10(counter, key);
    for (int w = 0; w < 4; ++w) different += ours[w] != theirs[w];
  }
  CHECK(different == 0);
}

TEST_CASE("a uniform is made of the words at (index / 2, stream, sample) under the seed", "[support][fast]") {
  const RandomStream stream(0x0123456789abcdefu, 42);
  const std::uint64_t sample = 0x500000007u;
  const Block words = philox4x32_10({3, 42, 7, 5}, {0x89abcdefu, 0x01234567u});
  for (std::uint32_t half = 0; half < 2; ++half) {
    const double k = double(words[2 * half + 1]) * 0x1p20 + double(words[2 * half] & 0xfffffu);
    CHECK(stream.uniform(sample, 6 + half) == (2 * k + 1) * 0x1p-53);
  }
}

TEST_CASE("vectors of Gaussians equal single ones at every border (bitwise)", "[support][fast]") {
  const RandomStream stream(99, stream_of("rram/fc1/tile_0_0/read_noise"));
  std::size_t different = 0;
  for (std::uint32_t first : {0u, 1u, 7u, 0xffffff00u})
    for (std::size_t count : {0, 1, 2, 15, 16, 17, 33, 100}) {
      std::vector<double> out(count + 2, -7.0);
      stream.gaussians(5, first, count, out.data() + 1);
      for (std::size_t i = 0; i < count; ++i)
        different += !same_bits(out[i + 1], stream.gaussian(5, first + std::uint32_t(i)));
      CHECK((out.front() == -7.0 && out.back() == -7.0));
    }
  CHECK(different == 0);
}

TEST_CASE("blocks of Gaussians equal single ones for every number of samples (bitwise)", "[support][fast]") {
  const RandomStream stream(99, 3);
  const std::uint64_t first_sample = 0xfffffffcu;  // the upper word of the sample changes inside the block
  std::size_t different = 0, overwritten = 0;
  for (std::size_t samples : {1, 7, 8, 9, 23, 64, 100})
    for (std::uint32_t first : {0u, 1u, 5u})
      for (std::size_t count : {1, 2, 3, 4, 9}) {
        const std::size_t stride = (samples + 7) / 8 * 8;
        AlignedVector<double> out(stride * count, -7.0);
        stream.gaussians_block(first_sample, samples, stride, first, count, out.data());
        for (std::size_t i = 0; i < count; ++i) {
          for (std::size_t s = 0; s < samples; ++s)
            different += !same_bits(out[i * stride + s], stream.gaussian(first_sample + s, first + std::uint32_t(i)));
          for (std::size_t s = samples; s < stride; ++s) overwritten += out[i * stride + s] != -7.0;
        }
      }
  CHECK(different == 0);
  CHECK(overwritten == 0);
}

TEST_CASE("all instruction sets of this processor give the same Gaussians (bitwise)", "[support][fast]") {
  const RandomStream stream(4, 5);
  const std::size_t count = 2001, samples = 16;
  for (const GaussianKernels& kernels : kernels_of_this_processor()) {
    std::vector<double> across_samples(count * samples), across_indices(count);
    kernels.across_samples({4, 5, 1000, 3, count, samples, across_samples.data()}, samples / 8);
    kernels.across_indices({4, 5, 1000, 3, count, 1, across_indices.data()});
    std::size_t different = 0;
    for (std::size_t i = 0; i < count; ++i) {
      different += !same_bits(across_indices[i], stream.gaussian(1000, std::uint32_t(3 + i)));
      for (std::size_t s = 0; s < samples; ++s)
        different += !same_bits(across_samples[i * samples + s], stream.gaussian(1000 + s, std::uint32_t(3 + i)));
    }
    CHECK(different == 0);
  }
}

TEST_CASE("a single-precision Gaussian follows Box and Muller on its words", "[support][fast]") {
  const RandomStream stream(0x0123456789abcdefu, 42);
  const double pi = std::acos(-1.0);
  double largest = 0;
  for (std::uint32_t four = 0; four < 20000; ++four) {
    const Block words = philox4x32_10({four, 42, 7, 5}, {0x89abcdefu, 0x01234567u});
    for (std::uint32_t half = 0; half < 2; ++half) {
      const double radius = std::sqrt(-2 * std::log((words[2 * half] + 0.5) * 0x1p-32));
      const std::uint32_t turn = words[2 * half + 1];
      const double t = ((turn >> 7 & 0x7fffffu) + 0.5) * 0x1p-22 - 1.0;
      const double sign = turn >> 31 ? -1 : 1;
      double a = sign * radius * std::cos(pi / 4 * t), b = radius * std::sin(pi / 4 * t);
      if (turn >> 30 & 1) std::swap(a, b);
      const double scale = radius + 0x1p-3 / radius;  // u is rounded to float: near 1 it is known to 2^-25
      largest = std::max(largest, std::abs(stream.gaussian_single(0x500000007u, 4 * four + 2 * half) - a) / scale);
      largest = std::max(largest, std::abs(stream.gaussian_single(0x500000007u, 4 * four + 2 * half + 1) - b) / scale);
    }
  }
  CHECK(largest < 3e-7);
}

TEST_CASE("blocks of single-precision Gaussians equal single ones, whatever the instruction set (bitwise)",
          "[support][fast]") {
  const std::uint64_t first_sample = 0xfffffffcu;  // the upper word of the sample changes inside the block
  const RandomStream stream(99, 3);
  std::size_t different = 0, overwritten = 0;
  for (const GaussianKernels& kernels : kernels_of_this_processor())
    for (std::size_t samples : {1, 7, 8, 16, 23, 64, 100})
      for (std::uint32_t first : {0u, 1u, 5u, 0xfffffff0u})
        for (std::size_t count : {1, 2, 3, 4, 9}) {
          const std::size_t stride = samples + 3;
          std::vector<double> out(stride * count, -7.0);
          kernels.single_across_samples({99, 3, first_sample, first, count, stride, out.data()}, samples);
          for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t s = 0; s < samples; ++s)
              different += !same_bits(out[i * stride + s],
                                      double(stream.gaussian_single(first_sample + s, first + std::uint32_t(i))));
            for (std::size_t s = samples; s < stride; ++s) overwritten += out[i * stride + s] != -7.0;
          }
        }
  CHECK(different == 0);
  CHECK(overwritten == 0);
}

TEST_CASE("indices past 2^32 are refused", "[support][bad]") {
  const RandomStream stream(1, 1);
  std::vector<double> out(4);
  CHECK_THROWS_AS(stream.gaussians(0, 0xffffffffu, 2, out.data()), std::logic_error);
  CHECK_THROWS_AS(stream.gaussians_block(0, 1, 8, 0xfffffffeu, 3, out.data()), std::logic_error);
  CHECK_THROWS_AS(stream.gaussians_single_block(0, 1, 8, 0xfffffffeu, 3, out.data()), std::logic_error);
  CHECK_NOTHROW(stream.gaussians(0, 0xffffffffu, 1, out.data()));
}

TEST_CASE("stream numbers are FNV-1a of the name", "[support][fast]") {
  CHECK(stream_of("") == 0x811c9dc5u);
  CHECK(stream_of("a") == 0xe40c292cu);
  CHECK(stream_of("foobar") == 0xbf9cf968u);
}
