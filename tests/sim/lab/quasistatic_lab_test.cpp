// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "models/support/diagnostics.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/lab/relax_lab.hpp"
#include "sim/lab/stress_lab.hpp"

using namespace szilard;
using namespace szilard::lab;
using Json = nlohmann::json;
using support::DiagnosticCode;

namespace {

const char* const kPrinted = R"(layers:
  - {weights: [[0.8, -0.5], [0.3, 0.9]], bias: [0.1, -0.2], activation: linear, stiffness: [2, 3], friction: 1}
  - {weights: [[1.2, -0.7]], bias: [0.05], activation: linear, stiffness: 1.5, friction: [1]}
)";

/// Files of one test, removed when it ends.
class Files {
 public:
  ~Files() {
    for (const std::string& path : paths_) std::remove(path.c_str());
  }
  std::string text(const std::string& name, const std::string& content) {
    std::ofstream(add(name)) << content;
    return paths_.back();
  }
  std::string array(const std::string& name, std::vector<std::int64_t> shape, const std::vector<double>& values) {
    dataset::write_npy(add(name), shape, values.data());
    return paths_.back();
  }

 private:
  std::string add(const std::string& name) {
    paths_.push_back("/tmp/szilard-lab-" + std::to_string(getpid()) + "-" + name);
    return paths_.back();
  }
  std::vector<std::string> paths_;
};

std::vector<support::Diagnostic> problems_of(const std::string& text) {
  try {
    parse_bench_network(text, "net.yaml");
  } catch (const support::InputError& error) {
    return error.diagnostics();
  }
  return {};
}

DiagnosticCode code_of(const std::string& text) {
  const auto problems = problems_of(text);
  REQUIRE(problems.size() == 1);
  return problems[0].code;
}

struct Bench {
  Files files;
  RelaxRequest request;

  explicit Bench(const std::string& network = kPrinted) {
    request.network = files.text("net.yaml", network);
    request.input_from = files.array("from.npy", {1, 2}, {0, 0});
    request.input_to = files.array("to.npy", {1, 2}, {1, .5});
    request.duration = 3;
    request.temperature = "0 kT";
  }
  DiagnosticCode refused() const {
    try {
      run_relax(request);
    } catch (const support::InputError& error) {
      INFO(error.what());
      return error.diagnostics()[0].code;
    }
    FAIL("not refused");
    return DiagnosticCode::usage;
  }
};

}  // namespace

TEST_CASE("relax weighs the printed network without noise", "[lab][quasistatic]") {
  const Bench bench;
  const Json json = Json::parse(relax_json(bench.request, run_relax(bench.request)));
  CHECK(json.at("mean_work_kT").get<double>() == Approx(.2513137).epsilon(1e-5));
  CHECK(json.at("variance_kT2") == 0);
  CHECK(json.at("standard_error_kT") == 0);
  CHECK(json.at("jarzynski_average").is_null());
  CHECK(json.at("covariance").size() == 3);
  CHECK(json.at("slow_cost").get<double>() == Approx(.883225).epsilon(1e-6));
  CHECK(json.at("first_law_residual").get<double>() < 1e-9);
}

TEST_CASE("relax takes the mean over rows, and energies in the file's unit at any temperature", "[lab][quasistatic]") {
  Bench bench;
  bench.request.input_from = bench.files.array("rows.npy", {2, 2}, {0, 0, 1, .5});
  bench.request.input_to = bench.files.array("rows_to.npy", {2, 2}, {1, .5, 1, .5});
  bench.request.duration = 10;
  CHECK(run_relax(bench.request).statistics.mean_work == Approx(.0842388 / 2).epsilon(1e-4));
  bench.request.temperature = "0.25 kT";
  bench.request.paths = 4000;
  const RelaxResult result = run_relax(bench.request);
  CHECK(std::abs(result.statistics.mean_work - .0842388 / 2) < 4 * result.statistics.standard_error);
  CHECK(result.statistics.work_variance == Approx(2 * .25 * .0842388 / 2).epsilon(4 * std::sqrt(2.0 / 4000)));
  CHECK(std::abs(result.statistics.jarzynski_average - 1) < 4 * result.statistics.jarzynski_standard_error);
  CHECK(result.covariance[2][2] == Approx(.25 * 1.55).epsilon(4 * std::sqrt(1.0 / 4000)));
}

