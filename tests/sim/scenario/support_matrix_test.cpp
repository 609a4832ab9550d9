// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "sim/scenario/effects.hpp"
#include "sim/scenario/support_matrix.hpp"
#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;

TEST_CASE("every key of a model stands in the matrix of effects or among the choices of a design", "[scenario][docs]") {
  // A new key: give it a row in sim/scenario/support_matrix.cpp, or a place among its choices of design.
  CHECK(unplaced_keys() == std::vector<std::string>());
}

TEST_CASE("every row of the matrix has a model, and every word of disable a row", "[scenario][docs]") {
  std::vector<std::string> words;
  for (const SupportedEffect& effect : support_matrix()) {
    INFO(effect.name);
    CHECK(std::any_of(effect.keys.begin(), effect.keys.end(), [](const auto& keys) { return !keys.empty(); }));
    words.insert(words.end(), effect.disable.begin(), effect.disable.end());
  }
  for (const std::string& name : effect_names()) {
    INFO(name);
    CHECK(std::count(words.begin(), words.end(), name) > 0);
  }
  for (const std::string& word : words) {
    INFO(word);
    CHECK_NOTHROW(effect(word));
  }
}

TEST_CASE("the support matrix of the guide is what the table says", "[scenario][docs]") {
  const std::string path = SZILARD_SOURCE_DIR "/docs/support-matrix.md";
  if (updates_golden()) std::ofstream(path) << support_matrix_markdown();
  CHECK(file_text(path) == support_matrix_markdown());
}
