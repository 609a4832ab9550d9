// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/process.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

/// Digits that train a network from the start, or what `training` says instead.
struct Training {
  TemporaryFolder folder;

  explicit Training(const std::string& keys = "epochs: 2, samples: 200",
                    const std::string& network = "digits_mlp_64_32_10") {
    write_file(folder.path("scenario.yaml"), R"(szilard: 1
name: learner
temperature: 300 K
network: )" + source("scenarios/data/" + network + ".onnx") +
                                                 R"(
dataset: {inputs: )" + source("scenarios/data/digits_test_images.npy") +
                                                 ", labels: " + source("scenarios/data/digits_test_labels.npy") +
                                                 R"(, scale: 0.0625}
training: {inputs: )" + source("scenarios/data/digits_train_images.npy") +
                                                 ", labels: " + source("scenarios/data/digits_train_labels.npy") +
                                                 R"(, scale: 0.0625,
  stiffness: 1e6 kT, stiffness_ratio: 100, exposure: 1000 tau, parameter_time: 1e5 tau, )" +
                                                 keys + R"(}
platforms:
  - {name: springs, quasistatic: {stiffness: 1e8 kT, ramp: 50 tau}}
)");
  }
  std::vector<std::string> command(const std::string& out, std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"train", folder.path("scenario.yaml"), "-o", folder.path(out)};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  ProcessResult run(const std::string& out, std::vector<std::string> more = {}) const {
    return run_szilard(command(out, more));
  }
  Json result(const std::string& out) const { return Json::parse(read_file(folder.path(out) + "/training.json")); }
};

}  // namespace

TEST_CASE("a training that is killed goes on from its checkpoint and ends in the same bytes", "[cli][train]") {
  const Training training(
      "epochs: 6, samples: 500, order: reshuffled, freeze: {mobility: 1e-6, time: 1e9 tau}, temperatures: [300 K, 0 "
      "K]");
  const ProcessResult whole = training.run("whole");
  INFO(whole.err);
  REQUIRE(whole.code == 0);
  CHECK(!fs::exists(training.folder.path("whole") + "/checkpoint"));
  int kills = 0;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const std::string checkpoint = training.folder.path("killed") + "/checkpoint";
    const auto before = fs::exists(checkpoint) ? fs::last_write_time(checkpoint) : fs::file_time_type::min();
    boost::process::child child(std::string(SZILARD_BINARY_DIR) + "/bin/szilard", training.command("killed"),
                                boost::process::std_out > boost::process::null,
                                boost::process::std_err > boost::process::null);
    while (child.running() && !(fs::exists(checkpoint) && fs::last_write_time(checkpoint) > before))
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (child.running()) {
      child.terminate();  // SIGKILL
      ++kills;
    }
    child.wait();
  }
  CHECK(kills > 0);
  CHECK(!fs::exists(training.folder.path("killed") + "/training.json"));
  const ProcessResult rest = training.run("killed", {"--resume"});
  REQUIRE(rest.code == 0);
  std::size_t compared = 0;
  for (const auto& entry : fs::directory_iterator(training.folder.path("whole"))) {
    INFO(entry.path().filename());
    CHECK(read_file(entry.path().string()) ==
          read_file(training.folder.path("killed") + "/" + entry.path().filename().string()));
    ++compared;
  }
  CHECK(compared == 5);
}

TEST_CASE("the trained network is ONNX that a run and infer take, and knows more than it did", "[cli][train]") {
  const Training training("epochs: 4, samples: 600");
  const ProcessResult trained = training.run("out");
  INFO(trained.err);
  REQUIRE(trained.code == 0);
  const Json result = training.result("out");
  const Json& bath = result.at("temperatures")[0];
  CHECK(double(bath.at("test_accuracy")) > 0.7);
  CHECK(double(bath.at("energy").at("closure")) < 1e-9);
  CHECK(double(bath.at("energy").at("parameters_J")) > 0);
  CHECK(double(bath.at("energy").at("neurons_J")) > double(bath.at("energy").at("parameters_J")));
  CHECK(double(result.at("baseline").at("operations_per_weight_and_sample")) == 6);
  const ProcessResult run = run_szilard({"run", training.folder.path("scenario.yaml"), "--set",
                                         "network=" + training.folder.path("out") + "/trained.onnx", "-o",
                                         training.folder.path("run"), "--quiet"});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json summary = Json::parse(read_file(training.folder.path("run") + "/summary.json"));
  CHECK(double(summary.at("reference").at("accuracy")) == double(bath.at("test_accuracy")));
  CHECK(run_szilard({"infer", training.folder.path("out") + "/trained.onnx",
                     source("scenarios/data/digits_test_images.npy"), "-o", training.folder.path("y.npy")})
            .code == 0);
}

