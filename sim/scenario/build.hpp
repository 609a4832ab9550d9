// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/reader.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

/// What no single key shows: names that must exist or differ, parts that exclude one another, sizes that were built.
/// Reports to the reader; looks only at what could be read.
void check_meaning(const Reading& scenario, Reader& reader);

/// The same of a part: a resistive crossbar, a digital baseline, the gate level of one or of a ReLU unit.
void check_crossbar(const Reading& linear, Reader& reader);
void check_digital(const Reading& digital, Reader& reader);
void check_gate_level(const Reading& part, bool has_batches, Reader& reader);
/// The same of one DAC or ADC.
void check_converter(const Reading& converter, double temperature_k, Reader& reader);
/// Whether it does more than round.
bool has_errors(const Reading& converter);

/// What a relu_bit neuron alone cannot have.
void check_neuron(const Reading& neuron, double temperature_k, Reader& reader);
/// What its errors cannot be, and where they have no meaning.
void check_bit_errors(const Reading& neuron, bool has_ideal_medium, Reader& reader);

/// A platform as it is for one of its `layers`.
Reading platform_of_layer(const Reading& platform, const Reading& layer);

/// A neuron from a reading without errors.
NeuronSpec neuron_of(const Reading& reading, double temperature_k);

/// The scenario from a reading without errors; warnings included, texts not.
Scenario build_scenario(const Reading& reading);

/// Parts of a platform, likewise.
electronic::CrossbarParameters crossbar_of(const Reading& linear, double temperature_k);
/// None where there is none, or where it is model none.
std::optional<electronic::Converter> converter_of(const Reading& platform, const char* key, double temperature_k);
ConverterRange range_of(const Reading& platform, const char* key);
DigitalEnergy energy_of(const Reading& energy);

/// Parameters of a coherent optical medium: linear.mzi_mesh or linear.scattering_medium.
optical::CoherentParameters coherent_of(const Reading& linear, double temperature_k);
/// Of an incoherent one: linear.ring_bank or linear.absorptive_crossbar.
optical::IncoherentParameters incoherent_of(const Reading& linear, double temperature_k);
bool is_coherent(const Reading& linear);
bool is_optical(const Reading& linear);
/// Parameters of a capacitive_crossbar, but for its ADC.
capacitive::CapacitiveParameters capacitive_of(const Reading& linear, double temperature_k);
/// What stands around it.
void check_capacitive(const Reading& platform, const Reading& linear, Reader& reader);

/// Parts beside the signal path, from a reading without errors, and what they say of one another.
std::vector<PartSpec> parts_of(const Value& parts);
void check_parts(const Value& parts, Reader& reader);

/// What the light is solved for, from wanted_error or wanted_bits.
std::optional<support::Parameter> wanted_error(const Reading& linear);

/// What the keys of an optical medium cannot have together.
void check_optical(const Reading& linear, Reader& reader);

/// The section `training` from a reading without errors, and what its keys say of one another.
std::shared_ptr<const TrainingSpec> training_of(const Reading& training, double temperature_k);
void check_training(const Reading& training, double temperature_k, Reader& reader);

/// The section `statistical` from a reading without errors, and what it says of the rest of the scenario.
std::shared_ptr<const StatisticalSpec> statistical_of(const Reading& statistical);
void check_statistical(const Reading& scenario, Reader& reader);

}  // namespace szilard::scenario
