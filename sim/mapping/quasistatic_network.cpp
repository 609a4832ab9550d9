// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/quasistatic_network.hpp"

namespace szilard::mapping {
namespace {

quasistatic::Activation activation_of(Activation activation) {
  switch (activation) {
    case Activation::none:
      return quasistatic::Activation::linear;
    case Activation::relu:
      return quasistatic::Activation::relu;
    case Activation::tanh:
      return quasistatic::Activation::tanh;
    case Activation::sigmoid:
      return quasistatic::Activation::sigmoid;
  }
  return quasistatic::Activation::linear;
}

}  // namespace

quasistatic::Network make_quasistatic(const LayerChain& chain, double stiffness, double friction) {
  quasistatic::Network out;
  for (const Layer& layer : chain.layers) {
    quasistatic::Layer unit;
    unit.map = layer.map;
    unit.of_arguments = {layer.pool_before.window, layer.pool_before.indices};
    unit.activation = activation_of(layer.activation);
    unit.of_units = {layer.pool_after.window, layer.pool_after.indices};
    unit.stiffness.assign(unit.units(), stiffness);
    unit.friction.assign(unit.units(), friction);
    out.layers.push_back(std::move(unit));
  }
  return out;
}

}  // namespace szilard::mapping
