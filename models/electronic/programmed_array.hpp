// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/weight_slices.hpp"
#include "models/linear/linear_map.hpp"

namespace szilard::electronic {

/// The conductances of one layer as programmed and aged, and where they stand on tiles. Internal to this folder.
/// `record` takes every cell, tile after tile.
/// Weight row q = group x outputs + o. Every group has tiles of its own; within a group row tile r holds terms
/// [r rows, (r + 1) rows) and column tile c outputs [c outputs_per_tile, (c + 1) outputs_per_tile).
class ProgrammedArray {
 public:
  /// `map` is that of the slices.
  ProgrammedArray(const linear::LinearMap& map, const WeightSlices& slices, const CrossbarParameters& parameters,
                  std::uint64_t seed, const std::string& stream_name, std::vector<ProgrammedTile>* record = nullptr);

  bool has_pairs() const { return has_pairs_; }
  std::size_t row_tiles() const { return row_tiles_; }        ///< per group
  std::size_t column_tiles() const { return column_tiles_; }  ///< per group
  std::size_t outputs_per_tile() const { return outputs_per_tile_; }
  std::size_t cells() const;
  std::size_t tile_of_output(std::size_t output) const { return output / outputs_per_tile_; }

  /// Of a tile: pulses that wrote it, and the sums over them of the conductance to be reached, S.
  struct Pulses {
    std::int64_t count = 0;
    double conductance_s = 0;
  };
  const Pulses& pulses(std::size_t group, std::size_t row_tile, std::size_t column_tile) const {
    return pulses_[(group * row_tiles_ + row_tile) * column_tiles_ + column_tile];
  }

  double positive(std::size_t q, std::size_t k) const { return own_(q, k); }
  /// G-, or the conductance of the column that is subtracted in the weight's own tile and row.
  double negative(std::size_t q, std::size_t k) const;
  /// Weight that one siemens of difference stands for, compensation of drift included.
  double weight_per_siemens() const { return weight_per_siemens_; }

  /// (groups x outputs) x terms, in weights: what the array multiplies by.
  linear::RowMatrix effective_weights() const;
  /// Sum of the squared conductances that only this weight has, in S^2: G+^2 + G-^2, or G^2.
  linear::RowMatrix squared_conductances() const;
  /// (groups x column tiles) x terms: squared offset conductances. Empty with pairs.
  linear::RowMatrix squared_offsets() const;
  linear::RowMatrix offsets() const { return offset_; }

  /// Sum of the conductances of row k over the cells of one tile column, S.
  double tile_row_conductance(std::size_t group, std::size_t column_tile, std::size_t k) const;
  /// Current of row k of a group at 1 V over all its tiles, S. Summed on its own, cell after cell.
  double row_conductance(std::size_t group, std::size_t k) const;

  /// A whole tile, rows x columns as built, its last used row last and its first used column first; unused cells 0.
  std::vector<double> tile_conductances(std::size_t group, std::size_t row_tile, std::size_t column_tile,
                                        std::size_t columns) const;

  std::size_t outputs_in(std::size_t column_tile) const;
  std::size_t columns_used(std::size_t column_tile) const;
  std::size_t rows_used(std::size_t row_tile) const;

 private:
  void prepare(std::vector<ProgrammedTile>& record) const;

  std::size_t groups_, outputs_, terms_, rows_;
  bool has_pairs_;
  std::size_t outputs_per_tile_, row_tiles_, column_tiles_;
  double weight_per_siemens_ = 1;
  std::vector<Pulses> pulses_;
  linear::RowMatrix own_;       // (groups x outputs) x terms: G+ or G
  linear::RowMatrix opposite_;  // (groups x outputs) x terms: G-; empty without pairs
  linear::RowMatrix offset_;    // (groups x column tiles) x terms; empty with pairs
};

}  // namespace szilard::electronic
