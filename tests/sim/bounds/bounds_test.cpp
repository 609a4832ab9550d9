// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/bounds/bounds.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/bounds/gate_entropy.hpp"
#include "sim/bounds/photon_gas.hpp"

using namespace szilard::bounds;
using szilard::support::InputError;

namespace {

std::vector<BoundRow> all_rows() {
  std::vector<BoundRow> rows = general_rows(300);
  for (const std::string& name : workload_names())
    for (const BoundRow& row : workload_rows(load_workload(name))) rows.push_back(row);
  return rows;
}

const BoundRow& row(const std::vector<BoundRow>& rows, const std::string& id) {
  for (const BoundRow& r : rows)
    if (r.id == id) return r;
  throw std::runtime_error("no row " + id);
}

const std::string kInference = "kind: inference\nparameters: 1e9\nneurons: 1000\n";

std::string refusal(const std::string& text) {
  try {
    parse_workload(text, "w.yaml");
    return "";
  } catch (const InputError& error) {
    std::string all;
    for (const auto& diagnostic : error.diagnostics()) all += szilard::support::to_string(diagnostic) + "\n";
    return all;
  }
}

}  // namespace

TEST_CASE("the rows hold the recomputed figures of the papers", "[bounds]") {
  const std::vector<BoundRow> rows = all_rows();
  struct Expected {
    const char* id;
    double formula, corrected;
  };
  // physics.md, sections 1 and 2, to the digits given there.
  for (const Expected& e : std::vector<Expected>{{"R1.landauer", 2.871e-21, 2.871e-21},
                                                 {"R1.landauer_brain", 2.967e-21, 2.967e-21},
                                                 {"R2.flop16", 4.594e-20, 4.594e-20},
                                                 {"R3.flop32", 9.187e-20, 9.187e-20},
                                                 {"R4.ratio_v2", 1.09e7, 1.09e7},
                                                 {"R4.ratio_v1", 1.09e8, 1.09e8},
                                                 {"R30.coefficient", 66.54, 66.54},
                                                 {"R31.coefficient", 33.27, 33.27},
                                                 {"D29.energy_per_flop", 20, 20},
                                                 {"D8.gate", 1.1887, 1.1887},
                                                 {"D8.full_adder", 1.1887, 1.1887},
                                                 {"D8.multiplier_4_gates", 24.55, 24.55},
                                                 {"D8.multiplier_8_gates", 110.9, 110.9},
                                                 {"D8.bits_per_flop", 16, 474.4},
                                                 {"D8.multiplier_16_energy", 4.594e-20, 1.36e-18},
                                                 {"D8.multiplier_4_word", 1.912, 1.912},
                                                 {"D8.multiplier_8_word", 2.295, 2.295},
                                                 {"R37.total_4K", 2.87e-15, 2.87e-15},
                                                 {"D22.refrigerator_4K", 2.87e-15, 28.4e-15},
                                                 {"R35.current", .065, 4},
                                                 {"R35.landauer", 5.97e-9, 5.97e-9},
                                                 {"R35.dynamic", 1.011e-14, 1.011e-14},
                                                 {"R35.quasi_static", 0, 0},
                                                 {"D5.landauer_6n", 1.79e-8, 1.79e-8},
                                                 {"D5.landauer_100n", 2.69e-8, 2.69e-8},
                                                 {"D5.neurons", 3.48e6, 3.48e6},
                                                 {"D5.dynamic_gated", 5.06e-15, 5.06e-15},
                                                 {"D5.dynamic_sparse", 2.9e-15, 2.9e-15},
                                                 {"R36.current", .237, .475},
                                                 {"R36.landauer", 1.02e-8, 1.02e-8},
                                                 {"R36.analog", 5.56e-9, 5.56e-9},
                                                 {"R31.ratio", 1.83, 1.83},
                                                 {"D6.landauer_rounded", 1.53e-8, 1.02e-8},
                                                 {"D6.analog_active", 3.07e-10, 3.07e-10},
                                                 {"D6.landauer_low_precision", 5.10e-9, 5.10e-9},
                                                 {"D6.ratio_low_precision", .917, .917},
                                                 {"R14.upper", 3.37e21, 3.37e21},
                                                 {"R14.lower", 1e12, 8.08e12},
                                                 {"D4.lower_long_cycle", 1e12, 4.69e12},
                                                 {"R41.photon_entropy", 5.196, 5.196},
                                                 {"R42.temperature_ratio", 22.748, 22.748},
                                                 {"R42.solar_photon", 113.0, 113.0},
                                                 {"D24.solar_photon_printed", 121.8, 113.0},
                                                 {"D24.solar_photon_all", 118.2, 118.2},
                                                 {"D24.solar_photon_carnot", 84.75, 84.75},
                                                 {"R43.deep_space", 1389, 1389},
                                                 {"R44.flux", 1.311e23, 1.311e23},
                                                 {"R45.flux", 7.74e19, 7.74e19},
                                                 {"R45.weaker", 1.67e5, 1.67e5},
                                                 {"R45.flux_ratio", 1.7e3, 1.7e3},
                                                 {"D26.flux", 7.74e19, 1.34e18},
                                                 {"R46.area_earth", .763e-6, .763e-6},
                                                 {"R46.area_space", 12.9e-4, 12.9e-4},
                                                 {"R47.glucose", 278.4, 278.4},
                                                 {"R47.atp", 17.75, 17.75},
                                                 {"R48.flux", 5.244e37, 5.244e37},
                                                 {"R48.biosphere", .00227, .00211},
                                                 {"R49.protein", .00833, .00898},
                                                 {"R49.rate", 9.93e31, 9.93e31},
                                                 {"R50.humanity", 2.787e32, 2.787e32},
                                                 {"R50.technosphere", 6.97e33, 6.97e33},
                                                 {"R50.computing", 3.2e23, 3.2e23},
                                                 {"D27.computing_low", 1.6e23, 1.6e23},
                                                 {"R50.biosphere_ratio", 17.1, 15.9},
                                                 {"R51.biosphere", .833e-3, .833e-3},
                                                 {"R51.humanity", 2.87e-6, 2.87e-6},
                                                 {"R51.technosphere", 1.44e-10, 4.6e-11},
                                                 {"D28.brains_low", 8e21, 8e21},
                                                 {"D28.brains_high", 2.4e31, 2.4e31},
                                                 {"D25.ratio", 4.0 / 3, 4.0 / 3},
                                                 {"D23.free_bit", -1, 0}}) {
    INFO(e.id);
    const BoundRow& found = row(rows, e.id);
    REQUIRE(found.from_formula);
    REQUIRE(found.corrected);
    CHECK(*found.from_formula == Approx(e.formula).epsilon(.005));
    CHECK(*found.corrected == Approx(e.corrected).epsilon(.005));
  }
}

