// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/read_energy.hpp"

#include <algorithm>
#include <stdexcept>

#include "models/linear/product.hpp"

namespace szilard::electronic {
namespace {

using support::Parameter;

double square(double value) { return value * value; }

}  // namespace

ReadEnergy::ReadEnergy(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
                       double input_full_scale)
    : parameters_(parameters),
      input_full_scale_(input_full_scale),
      square_volt_seconds_(square(parameters.read_voltage_v / input_full_scale) * parameters.read_time_s),
      square_volts_(square(parameters.read_voltage_v / input_full_scale)),
      column_tiles_(array.column_tiles()),
      reads_(static_cast<std::int64_t>(map.positions)),
      row_pulses_(std::count_if(map.gather.begin(), map.gather.end(), [](std::int32_t f) { return f >= 0; })),
      line_pulses_(row_pulses_ * static_cast<std::int64_t>(array.column_tiles())),
      dac_conversions_(row_pulses_),
      adc_conversions_(static_cast<std::int64_t>(map.total_outputs())) {
  sum_terminals(map, array);
  sum_tiles(map, array);
  if (parameters_.input) {
    dac_energy_ = energy::Quanta::from_joules(parameters_.input->energy_per_conversion_j) * dac_conversions_;
  }
  if (parameters_.output) {
    adc_energy_ = energy::Quanta::from_joules(parameters_.output->energy_per_conversion_j) * adc_conversions_;
  }
}

void ReadEnergy::sum_terminals(const linear::LinearMap& map, const ProgrammedArray& array) {
  terminals_j_.assign(2 * map.inputs, 0.0);
  const double line_capacitance_f =
      parameters_.row_capacitance_per_cell_f * static_cast<double>(parameters_.columns * column_tiles_);
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t k = 0; k < map.terms; ++k) {
      const double current_per_volt = array.row_conductance(g, k);
      for (std::size_t p = 0; p < map.positions; ++p) {
        const std::int32_t f = map.gather[(g * map.positions + p) * map.terms + k];
        if (f < 0) continue;
        terminals_j_[f] += current_per_volt * square_volt_seconds_;
        terminals_j_[map.inputs + f] += line_capacitance_f * square_volts_;
      }
    }
  }
}

void ReadEnergy::sum_tiles(const linear::LinearMap& map, const ProgrammedArray& array) {
  const double capacitance_f = parameters_.row_capacitance_per_cell_f;
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t r = 0; r < array.row_tiles(); ++r) {
      const std::size_t first = r * parameters_.rows, last = first + array.rows_used(r);
      std::int32_t low = static_cast<std::int32_t>(map.inputs), high = -1;
      for (std::size_t p = 0; p < map.positions; ++p) {
        const std::int32_t* gather = &map.gather[(g * map.positions + p) * map.terms];
        for (std::size_t k = first; k < last; ++k) {
          if (gather[k] < 0) continue;
          low = std::min(low, gather[k]);
          high = std::max(high, gather[k]);
        }
      }
      RowTile tile;
      tile.first_feature = high < 0 ? 0 : static_cast<std::size_t>(low);
      tile.features = high < 0 ? 0 : static_cast<std::size_t>(high - low + 1);
      tile.coefficients_j.assign((column_tiles_ + 1) * tile.features, 0.0);
      for (std::size_t c = 0; c <= column_tiles_; ++c) {
        const bool is_charging = c == column_tiles_;
        for (std::size_t k = first; k < last; ++k) {
          double energy_j = 0;
          if (!is_charging) {
            energy_j = square_volt_seconds_ * array.tile_row_conductance(g, c, k);
          } else {
            const double line_f = capacitance_f * static_cast<double>(parameters_.columns);
            const double charging_j = 0.5 * line_f * square_volts_, discharging_j = 0.5 * line_f * square_volts_;
            energy_j = static_cast<double>(column_tiles_) * (charging_j + discharging_j);
          }
          for (std::size_t p = 0; p < map.positions; ++p) {
            const std::int32_t f = map.gather[(g * map.positions + p) * map.terms + k];
            if (f >= 0) tile.coefficients_j[c * tile.features + (f - tile.first_feature)] += energy_j;
          }
        }
      }
      row_tiles_.push_back(std::move(tile));
      for (std::size_t c = 0; c < column_tiles_; ++c) {
        tiles_.push_back({"tile_" + std::to_string(row_tiles_.size() - 1) + "_" + std::to_string(c), array.rows_used(r),
                          array.columns_used(c), parameters_.rows, parameters_.columns});
      }
    }
  }
}

std::vector<energy::Coefficient> ReadEnergy::read_coefficients() const {
  const Device& device = parameters_.device;
  return {{"read voltage", parameters_.read_voltage_v, "V"},
          {"read time", parameters_.read_time_s, "s"},
          {"input full scale", Parameter(input_full_scale_, "calibration of the layer", "choice"), ""},
          {"minimum conductance", device.minimum_conductance_s, "S"},
          {"maximum conductance", device.maximum_conductance_s, "S"}};
}

void ReadEnergy::open_converter(const std::string& component, const std::string& mechanism, const Converter& converter,
                                energy::EnergySink& sink, energy::AccountId& supplied,
                                energy::AccountId& dissipated) const {
  energy::AccountInfo info;
  info.component = component + "/" + mechanism;
  info.mechanism = mechanism;
  info.origin = energy::Origin::table;
  info.law = "E = conversions x energy per conversion";
  info.counted = "conversions";
  info.coefficients = {{"energy per conversion", converter.energy_per_conversion_j, "J"}};
  info.fate = energy::Fate::supplied;
  supplied = sink.open(info);
  info.fate = energy::Fate::dissipated;
  dissipated = sink.open(info);
}

