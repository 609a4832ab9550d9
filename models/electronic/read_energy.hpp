// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/line_charging.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/wired_array.hpp"
#include "models/electronic/working_rows.hpp"
#include "models/energy/energy_sink.hpp"
#include "models/support/aligned_vector.hpp"

namespace szilard::electronic {

/// Energies of one stage's reads but for its converters (stage_converters.hpp). All positions of a sample read the same
/// cells, so that every energy is a sum over
/// input features of x_f^2 times a coefficient: conductances (or capacitances) of all rows that ever carry feature f.
/// Coefficients of the drivers' terminals and of the tiles' cells are summed apart from one another. Internal to this
/// folder.
class ReadEnergy {
 public:
  /// `wired` may be null; it and the map (that of the slices) must outlive this.
  ReadEnergy(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
             WiredArray* wired, double input_full_scale, const LineCharging& charging);

  void open_accounts(const std::string& component, energy::EnergySink& sink);
  /// With wires, before post_pass(): rows of x_f (after the DAC), whose powers are not sums of squares.
  void solve(const WorkingRows<double>& inputs, std::size_t lanes);
  /// Instead of solve(): powers of the network from elsewhere, rows as WiredArray has them, in units of the square of
  /// the voltage of x = 1.
  void take(const WorkingRows<double>& powers, std::size_t lanes);
  /// The array in one pass. squares: rows of x_f^2 (after the DAC), with pulses of |x_f| full scale; pulses: of the
  /// squares of the voltages to which lines are charged. Posts `samples` samples from first_sample on.
  void post_pass(const WorkingRows<double>& squares, const WorkingRows<double>& pulses, std::size_t lanes,
                 std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink);
  /// Each sample's share of what writing the weights cost.
  void post_programming(std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink);
  const std::vector<TileReport>& tiles() const { return tiles_; }

 private:
  /// Energies per x_f^2 of one row tile over the features it ever sees: a row of coefficients for each column tile,
  /// then the charging of its word lines, then what its drivers supply at their terminals (V I t, and V Q of the
  /// lines, and what that returns). With wires the first and third of these are 0, and the tiles' powers stand in
  /// wired_j_.
  struct RowTile {
    std::size_t first_feature = 0, features = 0;
    support::AlignedVector<double> coefficients_j;
  };
  struct Accounts {
    energy::AccountId drive_supplied = 0, charging_supplied = 0, drive_exported = 0, charging_dissipated = 0;
    std::vector<energy::AccountId> received, dissipated, wire_dissipated, write_supplied, write_dissipated;
    energy::AccountId charging_recovered = 0, select_supplied = 0, select_dissipated = 0;
    energy::AccountId switch_supplied = 0, switch_dissipated = 0, regulation_supplied = 0, regulation_dissipated = 0;
  };

  double coefficient_j(const ProgrammedArray& array, std::size_t group, std::size_t k, std::size_t row) const;
  RowTile row_tile(const linear::LinearMap& map, const ProgrammedArray& array, std::size_t group, std::size_t r) const;
  std::vector<energy::Coefficient> read_coefficients() const;
  void post_tiles(std::size_t lanes, std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink);
  void post_driver(std::size_t lanes, std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink);

  void open_select(const std::string& component, energy::EnergySink& sink);
  void open_driver_losses(const std::string& component, energy::EnergySink& sink);
  void post_switches(const WorkingRows<double>& pulses, std::uint64_t first_sample, std::size_t samples,
                     energy::EnergySink& sink) const;
  void open_charging(const std::string& component, energy::EnergySink& sink);
  std::vector<energy::Coefficient> wire_coefficients() const;
  TileReport tile_report(const ProgrammedArray& array, std::size_t group, std::size_t r, std::size_t c) const;
  void open_programming(const std::string& component, const TileReport& tile, energy::EnergySink& sink);

  CrossbarParameters parameters_;
  const linear::LinearMap* map_;
  WiredArray* wired_;
  bool has_wires_;
  double input_full_scale_;
  LineCharging charging_;
  double square_volt_seconds_;  // V^2 t for x = 1
  double square_volts_;         // V^2 for x = 1
  std::size_t column_tiles_, powers_, rows_per_tile_;
  std::int64_t reads_, row_pulses_, line_pulses_;
  energy::Quanta select_pass_;  // of one pass
  std::int64_t select_pulses_ = 0;
  energy::Quanta switch_pulse_;          // of one row of a tile
  std::vector<std::int64_t> line_uses_;  // of each input feature: rows of tiles that carry it, in all positions
  std::vector<TileReport> tiles_;
  std::vector<RowTile> row_tiles_;
  bool is_open_ = false;
  Accounts accounts_;
  support::AlignedVector<double> energies_j_;  // (row tiles x rows_per_tile_) x lanes
  std::vector<energy::Quanta> exported_;
  WorkingRows<double> wired_j_;  // with wires: WiredArray::powers() rows a row tile
  std::vector<const double*> picked_;
};

}  // namespace szilard::electronic
