// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/import/import_preset.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <sstream>

#include "models/support/diagnostics.hpp"

using namespace szilard;
using namespace szilard::import;
using support::DiagnosticCode;

namespace {

const std::string kFolder = SZILARD_SOURCE_DIR "/tests/sim/import/";

std::string value(const Import& import, const std::string& key) {
  for (const Taken& one : import.taken)
    if (one.key == key) return one.value;
  return "-";
}

bool is_left(const Import& import, const std::string& key) {
  return std::any_of(import.left.begin(), import.left.end(), [&](const Left& one) { return one.key == key; });
}

void use_shipped_presets() { setenv("SZILARD_TECHNOLOGY", SZILARD_SOURCE_DIR "/scenarios/technology", 1); }

support::Diagnostic refused(const std::string& text, const std::string& file) {
  try {
    file.find(".json") != std::string::npos ? parse_crosssim(text, file) : parse_cell(text, file);
  } catch (const support::InputError& error) {
    return error.diagnostics().at(0);
  }
  FAIL("taken: " << text);
  return {};
}

std::string crosssim(const std::string& device) { return "{\"xbar\": {\"device\": {" + device + "}}}"; }

}  // namespace

TEST_CASE("CrossSim's parameters become keys of a preset, the rest is listed by name", "[import]") {
  const Import import = load(kFolder + "array_12k.json");
  CHECK(value(import, "rows") == "96");
  CHECK(value(import, "columns") == "64");
  CHECK(value(import, "signed_weights") == "differential_pair");
  CHECK(value(import, "levels") == "8");
  CHECK(value(import, "maximum_conductance") == "80 uS");
  CHECK(value(import, "minimum_conductance") == "2 uS");
  CHECK(value(import, "programming_error") == "[1.2 uS]");
  CHECK(value(import, "read_noise") == "proportional");
  CHECK(value(import, "read_noise_sigma") == "0.02");
  CHECK(value(import, "wire_resistance") == "1.5 ohm");
  CHECK(value(import, "bit_line_resistance") == "2.5 ohm");
  for (const char* key :
       {"core.weight_bits", "core.mapping.weights.percentile", "simulation.useGPU", "xbar.array.Icol_max",
        "xbar.adc.mvm.model", "xbar.adc.mvm.bits", "xbar.dac.mvm.bits", "xbar.device.time"})
    CHECK(is_left(import, key));
  CHECK_FALSE(is_left(import, "core.rows_max"));
  std::ostringstream text;
  print(text, import);
  CHECK(text.str().find("say wires: exact in the scenario") != std::string::npos);
}

TEST_CASE("a published cell that CrossSim names comes from its preset", "[import]") {
  use_shipped_presets();
  const std::string off = "\"enable\": false, \"model\": \"IdealDevice\", \"magnitude\": 0";
  const Import import =
      parse_crosssim(crosssim("\"Rmin\": 40000, \"Rmax\": 4000000, \"read_noise\": {" + off +
                              "}, \"programming_error\": {\"enable\": true, \"model\": \"PCMJoshi\"}"),
                     "a.json");
  CHECK(import.model_preset == "pcm_joshi2020");
  CHECK(value(import, "read_noise") == "none");
  const std::string preset = preset_yaml(import, "crosssim_default");
  CHECK(preset.find("value: [0.28638599 uS, 1.896431 uS, -1.11729375 uS]") != std::string::npos);
  CHECK(preset.find("a.json, xbar.device.Rmin: 40000") != std::string::npos);
}

TEST_CASE("NVSim's cells become keys of a preset, the rest is listed by name", "[import]") {
  const Import import = load(kFolder + "oxide.cell");
  CHECK(value(import, "maximum_conductance") == "50 uS");
  CHECK(value(import, "minimum_conductance") == "500 nS");
  CHECK(value(import, "read_voltage") == "250 mV");
  CHECK(value(import, "write_voltage") == "1.9 V");
  CHECK(value(import, "write_time") == "50 ns");
  CHECK(import.technology == "65 nm");
  CHECK(value(import, "cell_area") != "-");
  for (const char* key :
       {"MemCellType", "CellAspectRatio", "ResistanceOn", "ReadMode", "MinSenseVoltage", "ResetVoltage", "AccessType"})
    CHECK(is_left(import, key));
  CHECK_FALSE(is_left(import, "SetPulse"));
}

