// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "models/electronic/crossbar_stage.hpp"
#include "sim/cosim/run.hpp"

namespace szilard::report {

/// What `szilard report` draws and no other file of a run holds: pictures.json, schema szilard.pictures/1
/// (docs/report.md).
///
/// Voltage drops. Of each layer on crossbars with wires, the tile that loses most with all its inputs at full scale:
/// share of the row's voltage that does not reach the cell, 1 - (V_word - V_bit) / V_row, from the tile's network
/// (wires/wire_network.hpp) with conductances as a read finds them, cells taken as ohmic. Beyond 128 rows or columns
/// means over equal blocks.
///
/// Activity. ActivityExcerpt of each layer (sim/cosim/result.hpp).
class Pictures {
 public:
  /// Before the simulation, as RunOptions::on_crossbar.
  void add(const std::string& platform, const electronic::CrossbarStage& crossbar);
  void write(const std::string& directory, const cosim::RunResult& result) const;

 private:
  nlohmann::ordered_json drops_ = nlohmann::ordered_json::object();  ///< platform -> list
};

}  // namespace szilard::report
