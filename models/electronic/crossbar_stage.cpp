// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/crossbar_stage.hpp"

#include <cmath>
#include <utility>

#include "models/electronic/checks.hpp"
#include "models/electronic/crossbar_impl.hpp"

namespace szilard::electronic {

void CrossbarParameters::check() const {
  require(rows >= 1 && rows <= 4096, "rows", static_cast<double>(rows), "1 to 4096");
  require(columns >= 2 && columns <= 4096, "columns", static_cast<double>(columns), "2 to 4096");
  device.check();
  require_positive(read_voltage_v, "read_voltage_v");
  require_positive(read_time_s, "read_time_s");
  require_not_negative(settling_time_s, "settling_time_s");
  require_not_negative(row_capacitance_per_cell_f, "row_capacitance_per_cell_f");
  require_positive(temperature_k, "temperature_k");
  require(programming.inferences == 0 || (std::isfinite(programming.inferences) && programming.inferences >= 1),
          "programming.inferences", programming.inferences, "0 or at least 1");
  if (programming.inferences > 0) {
    require_positive(programming.write_voltage_v, "programming.write_voltage_v");
    require_positive(programming.write_time_s, "programming.write_time_s");
  }
  if (wires.model != WireModel::none) {
    require_not_negative(wires.word_segment_ohm, "wires.word_segment_ohm");
    require_not_negative(wires.bit_segment_ohm, "wires.bit_segment_ohm");
    require_not_negative(wires.driver_ohm, "wires.driver_ohm");
    require_not_negative(wires.sense_ohm, "wires.sense_ohm");
  }
  if (input) input->check();
  if (precision == Precision::sixteen_bit) {
    const int bits = input ? input->quantiser.bits : 0;
    require(!input || !input->imperfections.any(), "input.imperfections.any", 1, "0 for a precision of sixteen bits");
    require(bits >= 1 && bits <= 8, "input.quantiser.bits", bits, "1 to 8 for a precision of sixteen bits");
  }
  if (output) output->check();
  const auto check_area = [](const std::optional<support::Parameter>& value, const char* name) {
    if (value) require_positive(*value, name);
  };
  check_area(area.cell_m2, "area.cell_m2");
  check_area(area.dac_m2, "area.dac_m2");
  check_area(area.adc_m2, "area.adc_m2");
}

CrossbarStage::CrossbarStage(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale,
                             std::uint64_t seed, const std::string& stream_name) {
  parameters.check();
  require_positive(input_full_scale, "input_full_scale");
  map.check();
  impl_ = std::make_unique<Impl>(std::move(map), std::move(parameters), input_full_scale, seed, stream_name);
}

CrossbarStage::~CrossbarStage() = default;

const linear::LinearMap& CrossbarStage::map() const { return impl_->map(); }

std::int64_t CrossbarStage::duration_ps() const {
  return static_cast<std::int64_t>(std::llround(impl_->converters().read_s() * 1e12)) *
         static_cast<std::int64_t>(map().positions);
}

void CrossbarStage::open_accounts(const std::string& component, energy::EnergySink& sink) {
  impl_->energy().open_accounts(component, sink);
  impl_->converters().open_accounts(component, sink);
}

support::SignalBlock CrossbarStage::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  return impl_->forward(x, sink);
}

std::vector<TileReport> CrossbarStage::tiles() const {
  std::vector<TileReport> tiles = impl_->energy().tiles();
  if (!impl_->parameters().output) return tiles;
  const std::vector<std::size_t>& adcs = impl_->converters().adcs_of_column_tiles();
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const bool is_first_row = i / adcs.size() % impl_->array().row_tiles() == 0;
    if (is_first_row) tiles[i].adcs = adcs[i % adcs.size()];
  }
  return tiles;
}

std::vector<support::AreaPart> CrossbarStage::areas(const std::string& component) const {
  const CrossbarParameters& p = impl_->parameters();
  std::vector<support::AreaPart> parts;
  for (const TileReport& tile : tiles())
    parts.push_back({component + "/" + tile.name, static_cast<std::int64_t>(tile.rows * tile.columns), "cells", p.area.cell_m2});
  if (p.input)
    parts.push_back({component + "/dac", static_cast<std::int64_t>(map().groups * map().terms), "converters", p.area.dac_m2});
  if (p.output) {
    std::size_t adcs = 0;
    for (const TileReport& tile : tiles()) adcs += tile.adcs;
    parts.push_back({component + "/adc", static_cast<std::int64_t>(adcs), "converters", p.area.adc_m2});
  }
  return parts;
}

std::size_t CrossbarStage::cells() const { return impl_->array().cells(); }

std::pair<double, double> CrossbarStage::conductances(std::size_t output, std::size_t term) const {
  const linear::LinearMap& map = impl_->map();
  if (output >= map.groups * map.outputs || term >= map.terms) throw std::out_of_range("no such weight in " + map.name);
  return {impl_->array().positive(output, term), impl_->array().negative(output, term)};
}

}  // namespace szilard::electronic
