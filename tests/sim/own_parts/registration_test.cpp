// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sim/scenario/own_parts.hpp"

using namespace szilard;
using namespace szilard::scenario;
using Catch::Contains;

namespace {

OwnMedium medium(const std::string& name, std::vector<Field> keys = {}) {
  return {name, "a medium", std::move(keys),
          [](const MediumSetting& setting) { return linear::make_ideal_stage(setting.map); }};
}

OwnNeuron neuron_named(const std::string& name, std::vector<Field> keys = {}) {
  return {name, "a neuron", std::move(keys),
          [](const NeuronSetting& setting) { return neuron::make_landauer_ideal(setting.q, 300); }};
}

std::string refusal(OwnParts parts) {
  try {
    use_own_parts(std::move(parts));
  } catch (const std::invalid_argument& wrong) {
    return wrong.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("bad: names of own parts are new and fit into scenarios", "[own_parts]") {
  CHECK(refusal({{medium("ideal")}, {}, {}}) == "own medium 'ideal': there is one of that name");
  CHECK(refusal({{medium("ring_bank")}, {}, {}}) == "own medium 'ring_bank': there is one of that name");
  CHECK(refusal({{medium("mine"), medium("mine")}, {}, {}}) == "own medium 'mine': there is one of that name");
  CHECK_THAT(refusal({{medium("My Crossbar")}, {}, {}}), Contains("lower-case"));
  CHECK_THAT(refusal({{medium("")}, {}, {}}), Contains("lower-case"));
  CHECK(refusal({{}, {neuron_named("relu_rtl")}, {}}) == "own neuron 'relu_rtl': there is one of that name");
  CHECK(refusal({{}, {}, {{"systolic_int8", "", 8, 8, [] { return nullptr; }, "", false}}}) ==
        "own baseline 'systolic_int8': there is one of that name");
}

TEST_CASE("bad: keys of own parts are new and of kinds that a part can take", "[own_parts]") {
  const Field number_key = number("gain", 0, 1, "a number");
  CHECK_THAT(refusal({{medium("mine", {number_key, number_key})}, {}, {}}), Contains("key 'gain' already"));
  CHECK_THAT(refusal({{medium("mine", {number("preset", 0, 1, "a number")})}, {}, {}}),
             Contains("key 'preset' already"));
  CHECK_THAT(refusal({{}, {neuron_named("mine", {number("threshold_noise", 0, 1, "a number")})}, {}}),
             Contains("key 'threshold_noise' already"));
  CHECK_THAT(refusal({{medium("mine", {FieldMaker("below", Kind::section, "a section").section("input")})}, {}, {}}),
             Contains("numbers, quantities"));
  CHECK_THAT(refusal({{{"mine", "", {}, nullptr}}, {}, {}}), Contains("'make' is empty"));
  CHECK_THAT(refusal({{}, {}, {{"mine", "", 0, 8, [] { return nullptr; }, "", false}}}), Contains("at least 1"));
}

TEST_CASE("bad: own baselines of the RTL's registry are new, and sizes that were not built are named", "[own_parts]") {
  CHECK_THROWS_WITH(rtl::use_own_baselines({{"mac_serial", "", 1, 8, [] { return nullptr; }, "", false}}),
                    Contains("there is one of that name"));
  rtl::use_own_baselines({{"mine", "a core", 4, 4, [] { return nullptr; }, "", false}});
  CHECK(rtl::baselines().back().name == "mine");
  CHECK_THROWS_WITH(rtl::make_array_model("mine", 8, 8), Contains("built are 4x4"));
  rtl::use_own_baselines({});
}

TEST_CASE("bad: values of own parts that are not there are a fault of the part", "[own_parts]") {
  const OwnValues values({{"gain", {"", {2.0}, "a book", "read"}}, {"mode", {"fast", {}, "", "user"}}});
  CHECK(values.parameter("gain").source == "a book");
  CHECK(values.number("gain") == 2.0);
  CHECK(values.text("mode") == "fast");
  CHECK_FALSE(values.has("gian"));
  CHECK_THROWS_AS(values.number("gian"), std::logic_error);
  CHECK_THROWS_AS(values.number("mode"), std::logic_error);
}
