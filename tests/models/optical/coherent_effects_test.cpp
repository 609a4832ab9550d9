// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "models/optical/shaken_mesh.hpp"
#include "tests/models/optical/random_matrices.hpp"
#include "tests/models/optical/stage_bench.hpp"

using namespace szilard;
using namespace szilard::test;
using Catch::Matchers::Contains;
using energy::Fate;
using optical::CoherentParameters;
using optical::CoherentStage;

TEST_CASE("two inputs a mode by IQ modulation compute W x + b with half the modes", "[optical][stage]") {
  for (const auto medium : {optical::Medium::mzi_mesh, optical::Medium::dilation}) {
    for (const std::size_t inputs : {5u, 16u, 30u}) {
      const auto map = dense_layer(6, inputs, 3);
      CoherentParameters p = mesh_parameters(8);
      p.medium = medium;
      p.modulation = optical::Modulation::iq;
      CoherentStage stage(map, p, 1.0, 1, "l");
      const auto x = signals(inputs, 50, 7, -1);
      const StageRun run(stage, x);
      INFO("seeds 3 and 7, " << inputs << " inputs");
      CHECK(deviation(run.y, exactly(map, x)) < 1e-11);
      CHECK(run.closes());
      CHECK(stage.tiles().size() == (inputs + 15) / 16);
    }
  }
}

TEST_CASE("a finite extinction ratio leaks in quadrature, a perfect mesh does not see it, one with errors does",
          "[optical][stage]") {
  const auto map = dense_layer(6, 8, 3);
  const auto x = signals(8, 40, 7, -1);
  CoherentParameters p = mesh_parameters(8);
  p.extinction_ratio = 10;
  CoherentStage perfect(map, p, 1.0, 1, "l");
  const StageRun run(perfect, x);
  CHECK(deviation(run.y, exactly(map, x)) < 1e-11);
  CHECK(run.closes());
  p.imperfections.phase_error_rad = 0.02;
  CoherentStage leaky(map, p, 1.0, 1, "l");
  p.extinction_ratio = std::numeric_limits<double>::infinity();
  CoherentStage dark(map, p, 1.0, 1, "l");
  const StageRun with(leaky, x), without(dark, x);
  CHECK(with.closes());
  CHECK(deviation(with.y, without.y) > 1e-3);
  CHECK(with.total_j("photonic/layer/tile_0_0", Fate::received) >
        without.total_j("photonic/layer/tile_0_0", Fate::received));
}

TEST_CASE("a shaken mesh keeps its power to rounding, and without jitter is the mesh", "[optical][stage]") {
  const auto u = random_matrix(12, 12, 4);
  const optical::MatrixMesh mesh(optical::program_matrix(u, optical::Topology::clements), {}, 1, "m");
  for (const double sigma : {0.0, 0.05}) {
    const optical::ShakenMatrix shaken(mesh, {mesh.phases().transmissions}, sigma, 3, "m");
    const std::size_t samples = 5;
    std::vector<double> re(12 * samples), im(12 * samples), absorbed(samples, 0), auxiliary(samples, 0);
    const support::RandomStream stream(8, 1);
    optical::ComplexMatrix fields(samples, 12);
    for (std::size_t m = 0; m < 12; ++m)
      for (std::size_t s = 0; s < samples; ++s) {
        re[m * samples + s] = stream.gaussian(s, std::uint32_t(m));
        im[m * samples + s] = stream.gaussian(s, std::uint32_t(m + 100));
        fields(Eigen::Index(s), Eigen::Index(m)) = {re[m * samples + s], im[m * samples + s]};
      }
    shaken.propagate(0, samples, samples, 0, re.data(), im.data(), absorbed.data(), auxiliary.data());
    const optical::ComplexMatrix wanted = fields * mesh.matrix().transpose();
    INFO("seeds 4, 3 and 8, jitter " << sigma);
    for (std::size_t s = 0; s < samples; ++s) {
      double out = 0, off = 0;
      for (std::size_t m = 0; m < 12; ++m) {
        const optical::Complex b(re[m * samples + s], im[m * samples + s]);
        out += std::norm(b);
        off += std::norm(b - wanted(Eigen::Index(s), Eigen::Index(m)));
      }
      const double in = fields.row(Eigen::Index(s)).squaredNorm();
      CHECK(std::abs(in - out - absorbed[s] - auxiliary[s]) <= 1e-12 * in);
      CHECK((sigma == 0 ? off < 1e-24 * in : off > 1e-4 * in));
    }
  }
}

TEST_CASE("jitter of a stage grows with its size, is new in every symbol, and keeps the books", "[optical][stage]") {
  const auto map = dense_layer(8, 8, 3);
  support::SignalBlock x(0, 400, 8);
  for (std::size_t f = 0; f < 8; ++f)
    for (std::size_t s = 0; s < 400; ++s) x.row(f)[s] = f % 2 == 0 ? 0.7 : -0.4;
  double before = 0;
  for (const double sigma : {0.002, 0.02}) {
    CoherentParameters p = mesh_parameters(8);
    p.phase_jitter_rad = sigma;
    p.imperfections.insertion_loss = 1.02;
    CoherentStage stage(map, p, 1.0, 1, "l");
    const StageRun run(stage, x);
    CHECK(run.closes());
    double squares = 0, mean = 0;
    for (std::size_t s = 0; s < 400; ++s) mean += run.y.at(0, s) / 400;
    for (std::size_t s = 0; s < 400; ++s) squares += std::pow(run.y.at(0, s) - mean, 2) / 399;
    CHECK(squares > 0);
    INFO("seed 1, variance " << squares);
    if (before > 0) CHECK(squares / before == Approx(100).epsilon(0.4));
    before = squares;
  }
}

