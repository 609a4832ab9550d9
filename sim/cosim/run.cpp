// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <systemc>

#include "models/energy/energy_port.hpp"
#include "models/support/constants.hpp"
#include "models/support/tolerance.hpp"
#include "models/support/units.hpp"
#include "sim/cosim/part_accounts.hpp"
#include "sim/cosim/platform.hpp"
#include "sim/cosim/sample_source.hpp"

namespace szilard::cosim {
namespace {

constexpr std::size_t kReferenceMemory = std::size_t(96) << 20;

class PhaseClock {
 public:
  explicit PhaseClock(std::map<std::string, double>& phases) : phases_(phases) {}
  void finish(const std::string& phase) {
    const auto now = std::chrono::steady_clock::now();
    phases_[phase] += std::chrono::duration<double>(now - start_).count();
    start_ = now;
  }

 private:
  std::map<std::string, double>& phases_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Platforms, and layers that are built otherwise.
std::vector<const scenario::PlatformSpec*> descriptions_of(const scenario::Scenario& scenario) {
  std::vector<const scenario::PlatformSpec*> all;
  for (const scenario::PlatformSpec& platform : scenario.platforms) {
    all.push_back(&platform);
    for (const scenario::PlatformSpec& layer : platform.layers) all.push_back(&layer);
  }
  return all;
}

/// Percentiles that some converter's range asks for.
std::vector<double> shares_of(const scenario::Scenario& scenario) {
  std::vector<double> shares;
  for (const scenario::PlatformSpec* spec : descriptions_of(scenario)) {
    for (const scenario::ConverterRange& range : {spec->linear.input_range, spec->linear.output_range}) {
      const bool is_new = std::find(shares.begin(), shares.end(), range.percentile) == shares.end();
      if (range.model == scenario::ConverterRange::Model::percentile && is_new) shares.push_back(range.percentile);
    }
  }
  return shares;
}

/// Entries whose layer inputs the converters of partial results are calibrated with.
std::size_t kept_entries(const scenario::Scenario& scenario) {
  constexpr std::size_t kEntries = 256;
  for (const scenario::PlatformSpec* spec : descriptions_of(scenario)) {
    if (spec->is_digital || spec->is_quasistatic || spec->linear.model != scenario::LinearModel::electronic_crossbar)
      continue;
    const electronic::CrossbarParameters& crossbar = spec->linear.crossbar;
    if (crossbar.is_coded() && crossbar.accumulation.range == 0) return kEntries;
  }
  return 0;
}

double share_correct(const std::vector<std::int64_t>& predictions, const std::vector<std::int64_t>& truth) {
  std::size_t right = 0;
  for (std::size_t s = 0; s < predictions.size(); ++s) right += predictions[s] == truth[s];
  return double(right) / double(predictions.size());
}

/// Energy put in at a component that no element gets: for tests of the closure check.
void leak(const scenario::PlatformSpec& spec, energy::EnergySink& ledger) {
  if (!spec.fault || spec.fault->model != scenario::FaultSpec::Model::energy_leak) return;
  energy::AccountInfo account;
  account.component = spec.name + "/" + spec.fault->component;
  account.mechanism = "fault_energy_leak";
  account.fate = energy::Fate::supplied;
  account.origin = energy::Origin::assumed;
  account.law = "an error put in on purpose";
  account.counted = "leaks";
  ledger.post_joules(ledger.open(account), spec.fault->sample, spec.fault->energy_j, 1);
}

void check_books(const energy::Ledger& ledger, const std::string& platform, std::vector<std::string>& failures) {
  const energy::Ledger::Closure closure = ledger.closure(platform);
  if (!(closure.worst <= support::kLedgerClosure))
    failures.push_back("the ledger does not close at " + closure.component + ", sample " +
                       std::to_string(closure.sample) + ": " + support::engineering(closure.imbalance_j, "J") +
                       " unaccounted for (" + support::shortest(closure.worst) + " of its largest entry)");
  const energy::Quanta mismatch = ledger.worst_transfer_mismatch(platform);
  if (!(mismatch == energy::Quanta{}))
    failures.push_back("transfers inside " + platform + " do not cancel: " +
                       support::engineering(mismatch.joules(), "J") + " exported and never received");
}

void fill_common(PlatformResult& result, const Platform& platform, std::size_t index, const Scoreboard& scoreboard,
                 const ReferenceStore& reference, const Workload& workload, const energy::Ledger& ledger,
                 double temperature_k) {
  result.kind = platform.kind();
  const std::vector<std::int64_t>& predictions = scoreboard.predictions(index);
  if (workload.data.has_labels()) result.accuracy = share_correct(predictions, workload.data.labels());
  result.agreement = share_correct(predictions, reference.predictions());
  for (std::size_t l = 0; l < workload.chain.layers.size(); ++l)
    result.layers.push_back(
        {workload.chain.layers[l].map.name, scoreboard.rms_error(index, l), scoreboard.max_error(index, l)});
  result.output_rms_error = result.layers.back().rms_error;

  double latency = 0;
  std::int64_t first = platform.entered_ps().front(), last = 0;
  for (std::size_t s = 0; s < workload.samples; ++s) {
    latency += double(platform.ended_ps()[s] - platform.entered_ps()[s]);
    last = std::max(last, platform.ended_ps()[s]);
  }
  result.latency_s = latency / double(workload.samples) * 1e-12;
  if (last > first) {
    const double interval_s = double(last - first) * 1e-12 / double(workload.samples);
    result.throughput_per_s = 1 / interval_s;
    double peak = 0;
    for (std::size_t s = 0; s < workload.samples; ++s)
      peak = std::max(peak, ledger.total(result.name, energy::Fate::dissipated, s).joules());
    result.peak_power_w = peak / interval_s;
  }
  const double dissipated = ledger.total(result.name, energy::Fate::dissipated).joules() / double(workload.samples);
  result.negentropy_bits = dissipated / (support::kBoltzmann_J_per_K * temperature_k * support::kLn2);
  result.digital_flop_j = energy::digital_flop_bound_j(double(workload.chain.macs()), temperature_k);
  if (result.bound_j && *result.bound_j > 0) result.ratio_to_bound = dissipated / *result.bound_j;
}

/// The network's inputs, from the time at which each sample entered the platform.
void show_inputs(const std::string& name, const dataset::Dataset& data, const Platform& platform, WaveRecorder& waves) {
  for (std::size_t s = 0; s < platform.entered_ps().size(); ++s) {
    if (!waves.wants(s)) continue;
    support::SignalBlock block = data.block(s, 1);
    block.entered_ps()[0] = platform.entered_ps()[s];
    waves.values(name, "", "in", block, true);
  }
}

std::string number(double value) { return support::shortest(value); }

}  // namespace

mapping::Calibration calibrate(const scenario::Scenario& scenario, const Workload& workload) {
  if (scenario.calibration_path.empty()) {
    const std::size_t entries = std::min(scenario.calibration_samples.value_or(1000), workload.data.items());
    return mapping::calibrate(workload.network, workload.chain, workload.data, entries, shares_of(scenario),
                              kept_entries(scenario));
  }
  const dataset::Dataset data = dataset::Dataset::load(scenario.calibration_path, "", scenario.calibration_scale);
  if (data.features() != workload.data.features())
    throw support::InputError(support::DiagnosticCode::shape_mismatch, {scenario.calibration_path, 1, 1},
                              "an item of the calibration data has " + std::to_string(data.features()) +
                                  " numbers, one of the data set " + std::to_string(workload.data.features()));
  return mapping::calibrate(workload.network, workload.chain, data,
                            std::min(scenario.calibration_samples.value_or(1000), data.items()), shares_of(scenario),
                            kept_entries(scenario));
}

RunResult run(const scenario::Scenario& scenario, const Workload& workload, const RunOptions& options) {
  RunResult result;
  PhaseClock clock(result.phases_s);
  const auto progress = [&](const std::string& phase, const std::string& what, double share) {
    if (options.on_progress) options.on_progress(phase, what, share);
  };

  progress("calibrate", "reference", 0);
  const mapping::Calibration calibration = workload.calibration ? *workload.calibration : calibrate(scenario, workload);
  const mapping::QuantisedChain quantised = mapping::quantise_int8(workload.chain, calibration);
  clock.finish("calibrate");
  progress("reference", "double precision", 0);
  ReferenceStore reference(workload.network, workload.chain, workload.data, workload.samples, kReferenceMemory);
  clock.finish("reference");

  std::vector<std::string> names;
  for (const scenario::PlatformSpec& platform : scenario.platforms) names.push_back(platform.name);
  Scoreboard scoreboard(workload.chain, reference, workload.samples, names, scenario.compare_pairs,
                        scenario.compare_tolerance);
  scoreboard.on_progress = [&](std::size_t platform, std::size_t done) {
    progress("simulate", names[platform], double(done) / double(workload.samples));
  };

  result.ledger = std::make_unique<energy::Ledger>(0, workload.samples);
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  energy::EnergyChannel channel("energy", *result.ledger);
  SampleSource source("source", workload.data, workload.samples, options.quantum);
  std::optional<WaveRecorder> waves;
  if (options.waves && scenario.waves) {
    std::vector<std::string> layers;
    for (const mapping::Layer& layer : workload.chain.layers) layers.push_back(layer.map.name);
    waves.emplace(*scenario.waves, workload.samples, std::move(layers));
  }
  std::vector<std::unique_ptr<Platform>> platforms;
  for (std::size_t p = 0; p < scenario.platforms.size(); ++p) {
    const scenario::PlatformSpec& spec = scenario.platforms[p];
    const PlatformContext context{scenario,
                                  spec,
                                  workload.chain,
                                  calibration,
                                  quantised,
                                  workload.data,
                                  scoreboard,
                                  p,
                                  workload.samples,
                                  channel,
                                  waves ? &*waves : nullptr,
                                  options.on_crossbar,
                                  options.on_optical};
    platforms.push_back(spec.is_quasistatic ? make_quasistatic_platform(context)
                        : spec.is_digital   ? make_digital_platform(context, !options.clock_trace_path.empty())
                                            : make_analog_platform(context));
    source.feed(platforms.back()->input(), platforms.back()->interval_ps());
  }
  clock.finish("build");
  sc_core::sc_start();
  clock.finish("simulate");

  for (std::size_t p = 0; p < platforms.size(); ++p) {
    const scenario::PlatformSpec& spec = scenario.platforms[p];
    if (!scoreboard.complete(p)) throw std::logic_error("platform '" + spec.name + "' did not deliver every sample");
    leak(spec, *result.ledger);
    post_parts(spec, *platforms[p], workload.chain, *result.ledger);
    PlatformResult platform;
    platform.name = spec.name;
    platforms[p]->report(platform, result.failures);
    for (support::AreaPart& area : areas_of_parts(spec)) platform.areas.push_back(std::move(area));
    fill_common(platform, *platforms[p], p, scoreboard, reference, workload, *result.ledger, scenario.temperature_k);
    check_books(*result.ledger, spec.name, result.failures);
    result.platforms.push_back(std::move(platform));
    result.predictions.push_back(scoreboard.predictions(p));
    result.outputs.push_back(scoreboard.outputs(p));
    if (waves) {
      platforms[p]->record_waves(spec.name, *waves);
      show_inputs(spec.name, workload.data, *platforms[p], *waves);
      waves->power(spec.name, *result.ledger);
    }
  }
  if (waves) result.waves = waves->finish();
  result.compare = scoreboard.compare_pairs();
  for (const PairResult& pair : result.compare)
    if (pair.first_mismatch)
      result.failures.push_back("platforms " + pair.first + " and " + pair.second + " differ in layer " + pair.layer +
                                ", sample " + std::to_string(pair.first_mismatch->sample) + ", index " +
                                std::to_string(pair.first_mismatch->index) + ": " + number(pair.first_mismatch->first) +
                                " and " + number(pair.first_mismatch->second));

  if (workload.data.has_labels())
    result.reference_accuracy = share_correct(reference.predictions(), workload.data.labels());
  result.reference_predictions = reference.predictions();
  result.samples = workload.samples;
  result.output_size = result.outputs.empty() ? 0 : result.outputs.front().size() / workload.samples;
  if (!options.clock_trace_path.empty()) {
    std::vector<double> trace;
    for (const auto& platform : platforms)
      trace.insert(trace.end(), platform->clock_trace_j().begin(), platform->clock_trace_j().end());
    dataset::write_npy(options.clock_trace_path, {std::int64_t(trace.size())}, trace.data());
  }
  clock.finish("evaluate");
  return result;
}

}  // namespace szilard::cosim
