// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/support/diagnostics.hpp"
#include "sim/study/store.hpp"
#include "sim/study/study.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard;
using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

/// A finished study with these energies and accuracies, two seeds a point that differ by +- `spread`.
void make_study(const std::string& folder, const std::vector<std::pair<double, double>>& points, double spread = 0) {
  study::StudyHeader header;
  header.name = "made";
  header.axes = {"temperature"};
  header.seeds = {1, 2};
  header.runs = 2 * points.size();
  const auto store = study::Store::prepare(folder + "/study.sqlite", header, [](std::size_t point) {
    return std::vector<std::string>{std::to_string(point) + " K"};
  });
  while (const auto claim = store->claim(0, 1e9)) {
    const auto& [energy, accuracy] = points[std::size_t(claim->id) / 2];
    const double sign = claim->id % 2 ? 1 : -1;
    study::Outcome outcome;
    outcome.address = std::to_string(claim->id);
    outcome.metrics = {{"p.accuracy", "p.energy.per_inference_J", "p.cycles"}, {accuracy + sign * spread, energy, 7}};
    REQUIRE(store->commit(*claim, outcome));
  }
}

Json front_of(const std::string& folder, study::ParetoOptions options = {}) {
  std::ostringstream out;
  options.format = study::ResultsFormat::json;
  study::print_pareto(out, folder, options);
  return Json::parse(out.str());
}

}  // namespace

TEST_CASE("the front is what nothing beats in both metrics", "[study][pareto]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{3e-9, 0.98}, {1e-9, 0.90}, {2e-9, 0.89}, {2e-9, 0.95}, {4e-9, 0.97}, {1e-9, 0.90}});
  const Json json = front_of(folder.path());
  CHECK(json.at("candidates") == 6);
  std::vector<std::string> kelvin;
  for (const Json& entry : json.at("front")) kelvin.push_back(entry.at("axes").at("temperature"));
  CHECK(kelvin == std::vector<std::string>{"1 K", "5 K", "3 K", "0 K"});  // equal ones both stay
}

TEST_CASE("points are means over seeds, with Student's interval", "[study][pareto]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{1e-9, 0.9}}, 0.01);
  const Json entry = front_of(folder.path()).at("front").at(0);
  CHECK(entry.at("y").get<double>() == Approx(0.9));
  // Two values 0.02 apart: standard error 0.01, t of one degree of freedom 12.706.
  CHECK(entry.at("y_ci95").get<double>() == Approx(0.12706).epsilon(1e-4));
  CHECK(entry.at("x_ci95") == 0);
  CHECK(entry.at("runs") == 2);
}

TEST_CASE("any path in a platform's summary is a metric, and a picture is drawn", "[study][pareto]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{1e-9, 0.9}, {2e-9, 0.95}});
  study::ParetoOptions options;
  options.x = "cycles";
  options.plot = folder.path("front.svg");
  CHECK(front_of(folder.path(), options).at("front").size() == 1);
  CHECK(read_file(folder.path("front.svg")).find("<svg") != std::string::npos);
}

TEST_CASE("unknown metrics, pictures of other kinds and folders without a study are refused", "[study][pareto][bad]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{1e-9, 0.9}});
  study::ParetoOptions options;
  options.x = "engery";
  try {
    front_of(folder.path(), options);
    FAIL("taken");
  } catch (const support::InputError& error) {
    CHECK(error.diagnostics().front().hint == "did you mean 'energy'?");
  }
  options = {};
  options.plot = folder.path("front.bmp");
  CHECK_THROWS_AS(front_of(folder.path(), options), support::InputError);
  CHECK_THROWS_AS(front_of(folder.path("nowhere")), support::InputError);
}

TEST_CASE("a study of a million rows answers in seconds", "[study][.nightly]") {
  const TemporaryFolder folder;
  study::StudyHeader header;
  header.name = "large";
  header.axes = {"a", "b"};
  header.seeds = {1};
  header.runs = 1'000'000;
  study::Store::prepare(folder.path("study.sqlite"), header, [](std::size_t point) {
    return std::vector<std::string>{std::to_string(point / 1000), std::to_string(point % 1000)};
  });
  {
    study::Database database(folder.path("study.sqlite"), study::Database::Mode::write);
    database.run("INSERT INTO layouts(id, names) VALUES(1, '[\"p.accuracy\", \"p.energy.per_inference_J\"]')");
    database.run("UPDATE points SET state = 2, address = 'x' || id, seconds = 0.1, host = 'h', started = 0");
    database.run("INSERT INTO results(address, layout, metrics) SELECT 'x' || id, 1, randomblob(16) FROM points");
  }
  const auto answers = [&](const char* what, const auto& ask) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    std::ostringstream out;
    ask(out);
    const double cpu_s = double(std::clock() - cpu) / CLOCKS_PER_SEC;
    WARN(what << ": " << std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() << " s, "
              << cpu_s << " s of processor time");
    CHECK(cpu_s < 10);
    return out.str();
  };
  const std::string csv = answers("a million rows as CSV", [&](std::ostream& out) {
    study::print_results(out, folder.path(), study::ResultsFormat::csv, false);
  });
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1'000'001);
  answers("a million rows as a table",
          [&](std::ostream& out) { study::print_results(out, folder.path(), study::ResultsFormat::table, false); });
  answers("their front", [&](std::ostream& out) { study::print_pareto(out, folder.path(), {}); });
  answers("their spread", [&](std::ostream& out) {
    study::print_spread(out, folder.path(), {{"accuracy"}, {}, {}, {}});
  });
}
