// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/optical_report.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::cosim {

OpticalLayerResult report_optical(const optical::OpticalStage& stage, const scenario::LinearSpec& spec,
                                  std::size_t samples) {
  OpticalLayerResult out;
  out.layer = stage.map().name;
  out.medium = stage.medium();
  out.modes = stage.light().modes;
  if (spec.model == scenario::LinearModel::coherent && spec.coherent.medium == optical::Medium::random_scatterer)
    out.scatterer_modes = spec.coherent.scatterer_modes;
  const linear::LinearMap& map = stage.map();
  const std::vector<optical::OpticalTileReport> tiles = stage.tiles();
  const std::vector<optical::TileProgram> programs = stage.programs();
  double squares = 0;
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    const optical::OpticalTileReport& tile = tiles[t];
    const auto first = Eigen::Index(programs[t].group * map.outputs + programs[t].first_output);
    const double norm = map.weights
                            .block(first, Eigen::Index(programs[t].first_term), Eigen::Index(tile.rows_used),
                                   Eigen::Index(tile.columns_used))
                            .norm();
    ++out.tiles;
    out.elements += tile.elements;
    squares += tile.error * tile.error * norm * norm;
    out.largest_error = std::max(out.largest_error, tile.error);
    out.residual = std::max(out.residual, tile.residual);
    out.holding_w += tile.heaters_w;
    out.programming_j += tile.programming_j;
    out.programming_time_s = tile.programming_time_s;
  }
  const double size = map.weights.norm();
  out.error = size > 0 ? std::sqrt(squares) / size : 0.0;
  out.photons_per_mac = stage.detected_photons() / (double(samples) * double(stage.map().macs()));
  out.link = stage.link();
  return out;
}

}  // namespace szilard::cosim
