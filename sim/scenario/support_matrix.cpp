// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/support_matrix.hpp"

#include <set>

#include "sim/scenario/fields.hpp"

namespace szilard::scenario {
namespace {

struct Row {
  const char* part;
  const char* name;
  std::vector<std::string> keys, disable;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      {"media",
       "range of weights",
       {"minimum_conductance", "maximum_conductance", "minimum_transmission", "maximum_transmission"},
       {}},
      {"media", "levels of weights", {"levels", "phase_bits"}, {"levels"}},
      {"media", "int8 numbers", {"quantisation"}, {}},
      {"media",
       "programming error",
       {"programming_error", "programming_error_at", "locking_error"},
       {"programming_error"}},
      {"media", "write-verify", {"verify_tolerance", "verify_tries"}, {"write_verify"}},
      {"media",
       "differences from device to device",
       {"device_spread", "splitting_error", "phase_error", "resonance_spread", "capacitor_mismatch"},
       {"device_spread"}},
      {"media", "stuck cells", {"stuck_on", "stuck_off"}, {"stuck_cells"}},
      {"media",
       "wires and sneak paths",
       {"wires", "wire_resistance", "bit_line_resistance", "driver_resistance", "sense_resistance", "drive"},
       {"wires"}},
      {"media", "access transistors or selectors", {"access_resistance"}, {"access_resistance"}},
      {"media",
       "currents not proportional to voltage",
       {"cell", "cell_voltage", "cell_table_voltages", "cell_table_currents"},
       {"cell_current"}},
      {"media",
       "crosstalk",
       {"thermal_crosstalk", "channel_crosstalk", "free_spectral_range", "finesse", "channel_spacing",
        "through_extinction"},
       {}},
      {"media",
       "noise of the weights",
       {"read_noise", "read_noise_sigma", "read_noise_at", "read_noise_table", "flicker_noise", "flicker_at",
        "phase_jitter"},
       {"read_noise"}},
      {"media",
       "thermal and shot noise",
       {"current_noise", "noise_bandwidth", "receiver_noise", "receiver_resistance", "receiver_bandwidth",
        "dark_current", "quantum_efficiency"},
       {"current_noise"}},
      {"media", "noise of integration capacitors", {"integration_capacitance"}, {"charge_noise"}},
      {"media", "noise of the laser", {"relative_intensity_noise"}, {}},
      {"media",
       "loss of light",
       {"insertion_loss", "splitter_loss", "coupling_loss", "modulator_loss", "waveguide_loss", "waveguide_length",
        "crossing_loss", "crossings", "drop_loss", "cell_loss"},
       {}},
      {"media", "amplifiers of light", {"input_amplifier", "output_amplifier"}, {}},
      {"media", "extinction of modulators", {"extinction_ratio"}, {}},
      {"media", "light handed on between layers", {"hand_over"}, {}},
      {"media",
       "relaxation after programming",
       {"relaxation", "relaxation_times", "relaxation_error", "relaxation_shift"},
       {"relaxation"}},
      {"media",
       "drift and its compensation",
       {"age", "drift", "drift_exponent", "drift_at", "drift_exponent_spread", "drift_reference_time",
        "drift_compensation"},
       {"drift", "drift_compensation"}},
      {"media", "retention", {"retention_time"}, {"retention"}},
      {"media", "read disturb", {"read_disturb", "past_reads"}, {"read_disturb"}},
      {"media", "recalibration", {"recalibration"}, {}},
      {"media",
       "settling",
       {"settling", "settling_time", "settling_accuracy", "bit_line_capacitance_per_cell", "time_constant",
        "settling_error"},
       {"settling"}},
      {"media",
       "charging of lines",
       {"row_capacitance_per_cell", "row_capacitance", "node_capacitance_per_cell", "column_capacitance_per_cell",
        "clock_capacitance_per_cell", "select_capacitance_per_cell", "select_capacitance", "select_swing",
        "select_supply", "row_switch", "driver_fan_out", "charging", "charging_steps", "ramp_time", "charge_recovery"},
       {"charging"}},
      {"media", "linear regulators of the read voltage", {"read_supply"}, {}},
      {"media",
       "bits, pulses, slices",
       {"encoding", "input_bits", "signed_inputs", "weight_bits", "bits_per_cell", "slice_placement", "partial_sums",
        "bit_sums", "bit_weighting", "slice_sums", "conversion_range", "addition_energy", "addition_time"},
       {}},
      {"media", "mismatch of analog sums", {"sum_mismatch"}, {"sum_mismatch"}},
      {"media",
       "energy of programming",
       {"write_voltage", "write_time", "programming", "programming_energy"},
       {"programming_energy"}},
      {"media", "power to hold the weights", {"heater_power", "tuning_power", "resonance_bias", "locking_power"}, {}},
      {"media", "recovery of unused light", {"auxiliary_recovery"}, {}},
      {"media",
       "chip area",
       {"cell_area", "driver_area", "decoder_area", "element_area", "modulator_area", "receiver_area", "laser_area"},
       {}},
      {"converters", "steps", {"bits"}, {"input_quantisation", "output_quantisation"}},
      {"converters", "clipping", {"range", "range_percentile", "range_limit"}, {"clipping"}},
      {"converters",
       "offset and gain",
       {"offset", "offset_spread", "gain_error", "gain_spread"},
       {"input_errors", "output_errors"}},
      {"converters",
       "mismatch (DNL, INL)",
       {"mismatch", "mismatch_sigma", "monotonic"},
       {"input_errors", "output_errors"}},
      {"converters", "noise", {"noise"}, {"input_errors", "output_errors"}},
      {"converters", "sampling noise kT/C", {"sampling_capacitance", "sampling_voltage"}, {"sampling_noise"}},
      {"converters", "energy cited", {"energy_per_conversion", "conversion_time"}, {}},
      {"converters",
       "energy by figure of merit",
       {"walden_figure", "schreier_figure", "survey_ceiling", "survey_intercept", "survey_slope", "effective_bits"},
       {}},
      {"converters",
       "energy by architecture",
       {"energy_model", "energy_per_step", "step_time", "fixed_energy", "fixed_time", "unit_capacitance",
        "reference_voltage", "switching", "stops_early", "search", "ramp_power"},
       {}},
      {"converters", "static power", {"static_power", "amplifier"}, {}},
      {"converters", "sharing among columns", {"columns_per_adc"}, {}},
      {"converters", "chip area", {"area"}, {}},
      {"neurons", "offset of the threshold", {"threshold_offset"}, {"threshold_offset"}},
      {"neurons", "noise of the decision", {"threshold_noise"}, {"threshold_noise"}},
      {"neurons", "hysteresis", {"hysteresis"}, {}},
      {"neurons", "metastability", {"regeneration_time", "decision"}, {}},
      {"neurons", "thermal errors", {"state_energy"}, {}},
      {"neurons", "loss of the state", {"retention_time", "retention_barrier", "attempt_time", "hold_time"}, {}},
      {"neurons", "resets at the thermodynamic limit", {"protocol", "assumed_probability", "policy"}, {}},
      {"neurons",
       "resets in finite time",
       {"relaxation_time", "reset_time", "schedule", "barrier", "tilt", "reset_error", "live", "calibration_paths"},
       {}},
      {"neurons", "resets of a CMOS latch", {"latch_supply", "latch_capacitance", "latch_reset_time"}, {}},
      {"neurons",
       "resets of a device, with failures",
       {"set_energy", "reset_energy", "set_time", "threshold_spread", "drive_margin"},
       {}},
      {"neurons", "energy of a decision and of reading", {"decision_energy", "decision_time", "read_energy"}, {}},
      {"neurons", "energy of RTL by register and gate", {"energy"}, {}},
      {"neurons", "chip area", {"area"}, {}},
  };
  return all;
}

/// What a design chooses; no effect of hardware on signals or on energy by itself.
const std::set<std::string>& choices_of_design() {
  static const std::set<std::string> keys = {"rows",
                                             "columns",
                                             "signed_weights",
                                             "read_voltage",
                                             "read_time",
                                             "modes",
                                             "topology",
                                             "gain_row",
                                             "symbol_rate",
                                             "light_power",
                                             "wanted_bits",
                                             "wanted_error",
                                             "laser_efficiency",
                                             "laser_sharing",
                                             "modulator_energy",
                                             "driver_power",
                                             "modulator_line",
                                             "modulator_test_rate",
                                             "drive_voltage",
                                             "drive_impedance",
                                             "drive_electrodes",
                                             "modulation",
                                             "local_oscillator",
                                             "wavelength",
                                             "wavelengths",
                                             "receiver_power",
                                             "tiles_built",
                                             "embedding",
                                             "scatterer_modes",
                                             "detection",
                                             "combining",
                                             "product",
                                             "coupling",
                                             "supply_voltage",
                                             "cell_capacitance",
                                             "cycle_time",
                                             "reset",
                                             "lanes",
                                             "clock"};
  return keys;
}

std::vector<std::string> parts_of(const std::string& part) {
  if (part == "media") return {"linear"};
  if (part == "neurons") return {"neuron"};
  return {"input", "output"};
}

std::string table(const std::string& part, const std::vector<SupportedEffect>& effects) {
  std::string text = "| effect |", rule = "|---|";
  for (const std::string& model : support_models(part)) {
    text += " `" + model.substr(model.find('.') + 1) + "` |";
    rule += "---|";
  }
  text += " `disable:` |\n" + rule + "---|\n";
  const auto words = [](const std::vector<std::string>& all) {
    std::string list;
    for (const std::string& word : all) list += (list.empty() ? "`" : ", `") + word + "`";
    return list.empty() ? std::string("–") : list;
  };
  for (const SupportedEffect& effect : effects) {
    if (effect.part != part) continue;
    text += "| " + effect.name + " |";
    for (const std::vector<std::string>& keys : effect.keys) text += " " + words(keys) + " |";
    text += " " + words(effect.disable) + " |\n";
  }
  return text;
}

}  // namespace

