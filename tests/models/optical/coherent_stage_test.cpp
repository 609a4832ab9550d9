// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/coherent_stage.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/energy/ledger.hpp"
#include "models/linear/apply.hpp"
#include "models/support/philox.hpp"
#include "models/support/tolerance.hpp"

using namespace szilard;
using Catch::Matchers::Contains;
using energy::Fate;
using energy::Ledger;
using optical::CoherentParameters;
using optical::CoherentStage;
using support::SignalBlock;

namespace {

CoherentParameters parameters(std::size_t modes) {
  CoherentParameters p;
  p.modes = modes;
  p.symbol_rate_hz = 1e9;
  p.light_power_w = 1e-3;
  p.local_oscillator_w = 1e-3;
  p.laser_efficiency = 0.2;
  p.coupling_loss = std::pow(10, 0.2);
  p.modulator_loss = std::pow(10, 0.12);
  p.modulator_energy_j = 450e-15;
  p.heater_power_w = 25e-3;
  p.quantum_efficiency = 0.88;
  p.wavelength_m = 1.55e-6;
  p.dark_current_a = 25e-9;
  p.receiver_resistance_ohm = 1000;
  p.receiver_bandwidth_hz = 5e8;
  p.receiver_power_w = 3e-3;
  return p;
}

linear::LinearMap dense(std::size_t outputs, std::size_t inputs, std::uint64_t seed) {
  const support::RandomStream stream(seed, 1);
  linear::RowMatrix w(outputs, inputs);
  for (Eigen::Index k = 0; k < w.size(); ++k) w.data()[k] = stream.gaussian(0, std::uint32_t(k));
  std::vector<double> bias(outputs);
  for (std::size_t o = 0; o < outputs; ++o) bias[o] = stream.gaussian(1, std::uint32_t(o));
  return linear::dense_map("fc", w, bias);
}

/// 3 x 3 kernel over 5 x 5 with padding, two groups of one channel each, two outputs a group.
linear::LinearMap convolution(std::uint64_t seed) {
  const support::RandomStream stream(seed, 1);
  linear::LinearMap map;
  map.name = "conv";
  map.inputs = 50;
  map.groups = 2;
  map.outputs = 2;
  map.terms = 9;
  map.positions = 25;
  map.weights.resize(4, 9);
  for (Eigen::Index k = 0; k < map.weights.size(); ++k) map.weights.data()[k] = stream.gaussian(0, std::uint32_t(k));
  map.bias = {0.1, -0.2, 0.3, 0.4};
  for (int g = 0; g < 2; ++g)
    for (int p = 0; p < 25; ++p)
      for (int k = 0; k < 9; ++k) {
        const int r = p / 5 + k / 3 - 1, c = p % 5 + k % 3 - 1;
        map.gather.push_back(r < 0 || c < 0 || r > 4 || c > 4 ? -1 : g * 25 + r * 5 + c);
      }
  return map;
}

SignalBlock inputs(std::size_t features, std::size_t samples, std::uint64_t seed, std::uint64_t first = 0) {
  SignalBlock x(first, samples, features);
  const support::RandomStream stream(seed, 2);
  for (std::size_t f = 0; f < features; ++f)
    for (std::size_t s = 0; s < samples; ++s) x.row(f)[s] = 2 * stream.uniform(first + s, std::uint32_t(f)) - 1;
  return x;
}

struct Run {
  Run(const linear::LinearMap& map, const CoherentParameters& p, const SignalBlock& x, std::uint64_t seed = 1)
      : stage(map, p, 1.0, seed, "layer"), ledger(x.first_sample(), x.samples()) {
    stage.open_accounts("photonic/layer", ledger);
    y = stage.forward(x, ledger);
  }
  double total_j(const std::string& component, Fate fate) const { return ledger.total(component, fate).joules(); }
  CoherentStage stage;
  Ledger ledger;
  SignalBlock y;
};

double worst(const SignalBlock& a, const SignalBlock& b) {
  double most = 0, size = 0;
  for (std::size_t f = 0; f < a.features(); ++f) {
    for (std::size_t s = 0; s < a.samples(); ++s) {
      most = std::max(most, std::abs(a.at(f, s) - b.at(f, s)));
      size = std::max(size, std::abs(b.at(f, s)));
    }
  }
  return most / size;
}

SignalBlock exact(const linear::LinearMap& map, const SignalBlock& x) {
  SignalBlock y = x.sibling(map.total_outputs());
  linear::apply(map, x, y);
  return y;
}

}  // namespace

