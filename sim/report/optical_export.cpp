// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/atomic_file.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/lab/mesh_lab.hpp"
#include "sim/report/crossbar_export.hpp"

namespace szilard::report {

using Json = nlohmann::ordered_json;

void CrossbarExport::add(const std::string& platform, const optical::OpticalStage& stage) {
  const auto [folder, layers] = place(platform, stage.map().name);
  const optical::LightParameters& light = stage.light();
  Json layer = {{"name", stage.map().name},
                {"folder", folder},
                {"medium", stage.medium()},
                {"modes", light.modes},
                {"light_power_W", light.light_power_w.value},
                {"wavelength_m", light.wavelength_m.value},
                {"tiles", Json::array()}};
  const std::vector<optical::OpticalTileReport> reports = stage.tiles();
  const std::vector<optical::TileProgram> programs = stage.programs();
  for (std::size_t t = 0; t < programs.size(); ++t) {
    const optical::TileProgram& program = programs[t];
    const std::string base = folder + "/" + program.name;
    Json files = Json::object();
    if (program.phases) {
      files["phases"] = base + "_phases.json";
      support::write_file(directory_ + "/" + base + "_phases.json", lab::phases_json(*program.phases) + "\n");
    }
    for (const optical::TileProgram::Array& array : program.arrays) {
      files[array.quantity] = base + "_" + array.quantity + ".npy";
      dataset::write_npy(directory_ + "/" + base + "_" + array.quantity + ".npy",
                         {std::int64_t(array.rows), std::int64_t(array.columns)}, array.values.data());
    }
    layer["tiles"].push_back({{"name", program.name},
                              {"group", program.group},
                              {"first_term", program.first_term},
                              {"first_output", program.first_output},
                              {"rows", reports[t].rows_used},
                              {"columns", reports[t].columns_used},
                              {"scale", reports[t].scale},
                              {"gain", reports[t].gain},
                              {"residual", reports[t].residual},
                              {"error", reports[t].error},
                              {"files", files}});
    ++tiles_;
  }
  layers->push_back(std::move(layer));
}

}  // namespace szilard::report
