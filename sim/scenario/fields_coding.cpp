// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {
constexpr double kLeastReadSupply_V = 1e-9;
}

std::vector<Field> coding_fields() {
  return {
      choice("encoding", {"amplitude", "bit_serial", "pulse_width"},
             "how inputs stand on the word lines; amplitude: voltages; bit_serial: digits of the DAC's bits, one read "
             "each; "
             "pulse_width: times at the read voltage, the longest the read time")
          .fallback("amplitude"),
      integer("input_bits", 2, 16, "bit_serial: bits of the whole input code, with its sign where inputs have one")
          .optional(),
      choice("signed_inputs", {"bipolar", "two_phase", "twos_complement"},
             "of negative inputs; bipolar: voltages of both signs; two_phase: a read for each sign, subtracted; "
             "twos_complement: bit_serial, the last bit counts negative")
          .fallback("bipolar"),
      integer("weight_bits", 2, 16,
              "weights as integers of so many bits, with their sign, in slices of bits_per_cell; left out: as they are")
          .optional(),
      integer("bits_per_cell", 1, 8, "of a slice, with weight_bits").optional(),
      choice("slice_placement", {"own_tiles", "side_by_side"},
             "with weight_bits; own_tiles: each slice on tiles of its own; side_by_side: the slices of an output on "
             "neighbouring columns of one tile")
          .fallback("own_tiles"),
      choice("partial_sums", {"analog", "digital"},
             "of row tiles; analog: added as currents; digital: each has ADCs of its own")
          .fallback("analog"),
      choice("bit_sums", {"digital", "analog"},
             "of the passes of bit_serial; digital: each is converted; analog: their charges are shared between two "
             "capacitors, "
             "pass after pass, and the sum is converted")
          .fallback("digital"),
      choice("bit_weighting", {"sharing", "repetition"},
             "bit_sums analog: how passes get their weights; sharing: charge is shared with a second capacitor; "
             "repetition: pass p of b-bit digits is "
             "integrated 2^(b p) times, each after the settling time")
          .fallback("sharing")
          .sourced(),
      choice("slice_sums", {"digital", "analog"},
             "of the slices of weight_bits; digital: each is converted; analog: currents are scaled by mirrors and "
             "added, and the sum is converted")
          .fallback("digital"),
      quantity("sum_mismatch", Dimension::ratio, 0, 0.5,
               "bit_sums or slice_sums analog: standard deviation of a ratio of capacitors or of a mirror, from output "
               "to output; left out: 0")
          .optional()
          .sourced(),
      quantity("conversion_range", Dimension::ratio, 1e-6, 1,
               "where an output takes several conversions: the ADCs' range, as a share of the largest current that "
               "full-scale "
               "inputs could cause; calibrated, or left out: the largest current of 256 calibration entries, for each "
               "row tile and slice")
          .word("calibrated")
          .optional(),
      quantity("addition_energy", Dimension::energy, 0, 1e-3, "of one shift and addition of results behind the ADCs")
          .optional()
          .sourced(),
      quantity("addition_time", Dimension::time, 0, 1,
               "of the last additions of an output; left out: they run beside the next conversion")
          .optional()
          .sourced(),
      quantity("settling_accuracy", Dimension::ratio, 1e-9, 0.5,
               "settling derived: what may be missing of the final currents; left out: 2^-(bits + 1), bits of the ADC")
          .optional(),
      quantity("bit_line_capacitance_per_cell", Dimension::capacitance, 0, 1e-3,
               "bit line and cell, per crossing, for settling derived; left out: 0 F")
          .optional()
          .sourced(),
      choice("charging", {"step", "staircase", "ramp"},
             "how word lines get to their voltage and back; step: C V^2 / 2 is lost either way; staircase: C V^2 / (2 "
             "charging_steps); ramp: (R C / ramp_time) C V^2 if slow. Cells conduct all the while")
          .fallback("step"),
      integer("charging_steps", 2, 1000, "charging staircase: equal steps, each with a settling time").optional(),
      quantity("ramp_time", Dimension::time, 1e-12, 1.0, "charging ramp: from 0 to the full voltage")
          .optional()
          .sourced(),
      quantity(
          "charge_recovery", Dimension::ratio, 0, 1,
          "charging staircase, ramp: share of the energy that lines give back which the supply keeps; left out: all")
          .optional()
          .sourced(),
      quantity("integration_capacitance", Dimension::capacitance, 0, 1e-3,
               "on which a column's current is integrated, with charge noise kTC; left out: no such noise")
          .optional()
          .sourced(),
      quantity("select_capacitance_per_cell", Dimension::capacitance, 0, 1e-3,
               "gate line of the access transistors (1T1R), per crossing, switched in each read in every row in use; "
               "left out: 0 F")
          .optional()
          .sourced(),
      quantity("select_capacitance", Dimension::capacitance, 0, 1e-3,
               "of such a line beside its crossings; left out: 0 F")
          .optional()
          .sourced(),
      quantity("select_swing", Dimension::voltage, 0, 100, "of such a line").optional().sourced(),
      quantity("select_supply", Dimension::voltage, 0, 100, "from which it is charged; left out: select_swing")
          .optional()
          .sourced(),
      quantity("read_supply", Dimension::voltage, kLeastReadSupply_V, 100,
               "supply from which linear regulators make the read voltage: the rows' current falls through the rest; "
               "needs pulses of the full read "
               "voltage (pulse_width, or bit_serial by one bit), no wires, charging by step; left out: the read "
               "voltage is had without loss")
          .optional()
          .sourced(),
      FieldMaker(
          "row_switch", Kind::section,
          "transistors that switch word lines, sized for the current of a whole row; left out: they take nothing")
          .section("row_switch")
          .optional()};
}

