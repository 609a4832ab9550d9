// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "models/optical/matrix_mesh.hpp"
#include "tests/models/optical/random_matrices.hpp"

using namespace szilard::optical;
using szilard::support::RandomStream;
using szilard::test::random_matrix;
using szilard::test::random_unitary;

namespace {

constexpr double kPi = 3.14159265358979323846;

double worst(const ComplexMatrix& a, const ComplexMatrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

MeshPhases one_interferometer(double theta_rad, double phi_rad) {
  return {Topology::clements, 2, 1, {{0, 0, theta_rad, phi_rad}}, {0, 0}};
}

MeshImperfections lossy(double loss_db) {
  MeshImperfections all;
  all.insertion_loss = std::pow(10, loss_db / 10);
  return all;
}

}  // namespace

TEST_CASE("an interferometer crosses at theta = 0, passes at pi and splits evenly between", "[optical]") {
  for (const auto& [theta, through] : {std::pair{0.0, 0.0}, {kPi, 1.0}, {kPi / 2, 0.5}}) {
    const ComplexMatrix u = Mesh(one_interferometer(theta, 0.3)).matrix();
    CHECK(std::norm(u(0, 0)) == Approx(through).margin(1e-15));
    CHECK(std::norm(u(1, 0)) == Approx(1 - through).margin(1e-15));
  }
}

TEST_CASE("in = out + absorbed to 1e-12, in all and in every interferometer", "[optical]") {
  INFO("seed 3");
  const ComplexMatrix x = random_matrix(20, 16, 3);
  for (const double loss_db : {0.0, 0.2, 3.0}) {
    MeshImperfections all = lossy(loss_db);
    all.splitting_error_rad = 0.05;
    all.phase_error_rad = 0.1;
    all.phase_bits = 6;
    all.thermal_crosstalk = 0.01;
    const Mesh mesh(decompose(random_unitary(16, 3), Topology::clements), all, 9, "m");
    LightPowers powers;
    std::vector<double> arms_w, absorbed_w;
    const ComplexMatrix y = mesh.propagate(x, powers, &arms_w, &absorbed_w);
    CHECK(powers.in_w == Approx(x.squaredNorm()).epsilon(1e-14));
    CHECK(powers.out_w == Approx(y.squaredNorm()).epsilon(1e-14));
    CHECK(std::abs(powers.in_w - powers.out_w - powers.absorbed_w) <= 1e-12 * powers.in_w);
    CHECK(powers.auxiliary_w == 0);
    if (loss_db == 0) CHECK(powers.absorbed_w == 0);
    for (std::size_t i = 0; i < mesh.elements().size(); ++i) {
      const auto& e = mesh.elements()[i];
      const double* before = &arms_w[e.column * 16 + e.mode];
      const double in = before[0] + before[1], out = before[16] + before[17];
      CHECK(std::abs(in - out - absorbed_w[i]) <= 1e-12 * powers.in_w);
    }
  }
}

TEST_CASE("each mode of a rectangle loses the loss of as many interferometers as it meets", "[optical]") {
  // All bars: mode 0 of 4 meets two interferometers, mode 1 four.
  MeshPhases phases = decompose(ComplexMatrix::Identity(4, 4), Topology::clements);
  for (Interferometer& one : phases.interferometers) one.theta_rad = kPi;
  const Mesh mesh(phases, lossy(1.0), 0, "m");
  const ComplexMatrix u = mesh.matrix();
  CHECK(std::norm(u(0, 0)) == Approx(std::pow(10, -0.2)).epsilon(1e-12));
  CHECK(std::norm(u(1, 1)) == Approx(std::pow(10, -0.4)).epsilon(1e-12));
}

TEST_CASE("two meshes and attenuators: in = out + absorbed + auxiliary, and the forms of power say the same",
          "[optical]") {
  for (const auto& [rows, columns] : {std::pair{6, 6}, {4, 9}, {9, 4}}) {
    const std::uint64_t seed = std::uint64_t(rows);
    INFO("seed " << seed);
    const ComplexMatrix w = random_matrix(std::size_t(rows), std::size_t(columns), seed);
    MeshImperfections all = lossy(0.5);
    all.phase_error_rad = 0.02;
    const MatrixMesh mesh(program_matrix(w, Topology::reck), all, 4, "m");
    const ComplexMatrix x = random_matrix(5, std::size_t(columns), seed + 1);
    LightPowers powers;
    const ComplexMatrix y = mesh.propagate(x, powers);
    CHECK(worst(y, x * mesh.matrix().transpose()) <= 1e-13);
    CHECK(std::abs(powers.in_w - powers.out_w - powers.absorbed_w - powers.auxiliary_w) <= 1e-12 * powers.in_w);
    CHECK(powers.absorbed_w > 0);
    CHECK(powers.auxiliary_w > 0);
    const ComplexMatrix absorption = mesh.absorption(), auxiliary = mesh.auxiliary();
    double absorbed = 0, aside = 0;
    for (Eigen::Index s = 0; s < x.rows(); ++s) {
      const Eigen::VectorXcd v = x.row(s).transpose();
      absorbed += v.dot(absorption * v).real();
      aside += v.dot(auxiliary * v).real();
    }
    CHECK(absorbed == Approx(powers.absorbed_w).epsilon(1e-12));
    CHECK(aside == Approx(powers.auxiliary_w).epsilon(1e-12));
  }
}

TEST_CASE("a lossless mesh with every other error is still unitary", "[optical]") {
  MeshImperfections all;
  all.splitting_error_rad = 0.1;
  all.phase_error_rad = 0.3;
  all.phase_bits = 4;
  all.thermal_crosstalk = 0.05;
  const Mesh mesh(decompose(random_unitary(32, 8), Topology::reck), all, 8, "m");
  CHECK(unitarity_error(mesh.matrix()) <= 1e-13);
  CHECK(worst(mesh.matrix(), Mesh(mesh.phases()).matrix()) > 0.05);
}

TEST_CASE("an even splitting error leaks e^2 of the light through a crossed interferometer", "[optical]") {
  // T11 of theta = 0 is cos^2 - sin^2 of the couplers' angles: sin(e1 + e2).
  MeshImperfections all;
  all.splitting_error_rad = 0.02;
  const RandomStream stream(5, szilard::support::stream_of("m/splitting_error"));
  const double e1 = 0.02 * stream.gaussian(0, 0), e2 = 0.02 * stream.gaussian(0, 1);
  const ComplexMatrix u = Mesh(one_interferometer(0, 0), all, 5, "m").matrix();
  CHECK(std::abs(u(0, 0)) == Approx(std::abs(std::sin(e1 + e2))).epsilon(1e-12));
}

TEST_CASE("phases round to the nearest of 2^bits steps of a turn", "[optical]") {
  MeshImperfections all;
  all.phase_bits = 3;
  const Mesh mesh(one_interferometer(kPi / 4 + 0.3, 2 * kPi - 0.1), all, 0, "m");
  CHECK(mesh.acting_phases().interferometers[0].theta_rad == Approx(kPi / 4).epsilon(1e-14));
  CHECK(std::cos(mesh.acting_phases().interferometers[0].phi_rad) == Approx(1).epsilon(1e-14));
  all.phase_bits = 20;
  const ComplexMatrix u = random_unitary(8, 1);
  CHECK(worst(Mesh(decompose(u, Topology::clements), all, 0, "m").matrix(), u) <= 1e-4);
}

TEST_CASE("a heater adds its share to the phase of the neighbours in its column and to nobody else", "[optical]") {
  MeshPhases phases = decompose(random_unitary(6, 2), Topology::clements);
  for (Interferometer& one : phases.interferometers) one.theta_rad = one.phi_rad = 0;
  for (double& phase : phases.output_phases_rad) phase = 0;
  phases.interferometers[1].theta_rad = 1.0;  // column 0, modes 2 and 3
  MeshImperfections all;
  all.thermal_crosstalk = 0.1;
  const MeshPhases acting = Mesh(phases, all, 0, "m").acting_phases();
  for (std::size_t i = 0; i < acting.interferometers.size(); ++i) {
    const double expected = i == 1 ? 1.0 : i == 0 || i == 2 ? 0.1 : 0.0;
    CHECK(acting.interferometers[i].theta_rad == Approx(expected).margin(1e-15));
    CHECK(acting.interferometers[i].phi_rad == 0);
  }
}

TEST_CASE("phase errors have the standard deviation that was asked for and are those of their seed", "[optical]") {
  const MeshPhases phases = decompose(random_unitary(64, 1), Topology::clements);
  MeshImperfections all;
  all.phase_error_rad = 0.01;
  const Mesh a(phases, all, 1, "m"), same(phases, all, 1, "m"), other(phases, all, 2, "m");
  CHECK(worst(a.matrix(), same.matrix()) == 0);
  CHECK(worst(a.matrix(), other.matrix()) > 1e-3);
  double sum = 0, squares = 0;
  const std::size_t count = phases.interferometers.size();
  for (std::size_t i = 0; i < count; ++i) {
    const double d = a.acting_phases().interferometers[i].theta_rad - phases.interferometers[i].theta_rad;
    sum += d;
    squares += d * d;
  }
  INFO("seed 1, " << count << " phases");
  CHECK(std::abs(sum / double(count)) <= 4 * 0.01 / std::sqrt(double(count)));
  CHECK(std::sqrt(squares / double(count)) == Approx(0.01).epsilon(4 / std::sqrt(2.0 * double(count))));
}
