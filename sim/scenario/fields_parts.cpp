// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

#include <algorithm>

#include "baseline_list.hpp"
#include "sim/scenario/own_sections.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

// Ranges exclude what no device has and what would overflow the ledger or the integer clock, not what is merely
// unusual.
constexpr double kShortest_s = 1e-12, kLongest_s = 1.0;
constexpr double kMostEnergy_J = 1e-3;
constexpr double kMostVoltage_V = 100, kLeastVoltage_V = 1e-9;
constexpr double kMostConductance_S = 1, kLeastConductance_S = 1e-15;
constexpr double kMostCapacitance_F = 1e-3;
constexpr double kMostResistance_Ohm = 1e6;
constexpr double kLeastArea_m2 = 1e-20, kMostArea_m2 = 1;

Field time_field(const char* key, const char* meaning, double shortest_s) {
  return quantity(key, Dimension::time, shortest_s, kLongest_s, meaning).preset();
}
FieldMaker energy_field(const char* key, const char* meaning) {
  return quantity(key, Dimension::energy, 0, kMostEnergy_J, meaning).preset();
}
FieldMaker resistance_field(const char* key, const char* meaning) {
  return quantity(key, Dimension::resistance, 0, kMostResistance_Ohm, meaning).preset();
}
Field area_field(const char* key, const char* meaning) {
  return quantity(key, Dimension::area, kLeastArea_m2, kMostArea_m2, meaning).optional().sourced();
}
Field clock_field() {
  return quantity("clock", Dimension::frequency, 1, 1e11, "clock frequency, a choice of the design")
      .fallback("500 MHz");
}
Field digital_energy_field() {
  return FieldMaker("energy", Kind::section, "energy per counted event: a preset's name, or the coefficients")
      .section("energy.digital")
      .fallback("cmos45_horowitz2014");
}

const std::vector<std::string> kResets = {"landauer_ideal",    "cmos_latch",           "two_level",       "double_well",
                                          "optimal_transport", "memristive_threshold", "optical_bistable"};

