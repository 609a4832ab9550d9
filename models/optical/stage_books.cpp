// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/stage_books.hpp"

namespace szilard::optical {

using energy::AccountInfo;
using energy::Coefficient;
using energy::Fate;
using energy::Origin;
using energy::Quanta;

namespace {

/// Opens accounts of one component, counted in symbols, that follow from the same coefficients.
auto accounts_of(energy::EnergySink& sink, std::string component, std::vector<energy::Coefficient> coefficients) {
  return [&sink, component = std::move(component), coefficients = std::move(coefficients)](const std::string& mechanism,
                                                                                           Fate fate, const char* law) {
    return sink.open({component, mechanism, fate, Origin::computed, law, "symbols", coefficients});
  };
}

}  // namespace

StageBooks::StageBooks(const LightParameters& parameters, BookedLayer layer)
    : parameters_(parameters), layer_(std::move(layer)), symbol_s_(1 / parameters.symbol_rate_hz) {
  const std::size_t built = parameters.reprogramming.tiles_built;
  if (built > 0) rounds_ = (layer_.tiles.size() + built - 1) / built;
  for (const BookedTile& tile : layer_.tiles) {
    driven_ += layer_.symbols * static_cast<std::int64_t>(tile.modulators);
    received_ += layer_.symbols * static_cast<std::int64_t>(tile.receivers);
  }
}

double StageBooks::busy_s() const {
  const double settling_s = rounds_ > 1 ? parameters_.reprogramming.settling_s() : 0.0;
  return static_cast<double>(rounds_) * (layer_.lit_s + settling_s);
}

double StageBooks::programming_j(const BookedTile& tile) const {
  const Reprogramming& reprogramming = parameters_.reprogramming;
  const double once_j = static_cast<double>(tile.elements) * reprogramming.energy_j;
  if (rounds_ > 1) return once_j;
  return reprogramming.inferences > 0 ? once_j / reprogramming.inferences : 0.0;
}

StageBooks::Pair StageBooks::open_pair(const std::string& component, const std::string& mechanism,
                                       const std::string& law, const std::string& counted, Origin origin,
                                       std::vector<Coefficient> coefficients, energy::EnergySink& sink) const {
  AccountInfo info{component, mechanism, Fate::supplied, origin, law, counted, std::move(coefficients)};
  const energy::AccountId supplied = sink.open(info);
  info.fate = Fate::dissipated;
  return {supplied, sink.open(info)};
}

void StageBooks::open_lasers(const std::string& component, energy::EnergySink& sink) {
  std::vector<Coefficient> coefficients = {{"light power of a mode", parameters_.light_power_w, "W"}};
  if (layer_.oscillator_w > 0) coefficients.push_back({"local oscillator of an output", layer_.oscillator_w, "W"});
  coefficients.insert(coefficients.end(), {{"modulator loss", parameters_.modulator_loss, ""},
                                           {"coupling loss", parameters_.coupling_loss, ""},
                                           {"wall-plug efficiency", parameters_.laser_efficiency, ""},
                                           {"symbol rate", parameters_.symbol_rate_hz, "Hz"}});
  const std::string laser = component + "/laser";
  laser_ = open_pair(laser, "laser", "E = light x coupling loss / efficiency x time; (1 - efficiency) of it is heat",
                     "symbols", Origin::computed, coefficients, sink);
  const auto open = [&](const std::string& part, const char* mechanism, Fate fate, const char* law) {
    return sink.open({part, mechanism, fate, Origin::computed, law, "symbols", coefficients});
  };
  coupling_ = open(laser, "coupling_loss", Fate::dissipated, "E = light x (coupling loss - 1) x time");
  if (parameters_.splitting_loss() > 1)
    splitting_ = sink.open(
        {laser,
         "splitter_loss",
         Fate::dissipated,
         Origin::computed,
         "E = light behind the splitters x (loss - 1) x time, loss = splitter loss ^ ceil(log2 inputs a laser)",
         "symbols",
         {{"splitter loss", parameters_.splitter_loss, ""}}});
  light_exported_ = open(laser, "light", Fate::exported, "E = light on the chip x time");
  if (layer_.oscillator_w > 0)
    oscillator_exported_ = open(laser, "local_oscillator", Fate::exported, "E = oscillators' power x time");
  const std::string modulator = component + "/modulator";
  modulator_received_ = open(modulator, "light", Fate::received, "E = light before the modulators x time");
  modulator_absorbed_ = open(modulator, "modulator_loss", Fate::dissipated, "E = (light before - light behind) x time");
  modulator_exported_ =
      open(modulator, has_way() ? "modulated_light" : "signal_light", Fate::exported, "E = sum a_k^2 x time");
  modulator_drive_ = open_pair(modulator, "modulation", "E = symbols x inputs x energy of a symbol", "symbols",
                               Origin::table, {{"energy of a symbol", parameters_.modulator_energy_j, "J"}}, sink);
  if (parameters_.driver_power_w > 0)
    driver_ = open_pair(modulator, "modulator_driver", "E = symbols x inputs x power x time", "symbols", Origin::table,
                        {{"power of a driver", parameters_.driver_power_w, "W"}}, sink);
}

void StageBooks::open_waveguides(const std::string& component, energy::EnergySink& sink) {
  if (!has_way()) return;
  const std::string name = component + "/waveguide";
  const auto open = accounts_of(sink, name,
                                {{"loss of a centimetre", parameters_.waveguide_loss_per_cm, ""},
                                 {"length", parameters_.waveguide_length_m, "m"},
                                 {"loss of a crossing", parameters_.crossing_loss, ""}});
  way_received_ = open("modulated_light", Fate::received, "E = light behind the modulators x time");
  waveguide_loss_ =
      open("waveguide_loss", Fate::dissipated, "E = light behind the waveguides x (their loss - 1) x time");
  crossing_loss_ = open("crossing_loss", Fate::dissipated, "E = light at the medium x (crossings' loss - 1) x time");
  way_exported_ = open("signal_light", Fate::exported, "E = light at the medium x time");
}

void StageBooks::open_tile(const std::string& component, const BookedTile& tile, energy::EnergySink& sink) {
  const std::string name = component + "/" + tile.name;
  const auto open = accounts_of(sink, name, tile.coefficients);
  TileAccounts accounts;
  accounts.received = open("signal_light", Fate::received, "E = light at the medium x time");
  accounts.absorbed = open(layer_.absorbed, Fate::dissipated, "E = light absorbed in the medium x time");
  accounts.auxiliary =
      has_photovoltaic()
          ? open("auxiliary_light", Fate::exported, "E = light by attenuators and idle ports x time")
          : open("unrecovered_light", Fate::dissipated, "E = light by attenuators and idle ports x time");
  accounts.exported = open("output_light", Fate::exported, "E = light at the outputs x time");
  for (const BookedTile::Holding& holding : tile.holdings)
    accounts.holdings.push_back(
        open_pair(name, holding.mechanism, holding.law, "symbols", Origin::computed, holding.coefficients, sink));
  if (tile.row_amplifiers > 0) accounts.row_pump = open_pump(name, "gain_row_pump", *layer_.gain_row, sink);
  if (programming_j(tile) > 0)
    accounts.programming = open_pair(name, "programming",
                                     rounds_ > 1 ? "E = elements x energy of setting one, each sample anew"
                                                 : "E = elements x energy of setting one / inferences",
                                     "elements", Origin::table,
                                     {{"energy of setting one", parameters_.reprogramming.energy_j, "J"}}, sink);
  tile_accounts_.push_back(std::move(accounts));
}

void StageBooks::open_photovoltaic(const std::string& component, energy::EnergySink& sink) {
  if (!has_photovoltaic()) return;
  const std::string name = component + "/photovoltaic";
  const auto open = accounts_of(sink, name, {{"efficiency", parameters_.auxiliary_recovery, ""}});
  auxiliary_received_ = open("auxiliary_light", Fate::received, "E = light by attenuators and idle ports x time");
  auxiliary_lost_ = open("photovoltaic_loss", Fate::dissipated, "E = light x (1 - efficiency)");
  auxiliary_recovered_ = open("photovoltaic", Fate::recovered, "E = light x efficiency");
}

StageBooks::Pair StageBooks::open_pump(const std::string& component, const std::string& mechanism,
                                       const AmplifierParameters& amplifier, energy::EnergySink& sink) const {
  const bool is_semiconductor = amplifier.kind == AmplifierKind::semiconductor;
  std::vector<Coefficient> coefficients = {{"gain", amplifier.gain, ""},
                                           {"noise figure", amplifier.noise_figure, ""},
                                           {"saturation power", amplifier.saturation_w, "W"}};
  if (is_semiconductor)
    coefficients.insert(coefficients.end(), {{"drive current", amplifier.drive_current_a, "A"},
                                             {"drive voltage", amplifier.drive_voltage_v, "V"}});
  else
    coefficients.insert(coefficients.end(), {{"light of the pump", amplifier.pump_w, "W"},
                                             {"wall-plug efficiency", amplifier.pump_efficiency, ""}});
  AccountInfo info{component,
                   mechanism,
                   Fate::supplied,
                   Origin::table,
                   is_semiconductor ? "E = amplifiers x current x voltage x time"
                                    : "E = amplifiers x light of the pump / efficiency x time",
                   "amplifiers",
                   coefficients};
  const energy::AccountId supplied = sink.open(info);
  info.fate = Fate::dissipated;
  info.origin = Origin::computed;
  info.law = "E = what the pumps draw - sum over modes of light added (g - 1) P and spontaneous emission";
  return {supplied, sink.open(info)};
}

void StageBooks::open_amplifiers(const std::string& component, const char* part, const char* before,
                                 const AmplifierParameters& amplifier, Amplifiers& all, energy::EnergySink& sink) {
  if (all.count == 0) return;
  const std::string name = component + "/" + part;
  all.received = sink.open(
      {name, before, Fate::received, Origin::computed, "E = light into the amplifiers x time", "symbols", {}});
  all.pump = open_pump(name, "amplifier_pump", amplifier, sink);
  all.exported = sink.open({name,
                            "amplified_light",
                            Fate::exported,
                            Origin::computed,
                            "E = light behind the amplifiers x time",
                            "symbols",
                            {}});
}

void StageBooks::open_hand_over(const std::string& component, energy::EnergySink& sink) {
  if (!layer_.is_handed_in) return;
  const std::string name = component + "/hand_over";
  const auto open = accounts_of(sink, name, {{"loss of an open element", layer_.hand_over_loss, ""}});
  handed_received_ = open("output_light", Fate::received, "E = light from the layer before x time");
  stopped_ = open("element_absorption", Fate::dissipated, "E = light that elements do not let pass x time");
  handed_exported_ = open("signal_light", Fate::exported, "E = light behind the elements x time");
}

void StageBooks::post_pump(const Pair& pump, double electrical_w, std::size_t count, double added_j,
                           std::uint64_t sample, energy::EnergySink& sink) const {
  const double drawn_j = electrical_w * static_cast<double>(count) * layer_.lit_s;
  sink.post_joules(pump.supplied, sample, drawn_j, static_cast<std::int64_t>(count));
  sink.post_joules(pump.dissipated, sample, drawn_j - added_j, static_cast<std::int64_t>(count));
}

std::size_t StageBooks::all_of(std::size_t BookedTile::*amplifiers) const {
  std::size_t sum = 0;
  for (const BookedTile& tile : layer_.tiles) sum += tile.*amplifiers;
  return sum;
}

void StageBooks::open_receivers(const std::string& component, energy::EnergySink& sink) {
  if (layer_.is_handed_on) return;
  const std::string receiver = component + "/receiver";
  std::vector<Coefficient> coefficients = {{"quantum efficiency", parameters_.quantum_efficiency, ""},
                                           {"wavelength", parameters_.wavelength_m, "m"}};
  if (layer_.oscillator_w > 0) coefficients.push_back({"local oscillator of an output", layer_.oscillator_w, "W"});
  const auto open = accounts_of(sink, receiver, coefficients);
  signal_received_ = open("output_light", Fate::received, "E = light at the outputs x time");
  if (layer_.oscillator_w > 0)
    oscillator_received_ = open("local_oscillator", Fate::received, "E = oscillators' power x time");
  detection_ = open("detection", Fate::dissipated, "E = all light on the photodiodes x time");
  amplifier_ = open_pair(receiver, "receiver", "E = symbols x outputs x power x time", "symbols", Origin::table,
                         {{"power of a receiver", parameters_.receiver_power_w, "W"}}, sink);
}

void StageBooks::open_accounts(const std::string& component, energy::EnergySink& sink) {
  open_lasers(component, sink);
  open_waveguides(component, sink);
  open_hand_over(component, sink);
  input_amplifiers_.count = all_of(&BookedTile::input_amplifiers);
  output_amplifiers_.count = all_of(&BookedTile::output_amplifiers);
  if (parameters_.input_amplifier)
    open_amplifiers(component, "input_amplifier", "signal_light", *parameters_.input_amplifier, input_amplifiers_,
                    sink);
  for (const BookedTile& tile : layer_.tiles) open_tile(component, tile, sink);
  open_photovoltaic(component, sink);
  if (parameters_.output_amplifier)
    open_amplifiers(component, "output_amplifier", "output_light", *parameters_.output_amplifier, output_amplifiers_,
                    sink);
  open_receivers(component, sink);
}

void StageBooks::post_front(std::uint64_t sample, double light_j, double signal_j, Quanta signal,
                            energy::EnergySink& sink) const {
  const double oscillator_j = static_cast<double>(received_) * layer_.oscillator_w * symbol_s_;
  const double split_j = light_j * parameters_.splitting_loss();
  const double laser_j = (split_j + oscillator_j) * parameters_.coupling_loss / parameters_.laser_efficiency;
  const Quanta light = Quanta::from_joules(light_j);
  sink.post_joules(laser_.supplied, sample, laser_j, layer_.symbols);
  sink.post_joules(laser_.dissipated, sample, laser_j * (1 - parameters_.laser_efficiency), layer_.symbols);
  sink.post_joules(coupling_, sample, (split_j + oscillator_j) * (parameters_.coupling_loss - 1), layer_.symbols);
  if (parameters_.splitting_loss() > 1) sink.post_joules(splitting_, sample, split_j - light_j, layer_.symbols);
  sink.post(light_exported_, sample, light, layer_.symbols);
  if (layer_.oscillator_w > 0) {
    const Quanta oscillator = Quanta::from_joules(oscillator_j);
    sink.post(oscillator_exported_, sample, oscillator, layer_.symbols);
    if (!layer_.is_handed_on) sink.post(oscillator_received_, sample, oscillator, layer_.symbols);
  }
  sink.post(modulator_received_, sample, light, layer_.symbols);
  const double modulated_j = signal_j * parameters_.way_loss();
  sink.post_joules(modulator_absorbed_, sample, light_j - modulated_j, layer_.symbols);
  if (!has_way()) return sink.post(modulator_exported_, sample, signal, layer_.symbols);
  const Quanta modulated = Quanta::from_joules(modulated_j);
  sink.post(modulator_exported_, sample, modulated, layer_.symbols);
  sink.post(way_received_, sample, modulated, layer_.symbols);
  sink.post_joules(waveguide_loss_, sample,
                   signal_j * parameters_.crossings_loss() * (parameters_.waveguide_loss() - 1), layer_.symbols);
  sink.post_joules(crossing_loss_, sample, signal_j * (parameters_.crossings_loss() - 1), layer_.symbols);
  sink.post(way_exported_, sample, signal, layer_.symbols);
}

Quanta StageBooks::post(std::uint64_t sample, double lit, const TileLight* tiles, energy::EnergySink& sink) const {
  const auto pair = [&](const Pair& accounts, double energy_j, std::int64_t count) {
    const Quanta amount = Quanta::from_joules(energy_j);
    sink.post(accounts.supplied, sample, amount, count);
    sink.post(accounts.dissipated, sample, amount, count);
  };
  const std::int64_t symbols = layer_.symbols;
  const double held_s = layer_.lit_s + (rounds_ > 1 ? parameters_.reprogramming.settling_s() : 0.0);
  const double bias_j = lit * parameters_.light_power_w * symbol_s_;  // where other light is handed in
  Quanta signal, output, behind, auxiliary;
  double signal_j = 0, before_j = 0, behind_j = 0, auxiliary_j = 0, added_before_j = 0, added_behind_j = 0;
  for (std::size_t t = 0; t < layer_.tiles.size(); ++t) {
    const TileAccounts& accounts = tile_accounts_[t];
    const BookedTile& tile = layer_.tiles[t];
    const TileLight& one = tiles[t];
    const double in_j = one.in * layer_.joules_per_unit, out_j = one.out * layer_.joules_per_unit;
    const double aside_j = one.auxiliary * layer_.joules_per_unit;
    Quanta in = Quanta::from_joules(in_j);
    if (layer_.is_handed_in) {
      const Quanta passed = Quanta::from_joules(one.passed * layer_.joules_per_unit),
                   of_lasers = Quanta::from_joules(bias_j);
      sink.post(handed_received_, sample, one.handed, symbols);
      sink.post_joules(stopped_, sample, one.stopped * layer_.joules_per_unit, symbols);
      sink.post(handed_exported_, sample, passed, symbols);
      sink.post(accounts.received, sample, passed + of_lasers, symbols);
      in = of_lasers;
    } else {
      sink.post(accounts.received, sample, in, symbols);
    }
    const Quanta out = Quanta::from_joules(out_j), aside = Quanta::from_joules(aside_j);
    sink.post_joules(accounts.absorbed, sample, one.absorbed * layer_.joules_per_unit, symbols);
    sink.post(accounts.auxiliary, sample, aside, symbols);
    sink.post(accounts.exported, sample, out, symbols);
    if (tile.row_amplifiers > 0)
      post_pump(accounts.row_pump, layer_.gain_row->electrical_w(), tile.row_amplifiers,
                one.added_within * layer_.joules_per_unit, sample, sink);
    for (std::size_t h = 0; h < tile.holdings.size(); ++h)
      pair(accounts.holdings[h], tile.holdings[h].watt * held_s, symbols);
    if (const double energy_j = programming_j(tile); energy_j > 0)
      pair(accounts.programming, energy_j, static_cast<std::int64_t>(tile.elements));
    signal += in;
    output += out;
    auxiliary += aside;
    signal_j += layer_.is_handed_in ? bias_j : in_j;
    before_j += one.before * layer_.joules_per_unit;
    added_before_j += one.added_before * layer_.joules_per_unit;
    added_behind_j += one.added_behind * layer_.joules_per_unit;
    behind_j += (output_amplifiers_.count > 0 ? one.behind : one.out) * layer_.joules_per_unit;
    auxiliary_j += aside_j;
  }
  const double light_j = lit * parameters_.light_power_w * parameters_.way_loss() * parameters_.modulator_loss *
                         symbol_s_ / layer_.input_gain;
  if (input_amplifiers_.count > 0) {
    const Quanta before = Quanta::from_joules(before_j);
    post_front(sample, light_j, before_j, before, sink);
    sink.post(input_amplifiers_.received, sample, before, symbols);
    post_pump(input_amplifiers_.pump, parameters_.input_amplifier->electrical_w(), input_amplifiers_.count,
              added_before_j, sample, sink);
    sink.post(input_amplifiers_.exported, sample, signal, symbols);
  } else {
    post_front(sample, light_j, signal_j, signal, sink);
  }
  pair(modulator_drive_, static_cast<double>(driven_) * parameters_.modulator_energy_j, driven_);
  if (parameters_.driver_power_w > 0)
    pair(driver_, static_cast<double>(driven_) * parameters_.driver_power_w * symbol_s_, driven_);
  if (has_photovoltaic()) {
    sink.post(auxiliary_received_, sample, auxiliary, symbols);
    sink.post_joules(auxiliary_lost_, sample, auxiliary_j * (1 - parameters_.auxiliary_recovery), symbols);
    sink.post_joules(auxiliary_recovered_, sample, auxiliary_j * parameters_.auxiliary_recovery, symbols);
  }
  behind = output;
  if (output_amplifiers_.count > 0) {
    behind = Quanta::from_joules(behind_j);
    sink.post(output_amplifiers_.received, sample, output, symbols);
    post_pump(output_amplifiers_.pump, parameters_.output_amplifier->electrical_w(), output_amplifiers_.count,
              added_behind_j, sample, sink);
    sink.post(output_amplifiers_.exported, sample, behind, symbols);
  }
  if (layer_.is_handed_on) return behind;
  sink.post(signal_received_, sample, behind, symbols);
  const double oscillator_j = static_cast<double>(received_) * layer_.oscillator_w * symbol_s_;
  sink.post_joules(detection_, sample, behind_j + oscillator_j, symbols);
  pair(amplifier_, static_cast<double>(received_) * parameters_.receiver_power_w * symbol_s_, received_);
  return behind;
}

std::vector<support::AreaPart> StageBooks::areas(const std::string& component) const {
  // Tiles that are not built are programs of those that are: the first ones stand for them.
  const std::size_t built = rounds_ > 1 ? parameters_.reprogramming.tiles_built : layer_.tiles.size();
  std::int64_t elements = 0, modulators = 0, receivers = 0;
  for (std::size_t t = 0; t < built; ++t) {
    elements += static_cast<std::int64_t>(layer_.tiles[t].elements);
    modulators += static_cast<std::int64_t>(layer_.tiles[t].modulators);
    receivers += static_cast<std::int64_t>(layer_.tiles[t].receivers);
  }
  const auto sharing = static_cast<std::int64_t>(parameters_.laser_sharing);
  std::vector<support::AreaPart> parts = {
      {component + "/medium", elements, "elements", parameters_.area.element_m2},
      {component + "/modulator", modulators, "modulators", parameters_.area.modulator_m2},
      {component + "/receiver", receivers, "receivers", parameters_.area.receiver_m2},
      {component + "/laser", (modulators + sharing - 1) / sharing, "lasers", parameters_.area.laser_m2}};
  const auto add = [&](const char* part, std::size_t BookedTile::*which,
                       const std::optional<AmplifierParameters>& amplifier) {
    std::int64_t count = 0;
    for (std::size_t t = 0; t < built; ++t) count += static_cast<std::int64_t>(layer_.tiles[t].*which);
    if (count > 0) parts.push_back({component + "/" + part, count, "amplifiers", amplifier->area_m2});
  };
  add("input_amplifier", &BookedTile::input_amplifiers, parameters_.input_amplifier);
  add("gain_row", &BookedTile::row_amplifiers, layer_.gain_row);
  add("output_amplifier", &BookedTile::output_amplifiers, parameters_.output_amplifier);
  return parts;
}

}  // namespace szilard::optical
