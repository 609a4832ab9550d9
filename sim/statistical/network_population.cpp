// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "models/support/philox.hpp"
#include "sim/statistical/population.hpp"

namespace szilard::statistical {
namespace {

using support::SignalBlock;

constexpr std::size_t kChunk = 256;  // samples of the reference at a time

/// Old places of the features that stay, and new ones by old place (-1: left out).
struct Kept {
  std::vector<std::size_t> old_places;
  std::vector<std::int32_t> new_places;
};

Kept kept_of(const std::vector<char>& stays) {
  Kept kept;
  for (std::size_t i = 0; i < stays.size(); ++i) {
    kept.new_places.push_back(stays[i] ? std::int32_t(kept.old_places.size()) : -1);
    if (stays[i]) kept.old_places.push_back(i);
  }
  return kept;
}

/// A pool's windows over features that stay; outputs that stay are those whose windows do.
mapping::Pool cut_pool(const mapping::Pool& pool, const Kept& inputs, Kept& outputs) {
  mapping::Pool cut;
  cut.window = pool.window;
  std::vector<char> stays;
  for (std::size_t i = 0; i < pool.outputs(); ++i) {
    const std::int32_t* window = pool.indices.data() + i * pool.window;
    stays.push_back(inputs.new_places[std::size_t(window[0])] >= 0);
    for (std::size_t k = 0; stays.back() && k < pool.window; ++k)
      cut.indices.push_back(inputs.new_places[std::size_t(window[k])]);
  }
  outputs = kept_of(stays);
  return cut;
}

bool pools_within_channels(const mapping::Layer& layer) {
  std::vector<std::size_t> channel(layer.map.total_outputs());
  for (std::size_t i = 0; i < channel.size(); ++i) channel[i] = i / layer.map.positions;
  for (const mapping::Pool* pool : {&layer.pool_before, &layer.pool_after}) {
    if (!pool->window) continue;
    std::vector<std::size_t> next;
    for (std::size_t i = 0; i < pool->outputs(); ++i) {
      const std::int32_t* window = pool->indices.data() + i * pool->window;
      next.push_back(channel[std::size_t(window[0])]);
      for (std::size_t k = 1; k < pool->window; ++k)
        if (channel[std::size_t(window[k])] != next.back()) return false;
    }
    channel = std::move(next);
  }
  return true;
}

class NetworkPopulation final : public Population {
 public:
  NetworkPopulation(const scenario::Scenario& scenario, const cosim::Workload& workload)
      : workload_(workload),
        draw_seed_(scenario.statistical ? scenario.statistical->seed : 1),
        calibration_(workload.calibration ? *workload.calibration : cosim::calibrate(scenario, workload)) {
    for (const mapping::Layer& layer : workload.chain.layers) {
      const linear::LinearMap& map = layer.map;
      LayerShape shape;
      shape.name = map.name;
      shape.inputs = map.terms;
      shape.outputs = map.groups * map.outputs;
      shape.positions = map.positions;
      shape.can_be_cut = map.groups == 1 && pools_within_channels(layer);
      shape.has_relu = layer.activation == mapping::Activation::relu;
      shape.weights = double(map.parameters());
      layers_.push_back(std::move(shape));
    }
    learn();
  }

  std::size_t samples() const override { return workload_.samples; }
  Eigen::MatrixXd auxiliary(std::size_t layer) const override { return auxiliary_[layer]; }

  Part part(std::size_t l, const std::vector<Block>& blocks, const Draw& draw, std::uint64_t seed,
            const DonorPairs& donors) const override {
    const mapping::Layer& layer = workload_.chain.layers[l];
    mapping::LayerRange range = calibration_.layers[l];
    range.inputs.clear();
    Kept neurons, delivered;
    mapping::Layer cut = cut_layer(layer, blocks, neurons, delivered);
    if (layer.neurons() > 0) {
      std::vector<std::uint64_t> active;
      for (const std::size_t i : neurons.old_places) active.push_back(range.active.at(i));
      range.active = std::move(active);
    }
    const std::vector<double> inputs = inputs_of(l, draw, donors);
    const bool goes_on = l + 1 < layers_.size();
    Part part{workload_of(std::move(cut), goes_on, inputs, draw.samples.size(), range, calibration_.entries), seed,
              l == 0};
    auto calibration = std::make_shared<mapping::Calibration>(*part.workload.calibration);
    for (const auto& [share, of_layers] : calibration_.percentiles) calibration->percentiles[share] = {of_layers[l]};
    for (const SignalBlock& kept : calibration_.layers[l].inputs) calibration->layers[0].inputs.push_back(kept);
    part.workload.calibration = std::move(calibration);
    return part;
  }

