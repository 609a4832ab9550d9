// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "models/training/machines.hpp"

namespace szilard::training {
namespace {

bool in_order(const linear::LinearMap& map) {
  if (!map.is_dense() || map.terms != map.inputs) return false;
  for (std::size_t k = 0; k < map.terms; ++k)
    if (map.gather[k] != std::int32_t(k)) return false;
  return true;
}

}  // namespace

Shape::Shape(const quasistatic::Network& network) {
  network.check();
  for (const quasistatic::Layer& layer : network.layers) {
    if (layer.of_arguments.window || layer.of_units.window || !in_order(layer.map))
      throw std::invalid_argument("layer '" + layer.map.name +
                                  "' is not dense: only chains of dense layers are trained (a kernel's weight would "
                                  "stand at many places at once, "
                                  "and parameters that give way to their own stress alone drift apart)");
    layers.push_back({layer.map.inputs, layer.units(), layer.activation, layer.stiffness, layer.friction});
  }
}

std::size_t Shape::units() const {
  std::size_t sum = 0;
  for (const Layer& layer : layers) sum += layer.outputs;
  return sum;
}

std::size_t Shape::parameters() const {
  std::size_t sum = 0;
  for (const Layer& layer : layers) sum += (layer.inputs + 1) * layer.outputs;
  return sum;
}

Parameters::Parameters(const Shape& shape) : values_(shape.parameters() * kLanes, 0.0) {
  for (const Shape::Layer& layer : shape.layers) matrices_.push_back({layer.outputs, layer.inputs, nullptr, nullptr});
  point();
}

Parameters::Parameters(const Parameters& other) : matrices_(other.matrices_), values_(other.values_) { point(); }

Parameters& Parameters::operator=(const Parameters& other) {
  values_ = other.values_;
  return *this;
}

void Parameters::point() {
  double* at = values_.data();
  for (LaneMatrix& m : matrices_) {
    m.weights = at;
    m.bias = at + m.outputs * m.inputs * kLanes;
    at = m.bias + m.outputs * kLanes;
  }
}

quasistatic::Network Parameters::network(const quasistatic::Network& like, std::size_t lane) const {
  quasistatic::Network out = like;
  for (std::size_t l = 0; l < matrices_.size(); ++l) {
    const LaneMatrix& m = matrices_[l];
    for (std::size_t i = 0; i < m.outputs * m.inputs; ++i)
      out.layers[l].map.weights.data()[i] = m.weights[i * kLanes + lane];
    for (std::size_t o = 0; o < m.outputs; ++o) out.layers[l].map.bias[o] = m.bias[o * kLanes + lane];
  }
  return out;
}

void Parameters::set(const quasistatic::Network& network, std::size_t lane) {
  for (std::size_t l = 0; l < matrices_.size(); ++l) {
    const LaneMatrix& m = matrices_[l];
    for (std::size_t i = 0; i < m.outputs * m.inputs; ++i)
      m.weights[i * kLanes + lane] = network.layers[l].map.weights.data()[i];
    for (std::size_t o = 0; o < m.outputs; ++o) m.bias[o * kLanes + lane] = network.layers[l].map.bias[o];
  }
}

}  // namespace szilard::training
