// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include "models/support/units.hpp"
#include "sim/papers/papers.hpp"

namespace szilard::papers {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

/// A published.yaml in a folder of its own.
class PublishedFile {
 public:
  explicit PublishedFile(const std::string& text)
      : folder_(fs::temp_directory_path() / ("szilard-papers-test-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    std::ofstream(path()) << text;
  }
  ~PublishedFile() { fs::remove_all(folder_); }
  std::string path() const { return (folder_ / "published.yaml").string(); }
  std::string folder() const { return folder_.string(); }

 private:
  fs::path folder_;
};

std::string with_class(const std::string& keys) {
  return "chip: A\nreference: \"of A\"\nworkload: \"some\"\nclasses:\n  - {name: adc, grade: P, platform: p, "
         "components: [\"*/adc\"], scope: all, why: so, " +
         (keys.empty() ? std::string("published: {value: 2 pJ, source: a page, status: read}") : keys) + "}\n";
}

std::vector<support::Diagnostic> problems_of(const std::string& text) {
  const PublishedFile file(text);
  try {
    load_chip(file.path());
  } catch (const support::InputError& error) {
    return error.diagnostics();
  }
  return {};
}

const char* const kSummary = R"({"dataset": {"samples": 4}, "network": {"macs": 100}, "platforms": [
  {"name": "p", "latency_s": 2e-7, "area_by_component": {"p/fc/adc": 3e-9, "p/fc/array": null},
   "energy": {"by_component": {"p/fc/adc": {"adc": 8e-10, "adc_static": 4e-10}, "p/fc/dac": {"dac": 1e-10}}}}]})";

ComponentClass one_class(Grade grade, double published) {
  ComponentClass one;
  one.name = "a class";
  one.grade = grade;
  one.published = published;
  one.platform = "p";
  one.components = {"*/adc"};
  return one;
}

ChipScores scored(Grade grade, double published, double simulated) {
  ChipScores chip;
  chip.chip.name = "A chip";
  chip.chip.classes = {one_class(grade, published)};
  chip.scores = {{simulated, {}}};
  return chip;
}

}  // namespace

TEST_CASE("a published figure is read with its unit, source and divisor", "[papers]") {
  const PublishedFile file(with_class(""));
  const Chip chip = load_chip(file.path());
  REQUIRE(chip.classes.size() == 1);
  CHECK(chip.classes[0].published == 2e-12);
  CHECK(chip.classes[0].per.unit == Per::Unit::inference);
  CHECK(find_chips({file.folder()}) == std::vector<std::string>{file.path()});
  const PublishedFile power(with_class("per: 1.6 us, published: {value: 65.8 W, source: a page, status: read}"));
  const ComponentClass one = load_chip(power.path()).classes.at(0);
  CHECK(one.per.value == Approx(1.6e-6));
  CHECK(one.dimension() == support::Dimension::power);
}

TEST_CASE("figures are sums over components that match, per sample and event", "[papers]") {
  ComponentClass one = one_class(Grade::prediction, 1);
  CHECK(figure(one, kSummary) == Approx(3e-10));
  one.components = {"*/adc#adc_static"};
  CHECK(figure(one, kSummary) == Approx(1e-10));
  one.components = {"*/adc", "fc/d*"};
  one.per = {Per::Unit::operation, 1, "operation"};
  CHECK(figure(one, kSummary) == Approx(13e-10 / 4 / 200));
  one.per = {Per::Unit::time, 1e-6, "1 us"};
  CHECK(figure(one, kSummary) == Approx(13e-10 / 4 / 1e-6));
  one.measure = ComponentClass::Measure::time;
  CHECK(figure(one, kSummary) == Approx(2e-7));
  one.measure = ComponentClass::Measure::area;
  one.components = {"fc/adc"};
  CHECK(figure(one, kSummary) == Approx(3e-9));
}

