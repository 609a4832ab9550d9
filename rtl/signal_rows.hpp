// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rtl/gate_level/stimulus.hpp"
#include "rtl/gate_meter.hpp"

namespace szilard::rtl {

/// One bit of a verilated variable, and where a row of samples keeps it.
struct BitPlace {
  SignalView signal;
  unsigned element = 0, bit = 0;
  std::size_t row_bit = 0;

  bool now() const { return signal.data[element * signal.element_bytes + bit / 8] >> (bit % 8) & 1; }
};

/// NAME, NAME[BIT] or NAME[ELEMENT][BIT] of a net as a bit of the model.
std::optional<BitPlace> find_bit(std::string name, const GateMeter::SignalLookup& lookup);

/// Samples of the bits that a netlist is driven with and held against, one row a clock.
class SignalRows {
 public:
  void add(BitPlace& place);
  void note();
  std::size_t count() const { return count_; }
  void keep_last();
  void clear();
  /// Of each place `count` bits, from row `first` in the lowest.
  void bits(std::uint64_t first, unsigned count, const std::vector<BitPlace>& places, std::uint64_t* value) const;

 private:
  struct Copy {
    const std::uint8_t* from;
    std::size_t bytes, word;
  };
  std::map<const std::uint8_t*, std::size_t> offsets_;
  std::vector<Copy> copies_;
  std::vector<std::uint64_t> rows_;
  std::size_t words_ = 0, count_ = 0;
};

/// The rows as what drives a netlist.
class RowStimulus final : public gate_level::Stimulus {
 public:
  RowStimulus(const SignalRows& rows, const std::vector<BitPlace>& places) : rows_(rows), places_(places) {}
  std::uint64_t cycles() const override { return rows_.count(); }
  void words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const override {
    rows_.bits(first, count, places_, value);
    std::fill(unknown, unknown + places_.size(), 0);
  }

 private:
  const SignalRows& rows_;
  const std::vector<BitPlace>& places_;
};

}  // namespace szilard::rtl
