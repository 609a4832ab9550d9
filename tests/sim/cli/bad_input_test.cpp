// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;

namespace {

const std::string kDigits = "scenarios/digits-mlp/scenario.yaml";

/// Exit code 2 and one clear error that names file, line and column.
void refused(const std::vector<std::string>& arguments, const std::string& code) {
  const ProcessResult result = run_szilard(arguments);
  INFO(result.err);
  CHECK(result.code == 2);
  CHECK(result.out.empty());
  CHECK(std::regex_search(result.err, std::regex("(^|\n)[^\n]+:[0-9]+:[0-9]+: error: [^\n]+ \\[" + code + "\\]")));
}

}  // namespace

TEST_CASE("a scenario that is not there is refused", "[cli][bad]") {
  refused({"run", "no/such.yaml"}, "file_not_found");
}
TEST_CASE("a misspelt key in --set is refused", "[cli][bad]") {
  refused({"check", kDigits, "--set", "temperatur=300 K"}, "unknown_key");
}
TEST_CASE("an override without a value is refused", "[cli][bad]") {
  refused({"check", kDigits, "--set", "temperature"}, "bad_override");
}
TEST_CASE("a temperature without unit is refused", "[cli][bad]") {
  refused({"check", kDigits, "--set", "temperature=300"}, "wrong_unit");
}
TEST_CASE("an array size that was not built is refused with the sizes that are", "[cli][bad]") {
  const ProcessResult result = run_szilard({"check", kDigits, "--set", "platforms.systolic.digital.rows=12", "--set",
                                            "platforms.systolic.digital.columns=12"});
  CHECK(result.code == 2);
  INFO(result.err);
  for (const char* part : {"[unsupported_size]", "8", "16", "32", "SZILARD_SYSTOLIC_SIZES"})
    CHECK(result.err.find(part) != std::string::npos);
}
TEST_CASE("no command takes a seed or a count below 0 for a large one", "[cli][bad]") {
  const TemporaryFolder folder;
  for (std::vector<std::string> arguments : std::vector<std::vector<std::string>>{
           {"run", kDigits, "-o", folder.path("out"), "--seed", "-1"},
           {"sweep", kDigits, "-o", folder.path("out"), "--seed", "-1"},
           {"lab", "gate", "--netlist", "n.json", "--library", "c.lib", "--random", "5", "--seed", "-1"},
           {"lab", "mesh", "--matrix", "m.npy", "-o", folder.path("out"), "--seed", "-1"},
           {"lab", "relax", "--network", "n.yaml", "--input-from", "a.npy", "--input-to", "b.npy", "--duration", "3",
            "--seed", "-1"},
           {"lab", "relax", "--network", "n.yaml", "--input-from", "a.npy", "--input-to", "b.npy", "--duration", "3",
            "--paths", "-1"},
           {"lab", "bit", "--seed", "-1"}}) {
    const ProcessResult result = run_szilard(arguments);
    INFO(arguments[0] << " " << arguments[1] << ": " << result.err);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find("-1 is below 0") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path("out")));
    // The same without it is refused, if at all, for something else.
    arguments.back() = "x";
    const ProcessResult word = run_szilard(arguments);
    CHECK(word.code == 2);
    CHECK(word.err.find("below 0") == std::string::npos);
  }
}

TEST_CASE("no samples, or fewer, are refused in words", "[cli][bad]") {
  for (const char* command : {"run", "sweep"})
    for (const char* samples : {"0", "00", "-1", "-3"}) {
      const ProcessResult result = run_szilard({command, kDigits, "--samples", samples});
      INFO(result.err);
      CHECK(result.code == 2);
      CHECK(result.err.find("--samples: " + std::string(samples) + " is below 1 [usage]") != std::string::npos);
    }
}

TEST_CASE("more samples than the data set has are refused", "[cli][bad]") {
  refused({"run", kDigits, "--samples", "361"}, "out_of_range");
}
TEST_CASE("a data set of another size than the network's input is refused", "[cli][bad]") {
  refused({"check", kDigits, "--set", "dataset.inputs=" + source("scenarios/data/mnist_test_images.npy"), "--set",
           "dataset.labels=" + source("scenarios/data/mnist_test_labels.npy")},
          "shape_mismatch");
}
TEST_CASE("labels of another data set are refused", "[cli][bad]") {
  refused({"check", kDigits, "--set", "dataset.labels=" + source("scenarios/data/mnist_test_labels.npy")},
          "label_count");
}
TEST_CASE("a label beyond the network's outputs is refused", "[cli][bad]") {
  const TemporaryFolder folder;
  std::string labels = read_file(source("scenarios/data/digits_test_labels.npy"));
  labels.back() = 10;
  write_file(folder.path("labels.npy"), labels);
  refused({"check", kDigits, "--set", "dataset.labels=" + folder.path("labels.npy")}, "label_count");
}
TEST_CASE("a truncated network is refused", "[cli][bad]") {
  const TemporaryFolder folder;
  write_file(folder.path("half.onnx"), read_file(source("scenarios/data/digits_mlp_64_32_10.onnx")).substr(0, 5000));
  const ProcessResult result =
      run_szilard({"infer", folder.path("half.onnx"), source("scenarios/data/digits_test_images.npy")});
  INFO(result.err);
  CHECK(result.code == 2);
  CHECK(result.err.find("half.onnx:1:") != std::string::npos);
}
TEST_CASE("an input that does not fit the network is refused by infer", "[cli][bad]") {
  refused({"infer", "scenarios/data/digits_mlp_64_32_10.onnx", "scenarios/data/mnist_test_images.npy"},
          "shape_mismatch");
}
TEST_CASE("a fault in a layer that does not exist is refused", "[cli][bad]") {
  refused({"check", kDigits, "--set", "platforms.systolic.fault={model: one_lsb, layer: nowhere, sample: 0, index: 0}"},
          "out_of_range");
}
TEST_CASE("explain refuses a folder without a run", "[cli][bad]") { refused({"explain", "docs"}, "file_not_found"); }
TEST_CASE("an unknown command or option is a usage error", "[cli][bad]") {
  CHECK(run_szilard({"fly"}).code == 2);
  CHECK(run_szilard({"run"}).code == 2);
  CHECK(run_szilard({"run", kDigits, "--quantum", "0"}).code == 2);
  CHECK(run_szilard({"run", kDigits, "--quantum", "many"}).code == 2);
  CHECK(run_szilard({"list", "everything"}).code == 2);
  CHECK(run_szilard({}).code == 2);
}
TEST_CASE("a folder that cannot be made and a full standard output are failures of the environment", "[cli][bad]") {
  const ProcessResult result = run_szilard({"run", kDigits, "--samples", "2", "-o", "/proc/no/such/folder"});
  INFO(result.err);
  CHECK(result.code == 4);
  const std::string command = std::string(SZILARD_BINARY_DIR) + "/bin/szilard schema > /dev/full 2> /dev/null";
  const int status = std::system(command.c_str());
  CHECK(WEXITSTATUS(status) == 4);
}
TEST_CASE("several errors in one scenario are told together", "[cli][bad]") {
  const ProcessResult result =
      run_szilard({"check", kDigits, "--set", "temperature=-1 K", "--set", "platforms.rram.linear.rows=0"});
  CHECK(result.code == 2);
  CHECK(result.err.find("temperature") != std::string::npos);
  CHECK(result.err.find("rows") != std::string::npos);
}