  std::vector<double> reference(std::size_t l, const std::vector<Block>& blocks, const Draw& draw) const override {
    Kept neurons, delivered;
    cut_layer(workload_.chain.layers[l], blocks, neurons, delivered);
    const SignalBlock outputs = delivered_by(l, draw);
    std::vector<double> values;
    for (std::size_t s = 0; s < draw.samples.size(); ++s)
      for (const std::size_t i : delivered.old_places) values.push_back(outputs.at(i, s));
    return values;
  }

 private:
  /// One pass of the reference over the data set: what regression knows.
  void learn() {
    const std::size_t samples = workload_.samples;
    for (std::size_t l = 0; l < layers_.size(); ++l)
      auxiliary_.emplace_back(Eigen::MatrixXd::Zero(Eigen::Index(samples), 2));
    for (std::size_t first = 0; first < samples; first += kChunk) {
      SignalBlock input = workload_.data.block(first, std::min(kChunk, samples - first));
      const std::vector<SignalBlock> outputs = mapping::reference_outputs(workload_.network, workload_.chain, input);
      for (std::size_t l = 0; l < layers_.size(); ++l) {
        for (std::size_t s = 0; s < input.samples(); ++s) {
          double squares = 0, active = 0;
          for (std::size_t f = 0; f < input.features(); ++f) squares += input.at(f, s) * input.at(f, s);
          for (std::size_t f = 0; f < outputs[l].features(); ++f) active += outputs[l].at(f, s) > 0;
          auxiliary_[l](Eigen::Index(first + s), 0) = squares;
          auxiliary_[l](Eigen::Index(first + s), 1) = active;
        }
        const mapping::Pool& pool = workload_.chain.layers[l].pool_after;
        input = pool.window ? pool.apply(outputs[l]) : outputs[l];
      }
    }
  }

  SignalBlock data_of(const Draw& draw) const {
    SignalBlock block(0, draw.samples.size(), workload_.data.features());
    for (std::size_t s = 0; s < draw.samples.size(); ++s) {
      const SignalBlock one = workload_.data.block(draw.samples[s], 1);
      for (std::size_t f = 0; f < one.features(); ++f) block.row(f)[s] = one.at(f, 0);
    }
    return block;
  }

  /// What the reference's layer hands to the next one.
  SignalBlock delivered_by(std::size_t l, const Draw& draw) const {
    const SignalBlock outputs = mapping::reference_outputs(workload_.network, workload_.chain, data_of(draw))[l];
    const mapping::Pool& pool = workload_.chain.layers[l].pool_after;
    return pool.window ? pool.apply(outputs) : outputs;
  }

  /// Inputs of a layer, [sample][input].
  std::vector<double> inputs_of(std::size_t l, const Draw& draw, const DonorPairs& donors) const {
    SignalBlock block;
    if (l == 0) {
      block = data_of(draw);
    } else {
      block = delivered_by(l - 1, draw);
      if (!donors.empty()) impute(l, draw, donors, block);
    }
    std::vector<double> inputs;
    inputs.reserve(block.samples() * block.features());
    for (std::size_t s = 0; s < block.samples(); ++s)
      for (std::size_t f = 0; f < block.features(); ++f) inputs.push_back(block.at(f, s));
    return inputs;
  }

  /// What the platform would have given: that of a donor near the reference's value, moved by what is between both.
  void impute(std::size_t l, const Draw& draw, const DonorPairs& donors, SignalBlock& block) const {
    const std::string name = "statistical/" + layers_[l].name + "/donors/" + std::to_string(draw.number);
    const support::RandomStream stream(draw_seed_, support::stream_of(name.c_str()));
    const std::size_t reach = std::max<std::size_t>(4, donors.size() / 400);
    const bool has_relu = layers_[l - 1].has_relu;
    const auto below = [](const std::pair<double, double>& pair, double value) { return pair.first < value; };
    const auto above = [](double value, const std::pair<double, double>& pair) { return value < pair.first; };
    for (std::size_t f = 0; f < block.features(); ++f) {
      for (std::size_t s = 0; s < block.samples(); ++s) {
        const double wanted = block.at(f, s);
        std::size_t low = std::size_t(std::lower_bound(donors.begin(), donors.end(), wanted, below) - donors.begin());
        std::size_t high = std::size_t(std::upper_bound(donors.begin(), donors.end(), wanted, above) - donors.begin());
        if (high - low < 2 * reach) {  // few donors of the same value: those next to it
          low = low > reach ? low - reach : 0;
          high = std::min(donors.size(), high + reach);
        }
        const double u = stream.uniform(s, std::uint32_t(f));
        const auto& [given, found] = donors[std::min(high - 1, low + std::size_t(u * double(high - low)))];
        double value = found + (wanted - given);
        if (has_relu) value = found > 0 ? std::max(0.0, value) : 0;
        block.row(f)[s] = value;
      }
    }
  }

