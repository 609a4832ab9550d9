// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/linear/linear_map.hpp"
#include "sim/network/network.hpp"

namespace szilard::network {

/// One dense layer of a file to be written: Gemm, then the activation's operator ("Relu", "Tanh", "Sigmoid"; empty:
/// none).
struct DenseLayer {
  std::string name;
  linear::RowMatrix weights;  ///< outputs x inputs
  std::vector<double> bias;
  std::string activation;
};

/// A chain of dense layers as ONNX (IR version 7, operator set 13, float32, input "input" of N x inputs, output
/// "output").
std::string onnx_of(const std::vector<DenseLayer>& layers, const std::string& name);
/// Weights and biases as such a file holds them.
DenseLayer rounded_to_single(DenseLayer layer);

}  // namespace szilard::network
