// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Kernels that run along the word lines, a panel of them side by side.
#pragma once

#include "models/electronic/wires/wire_vectors.inc.hpp"

namespace szilard::wires {
namespace {

SZILARD_INLINE size_t panel_at(const WireGrid& grid, size_t panel) { return panel * grid.padded_columns * kLanes; }

/// kDoubles columns of one panel, in registers; rows and columns beyond the array are zeros.
SZILARD_INLINE void load_block(const double* input, const WireGrid& grid, size_t row, size_t column, Double* block) {
  const bool whole = row + kDoubles <= grid.rows && column + kDoubles <= grid.columns;
  for (size_t lane = 0; lane < kDoubles; ++lane) {
    block[lane] = Double{};
    if (whole) block[lane] = load(input + (row + lane) * grid.columns + column);
    else
      for (size_t k = 0; row + lane < grid.rows && k < kDoubles && column + k < grid.columns; ++k)
        block[lane][k] = input[(row + lane) * grid.columns + column + k];
  }
}

/// The smallest is at most 0.
ConductanceSums pack(const double* input, const WireGrid* grid, double* g) {
  Double total = {}, smallest = {}, largest = {};
  for (size_t panel = 0; panel < grid->panels; ++panel)
    for (size_t column = 0; column < grid->padded_columns; column += kDoubles)
      for (int v = 0; v < kDoubleVectors; ++v) {
        Double block[kDoubles];
        load_block(input, *grid, panel * kLanes + v * kDoubles, column, block);
        transpose(block);
        double* const out = g + panel_at(*grid, panel) + column * kLanes + v * kDoubles;
        for (int k = 0; k < kDoubles; ++k) {
          store(out + k * kLanes, block[k]);
          total += block[k];
          smallest = block[k] < smallest ? block[k] : smallest;
          largest = block[k] > largest ? block[k] : largest;
        }
      }
  ConductanceSums sums = {sum(total), 0, 0};
  for (int k = 0; k < kDoubles; ++k) {
    sums.smallest = smallest[k] < sums.smallest ? smallest[k] : sums.smallest;
    sums.largest = largest[k] > sums.largest ? largest[k] : sums.largest;
  }
  return sums;
}

// Two panels at a time: one alone would wait for its divisions.
template <int Panels>
void word_pivots_of(const WireGrid& grid, size_t panel, double* word_pivots) {
  constexpr int kVectors = Panels * kDoubleVectors;
  Double flow[kVectors];  // 1 - 1 / (pivot before): what the line behind draws
  for (int v = 0; v < kVectors; ++v) flow[v] = Double{} + grid.word_last_end;
  const size_t width = grid.padded_columns * kLanes, base = panel_at(grid, panel);
  for (size_t j = grid.columns; j-- > 0;)
    for (int v = 0; v < kVectors; ++v) {
      const size_t at = base + (v / kDoubleVectors) * width + j * kLanes + (v % kDoubleVectors) * kDoubles;
      const Double excess = grid.word_ohm * load(grid.g + at) + flow[v];
      const Double inverse = 1.0 / (j == 0 ? excess + grid.word_first_end : excess + 1.0);
      store(word_pivots + at, inverse);
      flow[v] = excess * inverse;
    }
}

void make_word_pivots(const WireGrid* grid, double* word_pivots) {
  size_t panel = 0;
  for (; panel + 2 <= grid->panels; panel += 2) word_pivots_of<2>(*grid, panel, word_pivots);
  if (panel < grid->panels) word_pivots_of<1>(*grid, panel, word_pivots);
}

void coarse_sums(const WireGrid* grid, const size_t* interval, const double* weight, size_t intervals, double* out) {
  for (size_t panel = 0; panel < grid->panels; ++panel) {
    const double* const g = grid->g + panel_at(*grid, panel);
    for (size_t j = 0; j < grid->columns;) {
      const size_t here = interval[j];
      Double whole[kDoubleVectors] = {}, first[kDoubleVectors] = {}, second[kDoubleVectors] = {};
      for (; j < grid->columns && interval[j] == here; ++j)
        for (int v = 0; v < kDoubleVectors; ++v) {
          const Double value = load(g + j * kLanes + v * kDoubles), weighted = weight[j] * value;
          whole[v] += value;
          first[v] += weighted;
          second[v] += weight[j] * weighted;
        }
      double* const sums = out + (panel * intervals + here) * 3 * kLanes;
      for (int v = 0; v < kDoubleVectors; ++v) {
        store(sums + v * kDoubles, whole[v] - 2.0 * first[v] + second[v]);
        store(sums + kLanes + v * kDoubles, first[v] - second[v]);
        store(sums + 2 * kLanes + v * kDoubles, second[v]);
      }
    }
  }
}

/// How the bit lines' segments meet the lanes of one panel: 1 where there is a segment upwards (downwards), and the
/// ends.
struct BitCoupling {
  Double up[kDoubleVectors], down[kDoubleVectors], end[kDoubleVectors];
};

SZILARD_INLINE BitCoupling bit_coupling(const WireGrid& grid, size_t panel) {
  BitCoupling coupling = {};
  for (size_t lane = 0; lane < kLanes; ++lane) {
    const size_t i = panel * kLanes + lane, v = lane / kDoubles, k = lane % kDoubles;
    coupling.up[v][k] = i > 0 && i < grid.rows ? 1 : 0;
    coupling.down[v][k] = i + 1 < grid.rows ? 1 : 0;
    coupling.end[v][k] = (i == 0 ? grid.bit_first_end : 0) + (i + 1 == grid.rows ? grid.bit_last_end : 0);
  }
  return coupling;
}

/// Right-hand side of the word lines for the values `here` of the cells' drive: R g d, or its differences along the
/// line.
template <bool Stiff, typename At>
SZILARD_INLINE Double word_load(const WireGrid& grid, size_t j, Double r_g, const At& at) {
  if constexpr (!Stiff) {
    return r_g * at(j);
  } else {
    const Double here = at(j);
    const Double before = j > 0 ? here - at(j - 1) : grid.word_first_end * here;
    const Double after = j + 1 < grid.columns ? here - at(j + 1) : grid.word_last_end * here;
    return grid.columns == 1 ? (grid.word_first_end + grid.word_last_end) * here : before + after;
  }
}

template <bool Stiff, bool Inner>
double word_pass_of(const WireGrid& grid_in_memory, size_t panel, const float* p_all, double* q_all, double* first_all,
                    double* last_all, double* work) {
  const WireGrid grid = grid_in_memory;  // an own copy: what is stored below could otherwise alias it
  const size_t base = panel_at(grid, panel), width = grid.padded_columns * kLanes;
  const double* const g = grid.g + base;
  const double* const pivots = grid.word_pivots + base;
  const float* const p = p_all + base;
  const float* const above = panel > 0 ? p - width + kLanes - kSingles : p;
  const float* const below = panel + 1 < grid.panels ? p + width : p;
  double* const q = q_all + base;
  Double y[kDoubleVectors] = {};
  for (size_t j = grid.columns; j-- > 0;)
    for (int v = 0; v < kDoubleVectors; ++v) {
      const size_t at = j * kLanes + v * kDoubles;
      const auto value = [&](size_t column) { return load_widened(p + column * kLanes + v * kDoubles); };
      y[v] = load(pivots + at) * (word_load<Stiff>(grid, j, load(g + at), value) + y[v]);
      store(work + at, y[v]);
    }
  const BitCoupling coupling = bit_coupling(grid, panel);
  const double scale = Stiff ? 1 : grid.word_ohm;  // of z
  Double z[kDoubleVectors] = {}, product[kDoubleVectors] = {};
  for (size_t j = 0; j < grid.columns; ++j) {
    Single here[kSingleVectors + 2];
    here[0] = load(above + j * kLanes);
    for (int f = 0; f < kSingleVectors; ++f) here[f + 1] = load(p + j * kLanes + f * kSingles);
    here[kSingleVectors + 1] = load(below + j * kLanes);
    for (int f = 0; f < kSingleVectors; ++f) {
      const Single up = lane_before(here[f], here[f + 1]), down = lane_after(here[f + 1], here[f + 2]);
      for (int half = 0; half < 2; ++half) {
        const int v = 2 * f + half;
        const size_t at = j * kLanes + v * kDoubles;
        z[v] = load(work + at) + load(pivots + at) * z[v];
        const Double value = widen(here[f + 1], half);
        const Double to_up = value - widen(up, half), to_down = value - widen(down, half);
        const Double bend =
            Inner ? to_up + to_down : coupling.up[v] * to_up + coupling.down[v] * to_down + coupling.end[v] * value;
        const Double across = Stiff ? z[v] : value - scale * z[v];
        const Double result = bend + grid.bit_ohm * load(g + at) * across;
        product[v] += value * result;
        store(q + at, result);
        if (j == 0) store(first_all + panel * kLanes + v * kDoubles, value - across);
        if (j + 1 == grid.columns) store(last_all + panel * kLanes + v * kDoubles, value - across);
      }
    }
  }
  double total = 0;
  for (int v = 0; v < kDoubleVectors; ++v) total += sum(product[v]);
  return total;
}

template <bool Stiff>
double word_pass_all(const WireGrid& grid, const float* p, double* q, double* first, double* last, double* work) {
  double total = 0;
  for (size_t panel = 0; panel < grid.panels; ++panel)
    total += panel > 0 && (panel + 1) * kLanes < grid.rows
                 ? word_pass_of<Stiff, true>(grid, panel, p, q, first, last, work)
                 : word_pass_of<Stiff, false>(grid, panel, p, q, first, last, work);
  return total;
}

double word_pass(const WireGrid* grid, const float* p, double* q, double* first, double* last, double* work) {
  return grid->stiff ? word_pass_all<true>(*grid, p, q, first, last, work)
                     : word_pass_all<false>(*grid, p, q, first, last, work);
}

/// Bit-line voltages around column j of one panel: those of the lanes themselves, and of their neighbours along the bit
/// lines.
struct BitNodes {
  Double here[kDoubleVectors], above,
      below;  // above: its last lane is the one before lane 0; below: its first is the one after

