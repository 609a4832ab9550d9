// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/bounds/bounds.hpp"
#include "sim/scenario/node_problems.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::bounds {
namespace {

namespace fs = std::filesystem;
using scenario::Entry;
using scenario::Node;
using support::DiagnosticCode;
using support::Dimension;

enum class Need { required, optional };

/// One key of a workload. Compound units, which no Dimension has, are written exactly so.
struct Key {
  const char* name;
  Dimension dimension;
  const char* unit;         ///< "" : that of the dimension
  double scale;             ///< of a compound unit to SI
  double minimum, maximum;  ///< in SI, minimum excluded unless 0 is written as -0.0
  Need need;
  const char* fallback;  ///< text, or null
};

constexpr double kMost = 1e40;

const std::vector<Key>& keys(WorkloadKind kind) {
  static const Key temperature = {"temperature", Dimension::temperature, "", 1, 0, 1e6, Need::optional, "300 K"};
  static const std::vector<Key> inference = {
      temperature,
      {"parameters", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"neurons", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"activity", Dimension::none, "", 1, 0, 1, Need::optional, "0.5"},
      {"flop_per_parameter", Dimension::none, "", 1, 0, kMost, Need::optional, "2"},
      {"bits_per_flop", Dimension::none, "", 1, 0, kMost, Need::optional, "16"},
      {"energy_per_flop", Dimension::energy, "", 1, 0, kMost, Need::optional, "0.5 pJ"},
      {"measured_energy", Dimension::energy, "", 1, 0, kMost, Need::optional, nullptr},
      {"gated_neurons", Dimension::none, "", 1, 0, kMost, Need::optional, nullptr},
      {"sparse_activity", Dimension::none, "", 1, 0, 1, Need::optional, nullptr}};
  static const std::vector<Key> training = {
      temperature,
      {"parameters", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"active_parameters", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"tokens", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"flop_per_parameter", Dimension::none, "", 1, 0, kMost, Need::optional, "6"},
      {"bits_per_flop", Dimension::none, "", 1, 0, kMost, Need::optional, "16"},
      {"low_bits_per_flop", Dimension::none, "", 1, 0, kMost, Need::optional, nullptr},
      {"gpu_time_h", Dimension::none, "h", 1, 0, kMost, Need::optional, nullptr},
      {"gpu_power", Dimension::power, "", 1, 0, kMost, Need::optional, nullptr},
      {"gpu_power_corrected", Dimension::power, "", 1, 0, kMost, Need::optional, nullptr}};
  static const std::vector<Key> brain = {
      {"temperature", Dimension::temperature, "", 1, 0, 1e6, Need::optional, "310 K"},
      {"power", Dimension::power, "", 1, 0, kMost, Need::required, nullptr},
      {"neurons", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"firing_rate", Dimension::frequency, "", 1, 0, kMost, Need::required, nullptr},
      {"cycle_time", Dimension::time, "", 1, 0, kMost, Need::optional, "1 ms"},
      {"long_cycle_time", Dimension::time, "", 1, 0, kMost, Need::optional, "10 ms"}};
  static const std::vector<Key> earth = {
      temperature,
      {"sun_temperature", Dimension::temperature, "", 1, 0, 1e6, Need::required, nullptr},
      {"earth_temperature", Dimension::temperature, "", 1, 0, 1e6, Need::required, nullptr},
      {"space_temperature", Dimension::temperature, "", 1, 0, 1e6, Need::required, nullptr},
      {"irradiance", Dimension::none, "W/m2", 1, 0, kMost, Need::required, nullptr},
      {"starlight", Dimension::none, "W/m2", 1, 0, kMost, Need::required, nullptr},
      {"interstellar_field", Dimension::none, "W/m2", 1, 0, kMost, Need::required, nullptr},
      {"brain_rate", Dimension::none, "bit/s", 1, 0, kMost, Need::required, nullptr},
      {"brain_lowest_rate", Dimension::none, "bit/s", 1, 0, kMost, Need::required, nullptr},
      {"brain_highest_rate", Dimension::none, "bit/s", 1, 0, kMost, Need::required, nullptr},
      {"brain_window_low", Dimension::none, "bit/s", 1, 0, kMost, Need::required, nullptr},
      {"brain_window_high", Dimension::none, "bit/s", 1, 0, kMost, Need::required, nullptr},
      {"glucose_energy", Dimension::none, "kJ/mol", 1e3, 0, kMost, Need::required, nullptr},
      {"glucose_carbon", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"atp_energy", Dimension::none, "kJ/mol", 1e3, 0, kMost, Need::required, nullptr},
      {"chemistry_temperature", Dimension::temperature, "", 1, 0, 1e6, Need::required, nullptr},
      {"absorbed_power", Dimension::power, "", 1, 0, kMost, Need::required, nullptr},
      {"carbon_fixed", Dimension::none, "Pg/yr", 1e15, 0, kMost, Need::required, nullptr},
      {"carbon_molar_mass", Dimension::none, "g/mol", 1, 0, kMost, Need::required, nullptr},
      {"printed_carbon_bits", Dimension::none, "bit", 1, 0, kMost, Need::required, nullptr},
      {"amino_acids", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"bits_per_amino_acid", Dimension::none, "bit", 1, 0, kMost, Need::required, nullptr},
      {"protein_share", Dimension::none, "", 1, 0, 1, Need::required, nullptr},
      {"population", Dimension::none, "", 1, 0, kMost, Need::required, nullptr},
      {"human_power", Dimension::power, "", 1, 0, kMost, Need::required, nullptr},
      {"technosphere_power", Dimension::power, "", 1, 0, kMost, Need::required, nullptr},
      {"computing_rate", Dimension::none, "flop/s", 1, 0, kMost, Need::required, nullptr},
      {"flop_bits", Dimension::none, "bit", 1, 0, kMost, Need::required, nullptr},
      {"low_flop_bits", Dimension::none, "bit", 1, 0, kMost, Need::required, nullptr}};
  switch (kind) {
    case WorkloadKind::inference:
      return inference;
    case WorkloadKind::training:
      return training;
    case WorkloadKind::brain:
      return brain;
    case WorkloadKind::earth:
      return earth;
  }
  throw std::logic_error("kind of workload without keys");
}

const std::vector<std::string> kKinds = {"inference", "training", "brain", "earth"};

class WorkloadReader {
 public:
  Workload read(const Node& root, const std::string& file) {
    if (root.kind != Node::Kind::map) {
      problems_.error(DiagnosticCode::wrong_type, root.where(), "a workload is a map, not " + scenario::describe(root));
      problems_.raise();
    }
    Workload out;
    out.name = fs::path(file).stem().string();
    const Entry* kind = root.find("kind");
    if (!kind)
      problems_.error(DiagnosticCode::missing_key, root.where(), "key 'kind' is missing",
                      "one of: inference, training, brain, earth");
    else if (const auto at = std::find(kKinds.begin(), kKinds.end(), kind->value.text); at != kKinds.end())
      out.kind = WorkloadKind(at - kKinds.begin());
    else
      problems_.error(DiagnosticCode::unknown_choice, kind->value.where(),
                      scenario::describe(kind->value) + " is no kind of workload",
                      "one of: inference, training, brain, earth");
    problems_.raise();
    const std::vector<Key>& table = keys(out.kind);
    for (const Entry& entry : root.entries) read_entry(entry, table, out);
    for (const Key& key : table) complete(key, root, out);
    check_meaning(root, out);
    problems_.raise();
    return out;
  }

