// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

const char* kAll =
    "  - {name: systolic, digital: {rtl: systolic_int8, rows: 16, columns: 16, batch: BATCH}}\n"
    "  - {name: stationary, digital: {rtl: systolic_os_int8, rows: 16, columns: 16, batch: BATCH}}\n"
    "  - {name: skipping, digital: {rtl: zero_skip_int8, rows: 16, columns: 16, batch: BATCH}}\n"
    "  - {name: serial, digital: {rtl: mac_serial, rows: 1, columns: 16, batch: BATCH}}\n";

std::string with_batch(std::string text, int batch) {
  for (std::size_t at; (at = text.find("BATCH")) != std::string::npos;) text.replace(at, 5, std::to_string(batch));
  return text;
}

/// Runs a shipped network on the given platforms; the platforms' entries of the summary by name.
std::map<std::string, Json> run(const std::string& network, int samples, const std::string& platforms, int code = 0) {
  TemporaryFolder folder;
  write_file(folder.path("scenario.yaml"),
             "szilard: 1\nname: test\ntemperature: 300 K\nnetwork: " + source("scenarios/data/" + network) + ".onnx\ndataset: {inputs: " +
                 source("scenarios/data/mnist_test_images.npy") + ", labels: " + source("scenarios/data/mnist_test_labels.npy") +
                 ", scale: 0.00392156862745098, samples: " + std::to_string(samples) + "}\ncalibration: {inputs: \"" +
                 source("scenarios/data/mnist_calib.npz") + ":images\", scale: 0.00392156862745098}\nplatforms:\n" + platforms);
  const ProcessResult result = run_szilard({"run", folder.path("scenario.yaml"), "-o", folder.path("out")});
  INFO(result.err);
  REQUIRE(result.code == code);
  std::map<std::string, Json> found;
  if (code != 0) return found;
  const Json summary = Json::parse(read_file(folder.path("out/summary.json")));
  for (const Json& platform : summary.at("platforms")) found[platform.at("name")] = platform;
  return found;
}

double joules(const Json& platform) { return platform.at("energy").at("per_inference_J"); }

}  // namespace

TEST_CASE("every baseline runs the shipped networks with the same results", "[cli]") {
  for (const auto& [network, samples] : {std::pair{"mnist_mlp_784_128_64_10", 24}, {"mnist_mlp_sparse_784_128_64_10", 24}, {"mnist_lenet5_relu", 4}}) {
    const auto platforms = run(network, samples, with_batch(kAll, 8));
    REQUIRE(platforms.size() == 4);
    const Json& first = platforms.at("systolic");
    for (const auto& [name, platform] : platforms) {
      INFO(network << " " << name);
      CHECK(platform.at("accuracy") == first.at("accuracy"));
      CHECK(platform.at("output_rms_error") == first.at("output_rms_error"));
      CHECK(platform.at("energy").at("closure").get<double>() < 1e-9);
      CHECK(joules(platform) > 0);
    }
    CHECK(platforms.at("serial").at("cycles").get<double>() > 10 * first.at("cycles").get<double>());
    CHECK(platforms.at("serial").at("energy").at("by_mechanism").value("multiply", 0.0) == 0);
  }
}

TEST_CASE("skipping zeros costs less on the sparse network than on the dense one, the others' clocks do not care", "[cli]") {
  const auto dense = run("mnist_mlp_784_128_64_10", 24, with_batch(kAll, 24)), sparse = run("mnist_mlp_sparse_784_128_64_10", 24, with_batch(kAll, 24));
  CHECK(joules(sparse.at("skipping")) < joules(dense.at("skipping")));
  CHECK(sparse.at("skipping").at("cycles").get<int>() < dense.at("skipping").at("cycles").get<int>());
  for (const char* name : {"systolic", "stationary", "serial"}) CHECK(sparse.at(name).at("cycles") == dense.at(name).at("cycles"));
}

TEST_CASE("energy from gates without a netlist names the command that makes it", "[cli][bad]") {
  if (!std::filesystem::exists("/usr/share/qflow/tech/osu035/osu035_stdcells.lib")) {
    WARN("SKIPPED: osu035 is not installed");
    return;
  }
  run("mnist_mlp_784_128_64_10", 2, "  - {name: a, digital: {rtl: systolic_int8, rows: 32, columns: 32, energy: osu035}}\n", 2);
}
