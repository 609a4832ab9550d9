// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/capacitive/capacitive_stage.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/neuron/drawn_reset.hpp"
#include "models/neuron/neuron_bank.hpp"
#include "models/neuron/reset.hpp"
#include "models/optical/coherent_stage.hpp"
#include "models/optical/incoherent_stage.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/parameter.hpp"
#include "rtl/digital_coefficients.hpp"

namespace szilard::scenario {

struct OwnMediumSpec;
struct OwnNeuronSpec;

enum class LinearModel { ideal, electronic_crossbar, coherent, incoherent, capacitive_crossbar, own };
enum class Quantisation { none, int8 };

/// Where a converter's full scale comes from.
struct ConverterRange {
  enum class Model { maximum, percentile, given, full } model = Model::maximum;
  double percentile = 1;  ///< share of the calibrated values
  double limit = 0;       ///< given, in the network's numbers
};

struct LinearSpec {
  LinearModel model = LinearModel::ideal;
  Quantisation quantisation =
      Quantisation::none;  ///< ideal only: int8 weights and activations, as the int8 baselines compute
  electronic::CrossbarParameters
      crossbar;  ///< electronic_crossbar; its converters, from input and output, of optical media too
  ConverterRange input_range, output_range;
  optical::CoherentParameters coherent;         ///< coherent: mzi_mesh, scattering_medium
  optical::IncoherentParameters incoherent;     ///< incoherent: ring_bank, absorptive_crossbar
  std::shared_ptr<const OwnMediumSpec> own;     ///< own: a medium of the user's (own_parts.hpp)
  capacitive::CapacitiveParameters capacitive;  ///< capacitive_crossbar, its ADC included
};

enum class NeuronModel { relu_bit, relu_rtl };
enum class ResetModel {
  landauer_ideal,
  cmos_latch,
  two_level,
  double_well,
  optimal_transport,
  memristive_threshold,
  optical_bistable,
  own,
};
enum class Protocol { known, blind, assumed };

/// Coefficients of clocked digital parts, with the preset they come from.
struct DigitalEnergy : rtl::DigitalCoefficients {
  std::string library_path;  ///< Liberty file: energy of the logic from gates; empty: from the coefficients
  std::optional<double> wire_f_per_load;  ///< library: capacitance of a wire for each pin that it drives
  std::optional<double> sampled_share;    ///< library: share of the windows simulated; none: all
  unsigned clock_tree_fanout = 0;         ///< library: most loads of a buffer of the modelled clock tree; 0: none
  std::string clock_tree_buffer;
  unsigned net_fanout = 0;  ///< library: most loads of a net without modelled buffers; 0: any number
  std::string net_buffer;
  std::string preset;
};

struct NeuronSpec {
  NeuronModel model = NeuronModel::relu_bit;
  ResetModel reset = ResetModel::landauer_ideal;
  Protocol protocol = Protocol::known;
  neuron::NeuronParameters parameters;        ///< full_scale is filled from calibration
  support::Parameter hold_s;                  ///< least time between decision and reset
  double assumed_probability = 0.5;           ///< protocol: assumed
  std::optional<support::Parameter> area_m2;  ///< of one relu_bit; none: no figure
  neuron::CmosLatch latch;                    ///< reset: cmos_latch
  neuron::SimulatedReset simulated;           ///< two_level, double_well; q and temperature filled in by the platform
  neuron::TransportReset transport;           ///< optimal_transport; likewise
  reset_physics::DeviceReset device;          ///< memristive_threshold, optical_bistable
  std::shared_ptr<const OwnNeuronSpec> own;   ///< reset own: a neuron of the user's (own_parts.hpp)
  int lanes = 16;                             ///< relu_rtl: codes per clock cycle
  double clock_hz = 0;                        ///< relu_rtl
  DigitalEnergy energy;                       ///< relu_rtl
};

struct DigitalSpec {
  std::string rtl = "systolic_int8";
  int rows = 16, columns = 16;
  int batch = 1;
  double clock_hz = 0;
  DigitalEnergy energy;
};

enum class RampShape { linear, smooth, optimal };
enum class SpringSteps { automatic, heun, exact };

/// The network as one damped spring a unit; times in relaxation times friction / stiffness, written "100 tau".
struct QuasiStaticSpec {
  double stiffness_j = 0;
  std::vector<double> layer_stiffness_j;   ///< one a layer, instead; empty: all alike
  std::vector<double> layer_relaxation_s;  ///< of each layer's free units; empty: relaxation_time everywhere
  support::SourceLocation layers_where;
  support::Parameter relaxation_time_s;
  double ramp_tau = 0;                              ///< from one sample's inputs to the next
  double read_tau = 0;                              ///< afterwards, over which outputs are averaged; 0: read at once
  double read_every_tau = 0;                        ///< between two readings; 0: at every step
  std::optional<support::Parameter> read_energy_j;  ///< of one reading of one output
  RampShape shape = RampShape::linear;
  SpringSteps integrator = SpringSteps::automatic;
  double step = 0.2;  ///< times the stiffest relaxation rate
};

/// Errors put in on purpose, so that a test can see the checks find them.
struct FaultSpec {
  enum class Model { one_lsb, energy_leak, free_reset } model = Model::one_lsb;
  std::string layer;  ///< one_lsb, free_reset: the layer's name
  std::uint64_t sample = 0;
  std::size_t index = 0;  ///< one_lsb: output of the layer
  std::string component;  ///< energy_leak: below the platform, e.g. "fc1/driver"
  double energy_j = 0;    ///< energy_leak: supplied and never dissipated
};

/// What stands beside the signal path and is known by its figures: buffers, buses, links, whole component tables.
struct PartSpec {
  enum class Per { inference, input, output, product, mac };
  enum class During { latency, interval };
  std::string path;                           ///< below PLATFORM/parts: the parts that it stands in, and its name
  std::string mechanism;                      ///< in the ledger
  std::int64_t count = 1;                     ///< times those of the parts that it stands in
  std::optional<support::Parameter> power_w;  ///< [W] of one, while a sample keeps it busy
  std::optional<support::Parameter> time_s;   ///< [s] for which one does; none: `during`
  During during = During::latency;
  std::optional<support::Parameter> energy_j;  ///< [J] of one event in one
  Per per = Per::inference;                    ///< what an event is
  std::optional<support::Parameter> area_m2;   ///< [m2] of one
};

struct PlatformSpec {
  std::string name;
  support::SourceLocation where;
  bool is_digital = false, is_quasistatic = false;
  LinearSpec linear;            ///< analog and hybrid
  NeuronSpec neuron;            ///< analog and hybrid
  DigitalSpec digital;          ///< digital
  QuasiStaticSpec quasistatic;  ///< quasi-static
  std::vector<PartSpec> parts;  ///< analog and hybrid
  std::optional<FaultSpec> fault;
  std::vector<std::string>
      technologies;  ///< nodes named by the presets in use, e.g. "130 nm"; more than one gives a warning
  std::vector<std::string> presets;
  std::string layer;                 ///< one of `layers`: the layer's name; a platform: empty
  std::vector<PlatformSpec> layers;  ///< layers that are built otherwise: whole platforms, whose media are used

