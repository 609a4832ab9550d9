// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "sim/scenario/fields.hpp"
#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;
using Json = nlohmann::json;

TEST_CASE("the reference page is what the table says", "[scenario][docs]") {
  const std::string path = SZILARD_SOURCE_DIR "/docs/scenario-reference.md";
  if (updates_golden()) std::ofstream(path) << reference_markdown();
  CHECK(file_text(path) == reference_markdown());
}

TEST_CASE("the schema is JSON, closed everywhere, and describes every key", "[scenario][schema]") {
  const Json schema = Json::parse(json_schema());
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["additionalProperties"] == false);
  for (const Section& section : sections()) {
    INFO(section.id);
    const Json& definition = section.id == "top" ? schema : schema["$defs"][section.id];
    REQUIRE(definition["type"] == "object");
    CHECK(definition["additionalProperties"] == false);
    for (const Field& field : section.fields) {
      INFO(field.key);
      CHECK(definition["properties"][field.key]["description"] == field.meaning);
      const bool required = definition.contains("required") &&
                            std::count(definition["required"].begin(), definition["required"].end(), field.key) > 0;
      CHECK(required == (field.need == Need::required && field.replaced_by.empty()));
      if (field.need == Need::required && !field.replaced_by.empty())
        CHECK(definition["allOf"].dump().find('"' + field.key + '"') != std::string::npos);
    }
  }
}

TEST_CASE("patterns of quantities take what the reader takes", "[scenario][schema]") {
  use_test_presets();
  const Json schema = Json::parse(json_schema());
  const std::regex pattern(schema["properties"]["temperature"]["pattern"].get<std::string>());
  for (const char* text : {"300 K", "77K", "2.5e2 K", "25 degC", "300", "010 K", "0x10 K", ".nan K", "inf K", "300 V",
                           "1_0 K", "K", "300 kelvin", "-1e2", "1. K", ".5 K", "+3 K"}) {
    INFO(text);
    const std::string scenario = "szilard: 1\nname: t\ntemperature: " + std::string(text) +
                                 "\nnetwork: stub.onnx\ndataset: {inputs: stub.npy}\n" + kIdeal;
    CHECK(std::regex_match(text, pattern) == problems_of(scenario).empty());
  }
}

TEST_CASE("models lists every model of every part with four columns a key", "[scenario][docs]") {
  std::vector<std::string> names;
  for (const ModelInfo& model : models()) {
    names.push_back(model.part + "." + model.name);
    CHECK_FALSE(model.summary.empty());
    for (const auto& key : model.keys) CHECK(key.size() == 4);
  }
  for (const char* name : {"linear.ideal", "linear.electronic_crossbar", "input.dac", "output.adc", "neuron.relu_bit",
                           "neuron.relu_rtl", "digital.systolic_int8"}) {
    CHECK(std::count(names.begin(), names.end(), name) == 1);
  }
}
