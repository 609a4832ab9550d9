// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <cstring>
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
    "  - {name: serial, digital: {rtl: mac_serial, rows: 1, columns: 16, batch: BATCH}}\n"
    "  - {name: bf16, digital: {rtl: mac_bf16, rows: 8, columns: 8, batch: BATCH}}\n";

struct Data {
  std::string inputs = "mnist_test_images.npy", labels = "mnist_test_labels.npy", calibration = "mnist_calib.npz",
              scale = "0.00392156862745098";
};
const Data kDigits = {"digits_test_images.npy", "digits_test_labels.npy", "digits_train_images.npy", "0.0625"};

std::string with_batch(std::string text, int batch) {
  for (std::size_t at; (at = text.find("BATCH")) != std::string::npos;) text.replace(at, 5, std::to_string(batch));
  return text;
}

/// Runs a shipped network on the given platforms; the platforms' entries of the summary by name.
std::map<std::string, Json> run(const std::string& network, const std::string& samples, const std::string& platforms,
                                int code = 0, const Data& data = {}) {
  TemporaryFolder folder;
  write_file(folder.path("scenario.yaml"),
             "szilard: 1\nname: test\ntemperature: 300 K\nnetwork: " + source("scenarios/data/" + network) +
                 ".onnx\ndataset: {inputs: " + source("scenarios/data/" + data.inputs) + ", labels: " +
                 source("scenarios/data/" + data.labels) + ", scale: " + data.scale + ", samples: " + samples +
                 "}\ncalibration: {inputs: \"" + source("scenarios/data/" + data.calibration) +
                 (data.calibration.find(".npz") == std::string::npos ? "" : ":images") + "\", scale: " + data.scale +
                 "}\nplatforms:\n" + platforms);
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

/// The int8 baselines agree in every figure; floating point lies nearer to the reference. All are held against their
/// golden models.
void expect_alike(const std::string& network, const std::string& samples, const Data& data = {}) {
  const auto platforms = run(network, samples, with_batch(kAll, 8), 0, data);
  REQUIRE(platforms.size() == 5);
  const Json &first = platforms.at("systolic"), &floating = platforms.at("bf16");
  for (const auto& [name, platform] : platforms) {
    INFO(network << " " << name);
    CHECK(platform.at("energy").at("closure").get<double>() < 1e-9);
    CHECK(joules(platform) > 0);
    if (samples.size() > 2)
      WARN(network << ", " << name << ", " << samples << " images bit-exact: accuracy " << platform.at("accuracy")
                   << ", " << platform.at("cycles") << " clocks");
    if (name == "bf16") continue;
    CHECK(platform.at("accuracy") == first.at("accuracy"));
    CHECK(platform.at("output_rms_error") == first.at("output_rms_error"));
  }
  CHECK(floating.at("output_rms_error").get<double>() < first.at("output_rms_error").get<double>());
  CHECK(floating.at("output_rms_error").get<double>() < 0.02);
  CHECK(std::abs(floating.at("accuracy").get<double>() - first.at("accuracy").get<double>()) < 0.01);
  CHECK(platforms.at("serial").at("cycles").get<double>() > 10 * first.at("cycles").get<double>());
  CHECK(platforms.at("serial").at("energy").at("by_mechanism").value("multiply", 0.0) == 0);
}

TEST_CASE("every baseline runs the shipped networks with the same results", "[cli]") {
  expect_alike("mnist_mlp_784_128_64_10", "16");
  expect_alike("mnist_mlp_sparse_784_128_64_10", "16");
  expect_alike("mnist_lenet5_relu", "2");
  expect_alike("digits_mlp_64_32_10", "60", kDigits);
}

// Bit-serial and floating point RTL take ten times the others' time: thousands of images there, not all of them.
TEST_CASE("every baseline runs thousands of images of the shipped networks with the same results", "[.nightly][cli]") {
  for (const char* network : {"mnist_mlp_784_128_64_10", "mnist_mlp_sparse_784_128_64_10"})
    expect_alike(network, "2000");
  expect_alike("mnist_lenet5_relu", "500");
  expect_alike("digits_mlp_64_32_10", "all", kDigits);
}

TEST_CASE("the parallel int8 baselines run whole test sets with the same results", "[.nightly][cli]") {
  const std::string all = with_batch(kAll, 32), parallel = all.substr(0, all.find("  - {name: serial"));
  for (const char* network : {"mnist_mlp_784_128_64_10", "mnist_mlp_sparse_784_128_64_10", "mnist_lenet5_relu"}) {
    const auto platforms = run(network, "all", parallel);
    REQUIRE(platforms.size() == 3);
    for (const auto& [name, platform] : platforms) {
      INFO(network << " " << name);
      WARN(network << ", " << name << ", 10,000 images: accuracy " << platform.at("accuracy") << ", "
                   << joules(platform) << " J an inference");
      CHECK(platform.at("accuracy") == platforms.at("systolic").at("accuracy"));
      CHECK(platform.at("output_rms_error") == platforms.at("systolic").at("output_rms_error"));
      CHECK(platform.at("accuracy").get<double>() > 0.97);
    }
  }
}

TEST_CASE("skipping zeros costs less on the sparse network than on the dense one, the others' clocks do not care",
          "[cli]") {
  const auto dense = run("mnist_mlp_784_128_64_10", "24", with_batch(kAll, 24)),
             sparse = run("mnist_mlp_sparse_784_128_64_10", "24", with_batch(kAll, 24));
  CHECK(joules(sparse.at("skipping")) < joules(dense.at("skipping")));
  CHECK(sparse.at("skipping").at("cycles").get<int>() < dense.at("skipping").at("cycles").get<int>());
  for (const char* name : {"systolic", "stationary", "serial", "bf16"})
    CHECK(sparse.at(name).at("cycles") == dense.at(name).at("cycles"));
}

TEST_CASE("energy from gates without a netlist names the command that makes it", "[cli][bad]") {
  if (!std::filesystem::exists("/usr/share/qflow/tech/osu035/osu035_stdcells.lib")) {
    WARN("SKIPPED: osu035 is not installed");
    return;
  }
  run("mnist_mlp_784_128_64_10", "2",
      "  - {name: a, digital: {rtl: systolic_int8, rows: 32, columns: 32, energy: osu035}}\n", 2);
}

TEST_CASE("a share that leaves too few batches for an interval is refused before anything runs", "[cli][bad]") {
  if (!std::filesystem::exists("/usr/share/qflow/tech/osu018/osu018_stdcells.lib")) {
    WARN("SKIPPED: osu018 is not installed");
    return;
  }
  TemporaryFolder folder;
  write_file(
      folder.path("scenario.yaml"),
      "szilard: 1\nname: test\ntemperature: 300 K\nnetwork: " + source("scenarios/data/digits_mlp_64_32_10.onnx") +
          "\ndataset: {inputs: " + source("scenarios/data/digits_test_images.npy") +
          ", scale: 0.0625, samples: 20}\nplatforms:\n"
          "  - {name: serial, digital: {rtl: mac_serial, rows: 1, columns: 8, energy: {preset: osu018, sampled_share: "
          "0.25}}}\n");
  const ProcessResult result = run_szilard({"run", folder.path("scenario.yaml"), "-o", folder.path("out")});
  INFO(result.err);
  CHECK(result.code == 2);
  CHECK(result.err.find("scenario.yaml:7:") != std::string::npos);
  CHECK(result.err.find("'sampled_share' leaves 5 of 20 batches") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path("out/summary.json")));
}

