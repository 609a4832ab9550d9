// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

#include "models/quasistatic/network.hpp"
#include "models/quasistatic/states.hpp"

namespace szilard::quasistatic {
namespace {

using support::SignalBlock;

Field field_of(const SignalBlock& block) {
  Field field(block.features(), block.stride());
  for (std::size_t i = 0; i < block.features(); ++i)
    std::copy(block.row(i), block.row(i) + block.stride(), field.row(i));
  return field;
}

SignalBlock block_of(const Field& field, std::size_t rows, const SignalBlock& like) {
  SignalBlock block = like.sibling(rows);
  for (std::size_t i = 0; i < rows; ++i) std::copy(field.row(i), field.row(i) + field.lanes, block.row(i));
  return block;
}

void check_inputs(const Network& network, const SignalBlock& inputs) {
  network.check();
  if (inputs.features() != network.inputs())
    throw std::invalid_argument("the network takes " + std::to_string(network.inputs()) + " inputs, not " +
                                std::to_string(inputs.features()));
}

/// Layer by layer: unit = f(argument) + noise of its spring.
SignalBlock ancestral(const Network& network, const SignalBlock& inputs, double kT, const support::RandomStream* random,
                      std::uint64_t first) {
  check_inputs(network, inputs);
  const Layout layout(network, inputs.stride());
  States states = layout.make_states();
  Field driven(network.layers[0].map.total_outputs(), inputs.stride());
  layout.drive(field_of(inputs), driven);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    if (l == 0) layout.set_first_arguments(driven, states);
    else layout.set_arguments_of(l, states);
    const std::size_t unit = layout.first_unit(l), count = network.layers[l].units();
    unit_kernels().activate(layout.activation(l), count * layout.lanes(), states.y.row(unit), states.x.row(unit));
    if (!random || kT == 0) continue;
    Field noise(count, layout.lanes());
    random->gaussians_block(first, inputs.samples(), layout.lanes(), std::uint32_t(unit), count, noise.row(0));
    for (std::size_t i = 0; i < count; ++i) {
      const double sigma = std::sqrt(kT / network.layers[l].stiffness[i]);
      for (std::size_t s = 0; s < inputs.samples(); ++s) states.x.row(unit + i)[s] += sigma * noise.row(i)[s];
    }
  }
  return block_of(states.x, layout.units(), inputs);
}

}  // namespace

SignalBlock feed_forward(const Network& network, const SignalBlock& inputs) {
  return ancestral(network, inputs, 0, nullptr, 0);
}

SignalBlock draw_equilibrium(const Network& network, const SignalBlock& inputs, double kT,
                             const support::RandomStream& random, std::uint64_t first) {
  if (!(kT >= 0 && std::isfinite(kT))) throw std::invalid_argument("kT is not negative and finite");
  return ancestral(network, inputs, kT, &random, first);
}

Evaluation evaluate(const Network& network, const SignalBlock& inputs, const SignalBlock& units) {
  check_inputs(network, inputs);
  if (units.features() != network.units() || units.samples() != inputs.samples())
    throw std::invalid_argument("states and inputs do not fit the network");
  const Layout layout(network, inputs.stride());
  States states = layout.make_states();
  states.x = field_of(units);
  Field driven(network.layers[0].map.total_outputs(), inputs.stride());
  layout.drive(field_of(inputs), driven);
  layout.set_first_arguments(driven, states);
  layout.set_arguments(states);
  const std::size_t n = layout.units();
  Field pull(n, layout.lanes()), strain(n, layout.lanes()), back(n, layout.lanes()), sum(1, layout.lanes());
  layout.set_forces(states, pull, strain, back);
  layout.add_energy(states, 1, sum.row(0));
  for (double& value : strain.values) value = -value;
  for (std::size_t i = 0; i < pull.values.size(); ++i) pull.values[i] += back.values[i];
  Evaluation out;
  out.arguments = block_of(states.y, n, inputs);
  out.stresses = block_of(strain, n, inputs);
  out.forces = block_of(pull, n, inputs);
  out.energy.assign(sum.row(0), sum.row(0) + inputs.samples());
  return out;
}

double activate(Activation activation, double y) {
  support::AlignedVector<double> in(8, y), out(8);
  unit_kernels().activate(int(activation), 8, in.data(), out.data());
  return out[0];
}

double slope(Activation activation, double y) {
  const double kappa = 1;
  support::AlignedVector<double> x(8, activate(activation, y) - 1), at(8, y), pull(8), strain(8);
  unit_kernels().pull(int(activation), {1, 8, &kappa}, x.data(), at.data(), pull.data(), strain.data());
  return -strain[0] / pull[0];
}

SignalBlock outputs(const Network& network, const SignalBlock& units) {
  const Layer& last = network.layers.back();
  const std::size_t first = network.first_unit(network.layers.size() - 1);
  SignalBlock out = units.sibling(last.delivered());
  for (std::size_t i = 0; i < last.delivered(); ++i) {
    double* const to = out.row(i);
    for (std::size_t k = 0; k < (last.of_units.window ? last.of_units.window : 1); ++k) {
      const std::size_t index =
          last.of_units.window ? std::size_t(last.of_units.indices[i * last.of_units.window + k]) : i;
      const double* const from = units.row(first + index);
      for (std::size_t s = 0; s < out.stride(); ++s) to[s] = k == 0 || to[s] < from[s] ? from[s] : to[s];
    }
  }
  return out;
}

}  // namespace szilard::quasistatic
