// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/scattering_medium.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "models/optical/matrix_mesh.hpp"
#include "tests/models/optical/random_matrices.hpp"

using namespace szilard::optical;
using Catch::Matchers::Contains;
using szilard::test::random_matrix;

TEST_CASE("a dilation holds W / scale as its first block and is unitary to 1e-12, whatever the shape and the norm",
          "[optical][scatter]") {
  for (const auto& [rows, columns] : {std::pair{1, 1}, {3, 3}, {2, 7}, {7, 2}, {40, 40}}) {
    for (const double size : {0.0, 0.01, 1.0, 30.0}) {
      const std::uint64_t seed = std::uint64_t(10 * rows + columns);
      INFO("seed " << seed << ", " << rows << " x " << columns << " times " << size);
      const ComplexMatrix w = size * random_matrix(std::size_t(rows), std::size_t(columns), seed);
      const Dilation medium = dilate(w);
      CHECK(medium.scale == std::max(1.0, medium.norm));
      CHECK(medium.norm == Approx(spectral_norm(w)).margin(1e-14));
      CHECK((medium.scale * medium.unitary.topLeftCorner(rows, columns) - w).cwiseAbs().maxCoeff() <=
            1e-12 * medium.scale);
      CHECK(unitarity_error(medium.unitary) <= 1e-12);
    }
  }
}

TEST_CASE("the light of a dilation is detected or auxiliary, to 1e-12, and none is absorbed", "[optical][scatter]") {
  const ComplexMatrix w = 0.2 * random_matrix(5, 8, 3), x = random_matrix(11, 8, 4);
  const Dilation medium = dilate(w);
  LightPowers powers;
  const ComplexMatrix y = medium.propagate(x, powers);
  CHECK((medium.scale * y - x * w.transpose()).cwiseAbs().maxCoeff() <= 1e-12);
  CHECK(std::abs(powers.in_w - powers.out_w - powers.auxiliary_w) <= 1e-12 * powers.in_w);
  CHECK(powers.absorbed_w == 0);
  CHECK(powers.out_w == Approx(y.squaredNorm()).epsilon(1e-14));
}

TEST_CASE("a random scatterer is unitary, and its entries are those of the Haar measure", "[optical][scatter]") {
  INFO("seed 4");
  const ComplexMatrix s = random_scatterer(96, 4, "layer");
  CHECK(unitarity_error(s) <= 1e-12);
  CHECK((s - random_scatterer(96, 4, "layer")).norm() == 0);
  CHECK((s - random_scatterer(96, 5, "layer")).norm() > 1);
  // |S_ij|^2 N has mean 1 and, for N large, fourth moment <|S|^4> N^2 = 2 N / (N + 1); the trace has variance 1.
  double fourth = 0;
  for (Eigen::Index k = 0; k < s.size(); ++k) fourth += std::norm(s.data()[k]) * std::norm(s.data()[k]);
  CHECK(fourth * 96.0 * 96.0 / double(s.size()) == Approx(2 * 96.0 / 97).epsilon(0.05));
  double traces = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) traces += std::norm(random_scatterer(6, seed, "t").trace());
  CHECK(std::abs(traces / 200 - 1) < 4 / std::sqrt(200.0));
}

TEST_CASE("masks bring a random scatterer the nearer to a matrix the more modes it has", "[optical][scatter]") {
  INFO("seeds 7, 8");
  const ComplexMatrix w = random_matrix(6, 6, 7);
  double before = 2;  // with few modes g is small, and the error of T / g above 1
  for (const std::size_t modes : {6u, 24u, 96u, 192u}) {
    const ScattererProgram program = program_scatterer(w, random_scatterer(modes, 8, "m"));
    INFO(modes << " modes: " << program.error);
    CHECK(program.error < 0.8 * before);
    before = program.error;
  }
  CHECK(before < 0.02);
}

TEST_CASE(
    "the transfer is that of the masks, each pass leaves no greater error than 1, and power is in or beside the "
    "outputs",
    "[optical][scatter]") {
  INFO("seeds 2, 3");
  const ComplexMatrix w = random_matrix(3, 4, 2), s = random_scatterer(26, 3, "m");
  const ScattererProgram program = program_scatterer(w, s, 8);
  CHECK(program.error_by_pass.size() == 8);
  CHECK(program.error_by_pass.back() < program.error_by_pass.front());
  CHECK(program.error == program.error_by_pass.back());
  // 26 modes: six for each input, eight for each output, two idle on either side.
  ComplexMatrix t = ComplexMatrix::Zero(3, 4);
  for (int i = 0; i < 24; ++i)
    for (int j = 0; j < 24; ++j)
      t(i / 8, j / 6) += std::polar(1.0, program.output_phases_rad[std::size_t(i)]) * s(i, j) *
                         std::polar(1.0, program.input_phases_rad[std::size_t(j)]) / std::sqrt(48.0);
  CHECK((t - program.transfer).cwiseAbs().maxCoeff() <= 1e-13);
  CHECK((t / program.gain - w).norm() / w.norm() == Approx(program.error).epsilon(1e-10));
  const ComplexMatrix all = program.transfer.adjoint() * program.transfer + program.auxiliary;
  CHECK((all - ComplexMatrix::Identity(4, 4)).diagonal().cwiseAbs().maxCoeff() <= 1e-12);
  CHECK((all - ComplexMatrix::Identity(4, 4)).cwiseAbs().maxCoeff() <= 1e-12);
}

TEST_CASE("media that cannot be are refused", "[optical][scatter][bad]") {
  ComplexMatrix w = random_matrix(3, 3, 1);
  CHECK_THROWS_WITH(dilate(w, 1.0), Contains("cannot reach"));
  CHECK_THROWS_WITH(dilate(w, -2.0), Contains("scale"));
  CHECK_THROWS_WITH(dilate(ComplexMatrix(0, 2)), Contains("empty"));
  CHECK_THROWS_WITH(program_scatterer(w, random_scatterer(2, 1, "m")), Contains("too small"));
  CHECK_THROWS_WITH(program_scatterer(ComplexMatrix::Zero(2, 2), random_scatterer(4, 1, "m")), Contains("zero"));
  CHECK_THROWS_WITH(program_scatterer(w, random_matrix(4, 5, 1)), Contains("square"));
  CHECK_THROWS_WITH(program_scatterer(w, random_scatterer(4, 1, "m"), 0), Contains("passes"));
  CHECK_THROWS_WITH(random_scatterer(0, 1, "m"), Contains("modes"));
  LightPowers powers;
  CHECK_THROWS_WITH(dilate(0.1 * w).propagate(random_matrix(2, 4, 1), powers), Contains("3 inputs"));
  w(1, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(dilate(w), Contains("not finite"));
  CHECK_THROWS_WITH(program_scatterer(w, random_scatterer(4, 1, "m")), Contains("not finite"));
}
