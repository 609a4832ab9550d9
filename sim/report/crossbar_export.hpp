// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "models/electronic/crossbar_stage.hpp"
#include "models/optical/optical_stage.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::report {

/// Writes what was programmed into media. Crossbars: for each tile DIR/PLATFORM/LAYER/TILE_QUANTITY.npy, rows x columns
/// in siemens, for the quantities target, level, programmed, conductance (as read, without read noise) and error
/// (conductance - target), TILE.csv with the same cell by cell. Light: DIR/PLATFORM/LAYER/TILE_phases.json for a mesh
/// (as `szilard lab mesh` writes it: phases and transmissions);
/// TILE_QUANTITY.npy for masks of phases (rad), scattering matrices (real and imaginary part), detunings of rings (Hz)
/// and transmissions of cells, outputs x inputs. And DIR/manifest.json, last. Every file appears only when complete.
/// Throws EnvironmentError.
class CrossbarExport {
 public:
  explicit CrossbarExport(std::string directory);
  void add(const std::string& platform, const electronic::CrossbarStage& crossbar);
  void add(const std::string& platform, const optical::OpticalStage& stage);
  void finish(const scenario::Scenario& scenario);
  std::size_t tiles() const { return tiles_; }

 private:
  /// The layer's folder, made, and the platform's list of layers.
  std::pair<std::string, nlohmann::ordered_json*> place(const std::string& platform, const std::string& layer);

  std::string directory_;
  nlohmann::ordered_json platforms_;
  std::size_t tiles_ = 0;
};

}  // namespace szilard::report
