// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/electronic/cell_response.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/wires/wire_network.hpp"
#include "models/electronic/working_rows.hpp"
#include "models/support/philox.hpp"

namespace szilard::electronic {

/// The tiles of one layer with wires and cells that are not ohmic: no matrix stands for them, so each tile is solved
/// anew for every sample and position, by Newton's method. Read noise is drawn cell by cell and solved with: nothing
/// about it is approximate, and the heat is that of the noisy cells. Tiles as WiredArray has them. Internal to this
/// folder.
class NonlinearArray {
 public:
  /// The map, the array and the response must outlive this.
  NonlinearArray(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
                 const CellResponse& response, double input_full_scale, std::uint64_t seed,
                 const std::string& stream_name);

  /// inputs: rows of x (after the DAC), of which the first `samples` lanes are solved.
  void solve(const WorkingRows<double>& inputs, std::uint64_t first_sample, std::size_t samples);
  /// Outputs of the last solve, in weights times x.
  const double* outputs(std::size_t group, std::size_t position, std::size_t output) const {
    return outputs_.row((group * positions_ + position) * map_->outputs + output);
  }
  /// Rows as WiredArray::add_powers() has them, summed over positions, row tile after row tile of group after group; in
  /// units of the square of the voltage of x = 1.
  const WorkingRows<double>& powers() const { return powers_; }

 private:
  struct Tile {
    std::size_t group, r, c, first_output, outputs, first_row, rows, columns, first_cell;
    std::vector<double> conductances_s, sigmas_s;
    wires::WireNetwork network;
  };

  void solve_tile(Tile& tile, const WorkingRows<double>& inputs, std::size_t position, std::uint64_t sample,
                  std::size_t lane);

  const linear::LinearMap* map_;
  const CellResponse* response_;
  wires::WireParameters wires_;
  bool has_pairs_, has_noise_;
  std::size_t positions_, row_tiles_, column_tiles_;
  double volts_per_x_, weight_per_ampere_;
  support::RandomStream stream_;
  std::vector<Tile> tiles_;
  WorkingRows<double> outputs_, powers_;
  std::vector<double> volts_, noisy_s_, gaussians_;
};

}  // namespace szilard::electronic
