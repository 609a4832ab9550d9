// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "ramped_latch.hpp"

#include <cmath>
#include <stdexcept>

namespace own {
namespace {

using namespace szilard;
using neuron::EventEnergy;

class RampedLatch final : public neuron::ResetPhysics {
 public:
  explicit RampedLatch(const scenario::OwnValues& values)
      : voltage_v_(values.parameter("node_voltage")),
        capacitance_f_(values.parameter("node_capacitance")),
        resistance_ohm_(values.parameter("path_resistance")),
        ramp_s_(values.parameter("ramp_time")),
        reset_s_(values.parameter("short_time")) {
    const double settling_s = resistance_ohm_ * capacitance_f_;
    if (!(ramp_s_ >= 5 * settling_s))
      throw std::invalid_argument("'ramp_time' is below 5 R C, where the law of slow ramps ends");
    const double full_j = capacitance_f_ * voltage_v_ * voltage_v_;
    node_ = energy::Quanta::from_joules(0.5 * full_j);
    loss_ = energy::Quanta::from_joules(settling_s / ramp_s_ * full_j);
  }

  std::string name() const override { return "ramped_latch"; }
  EventEnergy set(std::size_t) const override { return {node_ + loss_, loss_, node_}; }
  EventEnergy reset(std::size_t, bool state) const override {
    return state ? EventEnergy{{}, node_, -node_} : EventEnergy{};
  }
  EventEnergy change(std::size_t neuron, bool from) const override { return from ? reset(neuron, true) : set(neuron); }
  EventEnergy flip(std::size_t neuron, bool from) const override { return change(neuron, from); }
  std::int64_t reset_duration_ps() const override { return std::llround(reset_s_ * 1e12); }
  std::int64_t set_duration_ps() const override { return std::llround(ramp_s_ * 1e12); }
  energy::Origin origin() const override { return energy::Origin::computed; }
  std::string law() const override {
    return "set: (R C / T) C V^2 lost, C V^2 / 2 stored; reset: what was stored is lost";
  }
  std::vector<energy::Coefficient> coefficients() const override {
    return {{"node voltage", voltage_v_, "V"},
            {"node capacitance", capacitance_f_, "F"},
            {"path resistance", resistance_ohm_, "ohm"},
            {"ramp time", ramp_s_, "s"}};
  }

 private:
  support::Parameter voltage_v_, capacitance_f_, resistance_ohm_, ramp_s_, reset_s_;
  energy::Quanta node_, loss_;
};

}  // namespace

scenario::OwnNeuron ramped_latch() {
  using scenario::quantity;
  using support::Dimension;
  return {
      "ramped_latch",
      "ReLU neuron whose bit is a node that a supply ramp sets and a switch resets",
      {quantity("node_voltage", Dimension::voltage, 1e-3, 10, "of the set node").preset(),
       quantity("node_capacitance", Dimension::capacitance, 1e-18, 1e-9, "of the node with its wires").preset(),
       quantity("path_resistance", Dimension::resistance, 1, 1e9, "of the switch that the ramp comes through").preset(),
       quantity("ramp_time", Dimension::time, 1e-12, 1, "of a set, at least 5 R C").preset(),
       quantity("short_time", Dimension::time, 1e-12, 1, "of a reset").preset()},
      [](const scenario::NeuronSetting& setting) { return std::make_unique<RampedLatch>(setting.values); }};
}

}  // namespace own
