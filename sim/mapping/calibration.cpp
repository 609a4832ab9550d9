// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

#include "rtl/golden/bfloat.hpp"

namespace szilard::mapping {
namespace {

constexpr std::size_t kBlock = 128;

void take_range(const support::SignalBlock& block, double& maximum, bool* negative) {
  for (std::size_t i = 0; i < block.features(); ++i)
    for (std::size_t s = 0; s < block.samples(); ++s) {
      const double value = block.row(i)[s];
      maximum = std::max(maximum, std::abs(value));
      if (negative && value < 0) *negative = true;
    }
}

/// The value that a share of the magnitudes does not exceed, exactly, from the largest ones alone.
class Percentile {
 public:
  Percentile(double share, std::size_t most_values) : share_(share), kept_(beyond(most_values) + 1) {}

  void take(const support::SignalBlock& block) {
    for (std::size_t i = 0; i < block.features(); ++i)
      for (std::size_t s = 0; s < block.samples(); ++s) {
        const double value = std::abs(block.row(i)[s]);
        if (value == 0) continue;
        ++count_;
        largest_.push(value);
        if (largest_.size() > kept_) largest_.pop();
      }
  }

  /// 1 where there were no values: they still need a scale.
  double value() {
    if (count_ == 0) return 1;
    const std::size_t place = beyond(count_) + 1;
    while (largest_.size() > place) largest_.pop();
    return largest_.top();
  }

 private:
  std::size_t beyond(std::size_t values) const {
    return values - std::min(values, std::size_t(std::ceil(share_ * double(values))));
  }