TEST_CASE("perfect meshes with ideal detection compute W x + b, tiled or not, dense or convolutional",
          "[optical][stage]") {
  for (const auto& map : {dense(10, 30, 3), dense(30, 10, 4), dense(16, 16, 5), convolution(6)}) {
    for (const std::size_t modes : {4u, 16u, 64u}) {
      INFO("seeds 3 to 6, " << map.name << ", " << modes << " modes");
      const SignalBlock x = inputs(map.inputs, 100, 7);
      const Run run(map, parameters(modes), x);
      CHECK(worst(run.y, exact(map, x)) <= support::kIdealRelative * 1e-2);
      const Ledger::Closure closure = run.ledger.closure();
      INFO(closure.component << " " << closure.imbalance_j);
      CHECK(closure.worst <= support::kLedgerClosure);
      CHECK(run.ledger.worst_transfer_mismatch("photonic").count == 0);
      for (const auto& tile : run.stage.tiles()) {
        CHECK(tile.residual <= 1e-12);
        CHECK(tile.gain == Approx(1).epsilon(1e-12));
        CHECK(run.total_j("photonic/layer/" + tile.name, Fate::received) > 0);
      }
    }
  }
}

TEST_CASE("a dilation computes W x + b and a random scatterer comes near it, the ledger closed in both",
          "[optical][stage]") {
  const linear::LinearMap map = dense(10, 14, 3);
  const SignalBlock x = inputs(14, 50, 7);
  CoherentParameters p = parameters(8);
  p.medium = optical::Medium::dilation;
  const Run exactly(map, p, x);
  CHECK(worst(exactly.y, exact(map, x)) <= support::kIdealRelative * 1e-2);
  CHECK(exactly.ledger.by_mechanism("photonic", Fate::dissipated).at("phase_holding").joules() == 0);
  p.medium = optical::Medium::random_scatterer;
  double before = 1;
  for (const std::size_t modes : {16u, 128u}) {
    p.scatterer_modes = modes;
    const Run nearly(map, p, x);
    const double error = worst(nearly.y, exact(map, x));
    INFO("seed 1, " << modes << " modes, error " << error);
    CHECK(error < before);
    before = error / 2;
    CHECK(nearly.ledger.closure().worst <= support::kLedgerClosure);
    CHECK(nearly.stage.tiles()[0].error > 0);
  }
  CHECK(exactly.ledger.closure().worst <= support::kLedgerClosure);
}

TEST_CASE("a lossless mesh absorbs nothing and detection absorbs all the light that arrives, two lines",
          "[optical][stage]") {
  const linear::LinearMap map = dense(8, 8, 2);
  const SignalBlock x = inputs(8, 20, 3);
  const auto dissipated = [](const Run& run, const std::string& part, const std::string& mechanism) {
    const auto all = run.ledger.by_component("photonic/layer/" + part, Fate::dissipated);
    const auto& found = all.at("photonic/layer/" + part);
    return found.count(mechanism) ? found.at(mechanism).joules() : 0.0;
  };
  const Run clean(map, parameters(8), x);
  CHECK(dissipated(clean, "tile_0_0", "mesh_loss") == 0);
  CHECK(dissipated(clean, "receiver", "detection") > 0);
  CoherentParameters lossy = parameters(8);
  lossy.imperfections.insertion_loss = std::pow(10, 0.05);
  lossy.imperfections.phase_error_rad = 0.02;
  const Run run(map, lossy, x);
  CHECK(dissipated(run, "tile_0_0", "mesh_loss") > 0);
  CHECK(dissipated(run, "receiver", "detection") < dissipated(clean, "receiver", "detection"));
  CHECK(run.ledger.closure().worst <= support::kLedgerClosure);
  CHECK(run.stage.tiles()[0].gain > 1.5);
  CHECK(worst(run.y, exact(map, x)) < 0.5);
}

