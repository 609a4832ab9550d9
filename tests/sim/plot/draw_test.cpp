// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>

#include "models/support/diagnostics.hpp"
#include "sim/plot/plot.hpp"

using namespace szilard;
using namespace szilard::plot;

namespace {

struct TemporaryFile {
  explicit TemporaryFile(const std::string& ending)
      : path(std::string(SZILARD_BINARY_DIR) + "/plot_test_" + std::to_string(getpid()) + ending) {}
  ~TemporaryFile() { std::remove(path.c_str()); }
  std::string bytes() const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string path;
};

Chart sample_chart() {
  Chart chart;
  chart.title = "Work against time";
  chart.x = {"switching time (ns)", Scale::logarithmic, {}, {}};
  chart.y = {"mean work (kT)", Scale::linear, {}, {}};
  Series measured{"measured", {}, {}, {}, true, true, false};
  Series bound{"bound", {1, 1000}, {0.693, 0.693}, {}, true, false, true};
  for (int k = 0; k <= 12; ++k) {
    measured.x.push_back(std::pow(10.0, k / 4.0));
    measured.y.push_back(0.693 + 5 / measured.x.back());
    measured.y_error.push_back(0.1);
  }
  chart.series = {measured, bound};
  return chart;
}

HeatMap sample_map(std::size_t rows, std::size_t columns, double offset) {
  HeatMap map{"Cell current", "bit line", "word line", rows, columns, {}, {"current (A)", Scale::linear, {}, {}}};
  for (std::size_t k = 0; k < rows * columns; ++k)
    map.values.push_back(
        1e-6 * (std::sin(0.1 * static_cast<double>(k % columns)) + 0.02 * static_cast<double>(k / columns) - offset));
  return map;
}

}  // namespace

TEST_CASE("an SVG is a whole document of one size whatever was drawn before it", "[plot]") {
  TemporaryFile first(".svg"), second("_again.svg"), other(".png");
  draw({sample_chart(), sample_map(70, 90, 1)}, first.path);
  draw({sample_map(3, 3, 0)}, other.path);
  draw({sample_chart(), sample_map(70, 90, 1)}, second.path);
  const std::string bytes = first.bytes();
  CHECK(bytes.find("<svg") != std::string::npos);
  CHECK(bytes.find("</svg>") != std::string::npos);
  CHECK(bytes.find("width=\"1280pt\"") != std::string::npos);
  CHECK(bytes == second.bytes());
}

TEST_CASE("markers on the ends of an axis are whole, those beyond a chosen end are not drawn", "[plot]") {
  Chart chart;
  chart.x = {"x", Scale::logarithmic, {}, {}};
  chart.y = {"y", Scale::linear, {}, {}};
  chart.series = {{"points", {1, 3, 10}, {0, 0.5, 1}, {}, false, true, false}};
  TemporaryFile whole(".svg"), beyond("_beyond.svg"), within("_within.svg");
  draw({chart}, whole.path);
  CHECK(whole.bytes().find("clip") == std::string::npos);
  chart.x.from = 1, chart.x.to = 10, chart.y.from = 0, chart.y.to = 1;
  draw({chart}, within.path);
  CHECK(within.bytes() == whole.bytes());
  for (const double x : {0.1, 10.2, 1e6}) chart.series[0].x.push_back(x), chart.series[0].y.push_back(0.5);
  for (const double y : {-0.1, 1.1}) chart.series[0].x.push_back(3), chart.series[0].y.push_back(y);
  draw({chart}, beyond.path);
  CHECK(beyond.bytes() == whole.bytes());
}

TEST_CASE("a PNG carries its signature and two pixels a point", "[plot]") {
  TemporaryFile file(".png");
  draw({sample_map(5, 4, 0.5)}, file.path, {300, 200});
  const std::string bytes = file.bytes();
  REQUIRE(bytes.size() > 24);
  CHECK(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  const auto number = [&](std::size_t at) {
    return static_cast<unsigned char>(bytes[at + 2]) * 256 + static_cast<unsigned char>(bytes[at + 3]);
  };
  CHECK(number(16) == 600);
  CHECK(number(20) == 400);
}

TEST_CASE("points that an axis cannot show become gaps and do not spoil the range", "[plot]") {
  TemporaryFile with(".svg"), without("_clean.svg");
  Chart chart = sample_chart();
  chart.series[0].line = false;
  draw({chart}, without.path);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& [x, y] :
       {std::pair{-1.0, 1.0}, {0.0, 1.0}, {10.0, std::nan("")}, {10.0, infinity}, {infinity, 2.0}}) {
    chart.series[0].x.push_back(x);
    chart.series[0].y.push_back(y);
    chart.series[0].y_error.push_back(0.1);
  }
  draw({chart}, with.path);
  CHECK(with.bytes() == without.bytes());
}

TEST_CASE("charts without data, with one point and with huge numbers are drawn", "[plot]") {
  TemporaryFile file(".svg");
  Chart chart;
  CHECK_NOTHROW(draw({chart}, file.path));
  chart.series = {{"", {1}, {2}, {}, true, true, false}};
  CHECK_NOTHROW(draw({chart}, file.path));
  chart.series = {{"", {-1e299, 1e299}, {1e-300, 2e-300}, {}, true, true, false}};
  CHECK_NOTHROW(draw({chart}, file.path));
  chart.x.scale = chart.y.scale = Scale::logarithmic;
  CHECK_NOTHROW(draw({chart}, file.path));
  CHECK_NOTHROW(draw({HeatMap{"", "", "", 1, 1, {std::nan("")}, {}}}, file.path));
}

TEST_CASE("figures of another kind or of no size are refused", "[plot]") {
  TemporaryFile pdf(".pdf"), svg(".svg");
  CHECK_THROWS_AS(draw({Chart{}}, pdf.path), support::InputError);
  CHECK_THROWS_AS(check_path("chart"), support::InputError);
  CHECK_THROWS_AS(check_path(".svg"), support::InputError);
  CHECK_THROWS_AS(draw({}, svg.path), std::invalid_argument);
  CHECK_THROWS_AS(draw({Chart{}}, svg.path, {10, 10}), std::invalid_argument);
  CHECK_THROWS_AS(draw({HeatMap{}}, svg.path), std::invalid_argument);
  HeatMap map = sample_map(2, 2, 0);
  map.values.pop_back();
  CHECK_THROWS_AS(draw({map}, svg.path), std::invalid_argument);
  Chart chart = sample_chart();
  chart.series[0].y_error.pop_back();
  CHECK_THROWS_AS(draw({chart}, svg.path), std::invalid_argument);
  chart = sample_chart();
  chart.x.from = -1;
  CHECK_THROWS_AS(draw({chart}, svg.path), std::invalid_argument);
  CHECK_THROWS_AS(draw({sample_chart()}, "/nowhere/at/all.svg"), support::EnvironmentError);
}

TEST_CASE("bars are drawn from their base, and ends that are no numbers left out", "[plot]") {
  TemporaryFile svg(".svg");
  Bars bars;
  bars.title = "Energy against each number";
  bars.x.label = "energy (J)";
  bars.base = 1e-9;
  bars.names = {"temperature = 300 K", "bits = 8", "refused"};
  bars.low_name = "lowered", bars.high_name = "raised";
  bars.low = {0.9e-9, 1.1e-9, std::nan("")};
  bars.high = {1.1e-9, 1.3e-9, std::nan("")};
  draw({bars}, svg.path);
  CHECK(svg.bytes().find("</svg>") != std::string::npos);
  bars.low.pop_back();
  CHECK_THROWS_AS(draw({bars}, svg.path), std::invalid_argument);
}
