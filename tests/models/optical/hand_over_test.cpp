// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>

#include "tests/models/optical/stage_bench.hpp"

using namespace szilard;
using namespace szilard::test;
using Catch::Matchers::Contains;
using energy::Fate;
using optical::CoherentParameters;
using optical::CoherentStage;
using optical::LightWay;

namespace {

linear::LinearMap layer(const std::string& name, std::size_t outputs, std::size_t inputs, std::uint64_t seed) {
  linear::LinearMap map = dense_layer(outputs, inputs, seed);
  map.name = name;
  return map;
}

support::SignalBlock relu(const support::SignalBlock& y) {
  support::SignalBlock x = y.sibling(y.features());
  for (std::size_t f = 0; f < y.features(); ++f)
    for (std::size_t s = 0; s < y.stride(); ++s) x.row(f)[s] = std::max(0.0, y.row(f)[s]);
  return x;
}

double largest(const support::SignalBlock& x) {
  double most = 0;
  for (std::size_t f = 0; f < x.features(); ++f)
    for (std::size_t s = 0; s < x.samples(); ++s) most = std::max(most, std::abs(x.at(f, s)));
  return most;
}

/// Three layers with ReLU between them on light that is never detected on its way.
struct Chain {
  explicit Chain(const CoherentParameters& parameters, std::size_t samples = 50)
      : p(parameters), x(signals(8, samples, 7, -1)), ledger(0, samples) {
    maps = {layer("a", 9, 8, 3), layer("b", 7, 9, 4), layer("c", 5, 7, 5)};
    wanted = x;
    std::vector<double> full;
    for (std::size_t l = 0; l < 3; ++l) {
      full.push_back(largest(wanted));
      wanted = exactly(maps[l], wanted);
      if (l < 2) wanted = relu(wanted);
    }
    std::shared_ptr<LightWay> before;
    for (std::size_t l = 0; l < 3; ++l) {
      std::shared_ptr<LightWay> after =
          l < 2 ? std::make_shared<LightWay>(p.light_power_w / (full[l + 1] * full[l + 1])) : nullptr;
      stages.push_back(
          std::make_unique<CoherentStage>(maps[l], p, full[l], 1, maps[l].name, optical::LightWays{before, after}));
      stages.back()->open_accounts("photonic/" + maps[l].name, ledger);
      before = after;
    }
    y = x;
    for (std::size_t l = 0; l < 3; ++l) {
      y = stages[l]->forward(y, ledger);
      if (l < 2) y = relu(y);
    }
  }
  bool closes() const {
    return ledger.closure().worst <= 1e-12 && ledger.worst_transfer_mismatch("photonic").count == 0;
  }
  double total_j(const std::string& component, Fate fate) const {
    return ledger.total("photonic/" + component, fate).joules();
  }

  CoherentParameters p;
  std::vector<linear::LinearMap> maps;
  support::SignalBlock x, wanted, y;
  energy::Ledger ledger;
  std::vector<std::unique_ptr<CoherentStage>> stages;
};

CoherentParameters handing(optical::Medium medium = optical::Medium::mzi_mesh) {
  CoherentParameters p = mesh_parameters(12);
  p.medium = medium;
  p.hand_over = optical::HandOver{};
  return p;
}

optical::AmplifierParameters strong() {
  optical::AmplifierParameters p;
  p.gain = 1e4;
  p.noise_figure = 2;
  p.saturation_w = 1e4;
  p.drive_current_a = 1e6;
  p.drive_voltage_v = 1.5;
  return p;
}

}  // namespace

