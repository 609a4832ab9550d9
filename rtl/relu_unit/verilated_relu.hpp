// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <verilated.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "rtl/relu_unit/relu_unit.hpp"

namespace szilard::rtl {

/// ReluUnit::Model on a verilated class of LANES 16-bit lanes.
template <class Verilated, int kLanes>
class VerilatedRelu final : public ReluUnit::Model {
 public:
  VerilatedRelu() {
    context_.threads(1);  // else each model starts a worker that it never uses
    model_ = std::make_unique<Verilated>(&context_, "relu_unit");
    model_->reset = 1;
    edge();
    edge();
    model_->reset = 0;
  }
  ~VerilatedRelu() override { model_->final(); }

  int lanes() const override { return kLanes; }
  std::uint64_t register_bits() const override { return model_->register_bits; }
  ReluActivity activity() const override {
    std::uint64_t counters[3];
    std::memcpy(counters, &model_->activity, sizeof counters);
    return {counters[0], counters[1], counters[2]};
  }

  std::optional<SignalView> find_signal(const std::string& name) const override {
    const Verilated& m = *model_;
    const auto view = [](const void* data, unsigned bits) {
      return SignalView{static_cast<const std::uint8_t*>(data), bits, 0, 1, 0};
    };
    if (name == "reset") return view(&m.reset, 1);
    if (name == "valid") return view(&m.valid, 1);
    if (name == "codes") return view(&m.codes, 16 * kLanes);
    if (name == "valid_q") return view(&m.valid_q, 1);
    if (name == "codes_q") return view(&m.codes_q, 16 * kLanes);
    for (const auto& [prefix, port] :
         {std::pair<std::string, const void*>{"codes_q_", &m.codes_q}, {"codes_", &m.codes}})
      for (int lane = 0; lane < kLanes; ++lane)
        if (name == prefix + std::to_string(lane)) return view(static_cast<const std::uint8_t*>(port) + 2 * lane, 16);
    return {};
  }
  void set_meter(ClockMeter* meter) override { meter_ = meter; }

  void run(const std::int16_t* codes, std::size_t count, std::int16_t* out) override {
    std::size_t taken = 0, given = 0;
    do {
      const std::size_t now = std::min<std::size_t>(kLanes, count - taken);
      model_->valid = now > 0;
      std::int16_t word[kLanes] = {};
      std::copy(codes + taken, codes + taken + now, word);
      if (now > 0) std::memcpy(&model_->codes, word, sizeof word);
      taken += now;
      edge();
      if (model_->valid_q) {
        const std::size_t valid = std::min<std::size_t>(kLanes, count - given);
        std::memcpy(out + given, &model_->codes_q, valid * sizeof(std::int16_t));
        given += valid;
      }
    } while (model_->valid_q);
  }

 private:
  void edge() {
    model_->clock = 0;
    model_->eval();
    if (meter_) meter_->sample(0);
    model_->clock = 1;
    model_->eval();
  }

  VerilatedContext context_;
  std::unique_ptr<Verilated> model_;
  ClockMeter* meter_ = nullptr;
};

}  // namespace szilard::rtl
