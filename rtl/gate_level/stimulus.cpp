// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/stimulus.hpp"

#include <algorithm>

#include "models/support/philox.hpp"

namespace szilard::gate_level {

using support::DiagnosticCode;
using support::InputError;

RandomStimulus::RandomStimulus(const Netlist& netlist, const std::vector<NetId>& inputs, std::uint64_t cycles,
                               std::uint64_t seed, const std::map<std::string, std::uint64_t>& held)
    : cycles_(cycles), seed_(seed), held_(inputs.size(), -1) {
  for (NetId net : inputs) streams_.push_back(support::stream_of(("gate_level/" + netlist.nets[net].name).c_str()));
  for (const auto& [name, value] : held) {
    const Port* port = netlist.find_port(name);
    if (!port || !port->input ||
        std::any_of(port->bits.begin(), port->bits.end(), [&](NetId n) { return netlist.nets[n].clock; })) {
      std::vector<std::string> names;
      for (const Port& candidate : netlist.ports)
        if (candidate.input) names.push_back(candidate.name);
      const std::string near = support::nearest(name, names);
      throw InputError(DiagnosticCode::unknown_choice, {"command line", 1, 1},
                       "module " + netlist.module + " has no data input '" + name + "' to hold",
                       near.empty() ? "" : "did you mean " + near + "?");
    }
    if (port->bits.size() < 64 && value >> port->bits.size() != 0)
      throw InputError(
          DiagnosticCode::out_of_range, {"command line", 1, 1},
          std::to_string(value) + " does not fit the " + std::to_string(port->bits.size()) + " bits of " + name);
    for (std::size_t b = 0; b < port->bits.size(); ++b)
      for (std::size_t i = 0; i < inputs.size(); ++i)
        if (inputs[i] == port->bits[b]) held_[i] = b < 64 ? static_cast<int>(value >> b & 1) : 0;
  }
}

std::uint64_t RandomStimulus::word(std::size_t input, std::uint64_t index) const {
  const auto random = support::philox4x32_10(
      {0, streams_[input], static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32)},
      {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
  return std::uint64_t{random[1]} << 32 | random[0];
}

void RandomStimulus::words(std::uint64_t first, unsigned, std::uint64_t* value, std::uint64_t* unknown) const {
  const unsigned shift = first % 64;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    unknown[i] = 0;
    if (held_[i] >= 0) {
      value[i] = held_[i] ? ~std::uint64_t{0} : 0;
    } else {
      value[i] = word(i, first / 64) >> shift;
      if (shift) value[i] |= word(i, first / 64 + 1) << (64 - shift);
    }
  }
}

namespace {

/// 64 cycles from `first` on of words that begin at cycle 0.
void take(const std::vector<std::vector<std::uint64_t>>& words, std::uint64_t first, std::uint64_t* out) {
  const unsigned shift = first % 64;
  const std::size_t index = first / 64;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out[i] = words[i][index] >> shift;
    if (shift && index + 1 < words[i].size()) out[i] |= words[i][index + 1] << (64 - shift);
  }
}

}  // namespace

void SampledStimulus::words(std::uint64_t first, unsigned, std::uint64_t* value, std::uint64_t* unknown) const {
  take(waves_.value, first, value);
  take(waves_.unknown, first, unknown);
}

void SampledStimulus::falling_words(std::uint64_t first, unsigned count, std::uint64_t* value,
                                    std::uint64_t* unknown) const {
  if (!tells_falling()) return words(first, count, value, unknown);
  take(waves_.falling_value, first, value);
  take(waves_.falling_unknown, first, unknown);
}

}  // namespace szilard::gate_level
