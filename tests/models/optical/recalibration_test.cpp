// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/recalibration.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/optical/scattering_medium.hpp"

using namespace szilard::optical;

namespace {

/// || built - wanted ||_F / || wanted ||_F before and after.
struct Recovered {
  double before, after;
  Recovered(std::size_t modes, Topology topology, const MeshImperfections& all, std::uint64_t seed) {
    const MeshPhases phases = decompose(random_scatterer(modes, seed, "target"), topology);
    const ComplexMatrix wanted = Mesh(phases).matrix();
    before = (Mesh(phases, all, seed, "m").matrix() - wanted).norm() / wanted.norm();
    after = (Mesh(recalibrate(phases, all, seed, "m"), all, seed, "m").matrix() - wanted).norm() / wanted.norm();
  }
};

}  // namespace

TEST_CASE("recalibration undoes phase errors and crosstalk in full", "[optical][recalibration]") {
  for (const Topology topology : {Topology::clements, Topology::reck}) {
    MeshImperfections all;
    all.phase_error_rad = 0.2;
    const Recovered errors(16, topology, all, 3);
    INFO("seed 3");
    CHECK(errors.before > 0.3);
    CHECK(errors.after <= 1e-12);
    all.thermal_crosstalk = 0.01;
    const Recovered both(16, topology, all, 3);
    CHECK(both.before > 0.3);
    CHECK(both.after <= 1e-10);
  }
}

TEST_CASE("recalibration takes back most of what splitting errors cost", "[optical][recalibration]") {
  for (const std::size_t modes : {4u, 8u, 16u}) {
    MeshImperfections all;
    all.splitting_error_rad = 0.05;
    all.phase_error_rad = 0.1;
    const Recovered result(modes, Topology::clements, all, 5);
    INFO("seed 5, " << modes << " modes: " << result.before << " to " << result.after);
    CHECK(result.after < 0.3 * result.before);
  }
}

TEST_CASE("recalibration never makes a mesh worse, and leaves a perfect one as it is", "[optical][recalibration]") {
  const MeshPhases phases = decompose(random_scatterer(8, 2, "target"), Topology::clements);
  const ComplexMatrix wanted = Mesh(phases).matrix();
  CHECK((Mesh(recalibrate(phases, {}, 1, "m")).matrix() - wanted).norm() <= 1e-13);
  MeshImperfections all;
  all.splitting_error_rad = 0.02;
  double before = (Mesh(phases, all, 1, "m").matrix() - wanted).norm();
  for (const std::size_t sweeps : {1u, 3u, 30u}) {
    const double after = (Mesh(recalibrate(phases, all, 1, "m", sweeps), all, 1, "m").matrix() - wanted).norm();
    CHECK(after <= before + 1e-13);
    before = after;
  }
}

TEST_CASE("recalibration refuses errors that no mesh has", "[optical][recalibration][bad]") {
  const MeshPhases phases = decompose(random_scatterer(4, 2, "target"), Topology::clements);
  MeshImperfections all;
  all.thermal_crosstalk = 0.7;
  CHECK_THROWS_WITH(recalibrate(phases, all, 1, "m"), Catch::Contains("thermal_crosstalk"));
  all.thermal_crosstalk = 0.0;
  all.phase_error_rad = -1.0;
  CHECK_THROWS_WITH(recalibrate(phases, all, 1, "m"), Catch::Contains("phase_error_rad"));
}
