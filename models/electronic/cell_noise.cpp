// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/cell_noise.hpp"

#include "models/support/constants.hpp"

namespace szilard::electronic {
namespace {

double square(double value) { return value * value; }

std::vector<double> row_sums(const linear::RowMatrix& matrix) {
  std::vector<double> sums;
  for (Eigen::Index row = 0; row < matrix.rows(); ++row) sums.push_back(matrix.row(row).sum());
  return sums;
}

/// `rows` sums over the tiles of a part, of numbers that stand row tile after row tile.
std::vector<double> tile_sums(const std::vector<double>& by_tile, std::size_t rows, const RowPart& part) {
  std::vector<double> sums(rows, 0.0);
  for (std::size_t r = part.first_tile; r < part.first_tile + part.tiles; ++r) {
    for (std::size_t row = 0; row < rows; ++row) sums[row] += by_tile[r * rows + row];
  }
  return sums;
}

linear::RowMatrix columns_of(const linear::RowMatrix& matrix, const RowPart& part) {
  if (matrix.size() == 0) return matrix;
  return matrix.middleCols(static_cast<Eigen::Index>(part.first), static_cast<Eigen::Index>(part.rows));
}

}  // namespace

CellNoise::CellNoise(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
                     const WiredArray* wired, double input_full_scale, const RowPart& part) {
  const Device& device = parameters.device;
  const double square_weights = square(array.weight_per_siemens());
  linear::RowMatrix own_s, offset_s = array.offsets();
  own_s.resize(map.weights.rows(), map.weights.cols());
  const auto variance = [&](double conductance_s) {
    return square(read_sigma_s(device, conductance_s, parameters.read_time_s));
  };
  if (wired && device.has_noise()) {
    own = wired->noise_own() * square_weights;
    offset = wired->noise_offset() * square_weights;
  } else if (device.read_noise == ReadNoise::proportional && !(device.access_ohm > 0)) {
    const double factor = square(device.read_noise_sigma * array.weight_per_siemens());
    own = array.squared_conductances() * factor;
    offset = array.squared_offsets() * factor;
  } else {
    own.resize(map.weights.rows(), map.weights.cols());
    for (Eigen::Index q = 0; q < own.rows(); ++q) {
      for (Eigen::Index k = 0; k < own.cols(); ++k) {
        const double opposite = array.has_pairs() ? variance(array.negative(q, k)) : 0.0;
        own(q, k) = (variance(array.positive(q, k)) + opposite) * square_weights;
      }
    }
    offset = offset_s.unaryExpr([&](double conductance_s) { return variance(conductance_s) * square_weights; });
  }
  own = columns_of(own, part);
  offset = columns_of(offset, part);
  const CurrentNoise& noise = device.current_noise;
  const double x_per_volt = input_full_scale / parameters.read_voltage_v;
  if (parameters.integration_capacitance_f > 0) {
    const double ampere2 = support::kBoltzmann_J_per_K * parameters.temperature_k *
                           parameters.integration_capacitance_f / square(parameters.read_time_s);
    own_thermal.assign(static_cast<std::size_t>(own.rows()), ampere2 * square_weights * square(x_per_volt));
    offset_thermal.assign(static_cast<std::size_t>(offset.rows()), 0.0);
  }
  if (!noise.has_thermal && !noise.has_shot) return;
  for (Eigen::Index q = 0; q < own_s.rows(); ++q) {
    for (Eigen::Index k = 0; k < own_s.cols(); ++k) {
      own_s(q, k) = array.positive(q, k) + (array.has_pairs() ? array.negative(q, k) : 0.0);
    }
  }
  const double bandwidth_hz = noise.bandwidth_hz > 0 ? noise.bandwidth_hz.value : 1 / (2 * parameters.read_time_s);
  own_s = columns_of(own_s, part);
  offset_s = columns_of(offset_s, part);
  if (noise.has_thermal) {
    const double factor =
        4 * support::kBoltzmann_J_per_K * parameters.temperature_k * bandwidth_hz * square_weights * square(x_per_volt);
    const auto add = [factor](std::vector<double>& variances, const std::vector<double>& conductances_s) {
      variances.resize(conductances_s.size(), 0.0);
      for (std::size_t i = 0; i < variances.size(); ++i) variances[i] += conductances_s[i] * factor;
    };
    const auto offsets = static_cast<std::size_t>(offset.rows());
    add(own_thermal, wired ? tile_sums(wired->thermal_own_s(), map.groups * map.outputs, part) : row_sums(own_s));
    add(offset_thermal, wired ? tile_sums(wired->thermal_offset_s(), offsets, part) : row_sums(offset_s));
  }
  if (noise.has_shot) {
    const double factor = 2 * support::kElementaryCharge_C * bandwidth_hz * square_weights * x_per_volt;
    own_shot = (wired ? columns_of(wired->shot_own(), part) : own_s) * factor;
    offset_shot = (wired ? columns_of(wired->shot_offset(), part) : offset_s) * factor;
  }
}

}  // namespace szilard::electronic
