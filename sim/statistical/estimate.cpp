// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <deque>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

#include "models/support/philox.hpp"
#include "sim/statistical/part_run.hpp"
#include "sim/statistical/strata.hpp"

namespace szilard::statistical {
namespace {

using scenario::PlatformSpec;
using scenario::Scenario;
using scenario::StatisticalSpec;
using support::DiagnosticCode;
using support::InputError;

/// 0 .. count - 1 in random order.
std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, const std::string& stream_name) {
  const support::RandomStream stream(seed, support::stream_of(stream_name.c_str()));
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t(0));
  for (std::size_t i = count; i > 1; --i)
    std::swap(order[i - 1], order[std::min(i - 1, std::size_t(stream.uniform(i, 0) * double(i)))]);
  return order;
}

std::size_t batch_of(const PlatformSpec& platform) {
  return platform.is_digital ? std::size_t(platform.digital.batch) : 1;
}

/// Outputs of one tile: what blocks are multiples of, so that each further block adds the same.
std::size_t tile_outputs(const PlatformSpec& platform) {
  if (platform.is_digital) return std::size_t(platform.digital.columns);
  switch (platform.linear.model) {
    case scenario::LinearModel::electronic_crossbar: {
      const electronic::CrossbarParameters& crossbar = platform.linear.crossbar;
      const bool has_pairs = crossbar.signed_weights == electronic::SignedWeights::differential_pair;
      const bool side_by_side = crossbar.weights.placement == electronic::SlicePlacement::side_by_side;
      const std::size_t columns = (has_pairs ? 2 : 1) * (side_by_side ? crossbar.slices() : 1);
      return std::max<std::size_t>(1, (crossbar.columns - (has_pairs ? 0 : 1)) / columns);
    }
    case scenario::LinearModel::coherent:
      return platform.linear.coherent.modes;
    case scenario::LinearModel::incoherent:
      return platform.linear.incoherent.modes;
    case scenario::LinearModel::capacitive_crossbar:
      return std::max<std::size_t>(
          1, platform.linear.capacitive.columns / std::size_t(std::max(1, platform.linear.capacitive.weight_bits)));
    case scenario::LinearModel::ideal:
    case scenario::LinearModel::own:
      break;
  }
  return 1;
}

/// Whole tiles and, of a ReLU in RTL, whole cycles.
std::size_t block_unit(const PlatformSpec& platform) {
  const bool has_lanes = !platform.is_digital && platform.neuron.model == scenario::NeuronModel::relu_rtl;
  return std::lcm(tile_outputs(platform), has_lanes ? std::size_t(platform.neuron.lanes) : 1);
}

Cut cut_of(const LayerShape& shape, const StatisticalSpec& spec, const PlatformSpec& platform) {
  constexpr std::size_t kWithoutTiles = 128;
  const std::size_t unit = block_unit(platform), wanted = spec.block.value_or(unit > 1 ? unit : kWithoutTiles);
  const std::size_t width = (wanted + unit - 1) / unit * unit;
  if (!shape.can_be_cut || width >= shape.outputs) return {1, shape.outputs, 0};
  return {shape.outputs / width, width, shape.outputs % width};
}

