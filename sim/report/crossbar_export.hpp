// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "models/electronic/crossbar_stage.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::report {

/// Writes what was programmed into crossbars: for each tile DIR/PLATFORM/LAYER/TILE_QUANTITY.npy, rows x columns in siemens, for
/// the quantities target, level, programmed, conductance (as read, without read noise) and error (conductance - target), TILE.csv with
/// the same cell by cell, and DIR/manifest.json, last. Every file appears only when complete. Throws EnvironmentError.
class CrossbarExport {
 public:
  explicit CrossbarExport(std::string directory);
  void add(const std::string& platform, const electronic::CrossbarStage& crossbar);
  void finish(const scenario::Scenario& scenario);
  std::size_t tiles() const { return tiles_; }

 private:
  std::string directory_;
  nlohmann::ordered_json platforms_;
  std::size_t tiles_ = 0;
};

}  // namespace szilard::report
