// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/electronic/coding.hpp"
#include "models/electronic/converters/converter.hpp"
#include "models/electronic/device.hpp"
#include "models/linear/linear_stage.hpp"
#include "models/support/area.hpp"

namespace szilard::electronic {

/// Of the product inside the array. Energies and conversions are double all the same; read noise is drawn in float
/// unless the product is double, and its variances are summed in float where they follow the conductances.
enum class Precision {
  double_precision,
  single_precision,  ///< weights and inputs in float
  sixteen_bit,  ///< weights as 16-bit integers, each output on a scale of its own (error below 2^-16 of its largest
                ///< weight), times the codes of a DAC of at most 8 bits: exact sums, the same bits on every processor,
                ///< fastest with AVX-512 VNNI
};

enum class WireModel {
  none,  ///< ideal conductors
  fast,  ///< output currents by one step of the solver, with the error that wires/wire_network.hpp states; powers as
         ///< exact
  exact,
};

/// Word and bit lines with resistance: wires/wire_network.hpp.
struct WireOptions {
  WireModel model = WireModel::none;                     ///< none: the rest counts for nothing
  support::Parameter word_segment_ohm, bit_segment_ohm;  ///< [ohm] >= 0, from cell to cell
  support::Parameter driver_ohm, sense_ohm;              ///< [ohm] >= 0, in series with a line's first or last segment
  bool drive_both_ends = false;                          ///< word lines have a driver behind their last column too
};

/// What writing the weights costs, spread over the inferences that they serve. A pulse on a cell takes V_w^2 G t_w with
/// G the conductance it is to have; each pulse of a device that is verified is followed by a read, V^2 G t. Stuck cells
/// take all tries. Cells of a tile are written one after another, tiles at once.
struct Programming {
  double inferences = 0;                             ///< 0: not booked; else >= 1
  support::Parameter write_voltage_v, write_time_s;  ///< [V], [s] > 0
};

/// Gate lines of the transistors in series with the cells (1T1R), one a row of a tile. Law: in every read each row that
/// is in use takes E = (columns c + C) V_s V_dd from the supply, V_s the swing; all of it is heat by the end of the
/// read.
struct SelectLines {
  support::Parameter capacitance_per_cell_f;  ///< [F] >= 0, c, per crossing
  support::Parameter capacitance_f;           ///< [F] >= 0, C, of a line beside its crossings: driver
  support::Parameter swing_v;                 ///< [V] >= 0
  support::Parameter supply_v;                ///< [V] >= 0

  double energy_j(std::size_t columns) const {
    return (capacitance_per_cell_f * static_cast<double>(columns) + capacitance_f) * swing_v * supply_v;
  }
};

/// What each word line's driver switches to carry its row's current.
///
/// Law. A transistor of on-resistance R and gate capacitance tau / R, tau the same whatever its width. R is
/// voltage_share of the row's resistance with all cells at their largest conductance, so that no more than
/// voltage_share / (1 + voltage_share) of the read voltage is lost on it. A pulse charges and discharges the gate, E =
/// C_g V_dd^2, and with fan_out f > 1 the chain of inverters in front, each an f-th of the next, whose gates add C_g /
/// (f - 1) and whose drains (1 + d) times as much in all, d the share of an inverter's drain capacitance in its gate's:
/// E = C_g V_dd^2 (1 + (1 + d) / (f - 1)). All of it is heat.
/// Left out: what holds an undriven line at 0 V, decoders, the transistor's own voltage drop on the array (that is
/// wires).
/// Sources: share of the row: P.-Y. Chen, X. Peng, S. Yu, IEEE Trans. CAD 37, 3067 (2018), DOI
/// 10.1109/TCAD.2018.2789723 (NeuroSim); chain:
/// N. Weste, D. Harris, CMOS VLSI Design, Addison-Wesley (2010).
struct RowSwitch {
  support::Parameter voltage_share;                                         ///< >= 0; 0: no such driver
  support::Parameter time_constant_s;                                       ///< [s] > 0, tau
  support::Parameter supply_v;                                              ///< [V] > 0, V_dd
  support::Parameter fan_out;                                               ///< f; 0: no chain
  support::Parameter drain_share{1.0, "drain as large as gate", "choice"};  ///< d >= 0

