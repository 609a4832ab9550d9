// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

const std::vector<std::string> kResets = {"landauer_ideal",    "cmos_latch",           "two_level",       "double_well",
                                          "optimal_transport", "memristive_threshold", "optical_bistable"};

std::vector<std::string> all_resets_but(const std::vector<std::string>& users) {
  std::vector<std::string> others;
  for (const std::string& reset : kResets)
    if (std::find(users.begin(), users.end(), reset) == users.end()) others.push_back(reset);
  return others;
}

}  // namespace

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

}  // namespace szilard::scenario