TEST_CASE("light handed over by ideal elements computes what detection and modulation anew would",
          "[optical][hand_over]") {
  for (const auto medium : {optical::Medium::mzi_mesh, optical::Medium::dilation}) {
    const Chain chain(handing(medium));
    INFO("seeds 3, 4, 5 and 7");
    CHECK(deviation(chain.y, chain.wanted) < 1e-11);
    CAPTURE(chain.ledger.closure().worst, chain.ledger.closure().component,
            chain.ledger.worst_transfer_mismatch("photonic").joules());
    CHECK(chain.closes());
    // One layer is modulated and one detected.
    CHECK(chain.total_j("b/modulator", Fate::supplied) < chain.total_j("a/modulator", Fate::supplied));
    CHECK(chain.total_j("a/receiver", Fate::received) == 0);
    CHECK(chain.total_j("b/receiver", Fate::received) == 0);
    CHECK(chain.total_j("c/receiver", Fate::received) > 0);
    // What one layer lets out is what the next one's elements take in.
    CHECK(chain.total_j("b/hand_over", Fate::received) > 0);
    CHECK(chain.total_j("b/hand_over", Fate::dissipated) > 0);
  }
}

TEST_CASE("light fades from layer to layer, and amplifiers restore it", "[optical][hand_over]") {
  CoherentParameters p = handing();
  p.imperfections.insertion_loss = 1.2;
  const Chain passive(p);
  p.output_amplifier = strong();
  const Chain active(p);
  INFO("seeds 3, 4, 5 and 7");
  CHECK(passive.stages[1]->light().light_power_w < p.light_power_w);
  CHECK(passive.stages[2]->light().light_power_w < passive.stages[1]->light().light_power_w);
  for (const std::size_t l : {1u, 2u}) CHECK(active.stages[l]->light().light_power_w == Approx(p.light_power_w));
  CHECK(active.closes());
  CHECK(deviation(active.y, passive.y) < 3e-2);
  CHECK(active.total_j("a/output_amplifier", Fate::exported) > active.total_j("a/output_amplifier", Fate::received));
  for (const Chain* chain : {&passive, &active}) {
    for (const auto& stage : chain->stages) {
      const auto link = stage->link();
      double lost = 0;
      for (const auto& part : link.light) lost += part.lost_w;
      CHECK(link.laser_w == Approx(lost + link.detected_w).epsilon(1e-12).margin(1e-12));
    }
  }
}

TEST_CASE("books close over elements and meshes with losses and errors, leaks and saturation show in the outputs",
          "[optical][hand_over]") {
  CoherentParameters p = handing();
  p.hand_over->loss = 1.5;
  const double lossy = deviation(Chain(p).y, Chain(p).wanted);
  CHECK(lossy < 1e-11);
  p.imperfections.insertion_loss = 1.02;
  p.imperfections.phase_error_rad = 0.01;
  p.noise = {true, true};
  p.output_amplifier = strong();
  p.output_amplifier->saturation_w = 5e-3;
  p.output_amplifier->drive_current_a = 0.2;
  for (const double extinction : {std::numeric_limits<double>::infinity(), 30.0}) {
    for (const double saturable : {1.0, 4.0}) {
      p.hand_over->extinction = extinction;
      p.hand_over->saturable_loss = saturable;
      p.hand_over->saturation_w = 1e-4;
      const Chain chain(p);
      INFO("seeds 3, 4, 5 and 7, extinction " << extinction << ", saturable loss " << saturable);
      CHECK(chain.closes());
      CHECK(deviation(chain.y, chain.wanted) > (extinction < 100 || saturable > 1 ? 0.05 : 1e-4));
    }
  }
}

TEST_CASE(
    "lasers of a chain fluctuate together: every output by one factor of variance RIN x B, and books hold that light",
    "[optical][hand_over]") {
  CoherentParameters p = handing();
  p.intensity_noise_per_hz = 1e-11;
  const double variance = p.intensity_noise_per_hz * p.receiver_bandwidth_hz;
  const std::size_t samples = 2000;
  const Chain chain(p, samples);
  double sum = 0, squares = 0;
  // The last layer's biases are added behind the receivers.
  const std::vector<double>& bias = chain.maps[2].bias;
  for (std::size_t s = 0; s < samples; ++s) {
    double product = 0, square = 0;
    for (std::size_t o = 0; o < 5; ++o) {
      const double light = chain.wanted.at(o, s) - bias[o];
      product += (chain.y.at(o, s) - bias[o]) * light;
      square += light * light;
    }
    const double factor = product / square;
    for (std::size_t o = 0; o < 5; ++o)
      CHECK(std::abs(chain.y.at(o, s) - bias[o] - factor * (chain.wanted.at(o, s) - bias[o])) <=
            1e-11 * largest(chain.wanted));
    sum += factor - 1;
    squares += (factor - 1) * (factor - 1);
  }
  INFO("seeds 1, 3, 4, 5 and 7");
  CHECK(std::abs(sum / samples) <= 4 * std::sqrt(variance / samples));
  CHECK(std::abs(squares / samples / variance - 1) <= 4 * std::sqrt(2.0 / samples));
  CHECK(chain.closes());
  // An amplifier that saturates does not hand the whole of a fluctuation on.
  p.output_amplifier = strong();
  p.output_amplifier->saturation_w = 5e-3;
  p.output_amplifier->drive_current_a = 0.2;
  CHECK(Chain(p).closes());
}

