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
                       WiredArray* wired, double input_full_scale, const LineCharging& charging)
    : parameters_(parameters),
      map_(&map),
      wired_(wired),
      has_wires_(parameters.wires.model != WireModel::none),
      input_full_scale_(input_full_scale),
      charging_(charging),
      square_volt_seconds_(square(parameters.read_voltage_v / input_full_scale) *
                           (parameters.read_time_s + charging.standing_s)),
      square_volts_(square(parameters.read_voltage_v / input_full_scale)),
      column_tiles_(array.column_tiles()),
      powers_(2 * array.column_tiles() + 1),
      rows_per_tile_(array.column_tiles() + (charging.recovered > 0 ? 4 : 3)),
      reads_(static_cast<std::int64_t>(map.positions)),
      row_pulses_(std::count_if(map.gather.begin(), map.gather.end(), [](std::int32_t f) { return f >= 0; })),
      line_pulses_(row_pulses_ * static_cast<std::int64_t>(array.column_tiles())) {
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t r = 0; r < array.row_tiles(); ++r) {
      for (std::size_t c = 0; c < column_tiles_; ++c) tiles_.push_back(tile_report(array, g, r, c));
      row_tiles_.push_back(row_tile(map, array, g, r));
    }
  }
  std::size_t selected = 0;  // rows of tiles
  for (std::size_t r = 0; r < array.row_tiles(); ++r) selected += array.rows_used(r) * column_tiles_ * map.groups;
  select_pulses_ = static_cast<std::int64_t>(selected * map.positions);
  select_pass_ =
      energy::Quanta::from_joules(parameters.select.energy_j(parameters.columns) * static_cast<double>(select_pulses_));
  const double row_s = parameters.device.maximum_conductance_s * static_cast<double>(parameters.columns);
  switch_pulse_ = energy::Quanta::from_joules(parameters.row_switch.pulse_j(row_s));
  if (!(switch_pulse_ == energy::Quanta{})) {
    line_uses_.assign(map.inputs, 0);
    for (const std::int32_t f : map.gather)
      if (f >= 0) line_uses_[static_cast<std::size_t>(f)] += static_cast<std::int64_t>(column_tiles_);
  }
  if (has_wires_) {
    wired_j_ = WorkingRows<double>(row_tiles_.size() * powers_);
    picked_.resize(map.terms);
  }
}

double ReadEnergy::coefficient_j(const ProgrammedArray& array, std::size_t group, std::size_t k,
                                 std::size_t row) const {
  if (has_wires_ && (row < column_tiles_ || row == column_tiles_ + 1)) return 0;
  if (row < column_tiles_) return square_volt_seconds_ * array.tile_row_conductance(group, row, k);
  const double line_f = parameters_.row_capacitance_per_cell_f * static_cast<double>(parameters_.columns);
  if (row == column_tiles_) {
    double heat_j = 0;
    for (std::size_t c = 0; c < column_tiles_; ++c) {
      const double charging_j = charging_.lost_up * line_f * square_volts_;
      const double discharging_j = charging_.lost_down * line_f * square_volts_;
      heat_j += charging_j + discharging_j;
    }
    return heat_j;
  }
  if (row == column_tiles_ + 1) return square_volt_seconds_ * array.row_conductance(group, k);
  const double all_lines_j = line_f * static_cast<double>(column_tiles_) * square_volts_;
  return all_lines_j * (row == column_tiles_ + 2 ? charging_.supplied : charging_.recovered);
}

ReadEnergy::RowTile ReadEnergy::row_tile(const linear::LinearMap& map, const ProgrammedArray& array, std::size_t group,
                                         std::size_t r) const {
  const std::size_t first = r * parameters_.rows, last = first + array.rows_used(r);
  const std::int32_t* gather = &map.gather[group * map.positions * map.terms];
  std::int32_t low = static_cast<std::int32_t>(map.inputs), high = -1;
  for (std::size_t p = 0; p < map.positions; ++p) {
    for (std::size_t k = first; k < last; ++k) {
      const std::int32_t f = gather[p * map.terms + k];
      if (f < 0) continue;
      low = std::min(low, f);
      high = std::max(high, f);
    }
  }
  RowTile tile;
  if (high < 0) return tile;  // nothing but padding
  tile.first_feature = static_cast<std::size_t>(low);
  tile.features = static_cast<std::size_t>(high - low + 1);
  tile.coefficients_j.assign(rows_per_tile_ * tile.features, 0.0);
  for (std::size_t row = 0; row < rows_per_tile_; ++row) {
    double* coefficients = &tile.coefficients_j[row * tile.features];
    for (std::size_t k = first; k < last; ++k) {
      const double energy_j = coefficient_j(array, group, k, row);
      for (std::size_t p = 0; p < map.positions; ++p) {
        const std::int32_t f = gather[p * map.terms + k];
        if (f >= 0) coefficients[f - low] += energy_j;
      }
    }
  }
  return tile;
}

