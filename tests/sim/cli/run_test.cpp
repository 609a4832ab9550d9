// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

const Json& platform(const Json& summary, const std::string& name) {
  for (const Json& entry : summary.at("platforms"))
    if (entry.at("name") == name) return entry;
  throw std::runtime_error("no platform " + name);
}

/// Writes a scenario with the given platforms over one of the shipped networks and runs it.
struct ScenarioRun {
  TemporaryFolder folder;
  std::string scenario = folder.path("scenario.yaml");

  ScenarioRun(const std::string& network, const std::string& platforms, const std::string& extra = {}) {
    const bool digits = network.find("digits") != std::string::npos;
    const std::string data = source("scenarios/data/") + (digits ? "digits_test" : "mnist_test");
    write_file(scenario, "szilard: 1\nname: test\ntemperature: 300 K\nnetwork: " + source("scenarios/data/" + network) +
                             ".onnx\ndataset: {inputs: " + data + "_images.npy, labels: " + data +
                             "_labels.npy, scale: " + (digits ? "0.0625" : "0.00392156862745098") + "}\n" + extra +
                             "platforms:\n" + platforms);
  }

  ProcessResult run(std::vector<std::string> arguments = {}, const std::string& output = "out") {
    arguments.insert(arguments.begin(), {"run", scenario, "-o", folder.path(output)});
    return run_szilard(arguments);
  }
  Json summary(const std::string& output = "out") const {
    return Json::parse(read_file(folder.path(output) + "/summary.json"));
  }
};

const char* kIdeal = "  - {name: ideal, linear: {model: ideal}, neuron: {model: relu_bit, reset: landauer_ideal}}\n";
const char* kExactCrossbar =
    "  - name: rram\n"
    "    linear: {model: electronic_crossbar, preset: rram_wan2022, levels: 0, programming_error: none, read_noise: "
    "none}\n"
    "    neuron: {model: relu_bit, reset: landauer_ideal, threshold_offset: 0, threshold_noise: 0}\n";
const char* kInt8 =
    "  - {name: ideal, linear: {model: ideal, quantisation: int8}, neuron: {model: relu_bit, reset: landauer_ideal}}\n"
    "  - {name: systolic, digital: {rtl: systolic_int8, rows: 16, columns: 16, batch: 16, clock: 1 GHz, energy: "
    "cmos45_horowitz2014}}\n";
const char* kInt8Pair = "compare: {pairs: [[ideal, systolic]], tolerance: 0}\n";