  void check() const;  ///< throws std::invalid_argument that names the field
  /// [J] of a pulse on a row of this conductance.
  double pulse_j(double row_conductance_s) const {
    if (voltage_share == 0) return 0;
    const double chain = fan_out > 1 ? 1 + (1 + drain_share) / (fan_out - 1) : 1.0;
    return time_constant_s / voltage_share * row_conductance_s * supply_v * supply_v * chain;
  }
};

/// How a cell's current follows its voltage: I = G V_r i(V) / i(V_r), one shape i for all, V_r the read voltage. G, the
/// conductance that is programmed, ages and has noise, is that of a read at V_r.
struct CellCurrent {
  enum class Law {
    ohmic,  ///< i = V
    sinh,   ///< i = sinh(V / scale)
    cubic,  ///< i = V (1 + (V / scale)^2)
    table,  ///< straight lines through (table_v, table_a), the first and last going on outwards; 0 A at 0 V
  };
  Law law = Law::ohmic;
  support::Parameter scale_v;            ///< sinh, cubic: [V] from 1e-6 to 1e6
  std::vector<double> table_v, table_a;  ///< of one cell: V rising, A not falling
};

/// Area of one of each, [m^2] > 0; none: no figure. Of the array, its converters, the drivers of its rows and the
/// decoders of its tiles: no wiring between.
struct CrossbarArea {
  std::optional<support::Parameter> cell_m2, dac_m2, adc_m2;
  std::optional<support::Parameter> driver_m2;   ///< of one word line of a tile, its write drivers included
  std::optional<support::Parameter> decoder_m2;  ///< of one tile
};

/// Crossbar tiles as built. Rows are word lines (inputs), columns are bit lines held at virtual ground.
struct CrossbarParameters {
  std::size_t rows = 128;     ///< of one physical tile, 1 .. 4096
  std::size_t columns = 128;  ///< likewise, 2 .. 4096: the first output needs two
  Device device;
  SignedWeights signed_weights = SignedWeights::differential_pair;
  InputCoding inputs;
  WeightCoding weights;
  Accumulation accumulation;
  support::Parameter read_voltage_v;   ///< [V] amplitude that stands for input_full_scale, > 0
  support::Parameter read_time_s;      ///< [s] > 0, how long voltages stand
  support::Parameter settling_time_s;  ///< [s] >= 0, before the read; with settling_accuracy of no account
  /// Above 0 (below 1): settling takes tau ln(1 / accuracy), tau the slowest time constant of all tiles
  /// (line_settling.hpp); needs wires and capacitances.
  double settling_accuracy = 0;
  support::Parameter row_capacitance_per_cell_f;  ///< [F] >= 0, word line and cell per crossing
  support::Parameter bit_capacitance_per_cell_f;  ///< [F] >= 0, bit line per crossing; only settling looks at it
  SelectLines select;
  RowSwitch row_switch;
  /// [V] 0, or the supply from which linear regulators make the read voltage: the rows' current I falls through the
  /// rest, and takes I (V_s - V_r) t more, as heat of the driver. Full pulses only.
  support::Parameter read_supply_v;
  LineDrive drive;
  support::Parameter
      integration_capacitance_f;  ///< [F] >= 0: a column's charge is sampled on it, with noise kTC; 0: none
  WireOptions wires;
  Programming programming;
  double temperature_k = 300;      ///< [K] > 0, of thermal noise
  std::optional<Converter> input;  ///< DAC per row; none: analog hand-over, rows are driven as they are
  CrossbarArea area;
  CellCurrent cell;
  std::optional<Converter> output;  ///< ADC for one or several outputs (column pairs); none: analog hand-over
  Precision precision = Precision::double_precision;

