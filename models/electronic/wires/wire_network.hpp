// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// A crossbar of resistive cells on resistive wires, by full nodal analysis.
///
/// The network. rows word lines and columns bit lines; cell (i, j) with conductance g_ij joins word line i at its node
/// j and bit line j at its node i. Word line i runs from its source V_i (the driver) over driver resistance R_d and one
/// segment R_w to node 0, then over one segment R_w to each next node; with drive_both_ends the same again behind node
/// columns - 1.
/// Bit line j runs from node 0 (top) over one segment R_b to each next node, and from node rows - 1 over one segment
/// R_b and the sense resistance R_s to 0 V; with sense_both_ends the same again above node 0.
///
/// The law, Kirchhoff's. With drops d (volt below the source along a word line), bit-line voltages w and cell currents
/// c:
///   L_word d = c,   L_bit w = c,   c_ij = I_ij(V_i - d_ij - w_ij),   I_ij(v) = g_ij v for ohmic cells,
/// L the lines' conductance matrices with their ends. A resistance of 0 is its exact limit: nodes merge.
///
/// The method. Word lines are eliminated exactly (tridiagonal); the Schur complement on the bit lines,
///   S = L_bit + G - G (L_word + G)^-1 G,
/// is solved by conjugate gradients in double precision, preconditioned in single by the bit lines' own tridiagonals
/// M = L_bit + G and by a coarse grid of hat functions P along both directions:
///   B = M^-1 + P (S_c^-1 - M_c^-1) P',
/// S_c the Schur complement of the Galerkin form of the whole network and M_c that of M; S_c <= M_c, so B is positive
/// definite.
/// Four iterations at 128 x 128 with 1 ohm and 55 uS, about a dozen at 512 x 512 with 100 ohm, for errors below 1e-9.
///
/// Cost. Set-up and each iteration are proportional to rows x columns; 52 bytes a cell, 68 with
/// cell currents and voltages, besides what is handed back.
///
/// Valid for direct currents. Left out: line capacitance and inductance, leakage between lines, temperature. Segments
/// of a line family are equal. Sources: M. Benzi, G. Golub, J. Liesen, Acta Numerica 14, 1 (2005),
/// doi:10.1017/S0962492904000212 (Schur complements); B. Smith, P. Bjorstad, W. Gropp, Domain Decomposition, Cambridge
/// 1996 (two-level preconditioners);
/// D. Joksas, A. Mehonic, SoftwareX 12, 100617 (2020), doi:10.1016/j.softx.2020.100617 (the network).
namespace szilard::wires {

struct WireParameters {
  double word_segment_ohm = 0;  ///< R_w, finite, not below 0
  double bit_segment_ohm = 0;   ///< R_b, finite, not below 0
  double driver_ohm = 0;        ///< R_d, finite, not below 0
  double sense_ohm = 0;         ///< R_s, finite, not below 0
  bool drive_both_ends = false;
  bool sense_both_ends = false;
};

/// exact: to `tolerance`. fast: one iteration of the same solver. Its error in column currents, relative to what the
/// wires take from the largest ideal current, is below 2 % where the wires take less than half of it (tests measure it
/// over sizes to 256 and wires to 10 ohm).
enum class Fidelity { fast, exact };

struct SolveOptions {
  Fidelity fidelity = Fidelity::exact;
  /// Error of the bit-line voltages in the norm of the dissipated power (the square root of what the error alone would
  /// dissipate), relative to that of taking them as 0 V. From 1e-15 to 0.1.
  double tolerance = 1e-13;
  int max_iterations = 2000;
  bool voltages = true;       ///< fill word_voltages_v, bit_voltages_v
  bool cell_currents = true;  ///< fill cell_currents_a
  /// Of solutions that response() and power_forms() hold at once.
  std::size_t memory_bytes = std::size_t{160} << 20;
};

/// Where the power goes. supply is sum V I at the sources, from their branch currents; cells and wires (all segments,
/// driver and sense resistances) are summed over the elements. Bit lines end at 0 V and take nothing.
struct Power {
  double supply_w = 0, cells_w = 0, wires_w = 0;
};

struct Solution {
  std::size_t samples = 0, rows = 0, columns = 0;
  std::vector<double> column_currents_a;  ///< samples x columns, into 0 V; both ends summed
  std::vector<double> row_currents_a;     ///< samples x rows, out of the sources; both ends summed
  std::vector<double> word_voltages_v;    ///< samples x rows x columns
  std::vector<double> bit_voltages_v;     ///< samples x rows x columns
  std::vector<double> cell_currents_a;    ///< samples x rows x columns
  std::vector<Power> power;               ///< of each sample
  /// Largest sum of currents at a node, relative to the largest branch current of its sample.
  double residual = 0;
  int iterations = 0;    ///< of conjugate gradients, the most of any sample (all Newton steps together)
  int newton_steps = 0;  ///< the most of any sample; 0 for ohmic cells
};

/// Currents and powers of an ohmic array with fixed conductances, as matrices: exact, and each input then costs a
/// product.
struct EffectiveMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> conductance_s;  ///< columns x rows: column currents = A V
  int iterations = 0;                 ///< the most of any of the solves behind it
};
/// Symmetric forms (rows x rows): power = V' F V. supply is the matrix of row currents, from the drops at the drivers;
/// cells sums g v^2 over the cells; wires sums, over all nodes of word and bit lines, what the lines take from a cell
/// times what the bit line carries off there (L_bit w), which by parts is the sum of R I^2 over segments and terminals.
/// None comes from another, so that supply = cells + wires holds only where Kirchhoff's law does, on both lines.
struct PowerForms {
  std::size_t rows = 0;
  std::vector<double> supply_s, cells_s, wires_s;
  int iterations = 0;
};
/// All that each row alone at 1 V tells.
struct Response {
  EffectiveMatrix effective;
  PowerForms powers;
  std::vector<double> own_voltages_v;  ///< rows x columns: on cell (i, j) when row i alone is at 1 V
};
/// What voltages at the ends of the bit lines do, all sources at 0 V.
struct ColumnDrives {
  std::vector<double> conductance_s;  ///< of each drive: the power that its ends supply
  /// For each array of weights: drives x rows, sum over a row's cells of weight times the square of the cell's voltage.
  std::vector<std::vector<double>> square_sums;
  int iterations = 0;
};

