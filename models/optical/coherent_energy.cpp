// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/coherent_stage_impl.hpp"

namespace szilard::optical {

using energy::AccountInfo;
using energy::Coefficient;
using energy::Fate;
using energy::Origin;
using energy::Quanta;

CoherentEnergy::CoherentEnergy(const CoherentParameters& parameters, const linear::LinearMap& map, const std::vector<CoherentTile>& tiles,
                       double watts_per_square)
    : parameters_(parameters),
      tiles_(tiles),
      joules_per_square_(watts_per_square / parameters.symbol_rate_hz),
      symbol_s_(1 / parameters.symbol_rate_hz),
      sample_s_(symbol_s_ * static_cast<double>(map.positions)),
      symbols_(static_cast<std::int64_t>(map.positions)) {
  for (const CoherentTile& tile : tiles) {
    driven_ += symbols_ * static_cast<std::int64_t>(tile.terms);
    received_ += symbols_ * static_cast<std::int64_t>(tile.outputs);
  }
}

CoherentEnergy::Pair CoherentEnergy::open_pair(const std::string& component, const std::string& mechanism, const std::string& law,
                                       const std::string& counted, Origin origin, std::vector<Coefficient> coefficients,
                                       energy::EnergySink& sink) const {
  AccountInfo info{component, mechanism, Fate::supplied, origin, law, counted, std::move(coefficients)};
  const energy::AccountId supplied = sink.open(info);
  info.fate = Fate::dissipated;
  return {supplied, sink.open(info)};
}

void CoherentEnergy::open_lasers(const std::string& component, energy::EnergySink& sink) {
  const std::vector<Coefficient> coefficients = {{"light power of a mode", parameters_.light_power_w, "W"},
                                                 {"local oscillator of an output", parameters_.local_oscillator_w, "W"},
                                                 {"modulator loss", parameters_.modulator_loss, ""},
                                                 {"coupling loss", parameters_.coupling_loss, ""},
                                                 {"wall-plug efficiency", parameters_.laser_efficiency, ""},
                                                 {"symbol rate", parameters_.symbol_rate_hz, "Hz"}};
  const std::string laser = component + "/laser";
  laser_ = open_pair(laser, "laser", "E = light x coupling loss / efficiency x time; (1 - efficiency) of it is heat", "symbols",
                     Origin::computed, coefficients, sink);
  const auto open = [&](const std::string& part, const char* mechanism, Fate fate, const char* law) {
    return sink.open({part, mechanism, fate, Origin::computed, law, "symbols", coefficients});
  };
  coupling_ = open(laser, "coupling_loss", Fate::dissipated, "E = light x (coupling loss - 1) x time");
  light_exported_ = open(laser, "light", Fate::exported, "E = light on the chip x time");
  oscillator_exported_ = open(laser, "local_oscillator", Fate::exported, "E = oscillators' power x time");
  const std::string modulator = component + "/modulator";
  modulator_received_ = open(modulator, "light", Fate::received, "E = light before the modulators x time");
  modulator_absorbed_ = open(modulator, "modulator_loss", Fate::dissipated, "E = (light before - light behind) x time");
  modulator_exported_ = open(modulator, "signal_light", Fate::exported, "E = sum a_k^2 x time");
  modulator_drive_ = open_pair(modulator, "modulation", "E = symbols x inputs x energy of a symbol", "symbols", Origin::table,
                               {{"energy of a symbol", parameters_.modulator_energy_j, "J"}}, sink);
}

void CoherentEnergy::open_tile(const std::string& component, const CoherentTile& tile, energy::EnergySink& sink) {
  const std::string name = component + "/" + tile.report.name;
  std::vector<Coefficient> coefficients = {
      {"scale", support::Parameter(tile.report.scale, "largest singular value of the tile", "choice"), ""},
      {"gain", support::Parameter(tile.report.gain, "fit of the receivers to the loss of the medium", "choice"), ""}};
  if (parameters_.medium == Medium::mzi_mesh)
    coefficients.push_back({"loss of an interferometer", parameters_.imperfections.insertion_loss, ""});
  const auto open = [&](const char* mechanism, Fate fate, const char* law) {
    return sink.open({name, mechanism, fate, Origin::computed, law, "symbols", coefficients});
  };
  TileAccounts accounts{};
  accounts.received = open("signal_light", Fate::received, "E = sum a_k^2 x time");
  accounts.absorbed = open("mesh_loss", Fate::dissipated, "E = light absorbed in the medium x time");
  accounts.auxiliary = open("auxiliary_light", Fate::dissipated, "E = light by attenuators and idle ports x (1 - recovery) x time");
  accounts.recovered = open("auxiliary_light", Fate::recovered, "E = light by attenuators and idle ports x recovery x time");
  accounts.exported = open("output_light", Fate::exported, "E = sum |b_j|^2 x time");
  const Pair heaters = open_pair(name, "phase_holding", "E = power at pi x sum of phases / pi x time", "symbols", Origin::computed,
                                 {{"power at pi", parameters_.heater_power_w, "W"}}, sink);
  accounts.heater_supplied = heaters.supplied;
  accounts.heater_dissipated = heaters.dissipated;
  tile_accounts_.push_back(accounts);
}

void CoherentEnergy::open_receivers(const std::string& component, energy::EnergySink& sink) {
  const std::string receiver = component + "/receiver";
  const auto open = [&](const char* mechanism, Fate fate, const char* law) {
    return sink.open({receiver, mechanism, fate, Origin::computed, law, "symbols",
                      {{"quantum efficiency", parameters_.quantum_efficiency, ""},
                       {"wavelength", parameters_.wavelength_m, "m"},
                       {"local oscillator of an output", parameters_.local_oscillator_w, "W"}}});
  };
  signal_received_ = open("output_light", Fate::received, "E = sum |b_j|^2 x time");
  oscillator_received_ = open("local_oscillator", Fate::received, "E = oscillators' power x time");
  detection_ = open("detection", Fate::dissipated, "E = all light on the photodiodes x time");
  amplifier_ = open_pair(receiver, "receiver", "E = symbols x outputs x power x time", "symbols", Origin::table,
                         {{"power of a receiver", parameters_.receiver_power_w, "W"}}, sink);
}

void CoherentEnergy::open_accounts(const std::string& component, energy::EnergySink& sink) {
  open_lasers(component, sink);
  for (const CoherentTile& tile : tiles_) open_tile(component, tile, sink);
  open_receivers(component, sink);
}

void CoherentEnergy::post(std::uint64_t sample, double lit, const TileLight* tiles, energy::EnergySink& sink) const {
  const auto pair = [&](const Pair& accounts, double energy_j, std::int64_t count) {
    const Quanta amount = Quanta::from_joules(energy_j);
    sink.post(accounts.supplied, sample, amount, count);
    sink.post(accounts.dissipated, sample, amount, count);
  };
  const double light_j = lit * parameters_.light_power_w * parameters_.modulator_loss * symbol_s_;
  const double oscillator_j = static_cast<double>(received_) * parameters_.local_oscillator_w * symbol_s_;
  const double laser_j = (light_j + oscillator_j) * parameters_.coupling_loss / parameters_.laser_efficiency;
  const Quanta light = Quanta::from_joules(light_j), oscillator = Quanta::from_joules(oscillator_j);
  sink.post_joules(laser_.supplied, sample, laser_j, symbols_);
  sink.post_joules(laser_.dissipated, sample, laser_j * (1 - parameters_.laser_efficiency), symbols_);
  sink.post_joules(coupling_, sample, (light_j + oscillator_j) * (parameters_.coupling_loss - 1), symbols_);
  sink.post(light_exported_, sample, light, symbols_);
  sink.post(oscillator_exported_, sample, oscillator, symbols_);
  sink.post(modulator_received_, sample, light, symbols_);
  sink.post(oscillator_received_, sample, oscillator, symbols_);
  pair(modulator_drive_, static_cast<double>(driven_) * parameters_.modulator_energy_j, driven_);
  pair(amplifier_, static_cast<double>(received_) * parameters_.receiver_power_w * symbol_s_, received_);

  Quanta signal, output;
  double signal_j = 0, output_j = 0;
  for (std::size_t t = 0; t < tiles_.size(); ++t) {
    const TileAccounts& accounts = tile_accounts_[t];
    const TileLight& one = tiles[t];
    const Quanta in = Quanta::from_joules(one.in * joules_per_square_), out = Quanta::from_joules(one.out * joules_per_square_);
    const double auxiliary_j = one.auxiliary * joules_per_square_;
    sink.post(accounts.received, sample, in, symbols_);
    sink.post_joules(accounts.absorbed, sample, one.absorbed * joules_per_square_, symbols_);
    sink.post_joules(accounts.auxiliary, sample, auxiliary_j * (1 - parameters_.auxiliary_recovery), symbols_);
    sink.post_joules(accounts.recovered, sample, auxiliary_j * parameters_.auxiliary_recovery, symbols_);
    sink.post(accounts.exported, sample, out, symbols_);
    pair({accounts.heater_supplied, accounts.heater_dissipated}, tiles_[t].report.heaters_w * sample_s_, symbols_);
    signal += in;
    output += out;
    signal_j += one.in * joules_per_square_;
    output_j += one.out * joules_per_square_;
  }
  sink.post(modulator_exported_, sample, signal, symbols_);
  sink.post_joules(modulator_absorbed_, sample, light_j - signal_j, symbols_);
  sink.post(signal_received_, sample, output, symbols_);
  sink.post_joules(detection_, sample, output_j + oscillator_j, symbols_);
}

}  // namespace szilard::optical
