// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace szilard::rtl {

/// What the registers, operators and memories of the accelerator did, counted in RTL. Order and meaning are those of
/// the RTL's `activity` port (docs/rtl.md). Bits written are the bits of registers that were clocked (registers are
/// clocked only when they take a value), bits toggled those of them that changed. Memory accesses are in words.
struct ActivityCounts {
  std::uint64_t cycles = 0;
  std::uint64_t weight_bits_written = 0, weight_bits_toggled = 0;          ///< weights in the array, and their skew
  std::uint64_t activation_bits_written = 0, activation_bits_toggled = 0;  ///< activations in the array, and their skew
  std::uint64_t partial_sum_bits_written = 0, partial_sum_bits_toggled = 0;  ///< partial sums in the array
  std::uint64_t pipeline_bits_written = 0, pipeline_bits_toggled = 0;        ///< deskew, post-processing, control
  std::uint64_t multiplications = 0;  ///< 8 x 8 bit in the array, of which an operand changed
  std::uint64_t additions = 0;  ///< 32 bit: array and accumulation where the sum changed, rounding, pool comparisons
  std::uint64_t requantisations = 0;                  ///< 32 x 16 bit multiplications of which the product changed
  std::uint64_t weight_reads = 0, weight_writes = 0;  ///< words of 8 x columns bits
  std::uint64_t activation_reads = 0, activation_writes = 0;    ///< words of 8 x rows bits
  std::uint64_t accumulator_reads = 0, accumulator_writes = 0;  ///< words of 32 x columns bits
  std::uint64_t bias_reads = 0, bias_writes = 0;                ///< words of 32 x columns bits
  std::uint64_t result_reads = 0, result_writes = 0;            ///< words of 8 x columns bits

  std::uint64_t bits_written() const {
    return weight_bits_written + activation_bits_written + partial_sum_bits_written + pipeline_bits_written;
  }
  std::uint64_t bits_toggled() const {
    return weight_bits_toggled + activation_bits_toggled + partial_sum_bits_toggled + pipeline_bits_toggled;
  }
  ActivityCounts& operator+=(const ActivityCounts& other);
  ActivityCounts& operator-=(const ActivityCounts& other);
};

inline constexpr std::size_t kActivityCounters = 22;
static_assert(sizeof(ActivityCounts) == kActivityCounters * sizeof(std::uint64_t));

namespace detail {

template <class Change>
void for_each_counter(ActivityCounts& counts, const ActivityCounts& other, Change&& change) {
  std::array<std::uint64_t, kActivityCounters> own, given;
  std::memcpy(own.data(), &counts, sizeof own);
  std::memcpy(given.data(), &other, sizeof given);
  for (std::size_t i = 0; i < kActivityCounters; ++i) change(own[i], given[i]);
  std::memcpy(static_cast<void*>(&counts), own.data(), sizeof own);
}

}  // namespace detail

inline ActivityCounts& ActivityCounts::operator+=(const ActivityCounts& other) {
  detail::for_each_counter(*this, other, [](std::uint64_t& own, std::uint64_t given) { own += given; });
  return *this;
}

inline ActivityCounts& ActivityCounts::operator-=(const ActivityCounts& other) {
  detail::for_each_counter(*this, other, [](std::uint64_t& own, std::uint64_t given) { own -= given; });
  return *this;
}

inline ActivityCounts operator+(ActivityCounts a, const ActivityCounts& b) { return a += b; }
inline ActivityCounts operator-(ActivityCounts a, const ActivityCounts& b) { return a -= b; }

}  // namespace szilard::rtl