std::vector<energy::Coefficient> ReadEnergy::read_coefficients() const {
  const Device& device = parameters_.device;
  return {{"read voltage", parameters_.read_voltage_v, "V"},
          {"read time", parameters_.read_time_s, "s"},
          {"input full scale", Parameter(input_full_scale_, "calibration of the layer", "choice"), ""},
          {"minimum conductance", device.minimum_conductance_s, "S"},
          {"maximum conductance", device.maximum_conductance_s, "S"}};
}

TileReport ReadEnergy::tile_report(const ProgrammedArray& array, std::size_t group, std::size_t r,
                                   std::size_t c) const {
  const ProgrammedArray::Pulses& pulses = array.pulses(group, r, c);
  TileReport tile{"tile_" + std::to_string(row_tiles_.size()) + "_" + std::to_string(c),
                  array.rows_used(r),
                  array.columns_used(c),
                  parameters_.rows,
                  parameters_.columns,
                  pulses.count,
                  0,
                  0};
  const Programming& programming = parameters_.programming;
  if (programming.inferences == 0) return tile;
  double square_volt_seconds = square(programming.write_voltage_v) * programming.write_time_s,
         pulse_s = programming.write_time_s;
  if (parameters_.device.verify_tries > 1) {
    square_volt_seconds += square(parameters_.read_voltage_v) * parameters_.read_time_s;
    pulse_s += parameters_.settling_time_s + parameters_.read_time_s;
  }
  tile.programming_j = pulses.conductance_s * square_volt_seconds;
  tile.programming_time_s = static_cast<double>(pulses.count) * pulse_s;
  return tile;
}

void ReadEnergy::open_programming(const std::string& component, const TileReport& tile, energy::EnergySink& sink) {
  const Programming& programming = parameters_.programming;
  energy::AccountInfo info{component + "/" + tile.name,
                           "programming",
                           energy::Fate::supplied,
                           energy::Origin::computed,
                           "E = sum (V_w^2 G t_w + V^2 G t of a verified pulse) over write pulses / inferences",
                           "inferences",
                           {{"write voltage", programming.write_voltage_v, "V"},
                            {"write time", programming.write_time_s, "s"},
                            {"inferences served", Parameter(programming.inferences, "scenario", "choice"), ""},
                            {"pulses", Parameter(static_cast<double>(tile.pulses), "counted", "choice"), ""},
                            {"energy of all pulses", Parameter(tile.programming_j, "computed", "choice"), "J"},
                            {"time of all pulses", Parameter(tile.programming_time_s, "computed", "choice"), "s"}}};
  accounts_.write_supplied.push_back(sink.open(info));
  info.fate = energy::Fate::dissipated;
  accounts_.write_dissipated.push_back(sink.open(info));
}

void ReadEnergy::post_programming(std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink) {
  if (parameters_.programming.inferences == 0) return;
  for (std::size_t i = 0; i < tiles_.size(); ++i) {
    const auto share = energy::Quanta::from_joules(tiles_[i].programming_j / parameters_.programming.inferences);
    for (std::size_t s = 0; s < samples; ++s) {
      sink.post(accounts_.write_supplied[i], first_sample + s, share, 1);
      sink.post(accounts_.write_dissipated[i], first_sample + s, share, 1);
    }
  }
}

std::vector<energy::Coefficient> ReadEnergy::wire_coefficients() const {
  const WireOptions& wires = parameters_.wires;
  return {{"read voltage", parameters_.read_voltage_v, "V"},
          {"read time", parameters_.read_time_s, "s"},
          {"word line resistance per segment", wires.word_segment_ohm, "ohm"},
          {"bit line resistance per segment", wires.bit_segment_ohm, "ohm"},
          {"driver resistance", wires.driver_ohm, "ohm"},
          {"sense resistance", wires.sense_ohm, "ohm"}};
}