/// The draws of one layer on one platform; empty for a data set too small.
std::vector<Draw> draws_of(const Population& population, const LayerShape& shape, const Cut& cut,
                           const StatisticalSpec& spec, const PlatformSpec& platform) {
  const std::size_t batch = batch_of(platform);
  std::size_t batches = std::max<std::size_t>(1, spec.samples / batch);  // a draw
  const std::string path = "statistical/" + platform.name + "/" + shape.name;
  std::vector<std::size_t> order;
  std::size_t last = 0;
  if (population.samples() > 0) {
    const std::size_t whole = population.samples() / batch;
    last = population.samples() % batch;
    if (whole < spec.draws) return {};
    batches = std::min(batches, whole / spec.draws);
    order = shuffled(whole, spec.seed, path + "/samples");
  }
  const std::vector<std::size_t> blocks = shuffled(cut.full_blocks, spec.seed, path + "/blocks");
  std::vector<Draw> draws;
  for (std::size_t r = 0; r < spec.draws; ++r) {
    Draw draw;
    draw.number = r;
    std::vector<std::size_t> mine(batches);
    for (std::size_t k = 0; k < batches; ++k) mine[k] = order.empty() ? k : order[r * batches + k];
    std::sort(mine.begin(), mine.end());
    for (const std::size_t b : mine)
      for (std::size_t s = 0; s < batch; ++s) draw.samples.push_back(b * batch + s);
    draw.last_batch = last;
    for (std::size_t s = 0; s < last; ++s) draw.samples.push_back(population.samples() - last + s);
    if (cut.is_whole()) {
      draw.first = {0, shape.outputs};
    } else {
      draw.first = {blocks[r % blocks.size()] * cut.width, cut.width};
      draw.second = {blocks[(r + 1) % blocks.size()] * cut.width, cut.width};
    }
    draws.push_back(std::move(draw));
  }
  return draws;
}

std::vector<Block> ascending(Block a, Block b) {
  return a.first < b.first ? std::vector<Block>{a, b} : std::vector<Block>{b, a};
}

class PlatformEstimator {
 public:
  PlatformEstimator(const Scenario& scenario, const StatisticalSpec& spec, const PlatformSpec& platform,
                    const Population& population, std::size_t jobs, std::vector<std::string>& failures)
      : scenario_(scenario),
        spec_(spec),
        platform_(platform),
        population_(population),
        jobs_(jobs),
        failures_(failures) {}

  PlatformStrata run(const std::function<void(const std::string& what, double share)>& on_progress) {
    PlatformStrata strata;
    DonorPairs donors;
    for (std::size_t l = 0; l < population_.layers().size(); ++l) {
      on_progress(platform_.name + "/" + population_.layers()[l].name, double(l) / double(population_.layers().size()));
      strata.layers.push_back(layer(l, donors, strata));
    }
    strata.parts = parts_;
    return strata;
  }

 private:
  struct Wanted {
    std::size_t draw;
    std::vector<Block> blocks;
  };

  Stratum layer(std::size_t l, DonorPairs& donors, PlatformStrata& strata) {
    Stratum stratum;
    stratum.shape = population_.layers()[l];
    stratum.cut = cut_of(stratum.shape, spec_, platform_);
    const std::vector<Draw> draws = draws_of(population_, stratum.shape, stratum.cut, spec_, platform_);
    if (draws.empty())
      throw InputError(DiagnosticCode::out_of_range, platform_.where,
                       "platform '" + platform_.name + "': " + std::to_string(population_.samples()) +
                           " samples in batches of " + std::to_string(batch_of(platform_)) + " are too few for " +
                           std::to_string(spec_.draws) + " draws",
                       "fewer statistical.draws, more samples, or a run without --statistical");
    const Cut& cut = stratum.cut;
    const Block rest{cut.full_blocks * cut.width, cut.rest};
    std::vector<Wanted> wanted;
    for (const Draw& draw : draws) {
      wanted.push_back({draw.number, {draw.first}});
      if (cut.is_whole()) continue;
      if (cut.full_blocks > 1) wanted.push_back({draw.number, ascending(draw.first, draw.second)});
      if (cut.rest > 0) wanted.push_back({draw.number, ascending(draw.first, rest)});
    }
    const std::vector<Figures> found = simulate(l, draws, wanted, donors);
    std::vector<Figures> sums;
    DonorPairs next;
    for (std::size_t i = 0; i < wanted.size();) {
      const std::size_t first = i++;
      Figures sum = found[first];
      collect_donors(l, draws[wanted[first].draw], wanted[first].blocks, found[first], next);
      if (!cut.is_whole() && cut.full_blocks > 1)
        sum = plus_difference(sum, double(cut.full_blocks - 1), found[i], found[first]), ++i;
      if (!cut.is_whole() && cut.rest > 0) sum = plus_difference(sum, 1, found[i], found[first]), ++i;
      sums.push_back(std::move(sum));
    }
    std::sort(next.begin(), next.end());
    donors = std::move(next);
    strata.kind = sums.front().kind;
    strata.bound = sums.front().bound.empty() ? strata.bound : sums.front().bound;
    estimate_columns(l, draws, sums, stratum);
    stratum.energy_weight = double(stratum.shape.count) * double(stratum.shape.parallel);
    // One digital array computes everything itself; tiles of analog layers stand side by side.
    stratum.time_weight = platform_.is_digital ? stratum.energy_weight : double(stratum.shape.count);
    return stratum;
  }

