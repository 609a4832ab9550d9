// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/optical/incoherent_stage_impl.hpp"

namespace szilard::optical {
namespace {

void add_array(TileProgram& program, const char* quantity, const linear::RowMatrix& values) {
  program.arrays.push_back({quantity,
                            std::size_t(values.rows()),
                            std::size_t(values.cols()),
                            {values.data(), values.data() + values.size()}});
}

void take_shares(const LightShares& shares, IncoherentTile& tile) {
  const auto append = [&](const auto& part) {
    tile.stacked.insert(tile.stacked.end(), part.data(), part.data() + part.size());
  };
  append(shares.plus);
  append(shares.minus);
  append(shares.absorbed);
  append(shares.auxiliary);
  for (Eigen::Index o = 0; o < shares.plus.rows(); ++o)
    tile.dark.push_back((shares.plus.row(o) - shares.minus.row(o)).sum());
  for (std::size_t k = 0; k < tile.terms; ++k) {
    tile.full_absorbed += shares.absorbed[k];
    tile.full_auxiliary += shares.auxiliary[k];
  }
  for (const auto* part : {&shares.plus, &shares.minus})
    for (Eigen::Index o = 0; o < part->rows(); ++o) tile.full_power.push_back(part->row(o).sum());
  tile.full_out = shares.plus.sum() + shares.minus.sum();
}

LightShares program(const linear::RowMatrix& weights, const IncoherentParameters& parameters, std::uint64_t seed,
                    const std::string& stream_name, IncoherentTile& tile) {
  OpticalTileReport& report = tile.report;
  if (parameters.medium == IncoherentMedium::ring_bank) {
    RingBank bank = program_ring_bank(weights, parameters.rings, parameters.modes, seed, stream_name);
    report.residual = bank.residual;
    report.heaters_w = bank.holding_w;
    report.elements = tile.outputs * tile.terms;
    tile.worst_share = bank.worst_share;
    tile.path = {{"splitting among outputs", 1, double(tile.outputs)},
                 {"rings, for a weight of 1", double(tile.terms), 1 / bank.span}};
    add_array(tile.program, "detuning_Hz", bank.detuning_hz);
    return std::move(bank.shares);
  }
  const AbsorptiveCrossbarParameters& absorbers = parameters.absorbers;
  AbsorptiveCrossbar crossbar = program_absorptive_crossbar(weights, absorbers, seed, stream_name);
  report.elements = 2 * tile.outputs * tile.terms;
  tile.worst_share = crossbar.worst_share;
  const double combined = absorbers.combining == Combining::couplers ? double(tile.terms) : 1;
  tile.path = {{"splitting among cells", 1, 2 * double(tile.outputs)},
               {"cells passed", double(tile.outputs + tile.terms - 2), 1 / crossbar.worst_path},
               {"cell, for a weight of 1", 1, 1 / (absorbers.maximum_transmission - absorbers.minimum_transmission)},
               {"combining", 1, combined}};
  add_array(tile.program, "transmission_plus", crossbar.plus);
  add_array(tile.program, "transmission_minus", crossbar.minus);
  return std::move(crossbar.shares);
}

IncoherentTile make_tile(const linear::RowMatrix& weights, double scale, const IncoherentParameters& parameters,
                         std::uint64_t seed, const std::string& stream_name) {
  IncoherentTile tile;
  tile.outputs = std::size_t(weights.rows());
  tile.terms = std::size_t(weights.cols());
  const linear::RowMatrix wanted = weights / scale;
  const LightShares shares = program(wanted, parameters, seed, stream_name, tile);
  take_shares(shares, tile);
  OpticalTileReport& report = tile.report;
  report.rows_used = tile.outputs;
  report.columns_used = tile.terms;
  report.scale = scale;
  report.gain = 1 / tile.worst_share;
  report.programming_j = double(report.elements) * parameters.reprogramming.energy_j;
  report.programming_time_s = parameters.reprogramming.settling_s();
  const double size = wanted.norm();
  if (size > 0) report.error = (report.gain * (shares.plus - shares.minus) - wanted).norm() / size;
  return tile;
}

}  // namespace

std::vector<IncoherentTile> make_incoherent_tiles(const linear::LinearMap& map, const IncoherentParameters& parameters,
                                                  std::uint64_t seed, const std::string& stream_name) {
  const double largest = std::max(map.weights.cwiseAbs().maxCoeff(), map.largest_elsewhere),
               scale = largest > 0 ? largest : 1;
  std::vector<IncoherentTile> tiles;
  std::size_t row_tile = 0;
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t first = 0; first < map.terms; first += parameters.modes, ++row_tile) {
      const std::size_t terms = std::min(parameters.modes, map.terms - first);
      std::size_t column_tile = 0;
      for (std::size_t output = 0; output < map.outputs; output += parameters.modes, ++column_tile) {
        const std::size_t outputs = std::min(parameters.modes, map.outputs - output);
        const std::string name = "tile_" + std::to_string(row_tile) + "_" + std::to_string(column_tile);
        const linear::RowMatrix weights = map.weights.block(Eigen::Index(g * map.outputs + output), Eigen::Index(first),
                                                            Eigen::Index(outputs), Eigen::Index(terms));
        tiles.push_back(make_tile(weights, scale, parameters, seed, stream_name + "/" + name));
        IncoherentTile& tile = tiles.back();
        tile.group = tile.program.group = g;
        tile.first_output = tile.program.first_output = output;
        tile.first_term = tile.program.first_term = first;
        tile.report.name = tile.program.name = name;
        tile.weight = scale / tile.worst_share;
      }
    }
  }
  return tiles;
}

}  // namespace szilard::optical
