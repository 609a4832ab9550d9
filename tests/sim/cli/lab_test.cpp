// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sim/dataset/dataset.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

/// G_ij = 10 uS (1 + (3i + 5j) mod 7) driven by four voltages.
struct Array {
  TemporaryFolder folder;
  Array() {
    std::vector<double> conductance, voltage = {0.1, 0.2, -0.1, 0.3};
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j) conductance.push_back(1e-5 * (1 + (3 * i + 5 * j) % 7));
    szilard::dataset::write_npy(folder.path("G.npy"), {4, 4}, conductance.data());
    szilard::dataset::write_npy(folder.path("V.npy"), {4}, voltage.data());
  }
  ProcessResult run(const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {
        "lab", "crossbar",        "--conductance", folder.path("G.npy"), "--voltage", folder.path("V.npy"),
        "-o",  folder.path("out")};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_szilard(arguments);
  }
  std::vector<double> currents() const {
    const szilard::dataset::Array array = szilard::dataset::read_array(folder.path("out/currents.npy"));
    REQUIRE(array.shape() == std::vector<std::int64_t>{1, 4});
    std::vector<double> values(4);
    array.read(0, 4, values.data());
    return values;
  }
};

}  // namespace

TEST_CASE("lab crossbar gives G V without wires", "[cli][lab]") {
  Array array;
  REQUIRE(array.run({}).code == 0);
  const std::vector<double> expected = {11e-6, 8e-6, 33e-6, 23e-6};
  for (std::size_t j = 0; j < 4; ++j) CHECK(array.currents()[j] == Approx(expected[j]).epsilon(1e-12));
}

TEST_CASE("lab crossbar gives the known currents and power with 10 ohm segments", "[cli][lab]") {
  Array array;
  REQUIRE(array.run({"--wire-resistance", "10 ohm"}).code == 0);
  const std::vector<double> expected = {10.95965e-6, 7.94831e-6, 32.76494e-6, 22.85629e-6};
  for (std::size_t j = 0; j < 4; ++j) CHECK(array.currents()[j] == Approx(expected[j]).epsilon(1e-6));
  const Json summary = Json::parse(read_file(array.folder.path("out/summary.json")));
  const double supply = summary.at("supply_power_W").get<double>();
  CHECK(supply == Approx(22.598137e-6).epsilon(1e-7));
  CHECK(summary.at("cell_power_W").get<double>() + summary.at("wire_power_W").get<double>() ==
        Approx(supply).epsilon(1e-9));
}

TEST_CASE("lab crossbar refuses a negative wire resistance and a voltage that does not fit", "[cli][lab][bad]") {
  Array array;
  CHECK(array.run({"--wire-resistance", "-1 ohm"}).code == 2);
  CHECK(array.run({"--wire-resistance", "10"}).code == 2);
  const double three[3] = {1, 2, 3};
  szilard::dataset::write_npy(array.folder.path("V.npy"), {3}, three);
  const ProcessResult result = array.run({});
  INFO(result.err);
  CHECK(result.code == 2);
}

TEST_CASE("lab bit costs what the master equation says, within four standard errors", "[cli][lab]") {
  const ProcessResult result = run_szilard({"lab", "bit", "--model", "two_level", "--duration", "30", "--json"});
  REQUIRE(result.code == 0);
  const Json json = Json::parse(result.out);
  CHECK(std::abs(json.at("mean_work_kT").get<double>() - 0.85906) < 4 * json.at("standard_error_kT").get<double>());
  CHECK(json.at("first_law_residual").get<double>() < 1e-9);
}

TEST_CASE("lab bit refuses a bias outside (0, 1) and no duration", "[cli][lab][bad]") {
  CHECK(run_szilard({"lab", "bit", "--model", "two_level", "--bias", "1.5", "--duration", "10"}).code == 2);
  CHECK(run_szilard({"lab", "bit", "--model", "two_level", "--duration", "0"}).code == 2);
}

TEST_CASE("lab bit refuses impossible bits with exit code 2, one line, and no result", "[cli][lab][bad]") {
  struct Bad {
    std::vector<std::string> options;
    const char* words;
  };
  for (const Bad& bad : std::vector<Bad>{{{"--bias", "1.2"}, "--bias 1.2"},
                                         {{"--bias", "-0.1", "--protocol", "blind"}, "--bias -0.1"},
                                         {{"--bias", "nan"}, "--bias nan"},
                                         {{"--duration", "-3"}, "--duration -3"},
                                         {{"--model", "double_well", "--barrier", "-1"}, "--barrier -1"},
                                         {{"--tilt", "800"}, "overflows"},
                                         {{"--model", "double_well", "--tilt", "9000", "--barrier", "1"}, "overflows"},
                                         {{"--model", "cmos_latch", "--temperature", "0 K"}, "--temperature 0"},
                                         {{"--model", "cmos_latch", "--temperature", "-5 K"}, "--temperature -5"},
                                         {{"--seed", "-1"}, "-1 is below 0"},
                                         {{"--paths", "-5"}, "-5 is below 0"},
                                         {{"--sweep", "duration=0:10:lin:3"}, "--duration 0"}}) {
    std::vector<std::string> arguments = {"lab", "bit"};
    arguments.insert(arguments.end(), bad.options.begin(), bad.options.end());
    const ProcessResult result = run_szilard(arguments);
    INFO(result.err);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find(bad.words) != std::string::npos);
  }
}

