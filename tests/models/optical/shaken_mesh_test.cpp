// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/shaken_mesh.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/models/optical/random_matrices.hpp"

using namespace szilard;
using namespace szilard::optical;
using szilard::test::random_matrix;
using szilard::test::random_unitary;

namespace {

struct Result {
  ComplexMatrix fields;  // samples x modes
  std::vector<double> absorbed;
};

Result through(const ShakenMesh& mesh, const ComplexMatrix& x, std::uint64_t first_sample, std::uint32_t symbol = 0) {
  const auto samples = std::size_t(x.rows()), modes = mesh.modes();
  std::vector<double> re(modes * samples), im(modes * samples);
  for (std::size_t m = 0; m < modes; ++m)
    for (std::size_t s = 0; s < samples; ++s) {
      re[m * samples + s] = x(Eigen::Index(s), Eigen::Index(m)).real();
      im[m * samples + s] = x(Eigen::Index(s), Eigen::Index(m)).imag();
    }
  Result out{ComplexMatrix(x.rows(), x.cols()), std::vector<double>(samples, 0.0)};
  mesh.propagate(first_sample, samples, samples, symbol, re.data(), im.data(), out.absorbed.data());
  for (std::size_t m = 0; m < modes; ++m)
    for (std::size_t s = 0; s < samples; ++s)
      out.fields(Eigen::Index(s), Eigen::Index(m)) = Complex(re[m * samples + s], im[m * samples + s]);
  return out;
}

/// One shot with the phases dialled anew: theta + turn', phi + turn, the common phase of theta taken out again.
/// `turn(i, of_theta)` in rad.
template <typename Turn>
ComplexMatrix dialled(const Mesh& mesh, const ComplexMatrix& x, const Turn& turn, double* absorbed = nullptr) {
  const MeshPhases& phases = mesh.phases();
  ComplexMatrix y = x;
  for (std::size_t i = 0; i < phases.interferometers.size(); ++i) {
    const Interferometer& one = phases.interferometers[i];
    const double theta = one.theta_rad + turn(i, true), phi = one.phi_rad + turn(i, false);
    const double s = std::sin(theta / 2), c = std::cos(theta / 2), root = std::sqrt(mesh.transmission());
    const Complex front = Complex(0, root) * std::polar(1.0, one.theta_rad / 2);
    const auto upper = Eigen::Index(one.mode), lower = upper + 1;
    if (absorbed) *absorbed += (1 - mesh.transmission()) * (std::norm(y(0, upper)) + std::norm(y(0, lower)));
    const Complex a = y(0, upper) * std::polar(1.0, phi), b = y(0, lower);
    y(0, upper) = front * (s * a + c * b);
    y(0, lower) = front * (c * a - s * b);
  }
  for (Eigen::Index m = 0; m < y.cols(); ++m) y(0, m) *= std::polar(1.0, phases.output_phases_rad[std::size_t(m)]);
  return y;
}

}  // namespace

TEST_CASE("a shaken shot is the mesh dialled to the very phases of its numbers", "[optical][kernel]") {
  INFO("seeds 21, 22");
  for (const std::size_t n : {2u, 3u, 7u, 16u, 30u}) {
    for (const Topology topology : {Topology::clements, Topology::reck}) {
      for (const double loss : {1.0, 1.05}) {
        for (const double sigma : {0.0, 0.01, 0.1}) {
          MeshImperfections imperfections;
          imperfections.insertion_loss = loss;
          const Mesh mesh(decompose(random_unitary(n, 21), topology), imperfections, 1, "m");
          const ShakenMesh shaken(mesh, sigma, 21, "m");
          const ComplexMatrix x = random_matrix(11, Eigen::Index(n), 22);
          const Result y = through(shaken, x, 1000, 3);
          for (Eigen::Index s = 0; s < x.rows(); ++s) {
            double absorbed = 0;
            const ComplexMatrix exact = dialled(
                mesh, x.row(s),
                [&](std::size_t i, bool of_theta) {
                  const double z = shaken.jitter(i, of_theta, 1000 + std::uint64_t(s), 3);
                  return of_theta ? 4 * std::atan(sigma * z / 4) : 2 * std::atan(sigma * z / 2);
                },
                &absorbed);
            CAPTURE(n, loss, sigma, s);
            CHECK((exact - y.fields.row(s)).norm() <= 1e-12 * exact.norm());
            CHECK(std::abs(absorbed - y.absorbed[std::size_t(s)]) <= 1e-12 * x.row(s).squaredNorm());
          }
        }
      }
    }
  }
}