  SZILARD_INLINE Double up(int v) const { return lane_before(v > 0 ? here[v - 1] : above, here[v]); }
  SZILARD_INLINE Double down(int v) const { return lane_after(here[v], v + 1 < kDoubleVectors ? here[v + 1] : below); }
};

SZILARD_INLINE BitNodes bit_nodes(const WireGrid& grid, size_t panel, const double* w_all, size_t j) {
  const double* const w = w_all + panel_at(grid, panel) + j * kLanes;
  const size_t width = grid.padded_columns * kLanes;
  BitNodes nodes;
  for (int v = 0; v < kDoubleVectors; ++v) nodes.here[v] = load(w + v * kDoubles);
  nodes.above = panel > 0 ? load(w - width + kLanes - kDoubles) : nodes.here[0];
  nodes.below = panel + 1 < grid.panels ? load(w + width) : nodes.here[0];
  return nodes;
}

/// L_bit w, in units of a segment's conductance.
SZILARD_INLINE Double bit_divergence(const BitCoupling& coupling, const BitNodes& nodes, int v) {
  const Double here = nodes.here[v];
  return coupling.up[v] * (here - nodes.up(v)) + coupling.down[v] * (here - nodes.down(v)) + coupling.end[v] * here;
}

template <bool Stiff>
void residual_of(const WireGrid& grid, size_t panel, const double* v_all, const double* w_all, const double* s_all,
                 double* residual_all, double* drop_all, double* current_all, double* work) {
  const size_t base = panel_at(grid, panel);
  const double* const g = grid.g + base;
  const double* const pivots = grid.word_pivots + base;
  const double* const volts = v_all + panel * kLanes;
  const auto drive = [&](size_t j, int v) {
    const Double source = load(volts + v * kDoubles);
    return w_all == nullptr ? source : source - load(w_all + base + j * kLanes + v * kDoubles);
  };
  const auto injected = [&](size_t at) { return s_all == nullptr ? Double{} : load(s_all + base + at); };
  Double y[kDoubleVectors] = {};
  for (size_t j = grid.columns; j-- > 0;)
    for (int v = 0; v < kDoubleVectors; ++v) {
      const size_t at = j * kLanes + v * kDoubles;
      const auto value = [&](size_t column) { return drive(column, v); };
      const Double pivot = load(pivots + at);
      const Double extra = grid.word_ohm * injected(at);
      const Double right = word_load<Stiff>(grid, j, grid.word_ohm * load(g + at), value) + (Stiff ? -extra : extra);
      y[v] = pivot * right + pivot * y[v];
      store(work + at, y[v]);
    }
  const BitCoupling coupling = bit_coupling(grid, panel);
  Double z[kDoubleVectors] = {};
  for (size_t j = 0; j < grid.columns; ++j) {
    const BitNodes nodes = w_all == nullptr ? BitNodes{} : bit_nodes(grid, panel, w_all, j);
    for (int v = 0; v < kDoubleVectors; ++v) {
      const size_t at = j * kLanes + v * kDoubles;
      z[v] = load(work + at) + load(pivots + at) * z[v];
      const Double outer = drive(j, v), inner = Stiff ? z[v] : outer - z[v];
      const Double current = load(g + at) * inner + injected(at);
      Double result = grid.bit_ohm * current;
      if (w_all != nullptr) result -= bit_divergence(coupling, nodes, v);
      store(residual_all + base + at, result);
      if (drop_all != nullptr) store(drop_all + base + at, Stiff ? outer - z[v] : z[v]);
      if (current_all != nullptr) store(current_all + base + at, current);
    }
  }
}

void residual(const WireGrid* grid, size_t first_panel, size_t end_panel, const double* v, const double* w,
              const double* s, double* out, double* drop, double* current, double* work) {
  for (size_t panel = first_panel; panel < end_panel; ++panel) {
    if (grid->stiff) residual_of<true>(*grid, panel, v, w, s, out, drop, current, work);
    else residual_of<false>(*grid, panel, v, w, s, out, drop, current, work);
  }
}

template <bool Stiff>
void branch_values_of(const WireGrid& grid_in_memory, size_t panel, const double* v_all, const double* w_all,
                      const double* root_g_all, const BranchValues& out_in_memory, double* work) {
  const WireGrid grid = grid_in_memory;  // own copies, as above
  const BranchValues out = out_in_memory;
  const size_t base = panel_at(grid, panel);
  const double* const g = grid.g + base;
  const double* const root_g = root_g_all + base;
  const double* const pivots = grid.word_pivots + base;
  const double* const w = w_all + base;
  const double* const volts = v_all + panel * kLanes;
  Double y[kDoubleVectors] = {};
  for (size_t j = grid.columns; j-- > 0;)
    for (int v = 0; v < kDoubleVectors; ++v) {
      const size_t at = j * kLanes + v * kDoubles;
      const auto drive = [&](size_t column) {
        return load(volts + v * kDoubles) - load(w + column * kLanes + v * kDoubles);
      };
      const Double pivot = load(pivots + at);
      y[v] = pivot * word_load<Stiff>(grid, j, grid.word_ohm * load(g + at), drive) + pivot * y[v];
      store(work + at, y[v]);
    }
  const BitCoupling coupling = bit_coupling(grid, panel);
  const double word_share = out.with_word ? 1 : 0, bit_share = out.with_bit ? 1 : 0;
  Double z[kDoubleVectors] = {}, total[kDoubleVectors] = {};
  for (size_t j = 0; j < grid.columns; ++j) {
    const BitNodes nodes = bit_nodes(grid, panel, w_all, j);
    for (int v = 0; v < kDoubleVectors; ++v) {
      const size_t at = j * kLanes + v * kDoubles;
      z[v] = load(work + at) + load(pivots + at) * z[v];
      const Double outer = load(volts + v * kDoubles) - nodes.here[v];
      const Double inner = Stiff ? z[v] : outer - z[v], drop = Stiff ? outer - z[v] : z[v];
      const Double current = load(g + at) * inner;
      total[v] += current;
      store(out.cells + at, load(root_g + at) * inner);
      store(out.potential + at, word_share * drop + bit_share * nodes.here[v]);
      store(out.carried + at, out.lumped ? grid.bit_ohm * current : bit_divergence(coupling, nodes, v));
      if (j == 0) store(out.first_drop + v * kDoubles, drop);
      if (j + 1 == grid.columns) store(out.last_drop + v * kDoubles, drop);
    }
  }
  for (int v = 0; v < kDoubleVectors; ++v) store(out.row_current + v * kDoubles, total[v]);
}

void branch_values(const WireGrid* grid, size_t panel, const double* v, const double* w, const double* root_g,
                   const BranchValues* out, double* work) {
  if (grid->stiff) branch_values_of<true>(*grid, panel, v, w, root_g, *out, work);
  else branch_values_of<false>(*grid, panel, v, w, root_g, *out, work);
}

}  // namespace
}  // namespace szilard::wires
