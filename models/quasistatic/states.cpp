// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/states.hpp"

#include <algorithm>

#include "models/linear/product.hpp"

namespace szilard::quasistatic {
namespace {

bool in_order(const linear::LinearMap& map) {
  if (!map.is_dense() || map.terms != map.inputs) return false;
  for (std::size_t k = 0; k < map.terms; ++k)
    if (map.gather[k] != std::int32_t(k)) return false;
  return true;
}

linear::RowMatrix transposed(const linear::LinearMap& map) {
  linear::RowMatrix out(map.groups * map.terms, map.outputs);
  for (std::size_t g = 0; g < map.groups; ++g)
    out.middleRows(Eigen::Index(g * map.terms), Eigen::Index(map.terms)) =
        map.weights.middleRows(Eigen::Index(g * map.outputs), Eigen::Index(map.outputs)).transpose();
  return out;
}

}  // namespace

Layout::Layout(const Network& network, std::size_t lanes)
    : network_(network), lanes_(lanes), units_(network.units()), zeros_(1, lanes) {
  network_.check();
  std::size_t terms = 0, delivered = 0, raw = 0;
  for (std::size_t l = 0; l < network_.layers.size(); ++l) {
    const Layer& layer = network_.layers[l];
    first_.push_back(network_.first_unit(l));
    plain_.push_back(in_order(layer.map));
    transposed_.push_back(l > 0 ? transposed(layer.map) : linear::RowMatrix());
    if (l > 0 && !plain_[l]) terms = std::max(terms, layer.map.terms);
    if (layer.of_units.window) delivered = std::max(delivered, layer.delivered());
    if (layer.of_arguments.window) raw = std::max(raw, layer.map.total_outputs());
  }
  terms_ = Field(terms, lanes);
  delivered_gradient_ = Field(delivered, lanes);
  raw_strain_ = Field(raw, lanes);
}

UnitRows Layout::rows(std::size_t layer) const {
  return {network_.layers[layer].units(), lanes_, network_.layers[layer].stiffness.data()};
}

States Layout::make_states() const {
  States states{Field(units_, lanes_), Field(units_, lanes_), {}, {}};
  for (const Layer& layer : network_.layers) {
    states.raw.push_back(layer.of_arguments.window ? Field(layer.map.total_outputs(), lanes_) : Field());
    states.delivered.push_back(layer.of_units.window ? Field(layer.delivered(), lanes_) : Field());
  }
  return states;
}

void Layout::apply(std::size_t layer, const Field& in, std::size_t first_in, Field& out, std::size_t first_out,
                   bool biased) const {
  const linear::LinearMap& map = network_.layers[layer].map;
  in_rows_.resize(map.terms);
  out_rows_.resize(map.outputs);
  for (std::size_t g = 0; g < map.groups; ++g)
    for (std::size_t p = 0; p < map.positions; ++p) {
      const std::int32_t* const gather = map.gather.data() + (g * map.positions + p) * map.terms;
      for (std::size_t k = 0; k < map.terms; ++k)
        in_rows_[k] = gather[k] < 0 ? zeros_.row(0) : in.row(first_in + std::size_t(gather[k]));
      for (std::size_t o = 0; o < map.outputs; ++o)
        out_rows_[o] = out.row(first_out + (g * map.outputs + o) * map.positions + p);
      linear::product(map.weights.data() + g * map.outputs * map.terms, map.terms,
                      biased ? map.bias.data() + g * map.outputs : nullptr, in_rows_.data(), map.outputs, map.terms,
                      lanes_, out_rows_.data());
    }
}

void Layout::apply_back(std::size_t layer, const Field& strain, std::size_t first_strain, Field& back,
                        std::size_t first_back) const {
  const linear::LinearMap& map = network_.layers[layer].map;
  const linear::RowMatrix& weights = transposed_[layer];
  in_rows_.resize(map.outputs);
  out_rows_.resize(map.terms);
  if (!plain_[layer]) std::fill(back.row(first_back), back.row(first_back) + map.inputs * lanes_, 0.0);
  for (std::size_t g = 0; g < map.groups; ++g)
    for (std::size_t p = 0; p < map.positions; ++p) {
      for (std::size_t o = 0; o < map.outputs; ++o)
        in_rows_[o] = strain.row(first_strain + (g * map.outputs + o) * map.positions + p);
      for (std::size_t k = 0; k < map.terms; ++k)
        out_rows_[k] = plain_[layer] ? back.row(first_back + k) : terms_.row(k);
      linear::product(weights.data() + g * map.terms * map.outputs, map.outputs, nullptr, in_rows_.data(), map.terms,
                      map.outputs, lanes_, out_rows_.data());
      if (plain_[layer]) continue;
      const std::int32_t* const gather = map.gather.data() + (g * map.positions + p) * map.terms;
      for (std::size_t k = 0; k < map.terms; ++k) {
        if (gather[k] < 0) continue;
        double* const sum = back.row(first_back + std::size_t(gather[k]));
        const double* const term = terms_.row(k);
        for (std::size_t s = 0; s < lanes_; ++s) sum[s] += term[s];
      }
    }
}

void Layout::select(const Selection& selection, const Field& in, std::size_t first_in, Field& out,
                    std::size_t first_out) const {
  in_rows_.resize(selection.window);
  for (std::size_t i = 0; i < selection.outputs(); ++i) {
    for (std::size_t k = 0; k < selection.window; ++k)
      in_rows_[k] = in.row(first_in + std::size_t(selection.indices[i * selection.window + k]));
    unit_kernels().largest(selection.window, in_rows_.data(), lanes_, out.row(first_out + i));
  }
}

void Layout::select_back(const Selection& selection, const Field& in, std::size_t first_in, const Field& best,
                         std::size_t first_best, const Field& of, std::size_t first_of, Field& gradient,
                         std::size_t first_gradient) const {
  in_rows_.resize(selection.window);
  out_rows_.resize(selection.window);
  for (std::size_t i = 0; i < selection.outputs(); ++i) {
    for (std::size_t k = 0; k < selection.window; ++k) {
      const std::size_t index = std::size_t(selection.indices[i * selection.window + k]);
      in_rows_[k] = in.row(first_in + index);
      out_rows_[k] = gradient.row(first_gradient + index);
    }
    unit_kernels().to_largest(selection.window, in_rows_.data(), lanes_, best.row(first_best + i), of.row(first_of + i),
                              out_rows_.data());
  }
}

void Layout::drive(const Field& inputs, Field& driven) const { apply(0, inputs, 0, driven, 0); }

void Layout::set_first_arguments(const Field& driven, States& states) const {
  const Selection& selection = network_.layers[0].of_arguments;
  if (!selection.window) {
    std::copy(driven.values.begin(), driven.values.end(), states.y.values.begin());
    return;
  }
  states.raw[0].values = driven.values;
  select(selection, driven, 0, states.y, 0);
}

void Layout::set_arguments_of(std::size_t layer, States& states) const {
  const Layer& before = network_.layers[layer - 1];
  const bool selected = before.of_units.window != 0;
  if (selected) select(before.of_units, states.x, first_[layer - 1], states.delivered[layer - 1], 0);
  const Field& in = selected ? states.delivered[layer - 1] : states.x;
  const std::size_t first_in = selected ? 0 : first_[layer - 1];
  const Selection& selection = network_.layers[layer].of_arguments;
  if (!selection.window) return apply(layer, in, first_in, states.y, first_[layer]);
  apply(layer, in, first_in, states.raw[layer], 0);
  select(selection, states.raw[layer], 0, states.y, first_[layer]);
}

void Layout::set_arguments(States& states) const {
  for (std::size_t l = 1; l < network_.layers.size(); ++l) set_arguments_of(l, states);
}

void Layout::set_forces(const States& states, Field& pull, Field& strain, Field& back) const {
  for (std::size_t l = 0; l < network_.layers.size(); ++l)
    unit_kernels().pull(activation(l), rows(l), states.x.row(first_[l]), states.y.row(first_[l]), pull.row(first_[l]),
                        strain.row(first_[l]));
  for (std::size_t l = 1; l < network_.layers.size(); ++l) {
    const Layer &layer = network_.layers[l], &before = network_.layers[l - 1];
    const Field* of = &strain;
    std::size_t first_of = first_[l];
    if (layer.of_arguments.window) {
      std::fill(raw_strain_.values.begin(), raw_strain_.values.end(), 0.0);
      select_back(layer.of_arguments, states.raw[l], 0, states.y, first_[l], strain, first_[l], raw_strain_, 0);
      of = &raw_strain_;
      first_of = 0;
    }
    if (!before.of_units.window) {
      apply_back(l, *of, first_of, back, first_[l - 1]);
      continue;
    }
    apply_back(l, *of, first_of, delivered_gradient_, 0);
    std::fill(back.row(first_[l - 1]), back.row(first_[l - 1]) + before.units() * lanes_, 0.0);
    select_back(before.of_units, states.x, first_[l - 1], states.delivered[l - 1], 0, delivered_gradient_, 0, back,
                first_[l - 1]);
  }
  const std::size_t last = first_.back();
  std::fill(back.row(last), back.row(last) + (units_ - last) * lanes_, 0.0);
}

void Layout::set_turn(const Field& dx, Field& dy) const {
  std::fill(dy.row(0), dy.row(0) + network_.layers[0].units() * lanes_, 0.0);
  for (std::size_t l = 1; l < network_.layers.size(); ++l) apply(l, dx, first_[l - 1], dy, first_[l], false);
}

void Layout::set_turn_back(const Field& strain, Field& back) const {
  for (std::size_t l = 1; l < network_.layers.size(); ++l) apply_back(l, strain, first_[l], back, first_[l - 1]);
  const std::size_t last = first_.back();
  std::fill(back.row(last), back.row(last) + (units_ - last) * lanes_, 0.0);
}

void Layout::add_energy_of(std::size_t layer, const States& states, double sign, double* sum) const {
  unit_kernels().energy(activation(layer), rows(layer), states.x.row(first_[layer]), states.y.row(first_[layer]), sign,
                        sum);
}

void Layout::add_energy(const States& states, double sign, double* sum) const {
  for (std::size_t l = 0; l < network_.layers.size(); ++l) add_energy_of(l, states, sign, sum);
}

void Layout::add_heat(const States& from, const States& to, double* sum) const {
  for (std::size_t l = 0; l < network_.layers.size(); ++l)
    unit_kernels().heat(activation(l), rows(l), from.x.row(first_[l]), from.y.row(first_[l]), to.x.row(first_[l]),
                        to.y.row(first_[l]), sum);
}

}  // namespace szilard::quasistatic
