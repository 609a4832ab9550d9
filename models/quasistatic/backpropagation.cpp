// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

#include "models/quasistatic/clamped.hpp"

namespace szilard::quasistatic {
namespace {

using support::SignalBlock;

double value_of(Activation activation, double y) {
  switch (activation) {
    case Activation::linear:
      return y;
    case Activation::relu:
      return y > 0 ? y : 0;
    case Activation::tanh:
      return std::tanh(y);
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-y));
  }
  return y;
}

double slope_of(Activation activation, double y, double value) {
  switch (activation) {
    case Activation::linear:
      return 1;
    case Activation::relu:
      return y > 0 ? 1 : 0;
    case Activation::tanh:
      return 1 - value * value;
    case Activation::sigmoid:
      return value * (1 - value);
  }
  return 1;
}

/// What one layer remembers of the forward pass.
struct Tape {
  std::vector<double> in, arguments, values;
  std::vector<std::size_t> argument_from, delivered_from;  ///< choices of the selections; empty: in order
};

class Pass {
 public:
  Pass(const Network& network, Backpropagation& out) : network_(network), out_(out), tapes_(network.layers.size()) {}

  void run(const SignalBlock& inputs, const SignalBlock& targets, std::size_t sample) {
    std::vector<double> x;
    for (std::size_t k = 0; k < inputs.features(); ++k) x.push_back(inputs.row(k)[sample]);
    for (std::size_t l = 0; l < tapes_.size(); ++l) x = forward(l, std::move(x));
    const Layer& last = network_.layers.back();
    std::vector<double> error(x.size());
    for (std::size_t o = 0; o < x.size(); ++o) {
      const double difference = x[o] - targets.row(o)[sample];
      out_.loss += last.stiffness[o] / 2 * difference * difference;
      error[o] = last.stiffness[o] * difference;
    }
    for (std::size_t l = tapes_.size(); l-- > 0;) error = backward(l, error);
  }

 private:
  static std::vector<double> choose(const Selection& selection, const std::vector<double>& x,
                                    std::vector<std::size_t>& from) {
    if (!selection.window) return x;
    std::vector<double> out;
    from.clear();
    for (std::size_t i = 0; i < selection.outputs(); ++i) {
      std::size_t best = std::size_t(selection.indices[i * selection.window]);
      for (std::size_t n = 1; n < selection.window; ++n) {
        const std::size_t other = std::size_t(selection.indices[i * selection.window + n]);
        if (x[other] > x[best]) best = other;
      }
      from.push_back(best);
      out.push_back(x[best]);
    }
    return out;
  }
  static std::vector<double> scatter(const std::vector<double>& x, const std::vector<std::size_t>& to,
                                     std::size_t size) {
    if (to.empty()) return x;
    std::vector<double> out(size, 0.0);
    for (std::size_t i = 0; i < x.size(); ++i) out[to[i]] += x[i];
    return out;
  }

  /// Calls f(row of the weights, term, input, output) for every product of a map.
  template <typename F>
  static void for_products(const linear::LinearMap& map, const F& f) {
    for (std::size_t g = 0; g < map.groups; ++g)
      for (std::size_t p = 0; p < map.positions; ++p)
        for (std::size_t o = 0; o < map.outputs; ++o)
          for (std::size_t k = 0; k < map.terms; ++k) {
            const std::int32_t from = map.gather[(g * map.positions + p) * map.terms + k];
            if (from >= 0)
              f(Eigen::Index(g * map.outputs + o), Eigen::Index(k), std::size_t(from),
                (g * map.outputs + o) * map.positions + p);
          }
  }

  std::vector<double> forward(std::size_t l, std::vector<double> x) {
    const Layer& layer = network_.layers[l];
    Tape& tape = tapes_[l];
    tape.in = std::move(x);
    std::vector<double> raw(layer.map.total_outputs());
    for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = layer.map.bias[i / layer.map.positions];
    for_products(layer.map, [&](Eigen::Index row, Eigen::Index k, std::size_t from, std::size_t to) {
      raw[to] += layer.map.weights(row, k) * tape.in[from];
      out_.operations += 2;
    });
    tape.arguments = choose(layer.of_arguments, raw, tape.argument_from);
    tape.values.clear();
    for (double y : tape.arguments) tape.values.push_back(value_of(layer.activation, y));
    return choose(layer.of_units, tape.values, tape.delivered_from);
  }

  std::vector<double> backward(std::size_t l, const std::vector<double>& error) {
    const Layer& layer = network_.layers[l];
    const Tape& tape = tapes_[l];
    std::vector<double> delta = scatter(error, tape.delivered_from, tape.values.size());
    for (std::size_t i = 0; i < delta.size(); ++i)
      delta[i] *= slope_of(layer.activation, tape.arguments[i], tape.values[i]);
    delta = scatter(delta, tape.argument_from, layer.map.total_outputs());
    LayerGradient& gradient = out_.gradient[l];
    std::vector<double> before(l > 0 ? layer.map.inputs : 0, 0.0);
    for (std::size_t i = 0; i < delta.size(); ++i) gradient.bias[i / layer.map.positions] += delta[i];
    for_products(layer.map, [&](Eigen::Index row, Eigen::Index k, std::size_t from, std::size_t to) {
      gradient.weights(row, k) += delta[to] * tape.in[from];
      out_.operations += 2;
      if (l == 0) return;
      before[from] += layer.map.weights(row, k) * delta[to];
      out_.operations += 2;
    });
    return before;
  }

  const Network& network_;
  Backpropagation& out_;
  std::vector<Tape> tapes_;
};

}  // namespace

Backpropagation backpropagate(const Network& network, const SignalBlock& inputs, const SignalBlock& targets) {
  network.check();
  if (inputs.features() != network.inputs() || targets.features() != network.layers.back().delivered() ||
      network.layers.back().of_units.window || targets.samples() != inputs.samples() || inputs.samples() == 0)
    throw std::invalid_argument("inputs and targets do not fit the network");
  Backpropagation out;
  for (const Layer& layer : network.layers)
    out.gradient.push_back({linear::RowMatrix::Zero(layer.map.weights.rows(), layer.map.weights.cols()),
                            std::vector<double>(layer.map.bias.size(), 0.0)});
  Pass pass(network, out);
  for (std::size_t s = 0; s < inputs.samples(); ++s) pass.run(inputs, targets, s);
  const double share = 1.0 / double(inputs.samples());
  out.loss *= share;
  for (LayerGradient& gradient : out.gradient) {
    gradient.weights *= share;
    for (double& value : gradient.bias) value *= share;
  }
  return out;
}

double relative_deviation(const std::vector<LayerGradient>& a, const std::vector<LayerGradient>& b) {
  if (a.size() != b.size()) throw std::invalid_argument("gradients of different networks");
  double difference = 0, norm = 0;
  for (std::size_t l = 0; l < a.size(); ++l) {
    difference += (a[l].weights - b[l].weights).squaredNorm();
    norm += b[l].weights.squaredNorm();
  }
  return difference == 0 ? 0 : std::sqrt(difference / norm);
}

}  // namespace szilard::quasistatic