/// I(v) of a cell: g i(v) with a shape i common to all cells. i must be continuous and must not fall.
class CellLaw {
 public:
  virtual ~CellLaw() = default;
  /// i(v) and di/dv (not below 0), `count` of each.
  virtual void evaluate(std::size_t count, const double* v, double* value, double* slope) const = 0;
  /// The same law as an ngspice expression of the text `v`, e.g. "(0.1*sinh((v)/0.1))".
  virtual std::string spice(const std::string& v) const = 0;
  virtual bool is_linear() const { return false; }
};
std::unique_ptr<CellLaw> linear_cell();
/// i = v_0 sinh(v / v_0), continued with its slope beyond |v| = 200 v_0.
std::unique_ptr<CellLaw> sinh_cell(double v0_v);
/// i = v + a v^3, a not below 0 in 1/V^2.
std::unique_ptr<CellLaw> cubic_cell(double a_per_v2);
/// Straight lines through (v, i), at least two points, v rising, i not falling; the first and last continue outwards. i
/// in volt: a cell's current is g i.
std::unique_ptr<CellLaw> table_cell(std::vector<double> v_v, std::vector<double> i_v);

class WireNetwork {
 public:
  /// conductances_s: rows x columns, row by row; finite, not below 0. Throws std::invalid_argument naming what is
  /// wrong: an empty array, a negative, infinite or NaN number, wires so resistive against the cells (R g above 1e12)
  /// that nodes float in double precision.
  WireNetwork(std::size_t rows, std::size_t columns, const double* conductances_s, const WireParameters& wires);
  ~WireNetwork();
  WireNetwork(WireNetwork&&) noexcept;
  WireNetwork& operator=(WireNetwork&&) noexcept;

  std::size_t rows() const;
  std::size_t columns() const;

  /// voltages_v: samples x rows, finite. Throws std::runtime_error if max_iterations do not reach the tolerance.
  Solution solve(const double* voltages_v, std::size_t samples, const SolveOptions& options = {});
  /// Cells with another law than the ohmic one: Newton's method with a line search on the network's co-content, which
  /// is convex (W. Millar, Phil. Mag. 42, 1150 (1951)), so every start converges.
  Solution solve(const double* voltages_v, std::size_t samples, const CellLaw& law, const SolveOptions& options = {});
  /// Column currents alone (samples x columns): the hot path.
  int column_currents(const double* voltages_v, std::size_t samples, double* currents_a,
                      const SolveOptions& options = {});

  /// One solve a column (by reciprocity: 1 V at the end of a bit line) or a row, whichever are fewer.
  EffectiveMatrix effective_matrix(const SolveOptions& options = {});
  /// One solve a row, then rows^2 / 2 x rows x columns multiply-adds for each of cells and wires. Always exact. Memory:
  /// 8 rows^2 columns bytes, but no more than memory_bytes; where that is not enough, rows are solved more than once.
  Response response(const SolveOptions& options = {});
  PowerForms power_forms(const SolveOptions& options = {});
  /// One solve a drive. ends_v: drives x columns; each of `cell_weights` rows x columns. Where bit lines are sensed at
  /// both ends, both have the voltage.
  ColumnDrives column_drives(const double* ends_v, std::size_t drives, const std::vector<const double*>& cell_weights,
                             const SolveOptions& options = {});

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// currents (samples x columns) = voltages (samples x rows) times the effective matrix.
void apply(const EffectiveMatrix& matrix, const double* voltages_v, std::size_t samples, double* currents_a);
/// V' F V of each sample for one of the forms of PowerForms.
void apply_form(const std::vector<double>& form_s, std::size_t rows, const double* voltages_v, std::size_t samples,
                double* power_w);

/// The array as an ngspice deck of one sample's operating point. It prints the columns' currents as i(vsJ) and, with
/// ngspice's sign (into the source), the rows' as i(vI), to 16 digits. Nodes that a resistance of 0 merges have one
/// name.
std::string spice_deck(std::size_t rows, std::size_t columns, const double* conductances_s, const WireParameters& wires,
                       const double* voltages_v, const CellLaw& law);

}  // namespace szilard::wires