TEST_CASE("lab bit names the floor of any end and stays above it", "[cli][lab]") {
  for (const char* duration : {"0.3", "2", "10"}) {
    const ProcessResult result =
        run_szilard({"lab", "bit", "--model", "double_well", "--duration", duration, "--paths", "2000", "--json"});
    INFO(result.err);
    REQUIRE(result.code == 0);
    const Json json = Json::parse(result.out);
    CHECK(json.at("floor_any_end_kT").get<double>() < json.at("floor_kT").get<double>());
    CHECK(json.at("mean_work_kT").get<double>() > json.at("floor_any_end_kT").get<double>());
  }
}

TEST_CASE("lab bit weighs a device by its preset, and sweeps its bias only", "[cli][lab]") {
  const ProcessResult result =
      run_szilard({"lab", "bit", "--model", "optical_bistable", "--preset", "nanocavity_haret2009", "--temperature",
                   "77 K", "--bias", "0.25", "--json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const Json json = Json::parse(result.out);
  CHECK(json.at("exact_work_kT").get<double>() == Approx(0.25 * 1.6e-12 / (1.380649e-23 * 77)).epsilon(1e-9));
  CHECK(json.at("device").at("error_probability").get<double>() ==
        Approx(0.5 * std::erfc(5 / std::sqrt(2.0))).epsilon(1e-9));
  CHECK(run_szilard({"lab", "bit", "--model", "cmos_latch", "--sweep", "bias=0.1:0.9:lin:3", "--json"}).code == 0);
  CHECK(run_szilard({"lab", "bit", "--model", "cmos_latch", "--sweep", "duration=1:10:lin:3"}).code == 2);
  CHECK(run_szilard({"lab", "bit", "--model", "cmos_latch", "--temperature", "300"}).code == 2);
  CHECK(run_szilard({"lab", "bit", "--model", "cmos_latch", "--preset", "no_such"}).code == 2);
}

namespace {

/// A small quasi-static network and the inputs of one ramp.
struct Springs {
  TemporaryFolder folder;

  Springs() {
    const double from[2] = {0, 0}, to[2] = {1, .5}, target[1] = {.4};
    szilard::dataset::write_npy(folder.path("a.npy"), {1, 2}, from);
    szilard::dataset::write_npy(folder.path("b.npy"), {1, 2}, to);
    szilard::dataset::write_npy(folder.path("y.npy"), {1, 1}, target);
    network(R"(layers:
  - {weights: [[0.8, -0.5], [0.3, 0.9]], bias: [0.1, -0.2], activation: tanh, stiffness: [2, 3], friction: 1}
  - {weights: [[1.2, -0.7]], bias: [0.05], activation: linear, stiffness: 1.5, friction: 1}
)");
  }
  void network(const std::string& text) const { szilard::test::write_file(folder.path("net.yaml"), text); }
  ProcessResult relax(std::vector<std::string> more) const {
    std::vector<std::string> all = {"lab",          "relax",
                                    "--network",    folder.path("net.yaml"),
                                    "--input-from", folder.path("a.npy"),
                                    "--input-to",   folder.path("b.npy")};
    all.insert(all.end(), more.begin(), more.end());
    return run_szilard(all);
  }
};

}  // namespace

TEST_CASE("lab relax dissipates C / tau, and no less work than 0", "[cli][lab]") {
  const Springs springs;
  const ProcessResult cold = springs.relax({"--duration", "300", "--temperature", "0 kT", "--json"});
  INFO(cold.err);
  REQUIRE(cold.code == 0);
  CHECK(300 * Json::parse(cold.out).at("mean_work_kT").get<double>() == Approx(.722635).epsilon(.02));
  const ProcessResult warm = springs.relax({"--duration", "3", "--paths", "2000", "--json"});
  REQUIRE(warm.code == 0);
  const Json json = Json::parse(warm.out);
  CHECK(json.at("mean_work_kT").get<double>() > 4 * json.at("standard_error_kT").get<double>());
  CHECK(std::abs(json.at("jarzynski_average").get<double>() - 1) <
        4 * json.at("jarzynski_standard_error").get<double>());
  CHECK(json.at("first_law_residual").get<double>() < 1e-9);
}

TEST_CASE("lab stress prints both gradients", "[cli][lab]") {
  const Springs springs;
  const ProcessResult result = run_szilard({"lab", "stress", "--network", springs.folder.path("net.yaml"), "--input",
                                            springs.folder.path("b.npy"), "--target", springs.folder.path("y.npy"),
                                            "--stiffness-ratio", "1e4", "--json"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const Json json = Json::parse(result.out);
  CHECK(json.at("gradient_relaxation").size() == 2);
  CHECK(json.at("relative_deviation").get<double>() < 1e-3);
}

TEST_CASE("lab relax names what is wrong and ends with exit code 2", "[cli][lab][bad]") {
  const Springs springs;
  CHECK(springs.relax({"--duration", "-1"}).code == 2);
  CHECK(springs.relax({"--duration", "3", "--temperature", "300 K"}).code == 2);
  const ProcessResult unstable = springs.relax({"--duration", "30", "--step", "10"});
  CHECK(unstable.code == 2);
  CHECK_THAT(unstable.err, Catch::Contains("largest stable"));
  springs.network("layers: [{weights: [[1, 2]], bias: [0], activation: tanh, stiffness: 0, friction: 1}]");
  const ProcessResult soft = springs.relax({"--duration", "3"});
  CHECK(soft.code == 2);
  CHECK_THAT(soft.err, Catch::Contains("net.yaml:1:") && Catch::Contains("stiffness must be above 0"));
}