TEST_CASE("recalibration takes phase errors and crosstalk out of a stage", "[optical][stage]") {
  const auto map = dense_layer(10, 12, 3);
  CoherentParameters p = mesh_parameters(8);
  p.imperfections.phase_error_rad = 0.05;
  p.imperfections.thermal_crosstalk = 0.01;
  p.imperfections.splitting_error_rad = 0.02;
  const double before = CoherentStage(map, p, 1.0, 1, "l").tiles()[0].error;
  p.recalibrated = true;
  const double after = CoherentStage(map, p, 1.0, 1, "l").tiles()[0].error;
  INFO("seed 1, error " << before << " and " << after);
  CHECK(after < before / 10);
}

TEST_CASE("fewer tiles than needed: rounds of settling cost time, holding and programming", "[optical][stage]") {
  const auto map = dense_layer(8, 24, 3);
  const auto x = signals(24, 4, 7);
  CoherentParameters p = mesh_parameters(8);
  p.reprogramming.time_constant_s = 1e-6;
  p.reprogramming.settling_error_rad = 1e-3;
  p.reprogramming.energy_j = 2e-12;
  p.reprogramming.inferences = 100;
  CoherentStage all(map, p, 1.0, 1, "l");
  const StageRun once(all, x);
  CHECK(all.duration_ps() == 1000);
  CHECK(once.dissipated_j("programming") == Approx(4 * 3 * 56 * 2e-12 / 100).epsilon(1e-12));
  p.reprogramming.tiles_built = 2;
  CoherentStage two(map, p, 1.0, 1, "l");
  const StageRun run(two, x);
  const double settling_s = 1e-6 * std::log(3.14159265358979323846 / 1e-3);
  CHECK(two.duration_ps() == std::llround(2 * (1e-9 + settling_s) * 1e12));
  CHECK(run.dissipated_j("programming") == Approx(4 * 3 * 56 * 2e-12).epsilon(1e-12));
  CHECK(run.dissipated_j("phase_holding") ==
        Approx(once.dissipated_j("phase_holding") * (1e-9 + settling_s) / 1e-9).epsilon(1e-9));
  CHECK(deviation(run.y, once.y) == 0);
  CHECK(run.closes());
  CHECK(two.areas("l")[0].count == 2 * 56);
  CHECK(all.areas("l")[0].count == 3 * 56);
}

TEST_CASE("what every tile was programmed with can be had", "[optical][stage]") {
  const auto map = dense_layer(8, 12, 3);
  CoherentParameters p = mesh_parameters(8);
  const auto meshes = CoherentStage(map, p, 1.0, 1, "l").programs();
  REQUIRE(meshes.size() == 2);
  CHECK(meshes[1].first_term == 8);
  REQUIRE(meshes[0].phases.has_value());
  CHECK(meshes[0].phases->transmissions.size() == 8);
  p.medium = optical::Medium::random_scatterer;
  p.scatterer_modes = 16;
  const auto masks = CoherentStage(map, p, 1.0, 1, "l").programs();
  REQUIRE(masks[0].arrays.size() == 2);
  CHECK(masks[0].arrays[0].quantity == "input_phases_rad");
  CHECK(masks[0].arrays[0].values.size() == 16);
  p.medium = optical::Medium::dilation;
  const auto unitaries = CoherentStage(map, p, 1.0, 1, "l").programs();
  CHECK(unitaries[0].arrays[0].rows == 16);
}

TEST_CASE("coherent stages refuse jitter, oscillators and shifters that cannot be", "[optical][stage][bad]") {
  const auto refused = [](auto&& change, const char* name) {
    CoherentParameters p = mesh_parameters(4);
    change(p);
    CHECK_THROWS_WITH(CoherentStage(dense_layer(2, 2, 1), p, 1.0, 1, "l"), Contains(name));
  };
  refused([](auto& p) { p.phase_jitter_rad = 0.2; }, "phase_jitter_rad");
  refused([](auto& p) { p.phase_jitter_rad = -0.1; }, "phase_jitter_rad");
  refused([](auto& p) { p.local_oscillator_w = 0.0; }, "local_oscillator_w");
  refused([](auto& p) { p.extinction_ratio = 0.5; }, "extinction_ratio");
  refused([](auto& p) { p.splitter_loss = 0.9; }, "splitter_loss");
  refused([](auto& p) { p.waveguide_length_m = -1.0; }, "waveguide_length_m");
  refused([](auto& p) { p.reprogramming.time_constant_s = -1.0; }, "time_constant_s");
  refused([](auto& p) { p.reprogramming.settling_error_rad = 4.0; }, "settling_error_rad");
  refused([](auto& p) { p.reprogramming.energy_j = -1.0; }, "reprogramming.energy_j");
}
