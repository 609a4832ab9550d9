// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/training/descent.hpp"

#include <algorithm>

#include "models/training/machines.hpp"

namespace szilard::training {

using quasistatic::Layer;

Descent::Descent(const quasistatic::Network& network, const Entries& entries, const TrainingRequest& request,
                 double rate, std::size_t machine)
    : network_(request.random_start ? random_start(network, request.seed, machine) : network),
      entries_(entries),
      request_(request),
      rate_(rate),
      sequence_(request.order, entries.count, request.seed, machine),
      arguments_(network.layers.size()),
      values_(network.layers.size()) {
  const Shape dense(network);  // refuses what is no chain of dense layers
  (void)dense;
}

void Descent::advance() {
  const std::size_t entry = sequence_.at(presented_);
  const double rate = rate_ * mobility_share(request_, presented_);
  const std::size_t layers = network_.layers.size();
  for (std::size_t l = 0; l < layers; ++l) {
    const Layer& layer = network_.layers[l];
    const double* const in = l == 0 ? entries_.input_of(entry) : values_[l - 1].data();
    const std::size_t inputs = layer.map.inputs, outputs = layer.units();
    arguments_[l].resize(outputs);
    values_[l].resize(outputs);
    std::size_t live = request_.biases ? 1 : 0;
    for (std::size_t k = 0; k < inputs; ++k) live += in[k] != 0;
    for (std::size_t o = 0; o < outputs; ++o) {
      const double* const w = layer.map.weights.data() + o * inputs;
      double sum = layer.map.bias[o];
      for (std::size_t k = 0; k < inputs; ++k) sum += w[k] * in[k];
      operations_.forward += 2 * inputs;
      operations_.touched += live;
      arguments_[l][o] = sum;
      values_[l][o] = quasistatic::activate(layer.activation, sum);
    }
  }
  error_.resize(values_.back().size());
  for (std::size_t o = 0; o < error_.size(); ++o)
    error_[o] = network_.layers.back().stiffness[o] / network_.layers.back().stiffness[0] *
                (values_.back()[o] - entries_.target_of(entry)[o]);
  for (std::size_t l = layers; l-- > 0;) {
    Layer& layer = network_.layers[l];
    const double* const in = l == 0 ? entries_.input_of(entry) : values_[l - 1].data();
    const std::size_t inputs = layer.map.inputs, outputs = layer.units();
    before_.assign(inputs, 0.0);
    for (std::size_t o = 0; o < outputs; ++o) {
      double* const w = layer.map.weights.data() + o * inputs;
      const double delta = error_[o] * quasistatic::slope(layer.activation, arguments_[l][o]);
      for (std::size_t k = 0; k < inputs; ++k) before_[k] += w[k] * delta;
      operations_.errors += 2 * inputs;
      // The gradient, delta times signal, is moved along at once: its product and the sum into it are counted as such.
      const double step = rate * delta;
      for (std::size_t k = 0; k < inputs; ++k) w[k] -= step * in[k];
      operations_.gradient += 2 * inputs;
      if (!request_.biases) continue;
      layer.map.bias[o] -= step;
      operations_.bias += 1;
    }
    error_.swap(before_);
  }
  ++operations_.samples;
  ++presented_;
}

}  // namespace szilard::training
