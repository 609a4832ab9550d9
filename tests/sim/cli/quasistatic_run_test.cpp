// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

/// Digits on springs, beside the dynamic machine at its limit.
struct Springs {
  TemporaryFolder folder;

  Springs() {
    write_file(folder.path("scenario.yaml"), R"(szilard: 1
name: springs
temperature: 300 K
network: )" + source("scenarios/data/digits_mlp_64_32_10.onnx") +
                                                 R"(
dataset:
  inputs: )" + source("scenarios/data/digits_test_images.npy") +
                                                 R"(
  labels: )" + source("scenarios/data/digits_test_labels.npy") +
                                                 R"(
  scale: 0.0625
  samples: 40
platforms:
  - name: springs
    quasistatic: {stiffness: 1e6 kT, ramp: 5 tau}
  - name: dynamic
    linear: {model: ideal}
    neuron: {model: relu_bit, reset: landauer_ideal}
)");
  }
  ProcessResult run(const std::string& out, std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"run", folder.path("scenario.yaml"), "-o", folder.path(out), "--quiet"};
    all.insert(all.end(), more.begin(), more.end());
    return run_szilard(all);
  }
  Json springs(const std::string& out) const {
    return Json::parse(read_file(folder.path(out) + "/summary.json")).at("platforms")[0];
  }
};

}  // namespace

TEST_CASE("a network of stiff springs infers like the reference, and slower ramps cost less", "[cli][quasistatic]") {
  const Springs springs;
  const ProcessResult fast = springs.run("fast");
  INFO(fast.err);
  REQUIRE(fast.code == 0);
  REQUIRE(springs.run("slow", {"--set", "platforms.springs.quasistatic.ramp=300 tau"}).code == 0);
  const Json quick = springs.springs("fast"), slow = springs.springs("slow");
  CHECK(quick.at("kind") == "quasi-static");
  CHECK(slow.at("agreement").get<double>() >= quick.at("agreement").get<double>());
  CHECK(slow.at("agreement").get<double>() > 0.95);
  const double ratio =
      quick.at("energy").at("per_inference_J").get<double>() / slow.at("energy").at("per_inference_J").get<double>();
  CHECK(ratio > 4);
  CHECK(slow.at("latency_s").get<double>() == Approx(300e-9));
  CHECK(slow.at("bound").is_null());
  CHECK(slow.at("ratio_to_bound").is_null());
  CHECK(slow.at("bounds").at("quasi_static_J") == 0);
}

TEST_CASE("springs do not depend on the quantum, and a resolved scenario repeats them", "[cli][quasistatic]") {
  const Springs springs;
  REQUIRE(springs.run("one", {"--quantum", "1"}).code == 0);
  REQUIRE(springs.run("many", {"--quantum", "64"}).code == 0);
  CHECK(read_file(springs.folder.path("one/ledger.csv")) == read_file(springs.folder.path("many/ledger.csv")));
  const ProcessResult again = run_szilard(
      {"run", springs.folder.path("one/scenario.resolved.yaml"), "-o", springs.folder.path("again"), "--quiet"});
  INFO(again.err);
  REQUIRE(again.code == 0);
  CHECK(read_file(springs.folder.path("one/ledger.csv")) == read_file(springs.folder.path("again/ledger.csv")));
}

TEST_CASE("readings are paid one by one, beside the ramp, and more of them agree better", "[cli][quasistatic]") {
  const Springs springs;
  const std::string prefix = "platforms.springs.quasistatic.";
  const std::vector<std::string> soft = {"--set", prefix + "stiffness=20 kT",    "--set", prefix + "ramp=100 tau",
                                         "--set", prefix + "read_energy=1e-18 J"};
  auto averaged = soft;
  averaged.insert(averaged.end(), {"--set", prefix + "read=50 tau", "--set", prefix + "read_every=1 tau"});
  const ProcessResult once = springs.run("once", soft);
  INFO(once.err);
  REQUIRE(once.code == 0);
  REQUIRE(springs.run("averaged", averaged).code == 0);
  const auto readings_j = [&](const std::string& out) {
    std::istringstream rows(read_file(springs.folder.path(out) + "/ledger.csv"));
    double sum = 0;
    for (std::string line; std::getline(rows, line);)
      if (line.find("springs/reader,reading,dissipated") != std::string::npos)
        sum += std::stod(line.substr(line.rfind(',') + 1));
    return sum;
  };
  CHECK(readings_j("once") == Approx(40 * 10 * 1e-18).epsilon(1e-9));
  CHECK(readings_j("averaged") == Approx(50 * 40 * 10 * 1e-18).epsilon(0.03));
  CHECK(springs.springs("averaged").at("agreement").get<double>() >
        springs.springs("once").at("agreement").get<double>());
  CHECK(springs.springs("averaged").at("latency_s").get<double>() == Approx(150e-9));
}

TEST_CASE("springs differ from layer to layer, and their motion is stepped as asked", "[cli][quasistatic]") {
  const Springs springs;
  const std::string prefix = "platforms.springs.quasistatic.";
  const auto work = [&](const std::string& out, std::vector<std::string> keys) {
    std::vector<std::string> all;
    for (const std::string& key : keys) all.insert(all.end(), {"--set", prefix + key});
    const ProcessResult result = springs.run(out, all);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return springs.springs(out).at("energy").at("per_inference_J").get<double>();
  };
  const double heun = work("heun", {"ramp=50 tau"}), exact = work("exact", {"ramp=50 tau", "integrator=exact"});
  CHECK(exact == Approx(heun).epsilon(0.02));
  CHECK(exact != heun);
  // The cost of a slow ramp is friction times speed squared: slower units cost in proportion.
  CHECK(work("slow", {"ramp=500 tau", "layer_relaxation=[2 ns, 2 ns]"}) ==
        Approx(2 * work("all", {"ramp=500 tau"})).epsilon(0.05));
  const ProcessResult wrong = springs.run("bad", {"--set", prefix + "layer_relaxation=[2 ns]"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Catch::Contains("1 layers named, the network has 2"));
}

TEST_CASE("springs without a unit of time, or with neurons beside, are refused", "[cli][quasistatic][bad]") {
  const Springs springs;
  CHECK(springs.run("bad", {"--set", "platforms.springs.quasistatic.ramp=20"}).code == 2);
  CHECK(springs.run("bad", {"--set", "platforms.springs.quasistatic.stiffness=0 kT"}).code == 2);
}
