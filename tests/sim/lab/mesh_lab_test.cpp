// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/mesh_lab.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "models/support/diagnostics.hpp"
#include "sim/dataset/dataset.hpp"
#include "tests/models/optical/random_matrices.hpp"

using namespace szilard;
using optical::Complex;
using optical::ComplexMatrix;
using support::DiagnosticCode;

namespace {

struct Bench {
  Bench() : directory(std::string(SZILARD_BINARY_DIR) + "/mesh_lab_" + std::to_string(getpid())) {
    std::filesystem::create_directories(directory);
  }
  ~Bench() { std::filesystem::remove_all(directory); }
  std::string write(const std::string& name, const ComplexMatrix& m) const {
    dataset::write_npy(directory + "/" + name + ".npy", {m.rows(), m.cols()}, m.data());
    return directory + "/" + name + ".npy";
  }
  std::string write(const std::string& name, const std::vector<std::int64_t>& shape,
                    const std::vector<double>& values) const {
    dataset::write_npy(directory + "/" + name + ".npy", shape, values.data());
    return directory + "/" + name + ".npy";
  }
  lab::MeshResult run() const { return lab::run_mesh(request, lab::load_mesh(request)); }
  DiagnosticCode error() const {
    try {
      run();
    } catch (const support::InputError& error) {
      CHECK_FALSE(error.diagnostics().front().message.empty());
      return error.diagnostics().front().code;
    }
    return DiagnosticCode::environment;
  }

