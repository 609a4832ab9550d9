// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/linear_map.hpp"

#include <numeric>
#include <stdexcept>
#include <utility>

namespace szilard::linear {

void LinearMap::check() const {
  const auto require = [&](bool holds, const std::string& what) {
    if (!holds) throw std::logic_error("linear map '" + name + "': " + what);
  };
  require(groups > 0 && outputs > 0 && positions > 0, "groups, outputs and positions must be positive");
  require(std::size_t(weights.rows()) == groups * outputs, "weights need groups x outputs rows");
  require(std::size_t(weights.cols()) == terms, "weights need as many columns as there are terms");
  require(bias.size() == groups * outputs, "one bias is needed for each row of the weights");
  require(gather.size() == groups * positions * terms, "gather needs groups x positions x terms indices");
  for (std::int32_t index : gather)
    require(index >= -1 && (index < 0 || std::size_t(index) < inputs), "gather index outside the inputs");
}

LinearMap dense_map(std::string name, RowMatrix weights, std::vector<double> bias) {
  LinearMap map;
  map.name = std::move(name);
  map.weights = std::move(weights);
  map.bias = std::move(bias);
  map.outputs = std::size_t(map.weights.rows());
  map.inputs = map.terms = std::size_t(map.weights.cols());
  map.gather.resize(map.terms);
  std::iota(map.gather.begin(), map.gather.end(), 0);
  map.check();
  return map;
}

}  // namespace szilard::linear