TEST_CASE("what the papers print stands beside it, unchanged", "[bounds]") {
  const std::vector<BoundRow> rows = all_rows();
  for (const auto& [id, printed] : std::vector<std::pair<const char*, double>>{{"R35.current", 4},
                                                                               {"R35.landauer", 5e-8},
                                                                               {"R35.dynamic", 1e-14},
                                                                               {"R35.quasi_static", 0},
                                                                               {"R36.current", .2},
                                                                               {"R36.landauer", 5e-8},
                                                                               {"R36.analog", 5e-9},
                                                                               {"R14.upper", 3e21},
                                                                               {"R14.lower", 1e12},
                                                                               {"R41.photon_entropy", 5.6},
                                                                               {"R48.flux", 5e37},
                                                                               {"R30.coefficient", 100}}) {
    INFO(id);
    REQUIRE(row(rows, id).paper);
    CHECK(*row(rows, id).paper == printed);
  }
  CHECK(!row(rows, "D8.gate").paper);
}

TEST_CASE("ids are unique and begin with a requirement or discrepancy, every row says what it assumes", "[bounds]") {
  const std::vector<BoundRow> rows = all_rows();
  CHECK_NOTHROW(check_ids(rows));
  for (const BoundRow& r : rows) {
    INFO(r.id);
    CHECK((r.id[0] == 'R' || r.id[0] == 'D'));
    CHECK(r.id.find('.') != std::string::npos);
    CHECK(!r.quantity.empty());
    CHECK(!r.unit.empty());
    CHECK(!r.assumptions.empty());
  }
  for (const char* requirement :
       {"R1.",  "R2.",  "R3.",  "R4.",  "R5.",  "R14.", "R30.", "R35.", "R36.", "R37.", "R38.", "R39.",
        "R40.", "R41.", "R42.", "R43.", "R44.", "R45.", "R46.", "R47.", "R48.", "R49.", "R50.", "R51.",
        "D4.",  "D5.",  "D6.",  "D8.",  "D22.", "D23.", "D24.", "D25.", "D26.", "D27.", "D28.", "D29."}) {
    INFO(requirement);
    CHECK(std::any_of(rows.begin(), rows.end(), [&](const BoundRow& r) { return r.id.rfind(requirement, 0) == 0; }));
  }
}

