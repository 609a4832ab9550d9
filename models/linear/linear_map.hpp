// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace szilard::linear {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One linear layer of a network, dense or convolutional, as matrix-vector products at `positions` places:
///   y[(g outputs + o) positions + p] = bias[g outputs + o] + sum_k weights(g outputs + o, k) x[gather[(g positions +
///   p) terms + k]]
/// with x the flattened input of one sample; a gather index of -1 reads 0 (padding). A dense layer has positions = 1
/// and gather = 0, 1, 2, ...; a convolution has one position per output pixel; a grouped one has groups > 1.
struct LinearMap {
  std::string name;
  std::size_t inputs = 0;  ///< flattened features of one sample
  std::size_t groups = 1;
  std::size_t outputs = 0;  ///< per group and position
  std::size_t terms = 0;    ///< inputs of one product
  std::size_t positions = 1;
  RowMatrix weights;                 ///< (groups x outputs) x terms
  std::vector<double> bias;          ///< groups x outputs
  std::vector<std::int32_t> gather;  ///< groups x positions x terms
  double largest_elsewhere =
      0;  ///< where the map is a part of a layer: the largest |weight| of the rest, for media scaled to it

  std::size_t total_outputs() const { return groups * outputs * positions; }
  std::size_t macs() const {
    return groups * outputs * positions * terms;
  }  ///< padding zeros included, as is customary
  std::size_t parameters() const { return groups * outputs * terms + bias.size(); }
  bool is_dense() const { return groups == 1 && positions == 1; }
  /// Throws std::logic_error if sizes or gather indices are inconsistent.
  void check() const;
};

LinearMap dense_map(std::string name, RowMatrix weights, std::vector<double> bias);

}  // namespace szilard::linear
