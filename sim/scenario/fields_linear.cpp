// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

constexpr double kMostConductance_S = 1, kLeastConductance_S = 1e-15;
constexpr double kMostResistance_Ohm = 1e6;

Field time_field(const char* key, const char* meaning, double shortest_s) {
  return quantity(key, Dimension::time, shortest_s, kLongest_s, meaning).preset();
}
FieldMaker resistance_field(const char* key, const char* meaning) {
  return quantity(key, Dimension::resistance, 0, kMostResistance_Ohm, meaning).preset();
}

std::vector<Field> cell_fields() {
  return {
      choice(
          "cell", {"ohmic", "sinh", "cubic", "table"},
          "current of a cell of conductance G, I = G read_voltage i(V) / i(read_voltage): ohmic: i = V; sinh: sinh(V / "
          "cell_voltage); cubic: V + V (V / cell_voltage)^2; table: straight lines through the table's points. Others "
          "than "
          "ohmic with wires are solved sample by sample: milliseconds a sample and tile")
          .fallback("ohmic")
          .sourced(),
      quantity("cell_voltage", Dimension::voltage, 1e-6, 1e6, "cell sinh, cubic: scale of its law")
          .preset()
          .unless("cell", {"ohmic", "table"}),
      FieldMaker("cell_table_voltages", Kind::quantities, "cell table: voltages of its points, rising")
          .range(Dimension::voltage, -kMostVoltage_V, kMostVoltage_V)
          .preset()
          .unless("cell", {"ohmic", "sinh", "cubic"}),
      FieldMaker("cell_table_currents", Kind::quantities,
                 "cell table: currents of one cell at these voltages, not falling, 0 A at 0 V")
          .range(Dimension::current, -1e6, 1e6)
          .preset()
          .unless("cell", {"ohmic", "sinh", "cubic"})};
}

constexpr std::size_t kMostPlaces = 64, kMostTimes = 16;

FieldMaker places_field(const char* key, const char* meaning) {
  return FieldMaker(key, Kind::quantities, meaning).range(Dimension::ratio, 0, 1).most_items(kMostPlaces);
}

