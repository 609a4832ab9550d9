// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
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

/// Accuracy of each point and seed; energy is 1 nJ at all of them. NaN: that run failed.
void make_study(const std::string& folder, const std::vector<std::vector<double>>& points) {
  study::StudyHeader header;
  header.name = "made";
  header.axes = {"temperature"};
  for (std::size_t s = 0; s < points.front().size(); ++s) header.seeds.push_back(s + 1);
  header.runs = points.size() * header.seeds.size();
  const auto store = study::Store::prepare(folder + "/study.sqlite", header, [](std::size_t point) {
    return std::vector<std::string>{std::to_string(250 + 50 * point) + " K"};
  });
  while (const auto claim = store->claim(0, 1e9)) {
    const std::size_t id = std::size_t(claim->id);
    const double accuracy = points[id / header.seeds.size()][id % header.seeds.size()];
    study::Outcome outcome;
    outcome.address = std::to_string(id);
    outcome.metrics = {{"p.accuracy", "p.energy.per_inference_J"}, {accuracy, 1e-9}};
    if (std::isnan(accuracy)) outcome.state = study::Outcome::State::failed;
    REQUIRE(store->commit(*claim, outcome));
  }
}

Json spread(const std::string& folder, study::SpreadOptions options = {}) {
  std::ostringstream out;
  options.format = study::ResultsFormat::json;
  study::print_spread(out, folder, options);
  return Json::parse(out.str()).at("rows");
}

}  // namespace

TEST_CASE("each point and metric has its mean, interval and deviation over seeds", "[study][spread]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{0.90, 0.92, 0.94}, {0.95, 0.95, 0.95}});
  const Json rows = spread(folder.path());
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].at("metric") == "p.accuracy");
  CHECK(rows[0].at("mean").get<double>() == Approx(0.92));
  CHECK(rows[0].at("deviation").get<double>() == Approx(0.02));
  CHECK(rows[0].at("ci95").get<double>() ==
        Approx(4.302653 * 0.02 / std::sqrt(3.0)).epsilon(1e-6));  // t of two degrees of freedom
  CHECK(rows[0].at("most").get<double>() == 0.94);
  CHECK(rows[2].at("deviation").get<double>() == Approx(0).margin(1e-15));
}

TEST_CASE("differences from a point are paired seed by seed, so that what seeds share is not spread",
          "[study][spread]") {
  const TemporaryFolder folder;
  // Seeds differ by 0.1; points by 0.01 in every seed, or by nothing but noise.
  make_study(folder.path(), {{0.7, 0.8, 0.9, 0.95}, {0.71, 0.811, 0.909, 0.96}, {0.72, 0.79, 0.91, 0.94}});
  study::SpreadOptions options;
  options.against = 1;
  options.metrics = {"accuracy"};
  const Json rows = spread(folder.path(), options);
  REQUIRE(rows.size() == 3);
  CHECK_FALSE(rows[0].contains("difference"));
  CHECK(rows[1].at("difference").get<double>() == Approx(0.01));
  CHECK(rows[1].at("significant") == true);
  CHECK(rows[2].at("significant") == false);
}

TEST_CASE("tables and CSV have a cell in every column, also where there is nothing to compare", "[study][spread]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{0.90, 0.92}, {std::nan(""), std::nan("")}, {0.95, 0.96}});
  const ProcessResult table = run_szilard({"results", folder.path(), "--spread", "--against", "1"});
  CHECK(table.code == 0);
  CHECK(table.out.find("significant") != std::string::npos);
  const ProcessResult csv = run_szilard({"results", folder.path(), "--spread", "--against", "1", "--csv"});
  REQUIRE(csv.code == 0);
  std::istringstream lines(csv.out);
  std::string line;
  while (std::getline(lines, line)) CHECK(std::count(line.begin(), line.end(), ',') == 14);
}

TEST_CASE("a failed run takes its seed out of the pairs", "[study][spread]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{0.1, 0.2, 0.4}, {std::nan(""), 0.3, 0.5}});
  study::SpreadOptions options;
  options.against = 1;
  options.metrics = {"p.accuracy"};
  const Json rows = spread(folder.path(), options);
  CHECK(rows[1].at("runs") == 2);
  CHECK(rows[1].at("difference").get<double>() == Approx(0.1));
}

TEST_CASE("a picture shows every metric asked for, as SVG and as PNG", "[study][spread]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{0.90, 0.92}, {0.95, 0.96}});
  study::SpreadOptions options;
  options.plot = folder.path("spread.svg");
  spread(folder.path(), options);
  const std::string svg = read_file(options.plot);
  CHECK(svg.find("<svg") != std::string::npos);
  options.plot = folder.path("spread.png");
  spread(folder.path(), options);
  CHECK(read_file(options.plot).substr(1, 3) == "PNG");
}

TEST_CASE("unknown metrics, points that are none, single seeds and pictures of other kinds are refused",
          "[study][spread][bad]") {
  const TemporaryFolder folder;
  make_study(folder.path(), {{0.90, 0.92}});
  const auto refused = [&](const study::SpreadOptions& options) {
    CHECK_THROWS_AS(spread(folder.path(), options), support::InputError);
  };
  refused({{"acuracy"}, {}, {}, {}});
  refused({{"q.accuracy"}, {}, {}, {}});
  refused({{}, 2, {}, {}});
  refused({{}, 0, {}, {}});
  refused({{}, {}, {}, folder.path("x.gif")});
  const TemporaryFolder single;
  make_study(single.path(), {{0.9}, {0.8}});
  study::SpreadOptions options;
  options.against = 1;
  CHECK_THROWS_AS(spread(single.path(), options), support::InputError);
  CHECK(run_szilard({"results", folder.path(), "--against", "1"}).code == 2);  // without --spread
  CHECK(run_szilard({"results", folder.path(), "--spread", "--all"}).code == 2);
}
