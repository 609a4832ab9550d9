// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/wired_array.hpp"

#include <algorithm>
#include <cmath>

#include "models/electronic/wires/wire_network.hpp"
#include "models/linear/product.hpp"

namespace szilard::electronic {
namespace {

// Of the voltages behind the noise's variances, which are first order in the noise to begin with.
constexpr double kNoiseTolerance = 1e-6;

double square(double value) { return value * value; }

}  // namespace

wires::WireParameters network_parameters(const WireOptions& options) {
  wires::WireParameters wires;
  wires.word_segment_ohm = options.word_segment_ohm;
  wires.bit_segment_ohm = options.bit_segment_ohm;
  wires.driver_ohm = options.driver_ohm;
  wires.sense_ohm = options.sense_ohm;
  wires.drive_both_ends = options.drive_both_ends;
  return wires;
}

/// One tile's network, row by row.
struct WiredArray::Tile {
  std::size_t group, r, c;
  std::size_t first_output, outputs, first_row, rows, used_columns, columns;
  std::vector<double> conductances_s;
};

WiredArray::WiredArray(const ProgrammedArray& array, const CrossbarParameters& parameters, std::size_t groups,
                       std::size_t outputs, std::size_t terms)
    : has_pairs_(array.has_pairs()),
      outputs_(outputs),
      row_tiles_(array.row_tiles()),
      column_tiles_(array.column_tiles()),
      outputs_per_tile_(array.outputs_per_tile()),
      rows_per_tile_(parameters.rows),
      forms_(groups * array.row_tiles()),
      products_(kBlock * powers()) {
  const auto rows = static_cast<Eigen::Index>(groups * outputs), columns = static_cast<Eigen::Index>(terms);
  weights_.setZero(rows, columns);
  const bool has_noise = parameters.device.has_noise();
  if (has_noise) {
    const std::size_t offsets = has_pairs_ ? 0 : groups * column_tiles_;
    for (linear::RowMatrix* matrix : {&noise_own_, &shot_own_}) matrix->setZero(rows, columns);
    for (linear::RowMatrix* matrix : {&noise_offset_, &shot_offset_}) {
      matrix->setZero(static_cast<Eigen::Index>(offsets), columns);
    }
    thermal_own_s_.assign(row_tiles_ * groups * outputs, 0.0);
    thermal_offset_s_.assign(row_tiles_ * offsets, 0.0);
  }
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t r = 0; r < row_tiles_; ++r) {
      for (std::size_t c = 0; c < column_tiles_; ++c) {
        Tile tile{g,
                  r,
                  c,
                  c * outputs_per_tile_,
                  array.outputs_in(c),
                  r * rows_per_tile_,
                  array.rows_used(r),
                  array.columns_used(c),
                  0,
                  {}};
        tile.columns = parameters.wires.drive_both_ends ? parameters.columns : tile.used_columns;
        tile.conductances_s.assign(tile.rows * tile.columns, 0.0);
        for (std::size_t i = 0; i < tile.rows; ++i) {
          double* row = &tile.conductances_s[i * tile.columns];
          for (std::size_t o = 0; o < tile.outputs; ++o) {
            const std::size_t q = g * outputs + tile.first_output + o, k = tile.first_row + i;
            row[has_pairs_ ? 2 * o : o] = array.positive(q, k);
            row[has_pairs_ ? 2 * o + 1 : tile.outputs] = array.negative(q, k);
          }
        }
        solve(tile, array, parameters);
      }
    }
  }
}

void WiredArray::solve(const Tile& tile, const ProgrammedArray& array, const CrossbarParameters& parameters) {
  wires::WireNetwork network(tile.rows, tile.columns, tile.conductances_s.data(), network_parameters(parameters.wires));
  wires::Response response = network.response();
  if (parameters.wires.model == WireModel::fast) {
    // Powers stay those of the exact solution: an approximate one misses Kirchhoff's law, and its powers would not
    // close.
    wires::SolveOptions options;
    options.fidelity = wires::Fidelity::fast;
    response.effective = network.effective_matrix(options);
  }
  const wires::EffectiveMatrix& effective = response.effective;
  for (std::size_t o = 0; o < tile.outputs; ++o) {
    const double* own = &effective.conductance_s[(has_pairs_ ? 2 * o : o) * tile.rows];
    const double* opposite = &effective.conductance_s[(has_pairs_ ? 2 * o + 1 : tile.outputs) * tile.rows];
    for (std::size_t i = 0; i < tile.rows; ++i) {
      weights_(tile.group * outputs_ + tile.first_output + o, tile.first_row + i) =
          (own[i] - opposite[i]) * array.weight_per_siemens();
    }
  }
  Forms& forms = forms_[tile.group * row_tiles_ + tile.r];
  forms.rows = tile.rows;
  add_form(forms, tile.c, response.powers.cells_s);
  add_form(forms, column_tiles_ + tile.c, response.powers.wires_s);
  add_form(forms, 2 * column_tiles_, response.powers.supply_s);
  if (parameters.device.has_noise()) add_noise(tile, network, response.own_voltages_v, parameters);
}