std::vector<std::string> all_resets_but(const std::vector<std::string>& users) {
  std::vector<std::string> others;
  for (const std::string& reset : kResets)
    if (std::find(users.begin(), users.end(), reset) == users.end()) others.push_back(reset);
  return others;
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

std::vector<Section> neuron_sections() {
  Section bit{
      "neuron.relu_bit",
      "neuron",
      "relu_bit",
      "ReLU neuron that is a physical bit: set when its input exceeds the threshold, reset at the end of the cycle",
      {},
      true,
      "sense_amplifier_28nm",
      {{"reset", "memristive_threshold", "threshold_switch_vox2025"},
       {"reset", "optical_bistable", "nanocavity_haret2009"}}};
  const std::vector<std::string> kCited = {"memristive_threshold", "optical_bistable"};
  const std::string kDevices = "memristive_threshold, optical_bistable: ";
  bit.fields = {
      choice("reset", kResets,
             "landauer_ideal: the thermodynamic limit; cmos_latch: C V^2 of a latch node; two_level, double_well: "
             "simulated "
             "in finite time; optimal_transport: the floor of any such reset; memristive_threshold, optical_bistable: "
             "cited "
             "figures of a device")
          .fallback("landauer_ideal"),
      choice("protocol", {"known", "blind", "assumed"},
             "what a reset at kT is built for: known, each neuron's probability from calibration; blind, 1/2; assumed, "
             "'assumed_probability' for all")
          .fallback("known"),
      number("assumed_probability", 1e-12, 1 - 1e-12, "protocol assumed: activation probability q of every neuron")
          .optional(),
      choice("policy", {"every_cycle", "on_change", "uncompute"},
             "every_cycle: every neuron is brought to 0 after each sample; on_change: only changes of state cost; "
             "uncompute: "
             "the computation is run backwards (landauer_ideal only): no cost at the limit, twice the time")
          .fallback("every_cycle"),
      quantity("threshold_offset", Dimension::ratio, 0, 10,
               "standard deviation of the fixed offset of a neuron's threshold, relative to full scale; with linear "
               "model ideal "
               "0 where nothing is said")
          .preset(),
      quantity("threshold_noise", Dimension::ratio, 0, 10,
               "standard deviation of the threshold's noise per decision, relative to full scale; ideal: likewise 0")
          .preset(),
      quantity("decision_energy", Dimension::energy, 0, kMostEnergy_J, "energy of one decision; ideal: likewise 0")
          .preset(),
      quantity("decision_time", Dimension::time, 0, kLongest_s, "from valid input to valid state; ideal: likewise 0")
          .preset(),
      choice("decision", {"fixed", "self_timed"},
             "fixed: takes decision_time, and what regeneration_time has not resolved by then is left to chance; "
             "self_timed: waits until "
             "the slowest neuron of the layer has resolved, at least decision_time: latency instead of errors; left "
             "out: fixed")
          .optional(),
      quantity("hysteresis", Dimension::ratio, 0, 2,
               "width of the loop between setting and dropping a state, relative to full scale")
          .optional()
          .sourced(),
      quantity(
          "regeneration_time", Dimension::time, 1e-18, kLongest_s,
          "metastability: time constant tau of a decision that grows as e^(t/tau); what decision_time does not resolve "
          "is left to chance")
          .optional()
          .sourced(),
      quantity(
          "state_energy", Dimension::energy, 1e-30, kMostEnergy_J,
          "thermal errors: energy dE between both states at an input of full scale, less in proportion to the input; "
          "wrong with probability 1/(1 + e^(dE/kT)); at most 500 kT")
          .optional()
          .sourced(),
      quantity("retention_time", Dimension::time, 1e-18, kLongest_s,
               "mean time after which either state is left by itself between decision and reset")
          .optional()
          .sourced(),
      quantity("retention_barrier", Dimension::energy, 1e-30, kMostEnergy_J,
               "instead of retention_time: attempt_time e^(barrier/kT); at most 500 kT")
          .optional()
          .sourced(),
      quantity("attempt_time", Dimension::time, 1e-18, kLongest_s, "of retention_barrier").optional().sourced(),
      quantity("hold_time", Dimension::time, kShortest_s, kLongest_s,
               "least time between decision and reset; else as long as the next layer takes")
          .optional()
          .sourced(),
      quantity("read_energy", Dimension::energy, 1e-30, kMostEnergy_J,
               "reading s = dx/dy of every neuron in every cycle by a probe of this energy; errs by thermal noise")
          .optional()
          .sourced(),
      quantity("latch_supply", Dimension::voltage, kLeastVoltage_V, kMostVoltage_V, "cmos_latch: supply voltage")
          .preset()
          .unless("reset", all_resets_but({"cmos_latch"})),
      quantity("latch_capacitance", Dimension::capacitance, 1e-21, kMostCapacitance_F,
               "cmos_latch: latch node with its wires")
          .preset()
          .unless("reset", all_resets_but({"cmos_latch"})),
      quantity("latch_reset_time", Dimension::time, kShortest_s, kLongest_s, "cmos_latch: duration of a reset")
          .preset()
          .unless("reset", all_resets_but({"cmos_latch"})),
      quantity("relaxation_time", Dimension::time, 1e-18, kLongest_s,
               "two_level: inverse of the sum of both rates; wells: squared half distance of the wells over the "
               "diffusion constant")
          .preset()
          .unless("reset", all_resets_but({"two_level", "double_well", "optimal_transport"})),
      quantity("reset_time", Dimension::time, kShortest_s, kLongest_s,
               "two_level, double_well, optimal_transport, memristive_threshold, optical_bistable: duration of a reset")
          .preset()
          .unless("reset", {"landauer_ideal", "cmos_latch"}),
      FieldMaker(
          "schedule", Kind::path,
          "double_well: a protocol of your own instead of barrier and tilt: potentials in kT at moments of the reset "
          "(as for lab bit --schedule)")
          .optional(),
      quantity("barrier", Dimension::energy, 1e-30, kMostEnergy_J,
               "double_well, optimal_transport: barrier between the states, at most 500 kT")
          .preset()
          .unless("reset", all_resets_but({"double_well", "optimal_transport"}))
          .unless_given("schedule"),
      quantity("tilt", Dimension::energy, 0, kMostEnergy_J,
               "two_level: gap at the end of the ramp; double_well: largest tilt between the wells; at most 500 kT")
          .preset()
          .unless("reset", all_resets_but({"two_level", "double_well"}))
          .unless_given("schedule"),
      quantity("reset_error", Dimension::ratio, 0, 0.5, "optimal_transport: probability that a reset fails")
          .preset()
          .unless("reset", all_resets_but({"optimal_transport"})),
      area_field("area", "chip area of one neuron; left out: unknown"),
      quantity("set_energy", Dimension::energy, 0, kMostEnergy_J, kDevices + "energy of a set, or of a spike")
          .preset()
          .unless("reset", all_resets_but(kCited)),
      quantity("reset_energy", Dimension::energy, 0, kMostEnergy_J,
               kDevices + "energy of a reset; 0 J: a volatile device, whose set energy covers its end")
          .preset()
          .unless("reset", all_resets_but(kCited)),
      quantity("set_time", Dimension::time, 0, kLongest_s, kDevices + "from the decision to the state")
          .preset()
          .unless("reset", all_resets_but(kCited)),
      quantity("threshold_spread", Dimension::ratio, 1e-6, 10,
               kDevices + "standard deviation of the device's switching threshold from event to event, relative to it")
          .preset()
          .unless("reset", all_resets_but(kCited)),
      quantity("drive_margin", Dimension::ratio, 0, 10,
               kDevices + "by how much the drive exceeds that threshold, relative to it; less fails")
          .preset()
          .unless("reset", all_resets_but(kCited)),
      choice("live", {"false", "true"},
             "two_level, double_well: true, every reset is simulated; false, it is drawn from an ensemble simulated "
             "before")
          .fallback("false"),
      integer("calibration_paths", 2, 1'000'000,
              "two_level, double_well: paths of that ensemble for either start state")
          .fallback("4096")};
  Section rtl{"neuron.relu_rtl",
              "neuron",
              "relu_rtl",
              "ReLU in a clocked RTL module behind the ADCs (hybrid platform)",
              {},
              false,
              {}};
  rtl.fields = {FieldMaker("lanes", Kind::integer, "codes per clock cycle").values({8, 16, 32}).fallback("16"),
                clock_field(), digital_energy_field()};
  return {bit, rtl};
}

std::vector<KnownBaseline> known_baselines() {
  std::vector<KnownBaseline> known;
  for (const BuiltBaseline& built : kBuiltBaselines)
    known.push_back({built.name, built.rows, built.columns, built.title, false});
  for (const rtl::OwnBaseline& own : own_parts().baselines)
    known.push_back(
        {own.name, static_cast<std::uint64_t>(own.rows), static_cast<std::uint64_t>(own.columns), own.title, true});
  return known;
}

std::vector<Section> digital_sections() {
  std::vector<Section> all;
  for (const KnownBaseline& built : known_baselines()) {
    if (!all.empty() && all.back().model == built.name) continue;
    Section baseline{"digital." + built.name, "digital", built.name, built.title, {}, false, {}};
    const bool one_row = built.rows == 1;
    // 16 where that was built, else the smallest
    std::string usual = std::to_string(built.columns);
    for (const KnownBaseline& other : known_baselines())
      if (other.name == built.name && other.columns == 16) usual = "16";
    baseline.fields = {
        integer("rows", 1, 1024, one_row ? "vectors side by side" : "rows of the array; square sizes that were built")
            .fallback(one_row ? "1" : usual),
        integer("columns", 1, 1024, one_row ? "outputs side by side; sizes that were built" : "columns of the array")
            .fallback(usual),
        integer("batch", 1, 65536, "samples that run on one load of the weights").fallback("1"), clock_field(),
        digital_energy_field()};
    all.push_back(std::move(baseline));
  }
  Section energy{"energy.digital",     "energy", "digital", "energy coefficients of clocked digital parts", {}, true,
                 "cmos45_horowitz2014"};
  energy.fields = {
      FieldMaker("library", Kind::path,
                 "Liberty file of the cells that the baseline's logic is mapped to (docs/gate-level.md). Energy of all "
                 "logic is then "
                 "that of its gates, clock cycle by clock cycle; the memories keep the coefficients below")
          .optional()
          .sourced()
          .hint("osu018, osu035 and osu050 are in Debian's packages qflow-tech-osu018, qflow-tech-osu035 and "
                "qflow-tech-osu050"),
      quantity("wire_per_load", Dimension::capacitance, 0, 1e-9,
               "library: capacitance of a wire for each pin that it drives")
          .optional(),
      number("sampled_share", 1e-6, 1,
             "library: share of the batches that are simulated gate by gate, 8 of them or more; left out: all, with no "
             "sampling error")
          .optional(),
      integer("clock_tree_fanout", 2, 1000,
              "library: most loads of one buffer of a clock tree that is modelled between the clock port and the clock "
              "pins; left out: none")
          .optional(),
      FieldMaker("clock_tree_buffer", Kind::text, "library: its buffer cell").optional().hint("e.g. CLKBUF1 in osu018"),
      integer("net_fanout", 2, 1000,
              "library: most loads of one driver; a tree of buffers is modelled behind every net that has more; left "
              "out: none")
          .optional(),
      FieldMaker("net_buffer", Kind::text, "library: the buffer cell of these nets")
          .optional()
          .hint("e.g. BUFX4 in osu018"),
      quantity("multiply_bf16", Dimension::energy, 0, kMostEnergy_J,
               "rtl: mac_bf16: one multiplication of 16-bit floating point numbers whose operands changed")
          .optional()
          .sourced(),
      quantity("add_float32", Dimension::energy, 0, kMostEnergy_J,
               "rtl: mac_bf16: one 32-bit floating point addition whose result changed")
          .optional()
          .sourced(),
      energy_field("multiply", "one int8 x int8 multiplication whose operands changed").unless_given("library"),
      energy_field("add", "one 32-bit addition whose operands changed").unless_given("library"),
      energy_field("register_toggle", "one register bit that changed").unless_given("library"),
      energy_field("sram_read_per_bit", "reading one bit of weight, activation or accumulator memory"),
      energy_field("sram_write_per_bit", "writing one bit of these memories"),
      energy_field("clock_per_register_bit", "clock load of one register bit in one clock cycle")
          .unless_given("library"),
      quantity("leakage_per_register_bit", Dimension::power, 0, 1, "leakage power of one register bit")
          .preset()
          .unless_given("library")};
  all.push_back(std::move(energy));
  return all;
}

Section quasistatic_section() {
  constexpr std::size_t kMostSpringLayers = 1000;
  Section machine{"quasistatic",
                  "",
                  "",
                  "every unit of the network one overdamped spring at the scenario's temperature",
                  {},
                  true,
                  "quasistatic_choice"};
  machine.fields = {
      FieldMaker("layer_stiffness", Kind::quantities,
                 "of each layer's units, from the first layer, instead of 'stiffness'")
          .range(Dimension::energy, 1e-30, 1)
          .most_items(kMostSpringLayers)
          .optional(),
      quantity("stiffness", Dimension::energy, 1e-30, 1,
               "of every unit, signals in the network's numbers: noise of variance kT / stiffness")
          .unless_given("layer_stiffness"),
      FieldMaker("layer_relaxation", Kind::quantities,
                 "relaxation time of each layer's free units; left out: that of all")
          .range(Dimension::time, 1e-15, 1e6)
          .most_items(kMostSpringLayers)
          .optional(),
      FieldMaker("ramp", Kind::text,
                 "time in which the inputs move from one sample to the next, in relaxation times: 100 tau")
          .hint("e.g. ramp: 100 tau"),
      FieldMaker("read", Kind::text,
                 "time over which the outputs are averaged afterwards, inputs held; 0 tau: read at once")
          .fallback("0 tau"),
      FieldMaker("read_every", Kind::text,
                 "time between two readings of the outputs while they are averaged; 0 tau: at every step")
          .fallback("0 tau"),
      quantity("read_energy", Dimension::energy, 0, 1,
               "of one reading of one output: detector, converter, register; left out: reading is free")
          .optional()
          .sourced(),
      choice("shape", {"linear", "smooth", "optimal"},
             "of the ramp in time; optimal: at constant speed in thermodynamic length")
          .fallback("linear"),
      choice("integrator", {"automatic", "heun", "exact"},
             "of the units' motion; exact: the law of Ornstein and Uhlenbeck on every linear piece of linear and ReLU "
             "units; automatic: exact "
             "for linear networks of at most 512 units, else heun")
          .fallback("automatic"),
      number("step", 1e-3, 2, "of time, as a share of the fastest relaxation time of the coupled units")
          .fallback("0.2"),
      quantity("relaxation_time", Dimension::time, 1e-15, 1e6,
               "tau of a free unit, friction / stiffness; the unit of the times above")
          .preset()};
  return machine;
}

std::vector<Section> fault_sections() {
  Section lsb{"fault.one_lsb",
              "fault",
              "one_lsb",
              "adds one to one output of one layer and sample, for tests of the checks",
              {},
              false,
              {}};
  lsb.fields = {FieldMaker("layer", Kind::text, "the layer's name"),
                integer("sample", 0, 1'000'000'000'000, "sample, from 0"),
                integer("index", 0, 1'000'000'000'000, "output of the layer, from 0")};
  Section leak{"fault.energy_leak",
               "fault",
               "energy_leak",
               "books energy as supplied that is never dissipated, for tests of the checks",
               {},
               false,
               {}};
  leak.fields = {FieldMaker("component", Kind::text, "component below the platform, e.g. fc1/driver"),
                 integer("sample", 0, 1'000'000'000'000, "sample, from 0"),
                 quantity("energy", Dimension::energy, 1e-30, 1, "what leaks")};
  Section free{"fault.free_reset",
               "fault",
               "free_reset",
               "resets of one layer's neuron bits cost nothing, for tests of the checks",
               {},
               false,
               {}};
  free.fields = {FieldMaker("layer", Kind::text, "the layer's name")};
  return {lsb, leak, free};
}

}  // namespace szilard::scenario
