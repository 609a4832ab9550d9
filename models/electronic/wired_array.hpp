// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/wires/wire_network.hpp"
#include "models/electronic/working_rows.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::electronic {

wires::WireParameters network_parameters(const WireOptions& options);

/// The tiles of one layer with their wires, each solved once as a network (wires/wire_network.hpp): fixed conductances
/// make currents linear and powers quadratic in the row voltages. Internal to this folder.
///
/// A tile's network has its used rows, the last of them next to the sense amplifiers, and its used columns from the
/// driver on: both sides of a pair side by side, an offset column behind all others. With drive from both ends the word
/// lines go on over all columns of the tile, to the second driver; unused cells are open.
class WiredArray {
 public:
  WiredArray(const ProgrammedArray& array, const CrossbarParameters& parameters, std::size_t groups,
             std::size_t outputs, std::size_t terms);

  /// (groups x outputs) x terms, in weights, wires included.
  const linear::RowMatrix& effective_weights() const { return weights_; }

  /// What squared_conductances() and squared_offsets() of the programmed array become: coefficient (q, k) times V_k^2
  /// is the part of row k in the variance of output q's current, to first order in the noise. A cell at row k and
  /// column n
  /// adds sigma_kn^2 a_kn^2 t_kn^2: a, the adjoint, is the voltage on the cell when the output's columns alone are at 1
  /// V (-1 V on the opposite column); t is that with row k alone at 1 V.
  const linear::RowMatrix& noise_own() const { return noise_own_; }
  const linear::RowMatrix& noise_offset() const { return noise_offset_; }
  /// Likewise |V_k| and the sum of |cell currents| times a_kn^2, for shot noise.
  const linear::RowMatrix& shot_own() const { return shot_own_; }
  const linear::RowMatrix& shot_offset() const { return shot_offset_; }
  /// Conductances between an output's columns and all the rest, S, row tile after row tile: 4kT times them is its
  /// thermal noise, wires included (Nyquist).
  const std::vector<double>& thermal_own_s() const { return thermal_own_s_; }
  const std::vector<double>& thermal_offset_s() const { return thermal_offset_s_; }

  /// Powers of the row tile `r` of a group for row voltages of `lanes` samples, added to out: a row of cells for each
  /// column tile, one of wires for each, and last the power that the sources of all column tiles supply.
  void add_powers(std::size_t group, std::size_t r, const double* const* volts, std::size_t lanes,
                  double* const* out_w);
  /// Likewise the means over a read in which row k stands at full volts with the sign of volts[k] for |volts[k]| / full
  /// of the time, all from its beginning: sum_ik F_ik full sign(V_i V_k) min(|V_i|, |V_k|).
  void add_pulse_powers(std::size_t group, std::size_t r, const double* const* volts, double full, std::size_t lanes,
                        double* const* out_w) const;
  std::size_t powers() const { return 2 * column_tiles_ + 1; }

 private:
  /// V' F V = sum_i V_i (sum_k<=i L_ik V_k), L the lower triangle of F with all but its diagonal twice: kBlock rows of
  /// all forms stand together, as far as the block's last column.
  struct Forms {
    std::size_t rows = 0;
    std::vector<support::AlignedVector<double>> blocks;
  };
  static constexpr std::size_t kBlock = 16;

  struct Tile;
  void solve(const Tile& tile, const ProgrammedArray& array, const CrossbarParameters& parameters);
  void add_noise(const Tile& tile, wires::WireNetwork& network, const std::vector<double>& own_v,
                 const CrossbarParameters& parameters);
  void add_form(Forms& forms, std::size_t which, const std::vector<double>& form_s) const;

  bool has_pairs_;
  std::size_t outputs_, row_tiles_, column_tiles_, outputs_per_tile_, rows_per_tile_;
  linear::RowMatrix weights_, noise_own_, noise_offset_, shot_own_, shot_offset_;
  std::vector<double> thermal_own_s_, thermal_offset_s_;
  std::vector<Forms> forms_;  // group after group, row tile after row tile
  WorkingRows<double> products_;
};

}  // namespace szilard::electronic
