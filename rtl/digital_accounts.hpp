// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/energy/energy_sink.hpp"
#include "rtl/digital_coefficients.hpp"
#include "rtl/gate_meter.hpp"
#include "rtl/relu_unit/relu_unit.hpp"
#include "rtl/systolic_int8/activity_counts.hpp"
#include "rtl/systolic_int8/array_model.hpp"

namespace szilard::rtl {

/// The accounts of one digital part: E = count x coefficient for each mechanism, as dissipated, and the same charge
/// drawn from the part's supply as supplied. The supply's sum is formed on its own, in double precision over all
/// mechanisms, while each dissipated entry is an exact multiple of its coefficient in quanta: closure can fail.
template <class Activity>
class PartAccounts {
 public:
  struct Mechanism {
    std::string name;     ///< "multiply"
    std::string law;      ///< "count x energy per 8 x 8 bit multiplication"
    std::string counted;  ///< "multiplications"
    energy::Coefficient coefficient;
    double event_j = 0;  ///< energy of one counted event
    std::function<std::uint64_t(const Activity&)> count;
  };

  PartAccounts(std::string component, std::vector<Mechanism> mechanisms);
  void open(energy::EnergySink& sink);
  void post(energy::EnergySink& sink, std::uint64_t sample, const Activity& activity) const;
  const std::string& component() const { return component_; }
  /// What post() books as dissipated.
  energy::Quanta dissipated(const Activity& activity) const;

 private:
  std::string component_;
  std::vector<Mechanism> mechanisms_;
  std::vector<energy::Quanta> event_quanta_;
  std::vector<energy::AccountId> accounts_;
  energy::AccountId supply_ = 0;
};

extern template class PartAccounts<ActivityCounts>;
extern template class PartAccounts<ReluActivity>;

/// Parts of one layer on the array: LAYER/array (multiply, requantise, add, register_switching, clock, leakage),
/// LAYER/weight_sram, LAYER/activation_sram (with the result memory) and LAYER/accumulator_sram (with the bias memory),
/// each sram_read and sram_write.
std::vector<PartAccounts<ActivityCounts>> systolic_layer_accounts(const std::string& layer_component,
                                                                  const ArrayGeometry& geometry,
                                                                  const DigitalCoefficients& coefficients,
                                                                  double clock_period_s);
/// The ReLU unit: register_switching, clock, leakage.
PartAccounts<ReluActivity> relu_unit_accounts(const std::string& component, std::uint64_t register_bits,
                                              const DigitalCoefficients& coefficients, double clock_period_s);

/// One layer's logic, metered gate by gate: switching, internal, wire, clock and leakage as dissipated. What the supply
/// gives is formed on its own, as the sum in double precision over all mechanisms.
class GateAccounts {
 public:
  explicit GateAccounts(std::string component) : component_(std::move(component)) {}
  void open(energy::EnergySink& sink, const std::string& netlist_note);
  void post(energy::EnergySink& sink, std::uint64_t sample, const GateEnergy& energy) const;
  const std::string& component() const { return component_; }

 private:
  std::string component_;
  std::vector<energy::AccountId> accounts_;
  energy::AccountId supply_ = 0;
};

/// Throws std::invalid_argument naming a coefficient that is negative or not finite.
void validate(const DigitalCoefficients& coefficients);

}  // namespace szilard::rtl
