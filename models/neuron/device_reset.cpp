// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "models/neuron/failing_reset.hpp"
#include "models/neuron/picoseconds.hpp"

namespace szilard::neuron {
namespace {

using energy::Coefficient;
using energy::Quanta;

class Device final : public FailingReset {
 public:
  Device(reset_physics::DeviceReset device, std::size_t neurons, const DrawSeed& seed)
      : FailingReset(seed, picoseconds(device.reset_time_s, device.name + ": reset time")),
        device_(std::move(device)),
        neurons_(neurons),
        error_(device_.error_probability()),
        set_ps_(picoseconds(device_.set_time_s, device_.name + ": set time")),
        set_(Quanta::from_joules(is_volatile() ? 0.0 : device_.set_j.value)),
        reset_(Quanta::from_joules(is_volatile() ? device_.set_j : device_.reset_j)) {
    if (neurons == 0) throw std::invalid_argument(device_.name + ": no neurons");
    if (!(device_.set_j >= 0 && device_.reset_j >= 0))
      throw std::invalid_argument(device_.name + ": energies must not be negative");
  }

  std::string name() const override { return device_.name; }
  EventEnergy set(std::size_t) const override { return {set_, set_, {}}; }
  EventEnergy reset(std::size_t, bool state) const override {
    return state ? EventEnergy{reset_, reset_, {}} : EventEnergy{};
  }
  /// What a spike takes is booked where it ends, by itself too; a device that switches on by itself draws what a set
  /// does.
  EventEnergy flip(std::size_t neuron, bool from) const override {
    return from ? (is_volatile() ? reset(neuron, true) : EventEnergy{}) : set(neuron);
  }
  std::int64_t set_duration_ps() const override { return set_ps_; }
  energy::Origin origin() const override { return energy::Origin::table; }
  std::size_t neurons() const override { return neurons_; }
  std::string law() const override {
    return is_volatile() ? "count x energy of a spike, as cited, booked where it ends"
                         : "count x energy of a set or reset, as cited; all of it dissipated";
  }
  std::vector<Coefficient> coefficients() const override {
    return {{is_volatile() ? "energy of a spike" : "energy of a set", device_.set_j, "J"},
            {"energy of a reset", device_.reset_j, "J"},
            {"spread of the threshold", device_.spread, ""},
            {"margin of the drive", device_.margin, ""}};
  }

 private:
  bool is_volatile() const { return device_.is_volatile(); }
  double error(bool state) const override { return state ? error_ : 0; }

  reset_physics::DeviceReset device_;
  std::size_t neurons_;
  double error_;
  std::int64_t set_ps_;
  Quanta set_, reset_;
};

}  // namespace

std::unique_ptr<ResetPhysics> make_device_reset(reset_physics::DeviceReset device, std::size_t neurons,
                                                const DrawSeed& seed) {
  return std::make_unique<Device>(std::move(device), neurons, seed);
}

}  // namespace szilard::neuron