TEST_CASE("laser, modulators, heaters and receivers take what their coefficients say", "[optical][stage]") {
  const linear::LinearMap map = dense(6, 8, 2);
  CoherentParameters p = parameters(8);
  p.auxiliary_recovery = 0.25;
  const SignalBlock x = inputs(8, 4, 3);
  const Run run(map, p, x);
  const double t = 1e-9, light_w = 8 * 1e-3 * p.modulator_loss, oscillator_w = 6 * 1e-3;
  const double laser_j = 4 * t * (light_w + oscillator_w) * p.coupling_loss / 0.2;
  CHECK(run.total_j("photonic/layer/laser", Fate::supplied) == Approx(laser_j).epsilon(1e-12));
  CHECK(run.ledger.by_mechanism("photonic", Fate::dissipated).at("modulation").joules() ==
        Approx(4 * 8 * 450e-15).epsilon(1e-12));
  CHECK(run.ledger.by_mechanism("photonic", Fate::dissipated).at("receiver").joules() ==
        Approx(4 * 6 * 3e-3 * t).epsilon(1e-12));
  CHECK(run.ledger.by_mechanism("photonic", Fate::dissipated).at("phase_holding").joules() ==
        Approx(4 * t * run.stage.tiles()[0].heaters_w).epsilon(1e-12));
  const double lost = run.ledger.by_mechanism("photonic", Fate::dissipated).at("photovoltaic_loss").joules();
  CHECK(run.total_j("photonic", Fate::recovered) == Approx(lost / 3).epsilon(1e-12));
  CHECK(run.total_j("photonic/layer/photovoltaic", Fate::received) == Approx(lost / 0.75).epsilon(1e-12));
  CHECK(run.ledger.by_mechanism("photonic", Fate::dissipated).count("unrecovered_light") == 0);
  CHECK(run.stage.duration_ps() == 1000);
}

TEST_CASE("receiver noise has the variance 2 q I B + 4 k T B / R, within four standard errors", "[optical][stage]") {
  const double q = 1.602176634e-19, k = 1.380649e-23;
  linear::LinearMap map = dense(1, 1, 1);
  map.weights(0, 0) = 1;
  map.bias = {0};
  const std::size_t samples = 20000;
  SignalBlock x(0, samples, 1);
  for (std::size_t s = 0; s < samples; ++s) x.row(0)[s] = 0.5;
  for (int kind = 0; kind < 3; ++kind) {
    CoherentParameters p = parameters(1);
    p.light_power_w = p.local_oscillator_w = 1e-6;
    p.noise.has_shot = kind != 1;
    p.noise.has_thermal = kind != 0;
    const double r = p.responsivity();
    CHECK(r == Approx(1.1).epsilon(0.001));
    double variance_a2 = 0;
    if (kind != 1) variance_a2 += 2 * q * (r * 1.25e-6 + 50e-9) * 5e8;
    if (kind != 0) variance_a2 += 4 * k * 300 * 5e8 / 1000;
    CHECK(receiver_variance_a2(p, 1.25e-6) == Approx(variance_a2).epsilon(1e-12));
    const Run run(map, p, x, 9);
    INFO("seed 9");
    double sum = 0, squares = 0;
    for (std::size_t s = 0; s < samples; ++s) {
      const double amperes = (run.y.at(0, s) - 0.5) * 2 * r * 1e-6;
      sum += amperes;
      squares += amperes * amperes;
    }
    const double n = double(samples);
    CHECK(std::abs(sum / n) <= 4 * std::sqrt(variance_a2 / n));
    CHECK(std::abs(squares / n - variance_a2) <= 4 * variance_a2 * std::sqrt(2 / n));
  }
}

