// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <utility>

#include "models/support/constants.hpp"
#include "sim/bounds/bounds.hpp"

namespace szilard::bounds {

/// Collects rows; the printed value of each comes from a table by id.
class RowMaker {
 public:
  explicit RowMaker(const std::map<std::string, double>& paper) : paper_(paper) {}

  void add(std::string id, std::string quantity, std::string unit, std::optional<double> from_formula,
           std::optional<double> corrected, std::string assumptions) {
    const auto printed = paper_.find(id);
    rows_.push_back({std::move(id), std::move(quantity), std::move(unit),
                     printed == paper_.end() ? std::nullopt : std::optional<double>(printed->second), from_formula,
                     corrected, std::move(assumptions)});
  }
  /// The formula is right as it stands.
  void add(std::string id, std::string quantity, std::string unit, double value, std::string assumptions) {
    add(std::move(id), std::move(quantity), std::move(unit), value, value, std::move(assumptions));
  }
  std::vector<BoundRow> take() { return std::move(rows_); }

 private:
  const std::map<std::string, double>& paper_;
  std::vector<BoundRow> rows_;
};

inline double binary_entropy_nat(double p) {
  return (p > 0 ? -p * std::log(p) : 0) - (p < 1 ? (1 - p) * std::log1p(-p) : 0);
}
inline double thermal_j(double temperature_k) { return support::kBoltzmann_J_per_K * temperature_k; }
inline double landauer_j(double temperature_k) { return thermal_j(temperature_k) * support::kLn2; }

}  // namespace szilard::bounds
