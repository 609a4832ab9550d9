// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/calibration.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/energy/lost_information.hpp"
#include "models/neuron/reset.hpp"
#include "models/support/constants.hpp"
#include "models/support/philox.hpp"
#include "tests/sim/mapping/network_builder.hpp"

using namespace szilard;
using network::NodeKind;
using test::NetworkBuilder;

namespace {

constexpr std::size_t kItems = 400;

dataset::Dataset uniform_data(std::size_t features) {
  const support::RandomStream random(21, 0);
  std::vector<unsigned char> bytes(kItems * features * sizeof(double));
  for (std::size_t i = 0; i < kItems * features; ++i) {
    const double value = random.uniform(i, 0);
    std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
  }
  return {"data.npy",
          dataset::Array({std::int64_t(kItems), std::int64_t(features)}, dataset::Array::Type::float64, bytes),
          1.0,
          {}};
}

network::Network two_layers() {
  const support::RandomStream random(22, 0);
  linear::RowMatrix a(6, 5), b(3, 6);
  for (Eigen::Index i = 0; i < a.size(); ++i) a.data()[i] = random.gaussian(0, std::uint32_t(i));
  for (Eigen::Index i = 0; i < b.size(); ++i) b.data()[i] = random.gaussian(1, std::uint32_t(i));
  return NetworkBuilder(5)
      .dense(a, {.1, -.1, .2, 0, 0, -3})
      .elementwise(NodeKind::relu, "Relu")
      .dense(b, {1, 2, -1})
      .build();
}

}  // namespace

TEST_CASE("calibration counts activations and takes the largest magnitudes", "[mapping]") {
  const network::Network network = two_layers();
  const mapping::LayerChain chain = mapping::make_chain(network);
  const dataset::Dataset data = uniform_data(5);
  const mapping::Calibration calibration = mapping::calibrate(network, chain, data, 300);
  const support::SignalBlock x = data.block(0, 300);
  double input_max = 0;
  std::vector<std::uint64_t> active(6, 0);
  for (std::size_t s = 0; s < 300; ++s)
    for (std::size_t o = 0; o < 6; ++o) {
      double y = chain.layers[0].map.bias[o];
      for (std::size_t k = 0; k < 5; ++k) {
        y += chain.layers[0].map.weights(Eigen::Index(o), Eigen::Index(k)) * x.at(k, s);
        input_max = std::max(input_max, x.at(k, s));
      }
      active[o] += y > 0;
    }
  CHECK(calibration.layers[0].input_max == input_max);
  CHECK_FALSE(calibration.layers[0].input_negative);
  CHECK(calibration.layers[0].active == active);
  CHECK(calibration.layers[1].active.empty());
  const std::vector<double> q = calibration.known_probability(0);
  for (std::size_t i = 0; i < 6; ++i) CHECK(q[i] == Approx((double(active[i]) + 0.5) / 301));
}

TEST_CASE("percentiles are those of all magnitudes but zeros, exactly", "[mapping]") {
  const network::Network network = two_layers();
  const mapping::LayerChain chain = mapping::make_chain(network);
  const dataset::Dataset data = uniform_data(5);
  const std::vector<double> shares = {0.5, 0.9, 0.999, 1.0};
  const mapping::Calibration calibration = mapping::calibrate(network, chain, data, 300, shares);
  REQUIRE(calibration.percentiles.size() == 4);
  const support::SignalBlock x = data.block(0, 300);
  std::vector<double> inputs, hidden, sums;
  for (std::size_t s = 0; s < 300; ++s) {
    for (std::size_t k = 0; k < 5; ++k) inputs.push_back(x.at(k, s));
    for (std::size_t o = 0; o < 6; ++o) {
      double y = chain.layers[0].map.bias[o];
      for (std::size_t k = 0; k < 5; ++k)
        y += chain.layers[0].map.weights(Eigen::Index(o), Eigen::Index(k)) * x.at(k, s);
      sums.push_back(std::abs(y));
      if (y > 0) hidden.push_back(y);
    }
  }
  const auto percentile = [](std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[std::size_t(std::ceil(share * double(values.size()))) - 1];
  };
  for (const double share : shares) {
    INFO(share);
    const auto& found = calibration.percentiles.at(share);
    CHECK(found[0].input == percentile(inputs, share));
    CHECK(found[0].linear == Approx(percentile(sums, share)).epsilon(1e-12));
    CHECK(found[1].input == Approx(percentile(hidden, share)).epsilon(1e-12));
  }
  CHECK(calibration.percentiles.at(1.0)[1].linear == calibration.layers[1].linear_max);
}

