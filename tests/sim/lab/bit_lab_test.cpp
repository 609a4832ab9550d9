// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/bit_lab.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "sim/scenario/schedule_file.hpp"

using namespace szilard::lab;
using szilard::support::InputError;
using Json = nlohmann::json;

namespace {

/// The diagnostics' messages, or empty where the request is well.
std::string refusal(const BitRequest& request) {
  try {
    check_bit(request);
    return "";
  } catch (const InputError& error) {
    std::string all;
    for (const auto& diagnostic : error.diagnostics()) all += diagnostic.message + "\n";
    return all;
  }
}

BitRequest quick(const std::string& model, double duration, double bias = .5) {
  BitRequest request;
  request.model = model;
  request.duration = duration;
  request.bias = bias;
  request.paths = 4000;
  return request;
}

}  // namespace

TEST_CASE("every model keeps to its floor and reports all keys", "[lab][bit]") {
  for (const std::string& model : bit_models()) {
    INFO(model);
    const BitRequest request = quick(model, 5, .3);
    const BitResult result = run_bit(request);
    CHECK(result.mean_work_kT > result.floor_kT - 4 * result.standard_error_kT.value_or(1e-12) - 1e-12);
    CHECK(result.floor_kT >= result.landauer_kT);
    const Json json = Json::parse(bit_json(request, result));
    for (const char* key : {"mean_work_kT", "standard_error_kT", "mean_heat_kT", "variance_kT2", "success_probability",
                            "jarzynski_average", "floor_kT", "first_law_residual"})
      CHECK(json.contains(key));
    CHECK(json["mean_work_kT"].get<double>() == result.mean_work_kT);
  }
}

TEST_CASE("an unbiased bit comes to ln2 as its reset slows", "[lab][bit]") {
  double before = 10;
  for (double duration : {10.0, 100.0, 1000.0}) {
    const BitResult result = run_bit(quick("two_level", duration));
    CHECK(std::abs(result.mean_work_kT - *result.exact_work_kT) < 4.5 * *result.standard_error_kT);
    CHECK(*result.exact_work_kT < before);
    CHECK(*result.exact_work_kT > result.floor_kT);
    CHECK(*result.first_law_residual < 1e-9);
    CHECK(*result.jarzynski_average == Approx(1).margin(1e-6));
    CHECK(result.jarzynski_from == "tilted master equation");
    before = *result.exact_work_kT;
  }
  CHECK(before == Approx(.69764).margin(1e-5));
}

TEST_CASE("what the protocol takes the bias for decides the cost", "[lab][bit]") {
  BitRequest request = quick("two_level", 3000, .1);
  const double known = *run_bit(request).exact_work_kT;
  request.assumed = .3;
  const double wrong = *run_bit(request).exact_work_kT;
  request.assumed.reset();
  request.protocol = "blind";
  const double blind = *run_bit(request).exact_work_kT;
  CHECK(known == Approx(.324584).margin(1e-3));
  CHECK(wrong - known == Approx(.1 * std::log(.1 / .3) + .9 * std::log(.9 / .7)).margin(1e-3));
  CHECK(blind == Approx(.692648).margin(1e-3));
  CHECK(run_bit(quick("landauer_ideal", 1, .1)).mean_work_kT == Approx(.325083).margin(1e-6));
}

TEST_CASE("the double well's averages come from where they converge", "[lab][bit]") {
  BitRequest request = quick("double_well", 2);
  const BitResult deep = run_bit(request);
  CHECK(deep.jarzynski_from == "tilted Fokker-Planck equation");
  CHECK(*deep.jarzynski_average == Approx(1).margin(1e-6));
  CHECK(deep.floor_kT == Approx(std::log(2.0) + 1.74625 / 2).margin(1e-3));
  request.barrier = 1.5;
  request.tilt = 1.5;
  const BitResult shallow = run_bit(request);
  CHECK(shallow.jarzynski_from == "paths");
  CHECK(std::abs(*shallow.jarzynski_average - 1) < 4.5 * *shallow.jarzynski_standard_error);
  CHECK(shallow.success_probability < .9);
}

