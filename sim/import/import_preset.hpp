// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

/// Device files of other simulators as presets of crossbar cells.
namespace szilard::import {

/// A key that has a meaning here.
struct Taken {
  std::string key, value;  ///< of a preset, as it is written there
  std::string from;        ///< the key it stands under in the file, with its value
};

/// A key that has none, and why, where that is worth a word.
struct Left {
  std::string key, reason;
};

struct Import {
  std::string file, format;  ///< "CrossSim parameters", "NVSim cell"
  std::string technology = "unspecified";
  std::vector<Taken> taken;
  std::vector<Left> left;
  std::string model_preset;  ///< preset that holds a model that the file names, e.g. pcm_joshi2020; empty: none
  std::vector<std::string> model_keys;  ///< and what is taken from it
};

/// CrossSim's JSON parameter files (CrossSimParameters: core, simulation, xbar). Taken: core.rows_max, core.cols_max,
/// core.style (balanced, offset); xbar.device: cell_bits, Rmin, Rmax, infinite_on_off_ratio, read_noise and
/// programming_error where their models are IdealDevice, NormalIndependentDevice or NormalProportionalDevice, or name
/// published cells that are shipped as presets; xbar.array.parasitics: Rp_row, Rp_col. Everything else is listed.
Import parse_crosssim(const std::string& text, const std::string& file);

/// Cell files of NVSim and of those that took them over (NeuroSim's tools, CiMLoop, NVMExplorer): lines "-Key (unit):
/// value", comments after // or #. Taken: ResistanceOn and ResistanceOff (or those at the read voltage), ReadVoltage,
/// ReadPulse, SetVoltage, SetPulse, ProcessNode, CellArea. Everything else is listed.
Import parse_cell(const std::string& text, const std::string& file);

/// By the ending: .json or .cell. Throws support::InputError.
Import load(const std::string& path);

/// A preset file; what the import does not give is taken from the preset `base`. Throws support::InputError where there
/// is none.
std::string preset_yaml(const Import& import, const std::string& base);
void print(std::ostream& out, const Import& import);
std::string import_json(const Import& import);

}  // namespace szilard::import
