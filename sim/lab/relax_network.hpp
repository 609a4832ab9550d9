// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/quasistatic/network.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::lab {

/// A quasi-static network for the bench, energies in kT, from ONNX with one stiffness and friction for all units, or
/// from YAML:
///   layers:
///     - weights: [[0.8, -0.5], [0.3, 0.9]]   # target x source
///       bias: [0.1, -0.2]                    # left out: 0
///       activation: tanh                     # linear, tanh, relu or sigmoid
///       stiffness: [2, 3]                    # a number for all, or one a unit
///       friction: 1
struct BenchNetwork {
  quasistatic::Network network;
  std::vector<std::int32_t> output_indices;  ///< order of the ONNX graph's output in the last layer's; empty: as it is
};

/// `stiffness` and `friction` are needed for ONNX and refused for YAML. Throws support::InputError with everything that
/// is wrong.
BenchNetwork load_bench_network(const std::string& path, const std::optional<double>& stiffness,
                                const std::optional<double>& friction);
BenchNetwork parse_bench_network(const std::string& text, const std::string& file);

/// A file of samples x `features`, or one sample; `what` stands in diagnostics ("inputs", "targets").
support::SignalBlock load_samples(const std::string& path, std::size_t features, const std::string& what);

}  // namespace szilard::lab
