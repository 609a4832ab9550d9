// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>

#include "models/optical/matrix_mesh.hpp"
#include "tests/models/optical/random_matrices.hpp"

using namespace szilard::optical;
using szilard::test::random_matrix;
using szilard::test::random_unitary;

namespace {

const Topology kTopologies[] = {Topology::clements, Topology::reck};

/// The product of the interferometers, written out from the law in the header, independent of Mesh.
ComplexMatrix by_the_law(const MeshPhases& phases) {
  const Eigen::Index n = Eigen::Index(phases.modes);
  const Complex i(0, 1);
  ComplexMatrix u = ComplexMatrix::Identity(n, n);
  for (const Interferometer& one : phases.interferometers) {
    Eigen::Matrix2cd b, theta, phi;
    b << 1, i, i, 1;
    b /= std::sqrt(2.0);
    theta << std::exp(i * one.theta_rad), 0, 0, 1;
    phi << std::exp(i * one.phi_rad), 0, 0, 1;
    const Eigen::Matrix2cd t = b * theta * b * phi;
    const ComplexMatrix rows = u.middleRows(Eigen::Index(one.mode), 2);
    u.middleRows(Eigen::Index(one.mode), 2) = t * rows;
  }
  for (Eigen::Index m = 0; m < n; ++m) u.row(m) *= std::exp(i * phases.output_phases_rad[std::size_t(m)]);
  return u;
}

double worst(const ComplexMatrix& a, const ComplexMatrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("every random unitary is the product of its interferometers to 1e-12 an entry", "[optical]") {
  for (const Topology topology : kTopologies) {
    for (const std::size_t n : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 16u, 33u, 64u, 128u}) {
      const std::uint64_t seed = 40 + n;
      INFO("seed " << seed << ", " << n << " modes, " << topology_name(topology));
      const ComplexMatrix u = random_unitary(n, seed);
      const MeshPhases phases = decompose(u, topology);
      CHECK(worst(by_the_law(phases), u) <= 1e-12);
      CHECK(worst(Mesh(phases).matrix(), u) <= 1e-12);
    }
  }
}

TEST_CASE("a 256 x 256 unitary is decomposed to 1e-12 and stays unitary", "[optical]") {
  INFO("seed 5");
  const ComplexMatrix u = random_unitary(256, 5);
  for (const Topology topology : kTopologies) {
    const auto start = std::chrono::steady_clock::now();
    const MeshPhases phases = decompose(u, topology);
    const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    CAPTURE(wall_s);
    const ComplexMatrix again = Mesh(phases).matrix();
    CHECK(worst(again, u) <= 1e-12);
    CHECK(unitarity_error(again) <= 1e-12);
  }
}

TEST_CASE("a mesh of random phases is unitary to 1e-12", "[optical]") {
  const szilard::support::RandomStream stream(11, 1);
  INFO("seed 11");
  for (const std::size_t n : {2u, 16u, 256u}) {
    MeshPhases phases = decompose(ComplexMatrix::Identity(Eigen::Index(n), Eigen::Index(n)), Topology::clements);
    std::uint32_t index = 0;
    for (Interferometer& one : phases.interferometers) {
      one.theta_rad = 7 * stream.uniform(0, index++);
      one.phi_rad = 7 * stream.uniform(0, index++);
    }
    for (double& phase : phases.output_phases_rad) phase = 7 * stream.uniform(0, index++);
    CHECK(unitarity_error(Mesh(phases).matrix()) <= 1e-12);
  }
}

TEST_CASE("the rectangle has N columns and the triangle 2N - 3, both N (N - 1) / 2 interferometers in brick order",
          "[optical]") {
  for (const std::size_t n : {2u, 3u, 6u, 9u}) {
    const ComplexMatrix u = random_unitary(n, n);
    for (const Topology topology : kTopologies) {
      const MeshPhases phases = decompose(u, topology);
      CHECK(phases.interferometers.size() == n * (n - 1) / 2);
      const std::size_t columns = topology == Topology::reck ? 2 * n - 3 : n == 2 ? 1 : n;
      CHECK(phases.columns == columns);
      for (const Interferometer& one : phases.interferometers) {
        CHECK(one.mode % 2 == one.column % 2);
        CHECK(one.theta_rad >= 0);
        CHECK(one.theta_rad <= 3.1415926535897936);
        CHECK(one.phi_rad >= 0);
        CHECK(one.phi_rad < 6.2831853071795865);
      }
    }
  }
}

TEST_CASE("permutations, signs and the identity, whose rotations are all trivial, are decomposed exactly",
          "[optical]") {
  for (const std::size_t n : {2u, 5u, 8u}) {
    for (int kind = 0; kind < 3; ++kind) {
      ComplexMatrix u = ComplexMatrix::Zero(Eigen::Index(n), Eigen::Index(n));
      for (std::size_t k = 0; k < n; ++k)
        u(Eigen::Index(k), Eigen::Index(kind == 0 ? k : kind == 1 ? n - 1 - k : (k + 1) % n)) = k % 2 ? -1.0 : 1.0;
      for (const Topology topology : kTopologies) CHECK(worst(by_the_law(decompose(u, topology)), u) <= 1e-14);
    }
  }
}

TEST_CASE("a real matrix is U S V' on two meshes with attenuators, whatever its shape", "[optical]") {
  for (const auto& [rows, columns] : {std::pair{4, 4}, {3, 7}, {7, 3}, {1, 5}, {5, 1}, {1, 1}, {64, 64}, {40, 100}}) {
    const std::uint64_t seed = std::uint64_t(rows * 1000 + columns);
    INFO("seed " << seed << ", " << rows << " x " << columns);
    ComplexMatrix w = random_matrix(std::size_t(rows), std::size_t(columns), seed);
    for (const bool real : {true, false}) {
      if (real) w = ComplexMatrix(w.real().cast<Complex>());
      const MatrixPhases phases = program_matrix(w, Topology::clements);
      CHECK(phases.residual <= 1e-12);
      CHECK(phases.scale == std::max(1.0, phases.norm));
      CHECK(phases.norm == Approx(spectral_norm(w)).epsilon(1e-12));
      CHECK(worst(MatrixMesh(phases, {}, 0, "m").matrix() * phases.scale, w) <= 1e-12 * std::max(1.0, phases.norm));
      w = random_matrix(std::size_t(rows), std::size_t(columns), seed + 1);
    }
  }
}

TEST_CASE("a matrix of norm below 1 keeps scale 1, the zero matrix drops all light", "[optical]") {
  const ComplexMatrix w = 0.01 * random_matrix(6, 6, 3);
  CHECK(program_matrix(w, Topology::reck).scale == 1);
  CHECK(program_matrix(w, Topology::reck).residual <= 1e-12);
  const MatrixMesh dark(program_matrix(ComplexMatrix::Zero(4, 4), Topology::clements), {}, 0, "dark");
  LightPowers powers;
  const ComplexMatrix out = dark.propagate(ComplexMatrix::Identity(4, 4), powers);
  CHECK(out.norm() == 0);
  CHECK(powers.auxiliary_w == Approx(4).epsilon(1e-14));
}

TEST_CASE("matrices whose squares leave the range of a double are realised like their multiples of norm 1",
          "[optical]") {
  INFO("seed 17");
  const ComplexMatrix w = random_matrix(5, 4, 17);
  const MatrixPhases plain = program_matrix(w, Topology::clements);
  REQUIRE(plain.scale > 1);
  for (const int exponent : {1000, 600, -200, -1000}) {
    INFO("times 2^" << exponent);
    const double factor = std::ldexp(1.0, exponent);
    const MatrixPhases phases = program_matrix(factor * w, Topology::clements);
    CHECK(phases.norm == factor * plain.norm);
    CHECK(phases.scale == std::max(1.0, factor * plain.norm));
    CHECK(phases.residual <= 1e-12);
    if (exponent > 0) CHECK(phases.transmissions == plain.transmissions);
    const double reached = MatrixMesh(phases, {}, 0, "m").matrix().cwiseAbs().maxCoeff();
    CHECK(reached == Approx(factor / phases.scale * w.cwiseAbs().maxCoeff()).epsilon(1e-12).margin(0));
  }
}

TEST_CASE("a unitary is one mesh without attenuators, a multiple of it is not", "[optical]") {
  const ComplexMatrix u = random_unitary(8, 21);
  const MatrixPhases one = program_matrix(u, Topology::clements);
  CHECK_FALSE(one.input_mesh);
  CHECK(one.transmissions.empty());
  CHECK(one.scale == 1);
  const MatrixPhases two = program_matrix(2.0 * u, Topology::clements);
  CHECK(two.input_mesh);
  CHECK(two.scale == Approx(2).epsilon(1e-13));
}
