// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/neuron/picoseconds.hpp"
#include "models/support/constants.hpp"

namespace szilard::neuron {
namespace {

using energy::Quanta;

class LandauerIdeal final : public ResetPhysics {
 public:
  LandauerIdeal(std::vector<double> q, double temperature_k) : q_(std::move(q)), temperature_k_(temperature_k) {
    if (!(temperature_k > 0) || !std::isfinite(temperature_k))
      throw std::invalid_argument("landauer_ideal: the temperature must be finite and above 0 K");
    if (q_.empty()) throw std::invalid_argument("landauer_ideal: no activation probabilities");
    const double kt_j = support::kBoltzmann_J_per_K * temperature_k;
    for (double p : q_) {
      if (!(p > 0 && p < 1))
        throw std::invalid_argument(
            "landauer_ideal: an activation probability must lie between 0 and 1, both excluded");
      from_one_.push_back(Quanta::from_joules(-kt_j * std::log(p)));
      from_zero_.push_back(Quanta::from_joules(-kt_j * std::log1p(-p)));
    }
    change_ = Quanta::from_joules(kt_j * support::kLn2);
  }

  std::string name() const override { return "landauer_ideal"; }
  EventEnergy set(std::size_t) const override { return {}; }
  EventEnergy reset(std::size_t neuron, bool state) const override {
    const Quanta work = state ? from_one_.at(neuron) : from_zero_.at(neuron);
    return {work, work, {}};
  }
  EventEnergy change(std::size_t, bool) const override { return {change_, change_, {}}; }
  std::int64_t reset_duration_ps() const override { return 0; }
  energy::Origin origin() const override { return energy::Origin::computed; }
  std::size_t neurons() const override { return q_.size(); }
  bool change_to_one_erases() const override { return true; }
  bool is_reversible() const override { return true; }
  std::string law() const override {
    return "E = -kT ln q from state 1, -kT ln(1 - q) from state 0; on_change: kT ln2 a change";
  }
  std::vector<energy::Coefficient> coefficients() const override {
    const auto [least, most] = std::minmax_element(q_.begin(), q_.end());
    std::vector<energy::Coefficient> list = {
        {"Boltzmann constant", {support::kBoltzmann_J_per_K, "CODATA 2018, exact", "read"}, "J/K"},
        {"temperature", {temperature_k_, "scenario", "user"}, "K"}};
    if (*least == *most) {
      list.push_back({"activation probability q of the protocol", {*least, "protocol", "choice"}, ""});
    } else {
      list.push_back({"least activation probability q of the protocol", {*least, "calibration", "choice"}, ""});
      list.push_back({"largest activation probability q of the protocol", {*most, "calibration", "choice"}, ""});
    }
    return list;
  }

 private:
  std::vector<double> q_;
  double temperature_k_;
  std::vector<Quanta> from_one_, from_zero_;
  Quanta change_;
};

class CmosLatchReset final : public ResetPhysics {
 public:
  explicit CmosLatchReset(CmosLatch latch) : latch_(std::move(latch)) {
    const double v = latch_.supply_v, c = latch_.capacitance_f;
    if (!(v > 0) || !std::isfinite(v)) throw std::invalid_argument("cmos_latch: the supply voltage must be above 0 V");
    if (!(c > 0) || !std::isfinite(c)) throw std::invalid_argument("cmos_latch: the capacitance must be above 0 F");
    if (!(latch_.reset_time_s > 0)) throw std::invalid_argument("cmos_latch: the reset time must be above 0 s");
    duration_ps_ = picoseconds(latch_.reset_time_s, "cmos_latch: reset time");
    // The supply delivers the charge C V at V; the path that charges and the node itself each account for what they
    // see.
    const double charge_c = c * v;
    supplied_ = Quanta::from_joules(charge_c * v);
    charging_loss_ = Quanta::from_joules(0.5 * c * v * v);
    node_ = Quanta::from_joules(0.5 * charge_c * charge_c / c);
  }

  std::string name() const override { return "cmos_latch"; }
  EventEnergy set(std::size_t) const override { return {supplied_, charging_loss_, node_}; }
  EventEnergy reset(std::size_t, bool state) const override {
    return state ? EventEnergy{{}, node_, -node_} : EventEnergy{};
  }
  EventEnergy change(std::size_t neuron, bool from) const override { return from ? reset(neuron, true) : set(neuron); }
  EventEnergy flip(std::size_t neuron, bool from) const override { return change(neuron, from); }
  std::int64_t reset_duration_ps() const override { return duration_ps_; }
  energy::Origin origin() const override { return energy::Origin::computed; }
  std::string law() const override {
    return "E = C V^2 from the supply a set, half dissipated in charging, half stored and dissipated at the reset";
  }
  std::vector<energy::Coefficient> coefficients() const override {
    return {{"supply voltage", latch_.supply_v, "V"}, {"node capacitance", latch_.capacitance_f, "F"}};
  }

 private:
  CmosLatch latch_;
  std::int64_t duration_ps_ = 0;
  Quanta supplied_, charging_loss_, node_;
};

}  // namespace

void ResetPhysics::draw(std::uint64_t, std::size_t, const std::uint8_t*, DrawnReset*) const {
  throw std::logic_error(name() + ": resets are not drawn");
}

CalibratedWork ResetPhysics::calibrated_work(std::size_t, bool) const {
  throw std::logic_error(name() + ": resets are not drawn");
}

std::unique_ptr<ResetPhysics> make_landauer_ideal(std::vector<double> q, double temperature_k) {
  return std::make_unique<LandauerIdeal>(std::move(q), temperature_k);
}

std::unique_ptr<ResetPhysics> make_cmos_latch(const CmosLatch& latch) {
  return std::make_unique<CmosLatchReset>(latch);
}

}  // namespace szilard::neuron