 private:
  void read_entry(const Entry& entry, const std::vector<Key>& table, Workload& out) {
    if (entry.key == "kind") return;
    if (entry.key == "title") {
      if (entry.value.kind != Node::Kind::scalar)
        return problems_.error(DiagnosticCode::wrong_type, entry.value.where(),
                               "a title is text, not " + scenario::describe(entry.value));
      out.title = entry.value.text;
      return;
    }
    if (entry.key == "paper") return read_paper(entry.value, out);
    const auto key = std::find_if(table.begin(), table.end(), [&](const Key& k) { return entry.key == k.name; });
    if (key == table.end()) {
      std::vector<std::string> names = {"kind", "title", "paper"};
      for (const Key& k : table) names.emplace_back(k.name);
      return problems_.unknown_key(entry, names);
    }
    seen_.push_back(entry.key);
    if (std::optional<Input> input = read_input(entry.value, *key)) out.inputs[entry.key] = *input;
  }

  void read_paper(const Node& node, Workload& out) {
    if (node.kind != Node::Kind::map)
      return problems_.error(DiagnosticCode::wrong_type, node.where(),
                             "printed values are a map of row ids, not " + scenario::describe(node));
    for (const Entry& entry : node.entries) {
      const auto parsed = support::parse_quantity(entry.value.text, Dimension::none);
      if (entry.value.kind != Node::Kind::scalar || !parsed.error.empty())
        problems_.error(DiagnosticCode::bad_number, entry.value.where(),
                        "a printed value is a number, not " + scenario::describe(entry.value));
      else out.paper[entry.key] = parsed.value;
    }
  }

