// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/nonlinear_array.hpp"

#include <algorithm>
#include <utility>

#include "models/electronic/wired_array.hpp"

namespace szilard::electronic {

NonlinearArray::NonlinearArray(const linear::LinearMap& map, const CrossbarParameters& parameters,
                               const ProgrammedArray& array, const CellResponse& response, double input_full_scale,
                               std::uint64_t seed, const std::string& stream_name)
    : map_(&map),
      response_(&response),
      wires_(network_parameters(parameters.wires)),
      has_pairs_(array.has_pairs()),
      has_noise_(parameters.device.has_noise()),
      positions_(map.positions),
      row_tiles_(array.row_tiles()),
      column_tiles_(array.column_tiles()),
      volts_per_x_(parameters.read_voltage_v / input_full_scale),
      weight_per_ampere_(array.weight_per_siemens() / volts_per_x_),
      stream_(seed, support::stream_of((stream_name + "/cell_noise").c_str())),
      outputs_(map.groups * map.positions * map.outputs),
      powers_(map.groups * array.row_tiles() * (2 * array.column_tiles() + 1)) {
  std::size_t first_cell = 0;
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t r = 0; r < row_tiles_; ++r) {
      for (std::size_t c = 0; c < column_tiles_; ++c) {
        const std::size_t rows = array.rows_used(r), used = array.columns_used(c);
        const std::size_t columns = wires_.drive_both_ends ? parameters.columns : used;
        std::vector<double> conductances_s = array.tile_conductances(g, r, c, columns);
        conductances_s.erase(conductances_s.begin(),
                             conductances_s.end() - static_cast<std::ptrdiff_t>(rows * columns));
        std::vector<double> sigmas_s(conductances_s.size(), 0.0);
        for (std::size_t k = 0; k < sigmas_s.size(); ++k) {
          if (has_noise_ && k % columns < used) {
            sigmas_s[k] =
                read_sigma_s(parameters.device, conductances_s[k], parameters.read_time_s) * response.siemens();
          }
          conductances_s[k] *= response.siemens();
        }
        wires::WireNetwork network(rows, columns, conductances_s.data(), wires_);
        tiles_.push_back({g, r, c, c * array.outputs_per_tile(), array.outputs_in(c), r * parameters.rows, rows,
                          columns, first_cell, std::move(conductances_s), std::move(sigmas_s), std::move(network)});
        first_cell += rows * columns;
      }
    }
  }
}

void NonlinearArray::solve(const WorkingRows<double>& inputs, std::uint64_t first_sample, std::size_t samples) {
  for (const WorkingRows<double>* rows : {&outputs_, &powers_}) {
    for (std::size_t i = 0; i < rows->size(); ++i) std::fill_n(rows->addresses()[i], kWorkingLanes, 0.0);
  }
  for (Tile& tile : tiles_) {
    for (std::size_t position = 0; position < positions_; ++position) {
      for (std::size_t lane = 0; lane < samples; ++lane) solve_tile(tile, inputs, position, first_sample + lane, lane);
    }
  }
}

void NonlinearArray::solve_tile(Tile& tile, const WorkingRows<double>& inputs, std::size_t position,
                                std::uint64_t sample, std::size_t lane) {
  const std::int32_t* gather = &map_->gather[(tile.group * positions_ + position) * map_->terms + tile.first_row];
  volts_.resize(tile.rows);
  for (std::size_t i = 0; i < tile.rows; ++i) {
    volts_[i] = gather[i] < 0 ? 0.0 : volts_per_x_ * inputs.row(static_cast<std::size_t>(gather[i]))[lane];
  }
  if (std::all_of(volts_.begin(), volts_.end(), [](double v) { return v == 0; })) return;
  wires::SolveOptions options;
  options.voltages = options.cell_currents = false;
  wires::Solution solution;
  if (has_noise_) {
    const std::size_t cells = tile.conductances_s.size();
    gaussians_.resize(cells);
    noisy_s_.resize(cells);
    stream_.gaussians(sample * positions_ + position, static_cast<std::uint32_t>(tile.first_cell), cells,
                      gaussians_.data());
    for (std::size_t k = 0; k < cells; ++k) {
      noisy_s_[k] = std::max(0.0, tile.conductances_s[k] + tile.sigmas_s[k] * gaussians_[k]);
    }
    wires::WireNetwork network(tile.rows, tile.columns, noisy_s_.data(), wires_);
    solution = network.solve(volts_.data(), 1, response_->law(), options);
  } else {
    solution = tile.network.solve(volts_.data(), 1, response_->law(), options);
  }
  const std::vector<double>& currents = solution.column_currents_a;
  for (std::size_t o = 0; o < tile.outputs; ++o) {
    const double difference_a = currents[has_pairs_ ? 2 * o : o] - currents[has_pairs_ ? 2 * o + 1 : tile.outputs];
    double* const out = outputs_.row((tile.group * positions_ + position) * map_->outputs + tile.first_output + o);
    out[lane] += difference_a * weight_per_ampere_;
  }
  const double unit = volts_per_x_ * volts_per_x_;
  const std::size_t first = (tile.group * row_tiles_ + tile.r) * (2 * column_tiles_ + 1);
  powers_.row(first + tile.c)[lane] += solution.power[0].cells_w / unit;
  powers_.row(first + column_tiles_ + tile.c)[lane] += solution.power[0].wires_w / unit;
  powers_.row(first + 2 * column_tiles_)[lane] += solution.power[0].supply_w / unit;
}

}  // namespace szilard::electronic
