// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/cosim/run.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/statistical.hpp"

/// Energy, latency and bounds of networks too large to simulate, from parts that are simulated.
///
/// Design of the sample. A layer of a platform is a stratum. Its outputs (channels of a convolution) are cut into C
/// blocks as wide as a tile, and a rest. One of R draws simulates, as one-layer networks on the platform's own models,
/// block a; blocks a and b; block a and the rest; all on the same m samples. Every figure of the ledger and of the
/// summary is then, for each sample,
///   y(layer) = y(a) + (C - 1) [y(a, b) - y(a)] + [y(a, rest) - y(a)]:
/// what is paid once a layer (converters of its inputs) is counted once, what a block adds as often as there are
/// blocks, and no property of a platform enters. A layer of at most two blocks is simulated whole. Layers of a network
/// have their own weights and the reference's signals as inputs, with errors of the layer before put on: the value that
/// the platform gave where the reference had nearly the same (hot deck; Andridge and Little, Int. Stat. Rev. 78, 40
/// (2010), DOI 10.1111/j.1751-5823.2010.00103.x). Samples are drawn without replacement, whole batches where the
/// platform takes batches; a last, shorter batch is in every draw and counts with its share. Layers given by statistics
/// draw weights, inputs and devices anew each time.
///
/// Estimator. For networks the generalised regression estimator (Sarndal, Swensson, Wretman, Model Assisted Survey
/// Sampling, 1992, chapter 6, ISBN 978-0-387-97528-3): samples get weights that make the sample means of two figures
/// that the reference knows of every sample, the inputs' sum of squares and the number of active outputs, equal to
/// those of the whole data set. For drawn layers, the mean. Variances are those of the draws' mean residuals (draws are
/// clusters); layers are independent. No correction for finite populations: figures of a sample depend on the one
/// before it (registers, bits), so that even a census would not be exact; intervals are too wide where a large share of
/// the data set is drawn. Intervals are Student's t with degrees of freedom after Satterthwaite, Biometrics Bulletin 2,
/// 110 (1946), DOI 10.2307/3002019.
///
/// Left out: correlations of errors between outputs of a layer, beyond what single values show; pauses between layers;
/// traffic between tiles beyond what the platform's models charge; work that has no weights (attention's products of
/// activations, normalisation).
namespace szilard::statistical {

/// An estimate with its interval.
struct Interval {
  double value = 0, low = 0, high = 0;
};

struct LayerEstimate {
  std::string name;
  std::size_t inputs = 0, outputs = 0, count = 1, parallel = 1, blocks = 1;
  double macs = 0;       ///< of all of them, an inference
  double simulated = 0;  ///< share of the blocks of one layer that a draw simulated
  Interval energy_j;     ///< supplied - recovered an inference, all of them
};

struct PlatformEstimate {
  std::string name;
  cosim::PlatformKind kind = cosim::PlatformKind::dynamic_analog;
  std::map<std::string, Interval> energy_j;  ///< supplied, dissipated, recovered, stored, total; an inference
  std::map<std::string, std::map<std::string, Interval>>
      by_component_j;  ///< dissipated an inference; tiles of a layer together
  std::map<std::string, Interval> by_mechanism_j;
  Interval latency_s;
  std::optional<Interval> throughput_per_s;
  std::optional<double> area_m2;
  double neurons = 0;
  Interval active_mean;
  std::map<std::string, Interval> active_by_layer;
  std::map<std::string, Interval> bounds_j;  ///< by the summary's names, an inference; none that cannot be had
  std::string bound;                         ///< the one that ratio_to_bound uses; empty: none
  std::optional<Interval> ratio_to_bound;
  std::vector<LayerEstimate> layers;
  std::size_t parts = 0;  ///< simulated
};

struct Estimate {
  double parameters = 0, macs = 0, neurons = 0;
  std::size_t population = 0;  ///< samples that the estimate is for; 0: layers are drawn
  std::size_t draws = 0, samples_a_draw = 0;
  double confidence = 0;
  std::vector<PlatformEstimate> platforms;
  std::vector<std::string> failures;  ///< of the parts' own checks
  double wall_s = 0;
};

struct Options {
  std::size_t jobs = 0;  ///< parts at a time, each a process; 0: one a processor
  std::function<void(const std::string& what, double share)> on_progress;
};

/// Whether a scenario is estimated without being asked: statistical.layers, or always.
bool is_implied(const scenario::Scenario& scenario);
/// `workload` is that of a scenario with a network, null for layers. Throws InputError where the scenario cannot be
/// sampled.
Estimate estimate(const scenario::Scenario& scenario, const cosim::Workload* workload, const Options& options);

/// Schema szilard.summary/1: keys that a sample cannot tell are null; platforms and the summary have `intervals`
/// besides.
std::string summary_json(const scenario::Scenario& scenario, const cosim::Workload* workload, const Estimate& estimate);
/// summary.json and scenario.resolved.yaml. Throws EnvironmentError.
void write(const std::string& directory, const scenario::Scenario& scenario, const cosim::Workload* workload,
           const Estimate& estimate);
void print(std::ostream& out, const scenario::Scenario& scenario, const Estimate& estimate);

}  // namespace szilard::statistical