TEST_CASE("bad JSON and parameters that say what cannot be are refused at their place", "[import][bad]") {
  const auto at = [](const support::Diagnostic& d) { return std::pair<int, int>(d.where.line, d.where.column); };
  CHECK(refused("{\"xbar\":\n {\"device\": }}", "a.json").code == DiagnosticCode::file_format);
  CHECK(at(refused("{\"xbar\":\n {\"device\": }}", "a.json")).first == 2);
  CHECK(refused("", "a.json").code == DiagnosticCode::file_format);
  CHECK(refused("[1, 2]", "a.json").code == DiagnosticCode::file_format);
  CHECK(refused("{\"core\": {}}", "a.json").code == DiagnosticCode::file_format);
  CHECK(refused(crosssim("\"Rmax\": 10"), "a.json").code == DiagnosticCode::missing_key);
  CHECK(refused(crosssim("\"Rmin\": 10"), "a.json").code == DiagnosticCode::missing_key);
  CHECK(refused(crosssim("\"Rmin\": \"10\", \"Rmax\": 20"), "a.json").code == DiagnosticCode::bad_number);
  CHECK(refused(crosssim("\"Rmin\": -10, \"Rmax\": 20"), "a.json").code == DiagnosticCode::out_of_range);
  CHECK(refused(crosssim("\"Rmin\": 0, \"Rmax\": 20"), "a.json").code == DiagnosticCode::out_of_range);
  CHECK(refused(crosssim("\"Rmin\": 20, \"Rmax\": 20"), "a.json").code == DiagnosticCode::conflict);
  CHECK(refused(crosssim("\"Rmin\": 2, \"Rmax\": 20, \"cell_bits\": 2.5"), "a.json").code ==
        DiagnosticCode::out_of_range);
  CHECK(refused(crosssim("\"Rmin\": 2, \"Rmax\": 20, \"read_noise\": 3"), "a.json").code == DiagnosticCode::wrong_type);
  CHECK(refused(crosssim("\"Rmin\": 2, \"Rmax\": 20, \"read_noise\": {\"enable\": 1}"), "a.json").code ==
        DiagnosticCode::wrong_type);
  CHECK(refused(crosssim("\"Rmin\": 2, \"Rmin\": 3, \"Rmax\": 20"), "a.json").code == DiagnosticCode::duplicate_key);
  CHECK(at(refused("{\"xbar\": {\"device\": {\n\t\"Rmin\": 2,\n\t\"Rmax\": true}}}", "a.json")) ==
        std::pair<int, int>(3, 10));
}

TEST_CASE("an unknown model of an error is listed and not guessed at", "[import][bad]") {
  const Import import = parse_crosssim(
      crosssim(
          "\"Rmin\": 2, \"Rmax\": 20, \"read_noise\": {\"enable\": true, \"model\": \"MyDevice\", \"magnitude\": 1}"),
      "a.json");
  CHECK(value(import, "read_noise") == "-");
  CHECK(is_left(import, "xbar.device.read_noise.model"));
}

TEST_CASE("bad cell files are refused at their place", "[import][bad]") {
  const std::string good = "-ResistanceOn (ohm): 1000\n-ResistanceOff (ohm): 9000\n";
  const std::vector<std::tuple<std::string, DiagnosticCode, int, int>> cases = {
      {"", DiagnosticCode::file_format, 1, 1},
      {"// nothing\n", DiagnosticCode::file_format, 1, 1},
      {good + "ReadVoltage: 3\n", DiagnosticCode::file_format, 3, 1},
      {good + "-ReadVoltage 3\n", DiagnosticCode::file_format, 3, 1},
      {good + "-ReadVoltage (V):\n", DiagnosticCode::file_format, 3, 17},
      {good + "-ReadVoltage (V): x\n", DiagnosticCode::bad_number, 3, 19},
      {good + "-ReadVoltage (A): 3\n", DiagnosticCode::wrong_unit, 3, 19},
      {good + "-ReadVoltage (V): -3\n", DiagnosticCode::out_of_range, 3, 19},
      {good + "-ReadVoltage (V): nan\n", DiagnosticCode::bad_number, 3, 19},
      {good + "-ResistanceOn (ohm): 5\n", DiagnosticCode::duplicate_key, 3, 1},
      {good + "-ProcessNode: small\n", DiagnosticCode::bad_number, 3, 15},
      {good + "-ProcessNode: 65\n-CellArea (F^2): 0\n", DiagnosticCode::bad_number, 4, 18},
      {"-MemCellType: SRAM\n", DiagnosticCode::missing_key, 1, 1},
      {"-ResistanceOn (ohm): 9000\n-ResistanceOff (ohm): 1000\n", DiagnosticCode::conflict, 2, 23}};
  for (const auto& [text, code, line, column] : cases) {
    INFO(text);
    const support::Diagnostic found = refused(text, "a.cell");
    CHECK(found.code == code);
    CHECK(found.where.line == line);
    CHECK(found.where.column == column);
  }
}

TEST_CASE("files of other endings, missing files and unknown base presets are refused", "[import][bad]") {
  use_shipped_presets();
  CHECK_THROWS_AS(load("device.xml"), support::InputError);
  CHECK_THROWS_AS(load("/nowhere/device.cell"), support::InputError);
  CHECK_THROWS_AS(preset_yaml(load(kFolder + "oxide.cell"), "no_such"), support::InputError);
  CHECK_THROWS_AS(preset_yaml(load(kFolder + "oxide.cell"), "adc_isaac8"), support::InputError);
}