TEST_CASE("stress prints gradients as the weights stand, and their deviation falls with the stiffness ratio",
          "[lab][quasistatic]") {
  Files files;
  StressRequest request;
  request.network = files.text("net.yaml", kPrinted);
  request.input = files.array("x.npy", {2, 2}, {1, .5, -.3, .8});
  request.target = files.array("y.npy", {2, 1}, {.4, -1});
  request.ratio = 1000;
  const StressResult soft = run_stress(request);
  request.ratio = 10000;
  const Json json = Json::parse(stress_json(request, run_stress(request)));
  CHECK(soft.deviation / json.at("relative_deviation").get<double>() == Approx(10).epsilon(.02));
  for (const char* key : {"gradient_relaxation", "gradient_backprop"}) {
    REQUIRE(json.at(key).size() == 2);
    CHECK(json.at(key)[0].size() == 2);
    CHECK(json.at(key)[1][0].size() == 2);
  }
  CHECK(json.at("energy_min").get<double>() < json.at("loss").get<double>());
}

TEST_CASE("stress counts the units that stand on kinks, where the force vanishes all the same", "[lab][quasistatic]") {
  // A unit at 1 is drawn below 0 by a ReLU that is clamped to -1 behind it: the minimum is at 0.
  Bench bench;
  StressRequest request;
  request.network = bench.files.text("kink.yaml",
                                     "layers:\n"
                                     "  - {weights: [[1]], activation: linear, stiffness: 1, friction: 1}\n"
                                     "  - {weights: [[1]], activation: relu, stiffness: 4, friction: 1}\n");
  request.input = bench.files.array("one.npy", {2, 1}, {1, -1});
  request.target = bench.files.array("below.npy", {2, 1}, {-1, -1});
  const StressResult result = run_stress(request);
  CHECK(result.kinks == 1);
  CHECK(result.residual < 1e-12);
  const auto json = nlohmann::json::parse(stress_json(request, result));
  CHECK(json.at("units_on_kinks") == 1);
  CHECK(json.at("bias_gradient_relaxation")[1][0].get<double>() == Approx(0.5).epsilon(1e-12));
}

