// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/jittered_mesh.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/optical/fused_mesh.hpp"
#include "tests/models/optical/random_matrices.hpp"

using namespace szilard::optical;
using szilard::test::random_matrix;
using szilard::test::random_unitary;

namespace {

struct Planes {
  std::vector<float> values;
  std::vector<float*> at;
  Planes(std::size_t modes, std::size_t lanes) : values(2 * modes * lanes) {
    for (std::size_t r = 0; r < 2 * modes; ++r) at.push_back(values.data() + r * lanes);
  }
};

ComplexMatrix through(const JitteredMesh& mesh, const ComplexMatrix& x, std::uint64_t first_shot) {
  const std::size_t modes = mesh.modes(), lanes = std::size_t(x.rows());
  Planes in(modes, lanes), out(modes, lanes);
  for (std::size_t m = 0; m < modes; ++m) {
    for (std::size_t s = 0; s < lanes; ++s) {
      in.at[m][s] = float(x(Eigen::Index(s), Eigen::Index(m)).real());
      in.at[modes + m][s] = float(x(Eigen::Index(s), Eigen::Index(m)).imag());
    }
  }
  mesh.propagate(first_shot, in.at.data(), in.at.data() + modes, lanes, out.at.data(), out.at.data() + modes);
  ComplexMatrix y(x.rows(), x.cols());
  for (std::size_t m = 0; m < modes; ++m)
    for (std::size_t s = 0; s < lanes; ++s)
      y(Eigen::Index(s), Eigen::Index(m)) = Complex(out.at[m][s], out.at[modes + m][s]);
  return y;
}

/// The same shot with exact phases: phi + sigma z, and theta + sigma z' without the common phase of the push-pull
/// drive.
ComplexMatrix exactly(const Mesh& mesh, const JitteredMesh& jittered, double sigma, const ComplexMatrix& x,
                      std::uint64_t shot) {
  MeshPhases phases = mesh.phases();
  ComplexMatrix y = x;
  for (std::size_t i = 0; i < phases.interferometers.size(); ++i) {
    const Interferometer& one = phases.interferometers[i];
    const double d = sigma * jittered.jitter(i, true, shot);
    const double theta = one.theta_rad + d, phi = one.phi_rad + sigma * jittered.jitter(i, false, shot);
    const double s = std::sin(theta / 2), c = std::cos(theta / 2);
    const Complex front = Complex(0, 1) * std::polar(1.0, one.theta_rad / 2),
                  a = y(0, Eigen::Index(one.mode)) * std::polar(1.0, phi), b = y(0, Eigen::Index(one.mode) + 1);
    y(0, Eigen::Index(one.mode)) = front * (s * a + c * b);
    y(0, Eigen::Index(one.mode) + 1) = front * (c * a - s * b);
  }
  for (Eigen::Index m = 0; m < y.cols(); ++m) y(0, m) *= std::polar(1.0, phases.output_phases_rad[std::size_t(m)]);
  return y;
}

}  // namespace

TEST_CASE("without jitter the jittered mesh is the mesh", "[optical][kernel]") {
  for (const std::size_t n : {1u, 2u, 7u, 16u, 30u}) {
    for (const Topology topology : {Topology::clements, Topology::reck}) {
      const Mesh mesh(decompose(random_unitary(n, n), topology));
      const ComplexMatrix x = random_matrix(19, n, 3);
      LightPowers powers;
      const ComplexMatrix y = mesh.propagate(x, powers);
      CHECK((through(JitteredMesh(mesh, 0, 1, "m"), x, 0) - y).cwiseAbs().maxCoeff() <= 1e-5 * y.cwiseAbs().maxCoeff());
    }
  }
}

TEST_CASE("a shot differs from the exact phases of its numbers in second order of the jitter only",
          "[optical][kernel]") {
  INFO("seed 21");
  const Mesh mesh(decompose(random_unitary(16, 21), Topology::clements));
  const ComplexMatrix x = random_matrix(5, 16, 22);
  LightPowers powers;
  const ComplexMatrix still = mesh.propagate(x, powers);
  double before = 0;
  for (const double sigma : {0.02, 0.005}) {
    const JitteredMesh jittered(mesh, sigma, 21, "m");
    const ComplexMatrix y = through(jittered, x, 1000);
    double first = 0, second = 0;
    for (Eigen::Index s = 0; s < 5; ++s) {
      const ComplexMatrix exact = exactly(mesh, jittered, sigma, x.row(s), 1000 + std::uint64_t(s));
      first = std::max(first, (exact - still.row(s)).norm());
      second = std::max(second, (exact - y.row(s)).norm());
    }
    CHECK(first > 0.5 * sigma);
    CHECK(second < 10 * sigma * sigma * 4);
    if (before > 0) CHECK(second < before / 8);
    before = second;
  }
}

TEST_CASE("the numbers have mean 0 and variance 1 within four standard errors, and no two shifters the same",
          "[optical]") {
  INFO("seed 4");
  const Mesh mesh(decompose(random_unitary(12, 1), Topology::clements));
  const JitteredMesh jittered(mesh, 0.01, 4, "m");
  double sum = 0, squares = 0, crossed = 0, count = 0;
  for (std::uint64_t shot = 0; shot < 300; ++shot) {
    for (std::size_t i = 0; i < mesh.elements().size(); ++i) {
      const double phi = jittered.jitter(i, false, shot), theta = jittered.jitter(i, true, shot);
      CHECK(std::abs(phi) < 2.42);
      sum += phi + theta;
      squares += phi * phi + theta * theta;
      crossed += phi * theta;
      count += 2;
    }
  }
  CHECK(std::abs(sum / count) <= 4 / std::sqrt(count));
  CHECK(std::abs(squares / count - 1) <= 4 * std::sqrt(1.755 / count));
  CHECK(std::abs(crossed / (count / 2)) <= 4 / std::sqrt(count / 2));
}

TEST_CASE("power is kept in the mean over shots, and a field's result is that of its shot alone", "[optical][kernel]") {
  INFO("seed 8");
  const Mesh mesh(decompose(random_unitary(32, 8), Topology::clements));
  const JitteredMesh jittered(mesh, 0.02, 8, "m");
  const ComplexMatrix x = random_matrix(400, 32, 9);
  const ComplexMatrix y = through(jittered, x, 0);
  CHECK(y.squaredNorm() == Approx(x.squaredNorm()).epsilon(2e-3));
  CHECK((through(jittered, x.middleRows(37, 4), 37) - y.middleRows(37, 4)).norm() == 0);
  CHECK((through(jittered, x.middleRows(37, 4), 38) - y.middleRows(37, 4)).norm() > 0);
}

TEST_CASE("jitter that first order cannot follow is refused", "[optical][bad]") {
  const Mesh mesh(decompose(random_unitary(4, 1), Topology::clements));
  CHECK_THROWS_WITH(JitteredMesh(mesh, -0.1, 1, "m"), Catch::Contains("sigma_rad"));
  CHECK_THROWS_WITH(JitteredMesh(mesh, 0.2, 1, "m"), Catch::Contains("0 to 0.1"));
  CHECK_THROWS_WITH(JitteredMesh(mesh, std::nan(""), 1, "m"), Catch::Contains("sigma_rad"));
}
