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

}  // namespace

CellNoise::CellNoise(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
                     const WiredArray* wired, double input_full_scale) {
  const Device& device = parameters.device;
  const double square_weights = square(array.weight_per_siemens());
  linear::RowMatrix own_s, offset_s = array.offsets();
  own_s.resize(map.weights.rows(), map.weights.cols());
  const auto variance = [&](double conductance_s) {
    return square(read_sigma_s(device, conductance_s, parameters.read_time_s));
  };
  if (wired) {
    own = wired->noise_own() * square_weights;
    offset = wired->noise_offset() * square_weights;
  } else if (device.read_noise == ReadNoise::proportional) {
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
  const CurrentNoise& noise = device.current_noise;
  if (!noise.has_thermal && !noise.has_shot) return;
  for (Eigen::Index q = 0; q < own_s.rows(); ++q) {
    for (Eigen::Index k = 0; k < own_s.cols(); ++k) {
      own_s(q, k) = array.positive(q, k) + (array.has_pairs() ? array.negative(q, k) : 0.0);
    }
  }
  const double bandwidth_hz = noise.bandwidth_hz > 0 ? noise.bandwidth_hz.value : 1 / (2 * parameters.read_time_s);
  const double x_per_volt = input_full_scale / parameters.read_voltage_v;
  if (noise.has_thermal) {
    const double factor =
        4 * support::kBoltzmann_J_per_K * parameters.temperature_k * bandwidth_hz * square_weights * square(x_per_volt);
    own_thermal = wired ? wired->thermal_own_s() : row_sums(own_s);
    offset_thermal = wired ? wired->thermal_offset_s() : row_sums(offset_s);
    for (double& value : own_thermal) value *= factor;
    for (double& value : offset_thermal) value *= factor;
  }
  if (noise.has_shot) {
    const double factor = 2 * support::kElementaryCharge_C * bandwidth_hz * square_weights * x_per_volt;
    own_shot = (wired ? wired->shot_own() : own_s) * factor;
    offset_shot = (wired ? wired->shot_offset() : offset_s) * factor;
  }
}

}  // namespace szilard::electronic