TEST_CASE("the same seed gives the same result, another seed another", "[lab][bit]") {
  BitRequest request = quick("double_well", 1);
  const double first = run_bit(request).mean_work_kT;
  CHECK(run_bit(request).mean_work_kT == first);
  request.seed = 2;
  CHECK(run_bit(request).mean_work_kT != first);
}

TEST_CASE("a sweep is a range with its ends, linear or logarithmic", "[lab][bit]") {
  const BitSweep sweep = parse_sweep("duration=1:1000:log:4");
  REQUIRE(sweep.values.size() == 4);
  CHECK(sweep.values.front() == 1);
  CHECK(sweep.values[1] == Approx(10));
  CHECK(sweep.values.back() == 1000);
  CHECK(parse_sweep("bias=.1:.5:lin:5").values[1] == Approx(.2));
  CHECK(parse_sweep("tilt=8:2:lin:3").values[1] == Approx(5));
  const BitRequest request = quick("two_level", 1);
  CHECK(*at_point(request, sweep, 7).duration == 7);
  CHECK(*at_point(request, parse_sweep("barrier=1:2:lin:2"), 2).barrier == 2);
}

TEST_CASE("a sweep becomes a table, a list and a figure", "[lab][bit]") {
  const BitRequest request = quick("two_level", 1);
  const BitSweep sweep = parse_sweep("duration=1:100:log:3");
  std::vector<BitResult> results;
  for (double value : sweep.values) results.push_back(run_bit(at_point(request, sweep, value)));
  const Json json = Json::parse(sweep_json(request, sweep, results));
  CHECK(json["points"].size() == 3);
  CHECK(json["points"][1]["duration"].get<double>() == Approx(10));
  std::ostringstream table;
  print_sweep(table, sweep, results);
  const std::string lines = table.str();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 4);
  const auto path = std::filesystem::temp_directory_path() / "szilard_bit_lab_test.svg";
  plot_sweep(path.string(), request, sweep, results);
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  CHECK(text.str().find("<svg") != std::string::npos);
  std::filesystem::remove(path);
}

TEST_CASE("impossible bits are refused by the name of their option", "[lab][bit][bad]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  BitRequest request;
  for (double bias : {0.0, 1.0, -.1, 1.1, nan}) {
    request = {};
    request.bias = bias;
    CHECK(refusal(request).find("--bias") != std::string::npos);
  }
  request.protocol = "blind";
  request.bias = 1;
  CHECK(refusal(request).empty());
  request.bias = 1.1;
  CHECK(refusal(request).find("--bias") != std::string::npos);
  for (double duration : {0.0, -1.0, nan, inf}) {
    request = {};
    request.duration = duration;
    CHECK(refusal(request).find("--duration") != std::string::npos);
  }
  for (double barrier : {0.0, -1.0, nan, 1e9}) {
    request = {};
    request.model = "double_well";
    request.barrier = barrier;
    CHECK(refusal(request).find("--barrier") != std::string::npos);
  }
  for (const std::string& model : {std::string("two_level"), std::string("double_well")}) {
    request = {};
    request.model = model;
    request.tilt = 5000;
    CHECK(refusal(request).find("--tilt") != std::string::npos);
  }
  for (std::uint64_t paths : {std::uint64_t(0), std::uint64_t(1), std::uint64_t(-1)}) {
    request = {};
    request.paths = paths;
    CHECK(refusal(request).find("--paths") != std::string::npos);
  }
  request = {};
  request.model = "two_levels";
  request.protocol = "lucky";
  request.assumed = 2;
  const std::string all = refusal(request);
  for (const char* option : {"--model", "--protocol", "--assumed"}) CHECK(all.find(option) != std::string::npos);
  request = {};
  request.protocol = "blind";
  request.assumed = .3;
  CHECK(refusal(request).find("--assumed") != std::string::npos);
  request = {};
  request.model = "double_well";
  request.duration = 1e8;
  CHECK(refusal(request).find("--duration") != std::string::npos);
  CHECK_THROWS_AS(run_bit(request), InputError);
}

