// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "models/support/diagnostics.hpp"
#include "sim/study/design.hpp"
#include "tests/sim/study/study_scenario.hpp"

using namespace szilard;
using namespace szilard::test;

namespace {

/// A design of a study that stands in a file while it is read.
struct Drawn {
  explicit Drawn(const std::string& sweep) {
    const TemporaryFolder folder;
    write_file(folder.path("s.yaml"), study_scenario(sweep));
    variants = std::make_unique<scenario::Variants>(folder.path("s.yaml"));
    design = std::make_unique<study::Design>(*variants);
  }
  std::string text(std::size_t point) const {
    std::string out;
    for (const scenario::TextAt& value : design->values(point)) out += (out.empty() ? "" : " | ") + value.text;
    return out;
  }
  double share(std::size_t point, std::size_t axis) const { return std::stod(design->values(point)[axis].text); }

  std::unique_ptr<scenario::Variants> variants;
  std::unique_ptr<study::Design> design;
};

const std::string kTwoUnitAxes =
    "  points: 64\n  axes:\n    - {key: dataset.scale, linear: {from: 0.0, to: 1.0}}\n"
    "    - {key: platforms.rram.neuron.threshold_offset, linear: {from: 0.0, to: 1.0}}\n";

}  // namespace

TEST_CASE("a grid's last axis runs fastest, and both ends of a range belong to it", "[study]") {
  const Drawn drawn(
      "  axes:\n    - {key: temperature, list: [250 K, 300 K]}\n"
      "    - {key: platforms.rram.input.bits, linear: {from: 4, to: 10, steps: 4}}\n  seeds: 2\n");
  CHECK(drawn.design->points() == 8);
  CHECK(drawn.design->runs() == 16);
  CHECK(drawn.text(0) == "250 K | 4");
  CHECK(drawn.text(1) == "250 K | 6");
  CHECK(drawn.text(3) == "250 K | 10");
  CHECK(drawn.text(4) == "300 K | 4");
  CHECK(drawn.design->seeds() == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("zip takes the values of all axes side by side", "[study]") {
  const Drawn drawn(
      "  combine: zip\n  axes:\n    - {key: temperature, list: [250 K, 300 K]}\n"
      "    - {key: dataset.samples, list: [10, 20]}\n");
  CHECK(drawn.design->points() == 2);
  CHECK(drawn.text(1) == "300 K | 20");
}

TEST_CASE("ranges are written in the unit of their ends, in SI where these differ", "[study]") {
  const Drawn log("  axes:\n    - {key: platforms.rram.neuron.decision_time, log: {from: 1 ns, to: 1 us, steps: 4}}\n");
  CHECK(log.text(0) == "1 ns");
  CHECK(log.text(1) == "10 ns");
  CHECK(log.text(3) == "1 us");
  const Drawn linear("  axes:\n    - {key: temperature, linear: {from: 100 K, to: 101 K, steps: 11}}\n");
  CHECK(linear.text(1) == "100.1 K");
  CHECK(linear.text(7) == "100.7 K");
}

TEST_CASE("a Latin hypercube hits each part of each axis once", "[study]") {
  const Drawn drawn("  combine: latin_hypercube\n" + kTwoUnitAxes);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::set<int> parts;
    for (std::size_t p = 0; p < 64; ++p) parts.insert(int(drawn.share(p, axis) * 64));
    CHECK(parts.size() == 64);
  }
}

TEST_CASE("the Sobol' sequence of two dimensions puts one point in each of 64 boxes of equal size", "[study]") {
  // A (0, m, 2)-net in base 2: every elementary box of area 2^-6 holds exactly one of 64 points of the sequence, which
  // is counted with its first point, the corner, left out here; so of points 1 to 63 each box holds at most one.
  const Drawn drawn("  combine: sobol\n" + kTwoUnitAxes);
  for (int split = 0; split <= 6; ++split) {
    std::set<std::pair<int, int>> boxes;
    for (std::size_t p = 0; p < 63; ++p)
      boxes.insert({int(drawn.share(p, 0) * (1 << split)), int(drawn.share(p, 1) * (64 >> split))});
    INFO("boxes of 2^-" << split << " by 2^-" << 6 - split);
    CHECK(boxes.size() == 63);
  }
}

TEST_CASE("drawn points depend on the seed alone, and integers keep to their range", "[study]") {
  const std::string sweep =
      "  combine: random\n  points: 200\n  axes:\n"
      "    - {key: platforms.rram.input.bits, linear: {from: 4, to: 7}}\n"
      "    - {key: temperature, list: [1 K, 2 K]}\n";
  const Drawn a(sweep), b(sweep);
  std::set<std::string> bits, kelvin;
  for (std::size_t p = 0; p < 200; ++p) {
    CHECK(a.text(p) == b.text(p));
    bits.insert(a.design->values(p)[0].text);
    kelvin.insert(a.design->values(p)[1].text);
  }
  CHECK(bits == std::set<std::string>{"4", "5", "6", "7"});
  CHECK(kelvin == std::set<std::string>{"1 K", "2 K"});
}

TEST_CASE("ends that are no numbers of one kind are refused where they stand", "[study][bad]") {
  for (const char* range : {"linear: {from: 1 K, to: 2 m, steps: 2}", "log: {from: 0 K, to: 2 K, steps: 2}",
                            "linear: {from: cold, to: warm, steps: 2}"}) {
    INFO(range);
    try {
      const Drawn drawn(std::string("  axes:\n    - {key: temperature, ") + range + "}\n");
      FAIL("taken");
    } catch (const support::InputError& error) {
      CHECK(error.diagnostics().front().where.line == 16);
    }
  }
}
