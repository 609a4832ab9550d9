// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "models/support/diagnostics.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/lab/crossbar_lab.hpp"

using namespace szilard;
using lab::CrossbarRequest;

namespace {

/// A directory with G.npy (4 x 4) and V.npy (4) of the worked example.
struct Bench {
  Bench() : directory(std::string(SZILARD_BINARY_DIR) + "/crossbar_lab_" + std::to_string(getpid())) {
    std::filesystem::create_directories(directory);
    std::vector<double> g;
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j) g.push_back(1e-5 * (1 + (3 * i + 5 * j) % 7));
    request.conductance = write("G", {4, 4}, g);
    request.voltage = write("V", {4}, {0.1, 0.2, -0.1, 0.3});
  }
  ~Bench() { std::filesystem::remove_all(directory); }
  std::string write(const std::string& name, const std::vector<std::int64_t>& shape,
                    const std::vector<double>& values) const {
    dataset::write_npy(directory + "/" + name + ".npy", shape, values.data());
    return directory + "/" + name + ".npy";
  }
  std::string text(const std::string& name, const std::string& content) const {
    std::ofstream(directory + "/" + name) << content;
    return directory + "/" + name;
  }
  lab::CrossbarResult run() const { return lab::run_crossbar(request, lab::load_crossbar(request)); }
  support::DiagnosticCode error() const {
    try {
      run();
    } catch (const support::InputError& error) {
      CHECK_FALSE(error.diagnostics().front().message.empty());
      return error.diagnostics().front().code;
    }
    return support::DiagnosticCode::environment;
  }

  std::string directory;
  CrossbarRequest request;
};

}  // namespace

TEST_CASE("the worked example's files yield its currents and powers", "[lab]") {
  Bench bench;
  bench.request.wire_resistance = "10 ohm";
  const lab::Crossbar crossbar = lab::load_crossbar(bench.request);
  const lab::CrossbarResult result = lab::run_crossbar(bench.request, crossbar);
  lab::write_crossbar(bench.directory + "/out", crossbar, result);
  const dataset::Array currents = dataset::read_array(bench.directory + "/out/currents.npy");
  REQUIRE(currents.shape() == std::vector<std::int64_t>{1, 4});
  CHECK(currents.at(0) == Approx(10.95965e-6).epsilon(1e-6));
  CHECK(currents.at(3) == Approx(22.85629e-6).epsilon(1e-6));
  for (const char* name : {"/out/word_voltages.npy", "/out/bit_voltages.npy"})
    CHECK(dataset::read_array(bench.directory + name).shape() == std::vector<std::int64_t>{1, 4, 4});
  std::ifstream in(bench.directory + "/out/summary.json");
  const nlohmann::json summary = nlohmann::json::parse(in);
  CHECK(summary.at("supply_power_W").get<double>() == Approx(22.598137e-6).epsilon(3e-8));
  CHECK(summary.at("cell_power_W").get<double>() + summary.at("wire_power_W").get<double>() ==
        Approx(summary.at("supply_power_W").get<double>()).epsilon(1e-11));
  CHECK(summary.at("residual").get<double>() <= 1e-12);
  CHECK(summary.at("iterations").get<int>() >= 1);
  CHECK(summary.at("wall_s").get<double>() > 0);
}

TEST_CASE("powers are means over the samples, and each sample is its own row of currents", "[lab]") {
  Bench bench;
  bench.request.wire_resistance = "10 ohm";
  const lab::CrossbarResult one = bench.run();
  bench.request.voltage = bench.write("V3", {3, 4}, {0.1, 0.2, -0.1, 0.3, 0, 0, 0, 0, 0.2, 0.4, -0.2, 0.6});
  const lab::CrossbarResult three = bench.run();
  REQUIRE(three.solution.column_currents_a.size() == 12);
  CHECK(three.solution.column_currents_a[4] == 0);
  CHECK(three.solution.column_currents_a[8] == Approx(2 * one.solution.column_currents_a[0]).epsilon(1e-11));
  CHECK(three.mean_power.supply_w == Approx((1 + 4) / 3.0 * one.mean_power.supply_w).epsilon(1e-11));
}

TEST_CASE("terminals, both ends and cell laws change the currents as they must", "[lab]") {
  Bench bench;
  bench.request.wire_resistance = "10 ohm";
  const double plain = bench.run().mean_power.supply_w;
  bench.request.driver_resistance = "1 kohm";
  const double weak = bench.run().mean_power.supply_w;
  CHECK(weak < plain);
  bench.request.both_ends = true;
  CHECK(bench.run().mean_power.supply_w > weak);
  bench.request.sense_resistance = "2 kohm";
  const double sensed = bench.run().mean_power.supply_w;
  bench.request.sense_both_ends = true;
  CHECK(bench.run().mean_power.supply_w > sensed);
  const double linear = bench.run().mean_power.supply_w;
  bench.request.cell = "cubic:2";
  CHECK(bench.run().mean_power.supply_w > linear);
  bench.request.cell = "sinh:0.1 V";
  CHECK(bench.run().mean_power.supply_w > linear);
  bench.request.cell = "table:" + bench.text("t.csv", "voltage_V,current_V\n# a line\n-1,-1\r\n 0 , 0 \n1,1\n");
  CHECK(bench.run().mean_power.supply_w == Approx(linear).epsilon(1e-11));
}