TEST_CASE("relax and stress take ONNX networks with stiffness and friction of their own", "[lab][quasistatic]") {
  Files files;
  StressRequest stress;
  stress.network = std::string(SZILARD_SOURCE_DIR) + "/scenarios/data/digits_mlp_64_32_10.onnx";
  stress.input = files.array("x.npy", {1, 64}, std::vector<double>(64, .3));
  stress.target = files.array("y.npy", {10}, {0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  stress.stiffness = 1;
  stress.friction = 1;
  stress.ratio = 1e6;
  CHECK(run_stress(stress).deviation < 1e-2);
  RelaxRequest relax;
  relax.network = stress.network;
  relax.stiffness = relax.friction = 1;
  relax.input_from = stress.input;
  relax.input_to = files.array("z.npy", {64}, std::vector<double>(64, .4));
  relax.temperature = "0 kT";
  relax.duration = 1000;
  const RelaxResult result = run_relax(relax);
  CHECK(result.statistics.mean_work * 1000 == Approx(result.linear_cost).epsilon(.05));
  relax.stiffness.reset();
  CHECK_THROWS_AS(run_relax(relax), support::InputError);
}

TEST_CASE("a network file names everything that is wrong with it", "[lab][quasistatic][bad]") {
  const std::string good = "weights: [[1, 2]], bias: [0], activation: relu, stiffness: 1, friction: 1";
  CHECK(problems_of("layers: [{" + good + "}]").empty());
  CHECK(code_of("[1]") == DiagnosticCode::wrong_type);
  CHECK(code_of("layer: []") == DiagnosticCode::unknown_key);
  CHECK(code_of("layers: []") == DiagnosticCode::wrong_type);
  CHECK(code_of("{}") == DiagnosticCode::missing_key);
  const auto layer = [](const std::string& text) { return "layers: [{" + text + "}]"; };
  CHECK(code_of(layer("weights: [[1, 2]], bias: [0], activation: relu, stiffness: 0, friction: 1")) ==
        DiagnosticCode::out_of_range);
  CHECK(code_of(layer("weights: [[1, 2]], bias: [0], activation: relu, stiffness: 1, friction: [-2]")) ==
        DiagnosticCode::out_of_range);
  CHECK(code_of(layer("weights: [[1, 2]], bias: [0], activation: relu, stiffness: .nan, friction: 1")) ==
        DiagnosticCode::bad_number);
  CHECK(code_of(layer("weights: [[1, .inf]], bias: [0], activation: relu, stiffness: 1, friction: 1")) ==
        DiagnosticCode::bad_number);
  CHECK(code_of(layer("weights: [[1, 2], [3]], bias: [0, 0], activation: relu, stiffness: 1, friction: 1")) ==
        DiagnosticCode::shape_mismatch);
  CHECK(code_of(layer("weights: [[1, 2]], bias: [0, 1], activation: relu, stiffness: 1, friction: 1")) ==
        DiagnosticCode::shape_mismatch);
  CHECK(code_of(layer("weights: [[1, 2]], bias: [0], activation: softplus, stiffness: 1, friction: 1")) ==
        DiagnosticCode::unknown_choice);
  CHECK(code_of(layer("weights: [[1, 2]], bias: [0], activation: relu, stiffness: 1")) == DiagnosticCode::missing_key);
  CHECK(code_of(layer(good + ", recurrent: [[1]]")) == DiagnosticCode::unknown_key);
  CHECK(code_of("layers: [{" + good + "}, {" + good + "}]") == DiagnosticCode::shape_mismatch);
  CHECK(
      problems_of("layers:\n  - {weights: [[1, x]], bias: [0], activation: step, stiffness: -1, friction: 0}").size() >=
      1);
  CHECK(problems_of(layer("weights: [[1, 2]], activation: relu, stiffness: [1, 2], friction: 1")).size() == 1);
  CHECK(problems_of("layers: []")[0].message.find("not an empty list") != std::string::npos);
  const auto where =
      problems_of("layers:\n  - {weights: [[1, 2]], bias: [0], activation: relu, stiffness: -1, friction: 1}")[0].where;
  CHECK(where.file == "net.yaml");
  CHECK(where.line == 2);
  CHECK(where.column == 65);
}

TEST_CASE("relax refuses impossible requests", "[lab][quasistatic][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Bench bench;
  const RelaxRequest good = bench.request;
  const auto refused = [&](auto change) {
    bench.request = good;
    change(bench.request);
    return bench.refused();
  };
  CHECK(refused([](RelaxRequest& r) { r.temperature = "300 K"; }) == DiagnosticCode::wrong_unit);
  CHECK(refused([](RelaxRequest& r) { r.temperature = "1"; }) == DiagnosticCode::wrong_unit);
  CHECK(refused([](RelaxRequest& r) { r.temperature = "-1 kT"; }) == DiagnosticCode::out_of_range);
  CHECK(refused([](RelaxRequest& r) { r.temperature = "x kT"; }) == DiagnosticCode::bad_number);
  CHECK(refused([](RelaxRequest& r) { r.duration = -1; }) == DiagnosticCode::out_of_range);
  CHECK(refused([&](RelaxRequest& r) { r.duration = nan; }) == DiagnosticCode::out_of_range);
  CHECK(refused([](RelaxRequest& r) { r.duration = 1e12; }) == DiagnosticCode::out_of_range);
  CHECK(refused([](RelaxRequest& r) { r.paths = 0; }) == DiagnosticCode::out_of_range);
  CHECK(refused([](RelaxRequest& r) { r.shape = "cubic"; }) == DiagnosticCode::unknown_choice);
  CHECK(refused([](RelaxRequest& r) { r.stiffness = 1; }) == DiagnosticCode::conflict);
  CHECK(refused([](RelaxRequest& r) { r.network = "/none.yaml"; }) == DiagnosticCode::file_not_found);
  CHECK(refused([](RelaxRequest& r) { r.step = 0; }) == DiagnosticCode::out_of_range);
  CHECK(refused([&](RelaxRequest& r) {
          r.input_to = bench.files.array("nan.npy", {1, 2}, {0, nan});
        }) == DiagnosticCode::non_finite);
  CHECK(refused([&](RelaxRequest& r) {
          r.input_to = bench.files.array("three.npy", {1, 3}, {0, 0, 0});
        }) == DiagnosticCode::shape_mismatch);
  CHECK(refused([&](RelaxRequest& r) {
          r.input_to = bench.files.array("rows.npy", {2, 2}, {0, 0, 0, 0});
        }) == DiagnosticCode::shape_mismatch);
}

TEST_CASE("an unstable step is refused with the largest stable one, which is then taken", "[lab][quasistatic][bad]") {
  Bench bench;
  bench.request.integrator = "heun";
  bench.request.duration = 30;
  bench.request.step = 3;
  std::string message;
  try {
    run_relax(bench.request);
  } catch (const support::InputError& error) {
    message = error.diagnostics()[0].message;
  }
  const std::string before = "largest stable one is ";
  REQUIRE(message.find(before) != std::string::npos);
  bench.request.step = std::stod(message.substr(message.find(before) + before.size()));
  CHECK(std::isfinite(run_relax(bench.request).statistics.mean_work));
}