TEST_CASE("floating point energies that a preset leaves out are asked for", "[cli][bad]") {
  run("mnist_mlp_784_128_64_10", "2",
      "  - {name: a, digital: {rtl: mac_bf16, rows: 8, columns: 8, energy: {multiply: 1 pJ, add: 1 pJ, "
      "register_toggle: 1 fJ, "
      "sram_read_per_bit: 1 fJ, sram_write_per_bit: 1 fJ, clock_per_register_bit: 1 fJ, leakage_per_register_bit: 0 W, "
      "preset: none}}}\n",
      2);
}

TEST_CASE("the hybrid's ReLU units take their energy from the gates of any installed library", "[cli][tools]") {
  if (std::system("command -v yosys > /dev/null") != 0) {
    WARN("SKIPPED: yosys is not installed");
    return;
  }
  TemporaryFolder folder;
  double smaller_j = 0;
  for (const auto& [preset, file] : {std::pair{"osu018", "osu018/osu018_stdcells"},
                                     {"osu035", "osu035/osu035_stdcells"},
                                     {"osu050", "osu050/osu05_stdcells"}}) {
    const std::string library = std::string("/usr/share/qflow/tech/") + file + ".lib";
    if (!std::filesystem::exists(library)) {
      WARN("SKIPPED: " << library << " is not installed");
      continue;
    }
    const std::string stem = std::filesystem::path(library).stem().string();
    REQUIRE(std::system((source("script/map_netlist") + " " + folder.path("relu_unit_1x8_" + stem + ".json") + " " +
                         library + " relu_unit 'LANES=8 WIDTH=16' '' " + source("rtl/relu_unit/relu_unit.sv"))
                            .c_str()) == 0);
    write_file(
        folder.path("scenario.yaml"),
        "szilard: 1\nname: test\ntemperature: 300 K\nnetwork: " + source("scenarios/data/digits_mlp_64_32_10.onnx") +
            "\ndataset: {inputs: " + source("scenarios/data/digits_test_images.npy") +
            ", scale: 0.0625, samples: 40}\nplatforms:\n"
            "  - name: hybrid\n    linear: {model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64}\n"
            "    input: {model: dac, preset: dac_40nm_vlsi2018, bits: 8}\n    output: {model: adc, preset: adc_aimc28, "
            "bits: 8}\n"
            "    neuron: {model: relu_rtl, lanes: 8, clock: 50 MHz, energy: " +
            preset + "}\n");
    const ProcessResult result = run_szilard({"run", folder.path("scenario.yaml"), "-o", folder.path("out")},
                                             {{"SZILARD_NETLISTS", folder.path()}});
    INFO(preset << ": " << result.err);
    REQUIRE(result.code == 0);
    const Json platform = Json::parse(read_file(folder.path("out/summary.json"))).at("platforms").at(0);
    const Json& gates = platform.at("gate_level");
    CHECK(gates.at("registers") == 8 * 15 + 1);     // signs are always 0
    CHECK(gates.at("cycles_simulated") == 40 * 5);  // 32 neurons on 8 lanes, and one clock behind
    CHECK(gates.at("sampling_error") == 0);
    const Json& relu = platform.at("energy").at("by_component").at("hybrid/fc.0/relu");
    double sum_j = 0;
    for (const auto& [mechanism, joules_of] : relu.items()) sum_j += joules_of.get<double>();
    CHECK(sum_j == Approx(40 * gates.at("logic_J").get<double>()));
    CHECK(gates.at("logic_J").get<double>() > smaller_j);
    smaller_j = gates.at("logic_J");
    CHECK(platform.at("energy").at("closure").get<double>() < 1e-9);
    const ProcessResult explained = run_szilard({"explain", folder.path("out")});
    CHECK(explained.code == 0);
    if (std::string(preset) == "osu018") CHECK(explained.out.find("Stillmaker and Baas") != std::string::npos);
  }
}

