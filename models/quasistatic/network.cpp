// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/network.hpp"

#include <cmath>
#include <stdexcept>

namespace szilard::quasistatic {
namespace {

[[noreturn]] void refuse(const Layer& layer, const std::string& what) {
  throw std::invalid_argument("layer '" + layer.map.name + "': " + what);
}

void check_numbers(const Layer& layer, const std::vector<double>& numbers, const char* name) {
  if (numbers.size() != layer.units())
    refuse(layer, std::string("one ") + name + " a unit is needed: " + std::to_string(layer.units()) + ", not " +
                      std::to_string(numbers.size()));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (!(numbers[i] > 0 && std::isfinite(numbers[i])))
      refuse(layer, std::string(name) + " of unit " + std::to_string(i) + " is not positive and finite");
}

void check_selection(const Layer& layer, const Selection& selection, std::size_t inputs) {
  if (!selection.window) return;
  if (selection.indices.empty() || selection.indices.size() % selection.window) refuse(layer, "windows are not full");
  for (std::int32_t index : selection.indices)
    if (index < 0 || std::size_t(index) >= inputs) refuse(layer, "a window reads outside its inputs");
}

void check_layer(const Layer& layer, std::size_t delivered) {
  layer.map.check();
  if (layer.map.inputs != delivered)
    refuse(layer,
           "takes " + std::to_string(layer.map.inputs) + " signals, " + std::to_string(delivered) + " are delivered");
  if (!layer.map.weights.allFinite()) refuse(layer, "a weight is not finite");
  for (double bias : layer.map.bias)
    if (!std::isfinite(bias)) refuse(layer, "a bias is not finite");
  check_selection(layer, layer.of_arguments, layer.map.total_outputs());
  check_selection(layer, layer.of_units, layer.units());
  check_numbers(layer, layer.stiffness, "stiffness");
  check_numbers(layer, layer.friction, "friction");
}

}  // namespace

std::size_t Network::units() const {
  std::size_t sum = 0;
  for (const Layer& layer : layers) sum += layer.units();
  return sum;
}

std::size_t Network::first_unit(std::size_t layer) const {
  std::size_t first = 0;
  for (std::size_t l = 0; l < layer; ++l) first += layers[l].units();
  return first;
}

bool Network::is_linear() const {
  for (const Layer& layer : layers)
    if (layer.activation != Activation::linear || layer.of_arguments.window || layer.of_units.window) return false;
  return true;
}

void Network::check() const {
  if (layers.empty()) throw std::invalid_argument("the network has no layer");
  std::size_t delivered = inputs();
  for (const Layer& layer : layers) {
    check_layer(layer, delivered);
    delivered = layer.delivered();
  }
}

}  // namespace szilard::quasistatic
