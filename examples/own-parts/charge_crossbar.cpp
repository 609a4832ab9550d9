// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "charge_crossbar.hpp"

#include <models/linear/apply.hpp>
#include <models/support/philox.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace own {
namespace {

using namespace szilard;

class ChargeCrossbar final : public linear::LinearStage {
 public:
  explicit ChargeCrossbar(const scenario::MediumSetting& setting)
      : map_(setting.map),
        built_(setting.map),
        capacitance_f_(setting.values.parameter("maximum_capacitance")),
        voltage_v_(setting.values.parameter("row_voltage")),
        duration_ps_(std::llround(setting.values.number("cycle_time") * 1e12) *
                     static_cast<std::int64_t>(setting.map.positions)),
        volt_per_input_(setting.input_full_scale > 0 ? voltage_v_ / setting.input_full_scale : 0) {
    const support::RandomStream mismatch(setting.seed, support::stream_of((setting.stream_name + "/mismatch").c_str()));
    const double sigma = setting.values.number("mismatch");
    const double largest = map_.weights.size() > 0 ? map_.weights.cwiseAbs().maxCoeff() : 0;
    row_f_.assign(map_.groups * map_.terms, 0);
    for (Eigen::Index o = 0; o < map_.weights.rows(); ++o) {
      for (Eigen::Index k = 0; k < map_.weights.cols(); ++k) {
        const double share = largest > 0 ? std::abs(map_.weights(o, k)) / largest : 0;  // C / C_max
        if (share == 0) continue;
        const auto cell = static_cast<std::uint32_t>(o * map_.weights.cols() + k);
        const double off = std::max(-1.0, sigma / std::sqrt(share) * mismatch.gaussian(0, cell));
        built_.weights(o, k) *= 1 + off;
        const std::size_t group = static_cast<std::size_t>(o) / map_.outputs;
        row_f_[group * map_.terms + static_cast<std::size_t>(k)] += capacitance_f_ * share * (1 + off);
      }
    }
  }

  const linear::LinearMap& map() const override { return map_; }
  std::int64_t duration_ps() const override { return duration_ps_; }

  void open_accounts(const std::string& component, energy::EnergySink& sink) override {
    energy::AccountInfo account;
    account.component = component + "/array";
    account.mechanism = "capacitor_charging";
    account.law = "E = sum over products of (C+ + C-) V_k^2";
    account.counted = "products";
    account.coefficients = {{"largest capacitance", capacitance_f_, "F"},
                            {"row voltage at full scale", voltage_v_, "V"}};
    account.fate = energy::Fate::supplied;
    supplied_ = sink.open(account);
    account.fate = energy::Fate::dissipated;
    dissipated_ = sink.open(account);
  }

  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override {
    support::SignalBlock y = x.sibling(map_.total_outputs());
    linear::apply(built_, x, y);
    for (std::size_t s = 0; s < x.samples(); ++s) {
      double energy_j = 0;
      for (std::size_t i = 0; i < map_.gather.size(); ++i) {
        if (map_.gather[i] < 0) continue;
        const double row_v = volt_per_input_ * x.at(static_cast<std::size_t>(map_.gather[i]), s);
        energy_j += row_f_[i / (map_.positions * map_.terms) * map_.terms + i % map_.terms] * row_v * row_v;
      }
      const auto products = static_cast<std::int64_t>(map_.macs());
      sink.post_joules(supplied_, x.first_sample() + s, energy_j, products);
      sink.post_joules(dissipated_, x.first_sample() + s, energy_j, products);
    }
    return y;
  }

 private:
  linear::LinearMap map_, built_;  // as the network has it, as it was built
  support::Parameter capacitance_f_, voltage_v_;
  std::int64_t duration_ps_;
  double volt_per_input_;
  std::vector<double> row_f_;  // all capacitors of a row: groups x terms
  energy::AccountId supplied_ = 0, dissipated_ = 0;
};

}  // namespace

scenario::OwnMedium charge_crossbar() {
  using scenario::quantity;
  using support::Dimension;
  return {"charge_crossbar",
          "pairs of capacitors: products as charge",
          {quantity("maximum_capacitance", Dimension::capacitance, 1e-18, 1e-9, "of the largest weight").preset(),
           quantity("row_voltage", Dimension::voltage, 1e-6, 100, "that stands for full scale").preset(),
           quantity("cycle_time", Dimension::time, 1e-12, 1, "to charge, read and discharge").preset(),
           quantity("mismatch", Dimension::ratio, 0, 1,
                    "standard deviation of the largest capacitor, relative; smaller ones more")
               .fallback("0")},
          [](const scenario::MediumSetting& setting) { return std::make_unique<ChargeCrossbar>(setting); }};
}

}  // namespace own
