// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

std::vector<Field> coding_fields() {
  return {choice("encoding", {"amplitude", "bit_serial", "pulse_width"},
                 "how inputs stand on the word lines; amplitude: voltages; bit_serial: digits of the DAC's bits, one read each; "
                 "pulse_width: times at the read voltage, the longest the read time")
              .fallback("amplitude"),
          integer("input_bits", 2, 16, "bit_serial: bits of the whole input code, with its sign where inputs have one").optional(),
          choice("signed_inputs", {"bipolar", "two_phase", "twos_complement"},
                 "of negative inputs; bipolar: voltages of both signs; two_phase: a read for each sign, subtracted; "
                 "twos_complement: bit_serial, the last bit counts negative")
              .fallback("bipolar"),
          integer("weight_bits", 2, 16,
                  "weights as integers of so many bits, with their sign, in slices of bits_per_cell; left out: as they are")
              .optional(),
          integer("bits_per_cell", 1, 8, "of a slice, with weight_bits").optional(),
          choice("slice_placement", {"own_tiles", "side_by_side"},
                 "with weight_bits; own_tiles: each slice on tiles of its own; side_by_side: the slices of an output on neighbouring columns of one tile")
              .fallback("own_tiles"),
          choice("partial_sums", {"analog", "digital"},
                 "of row tiles; analog: added as currents; digital: each has ADCs of its own")
              .fallback("analog"),
          choice("bit_sums", {"digital", "analog"},
                 "of the passes of bit_serial; digital: each is converted; analog: their charges are shared between two capacitors, "
                 "pass after pass, and the sum is converted")
              .fallback("digital"),
          choice("slice_sums", {"digital", "analog"},
                 "of the slices of weight_bits; digital: each is converted; analog: currents are scaled by mirrors and added, and the sum is converted")
              .fallback("digital"),
          quantity("sum_mismatch", Dimension::ratio, 0, 0.5,
                   "bit_sums or slice_sums analog: standard deviation of a ratio of capacitors or of a mirror, from output to output; left out: 0")
              .optional()
              .sourced(),
          quantity("conversion_range", Dimension::ratio, 1e-6, 1,
                   "where an output takes several conversions: the ADCs' range, as a share of the largest current that full-scale "
                   "inputs could cause; calibrated, or left out: the largest current of 256 calibration entries, for each row tile and slice")
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
          quantity("ramp_time", Dimension::time, 1e-12, 1.0, "charging ramp: from 0 to the full voltage").optional().sourced(),
          quantity("charge_recovery", Dimension::ratio, 0, 1,
                   "charging staircase, ramp: share of the energy that lines give back which the supply keeps; left out: all")
              .optional()
              .sourced(),
          quantity("integration_capacitance", Dimension::capacitance, 0, 1e-3,
                   "on which a column's current is integrated, with charge noise kTC; left out: no such noise")
              .optional()
              .sourced()};
}

}  // namespace szilard::scenario
