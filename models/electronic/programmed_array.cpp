// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/programmed_array.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::electronic {
namespace {

std::size_t ceil_div(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

// The slices of an output that stand side by side are never torn apart.
std::size_t outputs_of_tile(const CrossbarParameters& parameters, const WeightSlices& slices) {
  const bool has_pairs = parameters.signed_weights == SignedWeights::differential_pair;
  const std::size_t room = has_pairs ? parameters.columns / 2 : parameters.columns - 1;
  return slices.is_side_by_side ? room / slices.slices * slices.slices : room;
}

}  // namespace

ProgrammedArray::ProgrammedArray(const linear::LinearMap& map, const WeightSlices& slices,
                                 const CrossbarParameters& parameters, std::uint64_t seed,
                                 const std::string& stream_name, std::vector<ProgrammedTile>* record)
    : groups_(map.groups),
      outputs_(map.outputs),
      terms_(map.terms),
      rows_(parameters.rows),
      has_pairs_(parameters.signed_weights == SignedWeights::differential_pair),
      outputs_per_tile_(outputs_of_tile(parameters, slices)),
      row_tiles_(ceil_div(map.terms, parameters.rows)),
      column_tiles_(ceil_div(map.outputs, outputs_per_tile_)) {
  const Device& device = parameters.device;
  const double minimum = device.minimum_conductance_s, span = device.maximum_conductance_s - minimum;
  const double w_max = slices.full;
  const support::RandomStream stream(seed, support::stream_of((stream_name + "/programming").c_str()));
  const support::RandomStream fixed(seed, support::stream_of((stream_name + "/history").c_str()));
  double initial_sum = 0, sum = 0;
  pulses_.resize(groups_ * row_tiles_ * column_tiles_);
  if (record) prepare(*record);
  const auto program = [&](double target, std::uint64_t cell, std::size_t group, std::size_t column_tile,
                           std::size_t column, std::size_t k) {
    const double level_s = nearest_level_s(device, target);
    const ProgrammedCell programmed = programmed_cell(device, level_s, stream, cell);
    const AgedConductance aged = aged_conductance(device, programmed.conductance_s, fixed, cell, level_s);
    const std::size_t tile = (group * row_tiles_ + k / rows_) * column_tiles_ + column_tile;
    if (record) {
      ProgrammedTile& out = (*record)[tile];
      const std::size_t at = k % rows_ * out.columns + column;
      out.target_s[at] = target;
      out.level_s[at] = level_s;
      out.programmed_s[at] = programmed.conductance_s;
      out.now_s[at] = aged.now_s;
      out.is_stuck[at] = aged.is_stuck;
    }
    Pulses& pulses = pulses_[tile];
    const int count = aged.is_stuck ? device.verify_tries : programmed.pulses;
    pulses.count += count;
    pulses.conductance_s += count * level_s;
    initial_sum += aged.initial_s;
    sum += aged.now_s;
    return aged.now_s;
  };
  const auto rows = static_cast<Eigen::Index>(groups_ * outputs_), columns = static_cast<Eigen::Index>(terms_);
  own_.resize(rows, columns);
  const auto zero_of = [&](std::size_t group) { return minimum + span * slices.zeros[group % slices.slices]; };
  if (has_pairs_) opposite_.resize(rows, columns);
  const double seen_span = device.access_ohm > 0 ? conductance_with_access_s(device, device.maximum_conductance_s) -
                                                       conductance_with_access_s(device, minimum)
                                                 : span;
  weight_per_siemens_ = w_max / slices.swing / seen_span;
  for (Eigen::Index q = 0; q < rows; ++q) {
    for (Eigen::Index k = 0; k < columns; ++k) {
      const double w = map.weights(q, k) / w_max;
      const auto cell = 2 * static_cast<std::uint64_t>(q * columns + k);
      const std::size_t group = static_cast<std::size_t>(q) / outputs_, row = static_cast<std::size_t>(k);
      const std::size_t output = static_cast<std::size_t>(q) % outputs_, column_tile = tile_of_output(output);
      const std::size_t column = (has_pairs_ ? 2 : 1) * (output % outputs_per_tile_);
      if (has_pairs_) {
        own_(q, k) = program(minimum + std::max(w, 0.0) * span, cell, group, column_tile, column, row);
        opposite_(q, k) = program(minimum + std::max(-w, 0.0) * span, cell + 1, group, column_tile, column + 1, row);
      } else {
        own_(q, k) = program(zero_of(group) + w * span * slices.swing, cell, group, column_tile, column, row);
      }
    }
  }
  if (!has_pairs_) offset_.resize(static_cast<Eigen::Index>(groups_ * column_tiles_), columns);
  for (Eigen::Index i = 0; i < offset_.size(); ++i) {
    const auto at = static_cast<std::size_t>(i), column = at / terms_;
    const std::size_t group = column / column_tiles_, column_tile = column % column_tiles_;
    const std::uint64_t cell = 2 * static_cast<std::uint64_t>(rows * columns) + static_cast<std::uint64_t>(i);
    offset_.data()[i] = program(zero_of(group), cell, group, column_tile, outputs_in(column_tile), at % terms_);
  }
  if (device.drift.is_on && device.drift.is_compensated && sum > 0) weight_per_siemens_ *= initial_sum / sum;
}

void ProgrammedArray::prepare(std::vector<ProgrammedTile>& record) const {
  for (std::size_t g = 0; g < groups_; ++g) {
    for (std::size_t r = 0; r < row_tiles_; ++r) {
      for (std::size_t c = 0; c < column_tiles_; ++c) {
        ProgrammedTile tile;
        tile.name = "tile_" + std::to_string(g * row_tiles_ + r) + "_" + std::to_string(c);
        tile.group = g, tile.first_term = r * rows_, tile.first_output = c * outputs_per_tile_;
        tile.rows = rows_used(r), tile.columns = columns_used(c);
        const std::size_t cells = tile.rows * tile.columns;
        for (auto* values : {&tile.target_s, &tile.level_s, &tile.programmed_s, &tile.now_s}) values->resize(cells);
        tile.is_stuck.resize(cells);
        record.push_back(std::move(tile));
      }
    }
  }
}

std::size_t ProgrammedArray::cells() const {
  return static_cast<std::size_t>(own_.size() + opposite_.size() + offset_.size());
}

double ProgrammedArray::negative(std::size_t q, std::size_t k) const {
  if (has_pairs_) return opposite_(q, k);
  return offset_(q / outputs_ * column_tiles_ + tile_of_output(q % outputs_), k);
}

linear::RowMatrix ProgrammedArray::effective_weights() const {
  linear::RowMatrix weights(own_.rows(), own_.cols());
  for (Eigen::Index q = 0; q < weights.rows(); ++q) {
    for (Eigen::Index k = 0; k < weights.cols(); ++k) {
      weights(q, k) = (own_(q, k) - negative(q, k)) * weight_per_siemens_;
    }
  }
  return weights;
}

linear::RowMatrix ProgrammedArray::squared_conductances() const {
  linear::RowMatrix squared = own_.cwiseAbs2();
  if (has_pairs_) squared += opposite_.cwiseAbs2();
  return squared;
}

linear::RowMatrix ProgrammedArray::squared_offsets() const { return offset_.cwiseAbs2(); }

double ProgrammedArray::tile_row_conductance(std::size_t group, std::size_t column_tile, std::size_t k) const {
  const std::size_t first = column_tile * outputs_per_tile_, last = first + outputs_in(column_tile);
  double sum = has_pairs_ ? 0.0 : offset_(group * column_tiles_ + column_tile, k);
  for (std::size_t o = first; o < last; ++o) {
    const std::size_t q = group * outputs_ + o;
    sum += own_(q, k) + (has_pairs_ ? opposite_(q, k) : 0.0);
  }
  return sum;
}

double ProgrammedArray::row_conductance(std::size_t group, std::size_t k) const {
  double plus = 0, minus = 0;
  for (std::size_t o = 0; o < outputs_; ++o) plus += own_(group * outputs_ + o, k);
  if (has_pairs_) {
    for (std::size_t o = 0; o < outputs_; ++o) minus += opposite_(group * outputs_ + o, k);
  } else {
    for (std::size_t c = 0; c < column_tiles_; ++c) minus += offset_(group * column_tiles_ + c, k);
  }
  return plus + minus;
}

std::vector<double> ProgrammedArray::tile_conductances(std::size_t group, std::size_t row_tile, std::size_t column_tile,
                                                       std::size_t columns) const {
  const std::size_t used = rows_used(row_tile), outputs = outputs_in(column_tile), unused = rows_ - used;
  std::vector<double> cells_s(rows_ * columns, 0.0);
  for (std::size_t i = 0; i < used; ++i) {
    double* row = &cells_s[(unused + i) * columns];
    const std::size_t k = row_tile * rows_ + i;
    for (std::size_t o = 0; o < outputs; ++o) {
      const std::size_t q = group * outputs_ + column_tile * outputs_per_tile_ + o;
      row[has_pairs_ ? 2 * o : o] = own_(q, k);
      row[has_pairs_ ? 2 * o + 1 : outputs] = negative(q, k);
    }
  }
  return cells_s;
}

std::size_t ProgrammedArray::outputs_in(std::size_t column_tile) const {
  return std::min(outputs_per_tile_, outputs_ - column_tile * outputs_per_tile_);
}

std::size_t ProgrammedArray::columns_used(std::size_t column_tile) const {
  return has_pairs_ ? 2 * outputs_in(column_tile) : outputs_in(column_tile) + 1;
}

std::size_t ProgrammedArray::rows_used(std::size_t row_tile) const {
  return std::min(rows_, terms_ - row_tile * rows_);
}

}  // namespace szilard::electronic
