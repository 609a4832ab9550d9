// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/fused_mesh.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/models/optical/random_matrices.hpp"

using namespace szilard::optical;
using szilard::test::random_matrix;
using szilard::test::random_unitary;

namespace {

template <typename Real>
struct Rows {
  std::vector<Real> values;
  std::vector<Real*> at;
  Rows(std::size_t rows, std::size_t lanes) : values(rows * lanes) {
    for (std::size_t r = 0; r < rows; ++r) at.push_back(values.data() + r * lanes);
  }
};

template <typename Real>
ComplexMatrix through(const FusedMesh<Real>& mesh, const ComplexMatrix& x) {
  const std::size_t modes = mesh.modes(), lanes = std::size_t(x.rows());
  Rows<Real> re(modes, lanes), im(modes, lanes), out_re(modes, lanes), out_im(modes, lanes);
  for (std::size_t m = 0; m < modes; ++m) {
    for (std::size_t s = 0; s < lanes; ++s) {
      re.at[m][s] = Real(x(Eigen::Index(s), Eigen::Index(m)).real());
      im.at[m][s] = Real(x(Eigen::Index(s), Eigen::Index(m)).imag());
    }
  }
  mesh.propagate(re.at.data(), im.at.data(), lanes, out_re.at.data(), out_im.at.data());
  ComplexMatrix y(x.rows(), x.cols());
  for (std::size_t m = 0; m < modes; ++m)
    for (std::size_t s = 0; s < lanes; ++s)
      y(Eigen::Index(s), Eigen::Index(m)) = Complex(out_re.at[m][s], out_im.at[m][s]);
  return y;
}

/// Largest deviation from Mesh::propagate, relative to the largest field.
template <typename Real>
double error(const Mesh& mesh, std::size_t samples) {
  const ComplexMatrix x = random_matrix(samples, mesh.modes(), 77);
  LightPowers powers;
  const ComplexMatrix y = mesh.propagate(x, powers);
  return (through(FusedMesh<Real>(mesh), x) - y).cwiseAbs().maxCoeff() / std::max(1.0, y.cwiseAbs().maxCoeff());
}

void check(const Mesh& mesh, std::size_t samples) {
  CHECK(error<double>(mesh, samples) <= 1e-12);
  CHECK(error<float>(mesh, samples) <= 1e-5);
}

}  // namespace

TEST_CASE("the fused mesh does what the interferometers do one by one, for any size and both topologies",
          "[optical][kernel]") {
  for (const Topology topology : {Topology::clements, Topology::reck}) {
    for (const std::size_t n : {1u, 2u, 3u, 4u, 5u, 8u, 13u, 16u, 31u, 64u}) {
      INFO("seed " << n << ", " << topology_name(topology));
      check(Mesh(decompose(random_unitary(n, n), topology)), n % 2 ? 21 : 16);
    }
  }
}

TEST_CASE("256 modes: double to 1e-12, float to 1e-5, hardly any diagonal by plain matrices", "[optical][kernel]") {
  INFO("seed 6");
  const Mesh mesh(decompose(random_unitary(256, 6), Topology::clements));
  check(mesh, 17);
  CHECK(FusedMesh<float>(mesh).plain_share() < 0.05);
}

TEST_CASE("trivial, real, lossy and faulty meshes are passed as exactly", "[optical][kernel]") {
  const Eigen::Index n = 24;
  check(Mesh(decompose(ComplexMatrix::Identity(n, n), Topology::clements)), 8);
  check(Mesh(decompose(ComplexMatrix::Identity(n, n).rowwise().reverse(), Topology::clements)), 8);
  check(Mesh(decompose(ComplexMatrix::Identity(n, n).rowwise().reverse(), Topology::reck)), 8);
  const ComplexMatrix real = random_matrix(24, 24, 4).real().cast<Complex>();
  const Eigen::HouseholderQR<Eigen::MatrixXcd> qr(real);
  check(Mesh(decompose(Eigen::MatrixXcd(qr.householderQ()), Topology::clements)), 8);
  MeshImperfections all;
  all.insertion_loss = 1.05;
  all.splitting_error_rad = 0.05;
  all.phase_error_rad = 0.1;
  all.thermal_crosstalk = 0.02;
  all.phase_bits = 5;
  check(Mesh(decompose(random_unitary(40, 9), Topology::clements), all, 3, "m"), 19);
  check(Mesh(decompose(random_unitary(40, 9), Topology::reck), all, 3, "m"), 19);
}

TEST_CASE("phases at and near right angles, where the fast form would divide by zero, do no harm",
          "[optical][kernel]") {
  MeshPhases phases = decompose(random_unitary(16, 2), Topology::clements);
  const double right = std::acos(0.0);
  int turn = 0;
  for (Interferometer& one : phases.interferometers) {
    one.phi_rad = right * (turn % 4) + (turn % 3 == 0 ? 1e-9 : 0.0);
    one.theta_rad = right * ((turn / 2) % 3);
    ++turn;
  }
  check(Mesh(phases), 16);
}

TEST_CASE("a field's result does not depend on how many pass with it, and outputs may be the inputs",
          "[optical][kernel]") {
  const Mesh mesh(decompose(random_unitary(20, 3), Topology::clements));
  const FusedMesh<float> fused(mesh);
  const ComplexMatrix x = random_matrix(37, 20, 5);
  const ComplexMatrix all = through(fused, x), few = through(fused, x.topRows(5)),
                      last = through(fused, x.bottomRows(1));
  CHECK((all.topRows(5) - few).norm() == 0);
  CHECK((all.bottomRows(1) - last).norm() == 0);
  Rows<float> re(20, 3), im(20, 3), out_re(20, 3), out_im(20, 3);
  for (std::size_t k = 0; k < 60; ++k) re.values[k] = float(k), im.values[k] = 1.0f / float(k + 1);
  fused.propagate(re.at.data(), im.at.data(), 3, out_re.at.data(), out_im.at.data());
  fused.propagate(re.at.data(), im.at.data(), 3, re.at.data(), im.at.data());
  CHECK(re.values == out_re.values);
  CHECK(im.values == out_im.values);
}