  std::vector<Figures> simulate(std::size_t l, const std::vector<Draw>& draws, const std::vector<Wanted>& wanted,
                                const DonorPairs& donors) {
    const bool wants_outputs =
        population_.samples() > 0 && !platform_.is_digital && l + 1 < population_.layers().size();
    std::deque<PartRun> running;
    std::size_t started = 0;
    std::vector<Figures> found;
    while (found.size() < wanted.size()) {
      while (started < wanted.size() && running.size() < jobs_) {
        const Wanted& one = wanted[started++];
        const Draw& draw = draws[one.draw];
        // A layer simulated whole has the devices and the noise that a run of the scenario gives it.
        const bool is_run_s_own = population_.samples() > 0 && draw.second.count == 0;
        const std::uint64_t seed = is_run_s_own
                                       ? scenario_.seed
                                       : scenario_.seed + 0x9e3779b97f4a7c15u * (spec_.seed * 1000003u + one.draw + 1);
        running.emplace_back(
            scenario_, platform_, [&, seed] { return population_.part(l, one.blocks, draw, seed, donors); },
            wants_outputs, population_.samples());
      }
      found.push_back(running.front().wait());
      running.pop_front();
      for (const std::string& failure : found.back().failures)
        if (failures_.size() < 20) failures_.push_back(failure);
    }
    parts_ += found.size();
    return found;
  }

  void collect_donors(std::size_t l, const Draw& draw, const std::vector<Block>& blocks, const Figures& figures,
                      DonorPairs& pairs) const {
    if (figures.outputs.empty()) return;
    constexpr std::size_t kMost = 400'000;
    const std::vector<double> reference = population_.reference(l, blocks, draw);
    if (reference.size() != figures.outputs.size())
      throw std::logic_error("outputs of a part and of the reference differ in number");
    const std::size_t room = kMost / spec_.draws, step = std::max<std::size_t>(1, reference.size() / room);
    for (std::size_t i = 0; i < reference.size(); i += step) pairs.emplace_back(reference[i], figures.outputs[i]);
  }

