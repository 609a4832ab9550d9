// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "sim/network/network.hpp"
#include "sim/network/node_context.hpp"

namespace szilard::network {

namespace {

const std::vector<std::pair<std::string, Handler>>& handlers() {
  static const std::vector<std::pair<std::string, Handler>> kHandlers = {
      {"Add", import_add},
      {"AveragePool", import_average_pool},
      {"BatchNormalization", import_batch_normalization},
      {"Cast", import_cast},
      {"Clip", import_clip},
      {"Constant", import_constant},
      {"Conv", import_conv},
      {"Div", import_div},
      {"Dropout", import_dropout},
      {"Flatten", import_flatten},
      {"Gemm", import_gemm},
      {"GlobalAveragePool", import_global_average_pool},
      {"Identity", import_identity},
      {"LeakyRelu", import_leaky_relu},
      {"MatMul", import_matmul},
      {"MaxPool", import_max_pool},
      {"Mul", import_mul},
      {"Pad", import_pad},
      {"Relu", import_relu},
      {"Reshape", import_reshape},
      {"Sigmoid", import_sigmoid},
      {"Softmax", import_softmax},
      {"Squeeze", import_squeeze},
      {"Sub", import_sub},
      {"Tanh", import_tanh},
      {"Transpose", import_transpose},
      {"Unsqueeze", import_unsqueeze},
  };
  return kHandlers;
}

}  // namespace

Handler find_handler(const std::string& operator_name) {
  for (const auto& [name, handler] : handlers()) {
    if (name == operator_name) return handler;
  }
  return nullptr;
}

std::vector<std::string> supported_operators() {
  std::vector<std::string> names;
  for (const auto& [name, handler] : handlers()) names.push_back(name);
  return names;
}

}  // namespace szilard::network