void ReadEnergy::open_charging(const std::string& component, energy::EnergySink& sink) {
  energy::AccountInfo charging{component + "/driver",
                               "line_charging",
                               energy::Fate::supplied,
                               energy::Origin::computed,
                               charging_.supply_law,
                               "word line pulses",
                               {{"read voltage", parameters_.read_voltage_v, "V"},
                                {"capacitance per cell", parameters_.row_capacitance_per_cell_f, "F"},
                                {"columns", Parameter(static_cast<double>(parameters_.columns)), ""}}};
  if (parameters_.settling_accuracy > 0) {
    charging.coefficients.push_back(
        {"settling time", Parameter(charging_.settling_s, "slowest time constant of all tiles", "choice"), "s"});
  }
  open_select(component, sink);
  open_driver_losses(component, sink);
  accounts_.charging_supplied = sink.open(charging);
  charging.fate = energy::Fate::dissipated;
  charging.law = charging_.loss_law;
  accounts_.charging_dissipated = sink.open(charging);
  if (charging_.recovered <= 0) return;
  charging.fate = energy::Fate::recovered;
  charging.law = charging_.recovery_law;
  accounts_.charging_recovered = sink.open(charging);
}

void ReadEnergy::open_select(const std::string& component, energy::EnergySink& sink) {
  if (select_pass_ == energy::Quanta{}) return;
  const SelectLines& select = parameters_.select;
  energy::AccountInfo info{component + "/select",
                           "line_charging",
                           energy::Fate::supplied,
                           energy::Origin::computed,
                           "E = (columns c + C) V_s V_dd over rows in use and reads",
                           "select pulses",
                           {{"capacitance per cell", select.capacitance_per_cell_f, "F"},
                            {"capacitance beside cells", select.capacitance_f, "F"},
                            {"swing", select.swing_v, "V"},
                            {"supply", select.supply_v, "V"},
                            {"columns", Parameter(static_cast<double>(parameters_.columns)), ""}}};
  accounts_.select_supplied = sink.open(info);
  info.fate = energy::Fate::dissipated;
  accounts_.select_dissipated = sink.open(info);
}

void ReadEnergy::open_driver_losses(const std::string& component, energy::EnergySink& sink) {
  const auto open = [&](energy::AccountInfo info, energy::AccountId& supplied, energy::AccountId& dissipated) {
    supplied = sink.open(info);
    info.fate = energy::Fate::dissipated;
    dissipated = sink.open(info);
  };
  const RowSwitch& gates = parameters_.row_switch;
  if (!(switch_pulse_ == energy::Quanta{})) {
    open({component + "/driver",
          "switch_gates",
          energy::Fate::supplied,
          energy::Origin::computed,
          "E = tau columns G_max / share V_dd^2 (1 + (1 + d) / (f - 1)) over pulses of word lines",
          "word line pulses",
          {{"time constant of a switch", gates.time_constant_s, "s"},
           {"share of the row's resistance", gates.voltage_share, ""},
           {"columns", Parameter(static_cast<double>(parameters_.columns)), ""},
           {"maximum conductance", parameters_.device.maximum_conductance_s, "S"},
           {"supply", gates.supply_v, "V"},
           {"fan-out of the chain", gates.fan_out, ""},
           {"drain over gate", gates.drain_share, ""}}},
         accounts_.switch_supplied, accounts_.switch_dissipated);
  }
  if (parameters_.read_supply_v > 0) {
    open({component + "/driver",
          "regulation",
          energy::Fate::supplied,
          energy::Origin::computed,
          "E = sum I_i (V_s - V_r) t over row pulses",
          "row pulses",
          {{"supply", parameters_.read_supply_v, "V"}, {"read voltage", parameters_.read_voltage_v, "V"}}},
         accounts_.regulation_supplied, accounts_.regulation_dissipated);
  }
}

void ReadEnergy::post_switches(const WorkingRows<double>& pulses, std::uint64_t first_sample, std::size_t samples,
                               energy::EnergySink& sink) const {
  for (std::size_t s = 0; s < samples; ++s) {
    std::int64_t count = 0;
    for (std::size_t f = 0; f < line_uses_.size(); ++f)
      if (pulses.row(f)[s] != 0) count += line_uses_[f];
    sink.post(accounts_.switch_supplied, first_sample + s, switch_pulse_ * count, count);
    sink.post(accounts_.switch_dissipated, first_sample + s, switch_pulse_ * count, count);
  }
}