  /// What the layer is built from: its own, else this.
  const PlatformSpec& of_layer(const std::string& layer_name) const {
    for (const PlatformSpec& one : layers)
      if (one.layer == layer_name) return one;
    return *this;
  }
};

/// A pump that brings what is dissipated at the scenario's temperature to an ambience at least as warm.
struct CoolingSpec {
  double ambient_k = 0;
  support::Parameter efficiency;  ///< share of Carnot's coefficient of performance, in (0, 1]
};

struct TrainingSpec;
struct StatisticalSpec;

/// Signals, events and power of some samples, written as waves (docs/waves.md).
struct WavesSpec {
  enum class Format { vcd, fst, both } format = Format::both;
  std::uint64_t first_sample = 0;
  std::optional<std::uint64_t> samples;  ///< none: all from the first
  std::optional<std::size_t> signals;    ///< of each layer, from its first; none: all
  support::SourceLocation where;
};

struct Scenario {
  std::string path;  ///< of the scenario file
  std::string name;
  double temperature_k = 300;
  std::uint64_t seed = 1;
  std::string network_path;  ///< resolved against the scenario's folder; empty: statistical gives layers
  support::SourceLocation network_where;
  std::string inputs_path, labels_path;  ///< labels may be empty
  support::SourceLocation inputs_where, labels_where;
  double scale = 1;
  std::optional<std::size_t> samples;  ///< none: all
  std::string calibration_path;        ///< empty: the data set itself
  double calibration_scale = 1;
  std::optional<std::size_t> calibration_samples;  ///< none: min(1000, all)
  std::vector<std::pair<std::string, std::string>> compare_pairs;
  std::optional<CoolingSpec> cooling;
  std::optional<WavesSpec> waves;
  bool report_page = false;                            ///< report.html among the results
  std::shared_ptr<const TrainingSpec> training;        ///< sim/scenario/training.hpp; null: none
  std::shared_ptr<const StatisticalSpec> statistical;  ///< sim/scenario/statistical.hpp; null: none
  double compare_tolerance = 0;  ///< relative to the reference's full scale in the layer; 0: exact
  std::vector<PlatformSpec> platforms;
  std::vector<support::Diagnostic> warnings;
  std::string resolved_yaml;  ///< every default and preset written out; alone reproduces the run
  std::string canonical;  ///< resolved_yaml with file paths replaced by the files' SHA-256: what scenario.sha256 hashes
};

struct LoadOptions {
  std::vector<std::string> overrides;  ///< "KEY.PATH=VALUE" of --set, later ones win
  std::optional<std::uint64_t> seed;
  std::optional<std::size_t> samples;
};

/// Reads and checks a scenario. Throws InputError with every diagnostic found.
Scenario load(const std::string& path, const LoadOptions& options = {});

/// A relu_bit neuron with this reset and everything else from the preset (empty: the defaults of its part). Throws
/// InputError naming the option --preset.
NeuronSpec neuron_of_preset(const std::string& reset, const std::string& preset, double temperature_k);

/// JSON Schema 2020-12 of scenario files, from the same table as the reader.
std::string json_schema();
/// The reference page docs/scenario-reference.md, from the same table.
std::string reference_markdown();

/// Presets found under the technology folder: name, what it is for, keys with values and sources.
struct PresetKey {
  std::string key, value, source, status;
};
struct PresetInfo {
  std::string name, file, model, technology, title;
  std::vector<PresetKey> keys;
};
std::vector<PresetInfo> presets();
/// Where presets are: the folder named by SZILARD_TECHNOLOGY, else share/szilard/technology beside the binary's folder,
/// else the source tree's scenarios/technology.
std::string technology_folder();

/// Models of every part with their keys, units and defaults: `szilard list models`.
struct ModelInfo {
  std::string part, name, summary;
  std::vector<std::vector<std::string>> keys;  ///< key, type and unit, default, meaning
};
std::vector<ModelInfo> models();

}  // namespace szilard::scenario