  /// Whether an output takes several conversions, or numbers behind its one: Coded below.
  bool is_coded() const;
  bool sums_bits() const;        ///< ahead of the ADC
  bool sums_slices() const;      ///< likewise
  bool has_full_pulses() const;  ///< rows stand at 0 or at the read voltage, without wires
  std::size_t slices() const;    ///< of a weight; 1 where it is not cut
  void check() const;            ///< throws std::invalid_argument that names the field
};

/// What was programmed, for the map printed to the user and for export.
struct TileReport {
  std::string name;  ///< "tile_0_1": row tile, column tile
  std::size_t rows_used = 0, columns_used = 0, rows = 0, columns = 0;
  std::int64_t pulses = 0;                           ///< of programming
  double programming_j = 0, programming_time_s = 0;  ///< of the whole tile; 0 where it is not booked
  std::size_t adcs =
      0;  ///< of its columns; with analog partial sums row tiles add their currents to those of the first
};

/// The cells of one tile that are in use, rows x columns, row by row, siemens: conductances that the weights ask for,
/// the levels nearest to them, what programming made of these, and what a read finds after the array's history, without
/// read noise.
struct ProgrammedTile {
  std::string name;                                         ///< as in TileReport
  std::size_t group = 0, first_term = 0, first_output = 0;  ///< of the weights
  std::size_t rows = 0, columns = 0;
  std::vector<double> target_s, level_s, programmed_s, now_s;
  std::vector<std::uint8_t> is_stuck;
};

/// A linear layer on tiled electronic crossbars.
///
/// Laws. Row voltage V_i = read_voltage x_i / input_full_scale. Weight to conductance, w_max the largest |w| of the
/// layer: a differential pair has G+ = G_min + max(w, 0) / w_max (G_max - G_min) and G- likewise for -w; with an offset
/// column G = G_mid + w / w_max (G_max - G_min) / 2, G_mid halfway. Conductances are rounded to levels, then programmed
/// with state-dependent error and write-verify (device.hpp; numbers of the stream STREAM_NAME/programming); what then
/// becomes of them until they are read (stuck cells, spread, drift, retention, disturb) takes those of
/// STREAM_NAME/history. With a transistor or selector in series with each cell currents see G / (1 + R G), and outputs
/// are scaled so that both ends of the range are right: weights between are compressed towards the larger ones. Column
/// current I_j = sum_i G_ij V_i, or sum_i A_ij V_i with A the effective matrix of the tile and its wires; partial sums
/// of row tiles add as currents, the two sides of a weight are subtracted as currents, so an output needs one sense
/// amplifier or ADC. The bias is a current of the sense amplifier, ahead of the ADC. y = I w_max input_full_scale /
/// ((G_max - G_min) read_voltage), twice that with an offset column.
///
/// Read noise. One Gaussian per output and read, its variance summed from the cells': (s G_max)^2 sum V_i^2 a cell
/// (independent) or s^2 sum V_i^2 G_ij^2 (proportional); wires multiply each term by what they leave of the cell's
/// voltage and of its current's way to the output (wired_array.hpp). Cells of an offset column give one more Gaussian
/// per tile column and read, shared by all its outputs. In distribution this is exact, correlations included, for a
/// linear array whose cells have independent Gaussian noise that stands still during one read and is drawn anew for the
/// next, on wires without resistance. With wires it is first order in the noise, leaves out what other rows' currents
/// take from a cell's voltage by the bit line, and takes outputs as independent though they share word lines: sigma is
/// within 5 % where wires take less than a tenth of the largest current (tested against solving the network anew with
/// noisy cells). It is not exact either where currents are clipped inside the array, noise is not Gaussian (telegraph
/// noise of few states), or the same noise lasts over several reads (positions of a convolution, drift, 1/f). Numbers
/// of the stream STREAM_NAME/read_noise.
///
/// Tiles. terms x outputs on rows x columns; every group has tiles of its own. tile_R_C is row tile R (groups one after
/// another) and column tile C. The positions of a convolution are read one after another on the same tiles: duration =
/// positions x (settling + read + DAC time + k x ADC time), as converters of all rows, and of all columns, work at
/// once; k is the most outputs of a tile that share one ADC. A row of several column tiles is driven by one DAC. Rows
/// of padding zeros are grounded, without a conversion.
///
/// Converters (converters/converter.hpp). Each row's DAC and each ADC has errors of its own, of the streams
/// STREAM_NAME/dac and STREAM_NAME/adc (each /mismatch, /noise). Energies of reads follow what the DACs really put out.
/// With DACs that have errors every position of a convolution is converted anew: working memory grows by groups x
/// positions x terms x 272 numbers.
///
/// Energy of a read: Joule heat sum V_i^2 G_ij t over programmed cells, at the mean conductance (read noise has zero
/// mean), supplied by the row drivers as sum V_i I_i t; charging the word lines takes C V^2 a read, C over all columns
/// of the tile used or not, all of it dissipated (half while charging, half when the line returns to 0 before the next
/// read). With wires, cells and wires (segments, driver and sense resistance) of a tile dissipate what the forms V'FV
/// of its solved network say, apart from one another; the drivers supply sum V_i I_i t of the network's source
/// currents. Lines are charged to the driver's voltage. Converters cost what their model says, for the codes that they
/// really give. Rows whose voltage is zero all the same need a conversion.
/// Drivers may be sized for their rows' current (RowSwitch: COMPONENT/driver, switch_gates) and fed by linear
/// regulators (read_supply:
/// COMPONENT/driver, regulation).
/// Components: COMPONENT/driver, COMPONENT/tile_R_C, COMPONENT/dac, COMPONENT/adc. The driver exports row_drive to the
/// tiles, which receive and dissipate it as joule_heating and wire_heating.
///
/// Coded stages (coding.hpp; CrossbarParameters::is_coded()). An output is y = b + sum over passes p, slices s and,
/// with digital partial sums, row tiles r of scale_p scale_s Q(I_psr): each current is converted by itself, to a range
/// of its tile and slice, then scaled and added, an addition each; the bias is what the accumulator starts from; ahead
/// of it come read noise, drawn anew for each conversion (STREAM_NAME/read_noise/R/P), and the errors of that
/// conversion's ADC. Slices stand on tiles of their own, tile_R_C with R counting slices before row tiles; one DAC a
/// row drives all of them. duration = positions x (passes x read + addition_time). Each pass charges the lines that it
/// drives; a pulse's heat and charge last for its share of the read time, with wires min(t_i, t_k) for each pair of
/// rows, as all pulses begin together. COMPONENT/shift_add has the additions. A stage without two of anything takes the
/// one conversion above. Where bits or slices are added ahead of the ADC (Accumulation) a conversion is that of their
/// sum: Q(sum scale_p scale_s I_psr), duration = positions x (passes x (setting up, settling, read) + phases x
/// conversion).
///
/// Lines (line_charging.hpp, line_settling.hpp): word lines may be charged by step, staircase or ramp; settling is
/// given or follows from the slowest time constant. A sampled column adds the charge noise k T C of
/// integration_capacitance: (kTC) / t^2 in I^2.
///
/// A sample's results depend on its values and index only, bit for bit, whatever the precision and the block.
///
/// Wires. The tiles' set-up takes 8 rows^2 columns bytes, at most 160 MiB, and the time of rows solves and rows^3
/// columns products for each tile. Outputs then cost what they do without wires; powers cost 2 column tiles + 1 forms
/// of rows^2 / 2 products a row tile and read.
///
/// Cells that are not ohmic. Without wires a column's current is sum G f(V), f(V) = V_r i(V) / i(V_r), and a cell's
/// heat V G f(V) t; read noise is sigma f(V), thermal noise stays 4kTGB, shot noise takes the current. With exact wires
/// every sample, position and tile is a network of its own, solved by Newton's method (nonlinear_array.hpp):
/// milliseconds each for 128 x 128 cells, where ohmic ones cost microseconds. Read noise is then drawn cell by cell
/// (stream STREAM_NAME/cell_noise; no cell falls below 0 S) and solved with. Inputs are
/// bipolar amplitudes, products are in double. Programming pulses are booked as if cells were ohmic.
///
/// Thermal and shot noise of the cells (device.hpp) are variances of the outputs like read noise: 4 k T B sum G, with
/// wires 4 k T B times the conductance between the output's columns and everything else, and 2 q B sum G |V|.
///
/// Left out: transients of currents within a read, heat while lines settle, transistor leakage, unused cells,
/// half-selected cells while writing, the energy of sense amplifiers, drivers' own losses other than those above.
///
/// Sources: mapping of weights, offset columns, state-dependent error: Xiao et al., IEEE Circuits and Systems Magazine
/// 22(4), 26 (2022), DOI 10.1109/MCAS.2022.3214409; differential pairs, write-verify: Wan et al., Nature 608, 504
/// (2022), DOI 10.1038/s41586-022-04992-8; bit-serial inputs, slices, sums of inputs subtracted: Shafiee et al., ISCA
/// 2016, DOI 10.1109/ISCA.2016.12; dummy columns: Chen, Peng, Yu, IEEE Trans. CAD 37, 3067 (2018), DOI
/// 10.1109/TCAD.2018.2789723; thermodynamics: docs/physics.md, D30.
class CrossbarStage final : public linear::LinearStage {
 public:
  /// Scales from calibration: input_full_scale > 0 is the x that the read voltage stands for (network's numbers). Full
  /// scales of the converters are in the network's numbers too: x for the DAC, y for the ADC. Throws
  /// std::invalid_argument.
  CrossbarStage(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale, std::uint64_t seed,
                const std::string& stream_name);
  ~CrossbarStage() override;