void WiredArray::add_form(Forms& forms, std::size_t which, const std::vector<double>& form_s) const {
  const std::size_t blocks = (forms.rows + kBlock - 1) / kBlock;
  forms.blocks.resize(blocks);
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t first = b * kBlock, last = std::min(forms.rows, first + kBlock), height = last - first;
    forms.blocks[b].resize(this->powers() * height * last, 0.0);
    for (std::size_t i = first; i < last; ++i) {
      double* row = &forms.blocks[b][(which * height + i - first) * last];
      for (std::size_t k = 0; k < i; ++k) row[k] += 2 * form_s[i * forms.rows + k];
      row[i] += form_s[i * forms.rows + i];
    }
  }
}

void WiredArray::add_noise(const Tile& tile, wires::WireNetwork& network, const std::vector<double>& own_v,
                           const CrossbarParameters& parameters) {
  // Of each cell: sigma^2 t^2 and G t.
  std::vector<double> variances(tile.rows * tile.columns, 0.0), currents(variances);
  for (std::size_t i = 0; i < tile.rows; ++i) {
    for (std::size_t j = 0; j < tile.used_columns; ++j) {
      const std::size_t at = i * tile.columns + j;
      variances[at] =
          square(read_sigma_s(parameters.device, tile.conductances_s[at], parameters.read_time_s) * own_v[at]);
      currents[at] = std::abs(tile.conductances_s[at] * own_v[at]);
    }
  }
  const std::size_t drives = has_pairs_ ? tile.outputs : tile.outputs + 1;
  std::vector<double> ends_v(drives * tile.columns, 0.0);
  for (std::size_t d = 0; d < drives; ++d) {
    ends_v[d * tile.columns + (has_pairs_ ? 2 * d : d)] = 1;
    if (has_pairs_) ends_v[d * tile.columns + 2 * d + 1] = -1;
  }
  wires::SolveOptions options;
  options.tolerance = kNoiseTolerance;
  const wires::ColumnDrives adjoint =
      network.column_drives(ends_v.data(), drives, {variances.data(), currents.data()}, options);
  for (std::size_t d = 0; d < drives; ++d) {
    const bool is_offset = d == tile.outputs;
    const std::size_t row =
        is_offset ? tile.group * column_tiles_ + tile.c : tile.group * outputs_ + tile.first_output + d;
    const auto rows = static_cast<std::size_t>(is_offset ? noise_offset_.rows() : noise_own_.rows());
    (is_offset ? thermal_offset_s_ : thermal_own_s_)[tile.r * rows + row] += adjoint.conductance_s[d];
    for (std::size_t i = 0; i < tile.rows; ++i) {
      const auto q = static_cast<Eigen::Index>(row), k = static_cast<Eigen::Index>(tile.first_row + i);
      (is_offset ? noise_offset_ : noise_own_)(q, k) = adjoint.square_sums[0][d * tile.rows + i];
      (is_offset ? shot_offset_ : shot_own_)(q, k) = adjoint.square_sums[1][d * tile.rows + i];
    }
  }
}

void WiredArray::add_powers(std::size_t group, std::size_t r, const double* const* volts, std::size_t lanes,
                            double* const* out_w) {
  const Forms& forms = forms_[group * row_tiles_ + r];
  for (std::size_t b = 0; b < forms.blocks.size(); ++b) {
    const std::size_t first = b * kBlock, last = std::min(forms.rows, first + kBlock), height = last - first;
    linear::product(forms.blocks[b].data(), last, nullptr, volts, powers() * height, last, lanes,
                    products_.addresses());
    for (std::size_t which = 0; which < powers(); ++which) {
      double* out = out_w[which];
      for (std::size_t i = 0; i < height; ++i) {
        const double *v = volts[first + i], *product = products_.row(which * height + i);
        for (std::size_t s = 0; s < lanes; ++s) out[s] += v[s] * product[s];
      }
    }
  }
}

void WiredArray::add_pulse_powers(std::size_t group, std::size_t r, const double* const* volts, double full,
                                  std::size_t lanes, double* const* out_w) const {
  const Forms& forms = forms_[group * row_tiles_ + r];
  std::vector<double> both(lanes);
  for (std::size_t b = 0; b < forms.blocks.size(); ++b) {
    const std::size_t first = b * kBlock, last = std::min(forms.rows, first + kBlock), height = last - first;
    for (std::size_t i = first; i < last; ++i) {
      for (std::size_t k = 0; k <= i; ++k) {
        const double *one = volts[i], *other = volts[k];
        for (std::size_t s = 0; s < lanes; ++s) {
          both[s] = std::copysign(full * std::min(std::abs(one[s]), std::abs(other[s])), one[s] * other[s]);
        }
        for (std::size_t which = 0; which < powers(); ++which) {
          const double form = forms.blocks[b][(which * height + i - first) * last + k];
          double* out = out_w[which];
          for (std::size_t s = 0; s < lanes; ++s) out[s] += form * both[s];
        }
      }
    }
  }
}

}  // namespace szilard::electronic
