// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/electronic/converters/converter.hpp"
#include "models/linear/linear_stage.hpp"
#include "models/support/area.hpp"
#include "models/support/parameter.hpp"

namespace szilard::capacitive {

/// What a cell makes of an input bit and its weight bit.
enum class CellProduct {
  conjunction,  ///< 1 where both are 1. Codes are two's complement: the highest bit counts negative
  equality,     ///< 1 where they are equal. Bits stand for -1 and 1: codes are odd numbers, and 0 has none
};

/// How products get onto a column.
enum class Coupling {
  driven_plates,  ///< cells drive their capacitor's far plate, the near plates are the column, which floats
  shared_charge,  ///< each cell charges its own capacitor, then all of a column are connected
};

/// Tiles as built. Rows are inputs, columns hold one bit of a weight each.
struct CapacitiveParameters {
  std::size_t rows = 0, columns = 0;    ///< of one physical tile, 1 .. 4096
  int input_bits = 0, weight_bits = 0;  ///< of codes, sign included, 1 .. 8; 1 with `equality` only
  CellProduct product = CellProduct::conjunction;
  Coupling coupling = Coupling::driven_plates;
  support::Parameter supply_v;                       ///< [V] > 0
  support::Parameter cell_capacitance_f;             ///< [F] > 0
  support::Parameter node_capacitance_per_cell_f;    ///< [F] >= 0, of a cell's output to ground
  support::Parameter column_capacitance_per_cell_f;  ///< [F] >= 0, of the column to ground, per crossing
  support::Parameter clock_capacitance_per_cell_f;   ///< [F] >= 0, gates of reset and connecting switches, per crossing
  support::Parameter row_capacitance_per_cell_f;     ///< [F] >= 0, input line, per crossing
  support::Parameter row_capacitance_f;              ///< [F] >= 0, input line beside its crossings: driver
  support::Parameter driver_fan_out;      ///< of the inverters that drive input and clock lines; 0: left out, else > 1
  support::Parameter capacitor_mismatch;  ///< >= 0, relative standard deviation of a cell's capacitor
  support::Parameter cycle_time_s;        ///< [s] > 0, of one input bit, without the conversion
  double range = 1;               ///< share of a column's full charge that the ADCs' highest code stands for, (0, 1]
  double temperature_k = 300;     ///< [K] > 0
  electronic::Converter output;   ///< ADC of one column or several; its full scale and sign are set here
  support::Parameter addition_j;  ///< [J] >= 0, of one shift and addition behind an ADC
  std::optional<support::Parameter> cell_m2, adc_m2;

  void check() const;  ///< throws std::invalid_argument that names the field
};

struct CapacitiveTile {
  std::size_t rows_used = 0, columns_used = 0, adcs = 0;
};

/// A linear layer on tiles of cells with capacitors, as in static memories that multiply by charge.
///
/// Laws. Inputs and weights are codes of step X / h and W / h, X the input's full scale, W the layer's largest |w|.
/// conjunction: codes of b bits in two's complement, h = 2^(b-1) - 1 (unsigned inputs: h = 2^b - 1). equality: odd
/// numbers sum_j 2^j s_j of signs s_j, h = 2^b - 1.
/// Input bits come one after another, a weight's bits stand on as many columns. In a cycle a column of N cells of
/// capacitance C, of which k have the product 1, carries the charge k C V_dd, and moves by
///   V = k V_dd C / (N (C + c_col)),
/// which its ADC turns into a code; codes are scaled by powers of two, added over bits and row tiles, and with
/// `equality` corrected by the number of rows (2 k - rows). A row that carries padding has the product 0.
/// Energies of a cycle, all of them heat at its end:
///   driven_plates  V_dd^2 C k ((N - k) C + N c_col) / (N (C + c_col))   (k plates in series with the rest of the
///                  column)
///   shared_charge  V_dd^2 C k
///   cells' outputs V_dd^2 c_node k
///   switches       V_dd^2 c_clock N of each column in use
///   input lines    V_dd^2 (C_row + columns c_row) of each row and column tile whose bit is 1; with `equality`, where
///                  one of two lines rises for either value, of each row in use
///   drivers        with fan-out f, chains of inverters each an f-th of what it drives, gates and as large drains: 2 /
///                  (f - 1) of the energies of input lines and switches
/// Errors: capacitors differ by capacitor_mismatch (fixed; stream STREAM_NAME/capacitors); a reset leaves the charge
/// noise kT N (C + c_col), drawn with the ADC's own.
///
/// Units SI. Valid for lines that settle within cycle_time. Left out: reading the memory cells, writing weights,
/// leakage, coupling between columns, energy of addition trees other than addition_j.
/// Sources: H. Valavi et al., IEEE J. Solid-State Circuits 54, 1789 (2019), DOI 10.1109/JSSC.2019.2899730; H. Jia et
/// al., IEEE J.
/// Solid-State Circuits 55, 2609 (2020), DOI 10.1109/JSSC.2020.2987714; energies by conservation of charge; chains of
/// inverters: N. Weste, D. Harris, CMOS VLSI Design, Addison-Wesley (2010).
class CapacitiveStage final : public linear::LinearStage {
 public:
  /// Throws std::invalid_argument on parameters out of range, weights that are not finite, and padding with `equality`.
  CapacitiveStage(linear::LinearMap map, CapacitiveParameters parameters, double input_full_scale,
                  bool has_signed_inputs, std::uint64_t seed, const std::string& stream_name);
  ~CapacitiveStage() override;

  const linear::LinearMap& map() const override;
  std::int64_t duration_ps() const override;
  void open_accounts(const std::string& component, energy::EnergySink& sink) override;
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override;

  const CapacitiveParameters& parameters() const;
  std::vector<CapacitiveTile> tiles() const;
  std::vector<support::AreaPart> areas(const std::string& component) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::capacitive
