// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/energy/bounds.hpp"
#include "models/energy/ledger.hpp"
#include "models/neuron/fallible_bit.hpp"
#include "models/optical/link_budget.hpp"
#include "models/support/area.hpp"
#include "sim/cosim/scoreboard.hpp"
#include "sim/waves/recording.hpp"

namespace szilard::cosim {

struct LayerResult {
  std::string name;
  double rms_error = 0, max_error = 0;  ///< relative to the reference's rms in that layer
};

/// What was seen of a platform's neurons.
struct NeuronResult {
  std::uint64_t count = 0;
  double active_mean = 0;
  std::vector<std::pair<std::string, double>> active_by_layer;
  std::uint64_t sets = 0, resets = 0, transitions_1_0 = 0;
  std::optional<double> below_bound_fraction;
  neuron::BitErrorCounts errors;  ///< no decisions where bits do not err
};

/// States of a layer's neurons in the first samples of a run, for a raster: at most 128 neurons, evenly spread over the
/// layer, and 200 samples.
struct ActivityExcerpt {
  std::string layer;
  std::size_t neurons = 0, samples = 0;  ///< of the whole layer; shown
  std::vector<std::size_t> shown;        ///< neurons
  std::vector<std::uint8_t> active;      ///< [shown][samples]
};

/// Resets that were drawn one by one, over all banks. Means are per neuron and sample, resets from state 0 among them.
struct DrawnResetResult {
  std::uint64_t failed = 0;  ///< ended in state 1
  double error_probability = 0;
  double duration_s = 0;
  double mean_work_j = 0;
  double calibrated_work_j = 0;            ///< what the calibration expects of the same states
  double calibrated_standard_error_j = 0;  ///< from the size of its ensembles
  /// Standard error of mean_work_j - calibrated_work_j: the run's alone, or with that of the ensembles where resets are
  /// live.
  double difference_standard_error_j = 0;
};

/// Second law over the ensemble of samples: what resets consume is at least what they take from the Shannon entropy of
/// the bits' states, that of the ensemble less what failed resets leave. Per inference.
struct NegentropyResult {
  std::string component;
  double consumed_bit = 0, standard_error_bit = 0;  ///< mean work of resets / (kT ln2)
  double shannon_reduction_bit = 0;
  bool holds = true;
};

/// Where a layer went: printed as the layer-to-hardware map.
struct LayerPlacement {
  std::string layer;
  std::string hardware;              ///< "7 x 2 tiles of 128 x 128"
  std::size_t positions = 1;         ///< matrix-vector products a sample
  double utilisation = 1;            ///< share of cells in use
  std::optional<double> duration_s;  ///< of one sample; none where layers share the hardware
};

/// A layer on an optical medium.
struct OpticalLayerResult {
  std::string layer, medium;
  std::size_t tiles = 0, modes = 0, scatterer_modes = 0, elements = 0;
  double error = 0,
         largest_error = 0;  ///< of the matrix as built, || realised - W ||_F / || W ||_F, and of the worst tile
  double residual = 0;       ///< of the programming, the worst tile's
  double holding_w = 0;      ///< of all tiles
  double programming_j = 0, programming_time_s = 0;  ///< all tiles once; one setting
  double photons_per_mac = 0;                        ///< signal photons detected, over samples and multiplications
  optical::LinkBudget link;
};

enum class PlatformKind { dynamic_analog, hybrid, digital, quasi_static };

/// Where a platform's logic was simulated gate by gate.
struct GateLevelResult {
  std::string library, wire_estimate;
  std::size_t cells = 0, registers = 0;
  std::uint64_t cycles_simulated = 0;
  std::uint64_t windows_joined = 0;                ///< ends of windows at which every register was held against RTL
  double logic_j = 0;                              ///< whole run
  std::size_t clock_buffers = 0, net_buffers = 0;  ///< modelled ones; their energy is part of logic_j
  double clock_tree_j = 0;                         ///< of the modelled clock tree, whole run
  double sampling_error = 0;  ///< half-width of the 95 % interval of logic_j, relative; 0: every cycle was simulated
  double weights_difference = 0;  ///< what internal_power weights of the whole run would change, relative
  double glitch_estimate_j = 0;   ///< whole run, an estimate in no total
  std::optional<double> landauer_gate_j,
      landauer_register_j;  ///< kT ln2 a bit forgotten, whole run, from the first windows
  /// Beside it, per inference: the logic in other technologies, and figures that know only the number of operations.
  struct Figure {
    std::string name, origin;
    double energy_j = 0;
  };
  std::vector<Figure> figures;
};

struct PlatformResult {
  std::string name;
  PlatformKind kind = PlatformKind::dynamic_analog;
  std::optional<double> accuracy;  ///< none without labels
  double agreement = 0;
  double output_rms_error = 0;
  std::vector<LayerResult> layers;
  std::vector<LayerPlacement> placement;
  std::vector<support::AreaPart> areas;     ///< of everything that was built
  std::vector<OpticalLayerResult> optical;  ///< layers on optical media
  std::uint64_t cycles = 0;
  double latency_s = 0;                    ///< mean over samples
  std::optional<double> throughput_per_s;  ///< none where a run takes no simulated time
  std::optional<double> peak_power_w;      ///< largest dissipation of a sample over the mean time between samples
  NeuronResult neurons;
  std::vector<ActivityExcerpt> activity;  ///< layers with neurons
  std::optional<DrawnResetResult> drawn_resets;
  std::optional<GateLevelResult> gate_level;
  energy::ResetBounds reset_bounds;
  bool has_reset_bounds = false;
  energy::CycleBounds cycle_bounds;  ///< empty without neurons
  std::vector<std::pair<std::string, energy::ResetBounds>>
      reset_bounds_by_layer;  ///< dynamic analog: each bank by itself
  /// Of the banks' resets, one a bank as reset_bounds_by_layer: kT [sum h(p_i) - n h(e)] and what the duration adds at
  /// the mean occupations; none where the reset takes no time of its own.
  std::vector<std::optional<double>> finite_time_by_layer_j;
  std::optional<double> finite_time_j;       ///< sum over the banks
  std::vector<NegentropyResult> negentropy;  ///< policy every_cycle: each bank, then the whole platform
  std::optional<double> digital_flop_j, digital_register_j;
  std::optional<double> bound_j;  ///< what ratio_to_bound uses
  std::string bound_name;         ///< empty: none
  std::optional<double> ratio_to_bound;
  double negentropy_bits = 0;
  std::vector<energy::BoundCheck> bound_checks;
};

struct RunResult {
  std::shared_ptr<const waves::Recording> waves;  ///< null: none recorded
  std::unique_ptr<energy::Ledger> ledger;
  std::optional<double> reference_accuracy;
  std::vector<std::int64_t> reference_predictions;
  std::vector<PlatformResult> platforms;
  std::vector<PairResult> compare;
  std::vector<std::string> failures;  ///< checks that failed, a sentence each; a run with any ends with exit code 1
  std::map<std::string, double> phases_s;              ///< wall time
  std::vector<std::vector<std::int64_t>> predictions;  ///< [platform][sample]
  std::vector<std::vector<double>> outputs;            ///< [platform][sample x output]
  std::size_t samples = 0, output_size = 0;
};

}  // namespace szilard::cosim