void agrees_with_reference(const std::string& network, double accuracy) {
  ScenarioRun test(network, std::string(kIdeal) + kExactCrossbar,
                   "compare: {pairs: [[ideal, rram]], tolerance: 1e-6}\n");
  const ProcessResult result = test.run({"--ledger", "npy"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const Json summary = test.summary();
  CHECK(summary.at("reference").at("accuracy").get<double>() == accuracy);
  for (const char* name : {"ideal", "rram"}) {
    CHECK(platform(summary, name).at("accuracy").get<double>() == accuracy);
    CHECK(platform(summary, name).at("agreement").get<double>() == 1.0);
    CHECK(platform(summary, name).at("output_rms_error").get<double>() < 1e-6);
  }
}

void int8_is_bit_exact(const std::string& network, int samples) {
  ScenarioRun test(network, kInt8, kInt8Pair);
  const ProcessResult result = test.run({"--samples", std::to_string(samples)});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const Json summary = test.summary();
  for (const Json& layer : summary.at("compare")) {
    CHECK(layer.at("max_error").get<double>() == 0);
    CHECK(layer.at("first_mismatch").is_null());
  }
  CHECK(platform(summary, "ideal").at("accuracy") == platform(summary, "systolic").at("accuracy"));
}

}  // namespace

TEST_CASE("digits: ideal, exact crossbar and reference agree in every prediction: 352 of 360", "[cosim]") {
  agrees_with_reference("digits_mlp_64_32_10", 352 / 360.0);
}
TEST_CASE("MNIST MLP: ideal, exact crossbar and reference agree in every prediction: 9783 of 10,000", "[cosim]") {
  agrees_with_reference("mnist_mlp_784_128_64_10", 9783 / 10000.0);
}
TEST_CASE("LeNet-5: ideal, exact crossbar and reference agree in every prediction: 9906 of 10,000", "[cosim]") {
  agrees_with_reference("mnist_lenet5_relu", 9906 / 10000.0);
}

TEST_CASE("ideal with int8 weights and activations equals systolic_int8 in every output, digits", "[cosim][rtl]") {
  int8_is_bit_exact("digits_mlp_64_32_10", 360);
}
TEST_CASE("ideal with int8 weights and activations equals systolic_int8 in every output, MNIST MLP", "[cosim][rtl]") {
  int8_is_bit_exact("mnist_mlp_784_128_64_10", 1000);
}
TEST_CASE("ideal with int8 weights and activations equals systolic_int8 in every output, LeNet-5", "[cosim][rtl]") {
  int8_is_bit_exact("mnist_lenet5_relu", 48);
}

TEST_CASE("int8 accuracy stays within 0.3 points of float on every shipped data set", "[cosim]") {
  for (const char* network : {"digits_mlp_64_32_10", "mnist_mlp_784_128_64_10", "mnist_lenet5_relu"}) {
    INFO(network);
    ScenarioRun test(network,
                     "  - {name: ideal, linear: {model: ideal, quantisation: int8}, neuron: {model: relu_bit, reset: "
                     "landauer_ideal}}\n");
    REQUIRE(test.run({"--ledger", "npy"}).code == 0);
    const Json summary = test.summary();
    const double difference =
        platform(summary, "ideal").at("accuracy").get<double>() - summary.at("reference").at("accuracy").get<double>();
    CHECK(std::abs(difference) <= 0.003);
  }
}

TEST_CASE("an error of one LSB put into the RTL is found and named", "[cosim][rtl]") {
  ScenarioRun test("digits_mlp_64_32_10", kInt8, kInt8Pair);
  const ProcessResult names =
      run_szilard({"list", "layers", "--network", source("scenarios/data/digits_mlp_64_32_10.onnx"), "--json"});
  const std::string layer = Json::parse(names.out).at("layers").at(0).at("name");
  const ProcessResult result =
      test.run({"--samples", "40", "--set",
                "platforms.systolic.fault={model: one_lsb, layer: " + layer + ", sample: 23, index: 5}"});
  CHECK(result.code == 1);
  INFO(result.err);
  CHECK(result.err.find("systolic") != std::string::npos);
  CHECK(result.err.find(layer) != std::string::npos);
  CHECK(result.err.find("sample 23") != std::string::npos);
  CHECK(result.err.find("index 5") != std::string::npos);
  const Json mismatch = test.summary().at("compare").at(0).at("first_mismatch");
  CHECK(mismatch.at("sample") == 23);
  CHECK(mismatch.at("index") == 5);
  CHECK(mismatch.at("values").at(0) != mismatch.at("values").at(1));
}

TEST_CASE("energy that leaks breaks closure, and the component is named", "[cosim]") {
  ScenarioRun test("digits_mlp_64_32_10", kIdeal);
  const ProcessResult result =
      test.run({"--samples", "10", "--set",
                "platforms.ideal.fault={model: energy_leak, component: somewhere, sample: 3, energy: 1 fJ}"});
  CHECK(result.code == 1);
  INFO(result.err);
  CHECK(result.err.find("ideal/somewhere") != std::string::npos);
  CHECK(result.err.find("sample 3") != std::string::npos);
  CHECK(platform(test.summary(), "ideal").at("energy").at("closure").get<double>() > 0.5);
}

TEST_CASE("outputs are the same bytes for every quantum", "[cosim][determinism]") {
  const std::vector<std::string> files = {
      "ledger.csv", "predictions.npy", "outputs.npy", "scenario.resolved.yaml", "coefficients.json", "pictures.json"};
  const TemporaryFolder folder;
  const auto run = [&](const std::string& quantum) {
    const ProcessResult result = run_szilard({"run", source("scenarios/digits-mlp/scenario.yaml"), "--samples", "100",
                                              "--quantum", quantum, "-o", folder.path(quantum)});
    INFO(result.err);
    REQUIRE(result.code == 0);
  };
  run("1");
  for (const std::string quantum : {"7", "64", "1000"}) {
    INFO("quantum " << quantum);
    run(quantum);
    for (const std::string& file : files) {
      INFO(file);
      CHECK(read_file(folder.path("1") + "/" + file) == read_file(folder.path(quantum) + "/" + file));
    }
    CHECK(without_wall(read_file(folder.path("1") + "/summary.json")) ==
          without_wall(read_file(folder.path(quantum) + "/summary.json")));
  }
}

TEST_CASE("outputs are the same bytes in other time zones, locales and folders", "[cosim][determinism]") {
  const TemporaryFolder folder;
  const std::string scenario = source("scenarios/digits-mlp/scenario.yaml");
  REQUIRE(run_szilard({"run", scenario, "--samples", "50", "-o", folder.path("a")}, {{"TZ", "UTC"}, {"LC_ALL", "C"}})
              .code == 0);
  REQUIRE(run_szilard({"run", scenario, "--samples", "50", "-o", "b"},
                      {{"TZ", "Asia/Tokyo"}, {"LC_ALL", "de_DE.UTF-8"}, {"LANG", "de_DE.UTF-8"}}, folder.path())
              .code == 0);
  for (const char* file : {"/ledger.csv", "/predictions.npy", "/outputs.npy", "/scenario.resolved.yaml",
                           "/coefficients.json", "/pictures.json"}) {
    INFO(file);
    CHECK(read_file(folder.path("a") + file) == read_file(folder.path("b") + file));
  }
  CHECK(without_wall(read_file(folder.path("a/summary.json"))) ==
        without_wall(read_file(folder.path("b/summary.json"))));
}

TEST_CASE("the resolved scenario alone reproduces the run byte for byte", "[cosim][determinism]") {
  const TemporaryFolder folder;
  REQUIRE(run_szilard({"run", source("scenarios/digits-mlp/scenario.yaml"), "--samples", "40", "--seed", "7", "-o",
                       folder.path("a")})
              .code == 0);
  write_file(folder.path("copy.yaml"), read_file(folder.path("a/scenario.resolved.yaml")));
  const ProcessResult again =
      run_szilard({"run", folder.path("copy.yaml"), "-o", folder.path("b")}, {{"SZILARD_TECHNOLOGY", folder.path()}});
  INFO(again.err);
  REQUIRE(again.code == 0);
  for (const char* file : {"/ledger.csv", "/predictions.npy", "/outputs.npy", "/scenario.resolved.yaml",
                           "/coefficients.json", "/pictures.json"}) {
    INFO(file);
    CHECK(read_file(folder.path("a") + file) == read_file(folder.path("b") + file));
  }
  CHECK(without_wall(read_file(folder.path("a/summary.json"))) ==
        without_wall(read_file(folder.path("b/summary.json"))));
}

TEST_CASE("the ledger rows of a shorter run are those of a longer one", "[cosim][determinism]") {
  const TemporaryFolder folder;
  const std::string scenario = source("scenarios/digits-mlp/scenario.yaml");
  REQUIRE(run_szilard({"run", scenario, "--samples", "16", "-o", folder.path("short")}).code == 0);
  REQUIRE(run_szilard({"run", scenario, "--samples", "48", "-o", folder.path("long")}).code == 0);
  const std::string brief = read_file(folder.path("short/ledger.csv"));
  REQUIRE(brief.size() > 1000);
  CHECK(read_file(folder.path("long/ledger.csv")).compare(0, brief.size(), brief) == 0);
}

TEST_CASE("another seed gives other devices and noise, and the same activity on the ideal platform", "[cosim]") {
  const TemporaryFolder folder;
  const std::string scenario = source("scenarios/digits-mlp/scenario.yaml");
  REQUIRE(run_szilard({"run", scenario, "--samples", "40", "--seed", "1", "-o", folder.path("1")}).code == 0);
  REQUIRE(run_szilard({"run", scenario, "--samples", "40", "--seed", "2", "-o", folder.path("2")}).code == 0);
  const Json first = Json::parse(read_file(folder.path("1/summary.json"))),
             second = Json::parse(read_file(folder.path("2/summary.json")));
  CHECK(platform(first, "rram").at("output_rms_error") != platform(second, "rram").at("output_rms_error"));
  CHECK(platform(first, "ideal").at("neurons") == platform(second, "ideal").at("neurons"));
}

TEST_CASE("the summary holds every key of its schema, and its sums agree", "[cosim][report]") {
  const TemporaryFolder folder;
  REQUIRE(
      run_szilard({"run", source("scenarios/digits-mlp/scenario.yaml"), "--samples", "48", "-o", folder.path("out")})
          .code == 0);
  const Json summary = Json::parse(read_file(folder.path("out/summary.json")));
  CHECK(summary.at("schema") == "szilard.summary/1");
  REQUIRE(summary.at("platforms").size() == 4);
  for (const Json& entry : summary.at("platforms")) {
    INFO(entry.at("name"));
    for (const char* key : {"kind", "accuracy", "agreement", "output_rms_error", "layers", "cycles", "latency_s",
                            "throughput_per_s", "peak_power_W", "area_m2", "area_by_component", "energy", "neurons",
                            "bounds", "bound", "ratio_to_bound", "negentropy_bits"})
      CHECK(entry.contains(key));
    const Json& energy = entry.at("energy");
    CHECK(energy.at("closure").get<double>() <= 1e-9);
    double by_component = 0, by_mechanism = 0;
    for (const auto& [path, mechanisms] : energy.at("by_component").items())
      for (const auto& [mechanism, joules] : mechanisms.items()) by_component += joules.get<double>();
    for (const auto& [mechanism, joules] : energy.at("by_mechanism").items()) by_mechanism += joules.get<double>();
    const double dissipated = energy.at("dissipated_J").get<double>();
    CHECK(by_component == Approx(dissipated).epsilon(1e-12));
    CHECK(by_mechanism == Approx(dissipated).epsilon(1e-12));
    CHECK(energy.at("per_inference_J").get<double>() * 48 == Approx(energy.at("total_J").get<double>()).epsilon(1e-12));
    const Json& bounds = entry.at("bounds");
    for (const char* key :
         {"transition_J", "reset_mean_J", "reset_sparse_J", "reset_per_neuron_J", "reset_joint_J", "landauer_half_J",
          "digital_flop_J", "digital_register_J", "digital_gate_J", "quasi_static_J"})
      CHECK(bounds.contains(key));
    CHECK(bounds.at("digital_gate_J").is_null());  // coefficients, no gates
  }
  const Json& ideal = platform(summary, "ideal");
  CHECK(ideal.at("bound") == "reset_per_neuron_J");
  CHECK(ideal.at("ratio_to_bound").get<double>() >= 1);
  CHECK(ideal.at("ratio_to_bound").get<double>() < 1.2);
  CHECK(ideal.at("bounds").at("reset_joint_J").get<double>() <=
        ideal.at("bounds").at("reset_per_neuron_J").get<double>());
  CHECK(platform(summary, "systolic").at("ratio_to_bound").get<double>() > 1e3);
  CHECK(platform(summary, "hybrid").at("ratio_to_bound").is_null());
}

TEST_CASE("every figure of the ledger traces to count, coefficient and source", "[cosim][report]") {
  const TemporaryFolder folder;
  REQUIRE(
      run_szilard({"run", source("scenarios/digits-mlp/scenario.yaml"), "--samples", "16", "-o", folder.path("out")})
          .code == 0);
  const Json coefficients = Json::parse(read_file(folder.path("out/coefficients.json")));
  std::size_t checked = 0;
  for (const Json& account : coefficients.at("accounts")) {
    INFO(account.dump());
    CHECK_FALSE(account.at("law").get<std::string>().empty());
    if (account.at("joules").get<double>() == 0) continue;
    CHECK(account.at("count").get<std::int64_t>() > 0);
    if (account.at("origin") != "table" || account.at("fate") != "dissipated") continue;
    REQUIRE(account.at("coefficients").size() >= 1);
    CHECK_FALSE(account.at("coefficients").at(0).at("source").get<std::string>().empty());
    CHECK(account.at("joules").get<double>() ==
          Approx(account.at("count").get<double>() * account.at("coefficients").at(0).at("value").get<double>())
              .epsilon(1e-9));
    ++checked;
  }
  CHECK(checked > 10);
  const ProcessResult text = run_szilard({"explain", folder.path("out"), "rram"});
  CHECK(text.code == 0);
  CHECK(text.out.find("\nbounds\n  rram transition_J: ") != std::string::npos);
  CHECK(text.out.find("systolic digital_register_J") == std::string::npos);
  CHECK(text.out.find("conversions") != std::string::npos);
  CHECK(text.out.find("Horowitz") == std::string::npos);
  CHECK(run_szilard({"explain", folder.path("out"), "nowhere"}).code == 2);
}

TEST_CASE("bounds are explained by their counts, coefficients and sources", "[cosim][report]") {
  const TemporaryFolder folder;
  REQUIRE(
      run_szilard({"run", source("scenarios/digits-mlp/scenario.yaml"), "--samples", "50", "-o", folder.path("out")})
          .code == 0);
  const Json summary = Json::parse(read_file(folder.path("out/summary.json")));
  const Json coefficients = Json::parse(read_file(folder.path("out/coefficients.json")));
  const double kT = 1.380649e-23 * 300, ln2 = std::log(2.0);
  const auto h = [](double p) { return -p * std::log(p) - (1 - p) * std::log(1 - p); };
  std::map<std::string, int> seen;
  for (const Json& bound : coefficients.at("bounds")) {
    INFO(bound.dump());
    const std::string name = bound.at("bound");
    const Json& here = platform(summary, bound.at("component"));
    const double joules = bound.at("joules"), count = bound.at("count");
    CHECK(joules == here.at("bounds").at(name).get<double>());
    CHECK_FALSE(bound.at("source").get<std::string>().empty());
    const Json& list = bound.at("coefficients");
    CHECK(list.at(0).at("value").get<double>() == Approx(kT).epsilon(1e-12));
    for (const Json& coefficient : list) CHECK_FALSE(coefficient.at("source").get<std::string>().empty());
    const double second = list.size() > 1 ? list.at(1).at("value").get<double>() : 1;
    double expected = kT * second;
    if (name == "transition_J") expected = 2 * kT * ln2 * count / second;
    if (name == "reset_mean_J") expected = kT * count * h(second);
    if (name == "reset_sparse_J") expected = kT * count * second * (1 - std::log(second));
    if (name == "landauer_half_J") expected = kT * ln2 * count;
    if (name == "digital_flop_J") expected = kT * ln2 * count * second;
    if (name == "digital_register_J") expected = kT * ln2 * second;
    CHECK(joules == Approx(expected).epsilon(1e-9));
    ++seen[name];
  }
  for (const char* name : {"transition_J", "reset_mean_J", "reset_sparse_J", "reset_per_neuron_J", "landauer_half_J",
                           "digital_flop_J", "digital_register_J"})
    CHECK(seen[name] > 0);
  const std::string all = run_szilard({"explain", folder.path("out")}).out;
  CHECK(all.find("reset_per_neuron_J") != std::string::npos);
  CHECK(all.find("[read: the paper's assumption (docs/physics.md, D8)]") != std::string::npos);
  CHECK(run_szilard({"explain", folder.path("out"), "rram/fc.0"}).out.find("\nbounds\n") == std::string::npos);
}

TEST_CASE("joules per clock cycle sum to the ledger's rows", "[cosim][rtl]") {
  ScenarioRun test("digits_mlp_64_32_10",
                   "  - {name: systolic, digital: {rtl: systolic_int8, rows: 8, columns: 8, batch: 8, clock: 1 GHz, "
                   "energy: cmos45_horowitz2014}}\n");
  REQUIRE(test.run({"--samples", "20", "--clock-trace", test.folder.path("clock.npy")}).code == 0);
  const Json summary = test.summary();
  const std::string bytes = read_file(test.folder.path("clock.npy"));
  const std::size_t header =
      10 + std::size_t(static_cast<unsigned char>(bytes[8])) + 256 * std::size_t(static_cast<unsigned char>(bytes[9]));
  const std::size_t cycles = (bytes.size() - header) / sizeof(double);
  CHECK(cycles == platform(summary, "systolic").at("cycles").get<std::size_t>());
  double sum = 0;
  for (std::size_t i = 0; i < cycles; ++i) {
    double joules;
    std::memcpy(&joules, bytes.data() + header + i * sizeof joules, sizeof joules);
    CHECK(joules >= 0);
    sum += joules;
  }
  CHECK(sum == Approx(platform(summary, "systolic").at("energy").at("dissipated_J").get<double>()).epsilon(1e-9));
}

TEST_CASE("a platform's area is the sum of its parts, and null where one has no figure", "[cli][run]") {
  ScenarioRun test("digits_mlp_64_32_10",
                   "  - name: rram\n"
                   "    linear: {model: electronic_crossbar, preset: rram_wan2022, rows: 64, columns: 64}\n"
                   "    output: {model: adc, preset: adc_isaac8, bits: 8}\n"
                   "    neuron: {model: relu_bit, reset: landauer_ideal, area: 10 um2}\n");
  REQUIRE(test.run({"--samples", "5"}).code == 0);
  const Json whole = platform(test.summary(), "rram");
  const double tile_m2 = 64 * 64 * 2.125e-12, adc_m2 = 1200e-12;
  CHECK(whole.at("area_by_component").at("rram/fc.0/tile_0_0").get<double>() == Approx(tile_m2));
  CHECK(whole.at("area_by_component").at("rram/fc.1/adc").get<double>() == Approx(10 * adc_m2));
  const double driver_m2 = 64 * 952e-12;  // of a tile's rows, used or not
  CHECK(whole.at("area_by_component").at("rram/fc.0/driver").get<double>() == Approx(driver_m2));
  CHECK(whole.at("area_m2").get<double>() == Approx(2 * tile_m2 + 2 * driver_m2 + (32 + 10) * adc_m2 + 32 * 10e-12));
  const std::string told = run_szilard({"explain", test.folder.path("out"), "rram/fc.0/adc"}).out;
  CHECK(told.find("3.84e-08 m2 = 32 converters x 1.2e-09 m2  [read: accelergy-library") != std::string::npos);
  REQUIRE(test.run({"--samples", "5", "--set", "platforms.rram.output.preset=adc_aimc28"}, "other").code == 0);
  const Json part = platform(test.summary("other"), "rram");
  CHECK(part.at("area_m2").is_null());
  CHECK(part.at("area_by_component").at("rram/fc.0/adc").is_null());
  CHECK(part.at("area_by_component").at("rram/fc.0/neurons").get<double>() == Approx(32 * 10e-12));
}
