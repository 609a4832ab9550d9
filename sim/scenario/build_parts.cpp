// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Media of capacitors, and parts beside the signal path.
#include <map>

#include "sim/scenario/build.hpp"

namespace szilard::scenario {

namespace {

std::optional<support::Parameter> given(const Reading& reading, const char* key) {
  const Value* value = reading.find(key);
  return value ? std::optional<support::Parameter>(value->parameter()) : std::nullopt;
}

PartSpec::Per per_of(const Reading& part) {
  if (part.is("per", "input")) return PartSpec::Per::input;
  if (part.is("per", "output")) return PartSpec::Per::output;
  if (part.is("per", "product")) return PartSpec::Per::product;
  if (part.is("per", "mac")) return PartSpec::Per::mac;
  return PartSpec::Per::inference;
}

}  // namespace

capacitive::CapacitiveParameters capacitive_of(const Reading& linear, double temperature_k) {
  const auto parameter = [&](const char* key) { return given(linear, key).value_or(support::Parameter{}); };
  capacitive::CapacitiveParameters crossbar;
  crossbar.rows = linear.at("rows").integer;
  crossbar.columns = linear.at("columns").integer;
  crossbar.input_bits = static_cast<int>(linear.at("input_bits").integer);
  crossbar.weight_bits = static_cast<int>(linear.at("weight_bits").integer);
  if (linear.is("product", "xnor")) crossbar.product = capacitive::CellProduct::equality;
  if (linear.is("coupling", "shared_charge")) crossbar.coupling = capacitive::Coupling::shared_charge;
  crossbar.supply_v = parameter("supply_voltage");
  crossbar.cell_capacitance_f = parameter("cell_capacitance");
  crossbar.node_capacitance_per_cell_f = parameter("node_capacitance_per_cell");
  crossbar.column_capacitance_per_cell_f = parameter("column_capacitance_per_cell");
  crossbar.clock_capacitance_per_cell_f = parameter("clock_capacitance_per_cell");
  crossbar.driver_fan_out = parameter("driver_fan_out");
  crossbar.row_capacitance_per_cell_f = parameter("row_capacitance_per_cell");
  crossbar.row_capacitance_f = parameter("row_capacitance");
  crossbar.capacitor_mismatch = parameter("capacitor_mismatch");
  crossbar.cycle_time_s = parameter("cycle_time");
  if (const Value* range = linear.find("conversion_range")) crossbar.range = range->number;
  crossbar.temperature_k = temperature_k;
  crossbar.addition_j = parameter("addition_energy");
  crossbar.cell_m2 = given(linear, "cell_area");
  return crossbar;
}

std::vector<PartSpec> parts_of(const Value& parts) {
  std::vector<PartSpec> specs;
  std::map<std::string, std::size_t> places;
  for (const Reading& part : parts.below) {
    PartSpec spec;
    spec.path = part.at("name").text;
    spec.count = static_cast<std::int64_t>(part.at("count").integer);
    if (const Value* in = part.find("in")) {
      const PartSpec& whole = specs[places.at(in->text)];
      spec.path = whole.path + "/" + spec.path;
      spec.count *= whole.count;
    }
    spec.mechanism = part.at("mechanism").text;
    spec.power_w = given(part, "power");
    spec.time_s = given(part, "time");
    if (part.is("during", "interval")) spec.during = PartSpec::During::interval;
    spec.energy_j = given(part, "energy");
    spec.per = per_of(part);
    spec.area_m2 = given(part, "area");
    places[part.at("name").text] = specs.size();
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace szilard::scenario
