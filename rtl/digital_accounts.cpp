// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/digital_accounts.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace szilard::rtl {
namespace {

template <class Activity>
typename PartAccounts<Activity>::Mechanism mechanism(const std::string& name, const std::string& counted,
                                                     const std::string& coefficient_name,
                                                     const support::Parameter& coefficient,
                                                     std::function<std::uint64_t(const Activity&)> count) {
  return {name,
          "E = " + counted + " x " + coefficient_name,
          counted,
          {coefficient_name, coefficient, "J"},
          coefficient.value,
          std::move(count)};
}

template <class Activity>
typename PartAccounts<Activity>::Mechanism leakage(std::uint64_t register_bits, const DigitalCoefficients& coefficients,
                                                   double clock_period_s) {
  const support::Parameter& power = coefficients.leakage_w_per_register_bit;
  return {"leakage",
          "E = register bits x clock cycles x clock period x leakage per register bit; " +
              std::to_string(register_bits) + " register bits",
          "register bits x clock cycles",
          {"leakage per register bit", power, "W"},
          power.value * clock_period_s,
          [register_bits](const Activity& a) { return register_bits * a.cycles; }};
}

using Counts = const ActivityCounts&;

PartAccounts<ActivityCounts> array_part(const std::string& component, const ArrayGeometry& geometry,
                                        const DigitalCoefficients& c, double clock_period_s) {
  using Mechanism = PartAccounts<ActivityCounts>::Mechanism;
  std::vector<Mechanism> mechanisms;
  if (geometry.floating) {
    mechanisms.push_back(mechanism<ActivityCounts>("multiply", "multiplications",
                                                   "energy per 16-bit floating point multiplication", c.multiply_bf16_j,
                                                   [](Counts a) { return a.multiplications; }));
    mechanisms.push_back(mechanism<ActivityCounts>("add", "additions", "energy per 32-bit floating point addition",
                                                   c.add_float32_j, [](Counts a) { return a.additions; }));
  } else {
    mechanisms.push_back(mechanism<ActivityCounts>("multiply", "multiplications", "energy per 8 x 8 bit multiplication",
                                                   c.multiply_j, [](Counts a) { return a.multiplications; }));
    mechanisms.push_back(
        {"requantise",
         "E = partial multiplications x energy per 8 x 8 bit multiplication: one of 32 x 16 bits is 8 of them",
         "partial multiplications",
         {"energy per 8 x 8 bit multiplication", c.multiply_j, "J"},
         c.multiply_j.value,
         [](Counts a) { return 8 * a.requantisations; }});
    mechanisms.push_back(mechanism<ActivityCounts>("add", "additions", "energy per 32-bit addition", c.add_j,
                                                   [](Counts a) { return a.additions; }));
  }
  mechanisms.push_back(mechanism<ActivityCounts>("register_switching", "register bits toggled",
                                                 "energy per register toggle", c.register_toggle_j,
                                                 [](Counts a) { return a.bits_toggled(); }));
  mechanisms.push_back(mechanism<ActivityCounts>("clock", "register bits clocked", "clock energy per register bit",
                                                 c.clock_j_per_register_bit,
                                                 [](Counts a) { return a.bits_written(); }));
  mechanisms.push_back(leakage<ActivityCounts>(geometry.register_bits, c, clock_period_s));
  return PartAccounts<ActivityCounts>(component + "/array", std::move(mechanisms));
}

PartAccounts<ActivityCounts> sram_part(const std::string& component, const DigitalCoefficients& c,
                                       std::function<std::uint64_t(Counts)> bits_read,
                                       std::function<std::uint64_t(Counts)> bits_written) {
  return PartAccounts<ActivityCounts>(
      component, {mechanism<ActivityCounts>("sram_read", "bits read", "read energy per bit", c.sram_read_j_per_bit,
                                            std::move(bits_read)),
                  mechanism<ActivityCounts>("sram_write", "bits written", "write energy per bit",
                                            c.sram_write_j_per_bit, std::move(bits_written))});
}

}  // namespace

template <class Activity>
PartAccounts<Activity>::PartAccounts(std::string component, std::vector<Mechanism> mechanisms)
    : component_(std::move(component)), mechanisms_(std::move(mechanisms)) {
  for (const Mechanism& m : mechanisms_) event_quanta_.push_back(energy::Quanta::from_joules(m.event_j));
}

template <class Activity>
void PartAccounts<Activity>::open(energy::EnergySink& sink) {
  energy::AccountInfo supply{component_,
                             "supply",
                             energy::Fate::supplied,
                             energy::Origin::table,
                             "E = sum over mechanisms of count x coefficient, drawn from the supply",
                             "events",
                             {}};
  for (const Mechanism& m : mechanisms_) {
    accounts_.push_back(sink.open(
        {component_, m.name, energy::Fate::dissipated, energy::Origin::table, m.law, m.counted, {m.coefficient}}));
    supply.coefficients.push_back(m.coefficient);
  }
  supply_ = sink.open(supply);
}

template <class Activity>
void PartAccounts<Activity>::post(energy::EnergySink& sink, std::uint64_t sample, const Activity& activity) const {
  double drawn_j = 0;
  std::int64_t events = 0;
  for (std::size_t i = 0; i < mechanisms_.size(); ++i) {
    const auto count = static_cast<std::int64_t>(mechanisms_[i].count(activity));
    if (count == 0) continue;
    sink.post(accounts_[i], sample, event_quanta_[i] * count, count);
    drawn_j += static_cast<double>(count) * mechanisms_[i].event_j;
    events += count;
  }
  if (events > 0) sink.post_joules(supply_, sample, drawn_j, events);
}

