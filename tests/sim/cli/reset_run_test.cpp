// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/support/constants.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

constexpr double kThermal_J = szilard::support::kBoltzmann_J_per_K * 300;

const Json& platform(const Json& summary, const std::string& name) {
  for (const Json& entry : summary.at("platforms"))
    if (entry.at("name") == name) return entry;
  throw std::runtime_error("no platform " + name);
}

double number(const Json& summary, const std::string& name, const char* pointer) {
  return platform(summary, name).at(Json::json_pointer(pointer)).get<double>();
}

Json run_shipped(const std::string& scenario, const TemporaryFolder& folder) {
  const ProcessResult result =
      run_szilard({"run", source("scenarios/" + scenario + "/scenario.yaml"), "-o", folder.path("out")});
  INFO(result.err);
  REQUIRE(result.code == 0);
  return Json::parse(read_file(folder.path("out/summary.json")));
}

/// Dissipated joules of each sample of one platform.
std::vector<double> per_sample(const std::string& ledger, const std::string& name, std::size_t samples) {
  std::vector<double> joules(samples, 0.0);
  std::istringstream lines(ledger);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string sample, component, mechanism, fate, origin, amount;
    for (std::string* cell : {&sample, &component, &mechanism, &fate, &origin, &amount})
      std::getline(cells, *cell, ',');
    if (component.rfind(name + "/", 0) == 0 && fate == "dissipated") joules.at(std::stoul(sample)) += std::stod(amount);
  }
  return joules;
}

std::string live_wells(const std::string& network, const std::string& data, const char* scale) {
  return "szilard: 1\nname: live\ntemperature: 300 K\nnetwork: " + source("scenarios/data/" + network + ".onnx") +
         "\ndataset: {inputs: " + source("scenarios/data/" + data + "_images.npy") +
         ", labels: " + source("scenarios/data/" + data + "_labels.npy") + ", scale: " + scale +
         "}\nplatforms:\n"
         "  - name: well\n    linear: {model: ideal}\n"
         "    neuron: {model: relu_bit, reset: double_well, protocol: blind, live: true, relaxation_time: 1 ns, "
         "reset_time: 4 ns, barrier: 5 kT, tilt: 8 kT}\n";
}

