// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Kernels that run along the bit lines. A vector's worth of bit lines is turned by transposing small blocks in
// registers, so that lines stand side by side while the recursion runs down them.
#pragma once

#include "models/electronic/wires/wire_vectors.inc.hpp"

namespace szilard::wires {
namespace {

SZILARD_INLINE size_t tile_at(const WireGrid& grid, size_t panel, size_t column) {
  return (panel * grid.padded_columns + column / kLanes * kLanes) * kLanes;
}

void make_bit_pivots(const double* input, const WireGrid* grid, float* bit_pivots) {
  for (size_t first = 0; first < grid->padded_columns; first += kLanes) {
    const size_t lanes = grid->columns - first < kLanes ? grid->columns - first : kLanes;
    float flow[kLanes];  // 1 - 1 / (pivot before): what the line above draws
    for (size_t k = 0; k < kLanes; ++k) flow[k] = static_cast<float>(grid->bit_first_end);
    for (size_t i = 0; i < grid->panels * kLanes; ++i) {
      float* const out = bit_pivots + tile_at(*grid, i / kLanes, first) + i % kLanes * kLanes;
      if (i >= grid->rows) {
        for (size_t k = 0; k < kLanes; ++k) out[k] = 0;
        continue;
      }
      float value[kLanes] = {};
      const double* const row = input + i * grid->columns + first;
      if (lanes == kLanes)
        for (size_t k = 0; k < kLanes; ++k) value[k] = static_cast<float>(grid->bit_ohm * row[k]);
      else
        for (size_t k = 0; k < lanes; ++k) value[k] = static_cast<float>(grid->bit_ohm * row[k]);
      const float rest = i + 1 == grid->rows ? static_cast<float>(grid->bit_last_end) : 1.0f;
      for (size_t k = 0; k < kLanes; ++k) {
        const float excess = value[k] + flow[k];
        const float inverse = 1.0f / (excess + rest);
        flow[k] = excess * inverse;
        out[k] = inverse;
      }
      for (size_t k = lanes; k < kLanes; ++k) out[k] = 0;
    }
  }
}

/// What a pass down the rows reads and changes.
struct DownPass {
  double alpha;
  const float* p;
  const double* q;
  double* x;
  double* r;
};

template <bool Update, bool UpdateX>
SZILARD_INLINE Single take_residual(const DownPass& pass, size_t at) {
  Double rest[2];
  for (int half = 0; half < 2; ++half) {
    const size_t here = at + half * kDoubles;
    rest[half] = load(pass.r + here);
    if constexpr (Update) {
      rest[half] -= pass.alpha * load(pass.q + here);
      store(pass.r + here, rest[half]);
    }
    if constexpr (UpdateX) store(pass.x + here, load(pass.x + here) + pass.alpha * load_widened(pass.p + here));
  }
  return narrow(rest[0], rest[1]);
}

template <bool Update, bool UpdateX>
double panel_down(const WireGrid& grid_in_memory, size_t panel, const DownPass& pass_in_memory,
                  const CoarseRows& coarse_rows, float* coarse, float* y, float* state) {
  // Own copies: what is stored below could otherwise alias them.
  const WireGrid grid = grid_in_memory;
  const DownPass pass = pass_in_memory;
  const bool has_coarse = coarse_rows.knots > 0, has_second = coarse_rows.knots > 1;
  const float* const weight = has_coarse ? coarse_rows.weight + panel * kLanes : nullptr;
  float* const first = has_coarse ? coarse + coarse_rows.interval[panel] * grid.padded_columns : nullptr;
  Double products[2] = {};
  for (size_t column = 0; column < grid.padded_columns; column += kSingles) {
    const size_t tile = tile_at(grid, panel, column) + column % kLanes;
    Single above = panel == 0 ? Single{} : load(state + column), whole = {}, weighted = {}, product = {};
    for (int block = 0; block < kSingleVectors; ++block) {
      Single rows[kSingles];
      for (int c = 0; c < kSingles; ++c)
        rows[c] = take_residual<Update, UpdateX>(
            pass, (panel * grid.padded_columns + column + c) * kLanes + block * kSingles);
      transpose(rows);
      for (int k = 0; k < kSingles; ++k) {
        const size_t lane = block * kSingles + k, at = tile + lane * kLanes;
        const Single pivot = load(grid.bit_pivots + at), load_here = rows[k] + above;
        above = pivot * rows[k] + pivot * above;
        store(y + at, above);
        product += above * load_here;  // r.z = y.(r + y above), pivot by pivot
        if (has_coarse) {
          whole += rows[k];
          weighted += weight[lane] * rows[k];
        }
      }
    }
    store(state + column, above);
    for (int half = 0; half < 2; ++half) products[half] += widen(product, half);
    if (!has_coarse) continue;
    store(first + column, load(first + column) + (whole - weighted));
    if (!has_second) continue;
    float* const second = first + grid.padded_columns + column;
    store(second, load(second) + weighted);
  }
  return sum(products[0]) + sum(products[1]);
}

double bit_down(const WireGrid* grid, double alpha, const float* p, const double* q, size_t first_x_panel, double* x,
                double* r, const CoarseRows* coarse_rows, float* coarse, float* y, float* state) {
  for (size_t k = 0; k < coarse_rows->knots * grid->padded_columns; ++k) coarse[k] = 0;
  const DownPass pass{alpha, p, q, x, r};
  double total = 0;
  for (size_t panel = 0; panel < grid->panels; ++panel)
    total += q == nullptr            ? panel_down<false, false>(*grid, panel, pass, *coarse_rows, coarse, y, state)
             : panel < first_x_panel ? panel_down<true, false>(*grid, panel, pass, *coarse_rows, coarse, y, state)
                                     : panel_down<true, true>(*grid, panel, pass, *coarse_rows, coarse, y, state);
  return total;
}

/// The coarse correction over one panel: lane i, column j gets inside[i] first[j] + weight[i] (second[j] - first[j]).
struct PanelCorrection {
  const float *first, *second;
  Single inside[kSingleVectors], weight[kSingleVectors];
};

SZILARD_INLINE PanelCorrection panel_correction(const WireGrid& grid, size_t panel, const CoarseRows& coarse_rows,
                                                const float* coarse) {
  PanelCorrection correction = {};
  if (coarse_rows.knots == 0) return correction;
  correction.first = coarse + coarse_rows.interval[panel] * grid.padded_columns;
  correction.second = coarse_rows.knots > 1 ? correction.first + grid.padded_columns : correction.first;
  for (int f = 0; f < kSingleVectors; ++f)
    for (int k = 0; k < kSingles; ++k) {
      const size_t i = panel * kLanes + f * kSingles + k;
      correction.inside[f][k] = i < grid.rows ? 1.0f : 0.0f;
      correction.weight[f][k] = i < grid.rows ? coarse_rows.weight[i] : 0.0f;
    }
  return correction;
}

void bit_up(const WireGrid* grid, const float* y, const CoarseRows* coarse_rows, const float* coarse, double beta,
            float* p, float* state) {
  const float factor = static_cast<float>(beta);
  for (size_t panel = grid->panels; panel-- > 0;) {
    const PanelCorrection correction = panel_correction(*grid, panel, *coarse_rows, coarse);
    for (size_t column = 0; column < grid->padded_columns; column += kSingles) {
      const size_t tile = tile_at(*grid, panel, column) + column % kLanes;
      Single below = panel + 1 == grid->panels ? Single{} : load(state + column);
      for (int block = kSingleVectors; block-- > 0;) {
        Single rows[kSingles];
        for (int k = kSingles; k-- > 0;) {
          const size_t at = tile + (block * kSingles + k) * kLanes;
          below = load(y + at) + load(grid->bit_pivots + at) * below;
          rows[k] = below;
        }
        transpose(rows);
        for (int c = 0; c < kSingles; ++c) {
          const size_t j = column + c, at = (panel * grid->padded_columns + j) * kLanes + block * kSingles;
          if (coarse_rows->knots > 0 && j < grid->columns)
            rows[c] += correction.inside[block] * correction.first[j] +
                       correction.weight[block] * (correction.second[j] - correction.first[j]);
          store(p + at, rows[c] + factor * load(p + at));
        }
      }
      store(state + column, below);
    }
  }
}

}  // namespace
}  // namespace szilard::wires