TEST_CASE("a percentile of nothing but zeros is 1, so that there is a scale", "[mapping][bad]") {
  const network::Network network = NetworkBuilder(2).dense(linear::RowMatrix::Zero(3, 2), {0, 0, 0}).build();
  const mapping::LayerChain chain = mapping::make_chain(network);
  const mapping::Calibration calibration = mapping::calibrate(network, chain, uniform_data(2), 20, {0.99});
  CHECK(calibration.percentiles.at(0.99)[0].linear == 1);
}

TEST_CASE("the largest output is that of the worst inputs", "[mapping]") {
  const mapping::LayerChain chain = mapping::make_chain(two_layers());
  const linear::LinearMap& map = chain.layers[0].map;
  double positive = 0, either = 0;
  for (std::size_t o = 0; o < 6; ++o) {
    for (int corner = 0; corner < 243; ++corner) {  // each input at -2, 0 or 2
      double y = map.bias[o];
      bool has_negative = false;
      for (int k = 0, rest = corner; k < 5; ++k, rest /= 3) {
        has_negative = has_negative || rest % 3 == 0;
        y += map.weights(Eigen::Index(o), k) * 2 * (rest % 3 - 1);
      }
      either = std::max(either, std::abs(y));
      if (!has_negative) positive = std::max(positive, std::abs(y));
    }
  }
  CHECK(mapping::largest_output(map, 2, true) == Approx(either));
  CHECK(mapping::largest_output(map, 2, false) == Approx(positive));
}

TEST_CASE("a neuron that never fires still has a probability above zero", "[mapping]") {
  mapping::Calibration calibration;
  calibration.entries = 10;
  calibration.layers.resize(1);
  calibration.layers[0].active = {0, 10};
  const std::vector<double> q = calibration.known_probability(0);
  CHECK(q[0] == Approx(0.5 / 11));
  CHECK(q[1] == Approx(10.5 / 11));
}

TEST_CASE("a held-out p pays for what it does not know, a p from the run itself looks cheaper than the entropy, T17",
          "[mapping]") {
  constexpr std::uint64_t kSeed = 20331;
  constexpr std::size_t kNeurons = 6000;
  INFO("seed " << kSeed);
  const support::RandomStream random(kSeed, 0);
  const double kT = support::kBoltzmann_J_per_K * 300;
  for (std::uint32_t i = 0; i < 6; ++i) {
    const double p = .05 + .55 * random.uniform(0, 2 * i);
    const std::size_t prefix = 10 + std::size_t(90 * random.uniform(0, 2 * i + 1));
    INFO("p " << p << " from " << prefix << " entries");
    // Every n that the prefix may show, with its binomial probability.
    double expected = 0, plug_in = 0, probability = std::pow(1 - p, double(prefix));
    for (std::size_t n = 0; n <= prefix; ++n) {
      const double q = (double(n) + .5) / (double(prefix) + 1), share = double(n) / double(prefix);
      expected -= probability * (p * std::log(q) + (1 - p) * std::log(1 - q));
      if (n > 0 && n < prefix) plug_in -= probability * (share * std::log(share) + (1 - share) * std::log(1 - share));
      probability *= double(prefix - n) / double(n + 1) * p / (1 - p);
    }
    mapping::Calibration calibration;
    calibration.entries = prefix;
    calibration.layers.resize(1);
    for (std::size_t neuron = 0; neuron < kNeurons; ++neuron) {
      std::uint64_t active = 0;
      for (std::size_t k = 0; k < prefix; ++k)
        active += random.uniform(1 + neuron + kNeurons * i, std::uint32_t(k)) < p;
      calibration.layers[0].active.push_back(active);
    }
    const auto reset = neuron::make_landauer_ideal(calibration.known_probability(0), 300);
    double mean = 0, square = 0, own = 0, own_square = 0;
    for (std::size_t neuron = 0; neuron < kNeurons; ++neuron) {
      // Over the cycles that follow: fresh entries, so that p weighs the states.
      const double work =
          (p * reset->reset(neuron, true).supplied.joules() + (1 - p) * reset->reset(neuron, false).supplied.joules()) /
          kT;
      mean += work / double(kNeurons);
      square += work * work / double(kNeurons);
      const std::uint64_t active = calibration.layers[0].active[neuron];
      const double entropy = energy::entropy_bit({active, prefix - active}, false) * std::log(2.0);
      own += entropy / double(kNeurons);
      own_square += entropy * entropy / double(kNeurons);
    }
    const double h = -p * std::log(p) - (1 - p) * std::log(1 - p);
    CHECK(std::abs(mean - expected) < 4 * std::sqrt((square - mean * mean) / double(kNeurons)));
    CHECK(std::abs(own - plug_in) < 4 * std::sqrt((own_square - own * own) / double(kNeurons)));
    CHECK(expected > h);
    CHECK(mean > h);
    CHECK(plug_in < h);
    CHECK(own < h);
  }
}

