// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/capacitive/capacitive_stage.hpp"
#include "models/energy/energy_sink.hpp"

namespace szilard::capacitive {

/// What columns and input lines take from the supply; laws in capacitive_stage.hpp. Internal to this folder.
class ColumnEnergy {
 public:
  explicit ColumnEnergy(const CapacitiveParameters& parameters);

  /// Of the sums over columns of k and of k^2: the capacitors, and with them the cells' outputs.
  double capacitors_j(double sum, double sum_of_squares) const { return linear_j_ * sum - square_j_ * sum_of_squares; }
  double nodes_j(double sum) const { return node_j_ * sum; }
  double clock_of_column_j() const { return clock_j_; }
  double row_j() const { return row_j_; }
  double buffer_share() const { return buffer_share_; }  ///< of the energies of lines and switches

  void open_accounts(const std::string& component, energy::EnergySink& sink);
  struct Cycle {  ///< of one sample
    double sum = 0, sum_of_squares = 0, rows = 0;
  };
  /// `columns` evaluated in a sample: in use, times positions, input bits and row tiles.
  void post(const std::vector<Cycle>& cycles, double columns, std::uint64_t first_sample, std::size_t samples,
            energy::EnergySink& sink) const;

 private:
  struct Account {
    energy::AccountId supplied = 0, dissipated = 0;
    bool is_open = false;
  };
  Account open(const std::string& component, const char* mechanism, const char* law, const char* counted,
               std::vector<energy::Coefficient> coefficients, bool is_used, energy::EnergySink& sink) const;

  CapacitiveParameters parameters_;
  double linear_j_, square_j_, node_j_, clock_j_, row_j_, buffer_share_ = 0;
  Account capacitors_, nodes_, clock_, rows_, buffers_;
};

}  // namespace szilard::capacitive
