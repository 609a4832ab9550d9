// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stddef.h>

// Private to this folder. Plain C types only: the kernels are compiled for several instruction sets, and an inline
// function of the standard library compiled there could be the copy that the linker keeps for everyone.
//
// Layout. Word lines stand side by side in panels of kLanes; the value of word line i at bit line j is at
//   ((i / kLanes) * padded_columns + j) * kLanes + i % kLanes.
// Lanes beyond the last word line and columns beyond the last bit line hold zeros.
//
// Units. Lines are scaled by their segment resistance R, so that a tridiagonal has -1 beside its diagonal:
//   T = L_word + R_word G,   M = L_bit + R_bit G,   L = (1 + end, -1 .. -1, 2, -1 .. -1, 1 + end),
// where end = R / (R + terminal resistance) at a driven or sensed end and 0 at a free one. Pivots are kept as 1 +
// excess, and the excess is a sum of positive terms: nothing cancels however small R G and the ends are.
namespace szilard::wires {

constexpr size_t kLanes = 16;

struct WireGrid {
  size_t rows, columns;
  size_t panels, padded_columns;  // rows and columns rounded up to kLanes
  const double* g;                // conductances, S
  const double* word_pivots;      // 1 / pivot of T, eliminated from the far end towards the driver (column 0 last)
  const float* bit_pivots;  // 1 / pivot of M, eliminated from row 0 down, in tiles of kLanes x kLanes, rows first:
                            // [row / kLanes][column / kLanes][row % kLanes][column % kLanes]
  double word_ohm, bit_ohm;
  double word_first_end, word_last_end, bit_first_end, bit_last_end;
  bool stiff;  // R_word G above 1: cell voltages come from differences along the line, which do not cancel
};

/// Where the coarse grid stands along a word line's index: lane i lies weight[i] of the way from knot interval[i /
/// kLanes] to the next.
struct CoarseRows {
  size_t knots;  // 0: there is no coarse grid
  const size_t* interval;
  const float* weight;
};

struct ConductanceSums {
  double total, smallest, largest;  // with a NaN the total is one
};

/// What branch_values writes: for each cell, then for each lane. Not written beyond the last bit line.
struct BranchValues {
  bool with_word, with_bit;  // lines that have resistance; the drops of others count as 0
  bool lumped;               // bit lines are one node each
  double* cells;             // square root of g times the cell's voltage
  double* potential;         // what the lines take from the cell: word-line drop + bit-line voltage
  double* carried;           // R_bit times what the bit line carries off at the cell's node
  double *first_drop, *last_drop, *row_current;
};

constexpr size_t kGramRows = 12;

struct WireKernels {
  /// Rows of `input` (rows x columns, row by row) into panels.
  ConductanceSums (*pack)(const double* input, const WireGrid* grid, double* g);
  void (*make_word_pivots)(const WireGrid* grid, double* word_pivots);
  /// From the row-by-row conductances.
  void (*make_bit_pivots)(const double* input, const WireGrid* grid, float* bit_pivots);
  /// For the coarse grid: out[panel][interval of columns][3][lane] = sums over j of g (1-w)^2, g (1-w) w, g w^2.
  void (*coarse_sums)(const WireGrid* grid, const size_t* interval, const double* weight, size_t intervals,
                      double* out);

  /// q = R_bit S p, S the Schur complement on the bit lines; returns p.q. first and last (rows rounded up): what p
  /// lifts the word lines' own ends to. work: kLanes * columns.
  double (*word_pass)(const WireGrid* grid, const float* p, double* q, double* first, double* last, double* work);
  /// residual = R_bit c - L_bit w with cell currents c = g (V - w - d) + s and word-line drops d: T d = R_word (g (V -
  /// w) + s). w and s (amperes, from the word line into the bit line) may be null (zero); drop and current (volt,
  /// ampere) too (not wanted). Of the panels from first_panel up to end_panel.
  void (*residual)(const WireGrid* grid, size_t first_panel, size_t end_panel, const double* v, const double* w,
                   const double* s, double* residual, double* drop, double* current, double* work);
  /// Of one panel, for the forms of power, at v and solved w.
  void (*branch_values)(const WireGrid* grid, size_t panel, const double* v, const double* w, const double* root_g,
                        const BranchValues* out, double* work);
  /// out[k * out_stride + l] += sum_t a[k * stride + t] b[l * stride + t] for k < rows_a and l < rows_b, multiples of
  /// kGramRows; t < length, a multiple of kLanes. Where only_lower, l > k may be left as it is.
  void (*gram)(const double* a, const double* b, size_t stride, size_t rows_a, size_t rows_b, size_t length,
               bool only_lower, double* out, size_t out_stride);
  /// Two halves of an application of the preconditioner, each with the vector operation that shares its data.
  /// First r -= alpha q (unless q is null) and x += alpha p in panels from first_x_panel on. Then the elimination down
  /// the bit lines, M z = r, in single precision, into y (tiles, as bit_pivots), and the restriction of r along i into
  /// coarse[knot][column]; returns r.z. state: padded columns.
  double (*bit_down)(const WireGrid* grid, double alpha, const float* p, const double* q, size_t first_x_panel,
                     double* x, double* r, const CoarseRows* coarse_rows, float* coarse, float* y, float* state);
  /// z by substitution up the bit lines, and p = z + interpolation of the coarse correction along i + beta p.
  void (*bit_up)(const WireGrid* grid, const float* y, const CoarseRows* coarse_rows, const float* coarse, double beta,
                 float* p, float* state);
};

const WireKernels& wire_kernels_v2();
const WireKernels& wire_kernels_v3();
const WireKernels& wire_kernels_v4();
/// Those of the instruction set in use.
const WireKernels& wire_kernels();

}  // namespace szilard::wires