TEST_CASE("every printed value of a workload belongs to a row of it", "[bounds]") {
  for (const std::string& name : workload_names()) {
    const Workload workload = load_workload(name);
    const std::vector<BoundRow> rows = workload_rows(workload);
    for (const auto& printed : workload.paper) {
      INFO(name << " " << printed.first);
      CHECK_NOTHROW(row(rows, printed.first));
    }
    for (const auto& input : workload.inputs) {
      INFO(name << " " << input.first);
      CHECK(!input.second.source.empty());
    }
  }
}

TEST_CASE("bounds in kT scale with the temperature, counts do not", "[bounds]") {
  for (const std::string& name : workload_names()) {
    const Workload workload = load_workload(name);
    const auto at = workload_rows(workload, 150), twice = workload_rows(workload, 300);
    for (std::size_t i = 0; i < at.size(); ++i)
      if (at[i].unit == "J" && at[i].id != "R35.current" && at[i].id != "R36.current") {
        INFO(at[i].id);
        CHECK(*twice[i].corrected == Approx(2 * *at[i].corrected));
      }
    CHECK(workload_rows(workload).size() == at.size());
  }
}

TEST_CASE("a user's workload is computed with its own inputs and nothing printed", "[bounds]") {
  const Workload workload = parse_workload(
      kInference + "temperature: 400 K\nactivity: 0.1\nbits_per_flop: {value: 8, source: mine, status: user}\n",
      "mine.yaml");
  const std::vector<BoundRow> rows = workload_rows(workload);
  const double bit = 1.380649e-23 * 400 * std::log(2.0);
  CHECK(*row(rows, "R35.landauer").from_formula == Approx(2e9 * 8 * bit));
  CHECK(*row(rows, "R35.dynamic").from_formula == Approx(1000 * 1.380649e-23 * 400 * .325083).epsilon(1e-5));
  CHECK(*row(rows, "R35.current").corrected == Approx(2e9 * 5e-13));
  CHECK(!row(rows, "R35.landauer").paper);
  CHECK(workload.name == "mine");
}

TEST_CASE("a network's bounds come from its counts", "[bounds]") {
  const std::vector<BoundRow> rows = network_rows({"net", 1000, 5000, 70}, 300);
  const double bit = 1.380649e-23 * 300 * std::log(2.0);
  CHECK(*row(rows, "R35.network_landauer").from_formula == Approx(2000 * 16 * bit));
  CHECK(*row(rows, "R35.network_landauer").corrected == Approx(10000 * 16 * bit));
  CHECK(*row(rows, "R35.network_dynamic").corrected == Approx(70 * bit));
}

TEST_CASE("JSON, CSV and table say the same", "[bounds]") {
  const std::vector<BoundRow> rows = {{"R1.a", "a \"quoted\", thing", "J", 1.5, {}, 2.25, "none, really"}};
  const auto json = nlohmann::json::parse(to_json(rows));
  CHECK(json["rows"][0]["paper"] == 1.5);
  CHECK(json["rows"][0]["from_formula"].is_null());
  CHECK(json["rows"][0]["quantity"] == "a \"quoted\", thing");
  CHECK(to_csv(rows) ==
        "id,quantity,unit,paper,from_formula,corrected,assumptions\nR1.a,\"a \"\"quoted\"\", "
        "thing\",\"J\",1.5,,2.25,\"none, really\"\n");
  std::ostringstream table;
  print_table(table, rows);
  CHECK(table.str().find("2.25") != std::string::npos);
}

