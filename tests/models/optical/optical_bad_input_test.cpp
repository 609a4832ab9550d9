// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/optical/matrix_mesh.hpp"
#include "tests/models/optical/random_matrices.hpp"

using namespace szilard::optical;
using Catch::Matchers::Contains;
using szilard::test::random_matrix;
using szilard::test::random_unitary;

TEST_CASE("only finite square unitary matrices are decomposed, and the error says what is wrong", "[optical][bad]") {
  CHECK_THROWS_WITH(decompose(ComplexMatrix(0, 0), Topology::clements), Contains("empty"));
  CHECK_THROWS_WITH(decompose(random_matrix(3, 4, 1), Topology::reck), Contains("3 x 4, must be square"));
  CHECK_THROWS_WITH(decompose(random_matrix(4, 4, 1), Topology::reck), Contains("not unitary"));
  ComplexMatrix u = random_unitary(4, 1);
  u(2, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(decompose(u, Topology::clements), Contains("not finite"));
}

TEST_CASE("matrices with infinities and scales that a passive medium cannot reach are refused", "[optical][bad]") {
  ComplexMatrix w = random_matrix(4, 4, 2);
  CHECK_THROWS_WITH(program_matrix(w, Topology::clements, 1.0), Contains("largest singular value is"));
  CHECK_THROWS_WITH(program_matrix(w, Topology::clements, -1.0), Contains("scale"));
  CHECK_THROWS_WITH(program_matrix(w, Topology::clements, 0.0), Contains("scale"));
  w(0, 3) = Complex(0, std::numeric_limits<double>::infinity());
  CHECK_THROWS_WITH(program_matrix(w, Topology::clements), Contains("row 0, column 3 is not finite"));
  CHECK_THROWS_WITH(spectral_norm(w), Contains("not finite"));
  CHECK_THROWS_WITH(program_matrix(ComplexMatrix(0, 3), Topology::clements), Contains("empty"));
}

TEST_CASE("imperfections outside their ranges are refused by name", "[optical][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [](auto&& change, const char* name) {
    MeshImperfections all;
    change(all);
    CHECK_THROWS_WITH(all.check(), Contains(name));
  };
  for (const double loss : {0.9, -1.0, nan}) refused([&](auto& all) { all.insertion_loss = loss; }, "insertion_loss");
  for (const double bad : {-0.1, nan}) {
    refused([&](auto& all) { all.splitting_error_rad = bad; }, "splitting_error_rad");
    refused([&](auto& all) { all.phase_error_rad = bad; }, "phase_error_rad");
    refused([&](auto& all) { all.thermal_crosstalk = bad; }, "thermal_crosstalk");
  }
  for (const int bits : {-1, 25}) refused([&](auto& all) { all.phase_bits = bits; }, "phase_bits");
}

TEST_CASE("phases that do not make a mesh, and fields that do not fit it, are refused", "[optical][bad]") {
  MeshPhases phases = decompose(random_unitary(4, 1), Topology::clements);
  const auto refused = [&](auto&& change) {
    MeshPhases wrong = phases;
    change(wrong);
    CHECK_THROWS_AS(Mesh(wrong), std::invalid_argument);
  };
  refused([](MeshPhases& p) { p.output_phases_rad.pop_back(); });
  refused([](MeshPhases& p) { p.interferometers[0].mode = 1; });
  refused([](MeshPhases& p) { p.interferometers[1].mode = 0; });
  refused([](MeshPhases& p) { p.interferometers[0].theta_rad = std::numeric_limits<double>::infinity(); });
  refused([](MeshPhases& p) { p.columns = 1; });
  LightPowers powers;
  CHECK_THROWS_WITH(Mesh(phases).propagate(random_matrix(2, 5, 1), powers), Contains("5 modes, the mesh has 4"));
  MatrixPhases matrix = program_matrix(random_matrix(3, 3, 1), Topology::clements);
  matrix.transmissions[0] = 1001;
  CHECK_THROWS_WITH(MatrixMesh(matrix, {}, 0, "m"), Contains("transmissions"));
  matrix.transmissions.pop_back();
  CHECK_THROWS_WITH(MatrixMesh(matrix, {}, 0, "m"), Contains("do not fit"));
}