template <class Activity>
energy::Quanta PartAccounts<Activity>::dissipated(const Activity& activity) const {
  energy::Quanta sum;
  for (std::size_t i = 0; i < mechanisms_.size(); ++i) {
    sum += event_quanta_[i] * static_cast<std::int64_t>(mechanisms_[i].count(activity));
  }
  return sum;
}

template class PartAccounts<ActivityCounts>;
template class PartAccounts<ReluActivity>;

std::vector<PartAccounts<ActivityCounts>> systolic_layer_accounts(const std::string& layer_component,
                                                                  const ArrayGeometry& geometry,
                                                                  const DigitalCoefficients& coefficients,
                                                                  double clock_period_s) {
  const std::uint64_t word = 8 * geometry.word_bytes();
  const std::uint64_t row = word * geometry.rows, column = word * geometry.columns, wide = 32 * geometry.columns;
  return {array_part(layer_component, geometry, coefficients, clock_period_s),
          sram_part(
              layer_component + "/weight_sram", coefficients, [column](Counts a) { return a.weight_reads * column; },
              [column](Counts a) { return a.weight_writes * column; }),
          sram_part(
              layer_component + "/activation_sram", coefficients,
              [row, column](Counts a) { return a.activation_reads * row + a.result_reads * column; },
              [row, column](Counts a) { return a.activation_writes * row + a.result_writes * column; }),
          sram_part(
              layer_component + "/accumulator_sram", coefficients,
              [wide](Counts a) { return (a.accumulator_reads + a.bias_reads) * wide; },
              [wide](Counts a) { return (a.accumulator_writes + a.bias_writes) * wide; })};
}

PartAccounts<ReluActivity> relu_unit_accounts(const std::string& component, std::uint64_t register_bits,
                                              const DigitalCoefficients& coefficients, double clock_period_s) {
  return PartAccounts<ReluActivity>(
      component,
      {mechanism<ReluActivity>("register_switching", "register bits toggled", "energy per register toggle",
                               coefficients.register_toggle_j, [](const ReluActivity& a) { return a.bits_toggled; }),
       mechanism<ReluActivity>("clock", "register bits clocked", "clock energy per register bit",
                               coefficients.clock_j_per_register_bit,
                               [](const ReluActivity& a) { return a.bits_written; }),
       leakage<ReluActivity>(register_bits, coefficients, clock_period_s)});
}

void GateAccounts::open(energy::EnergySink& sink, const std::string& netlist_note) {
  const auto account = [&](const char* mechanism, energy::Fate fate, const std::string& law, const char* counted) {
    return sink.open({component_, mechanism, fate, energy::Origin::computed, law + "; " + netlist_note, counted, {}});
  };
  using energy::Fate;
  accounts_ = {
      account("switching", Fate::dissipated, "E = sum over nets of toggles x 1/2 C V^2, C of the pins driven",
              "clock cycles"),
      account("internal", Fate::dissipated, "E = sum over toggles of internal_power(slew, load) of the cell",
              "clock cycles"),
      account("wire", Fate::dissipated, "E = sum over nets of toggles x 1/2 C V^2, C of the wire, estimated",
              "clock cycles"),
      account("clock", Fate::dissipated,
              "E = clock cycles x (C V^2 of the clock net + internal_power of the clock pins)", "clock cycles"),
      account("leakage", Fate::dissipated, "E = clock cycles x period x leakage power of the cells", "clock cycles")};
  supply_ = account("supply", Fate::supplied, "E = sum over mechanisms, drawn from the supply", "clock cycles");
}

void GateAccounts::post(energy::EnergySink& sink, std::uint64_t sample, const GateEnergy& e) const {
  if (e.cycles == 0) return;
  const double parts[] = {e.switching_j, e.internal_j, e.wire_j, e.clock_j, e.leakage_j};
  const auto cycles = static_cast<std::int64_t>(e.cycles);
  for (std::size_t i = 0; i < accounts_.size(); ++i)
    if (parts[i] != 0) sink.post_joules(accounts_[i], sample, parts[i], cycles);
  sink.post_joules(supply_, sample, e.total_j(), cycles);
}

void validate(const DigitalCoefficients& coefficients) {
  const std::pair<const char*, double> all[] = {
      {"multiply_j", coefficients.multiply_j},
      {"add_j", coefficients.add_j},
      {"multiply_bf16_j", coefficients.multiply_bf16_j},
      {"add_float32_j", coefficients.add_float32_j},
      {"register_toggle_j", coefficients.register_toggle_j},
      {"sram_read_j_per_bit", coefficients.sram_read_j_per_bit},
      {"sram_write_j_per_bit", coefficients.sram_write_j_per_bit},
      {"clock_j_per_register_bit", coefficients.clock_j_per_register_bit},
      {"leakage_w_per_register_bit", coefficients.leakage_w_per_register_bit}};
  for (const auto& [name, value] : all) {
    if (!std::isfinite(value) || value < 0) {
      throw std::invalid_argument(std::string("digital coefficient ") + name + " is negative or not finite");
    }
  }
}

}  // namespace szilard::rtl