  std::string directory;
  lab::MeshRequest request;
};

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("lab mesh writes the physical fields M x / scale, the phases that make them, and where the light went",
          "[lab][mesh]") {
  Bench bench;
  INFO("seed 5");
  const ComplexMatrix m = test::random_matrix(4, 6, 5), x = test::random_matrix(3, 6, 6);
  bench.request.matrix = bench.write("M", m);
  bench.request.inputs = bench.write("X", x);
  for (const char* topology : {"clements", "reck"}) {
    bench.request.topology = topology;
    const lab::MeshBench loaded = lab::load_mesh(bench.request);
    lab::write_mesh(bench.directory + "/out", loaded, lab::run_mesh(bench.request, loaded));
    const nlohmann::json summary = nlohmann::json::parse(text_of(bench.directory + "/out/summary.json"));
    const double scale = summary.at("scale"), in = summary.at("power_in_W");
    CHECK(scale == Approx(optical::spectral_norm(m)).epsilon(1e-12));
    CHECK(summary.at("residual").get<double>() <= 1e-12);
    CHECK(in == Approx(x.squaredNorm()).epsilon(1e-13));
    CHECK(summary.at("absorbed_W").get<double>() == 0);
    CHECK(std::abs(in - summary.at("power_out_W").get<double>() - summary.at("auxiliary_W").get<double>()) <=
          1e-12 * in);
    CHECK(summary.at("wall_s").get<double>() > 0);
    const dataset::ComplexArray y = dataset::read_complex_array(bench.directory + "/out/outputs.npy");
    REQUIRE(y.shape == std::vector<std::int64_t>{3, 4});
    CHECK(y.is_complex);
    const ComplexMatrix got = Eigen::Map<const ComplexMatrix>(y.values.data(), 3, 4);
    CHECK((got - x * m.transpose() / scale).cwiseAbs().maxCoeff() <= 1e-12);
    const nlohmann::json phases = nlohmann::json::parse(text_of(bench.directory + "/out/phases.json"));
    CHECK(phases.at("topology") == topology);
    CHECK(phases.at("input_mesh").at("interferometers").size() == 15);
    CHECK(phases.at("output_mesh").at("interferometers").size() == 6);
    CHECK(phases.at("transmissions").size() == 4);
    CHECK(phases.at("output_mesh").at("output_phases_rad").size() == 4);
  }
}

TEST_CASE("without inputs the identity is applied; loss in a unitary is all absorbed", "[lab][mesh]") {
  Bench bench;
  bench.request.matrix = bench.write("U", test::random_unitary(8, 3));
  CHECK(bench.run().powers.in_w == 8);
  CHECK(bench.run().powers.absorbed_w == 0);
  bench.request.insertion_loss = "0.2 dB";
  const lab::MeshResult lossy = bench.run();
  CHECK(lossy.powers.auxiliary_w == 0);
  CHECK(lossy.powers.absorbed_w > 0.25 * 8);
  CHECK(lossy.balance <= 1e-12);
  CHECK(lossy.mesh.phases().residual <= 1e-12);
  CHECK(lossy.realised_error > 0.1);
}

TEST_CASE("the seed chooses the errors, and real and complex files of the same matrix agree", "[lab][mesh]") {
  Bench bench;
  const ComplexMatrix m = 0.1 * test::random_matrix(5, 5, 2).real().cast<Complex>();
  bench.request.matrix = bench.write("M", m);
  const ComplexMatrix from_complex = bench.run().outputs;
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> re = m.real();
  bench.request.matrix = bench.write("R", {5, 5}, {re.data(), re.data() + 25});
  CHECK((bench.run().outputs - from_complex).norm() == 0);
  bench.request.phase_error = "0.01 rad";
  const ComplexMatrix first = bench.run().outputs;
  CHECK((bench.run().outputs - first).norm() == 0);
  bench.request.seed = 2;
  CHECK((bench.run().outputs - first).norm() > 1e-4);
}

TEST_CASE(
    "with amplifiers beside the attenuators a matrix above 1 is realised as it is, and the light they add is told",
    "[lab][mesh]") {
  Bench bench;
  const ComplexMatrix m = 3 / optical::spectral_norm(test::random_matrix(5, 4, 8)) * test::random_matrix(5, 4, 8);
  bench.request.matrix = bench.write("m", m);
  bench.request.gain = "10 dB";
  bench.request.insertion_loss = "0.1 dB";
  const lab::MeshResult lossy = bench.run();
  CHECK(lossy.balance < 1e-12);
  CHECK(lossy.powers.gained_w > 0);
  bench.request.insertion_loss = "0 dB";
  const lab::MeshResult result = bench.run();
  INFO("seed 8");
  CHECK(result.mesh.phases().scale == 1);
  CHECK((result.outputs - m.transpose()).norm() < 1e-11);
  const lab::MeshBench loaded = lab::load_mesh(bench.request);
  CHECK(nlohmann::json::parse(lab::mesh_json(loaded, result))["gained_W"].get<double>() == result.powers.gained_w);
  bench.request.gain = "6 dB";
  CHECK(bench.run().mesh.phases().scale == Approx(3 / std::pow(10, 0.3)));
  bench.request.scale = "1";
  CHECK(bench.error() == DiagnosticCode::out_of_range);
  bench.request.gain = "-1 dB";
  CHECK(bench.error() == DiagnosticCode::out_of_range);
  bench.request.gain = "2 W";
  CHECK(bench.error() == DiagnosticCode::wrong_unit);
}

TEST_CASE("recalibration brings a faulty mesh back to its matrix", "[lab][mesh]") {
  Bench bench;
  bench.request.matrix = bench.write("M", test::random_matrix(6, 5, 4));
  bench.request.phase_error = "0.1 rad";
  bench.request.thermal_crosstalk = "1 %";
  CHECK(bench.run().realised_error > 0.1);
  bench.request.recalibrate = true;
  CHECK(bench.run().realised_error <= 1e-10);
  CHECK(bench.run().mesh.phases().residual <= 1e-12);
}

TEST_CASE("the drawing has every interferometer and is refused where it could not be read", "[lab][mesh]") {
  Bench bench;
  bench.request.matrix = bench.write("U", test::random_unitary(6, 3));
  const std::string path = bench.directory + "/mesh.svg";
  lab::draw_mesh(path, bench.run());
  const std::string svg = text_of(path);
  CHECK(svg.find("<svg") != std::string::npos);
  CHECK(svg.size() > 5000);
  CHECK_THROWS_AS(lab::draw_mesh(bench.directory + "/mesh.pdf", bench.run()), support::InputError);
  bench.request.matrix = bench.write("big", ComplexMatrix(ComplexMatrix::Identity(129, 129)));
  CHECK_THROWS_AS(lab::draw_mesh(path, bench.run()), support::InputError);
}

TEST_CASE("lab mesh refuses what is no matrix, no field, no loss and no passive medium", "[lab][mesh][bad]") {
  Bench bench;
  const std::string good = bench.request.matrix = bench.write("M", test::random_matrix(4, 4, 1));
  const auto with = [&](auto member, const std::string& value) {
    lab::MeshRequest before = bench.request;
    bench.request.*member = value;
    const DiagnosticCode code = bench.error();
    bench.request = before;
    return code;
  };
  using R = lab::MeshRequest;
  CHECK(with(&R::matrix, bench.directory + "/none.npy") == DiagnosticCode::file_not_found);
  CHECK(with(&R::matrix, bench.write("v", {4}, {1, 2, 3, 4})) == DiagnosticCode::shape_mismatch);
  CHECK(with(&R::matrix, bench.write("empty", {0, 4}, {})) == DiagnosticCode::shape_mismatch);
  CHECK(with(&R::matrix, bench.write("nan", {1, 2}, {1, std::nan("")})) == DiagnosticCode::non_finite);
  CHECK(with(&R::inputs, bench.write("x", {2, 3}, {1, 2, 3, 4, 5, 6})) == DiagnosticCode::shape_mismatch);
  CHECK(with(&R::inputs, bench.write("inf", {4}, {1, 2, 3, std::numeric_limits<double>::infinity()})) ==
        DiagnosticCode::non_finite);
  CHECK(with(&R::inputs, bench.write("bright", {4}, {1e200, 2, 3, 4})) == DiagnosticCode::out_of_range);
  CHECK(with(&R::matrix, bench.write("beyond", {2, 2}, {1.5e308, 1.5e308, 1.5e308, 1.5e308})) ==
        DiagnosticCode::out_of_range);
  CHECK(with(&R::insertion_loss, "-0.2 dB") == DiagnosticCode::out_of_range);
  CHECK(with(&R::insertion_loss, "0.2 W") == DiagnosticCode::wrong_unit);
  CHECK(with(&R::phase_error, "-0.1 rad") == DiagnosticCode::out_of_range);
  CHECK(with(&R::phase_error, "0.1") == DiagnosticCode::wrong_unit);
  CHECK(with(&R::thermal_crosstalk, "0.6") == DiagnosticCode::out_of_range);
  CHECK(with(&R::topology, "ring") == DiagnosticCode::unknown_choice);
  CHECK(with(&R::scale, "1") == DiagnosticCode::out_of_range);
  CHECK(with(&R::scale, "0") == DiagnosticCode::out_of_range);
  CHECK(with(&R::scale, "one") == DiagnosticCode::bad_number);
  bench.request.phase_bits = 30;
  CHECK(bench.error() == DiagnosticCode::out_of_range);
}