  std::optional<Input> read_input(const Node& node, const Key& key) {
    Input input{0, "", "user"};
    const Node* value = &node;
    if (node.kind == Node::Kind::map) {
      value = nullptr;
      for (const Entry& entry : node.entries) {
        if (entry.key == "value") value = &entry.value;
        else if (entry.key == "source") input.source = entry.value.text;
        else if (entry.key == "status") input.status = entry.value.text;
        else
          problems_.error(DiagnosticCode::unknown_key, entry.where(), "unknown key '" + entry.key + "'",
                          "value, source and status stand here");
      }
      if (!value)
        return problems_.error(DiagnosticCode::missing_key, node.where(), "key 'value' is missing"), std::nullopt;
      if (input.status != "read" && input.status != "recall" && input.status != "choice" && input.status != "user")
        problems_.error(DiagnosticCode::unknown_choice, node.where(),
                        "status '" + input.status + "' is none of read, recall, choice, user");
    }
    if (value->kind != Node::Kind::scalar)
      return problems_.error(DiagnosticCode::wrong_type, value->where(),
                             std::string(key.name) + " is a number, not " + scenario::describe(*value)),
             std::nullopt;
    return parse(value->text, key, value->where(), input);
  }

  std::optional<Input> parse(std::string text, const Key& key, const support::SourceLocation& where, Input input) {
    const std::string unit = key.unit;
    if (!unit.empty()) {
      const std::size_t blank = text.rfind(' ');
      if (blank == std::string::npos || text.substr(blank + 1) != unit) {
        problems_.error(DiagnosticCode::wrong_unit, where, std::string(key.name) + " is written in " + unit,
                        "e.g. '1 " + unit + "'");
        return {};
      }
      text.resize(blank);
    }
    const support::ParsedQuantity parsed = support::parse_quantity(text, key.dimension);
    if (!parsed.error.empty()) {
      problems_.error(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number, where,
                      std::string(key.name) + ": " + parsed.error);
      return {};
    }
    input.value = parsed.value * key.scale;
    if (!(input.value > key.minimum && input.value <= key.maximum)) {
      problems_.error(DiagnosticCode::out_of_range, where,
                      std::string(key.name) + " lies above " + support::shortest(key.minimum) +
                          (key.maximum < kMost ? " and up to " + support::shortest(key.maximum) : ""));
      return {};
    }
    return input;
  }

  void complete(const Key& key, const Node& root, Workload& out) {
    if (std::find(seen_.begin(), seen_.end(), key.name) != seen_.end()) return;
    if (key.need == Need::required)
      problems_.error(DiagnosticCode::missing_key, root.where(), "key '" + std::string(key.name) + "' is missing");
    else if (key.fallback)
      out.inputs[key.name] = *parse(key.fallback, key, root.where(), {0, "szilard's default", "choice"});
  }

  void check_meaning(const Node& root, const Workload& out) {
    if (out.kind == WorkloadKind::training && out.has("parameters") && out.has("active_parameters") &&
        out.at("active_parameters") > out.at("parameters"))
      problems_.error(DiagnosticCode::conflict, root.find("active_parameters")->value.where(),
                      "more parameters are active than there are");
    if (out.kind == WorkloadKind::brain && out.has("firing_rate"))
      for (const char* cycle : {"cycle_time", "long_cycle_time"})
        if (out.has(cycle) && out.at(cycle) * out.at("firing_rate") > 1)
          problems_.error(DiagnosticCode::conflict, root.where(),
                          std::string(cycle) + ": a neuron fires at most once a cycle");
  }

  scenario::NodeProblems problems_;
  std::vector<std::string> seen_;
};

fs::path folder() { return fs::path(scenario::technology_folder()).parent_path() / "workloads"; }

}  // namespace

std::vector<std::string> workload_names() {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder(), failed))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

Workload parse_workload(const std::string& text, const std::string& file) {
  return WorkloadReader().read(scenario::parse_yaml(text, file), file);
}

Workload load_workload(const std::string& name_or_path) {
  std::string path = name_or_path;
  if (fs::path(path).extension() != ".yaml") {
    const std::vector<std::string> names = workload_names();
    if (std::find(names.begin(), names.end(), path) == names.end()) {
      const std::string near = support::nearest(path, names);
      std::string all;
      for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
      throw support::InputError(
          DiagnosticCode::unknown_choice, {"command line", 1, 1}, "no workload '" + path + "'",
          near.empty() ? "one of: " + all + ", or a file that ends in .yaml" : "did you mean '" + near + "'?");
    }
    path = (folder() / (path + ".yaml")).string();
  }
  return parse_workload(scenario::read_yaml_file(path), path);
}

}  // namespace szilard::bounds