std::vector<Field> history_fields() {
  const auto law = [](const char* key, const char* meaning) {
    return FieldMaker(key, Kind::quantities, meaning)
        .range(Dimension::ratio, -100, 100)
        .most_items(kMostPlaces)
        .preset();
  };
  const auto table = [](const char* key, const char* meaning) {
    return FieldMaker(key, Kind::quantities, meaning)
        .range(Dimension::conductance, -kMostConductance_S, kMostConductance_S)
        .most_items(kMostTimes * kMostPlaces);
  };
  return {
      places_field("read_noise_at", "places g = conductance / maximum of read_noise_table, ascending")
          .preset()
          .unless("read_noise", {"none", "independent", "proportional", "flicker"}),
      table("read_noise_table",
            "standard deviation of a cell's conductance in a read at these places, straight between them")
          .preset()
          .unless("read_noise", {"none", "independent", "proportional", "flicker"}),
      choice(
          "relaxation", {"none", "measured"},
          "measured: deviations from the target widen and shift with age, as relaxation_error and relaxation_shift say")
          .fallback("none"),
      FieldMaker("relaxation_times", Kind::quantities,
                 "times after programming of the measurements, ascending; age lies within them")
          .range(Dimension::time, 1e-9, 1e12)
          .most_items(kMostTimes)
          .preset()
          .unless("relaxation", {"none"}),
      table("relaxation_error",
            "standard deviations then, one time after another: coefficients as of programming_error, or values at "
            "programming_error_at")
          .preset()
          .unless("relaxation", {"none"}),
      table("relaxation_shift", "likewise mean deviations; left out: 0").optional().sourced(),
      law("flicker_noise",
          "three numbers a, b, c: relative sigma min(c, a g^-b) sqrt(ln((age + read time) / (2 read time))), g = "
          "conductance / "
          "maximum; with flicker_at values there in place of min(c, a g^-b)")
          .unless("read_noise", {"none", "independent", "proportional", "table"}),
      places_field("flicker_at", "places g of flicker_noise, ascending; left out: it is three numbers")
          .optional()
          .sourced(),
      choice("current_noise", {"none", "thermal", "shot", "thermal_and_shot"},
             "white noise of the cells' currents: 4 k T G at the scenario's temperature, 2 q I")
          .fallback("none"),
      quantity("noise_bandwidth", Dimension::frequency, 1, 1e13, "of current_noise; left out: 1 / (2 read time)")
          .optional()
          .sourced(),
      quantity("stuck_on", Dimension::ratio, 0, 1, "share of cells that stand at the maximum conductance; left out: 0")
          .optional()
          .sourced(),
      quantity("stuck_off", Dimension::ratio, 0, 1, "share of cells that stand at the minimum conductance; left out: 0")
          .optional()
          .sourced(),
      quantity("device_spread", Dimension::ratio, 0, 10,
               "relative standard deviation of the cells' conductances from device to device, which write-verify does "
               "not see; left out: 0")
          .optional()
          .sourced(),
      quantity("age", Dimension::time, 0, 1e12, "time from programming to reading; left out: 0 s").optional(),
      choice("drift", {"none", "power_law"},
             "power_law: conductances fall as (age / drift_reference_time)^-nu, after that time")
          .fallback("none"),
      law("drift_exponent",
          "four numbers a, b, low, high: mean nu = a ln g + b, not below low nor above high, g = conductance / "
          "maximum; with "
          "drift_at values of nu there")
          .unless("drift", {"none"}),
      places_field("drift_at",
                   "places g of drift_exponent and drift_exponent_spread, ascending; left out: they are laws")
          .optional()
          .sourced(),
      law("drift_exponent_spread", "likewise the standard deviation of nu from cell to cell").unless("drift", {"none"}),
      quantity("drift_reference_time", Dimension::time, 1e-9, 1e12, "time after programming at which drift sets in")
          .preset()
          .unless("drift", {"none"}),
      choice("drift_compensation", {"none", "global"},
             "global: one factor a layer makes up for the mean loss of conductance")
          .fallback("none"),
      quantity("retention_time", Dimension::time, 1e-9, 1e15,
               "conductances relax towards the minimum with this time constant; left out: never")
          .optional()
          .sourced(),
      quantity("read_disturb", Dimension::ratio, 0, 1,
               "share of its distance from the maximum conductance that a cell loses in each past read; left out: 0")
          .optional()
          .sourced(),
      integer("past_reads", 0, 1'000'000'000'000'000, "reads of the array before this run").fallback("0")};
}

}  // namespace

std::vector<Section> linear_sections() {
  Section ideal{"linear.ideal", "linear", "ideal", "exact products, instantly and without loss", {}, false, {}};
  ideal.fields = {choice("quantisation", {"none", "int8"},
                         "none: double precision; int8: weights and activations as the int8 baselines compute")
                      .fallback("none")};
  Section crossbar{"linear.electronic_crossbar",
                   "linear",
                   "electronic_crossbar",
                   "tiles of resistive cells: currents add on columns at virtual ground",
                   {},
                   true,
                   {}};
  crossbar.fields = {
      integer("rows", 1, 4096, "word lines of one physical tile (inputs)").fallback("128").sourced(),
      integer("columns", 2, 4096, "bit lines of one physical tile").fallback("128").sourced(),
      choice(
          "signed_weights", {"differential_pair", "offset_column", "dummy_column"},
          "differential_pair: two cells a weight; offset_column: one cell, the middle conductance in an extra column; "
          "dummy_column: one cell, the least conductance in an extra column and the sum of the inputs subtracted as a "
          "number")
          .fallback("differential_pair")
          .sourced(),
      choice("wires", {"none", "fast", "exact"},
             "resistance of word and bit lines, with sneak paths; none: ideal conductors; fast: output currents by one "
             "step "
             "of the solver, energies as exact; exact: full nodal analysis")
          .fallback("none"),
      resistance_field("wire_resistance", "of word and bit lines from cell to cell").unless("wires", {"none"}),
      quantity("bit_line_resistance", Dimension::resistance, 0, kMostResistance_Ohm,
               "of bit lines from cell to cell, where it is not wire_resistance")
          .optional()
          .sourced(),
      resistance_field("driver_resistance", "in series with each word line at its driver").unless("wires", {"none"}),
      resistance_field("sense_resistance", "in series with each bit line at its sense amplifier or ADC")
          .unless("wires", {"none"}),
      quantity("access_resistance", Dimension::resistance, 0, kMostResistance_Ohm,
               "of the transistor (1T1R) or selector in series with each ohmic cell, with and without wires; left out: "
               "0 ohm")
          .optional()
          .sourced(),
      choice("drive", {"one_end", "both_ends"}, "with wires: word lines driven at their first column, or at both ends")
          .fallback("one_end"),
      quantity("minimum_conductance", Dimension::conductance, 0, kMostConductance_S, "conductance of the lowest level")
          .preset(),
      quantity("maximum_conductance", Dimension::conductance, kLeastConductance_S, kMostConductance_S,
               "conductance of the highest level, above the lowest")
          .preset(),
      integer("levels", 0, 65536, "evenly spaced conductance levels, at least 2; 0: continuous").preset(),
      FieldMaker("programming_error", Kind::quantities,
                 "coefficients c0, c1, ... of the standard deviation after programming, sigma(g) = sum c_n g^n, "
                 "g = conductance / maximum, or its values at programming_error_at; none: exact")
          .most_items(kMostPlaces)
          .range(Dimension::conductance, -kMostConductance_S, kMostConductance_S)
          .word("none")
          .preset(),
      places_field("programming_error_at",
                   "places g at which programming_error gives values, straight between them; left out: coefficients")
          .optional()
          .sourced(),
      quantity("verify_tolerance", Dimension::ratio, 1e-9, 1,
               "write-verify: accepted deviation, relative to the maximum conductance")
          .preset()
          .unless("programming_error", {"none"}),
      integer("verify_tries", 1, 10000, "write-verify: programming pulses at most; 1: no verification")
          .preset()
          .unless("programming_error", {"none"}),
      choice("read_noise", {"none", "independent", "proportional", "flicker", "table"},
             "noise of each read; independent: sigma relative to the maximum conductance; proportional: to the cell's; "
             "flicker: 1/f, with age and read time; table: read_noise_table")
          .preset(),
      quantity("read_noise_sigma", Dimension::ratio, 0, 10,
               "relative standard deviation of a cell's conductance in a read")
          .preset()
          .unless("read_noise", {"none", "flicker", "table"}),
      quantity("read_voltage", Dimension::voltage, kLeastVoltage_V, kMostVoltage_V,
               "row voltage that stands for full scale")
          .preset(),
      time_field("read_time", "how long the row voltages stand", kShortest_s),
      choice("settling", {"given", "derived"},
             "before the read; given: settling_time; derived: from the slowest time constant of all tiles, cells "
             "included; needs wires")
          .fallback("given"),
      quantity("settling_time", Dimension::time, 0, kLongest_s, "before the read")
          .preset()
          .unless("settling", {"derived"}),
      quantity("row_capacitance_per_cell", Dimension::capacitance, 0, kMostCapacitance_F,
               "word line and cell, per crossing")
          .preset()};
  for (Field& field : cell_fields()) crossbar.fields.push_back(std::move(field));
  crossbar.fields.push_back(area_field("cell_area", "chip area of one cell, its lines included; left out: unknown"));
  crossbar.fields.push_back(
      area_field("driver_area", "chip area of the drivers of one word line of a tile; left out: not counted"));
  crossbar.fields.push_back(area_field("decoder_area", "chip area of the decoders of one tile; left out: not counted"));
  crossbar.fields.push_back(quantity("write_voltage", Dimension::voltage, kLeastVoltage_V, kMostVoltage_V,
                                     "on a cell during a programming pulse")
                                .optional()
                                .sourced());
  crossbar.fields.push_back(
      quantity("write_time", Dimension::time, kShortest_s, kLongest_s, "of a programming pulse").optional().sourced());
  crossbar.fields.push_back(
      FieldMaker("programming", Kind::section,
                 "energy of writing the weights, with write_voltage and write_time; left out: none")
          .section("programming")
          .optional());
  for (Field& field : history_fields()) crossbar.fields.push_back(std::move(field));
  for (Field& field : coding_fields()) crossbar.fields.push_back(std::move(field));
  Section programming{"programming", "", "", "writing the weights of a medium", {}, false, {}};
  programming.fields = {integer("inferences", 1, 1'000'000'000'000'000,
                                "that one programming of the weights serves: each pays its share")};
  return {ideal, crossbar, programming, row_switch_section()};
}

}  // namespace szilard::scenario