TEST_CASE("what light the last layer asks for is stated, and a chain without any light is refused",
          "[optical][hand_over]") {
  CoherentParameters p = handing();
  p.noise = {true, true};
  p.wanted_error = optical::error_of_bits(6);
  const Chain trial(p);
  const double share = trial.stages[2]->light().light_power_w / p.light_power_w;
  CHECK(trial.stages[0]->wanted_light_w() == 0);
  p.light_power_w = trial.stages[2]->wanted_light_w() / share;
  const Chain solved(p);
  CHECK(solved.stages[2]->link().bits() == Approx(6).epsilon(1e-9));
  CHECK(solved.closes());
  p.light_power_w = 0.0;
  CHECK_THROWS_WITH(Chain(p), Contains("is to be solved before"));
}

TEST_CASE("an absorber bleaches: what it lets pass rises with the light as its law says", "[optical][hand_over]") {
  CoherentParameters p = handing();
  p.hand_over->saturable_loss = 10;
  double before = 0;
  for (const double power_w : {1e-9, 1e-5, 1e-3, 1e-1}) {
    p.light_power_w = power_w;
    p.hand_over->saturation_w = 1e-4;
    const Chain chain(p);
    const double share = chain.total_j("b/hand_over", Fate::exported) / chain.total_j("b/hand_over", Fate::received);
    CHECK(share > before);
    CHECK(chain.closes());
    before = share;
  }
}

TEST_CASE("what cannot be handed over as light is refused with its reason", "[optical][hand_over][bad]") {
  CoherentParameters p = handing();
  const auto way = std::make_shared<LightWay>(1e-3);
  const auto built = [&](linear::LinearMap map, optical::LightWays ways) {
    CoherentStage(std::move(map), p, 1.0, 1, "l", std::move(ways));
  };
  CHECK_THROWS_WITH(built(layer("wide", 20, 8, 1), {nullptr, way}), Contains("without detection: it needs modes: 20"));
  CHECK_THROWS_WITH(built(layer("full", 3, 12, 1), {nullptr, way}), Contains("modes: 13, one of them for the biases"));
  linear::LinearMap twice = layer("twice", 3, 8, 1);
  twice.gather[1] = twice.gather[0];
  CHECK_THROWS_WITH(built(twice, {way, nullptr}), Contains("each input is to be used once"));
  CHECK_THROWS_AS(LightWay(1e-3).take(5), std::logic_error);
  p.modulation = optical::Modulation::iq;
  CHECK_THROWS_WITH(built(layer("iq", 3, 8, 1), {nullptr, way}), Contains("hand_over"));
  p = handing();
  p.hand_over->loss = 0.5;
  CHECK_THROWS_WITH(p.check(), Contains("hand_over.loss"));
  p.hand_over = optical::HandOver{};
  p.hand_over->extinction = 1.0;
  CHECK_THROWS_WITH(p.check(), Contains("hand_over.extinction"));
  p.hand_over = optical::HandOver{};
  p.hand_over->saturable_loss = 2;
  CHECK_THROWS_WITH(p.check(), Contains("hand_over.saturation_w"));
  p.hand_over = optical::HandOver{};
  p.reprogramming.tiles_built = 1;
  p.reprogramming.settling_error_rad = 1e-3;
  CHECK_THROWS_WITH(p.check(), Contains("hand_over"));
}
