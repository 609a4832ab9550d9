// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/link_budget.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/models/optical/stage_bench.hpp"

using namespace szilard;
using namespace szilard::test;
using Catch::Matchers::Contains;
using energy::Fate;
using optical::CoherentStage;
using optical::IncoherentStage;
using optical::LinkBudget;

namespace {

void add_losses(optical::LightParameters& p) {
  p.laser_sharing = 5;
  p.splitter_loss = std::pow(10, 0.01);
  p.waveguide_loss_per_cm = std::pow(10, 0.2);
  p.waveguide_length_m = 5e-3;
  p.crossing_loss = std::pow(10, 0.013);
  p.crossings = 4;
  p.extinction_ratio = 10;
}

double unaccounted(const LinkBudget& budget) {
  double rest = budget.laser_w - budget.detected_w;
  for (const LinkBudget::Part& part : budget.light) rest -= part.lost_w;
  return std::abs(rest) / budget.laser_w;
}

}  // namespace

TEST_CASE("a terminated line takes what two cited modulators took at the rates of their measurement",
          "[optical][link]") {
  // 200 fJ a bit at 20 Gb/s and 0.63 V; 450 fJ at 50 Gb/s and 1.5 V; two electrodes of 50 ohm.
  CHECK(optical::terminated_line_w(0.63, 50, 2) / 20e9 == Approx(200e-15).epsilon(0.01));
  CHECK(optical::terminated_line_w(1.5, 50, 2) / 50e9 == Approx(450e-15).epsilon(0.01));
  // The mean square of +V/2 and -V/2 over Z.
  CHECK(optical::terminated_line_w(2, 50, 1) == Approx(1.0 / 50));
}

TEST_CASE("the link budget accounts for all of the lasers' light in every medium", "[optical][link]") {
  const auto map = dense_layer(9, 14, 3);
  optical::CoherentParameters coherent = mesh_parameters(8);
  add_losses(coherent);
  coherent.imperfections.insertion_loss = std::pow(10, 0.05);
  CHECK(unaccounted(CoherentStage(map, coherent, 1.0, 1, "l").link()) < 1e-12);
  coherent.modulation = optical::Modulation::iq;
  CHECK(unaccounted(CoherentStage(map, coherent, 1.0, 1, "l").link()) < 1e-12);
  coherent.medium = optical::Medium::dilation;
  CHECK(unaccounted(CoherentStage(map, coherent, 1.0, 1, "l").link()) < 1e-12);
  coherent.medium = optical::Medium::random_scatterer;
  coherent.scatterer_modes = 40;
  CHECK(unaccounted(CoherentStage(map, coherent, 1.0, 1, "l").link()) < 1e-12);
  for (auto p : {ring_parameters(8), absorber_parameters(8)}) {
    add_losses(p);
    p.rings.drop_loss = 1.1;
    p.absorbers.cell_loss = 1.02;
    const LinkBudget budget = IncoherentStage(map, p, 1.0, false, 1, "l").link();
    CHECK(unaccounted(budget) < 1e-12);
    CHECK(budget.wall_plug_w == Approx(budget.laser_w / 0.2));
  }
}

TEST_CASE("the worst path of a mesh meets every column, and its loss is that of its parts", "[optical][link]") {
  optical::CoherentParameters p = mesh_parameters(8);
  add_losses(p);
  p.imperfections.insertion_loss = std::pow(10, 0.05);
  const LinkBudget budget = CoherentStage(dense_layer(8, 8, 3), p, 1.0, 1, "l").link();
  // Two meshes of 8 columns of 0.5 dB; coupler 2, three stages of 0.1, modulator 1.2, half a centimetre of 2, four
  // crossings of 0.13.
  CHECK(10 * std::log10(budget.worst_loss) == Approx(16 * 0.5 + 2 + 0.3 + 1.2 + 1.0 + 0.52).epsilon(1e-12));
  CHECK(budget.received_w == Approx(1e-3 * std::pow(10, -0.8)).epsilon(1e-12));
  p.topology = optical::Topology::reck;
  const LinkBudget reck = CoherentStage(dense_layer(8, 8, 3), p, 1.0, 1, "l").link();
  CHECK(10 * std::log10(reck.worst_loss / budget.worst_loss) == Approx(2 * 5 * 0.5).epsilon(1e-12));
}

TEST_CASE("losses on the way raise the laser's share of the ledger, and the books close", "[optical][link]") {
  const auto map = dense_layer(4, 6, 3);
  const auto x = signals(6, 10, 2);
  optical::CoherentParameters p = mesh_parameters(8);
  CoherentStage plain(map, p, 1.0, 1, "l");
  const StageRun before(plain, x);
  add_losses(p);
  p.driver_power_w = 1e-3;
  CoherentStage stage(map, p, 1.0, 1, "l");
  const StageRun run(stage, x);
  CHECK(run.closes());
  CHECK(deviation(run.y, before.y) < 1e-9);
  for (const char* mechanism : {"splitter_loss", "waveguide_loss", "crossing_loss", "modulator_driver"}) {
    INFO(mechanism);
    CHECK(run.dissipated_j(mechanism) > 0);
    CHECK(before.dissipated_j(mechanism) == 0);
  }
  CHECK(run.dissipated_j("modulator_driver") == Approx(10 * 6 * 1e-3 * 1e-9).epsilon(1e-12));
}