TEST_CASE("every pass of the ledger closes, and its rows add up to the energies", "[cli][train]") {
  const Training training("epochs: 3, samples: 100, machines: 2, temperatures: [0 K, 300 K]");
  REQUIRE(training.run("out").code == 0);
  std::istringstream rows(read_file(training.folder.path("out") + "/ledger.csv"));
  std::string line;
  std::getline(rows, line);
  CHECK(line == "sample,component,mechanism,fate,origin,joules");
  double heat = 0, supplied = 0, dissipated = 0, stored = 0;
  std::size_t count = 0;
  for (; std::getline(rows, line); ++count) {
    const double joules = std::stod(line.substr(line.rfind(',') + 1));
    if (line.find("300K/parameters") != std::string::npos) heat += joules;
    if (line.find(",supplied,") != std::string::npos) supplied += joules;
    if (line.find(",dissipated,") != std::string::npos) dissipated += joules;
    if (line.find(",stored,") != std::string::npos) stored += joules;
  }
  CHECK(count == 2 * 3 * 4);
  CHECK(supplied == Approx(dissipated + stored).epsilon(1e-9));
  CHECK(heat / 2 ==
        Approx(double(training.result("out").at("temperatures")[1].at("energy").at("parameters_J"))).epsilon(1e-9));
}

TEST_CASE("training on what cannot be trained ends with one clear error and exit code 2", "[cli][train][bad]") {
  const auto refused = [](const Training& training, const std::string& words,
                          const std::vector<std::string>& more = {}) {
    const ProcessResult result = training.run("out", more);
    INFO(result.err);
    CHECK(result.code == 2);
    CHECK_THAT(result.err, Contains(words));
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') <= 2);
    CHECK_FALSE(fs::exists(training.folder.path("out") + "/training.json"));
  };
  refused(Training("epochs: 1", "mnist_mlp_784_128_64_10"), "an item has 64 numbers, the network takes 784");
  refused(Training("epochs: 1, samples: 2000"), "2000 asked for, the file has 1437");
  refused(Training("epochs: 1", "mnist_lenet5_relu"), "is not dense: only chains of dense layers are trained");
  refused(Training("epochs: 1, samples: 50"), "too fast: with this mobility an exposure of at most ",
          {"--set", "training.parameter_time=1e-9 tau"});
  refused(Training("epochs: 1"), "shorten 'switch'", {"--set", "training.switch=1e9 tau"});
  refused(Training("epochs: 1, neurons: langevin"), "shorten 'exposure'", {"--set", "training.exposure=1e9 tau"});
  const ProcessResult none = run_szilard({"train", source("scenarios/digits-mlp/scenario.yaml")});
  CHECK(none.code == 2);
  CHECK_THAT(none.err, Contains("has no section 'training'"));
}

TEST_CASE("a checkpoint that is damaged or of another training is refused, and --restart drops it",
          "[cli][train][bad]") {
  const Training training("epochs: 1, samples: 30");
  fs::create_directories(training.folder.path("out"));
  write_file(training.folder.path("out") + "/checkpoint", "nonsense");
  ProcessResult result = training.run("out");
  CHECK(result.code == 2);
  CHECK_THAT(result.err, Contains("checkpoint:1:") && Contains("--restart"));
  write_file(training.folder.path("out") + "/checkpoint", "szilard.checkpoint/1\n" + std::string(200, 'x'));
  result = training.run("out");
  CHECK(result.code == 2);
  CHECK_THAT(result.err, Contains("another training"));
  CHECK(training.run("out", {"--restart"}).code == 0);
  CHECK(training.run("out", {"--restart", "--resume"}).code == 2);
}