  double share_;
  std::size_t kept_, count_ = 0;
  std::priority_queue<double, std::vector<double>, std::greater<>> largest_;
};

struct PercentilePair {
  Percentile input, linear;
};

}  // namespace

double largest_output(const linear::LinearMap& map, double input_max, bool input_negative) {
  double largest = 0;
  for (Eigen::Index q = 0; q < map.weights.rows(); ++q) {
    double up = 0, down = 0;
    for (Eigen::Index k = 0; k < map.weights.cols(); ++k) {
      const double swing = map.weights(q, k) * input_max;
      if (swing > 0 || input_negative) up += std::abs(swing);
      if (swing < 0 || input_negative) down += std::abs(swing);
    }
    const double bias = map.bias.empty() ? 0 : map.bias[std::size_t(q)];
    largest = std::max({largest, std::abs(bias + up), std::abs(bias - down)});
  }
  return largest > 0 ? largest : 1;
}

std::vector<double> Calibration::known_probability(std::size_t layer) const {
  std::vector<double> q;
  for (std::uint64_t n : layers[layer].active) q.push_back((double(n) + 0.5) / (double(entries) + 1.0));
  return q;
}

Calibration calibrate(const network::Network& network, const LayerChain& chain, const dataset::Dataset& data,
                      std::size_t entries, const std::vector<double>& shares, std::size_t kept) {
  Calibration result;
  result.entries = entries;
  result.layers.resize(chain.layers.size());
  for (std::size_t l = 0; l < chain.layers.size(); ++l) result.layers[l].active.assign(chain.layers[l].neurons(), 0);

  std::vector<std::vector<PercentilePair>> percentiles(shares.size());
  for (std::size_t k = 0; k < shares.size(); ++k)
    for (const Layer& layer : chain.layers)
      percentiles[k].push_back({Percentile(shares[k], entries * layer.map.inputs),
                                Percentile(shares[k], entries * layer.map.total_outputs())});

  std::vector<network::ValueId> wanted;
  for (const Layer& layer : chain.layers) wanted.push_back(layer.linear_value);
  for (std::size_t first = 0; first < entries; first += kBlock) {
    support::SignalBlock input = data.block(first, std::min(kBlock, entries - first));
    const std::vector<support::SignalBlock> linear = network::evaluate(network, {input}, wanted);
    for (std::size_t l = 0; l < chain.layers.size(); ++l) {
      LayerRange& range = result.layers[l];
      const support::SignalBlock outputs = chain.layers[l].activate(linear[l]);
      take_range(input, range.input_max, &range.input_negative);
      if (first < kept) range.inputs.push_back(input);
      take_range(linear[l], range.linear_max, nullptr);
      take_range(outputs, range.output_max, nullptr);
      for (auto& of_layers : percentiles) {
        of_layers[l].input.take(input);
        of_layers[l].linear.take(linear[l]);
      }
      for (std::size_t i = 0; i < range.active.size(); ++i)
        range.active[i] += std::uint64_t(
            std::count_if(outputs.row(i), outputs.row(i) + outputs.samples(), [](double x) { return x > 0; }));
      input = chain.layers[l].pool_after.window ? chain.layers[l].pool_after.apply(outputs) : outputs;
    }
  }
  for (std::size_t k = 0; k < shares.size(); ++k)
    for (PercentilePair& pair : percentiles[k])
      result.percentiles[shares[k]].push_back({pair.input.value(), pair.linear.value()});
  // A signal that was zero throughout still needs a scale.
  for (LayerRange& range : result.layers)
    for (double* maximum : {&range.input_max, &range.linear_max, &range.output_max})
      if (*maximum == 0) *maximum = 1;
  return result;
}

namespace {

std::int32_t round_to(double value, double limit) { return std::int32_t(std::clamp(std::round(value), -limit, limit)); }

/// ratio = multiplier / 2^shift with multiplier below 2^15 and as large as it can be.
void fixed_point(double ratio, std::int32_t& multiplier, int& shift) {
  int exponent = 0;
  std::frexp(ratio, &exponent);  // ratio = f 2^exponent, f in [1/2, 1)
  shift = std::clamp(15 - exponent, 1, 31);
  multiplier = std::int32_t(std::clamp(std::round(std::ldexp(ratio, shift)), 1.0, 32767.0));
}

/// All but the numbers.
void shape_of(const Layer& layer, rtl::LayerShape& out) {
  out.name = layer.map.name;
  out.inputs = layer.map.inputs;
  out.groups = layer.map.groups;
  out.outputs = layer.map.outputs;
  out.terms = layer.map.terms;
  out.positions = layer.map.positions;
  out.gather = layer.map.gather;
  out.relu = layer.activation == Activation::relu;
  const Pool& pool = layer.pool_after.window ? layer.pool_after : layer.pool_before;
  out.pool_window = pool.window;
  out.pool_indices = pool.indices;
  if (layer.pool_before.window && layer.pool_after.window) {
    // max, ReLU and requantisation are all monotone: two pools around the ReLU are one larger window.
    out.pool_window = layer.pool_before.window * layer.pool_after.window;
    out.pool_indices.clear();
    for (std::int32_t index : layer.pool_after.indices)
      for (std::size_t k = 0; k < layer.pool_before.window; ++k)
        out.pool_indices.push_back(layer.pool_before.indices[std::size_t(index) * layer.pool_before.window + k]);
  }
}

}  // namespace

QuantisedChain quantise_int8(const LayerChain& chain, const Calibration& calibration) {
  QuantisedChain result;
  for (std::size_t l = 0; l < chain.layers.size(); ++l) {
    const Layer& layer = chain.layers[l];
    const LayerRange& range = calibration.layers[l];
    const bool last = l + 1 == chain.layers.size() && !chain.goes_on;
    rtl::IntegerLayer out;
    shape_of(layer, out);
    out.requantise = !last;

    // What a layer delivers is what the next one reads: their scales are one.
    const double input_scale = l == 0 ? range.input_max / 127.0 : result.output_scale.back();
    double weight_max = layer.map.weights.size() ? layer.map.weights.cwiseAbs().maxCoeff() : 0;
    weight_max = std::max(weight_max, layer.map.largest_elsewhere);
    if (weight_max == 0) weight_max = 1;
    const double weight_scale = weight_max / 127.0;
    out.weights.resize(std::size_t(layer.map.weights.size()));
    for (std::size_t i = 0; i < out.weights.size(); ++i)
      out.weights[i] = std::int8_t(round_to(layer.map.weights.data()[i] / weight_scale, 127));
    const double accumulator_scale = input_scale * weight_scale;
    for (double bias : layer.map.bias) out.bias.push_back(round_to(bias / accumulator_scale, 2147483647.0 / 4));

    double output_scale = accumulator_scale;
    if (out.requantise) {
      // The fixed-point ratio defines the output scale, so that codes mean exactly what the hardware computes.
      fixed_point(accumulator_scale / (range.output_max / 127.0), out.multiplier, out.shift);
      output_scale = accumulator_scale * std::ldexp(1.0, out.shift) / out.multiplier;
    }
    result.network.layers.push_back(std::move(out));
    result.input_scale.push_back(input_scale);
    result.output_scale.push_back(output_scale);
  }
  return result;
}

rtl::BfloatNetwork round_to_bfloat(const LayerChain& chain) {
  rtl::BfloatNetwork network;
  for (const Layer& layer : chain.layers) {
    rtl::BfloatLayer out;
    shape_of(layer, out);
    for (std::size_t i = 0; i < std::size_t(layer.map.weights.size()); ++i)
      out.weights.push_back(rtl::bf16_of(layer.map.weights.data()[i]));
    for (double bias : layer.map.bias) out.bias.push_back(rtl::bits_of(static_cast<float>(bias)));
    out.round = network.layers.size() + 1 < chain.layers.size();
    network.layers.push_back(std::move(out));
  }
  return network;
}

}  // namespace szilard::mapping
