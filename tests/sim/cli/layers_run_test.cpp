// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;

namespace {

const std::string kNoisy =
    "{model: electronic_crossbar, preset: rram_wan2022, rows: 32, columns: 32, read_noise: independent, "
    "read_noise_sigma: 0.01}";
const std::string kQuiet =
    "{model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64, read_noise: none}";
const std::string kDac = "{model: dac, preset: dac_40nm_vlsi2018, bits: 8}";
const std::string kAdc = "{model: adc, preset: adc_sar_28nm, bits: 6}";

std::string platform(const std::string& linear, const std::string& output, const std::string& layers) {
  return "  - name: rram\n    linear: " + linear + "\n    input: " + kDac + "\n    output: " + output +
         "\n    neuron: {model: relu_bit, preset: sense_amplifier_28nm, reset: cmos_latch}\n" +
         (layers.empty() ? "" : "    layers:\n" + layers);
}

/// Digits on one platform.
struct Digits {
  TemporaryFolder folder;

  ProcessResult run(const std::string& out, const std::string& platforms, std::vector<std::string> more = {}) const {
    write_file(
        folder.path(out + ".yaml"),
        "szilard: 1\nname: layers\ntemperature: 300 K\nnetwork: " + source("scenarios/data/digits_mlp_64_32_10.onnx") +
            "\ndataset:\n  inputs: " + source("scenarios/data/digits_test_images.npy") +
            "\n  labels: " + source("scenarios/data/digits_test_labels.npy") +
            "\n  scale: 0.0625\n  samples: 30\nplatforms:\n" + platforms);
    std::vector<std::string> all = {"run", folder.path(out + ".yaml"), "-o", folder.path(out), "--quiet"};
    all.insert(all.end(), more.begin(), more.end());
    return run_szilard(all);
  }
  void must_run(const std::string& out, const std::string& platforms, std::vector<std::string> more = {}) const {
    const ProcessResult result = run(out, platforms, std::move(more));
    INFO(result.err);
    REQUIRE(result.code == 0);
  }
  std::string file(const std::string& name) const { return read_file(folder.path(name)); }
  /// Rows of the ledger whose component stands in the layer.
  std::string ledger_of(const std::string& out, const std::string& layer) const {
    std::istringstream lines(file(out + "/ledger.csv"));
    std::string rows;
    for (std::string line; std::getline(lines, line);)
      if (line.find("rram/" + layer) != std::string::npos) rows += line + "\n";
    return rows;
  }
};

}  // namespace

TEST_CASE("layers that are all built in one way are the platform of that way", "[cli][layers]") {
  const Digits digits;
  digits.must_run("plain", platform(kNoisy, kAdc, ""));
  digits.must_run("layered", platform(kQuiet, "{model: none}",
                                      "      - {name: fc.0, linear: " + kNoisy + ", output: " + kAdc +
                                          "}\n      - {name: fc.1, linear: " + kNoisy + ", output: " + kAdc + "}\n"));
  CHECK(digits.file("plain/ledger.csv") == digits.file("layered/ledger.csv"));
  CHECK((digits.file("plain/outputs.npy") == digits.file("layered/outputs.npy")));
}

TEST_CASE("a layer built otherwise leaves the layers before it as they were", "[cli][layers]") {
  const Digits digits;
  digits.must_run("plain", platform(kNoisy, kAdc, ""));
  const ProcessResult last =
      digits.run("last", platform(kNoisy, kAdc, "      - {name: fc.1, linear: " + kQuiet + "}\n"));
  INFO(last.err);
  REQUIRE(last.code == 0);
  REQUIRE_FALSE(digits.ledger_of("plain", "fc.0").empty());
  CHECK(digits.ledger_of("plain", "fc.0") == digits.ledger_of("last", "fc.0"));
  CHECK(digits.ledger_of("plain", "fc.1") != digits.ledger_of("last", "fc.1"));
  CHECK(last.out.find("tiles of 32 x 32") != std::string::npos);
  CHECK(last.out.find("tile of 64 x 64") != std::string::npos);
}

TEST_CASE("signals that come analog from the layer before pass no DAC, others do", "[cli][layers]") {
  const Digits digits;
  digits.must_run("analog", platform(kQuiet, "{model: none}", ""));
  digits.must_run("digital", platform(kQuiet, "{model: none}", "      - {name: fc.0, output: " + kAdc + "}\n"));
  CHECK(digits.ledger_of("analog", "fc.1").find(",dac,") == std::string::npos);
  CHECK(digits.ledger_of("digital", "fc.1").find(",dac,") != std::string::npos);
  CHECK(digits.ledger_of("digital", "fc.0").find(",adc,") != std::string::npos);
  CHECK(digits.ledger_of("digital", "fc.1").find(",adc,") == std::string::npos);
}

TEST_CASE("mixed layers do not depend on the quantum, and a resolved scenario repeats them", "[cli][layers]") {
  const Digits digits;
  const std::string mixed = platform(
      kNoisy, "{model: none}",
      "      - name: fc.0\n        linear: {model: mzi_mesh, preset: mzi_mems, modes: 32, receiver_noise: shot}\n");
  digits.must_run("one", mixed, {"--quantum", "1"});
  digits.must_run("many", mixed, {"--quantum", "64"});
  CHECK(digits.file("one/ledger.csv") == digits.file("many/ledger.csv"));
  const ProcessResult again = run_szilard(
      {"run", digits.folder.path("one/scenario.resolved.yaml"), "-o", digits.folder.path("again"), "--quiet"});
  INFO(again.err);
  REQUIRE(again.code == 0);
  CHECK(digits.file("one/ledger.csv") == digits.file("again/ledger.csv"));
  CHECK(digits.file("one/ledger.csv").find("laser") != std::string::npos);
}

TEST_CASE("a layer that the network does not have is told, with the one that was meant", "[cli][layers][bad]") {
  const Digits digits;
  const ProcessResult result =
      digits.run("bad", platform(kQuiet, "{model: none}", "      - {name: fc0, output: " + kAdc + "}\n"));
  CHECK(result.code == 2);
  CHECK(result.err.find("bad.yaml:17:9: error: platform 'rram': the network has no layer 'fc0'") != std::string::npos);
  CHECK(result.err.find("did you mean 'fc.0'?") != std::string::npos);
}

TEST_CASE("layers that differ are not estimated, and that is said", "[cli][layers][bad]") {
  const Digits digits;
  const ProcessResult result = digits.run(
      "bad", platform(kQuiet, "{model: none}", "      - {name: fc.0, output: " + kAdc + "}\n"), {"--statistical"});
  CHECK(result.code == 2);
  CHECK(result.err.find("built in different ways") != std::string::npos);
}
