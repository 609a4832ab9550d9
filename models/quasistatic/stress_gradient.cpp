// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/quasistatic/clamped.hpp"

namespace szilard::quasistatic {
namespace {

using support::SignalBlock;

/// Signal k that a layer delivers, in one sample.
double delivered_by(const Network& network, std::size_t l, const SignalBlock& units, std::size_t k,
                    std::size_t sample) {
  const Selection& selection = network.layers[l].of_units;
  const std::size_t first = network.first_unit(l);
  if (!selection.window) return units.row(first + k)[sample];
  double best = units.row(first + std::size_t(selection.indices[k * selection.window]))[sample];
  for (std::size_t n = 1; n < selection.window; ++n)
    best = std::max(best, units.row(first + std::size_t(selection.indices[k * selection.window + n]))[sample]);
  return best;
}

double map_output(const linear::LinearMap& map, const std::vector<double>& x, std::size_t output) {
  const std::size_t row = output / map.positions, p = output % map.positions, g = row / map.outputs;
  double sum = map.bias[row];
  for (std::size_t k = 0; k < map.terms; ++k) {
    const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
    if (from >= 0) sum += map.weights(Eigen::Index(row), Eigen::Index(k)) * x[std::size_t(from)];
  }
  return sum;
}

/// Which output of the map unit i's argument is.
std::size_t argument_of(const Layer& layer, const std::vector<double>& x, std::size_t i) {
  const Selection& selection = layer.of_arguments;
  std::size_t best = std::size_t(selection.indices[i * selection.window]);
  double largest = map_output(layer.map, x, best);
  for (std::size_t n = 1; n < selection.window; ++n) {
    const std::size_t other = std::size_t(selection.indices[i * selection.window + n]);
    const double value = map_output(layer.map, x, other);
    if (value > largest) best = other, largest = value;
  }
  return best;
}

}  // namespace

std::vector<LayerGradient> stress_gradient(const Network& network, const SignalBlock& inputs,
                                           const ClampedState& state) {
  const SignalBlock& units = state.units;
  Evaluation at = evaluate(network, inputs, units);
  for (const ClampedState::Kink& kink : state.kinks) at.stresses.row(kink.unit)[kink.sample] = kink.stress;
  const double share = 1.0 / double(inputs.samples());
  std::vector<LayerGradient> out;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Layer& layer = network.layers[l];
    const linear::LinearMap& map = layer.map;
    LayerGradient gradient{linear::RowMatrix::Zero(map.weights.rows(), map.weights.cols()),
                           std::vector<double>(map.bias.size(), 0.0)};
    for (std::size_t s = 0; s < inputs.samples(); ++s) {
      std::vector<double> delivered(map.inputs);
      for (std::size_t k = 0; k < map.inputs; ++k)
        delivered[k] = l == 0 ? inputs.row(k)[s] : delivered_by(network, l - 1, units, k, s);
      for (std::size_t i = 0; i < layer.units(); ++i) {
        const std::size_t chosen = layer.of_arguments.window ? argument_of(layer, delivered, i) : i;
        const std::size_t row = chosen / map.positions, p = chosen % map.positions, g = row / map.outputs;
        const double stress = share * at.stresses.row(network.first_unit(l) + i)[s];
        gradient.bias[row] += stress;
        for (std::size_t k = 0; k < map.terms; ++k) {
          const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
          if (from >= 0) gradient.weights(Eigen::Index(row), Eigen::Index(k)) += stress * delivered[std::size_t(from)];
        }
      }
    }
    out.push_back(std::move(gradient));
  }
  return out;
}

}  // namespace szilard::quasistatic
