// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/report/crossbar_export.hpp"

#include <charconv>
#include <filesystem>
#include <utility>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/sha256.hpp"
#include "sim/dataset/dataset.hpp"

namespace szilard::report {
namespace {

using Json = nlohmann::ordered_json;

// Layers are named by the network's author: whatever cannot stand in a file's name becomes '_'.
std::string file_name(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool is_plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
    out += is_plain ? c : '_';
  }
  return out.find_first_not_of('.') == std::string::npos ? "_" + out : out;
}

void make_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw support::EnvironmentError("cannot create " + directory + ": " + error.message());
}

void append(std::string& line, double value) {
  char digits[32];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

std::vector<double> errors_of(const electronic::ProgrammedTile& tile) {
  std::vector<double> errors(tile.now_s.size());
  for (std::size_t i = 0; i < errors.size(); ++i) errors[i] = tile.now_s[i] - tile.target_s[i];
  return errors;
}

void write_csv(const std::string& path, const electronic::ProgrammedTile& tile, const std::vector<double>& errors) {
  support::AtomicFile file(path);
  file.write("row,column,target_S,level_S,programmed_S,conductance_S,error_S,stuck\n");
  std::string line;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    line = std::to_string(i / tile.columns) + "," + std::to_string(i % tile.columns);
    for (const double value : {tile.target_s[i], tile.level_s[i], tile.programmed_s[i], tile.now_s[i], errors[i]}) {
      line += ',';
      append(line, value);
    }
    line += tile.is_stuck[i] ? ",1\n" : ",0\n";
    file.write(line);
  }
  file.commit();
}

}  // namespace

CrossbarExport::CrossbarExport(std::string directory) : directory_(std::move(directory)), platforms_(Json::array()) {
  make_directory(directory_);
}

std::pair<std::string, Json*> CrossbarExport::place(const std::string& platform, const std::string& layer) {
  if (platforms_.empty() || platforms_.back().at("name") != platform)
    platforms_.push_back({{"name", platform}, {"layers", Json::array()}});
  Json& layers = platforms_.back().at("layers");
  std::string folder = file_name(platform) + "/" + file_name(layer);
  for (const Json& other : layers)
    if (other.at("folder") == folder) folder += "_" + std::to_string(layers.size());
  make_directory(directory_ + "/" + folder);
  return {folder, &layers};
}

void CrossbarExport::add(const std::string& platform, const electronic::CrossbarStage& crossbar) {
  const auto [folder, list] = place(platform, crossbar.map().name);
  Json& layers = *list;
  const electronic::CrossbarParameters& parameters = crossbar.parameters();
  using electronic::SignedWeights;
  const char* const signed_weights = parameters.signed_weights == SignedWeights::differential_pair ? "differential_pair"
                                     : parameters.signed_weights == SignedWeights::dummy_column    ? "dummy_column"
                                                                                                   : "offset_column";
  Json layer = {{"name", crossbar.map().name},
                {"folder", folder},
                {"signed_weights", signed_weights},
                {"tile_rows", parameters.rows},
                {"tile_columns", parameters.columns},
                {"minimum_conductance_S", parameters.device.minimum_conductance_s.value},
                {"maximum_conductance_S", parameters.device.maximum_conductance_s.value},
                {"weight_per_S", crossbar.weight_per_siemens()},
                {"read_voltage_V", parameters.read_voltage_v.value},
                {"input_full_scale", crossbar.input_full_scale()},
                {"age_s", parameters.device.age_s.value},
                {"tiles", Json::array()}};
  for (const electronic::ProgrammedTile& tile : crossbar.programmed_tiles()) {
    const std::string base = folder + "/" + tile.name;
    const std::vector<double> errors = errors_of(tile);
    Json files;
    for (const auto& [quantity, values] :
         {std::pair<const char*, const std::vector<double>*>{"target_S", &tile.target_s},
          {"level_S", &tile.level_s},
          {"programmed_S", &tile.programmed_s},
          {"conductance_S", &tile.now_s},
          {"error_S", &errors}}) {
      files[quantity] = base + "_" + quantity + ".npy";
      dataset::write_npy(directory_ + "/" + files[quantity].get<std::string>(),
                         {std::int64_t(tile.rows), std::int64_t(tile.columns)}, values->data());
    }
    files["csv"] = base + ".csv";
    write_csv(directory_ + "/" + base + ".csv", tile, errors);
    layer["tiles"].push_back({{"name", tile.name},
                              {"group", tile.group},
                              {"first_term", tile.first_term},
                              {"first_output", tile.first_output},
                              {"rows", tile.rows},
                              {"columns", tile.columns},
                              {"files", files}});
    ++tiles_;
  }
  layers.push_back(std::move(layer));
}

void CrossbarExport::finish(const scenario::Scenario& scenario) {
  const Json manifest = {{"schema", "szilard.export/1"},
                         {"scenario",
                          {{"name", scenario.name},
                           {"sha256", support::sha256(scenario.canonical.data(), scenario.canonical.size())},
                           {"seed", scenario.seed}}},
                         {"platforms", platforms_}};
  support::write_file(directory_ + "/manifest.json",
                      manifest.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace szilard::report