TEST_CASE("photons carry 3.6016 k and 2.7012 kT", "[bounds]") {
  CHECK(photon_gas().entropy_nat == Approx(3.601571).epsilon(1e-6));
  CHECK(photon_gas().energy_kT == Approx(2.701178).epsilon(1e-6));
}

TEST_CASE("multipliers lose what enumeration of a small one shows, and samples are corrected", "[bounds]") {
  // 2 x 2 by hand: four AND gates; a half adder of two independent bits of 1/4, which joins its two single ones; and
  // one whose inputs its outputs still tell apart.
  CHECK(multiplier_gate_loss_bit(2) == Approx(4 * 1.1887219 + .375).margin(1e-6));
  CHECK(multiplier_word_loss_bit(2) ==
        Approx(4 - (7 * std::log2(16.0 / 7) + 1 * 4 + 2 * 3 + 2 * 3 + 1 * 4 + 2 * 3 + 1 * 4) / 16).margin(1e-9));
  const double few = multiplier_gate_loss_bit(16, 3000), many = multiplier_gate_loss_bit(16, 100000);
  CHECK(few == Approx(many).epsilon(.005));
  CHECK(many > multiplier_gate_loss_bit(8));
  CHECK_THROWS_AS(multiplier_gate_loss_bit(1), std::invalid_argument);
  CHECK_THROWS_AS(multiplier_gate_loss_bit(17), std::invalid_argument);
  CHECK_THROWS_AS(multiplier_gate_loss_bit(16, 1), std::invalid_argument);
  CHECK_THROWS_AS(multiplier_word_loss_bit(11), std::invalid_argument);
}

TEST_CASE("workloads that say nothing usable are refused with their place", "[bounds][bad]") {
  CHECK(refusal(kInference).empty());
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"", "map"},
           {"- a\n", "map"},
           {"parameters: 1\n", "'kind' is missing"},
           {"kind: guess\n", "no kind"},
           {"kind: inference\n", "'parameters' is missing"},
           {kInference + "neuron: 5\n", "did you mean 'neurons'"},
           {kInference + "temperature: 300\n", "unit"},
           {kInference + "temperature: 300 V\n", "temperature"},
           {kInference + "temperature: 0 K\n", "above 0"},
           {kInference + "activity: 1.5\n", "up to 1"},
           {kInference + "activity: -0.5\n", "above 0"},
           {kInference + "activity: lots\n", "activity"},
           {kInference + "activity: [0.5]\n", "a list"},
           {kInference + "activity: {source: me}\n", "'value' is missing"},
           {kInference + "activity: {value: 0.5, colour: red}\n", "unknown key 'colour'"},
           {kInference + "activity: {value: 0.5, status: guessed}\n", "status"},
           {kInference + "paper: 5\n", "map of row ids"},
           {kInference + "paper: {R35.current: much}\n", "printed value"},
           {kInference + "neurons: 7\n", "neurons"},
           {"kind: training\nparameters: 10\nactive_parameters: 20\ntokens: 5\n", "more parameters are active"},
           {"kind: training\nparameters: 10\nactive_parameters: 2\ntokens: 5\ngpu_time_h: 5\n", "written in h"},
           {"kind: brain\npower: 10 W\nneurons: 1e11\nfiring_rate: 200 Hz\n", "at most once"},
           {"kind: earth\nirradiance: 250 W\n", "W/m2"}}) {
    INFO(text);
    CHECK(refusal(text).find(what) != std::string::npos);
  }
  CHECK_THROWS_AS(load_workload("mars"), InputError);
  CHECK_THROWS_AS(load_workload("no/such/file.yaml"), InputError);
  CHECK_THROWS_AS(check_ids({{"R1.a", "", "", {}, {}, {}, ""}, {"R1.a", "", "", {}, {}, {}, ""}}), InputError);
}

TEST_CASE("temperatures that are none are refused", "[bounds][bad]") {
  const Workload brain = load_workload("brain");
  for (double t : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(general_rows(t), std::invalid_argument);
    CHECK_THROWS_AS(network_rows({}, t), std::invalid_argument);
    CHECK_THROWS_AS(workload_rows(brain, t), std::invalid_argument);
  }
}
