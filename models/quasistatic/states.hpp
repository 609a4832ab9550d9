// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/quasistatic/network.hpp"
#include "models/quasistatic/unit_kernels.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::quasistatic {

/// Rows of numbers, `lanes` states side by side (a multiple of 8).
struct Field {
  std::size_t rows = 0, lanes = 0;
  support::AlignedVector<double> values;

  Field() = default;
  Field(std::size_t r, std::size_t n) : rows(r), lanes(n), values(r * n, 0.0) {}
  double* row(std::size_t i) { return values.data() + i * lanes; }
  const double* row(std::size_t i) const { return values.data() + i * lanes; }
};

/// States of all units with their arguments.
struct States {
  Field x, y;
  std::vector<Field> raw;        ///< [layer] what the map gives, where a selection follows it; else empty
  std::vector<Field> delivered;  ///< [layer] what the selection over the units gives; else empty
};

/// A network laid out for one number of lanes: forward and backward products layer by layer. Not shared between
/// threads.
class Layout {
 public:
  Layout(const Network& network, std::size_t lanes);

  const Network& network() const { return network_; }
  std::size_t lanes() const { return lanes_; }
  std::size_t units() const { return units_; }
  std::size_t first_unit(std::size_t layer) const { return first_[layer]; }
  UnitRows rows(std::size_t layer) const;
  int activation(std::size_t layer) const { return int(network_.layers[layer].activation); }
  States make_states() const;

  /// W u + b of the first layer: a row for each output of its map.
  void drive(const Field& inputs, Field& driven) const;
  /// The first layer's arguments from what drives it.
  void set_first_arguments(const Field& driven, States& states) const;
  /// Arguments of every other layer from the units before.
  void set_arguments(States& states) const;
  /// Arguments of one layer (not the first) from the units before.
  void set_arguments_of(std::size_t layer, States& states) const;
  /// pull: each unit's own spring. back: what the next layer's springs do to it. Their sum is the force. strain =
  /// -sigma.
  void set_forces(const States& states, Field& pull, Field& strain, Field& back) const;
  /// What a move of the units does to the arguments, inputs held: dy = W dx. No selections.
  void set_turn(const Field& dx, Field& dy) const;
  /// back = W' strain, of every unit what the layer behind it does. No selections.
  void set_turn_back(const Field& strain, Field& back) const;
  /// sum[lane] += sign H.
  void add_energy(const States& states, double sign, double* sum) const;
  void add_energy_of(std::size_t layer, const States& states, double sign, double* sum) const;
  /// sum[lane] += the heat of moving from one to the other with the inputs held.
  void add_heat(const States& from, const States& to, double* sum) const;

 private:
  void apply(std::size_t layer, const Field& in, std::size_t first_in, Field& out, std::size_t first_out,
             bool biased = true) const;
  void apply_back(std::size_t layer, const Field& strain, std::size_t first_strain, Field& back,
                  std::size_t first_back) const;
  void select(const Selection& selection, const Field& in, std::size_t first_in, Field& out,
              std::size_t first_out) const;
  void select_back(const Selection& selection, const Field& in, std::size_t first_in, const Field& best,
                   std::size_t first_best, const Field& of, std::size_t first_of, Field& gradient,
                   std::size_t first_gradient) const;

  const Network network_;
  std::size_t lanes_, units_;
  std::vector<std::size_t> first_;
  std::vector<linear::RowMatrix> transposed_;  // (groups x terms) x outputs, a block for each group
  std::vector<bool> plain_;                    // dense, inputs in order
  mutable std::vector<const double*> in_rows_;
  mutable std::vector<double*> out_rows_;
  mutable Field terms_, delivered_gradient_, raw_strain_;
  Field zeros_;
};

}  // namespace szilard::quasistatic
