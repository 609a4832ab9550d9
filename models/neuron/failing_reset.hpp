// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "models/neuron/drawn_reset.hpp"
#include "models/support/philox.hpp"

namespace szilard::neuron {

inline support::RandomStream draw_stream(const DrawSeed& seed, const char* purpose) {
  return {seed.seed, support::stream_of((seed.stream_name + purpose).c_str())};
}

/// Fixed energies from either state; chance only decides whether the reset fails.
class FailingReset : public ResetPhysics {
 public:
  FailingReset(const DrawSeed& seed, std::int64_t duration_ps)
      : draws_(draw_stream(seed, "/reset")), duration_ps_(duration_ps) {}

  EventEnergy change(std::size_t, bool) const override { throw std::logic_error(name() + ": resets every cycle only"); }
  std::int64_t reset_duration_ps() const override { return duration_ps_; }
  bool is_drawn() const override { return true; }
  CalibratedWork calibrated_work(std::size_t neuron, bool state) const override {
    return {reset(neuron, state).supplied.joules(), 0, 0};
  }
  void draw(std::uint64_t first_sample, std::size_t count, const std::uint8_t* states, DrawnReset* out) const override {
    const std::size_t n = neurons();
    for (std::size_t k = 0; k < count * n; ++k)
      out[k] = {reset(k % n, states[k] != 0),
                draws_.uniform(first_sample + k / n, static_cast<std::uint32_t>(k % n)) < error(states[k] != 0)};
  }

 private:
  virtual double error(bool state) const = 0;

  support::RandomStream draws_;
  std::int64_t duration_ps_;
};

}  // namespace szilard::neuron