TEST_CASE("a sample's results do not depend on the block it comes in", "[optical][stage]") {
  const linear::LinearMap map = convolution(6);
  CoherentParameters p = parameters(4);
  p.noise.has_shot = p.noise.has_thermal = true;
  p.imperfections.insertion_loss = 1.1;
  p.imperfections.splitting_error_rad = 0.01;
  const Run whole(map, p, inputs(50, 203, 5));
  const Run part(map, p, inputs(50, 7, 5, 150));
  for (std::size_t f = 0; f < map.total_outputs(); ++f)
    for (std::size_t s = 0; s < 7; ++s) CHECK(part.y.at(f, s) == whole.y.at(f, 150 + s));
  CHECK(part.ledger.total("photonic", Fate::dissipated, 152) == whole.ledger.total("photonic", Fate::dissipated, 152));
}

TEST_CASE("a layer of zeros and a signal beyond full scale keep the ledger closed", "[optical][stage]") {
  linear::LinearMap map = dense(3, 5, 1);
  map.weights.setZero();
  const Run dark(map, parameters(4), inputs(5, 3, 1));
  for (std::size_t o = 0; o < 3; ++o) CHECK(dark.y.at(o, 0) == Approx(map.bias[o]).epsilon(1e-14));
  CHECK(dark.ledger.closure().worst <= support::kLedgerClosure);
  SignalBlock x = inputs(5, 3, 1);
  for (std::size_t f = 0; f < 5; ++f) x.row(f)[0] *= 10;
  const Run bright(dense(3, 5, 1), parameters(4), x);
  CHECK(bright.ledger.closure().worst <= support::kLedgerClosure);
  for (const auto& [mechanism, joules] : bright.ledger.by_mechanism("photonic", Fate::dissipated)) {
    INFO(mechanism);
    CHECK(joules.joules() >= 0);
  }
}

TEST_CASE("stages that cannot be are refused by the field's name", "[optical][stage][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [](auto&& change, const char* name) {
    CoherentParameters p = parameters(4);
    change(p);
    CHECK_THROWS_WITH(CoherentStage(dense(2, 2, 1), p, 1.0, 1, "l"), Contains(name));
  };
  refused([](auto& p) { p.modes = 0; }, "modes");
  refused([](auto& p) { p.modes = 1025; }, "modes");
  refused([](auto& p) { p.laser_efficiency = 1.2; }, "laser_efficiency");
  refused([](auto& p) { p.laser_efficiency = 0.0; }, "laser_efficiency");
  refused([](auto& p) { p.quantum_efficiency = 1.01; }, "quantum_efficiency");
  refused([](auto& p) { p.auxiliary_recovery = 1.5; }, "auxiliary_recovery");
  refused([](auto& p) { p.coupling_loss = 0.5; }, "coupling_loss");
  refused([](auto& p) { p.modulator_loss = 0.0; }, "modulator_loss");
  refused([](auto& p) { p.imperfections.insertion_loss = 0.9; }, "insertion_loss");
  refused(
      [](auto& p) {
        p.medium = optical::Medium::random_scatterer;
        p.scatterer_modes = 3;
      },
      "scatterer_modes");
  refused([&](auto& p) { p.symbol_rate_hz = nan; }, "symbol_rate_hz");
  refused([](auto& p) { p.light_power_w = 0.0; }, "light_power_w");
  refused([](auto& p) { p.receiver_resistance_ohm = -1.0; }, "receiver_resistance_ohm");
  refused([](auto& p) { p.heater_power_w = -1.0; }, "heater_power_w");
  CHECK_THROWS_WITH(CoherentStage(dense(2, 2, 1), parameters(4), 0.0, 1, "l"), Contains("input_full_scale"));
  Ledger ledger(0, 1);
  CoherentStage stage(dense(2, 2, 1), parameters(4), 1.0, 1, "l");
  CHECK_THROWS_AS(stage.forward(inputs(3, 1, 1), ledger), std::logic_error);
}