std::vector<std::string> support_models(const std::string& part) {
  std::vector<std::string> ids;
  for (const std::string& below : parts_of(part))
    for (const std::string& model : model_names(below))
      if (model != "none") ids.push_back(below + "." + model);
  return ids;
}

std::vector<SupportedEffect> support_matrix() {
  std::vector<SupportedEffect> all;
  for (const Row& row : rows()) {
    SupportedEffect effect{row.part, row.name, row.disable, {}};
    for (const std::string& model : support_models(row.part)) {
      std::vector<std::string> found;
      for (const std::string& key : row.keys)
        if (section(model).find(key)) found.push_back(key);
      effect.keys.push_back(std::move(found));
    }
    all.push_back(std::move(effect));
  }
  return all;
}

std::vector<std::string> unplaced_keys() {
  std::vector<std::string> unplaced;
  for (const char* part : {"media", "converters", "neurons"}) {
    std::set<std::string> placed = choices_of_design();
    for (const Row& row : rows())
      if (row.part == std::string(part)) placed.insert(row.keys.begin(), row.keys.end());
    for (const std::string& model : support_models(part))
      for (const Field& field : section(model).fields)
        if (!placed.count(field.key)) unplaced.push_back(model + "." + field.key);
  }
  return unplaced;
}

std::string support_matrix_markdown() {
  const std::vector<SupportedEffect> effects = support_matrix();
  return "# Which model has which effect\n\n"
         "<!-- Written by `szilard list effects --markdown` from the program's table of fields: change "
         "sim/scenario/support_matrix.cpp, then run\n"
         "test_sim_scenario with SZILARD_UPDATE_GOLDEN=1 in the environment. -->\n\n"
         "A cell names the keys by which a model has an effect; – means that it does not have it. What the keys mean, "
         "with units, ranges and\n"
         "defaults, is in the [scenario reference](scenario-reference.md), what each model leaves out in "
         "[assumptions](assumptions.md), what goes\n"
         "with what in [encodings](encodings.md). Words in the last column switch an effect of crossbars, of their "
         "converters or of neurons off for a\n"
         "platform; `szilard run --attribute` does so one by one and tells what each costs.\n\n"
         "## Linear media\n\n" +
         table("media", effects) + "\n## Converters\n\n" + table("converters", effects) + "\n## Neurons\n\n" +
         table("neurons", effects);
}

}  // namespace szilard::scenario