void ReadEnergy::open_accounts(const std::string& component, energy::EnergySink& sink) {
  if (is_open_) throw std::logic_error("accounts of " + component + " are open already");
  energy::AccountInfo drive{component + "/driver",
                            "row_drive",
                            energy::Fate::supplied,
                            energy::Origin::computed,
                            "E = sum V_i I_i t over row pulses, V_i = read voltage x_i / input full scale",
                            "row pulses",
                            read_coefficients()};
  accounts_.drive_supplied = sink.open(drive);
  drive.fate = energy::Fate::exported;
  drive.law = "E = sum over tiles of the energy that each receives";
  drive.counted = "tile reads";
  accounts_.drive_exported = sink.open(drive);

  open_charging(component, sink);
  for (const TileReport& tile : tiles_) {
    if (parameters_.programming.inferences > 0) open_programming(component, tile, sink);
    energy::AccountInfo info{
        component + "/" + tile.name,       "row_drive", energy::Fate::received, energy::Origin::computed,
        "E = sum V_i^2 G_ij t over cells", "reads",     read_coefficients()};
    const bool is_ohmic = parameters_.cell.law == CellCurrent::Law::ohmic;
    if (!is_ohmic) info.law = "E = sum V_i I_ij t over cells, I = G V_r i(V) / i(V_r)";
    if (has_wires_ && is_ohmic) info.law = "E = (V'F_cells V + V'F_wires V) t, F of the tile's solved network";
    accounts_.received.push_back(sink.open(info));
    info.mechanism = "joule_heating";
    info.fate = energy::Fate::dissipated;
    if (has_wires_ && is_ohmic)
      info.law = "E = V'F V t = sum v_ij^2 G_ij t, v the voltages on the cells behind their wires";
    if (has_wires_ && !is_ohmic) info.law = "E = sum v_ij I_ij t, v the voltages on the cells behind their wires";
    accounts_.dissipated.push_back(sink.open(info));
    if (!has_wires_) continue;
    info.mechanism = "wire_heating";
    info.law =
        std::string(is_ohmic ? "E = V'F V t = " : "E = ") + "sum R I^2 t over segments, driver and sense resistances";
    info.coefficients = wire_coefficients();
    accounts_.wire_dissipated.push_back(sink.open(info));
  }
  is_open_ = true;
}

void ReadEnergy::solve(const WorkingRows<double>& inputs, std::size_t lanes) {
  const std::size_t powers = powers_, row_tiles = row_tiles_.size() / map_->groups;
  for (std::size_t i = 0; i < wired_j_.size(); ++i) std::fill_n(wired_j_.row(i), lanes, 0.0);
  for (std::size_t g = 0; g < map_->groups; ++g) {
    for (std::size_t p = 0; p < map_->positions; ++p) {
      inputs.gather(&map_->gather[(g * map_->positions + p) * map_->terms], map_->terms, 0, picked_);
      for (std::size_t r = 0; r < row_tiles; ++r) {
        const double* const* rows = &picked_[r * parameters_.rows];
        double* const* out = wired_j_.addresses() + (g * row_tiles + r) * powers;
        if (parameters_.inputs.encoding == InputEncoding::pulse_width) {
          wired_->add_pulse_powers(g, r, rows, input_full_scale_, lanes, out);
        } else {
          wired_->add_powers(g, r, rows, lanes, out);
        }
      }
    }
  }
  for (std::size_t i = 0; i < wired_j_.size(); ++i) {
    double* energies_j = wired_j_.row(i);
    for (std::size_t s = 0; s < lanes; ++s) energies_j[s] *= square_volt_seconds_;
  }
}

void ReadEnergy::take(const WorkingRows<double>& powers, std::size_t lanes) {
  for (std::size_t i = 0; i < wired_j_.size(); ++i) {
    for (std::size_t s = 0; s < lanes; ++s) wired_j_.row(i)[s] = powers.row(i)[s] * square_volt_seconds_;
  }
}

