// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/report/pictures.hpp"

#include <algorithm>
#include <cmath>

#include "models/electronic/wires/wire_network.hpp"
#include "models/support/atomic_file.hpp"

namespace szilard::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostLines = 128;

/// Shares of the row's voltage that cells lose, row by row.
struct DropMap {
  std::string tile;
  std::size_t rows = 0, columns = 0;
  std::vector<double> shares;
  double largest = 0, mean = 0;
};

DropMap drops_of(const electronic::ProgrammedTile& tile, const electronic::CrossbarParameters& parameters) {
  const electronic::WireOptions& options = parameters.wires;
  wires::WireParameters wires;
  wires.word_segment_ohm = options.word_segment_ohm;
  wires.bit_segment_ohm = options.bit_segment_ohm;
  wires.driver_ohm = options.driver_ohm;
  wires.sense_ohm = options.sense_ohm;
  wires.drive_both_ends = options.drive_both_ends;
  // Lines with drivers at both ends go on over unused columns, which are open.
  const std::size_t columns = options.drive_both_ends ? std::max(parameters.columns, tile.columns) : tile.columns;
  std::vector<double> conductances(tile.rows * columns, 0.0);
  for (std::size_t i = 0; i < tile.rows; ++i)
    std::copy_n(tile.now_s.begin() + std::ptrdiff_t(i * tile.columns), tile.columns,
                conductances.begin() + std::ptrdiff_t(i * columns));
  wires::WireNetwork network(tile.rows, columns, conductances.data(), wires);
  const std::vector<double> full(tile.rows, parameters.read_voltage_v.value);
  const wires::Solution solution = network.solve(full.data(), 1);

  DropMap map{tile.name, tile.rows, tile.columns, {}};
  for (std::size_t i = 0; i < tile.rows; ++i)
    for (std::size_t j = 0; j < tile.columns; ++j) {
      const std::size_t at = i * columns + j;
      map.shares.push_back(1 - (solution.word_voltages_v[at] - solution.bit_voltages_v[at]) / full[i]);
      map.largest = std::max(map.largest, map.shares.back());
      map.mean += map.shares.back() / double(tile.rows * tile.columns);
    }
  return map;
}

/// Means over blocks, in millionths: a picture needs no more, and the file stays small.
Json blocks_of(const DropMap& map) {
  const std::size_t rows = std::min(map.rows, kMostLines), columns = std::min(map.columns, kMostLines);
  Json out = Json::array();
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      const std::size_t first_row = r * map.rows / rows, last_row = (r + 1) * map.rows / rows;
      const std::size_t first_column = c * map.columns / columns, last_column = (c + 1) * map.columns / columns;
      double sum = 0;
      for (std::size_t i = first_row; i < last_row; ++i)
        for (std::size_t j = first_column; j < last_column; ++j) sum += map.shares[i * map.columns + j];
      out.push_back(std::llround(1e6 * sum / double((last_row - first_row) * (last_column - first_column))));
    }
  return out;
}

Json activity_json(const cosim::PlatformResult& platform) {
  Json layers = Json::array();
  for (const cosim::ActivityExcerpt& layer : platform.activity) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < layer.shown.size(); ++i) {
      std::string row;
      for (std::size_t s = 0; s < layer.samples; ++s) row += layer.active[i * layer.samples + s] ? '1' : '0';
      rows.push_back(row);
    }
    layers.push_back({{"layer", layer.layer},
                      {"neurons", layer.neurons},
                      {"samples", layer.samples},
                      {"shown", layer.shown},
                      {"active", rows}});
  }
  return layers;
}

}  // namespace

void Pictures::add(const std::string& platform, const electronic::CrossbarStage& crossbar) {
  const electronic::CrossbarParameters& parameters = crossbar.parameters();
  if (parameters.wires.model == electronic::WireModel::none) return;
  DropMap worst;
  for (const electronic::ProgrammedTile& tile : crossbar.programmed_tiles()) {
    DropMap map = drops_of(tile, parameters);
    if (worst.shares.empty() || map.mean > worst.mean) worst = std::move(map);
  }
  if (worst.shares.empty()) return;
  drops_[platform].push_back({{"layer", crossbar.map().name},
                              {"tile", worst.tile},
                              {"rows", worst.rows},
                              {"columns", worst.columns},
                              {"read_voltage_V", parameters.read_voltage_v.value},
                              {"largest", worst.largest},
                              {"mean", worst.mean},
                              {"shown_rows", std::min(worst.rows, kMostLines)},
                              {"shown_columns", std::min(worst.columns, kMostLines)},
                              {"drop_ppm", blocks_of(worst)}});
}

void Pictures::write(const std::string& directory, const cosim::RunResult& result) const {
  Json platforms = Json::array();
  for (const cosim::PlatformResult& platform : result.platforms)
    platforms.push_back({{"name", platform.name},
                         {"voltage_drops", drops_.value(platform.name, Json::array())},
                         {"activity", activity_json(platform)}});
  const Json pictures = {{"schema", "szilard.pictures/1"}, {"platforms", platforms}};
  support::write_file(directory + "/pictures.json",
                      pictures.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace szilard::report