TEST_CASE("sweeps that are none are refused", "[lab][bit][bad]") {
  for (const char* text :
       {"", "duration", "duration=", "duration=1:2", "duration=1:2:log", "duration=1:2:cubic:3", "colour=1:2:lin:3",
        "duration=a:2:lin:3", "duration=1:2:lin:1", "duration=1:2:lin:2.5", "duration=1:2:lin:99999",
        "duration=0:2:log:3", "duration=-1:2:log:3", "duration=1:inf:lin:3", "duration=1:2:lin:3:4"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_sweep(text), InputError);
  }
}

TEST_CASE("a user's schedule is what it says: the four stages written out give the same paths", "[lab][bit]") {
  const std::string file = (std::filesystem::temp_directory_path() / "szilard_bit_lab_schedule.yaml").string();
  szilard::support::write_file(file,
                               "knots:\n"
                               "  - {at: 0, potential: [0, -20, 0, 10]}\n"
                               "  - {at: 0.25, potential: [0, 0, 0, 10]}\n"
                               "  - {at: 0.5, potential: [-16, 0, 0, 10]}\n"
                               "  - {at: 0.75, potential: [-16, -20, 0, 10]}\n"
                               "  - {at: 1, potential: [0, -20, 0, 10]}\n");
  BitRequest request = quick("double_well", 1);
  const BitResult built_in = run_bit(request);
  request.schedule = file;
  const BitResult own = run_bit(request);
  CHECK(own.mean_work_kT == Approx(built_in.mean_work_kT).epsilon(1e-9));
  CHECK(own.floor_kT == Approx(built_in.floor_kT).epsilon(1e-9));
  // Wells of unlike depth: the cost of the deeper one's neighbour belongs to the floor, and to Jarzynski's weights.
  szilard::support::write_file(file,
                               "divide: 0\n"
                               "knots:\n"
                               "  - {at: 0, potential: [-1.5, -6, 0, 3]}\n"
                               "  - {at: 0.5, potential: [-4, 1, 0, 3]}\n"
                               "  - {at: 1, potential: [-1.5, -6, 0, 3]}\n");
  request = quick("double_well", 3, .5);
  request.paths = 20000;
  request.schedule = file;
  const BitResult uneven = run_bit(request);
  CHECK(uneven.mean_work_kT > uneven.floor_kT - 4 * *uneven.standard_error_kT);
  CHECK(uneven.floor_kT < std::log(2.0));  // it may even yield work: half the bits start in the shallow well
  CHECK(std::abs(*uneven.jarzynski_average - 1) < 4.5 * uneven.jarzynski_standard_error.value_or(1e-6));
  std::filesystem::remove(file);
}

TEST_CASE("schedules that are none are refused with their place", "[lab][bit][bad]") {
  for (const char* text :
       {"", "[]", "divide: 0\n", "knots: 5\n", "knots: []\n", "knots: [{at: 0, potential: [0, 1]}]\n",
        "knots: [{at: 0, potential: [0, 1]}, {at: 0.5, potential: [0, 1]}]\n",
        "knots: [{at: 0, potential: [0, 1]}, {at: 1, potential: [0, -1]}]\n",
        "knots: [{at: 0, potential: [0, 1]}, {at: 1, potential: [0, 1, 1]}]\n",
        "knots: [{at: 0, potential: [0, 1]}, {at: 1, potential: []}]\n",
        "knots: [{at: 0, potential: [0, 1]}, {at: 1, potential: [0, x]}]\n",
        "knots: [{at: 0, potential: [0, 1]}, {at: 1, potential: [0, 1, 0, 0, 0, 0, 0, 1]}]\n",
        "knots: [{at: 0, potential: [0, 1]}, {at: 1}]\n", "knots: [{at: 0, potential: [0, 1]}, 7]\n",
        "knots: [{at: 0, potential: [0, 1], colour: red}, {at: 1, potential: [0, 1]}]\n",
        "divide: 99\nknots: [{at: 0, potential: [0, 1]}, {at: 1, potential: [0, 1]}]\n",
        "time: 0\nknots: [{at: 0, potential: [0, 1]}, {at: 1, potential: [0, 1]}]\n"}) {
    INFO(text);
    CHECK_THROWS_AS(szilard::scenario::parse_schedule(text, "s.yaml"), InputError);
  }
  CHECK_NOTHROW(
      szilard::scenario::parse_schedule("knots: [{at: 0, potential: [0, 1]}, {at: 1, potential: [0, 1]}]\n", "s.yaml"));
  BitRequest request;
  request.schedule = "no_such_file.yaml";
  CHECK(refusal(request).find("--schedule") != std::string::npos);  // two_level
  request.model = "double_well";
  request.tilt = 3;
  CHECK(refusal(request).find("--schedule") != std::string::npos);
  request.tilt.reset();
  CHECK_THROWS_AS(run_bit(request), InputError);
}