  const linear::LinearMap& map() const override;
  std::int64_t duration_ps() const override;
  void open_accounts(const std::string& component, energy::EnergySink& sink) override;
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override;

  /// Coded stages whose range is to be seen (Accumulation): finds the ranges of the ADCs from inputs as the network has
  /// them.
  /// Every call widens them; at least one must come before forward().
  void calibrate(const support::SignalBlock& x);

  std::vector<TileReport> tiles() const;
  /// What was built: the cells of each tile, used or not, a DAC for each row in use, an ADC for each output in use or
  /// for as many as share one; where a figure is given, the drivers of every word line and the decoders of every tile.
  /// Components as in the accounts.
  std::vector<support::AreaPart> areas(const std::string& component) const;
  /// Every cell, by programming the array once more: the same numbers.
  std::vector<ProgrammedTile> programmed_tiles() const;
  /// Weight that one siemens of difference between both sides stands for, compensation of drift included.
  double weight_per_siemens() const;
  const CrossbarParameters& parameters() const;
  double input_full_scale() const;  ///< x that the read voltage stands for
  std::size_t cells() const;
  std::size_t slices() const;
  double settling_s() const;  ///< given or derived
  /// Programmed conductances of weight (o, k), siemens: G+ and G- (or G and that of the column subtracted), in one
  /// slice.
  std::pair<double, double> conductances(std::size_t output, std::size_t term, std::size_t slice = 0) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::electronic