TEST_CASE(
    "the variance of a shaken output is that of first order: sigma squared times the squared slopes of all phases",
    "[optical][kernel]") {
  INFO("seed 5");
  const std::size_t n = 10, shots = 4000;
  const double sigma = 1e-3;
  const Mesh mesh(decompose(random_unitary(n, 5), Topology::clements));
  const ComplexMatrix one = random_matrix(1, n, 6);
  const ComplexMatrix still = dialled(mesh, one, [](std::size_t, bool) { return 0.0; });
  std::vector<double> law(n, 0.0);
  for (std::size_t shifter = 0; shifter < 2 * mesh.elements().size(); ++shifter) {
    const double step = 1e-6;
    const ComplexMatrix moved = dialled(
        mesh, one, [&](std::size_t i, bool of_theta) { return 2 * i + (of_theta ? 1 : 0) == shifter ? step : 0.0; });
    for (std::size_t m = 0; m < n; ++m)
      law[m] += std::pow(sigma * (moved(0, Eigen::Index(m)) - still(0, Eigen::Index(m))).real() / step, 2);
  }
  const Result y = through(ShakenMesh(mesh, sigma, 5, "m"), one.replicate(Eigen::Index(shots), 1), 0);
  for (std::size_t m = 0; m < n; ++m) {
    double mean = 0, squares = 0;
    for (std::size_t s = 0; s < shots; ++s) mean += y.fields(Eigen::Index(s), Eigen::Index(m)).real() / shots;
    for (std::size_t s = 0; s < shots; ++s)
      squares += std::pow(y.fields(Eigen::Index(s), Eigen::Index(m)).real() - mean, 2) / (shots - 1);
    CAPTURE(m, squares, law[m]);
    CHECK(std::abs(squares / law[m] - 1) <= 4 * std::sqrt(2.0 / shots));
    CHECK(std::abs(mean - still(0, Eigen::Index(m)).real()) <= 4 * std::sqrt(law[m] / shots) + 100 * sigma * sigma);
  }
}

TEST_CASE("a shaken mesh of any size keeps the power of each field to rounding", "[optical][kernel]") {
  for (const std::size_t n : {1u, 2u, 9u, 64u, 257u}) {
    INFO("seeds " << n << ", 8, " << n << " modes");
    const Mesh mesh(decompose(random_unitary(n, n), Topology::clements));
    const ComplexMatrix x = random_matrix(13, Eigen::Index(n), 8);
    for (const double sigma : {0.01, 0.1}) {
      const Result y = through(ShakenMesh(mesh, sigma, 8, "m"), x, 0);
      for (Eigen::Index s = 0; s < x.rows(); ++s)
        CHECK(std::abs(y.fields.row(s).squaredNorm() / x.row(s).squaredNorm() - 1) <= 1e-12);
    }
  }
}

TEST_CASE("without jitter a shaken mesh is the mesh as built, with all its fixed errors", "[optical][kernel]") {
  INFO("seeds 3, 4 and 9");
  MeshImperfections imperfections;
  imperfections.insertion_loss = 1.03;
  imperfections.splitting_error_rad = 0.05;
  imperfections.phase_error_rad = 0.1;
  for (const std::size_t n : {5u, 24u}) {
    const Mesh mesh(decompose(random_unitary(n, 3), Topology::clements), imperfections, 9, "m");
    const ComplexMatrix x = random_matrix(9, Eigen::Index(n), 4);
    const Result y = through(ShakenMesh(mesh, 0, 9, "m"), x, 0);
    LightPowers powers;
    CHECK((y.fields - mesh.propagate(x, powers)).norm() <= 1e-12 * x.norm());
    double absorbed = 0;
    for (const double one : y.absorbed) absorbed += one;
    CHECK(absorbed == Approx(powers.absorbed_w).epsilon(1e-12));
  }
}

TEST_CASE("jitter is new in every sample and symbol, and the same again whatever block a sample is in",
          "[optical][kernel]") {
  INFO("seed 8");
  const Mesh mesh(decompose(random_unitary(20, 8), Topology::clements));
  const ShakenMesh shaken(mesh, 0.02, 8, "m");
  const ComplexMatrix x = random_matrix(40, 20, 9);
  const std::uint64_t far = (1ull << 32) - 20;  // samples beyond 32 bit
  const ComplexMatrix y = through(shaken, x, far).fields;
  CHECK((through(shaken, x.middleRows(17, 9), far + 17).fields - y.middleRows(17, 9)).norm() == 0);
  CHECK((through(shaken, x.middleRows(17, 9), far + 18).fields - y.middleRows(17, 9)).norm() > 1e-3);
  CHECK((through(shaken, x, far, 1).fields - y).norm() > 1e-3);
  double sum = 0, squares = 0, crossed = 0, count = 0;
  for (std::uint64_t sample = 0; sample < 60; ++sample) {
    for (std::size_t i = 0; i < mesh.elements().size(); ++i) {
      const double phi = shaken.jitter(i, false, sample, 1), theta = shaken.jitter(i, true, sample, 1);
      sum += phi + theta;
      squares += phi * phi + theta * theta;
      crossed += phi * shaken.jitter(i, false, sample, 0);
      count += 2;
    }
  }
  CHECK(std::abs(sum / count) <= 4 / std::sqrt(count));
  CHECK(std::abs(squares / count - 1) <= 4 * std::sqrt(1.755 / count));
  CHECK(std::abs(crossed / (count / 2)) <= 4 / std::sqrt(count / 2));
}

TEST_CASE("a shaken mesh refuses jitter below nothing, past first order and without a value", "[optical][bad]") {
  const Mesh mesh(decompose(random_unitary(4, 1), Topology::clements));
  for (const double sigma : {-1e-9, 0.100001, std::nan(""), std::numeric_limits<double>::infinity()})
    CHECK_THROWS_WITH(ShakenMesh(mesh, sigma, 1, "m"), Catch::Contains("phase_jitter_rad"));
  const ShakenMesh shaken(mesh, 0.01, 1, "m");
  CHECK_THROWS_AS(shaken.jitter(mesh.elements().size(), false, 0, 0), std::out_of_range);
  const MatrixMesh wide(program_matrix(random_matrix(3, 5, 2), Topology::clements), {}, 1, "m");
  CHECK_THROWS_WITH(ShakenMatrix(wide, {wide.phases().transmissions}, 0.01, 1, "m"), Catch::Contains("columns"));
}