TEST_CASE("solved light is booked as the same light would be if it were given", "[optical][link]") {
  const auto map = dense_layer(6, 8, 3);
  const auto x = signals(8, 20, 7);
  const auto check = [&](auto p, auto make) {
    p.noise = {true, true};
    p.wanted_error = 0.01;
    const auto solved = make(p);
    p.light_power_w = solved->light().light_power_w;
    p.wanted_error = 0.0;
    const auto given = make(p);
    const StageRun first(*solved, x), second(*given, x);
    INFO("seeds 3 and 7");
    for (const char* part : {"laser", "modulator", "tile_0_0", "receiver"}) {
      const std::string component = std::string("photonic/layer/") + part;
      CHECK(first.total_j(component, energy::Fate::dissipated) == second.total_j(component, energy::Fate::dissipated));
    }
    CHECK(first.total_j("photonic/layer/tile_0_0", energy::Fate::received) > 0);
  };
  check(mesh_parameters(8),
        [&](const auto& p) { return std::make_unique<optical::CoherentStage>(map, p, 1.0, 1, "l"); });
  check(absorber_parameters(8),
        [&](const auto& p) { return std::make_unique<optical::IncoherentStage>(map, p, 1.0, false, 1, "l"); });
}

TEST_CASE("solved light gives the wanted error on the worst path, in the budget and in the run", "[optical][link]") {
  linear::LinearMap map = dense_layer(1, 1, 1);
  map.weights(0, 0) = 1;
  map.bias = {0};
  const std::size_t samples = 20000;
  support::SignalBlock x(0, samples, 1);
  for (std::size_t s = 0; s < samples; ++s) x.row(0)[s] = 1;
  const auto rms = [&](optical::OpticalStage& stage) {
    const StageRun run(stage, x);
    double squares = 0;
    for (std::size_t s = 0; s < samples; ++s) squares += std::pow(run.y.at(0, s) - 1, 2);
    return std::sqrt(squares / double(samples));
  };
  const double error = optical::error_of_bits(6);
  CHECK(error == Approx(2 / (64 * std::sqrt(12.0))));
  optical::CoherentParameters coherent = mesh_parameters(1);
  optical::IncoherentParameters rings = ring_parameters(1);
  for (optical::LightParameters* p :
       {static_cast<optical::LightParameters*>(&coherent), static_cast<optical::LightParameters*>(&rings)}) {
    p->noise = {true, true};
    p->intensity_noise_per_hz = 1e-15;
    p->wanted_error = error;
    p->light_power_w = 0;
  }
  CoherentStage mesh(map, coherent, 1.0, 4, "l");
  IncoherentStage bank(map, rings, 1.0, false, 4, "l");
  for (optical::OpticalStage* stage :
       {static_cast<optical::OpticalStage*>(&mesh), static_cast<optical::OpticalStage*>(&bank)}) {
    INFO("seed 4, " << stage->medium());
    CHECK(stage->link().error() == Approx(error).epsilon(1e-9));
    CHECK(stage->link().bits() == Approx(6).epsilon(1e-9));
    CHECK(stage->light().light_power_w > 0);
    CHECK(rms(*stage) == Approx(error).epsilon(4 / std::sqrt(2 * double(samples)) + 0.01));
  }
}

TEST_CASE("errors that no light reaches are refused with the reason", "[optical][link][bad]") {
  const auto map = dense_layer(2, 2, 1);
  const auto refused = [&](auto&& change, const char* why) {
    optical::CoherentParameters p = mesh_parameters(2);
    p.noise = {true, true};
    p.wanted_error = 0.01;
    change(p);
    CHECK_THROWS_WITH(CoherentStage(map, p, 1.0, 1, "l"), Contains(why));
  };
  refused([](auto& p) { p.noise = {false, false}; }, "no noise");
  refused([](auto& p) { p.intensity_noise_per_hz = 1e-12; }, "intensity noise alone");
  refused([](auto& p) { p.local_oscillator_w = 1e-12; }, "oscillator is too weak");
  refused([](auto& p) { p.wanted_error = -1.0; }, "wanted_error");
  refused([](auto& p) { p.imperfections.insertion_loss = 1e5; }, "more than 10 W");
  optical::IncoherentParameters rings = ring_parameters(2);
  rings.wanted_error = 0.1;
  CHECK_THROWS_WITH(IncoherentStage(map, rings, 1.0, false, 1, "l"), Contains("no noise"));
}
