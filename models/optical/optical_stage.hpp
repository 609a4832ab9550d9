// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/linear/linear_stage.hpp"
#include "models/optical/link_budget.hpp"
#include "models/optical/matrix_mesh.hpp"
#include "models/support/area.hpp"

namespace szilard::optical {

/// One tile of a stage.
struct OpticalTileReport {
  std::string name;                             ///< "tile_0_1": row tile, column tile
  std::size_t rows_used = 0, columns_used = 0;  ///< outputs and inputs
  double scale = 1;  ///< what the medium divides the weights by: the largest singular value, or weight
  double residual =
      0;  ///< of the programming: the decomposition's, a dilation's unitarity_error(), the worst weight of a ring bank
  double gain = 1;   ///< by which the receivers make up for loss
  double error = 0;  ///< || gain M - W / s ||_F / || W / s ||_F, M real: of the tile as built; 0 for a tile of zeros
  double heaters_w = 0;      ///< to hold the tile
  std::size_t elements = 0;  ///< interferometers, pixels, rings or cells that are set
  double programming_j = 0;  ///< to set them once
  double programming_time_s = 0;
};

/// What is dialled into one tile, for files.
struct TileProgram {
  std::string name;
  std::size_t group = 0, first_term = 0, first_output = 0;  ///< of the weights
  std::optional<MatrixPhases> phases;                       ///< mzi_mesh
  struct Array {
    std::string quantity;  ///< "transmission_plus", "detuning_Hz": stands in the file's name
    std::size_t rows = 0, columns = 0;
    std::vector<double> values;
  };
  std::vector<Array> arrays;
};

/// A linear layer on light: what reports, exports and link budgets ask every medium for.
class OpticalStage : public linear::LinearStage {
 public:
  virtual const char* medium() const = 0;  ///< as scenarios name it
  virtual const LightParameters& light() const = 0;
  virtual std::vector<OpticalTileReport> tiles() const = 0;
  virtual std::vector<TileProgram> programs() const = 0;
  virtual LinkBudget link() const = 0;
  virtual std::vector<support::AreaPart> areas(const std::string& component) const = 0;
  /// Photons of the signal that photodiodes turned into electrons so far, oscillators not counted.
  virtual double detected_photons() const = 0;
};

}  // namespace szilard::optical
