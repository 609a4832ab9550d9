// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace szilard::rtl {

/// A variable of a verilated model: `elements` values of `bits` bits, little-endian, `element_bytes` apart.
struct SignalView {
  const std::uint8_t* data = nullptr;
  unsigned bits = 1;
  int low = 0;  ///< index of the lowest bit in the source
  unsigned elements = 1;
  std::size_t element_bytes = 0;
};

/// Called before every rising edge of a model's clock, when everything has settled.
class ClockMeter {
 public:
  virtual ~ClockMeter() = default;
  virtual void sample(std::uint32_t owner) = 0;
};

}  // namespace szilard::rtl
