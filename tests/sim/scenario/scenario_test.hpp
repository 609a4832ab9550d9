// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "sim/scenario/load_text.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

inline const std::string kTestFolder = SZILARD_SOURCE_DIR "/tests/sim/scenario";

/// Presets come from a small folder of our own, so that shipped ones may change.
inline void use_test_presets() { setenv("SZILARD_TECHNOLOGY", (kTestFolder + "/technology").c_str(), 1); }
inline void use_shipped_presets() { setenv("SZILARD_TECHNOLOGY", SZILARD_SOURCE_DIR "/scenarios/technology", 1); }

inline const std::string kTop =
    "szilard: 1\nname: good\ntemperature: 300 K\nnetwork: stub.onnx\ndataset: {inputs: stub.npy}\n";
inline const std::string kIdeal =
    "platforms:\n  - name: ideal\n    linear: {model: ideal}\n    neuron: {model: relu_bit}\n";

/// A platform "rram" on the test cell; `linear` and `parts` are added to it.
inline std::string rram(const std::string& linear = "", const std::string& parts = "",
                        const std::string& neuron = "{model: relu_bit}") {
  return "platforms:\n  - name: rram\n    linear: {model: electronic_crossbar, preset: cell" +
         (linear.empty() ? "" : ", " + linear) + "}\n    neuron: " + neuron + "\n" + parts;
}

inline Scenario load_here(const std::string& text, const LoadOptions& options = {}) {
  return load_text(text, kTestFolder + "/bad/test.yaml", options);
}

inline std::vector<support::Diagnostic> problems_of(const std::string& text, const LoadOptions& options = {}) {
  try {
    load_here(text, options);
  } catch (const support::InputError& error) {
    return error.diagnostics();
  }
  return {};
}

inline std::string file_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline bool updates_golden() { return std::getenv("SZILARD_UPDATE_GOLDEN") != nullptr; }

}  // namespace szilard::scenario
