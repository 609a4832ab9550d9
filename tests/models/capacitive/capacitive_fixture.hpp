// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/capacitive/capacitive_stage.hpp"
#include "models/energy/ledger.hpp"
#include "models/support/philox.hpp"

namespace szilard::capacitive::testing {

/// 32 x 24 cells behind ideal ADCs of enough bits, at a temperature without noise.
inline CapacitiveParameters quiet_parameters() {
  CapacitiveParameters p;
  p.rows = 32;
  p.columns = 24;
  p.input_bits = 4;
  p.weight_bits = 4;
  p.supply_v = 0.8;
  p.cell_capacitance_f = 2e-15;
  p.cycle_time_s = 10e-9;
  p.temperature_k = 1e-6;
  p.output = electronic::Converter{{16, 1.0, false}, 1e-12, 1e-9};
  return p;
}

inline double uniform(std::uint64_t seed, std::uint64_t sample, std::uint32_t index, double low, double high) {
  return low + (high - low) * support::RandomStream(seed, 7).uniform(sample, index);
}

inline linear::LinearMap random_dense(std::size_t outputs, std::size_t inputs, std::uint64_t seed) {
  linear::RowMatrix w(outputs, inputs);
  std::vector<double> bias(outputs);
  for (std::size_t i = 0; i < outputs * inputs; ++i)
    w.data()[i] = uniform(seed, 1, static_cast<std::uint32_t>(i), -1, 1);
  for (std::size_t o = 0; o < outputs; ++o) bias[o] = uniform(seed, 2, static_cast<std::uint32_t>(o), -1, 1);
  return linear::dense_map("dense", w, bias);
}

inline support::SignalBlock random_block(std::size_t inputs, std::uint64_t first, std::size_t samples,
                                         std::uint64_t seed, double low = -1, double high = 1) {
  support::SignalBlock block(first, samples, inputs);
  for (std::size_t f = 0; f < inputs; ++f)
    for (std::size_t s = 0; s < samples; ++s)
      block.row(f)[s] = uniform(seed, first + s, static_cast<std::uint32_t>(f), low, high);
  return block;
}

struct Result {
  support::SignalBlock y;
  energy::Ledger ledger;
};
inline Result run(CapacitiveStage& stage, const support::SignalBlock& x) {
  Result result{{}, energy::Ledger(x.first_sample(), x.samples())};
  stage.open_accounts("p/dense", result.ledger);
  result.y = stage.forward(x, result.ledger);
  return result;
}

inline double heat_j(const energy::Ledger& ledger, const std::string& component, const std::string& mechanism,
                     std::uint64_t sample) {
  for (energy::AccountId i = 0; i < ledger.accounts().size(); ++i) {
    const energy::AccountInfo& info = ledger.accounts()[i];
    if (info.component == component && info.mechanism == mechanism && info.fate == energy::Fate::dissipated)
      return ledger.at(i, sample).joules();
  }
  return -1;
}

}  // namespace szilard::capacitive::testing
