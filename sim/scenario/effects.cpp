// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/effects.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

namespace szilard::scenario {
namespace {

using electronic::CrossbarParameters;
using electronic::Device;
using electronic::ReadNoise;
using electronic::WireModel;

bool has_crossbar(const PlatformSpec& spec) {
  return !spec.is_digital && spec.linear.model == LinearModel::electronic_crossbar;
}

Effect of_crossbar(std::string name, std::string meaning, bool (*is_on)(const CrossbarParameters&),
                   void (*switch_off)(CrossbarParameters&)) {
  return {std::move(name), std::move(meaning), false,
          [is_on](const PlatformSpec& spec) { return has_crossbar(spec) && is_on(spec.linear.crossbar); },
          [switch_off](PlatformSpec& spec) { switch_off(spec.linear.crossbar); }};
}

Effect of_device(std::string name, std::string meaning, bool (*is_on)(const Device&), void (*switch_off)(Device&)) {
  return {std::move(name), std::move(meaning), false,
          [is_on](const PlatformSpec& spec) { return has_crossbar(spec) && is_on(spec.linear.crossbar.device); },
          [switch_off](PlatformSpec& spec) { switch_off(spec.linear.crossbar.device); }};
}

Effect of_neuron(std::string name, std::string meaning, support::Parameter neuron::NeuronParameters::*sigma) {
  return {std::move(name), std::move(meaning), false,
          [sigma](const PlatformSpec& spec) {
            return !spec.is_digital && spec.neuron.model == NeuronModel::relu_bit && spec.neuron.parameters.*sigma > 0;
          },
          [sigma](PlatformSpec& spec) {
            spec.neuron.parameters.*sigma = {0, "switched off", "user"};
          }};
}

Effect remedy(Effect effect) {
  effect.is_remedy = true;
  return effect;
}

bool has_programming_error(const Device& device) {
  const auto& error = device.programming_error_s;
  return std::any_of(error.begin(), error.end(), [](double c) { return c != 0; });
}

// Value at g of one of the laws that device.hpp states: a polynomial, or a table where there are places.
double value_at(const std::vector<double>& places, const double* numbers, std::size_t count, double g) {
  double value = 0;
  if (places.empty()) {
    while (count > 0) value = value * g + numbers[--count];
    return value;
  }
  const auto above = static_cast<std::size_t>(std::upper_bound(places.begin(), places.end(), g) - places.begin());
  if (above == 0) return numbers[0];
  if (above == count) return numbers[count - 1];
  return numbers[above - 1] +
         (numbers[above] - numbers[above - 1]) * (g - places[above - 1]) / (places[above] - places[above - 1]);
}

// Measured spreads hold the programming error: without it relaxation keeps what it added.
void program_exactly(Device& device) {
  electronic::Relaxation& relaxation = device.relaxation;
  if (!relaxation.is_on) return device.programming_error_s.clear();
  constexpr std::size_t kIntervals = 64;
  std::vector<double> places;
  for (std::size_t i = 0; i <= kIntervals; ++i) places.push_back(static_cast<double>(i) / kIntervals);
  const std::vector<double>& old = device.programming_places;
  const std::size_t times = relaxation.times_s.size(), errors = relaxation.error_s.size() / times,
                    shifts = relaxation.shift_s.size() / times;
  std::vector<double> error, shift;
  for (std::size_t k = 0; k < times; ++k) {
    for (const double g : places) {
      const double start = value_at(old, device.programming_error_s.data(), device.programming_error_s.size(), g);
      const double then = std::max(0.0, value_at(old, &relaxation.error_s[k * errors], errors, g));
      error.push_back(std::sqrt(std::max(0.0, then * then - start * start)));
      if (shifts > 0) shift.push_back(value_at(old, &relaxation.shift_s[k * shifts], shifts, g));
    }
  }
  relaxation.error_s = std::move(error);
  relaxation.shift_s = std::move(shift);
  device.programming_error_s.assign(places.size(), 0.0);
  device.programming_places = std::move(places);
}

using MaybeConverter = std::optional<electronic::Converter>;

constexpr int kFinestBits = 16;

// A curve of mismatch belongs to its codes: without these it has no meaning.
bool has_steps(const MaybeConverter& converter) {
  return converter && converter->quantiser.bits > 0 && converter->quantiser.bits < kFinestBits &&
         converter->imperfections.mismatch == electronic::Mismatch::none;
}

void refine(electronic::Converter& converter) {
  if (converter.energy_model != electronic::EnergyModel::cited) {
    const double energy_j = converter.energy_j(converter.quantiser.highest_code() / 2), time_s = converter.time_s();
    converter.energy_per_conversion_j = {energy_j, "of half the full scale, as quantisation is switched off", "choice"};
    converter.conversion_time_s = {time_s, "of the converter whose quantisation is switched off", "choice"};
    converter.energy_model = electronic::EnergyModel::cited;
  }
  const double finer = std::ldexp(1.0, kFinestBits - converter.quantiser.bits);
  for (support::Parameter* lsb : {&converter.imperfections.offset_lsb, &converter.imperfections.offset_spread_lsb,
                                  &converter.imperfections.noise_lsb})
    lsb->value *= finer;
  converter.quantiser.bits = kFinestBits;
}

Effect of_converter(std::string name, std::string meaning, MaybeConverter CrossbarParameters::*which) {
  return {std::move(name), std::move(meaning), false,
          [which](const PlatformSpec& spec) {
            const MaybeConverter& converter = spec.linear.crossbar.*which;
            return has_crossbar(spec) && converter && converter->imperfections.any();
          },
          [which](PlatformSpec& spec) { (spec.linear.crossbar.*which)->imperfections = {}; }};
}

bool clips(const ConverterRange& range) {
  return range.model == ConverterRange::Model::percentile || range.model == ConverterRange::Model::given;
}

std::vector<Effect> build() {
  return {
      of_crossbar(
          "input_quantisation",
          "steps of the DACs (16 bits instead), at the same energy; not with mismatch, nor where codes are serial or "
          "pulse widths",
          [](const CrossbarParameters& p) {
            return has_steps(p.input) && p.inputs.encoding == electronic::InputEncoding::amplitude;
          },
          [](CrossbarParameters& p) {
            refine(*p.input);
            // Exact products of codes have eight bits of them.
            if (p.precision == electronic::Precision::sixteen_bit)
              p.precision = electronic::Precision::double_precision;
          }),
      of_converter("input_errors", "offset, gain, mismatch and noise of the DACs", &CrossbarParameters::input),
      of_device(
          "levels", "conductance levels: weights become continuous", [](const Device& d) { return d.levels > 0; },
          [](Device& d) { d.levels = 0; }),
      of_device("programming_error", "deviation of a programmed conductance", has_programming_error, program_exactly),
      remedy(of_device(
          "write_verify", "programming again until the conductance is near enough",
          [](const Device& d) { return d.verify_tries > 1 && has_programming_error(d); },
          [](Device& d) { d.verify_tries = 1; })),
      of_device(
          "relaxation", "measured change of programmed cells with age",
          [](const Device& d) { return d.relaxation.is_on; }, [](Device& d) { d.relaxation.is_on = false; }),
      of_device(
          "stuck_cells", "cells that stand at an end of the range",
          [](const Device& d) { return d.stuck_on + d.stuck_off > 0; },
          [](Device& d) { d.stuck_on = d.stuck_off = 0; }),
      of_device(
          "device_spread", "differences from device to device", [](const Device& d) { return d.spread > 0; },
          [](Device& d) { d.spread = 0; }),
      of_device(
          "drift", "conductances that fall with time", [](const Device& d) { return d.drift.is_on; },
          [](Device& d) { d.drift.is_on = false; }),
      remedy(of_device(
          "drift_compensation", "the factor that makes up for drift",
          [](const Device& d) { return d.drift.is_on && d.drift.is_compensated; },
          [](Device& d) { d.drift.is_compensated = false; })),
      of_device(
          "access_resistance", "transistors or selectors in series with cells",
          [](const Device& d) { return d.access_ohm > 0; },
          [](Device& d) {
            d.access_ohm = {0, "switched off", "user"};
          }),
      of_device(
          "retention", "relaxation towards the minimum conductance",
          [](const Device& d) { return d.retention_time_s > 0; }, [](Device& d) { d.retention_time_s = 0; }),
      of_device(
          "read_disturb", "what past reads did to the cells",
          [](const Device& d) { return d.read_disturb > 0 && d.past_reads > 0; },
          [](Device& d) { d.read_disturb = 0; }),
      of_crossbar(
          "wires", "resistance of word and bit lines",
          [](const CrossbarParameters& p) { return p.wires.model != WireModel::none; },
          [](CrossbarParameters& p) { p.wires.model = WireModel::none; }),
      of_crossbar(
          "cell_current", "currents that are not proportional to voltage: cells become ohmic",
          [](const CrossbarParameters& p) { return p.cell.law != electronic::CellCurrent::Law::ohmic; },
          [](CrossbarParameters& p) { p.cell = {}; }),
      of_crossbar(
          "settling", "time before a read in which lines settle",
          [](const CrossbarParameters& p) { return p.settling_time_s > 0 || p.settling_accuracy > 0; },
          [](CrossbarParameters& p) {
            p.settling_time_s = {0, "switched off", "user"};
            p.settling_accuracy = 0;
          }),
      of_crossbar(
          "charging", "energy of charging word lines and their switches, and the time of staircases and ramps",
          [](const CrossbarParameters& p) {
            return (p.row_capacitance_per_cell_f > 0 && p.drive.charging != electronic::Charging::none) ||
                   p.select.energy_j(p.columns) > 0 || p.row_switch.voltage_share > 0;
          },
          [](CrossbarParameters& p) {
            p.drive.charging = electronic::Charging::none, p.select = {}, p.row_switch = {};
          }),
      of_crossbar(
          "programming_energy", "what writing the weights costs",
          [](const CrossbarParameters& p) { return p.programming.inferences > 0; },
          [](CrossbarParameters& p) { p.programming.inferences = 0; }),
      of_device(
          "read_noise", "noise of the cells' conductances in a read",
          [](const Device& d) { return d.read_noise != ReadNoise::none; },
          [](Device& d) { d.read_noise = ReadNoise::none; }),
      of_device(
          "current_noise", "thermal and shot noise of the cells' currents",
          [](const Device& d) { return d.current_noise.has_thermal || d.current_noise.has_shot; },
          [](Device& d) { d.current_noise.has_thermal = d.current_noise.has_shot = false; }),
      of_crossbar(
          "charge_noise", "kTC noise of the integration capacitors",
          [](const CrossbarParameters& p) { return p.integration_capacitance_f > 0; },
          [](CrossbarParameters& p) {
            p.integration_capacitance_f = {0, "switched off", "user"};
          }),
      of_crossbar(
          "sum_mismatch", "ratios of capacitors and mirrors that add bits and slices",
          [](const CrossbarParameters& p) { return p.accumulation.sum_mismatch > 0; },
          [](CrossbarParameters& p) { p.accumulation.sum_mismatch = 0; }),
      {"clipping", "full scales of converters below the largest in calibration", false,
       [](const PlatformSpec& spec) {
         return has_crossbar(spec) && (clips(spec.linear.input_range) || clips(spec.linear.output_range));
       },
       [](PlatformSpec& spec) {
         for (ConverterRange* range : {&spec.linear.input_range, &spec.linear.output_range})
           if (clips(*range)) *range = {};
       }},
      // The RTL neurons take codes: there an ADC without steps has no meaning.
      {"output_quantisation",
       "steps of the ADCs (16 bits instead), at the same energy; not with mismatch, nor with relu_rtl, which takes "
       "codes",
       false,
       [](const PlatformSpec& spec) {
         return has_crossbar(spec) && has_steps(spec.linear.crossbar.output) &&
                spec.neuron.model == NeuronModel::relu_bit;
       },
       [](PlatformSpec& spec) { refine(*spec.linear.crossbar.output); }},
      of_crossbar(
          "sampling_noise", "kT/C noise of the ADCs' sampling capacitors, with their energy",
          [](const CrossbarParameters& p) { return p.output && p.output->sampling.capacitance_f > 0; },
          [](CrossbarParameters& p) {
            p.output->sampling.capacitance_f = {0, "switched off", "user"};
          }),
      of_converter("output_errors", "offset, gain, mismatch and noise of the ADCs", &CrossbarParameters::output),
      of_neuron("threshold_offset", "fixed offsets of the neurons' thresholds",
                &neuron::NeuronParameters::threshold_offset),
      of_neuron("threshold_noise", "noise of the neurons' decisions", &neuron::NeuronParameters::threshold_noise)};
}

/// A platform has what one of its layers has.
Effect through_layers(Effect effect) {
  const auto is_on = std::move(effect.is_on);
  const auto switch_off = std::move(effect.switch_off);
  effect.is_on = [is_on](const PlatformSpec& spec) {
    return is_on(spec) || std::any_of(spec.layers.begin(), spec.layers.end(), is_on);
  };
  effect.switch_off = [is_on, switch_off](PlatformSpec& spec) {
    if (is_on(spec)) switch_off(spec);
    for (PlatformSpec& layer : spec.layers)
      if (is_on(layer)) switch_off(layer);
  };
  return effect;
}

}  // namespace

const std::vector<Effect>& effects() {
  static const std::vector<Effect> all = [] {
    std::vector<Effect> effects = build();
    for (Effect& one : effects) one = through_layers(std::move(one));
    return effects;
  }();
  return all;
}

std::vector<std::string> effect_names() {
  std::vector<std::string> names;
  for (const Effect& one : effects()) names.push_back(one.name);
  return names;
}

const Effect& effect(const std::string& name) {
  for (const Effect& one : effects())
    if (one.name == name) return one;
  throw std::logic_error("no effect " + name);
}

}  // namespace szilard::scenario