TEST_CASE("clocks traced at the gates sum to the ledger, and gates sampled beside the others cost nearly the same",
          "[cli][tools]") {
  const std::string netlists = std::string(SZILARD_BINARY_DIR) + "/netlists";
  if (!std::filesystem::exists(netlists + "/mac_serial_1x8_osu018_stdcells.json")) {
    WARN("SKIPPED: no netlist of mac_serial (test_rtl makes it)");
    return;
  }
  double exact_j = 0;
  for (const char* share : {"", ", sampled_share: 0.5"}) {
    TemporaryFolder folder;
    write_file(
        folder.path("scenario.yaml"),
        "szilard: 1\nname: test\ntemperature: 300 K\nnetwork: " + source("scenarios/data/digits_mlp_64_32_10.onnx") +
            "\ndataset: {inputs: " + source("scenarios/data/digits_test_images.npy") +
            ", scale: 0.0625, samples: 32}\nplatforms:\n" +
            "  - {name: serial, digital: {rtl: mac_serial, rows: 1, columns: 8, batch: 2, clock: 50 MHz, energy: "
            "{preset: osu018" +
            share + "}}}\n");
    const ProcessResult result = run_szilard(
        {"run", folder.path("scenario.yaml"), "-o", folder.path("out"), "--clock-trace", folder.path("clocks.npy")},
        {{"SZILARD_NETLISTS", netlists}});
    INFO(result.err);
    REQUIRE(result.code == 0);
    const Json platform = Json::parse(read_file(folder.path("out/summary.json"))).at("platforms").at(0);
    const std::string bytes = read_file(folder.path("clocks.npy"));
    const std::size_t count = platform.at("cycles");
    REQUIRE(bytes.size() > 8 * count);
    double sum_j = 0;
    for (std::size_t c = 0; c < count; ++c) {
      double clock_j = 0;
      std::memcpy(&clock_j, bytes.data() + bytes.size() - 8 * (count - c), 8);
      sum_j += clock_j;
    }
    const double total_j = platform.at("energy").at("dissipated_J");
    CHECK(sum_j == Approx(total_j).epsilon(1e-9));
    if (exact_j > 0)
      CHECK(std::abs(total_j - exact_j) < 2 * platform.at("gate_level").at("sampling_error").get<double>() * exact_j);
    exact_j = total_j;
  }
}