void live_agrees_with_table(const std::string& scenario_text, const std::string& samples) {
  TemporaryFolder folder;
  write_file(folder.path("scenario.yaml"), scenario_text);
  const ProcessResult result = run_szilard(
      {"run", folder.path("scenario.yaml"), "-o", folder.path("out"), "--samples", samples, "--ledger", "npy"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const Json summary = Json::parse(read_file(folder.path("out/summary.json")));
  const Json& drawn = platform(summary, "well").at("neurons").at("drawn_resets");
  INFO(drawn.dump(2));
  const double difference = drawn.at("mean_work_J").get<double>() - drawn.at("calibrated_work_J").get<double>();
  const double error = drawn.at("difference_standard_error_J").get<double>();
  CHECK(std::abs(difference) < 4 * error);
  CHECK(error < 0.05 * drawn.at("mean_work_J").get<double>());
  CHECK(number(summary, "well", "/energy/closure") < 1e-9);
}

}  // namespace

TEST_CASE("live double-well resets of a network agree with their calibration", "[cosim][reset]") {
  live_agrees_with_table(live_wells("digits_mlp_64_32_10", "digits_test", "0.0625"), "200");
}

TEST_CASE("MNIST: 1,000 images with live double-well resets of every neuron agree with their calibration",
          "[.nightly]") {
  live_agrees_with_table(live_wells("mnist_mlp_784_128_64_10", "mnist_test", "0.00392156862745098"), "1000");
}

TEST_CASE("runs with drawn resets are the same bytes for every quantum", "[cosim][reset][determinism]") {
  TemporaryFolder folder;
  std::string first;
  for (const char* quantum : {"1", "7", "64"}) {
    const ProcessResult result = run_szilard({"run", source("scenarios/landauer-limit/scenario.yaml"), "-o",
                                              folder.path("out"), "--samples", "70", "--quantum", quantum});
    INFO(result.err);
    REQUIRE(result.code == 0);
    const std::string bytes = without_wall(read_file(folder.path("out/summary.json"))) +
                              read_file(folder.path("out/ledger.csv")) + read_file(folder.path("out/outputs.npy"));
    if (first.empty()) first = bytes;
    CHECK((bytes == first));
  }
}

TEST_CASE("landauer-limit: the slower a reset the nearer kT ln2, and none lies below what it erased",
          "[cosim][reset]") {
  TemporaryFolder folder;
  const Json summary = run_shipped("landauer-limit", folder);
  const double limit = number(summary, "limit", "/energy/per_inference_J");
  CHECK(limit == Approx(32 * kThermal_J * std::log(2.0)));
  double before = 1;
  for (const std::string duration : {"10", "100", "1000", "10000"}) {
    const double work = number(summary, "levels-" + duration, "/neurons/drawn_resets/mean_work_J") * 32;
    INFO(duration);
    if (duration != "10") CHECK(work < before);
    before = work;
  }
  CHECK(before == Approx(limit).epsilon(0.03));
  for (const std::string duration : {"2", "8", "32"}) {
    const double error = number(summary, "well-" + duration, "/neurons/drawn_resets/error_probability");
    const double work = number(summary, "well-" + duration, "/neurons/drawn_resets/mean_work_J") / kThermal_J;
    const double spread =
        number(summary, "well-" + duration, "/neurons/drawn_resets/difference_standard_error_J") / kThermal_J;
    const double left = error > 0 ? -error * std::log(error) - (1 - error) * std::log1p(-error) : 0;
    const double p = number(summary, "well-" + duration, "/neurons/active_mean");
    const double erased = number(summary, "well-" + duration, "/bounds/reset_per_neuron_J") / kThermal_J / 32 - left;
    INFO("duration " << duration << ", error " << error << ", p " << p);
    CHECK(work > erased - 4 * spread);
  }
}

TEST_CASE("context-switch: v1's machine pays a spike at each switch, v2's does not", "[cosim][reset]") {
  TemporaryFolder folder;
  run_shipped("context-switch", folder);
  const std::string ledger = read_file(folder.path("out/ledger.csv"));
  constexpr std::size_t kSamples = 160, kBlock = 20;
  const auto spike = [&](const std::string& name) {
    const std::vector<double> joules = per_sample(ledger, name, kSamples);
    double at = 0, between = 0;
    for (std::size_t s = 1; s < kSamples; ++s) (s % kBlock == 0 ? at : between) += joules[s];
    return (at / 7) / (between / 152);
  };
  CHECK(spike("on-change") > 10);
  // cycles.npy holds the same joules, platform by platform.
  const std::string cycles = read_file(folder.path("out/cycles.npy"));
  REQUIRE(cycles.size() > 3 * kSamples * 3 * sizeof(double));
  std::vector<double> values(3 * kSamples * 3);
  std::memcpy(values.data(), cycles.data() + cycles.size() - values.size() * sizeof(double),
              values.size() * sizeof(double));
  const std::vector<double> joules = per_sample(ledger, "on-change", kSamples);
  for (std::size_t s = 0; s < kSamples; ++s) CHECK(values[3 * s] == Approx(joules[s]).margin(1e-33));
  CHECK(spike("every-cycle") == Approx(1).margin(0.1));
  CHECK(spike("blind") == Approx(1).epsilon(1e-12));
}

TEST_CASE("sparse-mlp: entropy and latch energy fall with activity, blind resets do not", "[cosim][reset]") {
  TemporaryFolder sparse_folder, dense_folder;
  const Json sparse = run_shipped("sparse-mlp", sparse_folder), dense = run_shipped("sparse-mlp/dense", dense_folder);
  const auto ratio = [&](const std::string& name, const char* what) {
    return number(sparse, name, what) / number(dense, name, what);
  };
  const double active = ratio("known", "/neurons/active_mean");
  CHECK(active < 0.2);
  CHECK(ratio("known", "/energy/per_inference_J") < 0.7);
  CHECK(ratio("blind", "/energy/per_inference_J") == Approx(1).epsilon(1e-12));
  CHECK(ratio("latch", "/energy/by_mechanism/neuron_set") == Approx(active).epsilon(1e-9));
  // One q for all neurons pays their differences: never less than the protocol that knows each.
  for (const Json* summary : {&sparse, &dense})
    CHECK(number(*summary, "assumed", "/energy/per_inference_J") >
          number(*summary, "known", "/energy/per_inference_J"));
}

TEST_CASE("the documented runs of szilard bounds print the figures beside their README", "[cli][bounds]") {
  for (const std::string name : {"table-1", "n2i-budget", "cooling"}) {
    INFO(name);
    const Json expected = Json::parse(read_file(source("scenarios/" + name + "/expected.json"))).at("bounds");
    std::vector<std::string> arguments = expected.at("arguments");
    arguments.insert(arguments.begin(), "bounds");
    arguments.push_back("--json");
    const ProcessResult result = run_szilard(arguments);
    INFO(result.err);
    REQUIRE(result.code == 0);
    const Json rows = Json::parse(result.out).at("rows");
    for (const Json& wanted : expected.at("rows")) {
      INFO(wanted.dump());
      const auto found =
          std::find_if(rows.begin(), rows.end(), [&](const Json& row) { return row.at("id") == wanted.at("id"); });
      REQUIRE(found != rows.end());
      CHECK(found->at("paper") == wanted.at("paper"));
      for (const char* value : {"from_formula", "corrected"})
        CHECK(found->at(value).get<double>() ==
              Approx(wanted.at(value).get<double>()).epsilon(wanted.at("relative").get<double>()));
    }
  }
}

TEST_CASE("uncompute: no energy, the same outputs, and twice the time of a pass", "[cosim][reset]") {
  TemporaryFolder folder;
  std::string text =
      "szilard: 1\nname: back\ntemperature: 300 K\nnetwork: " + source("scenarios/data/mnist_mlp_784_128_64_10.onnx") +
      "\ndataset: {inputs: " + source("scenarios/data/mnist_test_images.npy") +
      ", scale: 0.00392156862745098, samples: 50}\nplatforms:\n";
  for (const std::string policy : {"every_cycle", "uncompute"})
    text += "  - {name: " + policy +
            ", linear: {model: ideal}, neuron: {model: relu_bit, decision_time: 3 ns, policy: " + policy + "}}\n";
  write_file(folder.path("scenario.yaml"), text);
  std::string first;
  for (const char* quantum : {"1", "16"}) {
    const ProcessResult result =
        run_szilard({"run", folder.path("scenario.yaml"), "-o", folder.path("out"), "--quantum", quantum});
    INFO(result.err);
    REQUIRE(result.code == 0);
    const std::string bytes = without_wall(read_file(folder.path("out/summary.json")));
    if (first.empty()) first = bytes;
    CHECK((bytes == first));
  }
  const Json summary = Json::parse(first);
  CHECK(number(summary, "uncompute", "/energy/supplied_J") == 0);
  CHECK(number(summary, "uncompute", "/agreement") == 1);
  CHECK(number(summary, "uncompute", "/latency_s") == Approx(2 * number(summary, "every_cycle", "/latency_s")));
  CHECK(platform(summary, "uncompute").at("ratio_to_bound").is_null());
}

TEST_CASE("the five numbers of an activity stand in the table, in order, and those of layers add up",
          "[cosim][report]") {
  TemporaryFolder folder;
  const ProcessResult result =
      run_szilard({"run", source("scenarios/sparse-mlp/scenario.yaml"), "--samples", "300", "-o", folder.path("out")});
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK(result.out.find("bounds on resets, J/inference") != std::string::npos);
  const Json summary = Json::parse(read_file(folder.path("out/summary.json")));
  const Json& known = platform(summary, "known");
  const Json& bounds = known.at("bounds");
  const auto bound = [&](const char* key) { return bounds.at(key).get<double>(); };
  CHECK(bound("landauer_half_J") >= bound("reset_mean_J"));
  CHECK(bound("reset_mean_J") >= bound("reset_per_neuron_J"));
  CHECK(bound("reset_per_neuron_J") >= bound("reset_joint_J"));
  CHECK(known.at("energy").at("per_inference_J").get<double>() >= bound("reset_per_neuron_J"));
  for (const char* key : {"transition_J", "reset_per_neuron_J", "landauer_half_J"}) {
    double sum = 0;
    for (const auto& [layer, values] : bounds.at("by_layer").items()) sum += values.at(key).get<double>();
    CHECK(sum == Approx(bound(key)));
  }
  double dissipated = 0;
  for (const auto& [layer, values] : bounds.at("by_layer").items())
    dissipated += values.at("dissipated_J").get<double>();
  CHECK(dissipated == Approx(known.at("energy").at("per_inference_J").get<double>()));
}

TEST_CASE("a schedule of one's own runs in a scenario, and its resolved text reproduces it", "[cosim][reset]") {
  TemporaryFolder folder;
  write_file(folder.path("own.yaml"),
             "knots:\n  - {at: 0, potential: [0, -10, 0, 5]}\n  - {at: 0.25, potential: [0, 0, 0, 5]}\n"
             "  - {at: 0.5, potential: [-8, 0, 0, 5]}\n  - {at: 0.75, potential: [-8, -10, 0, 5]}\n"
             "  - {at: 1, potential: [0, -10, 0, 5]}\n");
  std::string text = live_wells("digits_mlp_64_32_10", "digits_test", "0.0625");
  const auto replace = [](std::string in, const std::string& from, const std::string& to) {
    const std::size_t at = in.find(from);
    REQUIRE(at != std::string::npos);
    return in.replace(at, from.size(), to);
  };
  write_file(folder.path("built.yaml"), text);
  write_file(folder.path("scenario.yaml"), replace(text, "barrier: 5 kT, tilt: 8 kT", "schedule: own.yaml"));
  const auto mean = [&](const std::string& file, const std::string& out) {
    const ProcessResult result = run_szilard({"run", folder.path(file), "--samples", "60", "-o", folder.path(out)});
    INFO(result.err);
    REQUIRE(result.code == 0);
    return number(Json::parse(read_file(folder.path(out + "/summary.json"))), "well",
                  "/neurons/drawn_resets/mean_work_J");
  };
  const double built = mean("built.yaml", "a"), own = mean("scenario.yaml", "b");
  CHECK(own == Approx(built).epsilon(1e-6));
  REQUIRE(
      run_szilard({"run", folder.path("b/scenario.resolved.yaml"), "--samples", "60", "-o", folder.path("c")}).code ==
      0);
  CHECK(read_file(folder.path("b/ledger.csv")) == read_file(folder.path("c/ledger.csv")));
}

TEST_CASE("resets that cost nothing break the bound and the negentropy, and the run says so", "[cosim][reset]") {
  TemporaryFolder folder;
  const ProcessResult result =
      run_szilard({"run", source("scenarios/sparse-mlp/scenario.yaml"), "--samples", "100", "-o", folder.path("out"),
                   "--set", "platforms.known.fault={model: free_reset, layer: fc.0}"});
  CHECK(result.code == 1);
  INFO(result.err);
  CHECK(result.err.find("reset work of known/fc.0/neurons") != std::string::npos);
  CHECK(result.err.find("negentropy that the resets of known/fc.0/neurons") != std::string::npos);
  CHECK(result.err.find("known/fc.1") == std::string::npos);
  CHECK(run_szilard({"run", source("scenarios/sparse-mlp/scenario.yaml"), "--samples", "10", "-o", folder.path("bad"),
                     "--set", "platforms.known.fault={model: free_reset, layer: nowhere}"})
            .code == 2);
}

TEST_CASE("negentropy, finite-time floors and cooling stand in the summary, by layer and whole", "[cosim][reset]") {
  TemporaryFolder folder;
  const ProcessResult result = run_szilard({"run", source("scenarios/landauer-limit/scenario.yaml"), "--samples", "120",
                                            "-o", folder.path("out"), "--set", "temperature=75 K", "--set",
                                            "cooling={ambient: 300 K, efficiency: 10 %}"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  CHECK(result.out.find("cooled from 75 K to 300 K") != std::string::npos);
  CHECK(result.out.find("finite time") != std::string::npos);
  const Json summary = Json::parse(read_file(folder.path("out/summary.json")));
  for (const Json& entry : summary.at("platforms")) {
    const std::string name = entry.at("name");
    INFO(name);
    const Json& negentropy = entry.at("negentropy");
    CHECK(negentropy.at("holds") == true);
    CHECK(negentropy.at("shannon_reduction_bits").get<double>() <= std::log2(120.0) + 1e-9);
    CHECK(negentropy.at("consumed_bits").get<double>() >= negentropy.at("shannon_reduction_bits").get<double>() -
                                                              4 * negentropy.at("standard_error_bits").get<double>());
    const Json& bounds = entry.at("bounds");
    const double per_neuron = bounds.at("reset_per_neuron_J"), dissipated = entry.at("energy").at("per_inference_J");
    const bool timed = name.find('-') != std::string::npos;
    CHECK(bounds.at("finite_time_J").is_null() != timed);
    double layers = 0;
    for (const auto& [layer, values] : bounds.at("by_layer").items()) {
      CHECK(values.at("finite_time_J").is_null() != timed);
      if (timed) layers += values.at("finite_time_J").get<double>();
    }
    if (timed) {
      CHECK(bounds.at("finite_time_J").get<double>() == Approx(layers));
      CHECK(number(summary, name, "/neurons/drawn_resets/mean_work_J") * 32 >
            0.9 * bounds.at("finite_time_J").get<double>());
      CHECK(bounds.at("finite_time_J").get<double>() > 0.8 * per_neuron);
    }
    const Json& cooled = bounds.at("cooling");
    CHECK(cooled.at("dissipated").at("carnot_total_J").get<double>() ==
          Approx(4 * cooled.at("dissipated").at("heat_J").get<double>()));
    CHECK(cooled.at("dissipated").at("pump_total_J").get<double>() ==
          Approx(31 * cooled.at("dissipated").at("heat_J").get<double>()));
    CHECK(cooled.at("dissipated").at("heat_J").get<double>() == Approx(dissipated).epsilon(0.2));
    CHECK(cooled.at("reset_per_neuron").at("carnot_total_J").get<double>() == Approx(4 * per_neuron));
  }
  const double slow = number(summary, "levels-10000", "/bounds/finite_time_J"),
               fast = number(summary, "levels-10", "/bounds/finite_time_J");
  CHECK(fast > slow);
}