TEST_CASE("the heat map is a picture", "[lab]") {
  Bench bench;
  const lab::Crossbar crossbar = lab::load_crossbar(bench.request);
  lab::plot_crossbar(bench.directory + "/map.svg", crossbar, lab::run_crossbar(bench.request, crossbar));
  CHECK(std::filesystem::file_size(bench.directory + "/map.svg") > 1000);
}

TEST_CASE("conductances of a wrong shape or value are refused", "[lab]") {
  Bench bench;
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  bench.request.conductance = bench.directory + "/none.npy";
  CHECK(bench.error() == support::DiagnosticCode::file_not_found);
  bench.request.conductance = bench.write("flat", {16}, std::vector<double>(16, 1e-5));
  CHECK(bench.error() == support::DiagnosticCode::shape_mismatch);
  bench.request.conductance = bench.write("deep", {4, 2, 2}, std::vector<double>(16, 1e-5));
  CHECK(bench.error() == support::DiagnosticCode::shape_mismatch);
  bench.request.conductance = bench.write("empty", {0, 4}, {});
  CHECK(bench.error() == support::DiagnosticCode::shape_mismatch);
  bench.request.conductance = bench.write("three", {3, 4}, std::vector<double>(12, 1e-5));
  CHECK(bench.error() == support::DiagnosticCode::shape_mismatch);
  for (const auto& [bad, code] : {std::pair{-1e-9, support::DiagnosticCode::out_of_range},
                                  {nan, support::DiagnosticCode::non_finite},
                                  {infinity, support::DiagnosticCode::non_finite},
                                  {1e20, support::DiagnosticCode::out_of_range}}) {
    std::vector<double> g(16, 1e-5);
    g[6] = bad;
    bench.request.conductance = bench.write("bad", {4, 4}, g);
    CHECK(bench.error() == code);
  }
  bench.request.conductance = bench.text("text.npy", "not an array");
  CHECK(bench.error() == support::DiagnosticCode::file_format);
}

TEST_CASE("voltages of a wrong shape or value are refused", "[lab]") {
  Bench bench;
  bench.request.voltage = bench.write("short", {3}, {1, 2, 3});
  CHECK(bench.error() == support::DiagnosticCode::shape_mismatch);
  bench.request.voltage = bench.write("turned", {4, 1}, {1, 2, 3, 4});
  CHECK(bench.error() == support::DiagnosticCode::shape_mismatch);
  bench.request.voltage = bench.write("none", {0, 4}, {});
  CHECK(bench.error() == support::DiagnosticCode::shape_mismatch);
  bench.request.voltage = bench.write("nan", {4}, {1, 2, 3, std::nan("")});
  CHECK(bench.error() == support::DiagnosticCode::non_finite);
  bench.request.voltage = bench.write("huge", {4}, {1, 2, 3, 1e300});
  CHECK(bench.error() == support::DiagnosticCode::out_of_range);
}

TEST_CASE("resistances without unit, negative, infinite or beyond measure are refused", "[lab]") {
  for (const char* option : {"wire", "driver", "sense"}) {
    Bench bench;
    std::string& text = option == std::string("wire")     ? bench.request.wire_resistance
                        : option == std::string("driver") ? bench.request.driver_resistance
                                                          : bench.request.sense_resistance;
    INFO(option);
    for (const char* unit : {"10", "10 V", "10 bananas"}) {
      text = unit;
      CHECK(bench.error() == support::DiagnosticCode::wrong_unit);
    }
    for (const char* number : {"", "ohm", "nan ohm", "inf ohm", "1e400 ohm"}) {
      text = number;
      CHECK((bench.error() == support::DiagnosticCode::bad_number ||
             bench.error() == support::DiagnosticCode::wrong_unit));
    }
    text = "-1 ohm";
    CHECK(bench.error() == support::DiagnosticCode::out_of_range);
  }
  Bench bench;
  bench.request.wire_resistance = "1e40 ohm";
  CHECK(bench.error() == support::DiagnosticCode::out_of_range);
}

TEST_CASE("laws of a cell that do not exist or fall are refused", "[lab]") {
  Bench bench;
  for (const char* cell : {"", "diode", "linear:1", "sinh", "sinh:", "cubic:", "table:"}) {
    bench.request.cell = cell;
    CHECK(bench.error() == support::DiagnosticCode::unknown_choice);
  }
  for (const char* cell : {"sinh:0 V", "sinh:-1 V", "cubic:-1"}) {
    bench.request.cell = cell;
    CHECK(bench.error() == support::DiagnosticCode::out_of_range);
  }
  bench.request.cell = "sinh:0.1";
  CHECK(bench.error() == support::DiagnosticCode::wrong_unit);
  bench.request.cell = "table:" + bench.directory + "/none.csv";
  CHECK(bench.error() == support::DiagnosticCode::file_not_found);
  for (const char* table : {"0,0\n1,x\n", "0,0\n1\n", "0,0\n1,1,2\n", "0,0\nnan,1\n"}) {
    bench.request.cell = "table:" + bench.text("bad.csv", table);
    CHECK(bench.error() == support::DiagnosticCode::bad_number);
  }
  for (const char* table : {"", "0,0\n", "0,0\n0,1\n", "0,0\n1,1\n2,0.5\n"}) {
    bench.request.cell = "table:" + bench.text("bad.csv", table);
    CHECK(bench.error() == support::DiagnosticCode::out_of_range);
  }
}