TEST_CASE("int8 codes times their scales follow the network", "[mapping]") {
  const network::Network network = two_layers();
  const mapping::LayerChain chain = mapping::make_chain(network);
  const dataset::Dataset data = uniform_data(5);
  const mapping::Calibration calibration = mapping::calibrate(network, chain, data, kItems);
  const mapping::QuantisedChain quantised = mapping::quantise_int8(chain, calibration);
  REQUIRE(quantised.network.layers.size() == 2);
  CHECK(quantised.network.layers[0].requantise);
  CHECK_FALSE(quantised.network.layers[1].requantise);
  const support::SignalBlock x = data.block(0, kItems);
  const support::SignalBlock y = network::evaluate(network, {x}, {network.output}).front();
  double worst = 0, largest = 0;
  for (std::size_t s = 0; s < kItems; ++s) {
    std::vector<std::int8_t> codes(5);
    for (std::size_t k = 0; k < 5; ++k) codes[k] = std::int8_t(std::round(x.at(k, s) / quantised.input_scale[0]));
    const rtl::IntegerResult result = rtl::integer_forward(quantised.network, codes.data());
    for (std::size_t o = 0; o < 3; ++o) {
      worst = std::max(worst, std::abs(result.outputs[1][o] * quantised.output_scale[1] - y.at(o, s)));
      largest = std::max(largest, std::abs(y.at(o, s)));
    }
  }
  CHECK(worst < 0.03 * largest);
}

TEST_CASE("requantisation's fixed-point ratio defines the next layer's scale exactly", "[mapping]") {
  const network::Network network = two_layers();
  const mapping::LayerChain chain = mapping::make_chain(network);
  const mapping::QuantisedChain quantised =
      mapping::quantise_int8(chain, mapping::calibrate(network, chain, uniform_data(5), kItems));
  const rtl::IntegerLayer& layer = quantised.network.layers[0];
  CHECK(layer.multiplier >= 1 << 14);
  CHECK(layer.multiplier < 1 << 15);
  const double weight_scale = chain.layers[0].map.weights.cwiseAbs().maxCoeff() / 127;
  CHECK(quantised.output_scale[0] * layer.multiplier / std::ldexp(1.0, layer.shift) ==
        Approx(quantised.input_scale[0] * weight_scale).epsilon(1e-15));
  CHECK(quantised.input_scale[1] == quantised.output_scale[0]);
}

TEST_CASE("a layer of zero weights or zero signals still has scales", "[mapping][bad]") {
  const network::Network network = NetworkBuilder(5)
                                       .dense(linear::RowMatrix::Zero(2, 5), {0, 0})
                                       .elementwise(NodeKind::relu, "Relu")
                                       .dense(linear::RowMatrix::Zero(2, 2), {0, 0})
                                       .build();
  const mapping::LayerChain chain = mapping::make_chain(network);
  const mapping::QuantisedChain quantised =
      mapping::quantise_int8(chain, mapping::calibrate(network, chain, uniform_data(5), 10));
  for (double scale : quantised.output_scale) CHECK((std::isfinite(scale) && scale > 0));
}