  mapping::Layer cut_layer(const mapping::Layer& layer, const std::vector<Block>& blocks, Kept& neurons,
                           Kept& delivered) const {
    const linear::LinearMap& map = layer.map;
    std::vector<char> channel_stays(map.groups * map.outputs, 0);
    for (const Block& block : blocks)
      std::fill_n(channel_stays.begin() + std::ptrdiff_t(block.first), block.count, char(1));
    const Kept channels = kept_of(channel_stays);
    mapping::Layer cut;
    cut.activation = layer.activation;
    cut.map = map;
    if (channels.old_places.size() < channel_stays.size()) {
      cut.map.largest_elsewhere = std::max(map.largest_elsewhere, map.weights.cwiseAbs().maxCoeff());
      cut.map.outputs = channels.old_places.size();
      cut.map.weights.resize(Eigen::Index(channels.old_places.size()), map.weights.cols());
      cut.map.bias.clear();
      for (std::size_t o = 0; o < channels.old_places.size(); ++o) {
        cut.map.weights.row(Eigen::Index(o)) = map.weights.row(Eigen::Index(channels.old_places[o]));
        cut.map.bias.push_back(map.bias.at(channels.old_places[o]));
      }
    }
    std::vector<char> feature_stays;
    for (const char stays : channel_stays) feature_stays.insert(feature_stays.end(), map.positions, stays);
    neurons = kept_of(feature_stays);
    if (layer.pool_before.window) {
      Kept outputs;
      cut.pool_before = cut_pool(layer.pool_before, neurons, outputs);
      neurons = std::move(outputs);
    }
    delivered = neurons;
    if (layer.pool_after.window) cut.pool_after = cut_pool(layer.pool_after, neurons, delivered);
    return cut;
  }

  const cosim::Workload& workload_;
  std::uint64_t draw_seed_;
  mapping::Calibration calibration_;
  std::vector<Eigen::MatrixXd> auxiliary_;
};

}  // namespace

std::unique_ptr<Population> make_network_population(const scenario::Scenario& scenario,
                                                    const cosim::Workload& workload) {
  return std::make_unique<NetworkPopulation>(scenario, workload);
}

cosim::Workload workload_of(mapping::Layer layer, bool goes_on, std::vector<double> inputs, std::size_t samples,
                            mapping::LayerRange range, std::size_t entries) {
  const std::size_t features = layer.map.inputs, outputs = layer.map.total_outputs();
  network::Network network;
  network.path = layer.map.name;
  network.values = {{"input", {std::int64_t(features)}, features}, {layer.map.name, {std::int64_t(outputs)}, outputs}};
  network.inputs = {0};
  network.output = 1;
  network.symbolic_batch = true;
  network::Node node;
  node.name = layer.map.name;
  node.inputs = {0};
  node.output = 1;
  node.map = layer.map;
  network.nodes.push_back(std::move(node));
  network.parameters = layer.map.parameters();
  layer.linear_value = 1;

  std::vector<unsigned char> bytes(inputs.size() * sizeof(double));
  std::memcpy(bytes.data(), inputs.data(), bytes.size());
  dataset::Array array({std::int64_t(samples), std::int64_t(features)}, dataset::Array::Type::float64,
                       std::move(bytes));
  dataset::Dataset data(network.path, std::move(array), 1.0, std::nullopt);
  mapping::LayerChain chain;
  chain.goes_on = goes_on;
  chain.layers.push_back(std::move(layer));
  auto calibration = std::make_shared<mapping::Calibration>();
  calibration->entries = entries;
  calibration->layers.push_back(std::move(range));
  return {std::move(network), std::move(chain), std::move(data), samples, std::move(calibration)};
}

}  // namespace szilard::statistical
