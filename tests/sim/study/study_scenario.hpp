// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/sim/cli/szilard_process.hpp"

namespace szilard::test {

/// A scenario of the digits with an ideal and an electronic platform, and this study.
inline std::string study_scenario(const std::string& sweep, const std::string& name = "study") {
  const std::string data = source("scenarios/data/");
  return "szilard: 1\nname: " + name + "\ntemperature: 300 K\nnetwork: " + data +
         "digits_mlp_64_32_10.onnx\ndataset: {inputs: " + data + "digits_test_images.npy, labels: " + data +
         "digits_test_labels.npy, scale: 0.0625, samples: 40}\nplatforms:\n"
         "  - name: ideal\n    linear: {model: ideal}\n    neuron: {model: relu_bit, reset: landauer_ideal}\n"
         "  - name: rram\n    linear: {model: electronic_crossbar, preset: rram_wan2022}\n"
         "    input: {model: dac, bits: 8}\n"
         "    neuron: {model: relu_bit, reset: landauer_ideal}\nsweep:\n" +
         sweep;
}

}  // namespace szilard::test