TEST_CASE("a device's bit costs its cited figures as often as it is 1", "[lab][bit][device]") {
  setenv("SZILARD_TECHNOLOGY", SZILARD_SOURCE_DIR "/scenarios/technology", 1);
  const double kt_j = 1.380649e-23 * 300;
  const struct {
    const char* model;
    double joules;
  } devices[] = {{"cmos_latch", 2.1e-15 * 0.9 * 0.9}, {"memristive_threshold", 2.75e-9}, {"optical_bistable", 1.6e-12}};
  for (const auto& device : devices) {
    for (double bias : {0.0, 0.2, 1.0}) {
      INFO(device.model << ", bias " << bias);
      BitRequest request = quick(device.model, 1, bias);
      request.duration.reset();
      const BitResult result = run_bit(request);
      const double each_kT = device.joules / kt_j;
      CHECK(*result.exact_work_kT == Approx(bias * each_kT).epsilon(1e-6).margin(1e-30));
      CHECK(std::abs(result.mean_work_kT - bias * each_kT) <= 4 * *result.standard_error_kT + 1e-6 * each_kT);
      CHECK(*result.mean_heat_kT == Approx(result.mean_work_kT).epsilon(1e-9));
      CHECK(*result.first_law_residual < 1e-9);
      const double error = bias * result.device->error_probability;
      CHECK(std::abs(1 - result.success_probability - error) <= 4 * std::sqrt(error / 4000) + 1e-3);
      CHECK_FALSE(result.jarzynski_average);
      const Json json = Json::parse(bit_json(request, result));
      CHECK(json.at("jarzynski_average").is_null());
      CHECK(json.at("device").at("set_time_s").get<double>() >= 0);
      CHECK(json.at("duration").is_null());
    }
  }
  BitRequest cold = quick("cmos_latch", 1, 0.5), warm = cold;
  cold.temperature_k = 30;
  CHECK(run_bit(cold).mean_work_kT == Approx(10 * run_bit(warm).mean_work_kT).epsilon(1e-9));
}

TEST_CASE("a device's figures may come from another preset, which must give them", "[lab][bit][device][bad]") {
  setenv("SZILARD_TECHNOLOGY", SZILARD_SOURCE_DIR "/scenarios/technology", 1);
  BitRequest request = quick("cmos_latch", 1);
  request.preset = "sense_amplifier_28nm_metastable";
  CHECK(run_bit(request).mean_work_kT > 0);
  request.preset = "threshold_switch_vox2025";  // has no latch
  CHECK(refusal(request).find("latch_supply") != std::string::npos);
  request.preset = "no_such";
  CHECK_FALSE(refusal(request).empty());
  request.preset = "rram_wan2022";
  CHECK_FALSE(refusal(request).empty());
  request.model = "two_level";
  CHECK(refusal(request).find("--preset") != std::string::npos);
  request = quick("optical_bistable", 1);
  for (double kelvin : {0.0, -1.0, 1e9}) {
    request.temperature_k = kelvin;
    CHECK(refusal(request).find("--temperature") != std::string::npos);
  }
}