TEST_CASE("what a run has not is an error at the class", "[papers][bad]") {
  ComponentClass one = one_class(Grade::prediction, 1);
  one.components = {"*/neuron"};
  CHECK_THROWS_AS(figure(one, kSummary), support::InputError);
  one.components = {"*/adc#dac"};
  CHECK_THROWS_AS(figure(one, kSummary), support::InputError);
  one.components = {"*/array"};
  one.measure = ComponentClass::Measure::area;
  CHECK_THROWS_AS(figure(one, kSummary), support::InputError);
  one.platform = "q";
  CHECK_THROWS_AS(figure(one, kSummary), support::InputError);
}

TEST_CASE("each grade fails beyond its own bound, and a prediction only where no experiment shows why", "[papers]") {
  CHECK(failures({scored(Grade::table, 1, 1.004)}).empty());
  CHECK(failures({scored(Grade::table, 1, 1.006)}).size() == 1);
  CHECK(failures({scored(Grade::transfer, 1, 0.91)}).empty());
  CHECK(failures({scored(Grade::transfer, 1, 0.89)}).size() == 1);
  CHECK(failures({scored(Grade::prediction, 1, 1.99)}).empty());
  CHECK(failures({scored(Grade::assumed, 1, 0.51)}).empty());
  ChipScores far = scored(Grade::assumed, 1, 0.4);
  CHECK(failures({far}).size() == 1);
  far.chip.classes[0].experiments = {{{"a.b=1"}, "shows it"}};
  far.scores[0].experiments = {1};
  CHECK(failures({far}).empty());
  // A figure that was published with two digits is no more than that.
  ChipScores rounded = scored(Grade::table, 0.14, 0.135);
  CHECK(failures({rounded}).size() == 1);
  rounded.chip.classes[0].rounding = 0.005;
  CHECK(failures({rounded}).empty());
}

TEST_CASE("the page and the table show every class, the bad ones too, and count them", "[papers]") {
  std::vector<ChipScores> chips = {scored(Grade::prediction, 1e-12, 1.5e-12), scored(Grade::assumed, 1e-12, 1e-13)};
  chips[1].chip.classes[0].experiments = {{{"a.b=1"}, "That is why"}};
  chips[1].scores[0].experiments = {1e-12};
  std::ostringstream table, page;
  print_table(chips, table);
  print_page(chips, page);
  CHECK_THAT(table.str(), Contains("-3.32") && Contains("+0.58") &&
                              Contains("P and P* within a factor of two: 1 of 2 (less than two thirds)"));
  CHECK_THAT(page.str(),
             Contains("| P* |") && Contains("`a.b=1`") && Contains("That is why") && Contains("[A chip](#a-chip)"));
}

TEST_CASE("published files that say less or more than they may are refused at their place", "[papers][bad]") {
  const std::pair<const char*, const char*> cases[] = {
      {"published: {value: 2 pW, source: a, status: read}", "wrong_unit"},
      {"published: {value: 0 pJ, source: a, status: read}", "out_of_range"},
      {"published: {value: 2 pJ, source: a, status: guessed}", "unknown_choice"},
      {"published: {value: 2 pJ, status: read}", "missing_key"},
      {"published: 2 pJ", "wrong_type"},
      {"published: {value: 2 pJ, source: a, status: read}, per: bit", "wrong_type"},
      {"published: {value: 2 pJ, source: a, status: read}, factor: 3", "unknown_key"},
      {"published: {value: 2 mm2, source: a, status: read}, measure: area, per: mac", "conflict"},
      {"published: {value: 2 pJ, source: a, status: read}, experiments: [{set: nothing, shows: it}]", "wrong_type"},
      {"published: {value: 2 pJ, source: a, status: read}, experiments: [{set: [a=1]}]", "missing_key"}};
  for (const auto& [keys, code] : cases) {
    INFO(keys);
    const auto found = problems_of(with_class(keys));
    REQUIRE(found.size() == 1);
    CHECK(support::diagnostic_code_name(found[0].code) == code);
    CHECK(found[0].where.line == 5);
  }
  CHECK_FALSE(problems_of("").empty());
  CHECK_FALSE(problems_of("- a\n- b\n").empty());
  CHECK_FALSE(problems_of("chip: A\nreference: B\nworkload: C\nclasses: [3]\n").empty());
  CHECK_THROWS_AS(find_chips({"/nowhere/at/all"}), support::InputError);
}

}  // namespace szilard::papers