void ReadEnergy::post_pass(const WorkingRows<double>& squares, const WorkingRows<double>& pulses, std::size_t lanes,
                           std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink) {
  if (!is_open_) throw std::logic_error("open_accounts() must come before forward()");
  energies_j_.resize(row_tiles_.size() * rows_per_tile_ * lanes);
  std::vector<double*> out(rows_per_tile_);
  for (std::size_t r = 0; r < row_tiles_.size(); ++r) {
    const RowTile& tile = row_tiles_[r];
    for (std::size_t row = 0; row < rows_per_tile_; ++row) out[row] = &energies_j_[(r * rows_per_tile_ + row) * lanes];
    linear::product(tile.coefficients_j.data(), tile.features, nullptr, squares.addresses() + tile.first_feature,
                    rows_per_tile_, tile.features, lanes, out.data());
    if (&pulses == &squares) continue;
    for (std::size_t row = column_tiles_; row < rows_per_tile_; ++row) {
      if (row == column_tiles_ + 1) continue;  // the drivers' supply of the reads
      linear::product(&tile.coefficients_j[row * tile.features], tile.features, nullptr,
                      pulses.addresses() + tile.first_feature, 1, tile.features, lanes, &out[row]);
    }
  }
  post_tiles(lanes, first_sample, samples, sink);
  post_driver(lanes, first_sample, samples, sink);
  if (!line_uses_.empty()) post_switches(pulses, first_sample, samples, sink);
}

void ReadEnergy::post_tiles(std::size_t lanes, std::uint64_t first_sample, std::size_t samples,
                            energy::EnergySink& sink) {
  exported_.assign(samples, energy::Quanta{});
  for (std::size_t r = 0; r < row_tiles_.size(); ++r) {
    for (std::size_t c = 0; c < column_tiles_; ++c) {
      const energy::AccountId received = accounts_.received[r * column_tiles_ + c];
      const energy::AccountId dissipated = accounts_.dissipated[r * column_tiles_ + c];
      const double* heat_j =
          has_wires_ ? wired_j_.row(r * powers_ + c) : &energies_j_[(r * rows_per_tile_ + c) * lanes];
      const double* wires_j = has_wires_ ? wired_j_.row(r * powers_ + column_tiles_ + c) : nullptr;
      for (std::size_t s = 0; s < samples; ++s) {
        const auto heat = energy::Quanta::from_joules(heat_j[s]);
        auto all = heat;
        if (wires_j) {
          const auto wire_heat = energy::Quanta::from_joules(wires_j[s]);
          sink.post(accounts_.wire_dissipated[r * column_tiles_ + c], first_sample + s, wire_heat, reads_);
          all += wire_heat;
        }
        exported_[s] += all;
        sink.post(received, first_sample + s, all, reads_);
        sink.post(dissipated, first_sample + s, heat, reads_);
      }
    }
  }
  const std::int64_t tile_reads = reads_ * static_cast<std::int64_t>(tiles_.size());
  for (std::size_t s = 0; s < samples; ++s)
    sink.post(accounts_.drive_exported, first_sample + s, exported_[s], tile_reads);
}

void ReadEnergy::post_driver(std::size_t lanes, std::uint64_t first_sample, std::size_t samples,
                             energy::EnergySink& sink) {
  const auto post_sum = [&](energy::AccountId account, std::size_t row, std::int64_t count, double share = 1) {
    for (std::size_t s = 0; s < samples; ++s) {
      double sum_j = 0;
      for (std::size_t r = 0; r < row_tiles_.size(); ++r) {
        sum_j += energies_j_[(r * rows_per_tile_ + row) * lanes + s];
        if (has_wires_ && row == column_tiles_ + 1) sum_j += wired_j_.row(r * powers_ + 2 * column_tiles_)[s];
      }
      sink.post_joules(account, first_sample + s, share * sum_j, count);
    }
  };
  if (!(select_pass_ == energy::Quanta{})) {
    for (std::size_t s = 0; s < samples; ++s) {
      sink.post(accounts_.select_supplied, first_sample + s, select_pass_, select_pulses_);
      sink.post(accounts_.select_dissipated, first_sample + s, select_pass_, select_pulses_);
    }
  }
  post_sum(accounts_.charging_dissipated, column_tiles_, line_pulses_);
  post_sum(accounts_.drive_supplied, column_tiles_ + 1, row_pulses_);
  post_sum(accounts_.charging_supplied, column_tiles_ + 2, line_pulses_);
  if (parameters_.read_supply_v > 0) {
    const double rest = parameters_.read_supply_v / parameters_.read_voltage_v - 1;
    post_sum(accounts_.regulation_supplied, column_tiles_ + 1, row_pulses_, rest);
    post_sum(accounts_.regulation_dissipated, column_tiles_ + 1, row_pulses_, rest);
  }
  if (charging_.recovered > 0) post_sum(accounts_.charging_recovered, column_tiles_ + 3, line_pulses_);
}

}  // namespace szilard::electronic
