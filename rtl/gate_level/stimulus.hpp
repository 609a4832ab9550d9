// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "rtl/gate_level/simulator.hpp"

namespace szilard::gate_level {

/// Equidistributed, independent bits, a function of seed, name of the net and cycle (support::philox4x32_10).
class RandomStimulus : public Stimulus {
 public:
  /// `held` fixes input ports by name, bit i of the value at bit i of the port. Throws support::InputError
  /// (unknown_choice, out_of_range) where a name is no data input port or the value does not fit it.
  RandomStimulus(const Netlist& netlist, const std::vector<NetId>& inputs, std::uint64_t cycles, std::uint64_t seed,
                 const std::map<std::string, std::uint64_t>& held = {});
  std::uint64_t cycles() const override { return cycles_; }
  void words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const override;

 private:
  std::uint64_t word(std::size_t input, std::uint64_t index) const;
  std::uint64_t cycles_, seed_;
  std::vector<std::uint32_t> streams_;
  std::vector<int> held_;  ///< 0, 1, or -1: random
};

/// Values of some bits just before each rising edge of a clock, 64 cycles a word.
struct SampledWaves {
  std::uint64_t cycles = 0;
  std::vector<std::vector<std::uint64_t>> value, unknown;  ///< by bit
  /// Likewise just before the falling edge ahead of each sample; empty where nobody asked for it.
  std::vector<std::vector<std::uint64_t>> falling_value, falling_unknown;
};

class SampledStimulus : public Stimulus {
 public:
  explicit SampledStimulus(SampledWaves waves) : waves_(std::move(waves)) {}
  std::uint64_t cycles() const override { return waves_.cycles; }
  void words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const override;
  bool tells_falling() const override { return !waves_.falling_value.empty(); }
  void falling_words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const override;

 private:
  SampledWaves waves_;
};

}  // namespace szilard::gate_level