  void estimate_columns(std::size_t l, const std::vector<Draw>& draws, const std::vector<Figures>& sums,
                        Stratum& stratum) const {
    const Eigen::MatrixXd all = population_.auxiliary(l);
    const std::size_t last = draws.front().last_batch, regular = draws.front().samples.size() - last;
    const std::size_t population = population_.samples(), whole = population > 0 ? population - last : 0;
    std::vector<std::size_t> draw_of_sample;
    Eigen::MatrixXd known(Eigen::Index(regular * draws.size()), all.cols());
    for (const Draw& draw : draws)
      for (std::size_t s = 0; s < regular; ++s) {
        if (all.cols() > 0) known.row(Eigen::Index(draw_of_sample.size())) = all.row(Eigen::Index(draw.samples[s]));
        draw_of_sample.push_back(draw.number);
      }
    const Eigen::VectorXd mean =
        all.cols() > 0 ? Eigen::VectorXd(all.topRows(Eigen::Index(whole)).colwise().mean()) : Eigen::VectorXd();
    const Regression regression(known, mean, std::move(draw_of_sample), draws.size());
    const double share = population > 0 ? double(whole) / double(population) : 1;
    std::set<std::string> keys, names;
    for (const Figures& sum : sums) {
      for (const auto& [key, values] : sum.by_sample) keys.insert(key);
      for (const auto& [name, value] : sum.scalars) names.insert(name);
    }
    for (const std::string& key : keys) {
      std::vector<double> values;
      Column tail;
      for (const Figures& sum : sums) {
        const auto found = sum.by_sample.find(key);
        double of_last = 0;
        for (std::size_t s = 0; s < regular + last; ++s) {
          const double value = found == sum.by_sample.end() ? 0 : found->second[s];
          if (s < regular) values.push_back(value);
          else of_last += value / double(last);
        }
        tail.residuals.push_back(of_last);
        tail.mean += of_last / double(sums.size());
      }
      Column column = regression.estimate(values);
      column.mean *= share;
      for (double& residual : column.residuals) residual *= share;
      stratum.columns[key] = last > 0 ? sum_of(column, tail, 1 - share) : column;
    }
    for (const std::string& name : names) {
      Column column;
      bool is_known = true;
      for (const Figures& sum : sums) {
        is_known = is_known && sum.scalars.count(name);
        if (!is_known) break;
        column.residuals.push_back(sum.scalars.at(name));
        column.mean += sum.scalars.at(name) / double(sums.size());
      }
      if (is_known) stratum.scalars[name] = column;
    }
  }

  const Scenario& scenario_;
  const StatisticalSpec& spec_;
  const PlatformSpec& platform_;
  const Population& population_;
  std::size_t jobs_;
  std::vector<std::string>& failures_;
  std::size_t parts_ = 0;
};

}  // namespace

bool is_implied(const Scenario& scenario) {
  return scenario.statistical && (scenario.statistical->always || !scenario.statistical->layers.empty());
}

Estimate estimate(const Scenario& scenario, const cosim::Workload* workload, const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const StatisticalSpec spec = scenario.statistical ? *scenario.statistical : StatisticalSpec();
  for (const PlatformSpec& platform : scenario.platforms) {
    if (platform.is_quasistatic)
      throw InputError(DiagnosticCode::conflict, platform.where, "a quasi-static network cannot be cut into layers",
                       "run it without --statistical");
    if (!platform.parts.empty())
      throw InputError(DiagnosticCode::conflict, platform.where,
                       "the parts of platform '" + platform.name + "' are of a whole run, not of a layer",
                       "run it without --statistical, or leave 'parts' out");
    if (!platform.layers.empty())
      throw InputError(DiagnosticCode::conflict, platform.where,
                       "the layers of platform '" + platform.name + "' are built in different ways",
                       "estimates know one way: run it without --statistical");
  }
  const std::unique_ptr<Population> population =
      spec.layers.empty() ? make_network_population(scenario, *workload) : make_drawn_population(scenario);
  Estimate result;
  result.population = population->samples();
  result.draws = spec.draws;
  result.samples_a_draw = spec.samples;
  result.confidence = spec.confidence;
  for (const LayerShape& shape : population->layers()) {
    const double times = double(shape.count) * double(shape.parallel);
    result.parameters += times * shape.weights;
    result.macs += times * double(shape.inputs) * double(shape.outputs) * double(shape.positions);
  }
  const std::size_t jobs = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t p = 0; p < scenario.platforms.size(); ++p) {
    const PlatformSpec& platform = scenario.platforms[p];
    PlatformEstimator estimator(scenario, spec, platform, *population, jobs, result.failures);
    const PlatformStrata strata = estimator.run([&](const std::string& what, double share) {
      if (options.on_progress) options.on_progress(what, (double(p) + share) / double(scenario.platforms.size()));
    });
    PlatformEstimate out = read_out(strata, platform, scenario.temperature_k, spec.confidence);
    result.neurons = std::max(result.neurons, out.neurons);
    result.platforms.push_back(std::move(out));
  }
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace szilard::statistical