TEST_CASE("regress says which runs it skips for want of netlists, and fails those that do not say that they need them",
          "[cli]") {
  if (!std::filesystem::exists("/usr/share/qflow/tech/osu018/osu018_stdcells.lib")) {
    WARN("SKIPPED: osu018 is not installed");
    return;
  }
  TemporaryFolder folder;
  write_file(
      folder.path("scenario.yaml"),
      "szilard: 1\nname: test\ntemperature: 300 K\nnetwork: " + source("scenarios/data/digits_mlp_64_32_10.onnx") +
          "\ndataset: {inputs: " + source("scenarios/data/digits_test_images.npy") +
          ", scale: 0.0625, samples: 2}\nplatforms:\n"
          "  - {name: serial, digital: {rtl: mac_serial, rows: 1, columns: 8, clock: 50 MHz, energy: osu018}}\n");
  for (const bool says_so : {true, false}) {
    write_file(folder.path("expected.json"), std::string("{\"schema\": \"szilard.expected/1\", ") +
                                                 (says_so ? "\"needs\": \"netlists\", " : "") +
                                                 "\"metrics\": [{\"metric\": \"serial.cycles\", \"value\": 1}]}");
    const ProcessResult result = run_szilard({"regress", folder.path(), "--junit", folder.path("junit.xml")},
                                             {{"SZILARD_NETLISTS", folder.path()}});
    CHECK(result.code == (says_so ? 0 : 1));
    CHECK((result.out.find("SKIPPED") != std::string::npos) == says_so);
    CHECK((read_file(folder.path("junit.xml")).find("<skipped message=") != std::string::npos) == says_so);
    CHECK(result.out.find("no netlist of mac_serial 1x8") != std::string::npos);
  }
}