void ReadEnergy::open_accounts(const std::string& component, energy::EnergySink& sink) {
  if (is_open_) throw std::logic_error("accounts of " + component + " are open already");
  energy::AccountInfo drive{component + "/driver", "row_drive", energy::Fate::supplied, energy::Origin::computed,
                            "E = sum V_i I_i t over row pulses, V_i = read voltage x_i / input full scale", "row pulses",
                            read_coefficients()};
  accounts_.drive_supplied = sink.open(drive);
  drive.fate = energy::Fate::exported;
  drive.law = "E = sum over tiles of the energy that each receives";
  drive.counted = "tile reads";
  accounts_.drive_exported = sink.open(drive);

  energy::AccountInfo charging{component + "/driver", "line_charging", energy::Fate::supplied, energy::Origin::computed,
                               "E = sum C V^2 over word line pulses, C = capacitance per cell x columns of the tile",
                               "word line pulses",
                               {{"read voltage", parameters_.read_voltage_v, "V"},
                                {"capacitance per cell", parameters_.row_capacitance_per_cell_f, "F"},
                                {"columns", Parameter(static_cast<double>(parameters_.columns)), ""}}};
  accounts_.charging_supplied = sink.open(charging);
  charging.fate = energy::Fate::dissipated;
  charging.law = "E = sum (1/2 C V^2 charging + 1/2 C V^2 discharging) over word line pulses";
  accounts_.charging_dissipated = sink.open(charging);

  for (const TileReport& tile : tiles_) {
    energy::AccountInfo info{component + "/" + tile.name, "row_drive", energy::Fate::received, energy::Origin::computed,
                             "E = sum V_i^2 G_ij t over cells", "reads", read_coefficients()};
    accounts_.received.push_back(sink.open(info));
    info.mechanism = "joule_heating";
    info.fate = energy::Fate::dissipated;
    accounts_.dissipated.push_back(sink.open(info));
  }
  if (parameters_.input) {
    open_converter(component, "dac", *parameters_.input, sink, accounts_.dac_supplied, accounts_.dac_dissipated);
  }
  if (parameters_.output) {
    open_converter(component, "adc", *parameters_.output, sink, accounts_.adc_supplied, accounts_.adc_dissipated);
  }
  is_open_ = true;
}

void ReadEnergy::post(const double* squares, std::size_t stride, std::size_t lanes, std::uint64_t first_sample,
                      std::size_t samples, energy::EnergySink& sink) {
  if (!is_open_) throw std::logic_error("open_accounts() must come before forward()");
  const std::size_t features = terminals_j_.size() / 2;
  std::vector<const double*> in(features);
  for (std::size_t f = 0; f < features; ++f) in[f] = squares + f * stride;
  std::vector<double*> out(std::max<std::size_t>(2, column_tiles_ + 1));

  terminal_rows_j_.resize(2 * lanes);
  for (std::size_t i = 0; i < 2; ++i) out[i] = &terminal_rows_j_[i * lanes];
  linear::product(terminals_j_.data(), features, nullptr, in.data(), 2, features, lanes, out.data());

  const std::size_t rows_per_tile = column_tiles_ + 1;
  tile_rows_j_.assign(row_tiles_.size() * rows_per_tile * lanes, 0.0);
  for (std::size_t r = 0; r < row_tiles_.size(); ++r) {
    const RowTile& tile = row_tiles_[r];
    if (tile.features == 0) continue;
    for (std::size_t c = 0; c < rows_per_tile; ++c) out[c] = &tile_rows_j_[(r * rows_per_tile + c) * lanes];
    linear::product(tile.coefficients_j.data(), tile.features, nullptr, in.data() + tile.first_feature, rows_per_tile,
                    tile.features, lanes, out.data());
  }
  for (std::size_t s = 0; s < samples; ++s) post_sample(first_sample + s, s, lanes, sink);
}

void ReadEnergy::post_sample(std::uint64_t sample, std::size_t lane, std::size_t lanes, energy::EnergySink& sink) const {
  const std::size_t rows_per_tile = column_tiles_ + 1;
  energy::Quanta exported, charging;
  for (std::size_t r = 0; r < row_tiles_.size(); ++r) {
    const double* rows = &tile_rows_j_[r * rows_per_tile * lanes + lane];
    for (std::size_t c = 0; c < column_tiles_; ++c) {
      const auto heat = energy::Quanta::from_joules(rows[c * lanes]);
      exported += heat;
      sink.post(accounts_.received[r * column_tiles_ + c], sample, heat, reads_);
      sink.post(accounts_.dissipated[r * column_tiles_ + c], sample, heat, reads_);
    }
    charging += energy::Quanta::from_joules(rows[column_tiles_ * lanes]);
  }
  sink.post_joules(accounts_.drive_supplied, sample, terminal_rows_j_[lane], row_pulses_);
  sink.post_joules(accounts_.charging_supplied, sample, terminal_rows_j_[lanes + lane], line_pulses_);
  sink.post(accounts_.drive_exported, sample, exported, reads_ * static_cast<std::int64_t>(tiles_.size()));
  sink.post(accounts_.charging_dissipated, sample, charging, line_pulses_);
  if (parameters_.input) {
    sink.post(accounts_.dac_supplied, sample, dac_energy_, dac_conversions_);
    sink.post(accounts_.dac_dissipated, sample, dac_energy_, dac_conversions_);
  }
  if (parameters_.output) {
    sink.post(accounts_.adc_supplied, sample, adc_energy_, adc_conversions_);
    sink.post(accounts_.adc_dissipated, sample, adc_energy_, adc_conversions_);
  }
}

}  // namespace szilard::electronic
