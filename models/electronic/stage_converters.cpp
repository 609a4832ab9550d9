// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/stage_converters.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace szilard::electronic {

DrivenMap::DrivenMap(const linear::LinearMap& layer, const CrossbarParameters& parameters) {
  if (!parameters.input || !parameters.input->imperfections.any()) return;
  const auto row_of = [&](std::size_t i) {
    return static_cast<std::uint32_t>(i / (layer.positions * layer.terms) * layer.terms + i % layer.terms);
  };
  std::vector<int> uses(layer.inputs, 0);
  dac.assign(layer.inputs, 0);
  for (std::size_t i = 0; i < layer.gather.size(); ++i) {
    if (layer.gather[i] < 0) continue;
    ++uses[static_cast<std::size_t>(layer.gather[i])];
    dac[static_cast<std::size_t>(layer.gather[i])] = row_of(i);
  }
  if (std::all_of(uses.begin(), uses.end(), [](int n) { return n <= 1; })) return;
  map = layer;
  dac.clear();
  for (std::size_t i = 0; i < layer.gather.size(); ++i) {
    if (layer.gather[i] < 0) continue;
    source.push_back(static_cast<std::uint32_t>(layer.gather[i]));
    dac.push_back(row_of(i));
    map->gather[i] = static_cast<std::int32_t>(source.size() - 1);
  }
  map->inputs = source.size();
}

StageConverters::StageConverters(const linear::LinearMap& map, const CrossbarParameters& parameters,
                                 const ProgrammedArray& array, const ReadCounts& counts, double setup_s,
                                 std::uint64_t seed, const std::string& stream_name)
    : addition_j_(parameters.accumulation.addition_j), additions_(counts.additions) {
  const std::size_t shared = parameters.output ? parameters.output->columns_per_converter : 1;
  std::size_t adcs = 0;
  for (std::size_t g = 0; g < map.groups; g += counts.summed_groups) {
    for (std::size_t c = 0; c < array.column_tiles(); ++c) {
      const std::size_t outputs = array.outputs_in(c) / counts.summed_outputs, built = (outputs + shared - 1) / shared;
      turns_ = std::max(turns_, std::min(shared, outputs));
      for (std::size_t o = 0; o < outputs; ++o) adc_of_.push_back(adcs + o / shared);
      adcs += built;
      if (g == 0) adcs_of_column_tiles_.push_back(built);
    }
  }
  adcs_of_part_ = adcs;
  adcs *= counts.parts;
  double read_s = setup_s + parameters.read_time_s;
  if (parameters.input) read_s += parameters.input->time_s();
  double conversion_s = parameters.output ? static_cast<double>(turns_) * parameters.output->time_s() : 0.0;
  if (counts.rounds == counts.passes) {
    read_s += conversion_s;
    conversion_s = 0;
  }
  const auto positions = static_cast<std::int64_t>(map.positions), passes = static_cast<std::int64_t>(counts.passes);
  const auto rounds = static_cast<std::int64_t>(counts.rounds);
  const double addition_s = counts.additions_of_output > 0 ? parameters.accumulation.addition_time_s.value : 0.0;
  const double busy_s = (read_s * static_cast<double>(counts.passes) +
                         conversion_s * static_cast<double>(counts.rounds) + addition_s + counts.repetition_s) *
                        static_cast<double>(map.positions);
  const auto picoseconds = [](double seconds) { return static_cast<std::int64_t>(std::llround(seconds * 1e12)); };
  busy_ps_ = (picoseconds(read_s) * passes + picoseconds(conversion_s) * rounds + picoseconds(addition_s) +
              picoseconds(counts.repetition_s)) *
             positions;

  if (parameters.input) {
    const auto pulses = std::count_if(map.gather.begin(), map.gather.end(), [](std::int32_t f) { return f >= 0; });
    const std::size_t rows = map.groups / counts.slices * map.terms;
    const std::int64_t conversions = pulses / static_cast<std::int64_t>(counts.slices) * passes;
    dac_accounts_.emplace(*parameters.input, "dac", ConverterPlace{rows, 0, conversions, positions * passes, busy_s});
    dacs_.emplace(*parameters.input, ConverterBank::Direction::to_analog, rows, seed, stream_name + "/dac");
    if (dacs_->is_plain()) dacs_.reset();
  }
  if (parameters.output) {
    const std::size_t outputs = map.total_outputs() / counts.summed_groups / counts.summed_outputs;
    adc_accounts_.emplace(*parameters.output, "adc",
                          ConverterPlace{adcs, map.groups / counts.summed_groups * array.column_tiles() * counts.parts,
                                         static_cast<std::int64_t>(outputs * counts.rounds * counts.parts),
                                         positions * rounds * static_cast<std::int64_t>(turns_), busy_s});
    adcs_.emplace(*parameters.output, ConverterBank::Direction::to_digital, adcs, seed, stream_name + "/adc");
    if (adcs_->is_plain()) adcs_.reset();
  }
}

void StageConverters::open_accounts(const std::string& component, energy::EnergySink& sink) {
  if (dac_accounts_) dac_accounts_->open(component, sink);
  if (adc_accounts_) adc_accounts_->open(component, sink);
  if (additions_ == 0) return;
  energy::AccountInfo info{component + "/shift_add",
                           "shift_add",
                           energy::Fate::supplied,
                           energy::Origin::table,
                           "E = additions x energy per addition",
                           "additions",
                           {{"energy per addition", addition_j_, "J"}}};
  add_supplied_ = sink.open(info);
  info.fate = energy::Fate::dissipated;
  add_dissipated_ = sink.open(info);
}

void StageConverters::post(std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink) const {
  if (dac_accounts_) dac_accounts_->post(first_sample, samples, dacs_ ? dacs_->energies_j() : nullptr, sink);
  if (adc_accounts_) adc_accounts_->post(first_sample, samples, adcs_ ? adcs_->energies_j() : nullptr, sink);
  if (additions_ == 0) return;
  const energy::Quanta amount = energy::Quanta::from_joules(addition_j_) * additions_;
  for (std::size_t s = 0; s < samples; ++s) {
    sink.post(add_supplied_, first_sample + s, amount, additions_);
    sink.post(add_dissipated_, first_sample + s, amount, additions_);
  }
}

}  // namespace szilard::electronic