Section row_switch_section() {
  Section section{
      "row_switch",
      "",
      "",
      "transistor of each word line's driver, sized for its row's current, with the inverters in front of its gate",
      {},
      false,
      {}};
  section.fields = {
      quantity("voltage_share", Dimension::ratio, 1e-6, 10,
               "its resistance over that of a row whose cells all have the maximum conductance")
          .preset(),
      quantity("time_constant", Dimension::time, 1e-18, 1e-6,
               "on-resistance times gate capacitance, whatever its width")
          .preset(),
      quantity("supply", Dimension::voltage, 1e-3, 100, "of its gate").preset(),
      number("fan_out", 1.1, 100,
             "of the chain of inverters in front, each so many times the one before; left out: no chain")
          .optional()
          .sourced(),
      number("drain_share", 0, 10, "drain over gate capacitance of an inverter, with fan_out; left out: 1")
          .optional()
          .sourced()};
  return section;
}

Section capacitive_section() {
  Section crossbar{"linear.capacitive_crossbar",
                   "linear",
                   "capacitive_crossbar",
                   "tiles of memory cells with a capacitor each: one-bit products add as charge on columns, input bits "
                   "one after another",
                   {},
                   true,
                   {}};
  const auto capacitance = [](const char* key, const char* meaning) {
    return quantity(key, Dimension::capacitance, 0, 1e-3, meaning).optional().sourced();
  };
  crossbar.fields = {
      integer("rows", 1, 4096, "inputs of one physical tile").preset(),
      integer("columns", 1, 4096, "columns of one physical tile, each a bit of a weight").preset(),
      integer("input_bits", 1, 8, "of the input codes, with their sign where inputs have one").preset(),
      integer("weight_bits", 1, 8, "of the weight codes, with their sign; bits stand on neighbouring columns").preset(),
      choice("product", {"and", "xnor"},
             "of an input bit and a weight bit; and: 1 where both are 1, codes in two's complement; xnor: 1 where they "
             "are equal, bits stand for "
             "-1 and 1 (one bit: binary networks)")
          .fallback("and")
          .sourced(),
      choice("coupling", {"driven_plates", "shared_charge"},
             "driven_plates: cells drive the far plates of capacitors whose near plates are the floating column; "
             "shared_charge: each cell charges "
             "its own capacitor, then those of a column are connected")
          .preset(),
      quantity("supply_voltage", Dimension::voltage, 1e-9, 100, "of cells, lines and switches").preset(),
      quantity("cell_capacitance", Dimension::capacitance, 1e-21, 1e-3, "of one cell's capacitor").preset(),
      capacitance("node_capacitance_per_cell",
                  "of a cell's output to ground, charged where its product is 1; left out: 0 F"),
      capacitance("column_capacitance_per_cell",
                  "of the column to ground, per crossing: it weakens the signal; left out: 0 F"),
      capacitance("clock_capacitance_per_cell",
                  "gates of reset and connecting switches, per crossing, switched once a bit; left out: 0 F"),
      capacitance("row_capacitance_per_cell", "input line, per crossing; left out: 0 F"),
      capacitance("row_capacitance", "input line beside its crossings; left out: 0 F"),
      number("driver_fan_out", 1.1, 100,
             "of the chains of inverters that drive input and clock lines, gates and as large drains included; left "
             "out: lines without drivers")
          .optional()
          .sourced(),
      quantity("capacitor_mismatch", Dimension::ratio, 0, 0.5,
               "relative standard deviation of a cell's capacitor; left out: 0")
          .optional()
          .sourced(),
      quantity("cycle_time", Dimension::time, 1e-12, 1.0, "of one input bit, the conversion not included").preset(),
      quantity("conversion_range", Dimension::ratio, 1e-6, 1,
               "share of a column's full charge for which the ADCs' highest code stands; left out: 1")
          .optional(),
      quantity("addition_energy", Dimension::energy, 0, 1e-3, "of one shift and addition of results behind the ADCs")
          .optional()
          .sourced(),
      quantity("cell_area", Dimension::area, 1e-20, 1, "chip area of one cell, its lines included; left out: unknown")
          .optional()
          .sourced()};
  return crossbar;
}

}  // namespace szilard::scenario
