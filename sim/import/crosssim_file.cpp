// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/import/import_preset.hpp"
#include "sim/scenario/yaml.hpp"

namespace szilard::import {
namespace {

using scenario::Entry;
using scenario::Node;
using support::Diagnostic;
using support::DiagnosticCode;
using support::Dimension;

/// Published cells that CrossSim has as code and szilard as presets.
struct NamedModel {
  const char *model, *preset;
};
constexpr NamedModel kNamedModels[] = {{"PCMJoshi", "pcm_joshi2020"},
                                       {"RRAMMilo", "rram_milo2021"},
                                       {"RRAMWan", "rram_wan2022"},
                                       {"SONOS", "sonos_agrawal2022"}};

// A product of two decimal numbers, without the last digits of its arithmetic.
double rounded(double value) {
  const std::string text = support::engineering(value, "", 12);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class CrossSimReader {
 public:
  CrossSimReader(const Node& root, const std::string& file) : root_(root) {
    import_.file = file;
    import_.format = "CrossSim parameters";
  }

  Import take() {
    if (root_.kind != Node::Kind::map || !find("xbar.device")) {
      error(DiagnosticCode::file_format, root_, "no parameters of CrossSim: there is no 'xbar' with a 'device'");
    } else {
      take_core();
      take_conductances();
      take_programming_error();
      take_read_noise();
      take_wires();
      list_rest(root_, "");
    }
    if (!problems_.empty()) throw support::InputError(std::move(problems_));
    return std::move(import_);
  }

 private:
  void error(DiagnosticCode code, const Node& node, std::string message) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.where = node.where();
    diagnostic.where.file = import_.file;
    diagnostic.message = std::move(message);
    problems_.push_back(std::move(diagnostic));
  }

  const Node* find(const std::string& path) const {
    const Node* node = &root_;
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t dot = std::min(path.find('.', at), path.size());
      if (node->kind != Node::Kind::map) return nullptr;
      const Entry* entry = node->find(path.substr(at, dot - at));
      if (!entry) return nullptr;
      node = &entry->value;
      at = dot + 1;
    }
    return node;
  }

  void use(const std::string& path) { used_.insert(path); }
  void leave(const std::string& path, const std::string& reason) { reasons_.emplace_back(path, reason); }
  void put(const std::string& key, const std::string& value, const std::string& path) {
    use(path);
    import_.taken.push_back({key, value, path + ": " + find(path)->text});
  }

  std::optional<double> number(const std::string& path, double lowest) {
    const Node* node = find(path);
    if (!node) return std::nullopt;
    const auto parsed =
        support::parse_quantity(node->kind == Node::Kind::scalar && !node->quoted ? node->text : "", Dimension::none);
    if (!parsed.error.empty()) {
      error(DiagnosticCode::bad_number, *node, "'" + path + "' takes a number, not " + describe(*node));
      return std::nullopt;
    }
    if (!(parsed.value >= lowest)) {
      error(DiagnosticCode::out_of_range, *node,
            "'" + path + "' is " + node->text + "; allowed: at least " + support::shortest(lowest));
      return std::nullopt;
    }
    return parsed.value;
  }

  bool flag(const std::string& path) {
    const Node* node = find(path);
    if (!node) return false;
    if (node->kind == Node::Kind::scalar && !node->quoted && (node->text == "true" || node->text == "false"))
      return node->text == "true";
    error(DiagnosticCode::wrong_type, *node, "'" + path + "' takes true or false, not " + describe(*node));
    return false;
  }

  std::optional<std::uint64_t> whole(const std::string& path, double lowest, double highest) {
    const auto value = number(path, lowest);
    if (!value) return std::nullopt;
    if (*value != static_cast<double>(static_cast<std::uint64_t>(*value)) || *value > highest) {
      error(DiagnosticCode::out_of_range, *find(path),
            "'" + path + "' is " + find(path)->text + "; allowed: whole numbers from " + support::shortest(lowest) +
                " to " + support::shortest(highest));
      return std::nullopt;
    }
    return static_cast<std::uint64_t>(*value);
  }

  void take_core() {
    for (const auto& [path, key, lowest] :
         {std::tuple<const char*, const char*, double>{"core.rows_max", "rows", 1}, {"core.cols_max", "columns", 2}})
      if (const auto size = whole(path, lowest, 4096)) put(key, std::to_string(*size), path);
    const Node* style = find("core.style");
    if (!style) return;
    if (style->text == "1" || style->text == "BALANCED") put("signed_weights", "differential_pair", "core.style");
    else if (style->text == "3" || style->text == "OFFSET") put("signed_weights", "offset_column", "core.style");
    else leave("core.style", "bit slicing of weights is said in the scenario");
  }

  void take_conductances() {
    const auto rmin = number("xbar.device.Rmin", 1e-6), rmax = number("xbar.device.Rmax", 1e-6);
    if (!rmin && problems_.empty())
      error(DiagnosticCode::missing_key, *find("xbar.device"), "'xbar.device' has no 'Rmin'");
    if (!rmin) return;
    maximum_s_ = 1 / *rmin;
    put("maximum_conductance", support::quantity_text(maximum_s_, Dimension::conductance), "xbar.device.Rmin");
    if (flag("xbar.device.infinite_on_off_ratio")) {
      put("minimum_conductance", "0 S", "xbar.device.infinite_on_off_ratio");
      leave("xbar.device.Rmax", "infinite_on_off_ratio says more");
    } else if (rmax) {
      if (*rmax <= *rmin)
        return error(DiagnosticCode::conflict, *find("xbar.device.Rmax"), "'Rmax' is not above 'Rmin'");
      put("minimum_conductance", support::quantity_text(1 / *rmax, Dimension::conductance), "xbar.device.Rmax");
      use("xbar.device.infinite_on_off_ratio");
    } else {
      error(DiagnosticCode::missing_key, *find("xbar.device"),
            "'xbar.device' has neither 'Rmax' nor an infinite on/off ratio");
    }
    if (const auto bits = whole("xbar.device.cell_bits", 0, 16))
      put("levels", *bits == 0 ? "0" : std::to_string(std::uint64_t(1) << *bits), "xbar.device.cell_bits");
  }

  // What an error's section says: nothing where it is off; a model with its magnitude; or the preset of a published
  // cell.
  struct Model {
    std::string name;
    double magnitude = 0;
  };
  std::optional<Model> model_of(const std::string& path) {
    const Node* section = find(path);
    if (!section) return std::nullopt;
    if (section->kind != Node::Kind::map) {
      error(DiagnosticCode::wrong_type, *section, "'" + path + "' takes a map, not " + describe(*section));
      return std::nullopt;
    }
    const bool is_on = !section->find("enable") || flag(path + ".enable");
    const Node* name = find(path + ".model");
    Model model{is_on && name ? name->text : "IdealDevice", 0};
    for (const char* key : {".enable", ".model", ".magnitude"}) use(path + key);
    if (model.name.rfind("Normal", 0) == 0) {
      const auto magnitude = number(path + ".magnitude", 0);
      if (!magnitude && problems_.empty())
        error(DiagnosticCode::missing_key, *section, "'" + path + "' has no 'magnitude'");
      model.magnitude = magnitude.value_or(0);
      if (model.magnitude == 0) model.name = "IdealDevice";
    }
    return model;
  }

  void refuse_model(const std::string& path, const Model& model) {
    for (const char* key : {".enable", ".model", ".magnitude"}) used_.erase(path + key);
    leave(path + ".model", "no law here is CrossSim's " + model.name);
  }

  void take_programming_error() {
    const std::string path = "xbar.device.programming_error";
    const auto model = model_of(path);
    if (!model) return;
    const std::string from = path + ": " + model->name + ", " + support::shortest(model->magnitude);
    const double sigma_s = rounded(model->magnitude * maximum_s_);
    if (model->name == "IdealDevice") {
      import_.taken.push_back({"programming_error", "none", path + ": off or ideal"});
    } else if (model->name == "NormalIndependentDevice") {
      import_.taken.push_back({"programming_error", "[" + support::quantity_text(sigma_s, Dimension::conductance) + "]",
                               from + " of the largest conductance"});
    } else if (model->name == "NormalProportionalDevice") {
      import_.taken.push_back({"programming_error",
                               "[0 S, " + support::quantity_text(sigma_s, Dimension::conductance) + "]",
                               from + " of the conductance"});
    } else if (const NamedModel* named = find_named(model->name)) {
      import_.model_preset = named->preset;
      import_.model_keys = {"programming_error", "programming_error_at", "relaxation_times", "relaxation_error",
                            "relaxation_shift"};
    } else {
      return refuse_model(path, *model);
    }
    if (model->name.rfind("Normal", 0) == 0) {
      import_.taken.push_back({"verify_tolerance", "1", "no verification in " + path});
      import_.taken.push_back({"verify_tries", "1", "no verification in " + path});
    }
    const Node* drift = find("xbar.device.drift_error.enable");
    if (drift && drift->text == "true")
      leave("xbar.device.drift_error.model",
            import_.model_preset.empty()
                ? "drift is said in the scenario: drift, retention_time or relaxation, and age"
                : "its tables are in the preset: say relaxation: measured and age in the scenario");
  }

  void take_read_noise() {
    const std::string path = "xbar.device.read_noise";
    const auto model = model_of(path);
    if (!model) return;
    const std::string from = path + ": " + model->name + ", " + support::shortest(model->magnitude);
    const bool is_independent = model->name == "NormalIndependentDevice";
    if (model->name == "IdealDevice") {
      import_.taken.push_back({"read_noise", "none", path + ": off or ideal"});
    } else if (is_independent || model->name == "NormalProportionalDevice") {
      import_.taken.push_back({"read_noise", is_independent ? "independent" : "proportional", from});
      import_.taken.push_back({"read_noise_sigma", support::shortest(model->magnitude), from});
    } else if (const NamedModel* named = find_named(model->name); named && import_.model_preset == named->preset) {
      for (const char* key : {"read_noise", "read_noise_at", "read_noise_table", "read_noise_sigma"})
        import_.model_keys.push_back(key);
    } else {
      refuse_model(path, *model);
    }
  }

  void take_wires() {
    const std::string path = "xbar.array.parasitics";
    if (!find(path)) return;
    const bool is_on = flag(path + ".enable");
    for (const auto& [key, into] :
         {std::pair<const char*, const char*>{".Rp_row", "wire_resistance"}, {".Rp_col", "bit_line_resistance"}}) {
      const auto ohm = number(path + key, 0);
      if (ohm && (is_on || *ohm > 0)) put(into, support::quantity_text(*ohm, Dimension::resistance), path + key);
      else if (ohm) leave(path + key, "parasitics are off");
    }
    leave(path + ".enable", is_on ? "say wires: exact in the scenario" : "");
  }

  static const NamedModel* find_named(const std::string& model) {
    for (const NamedModel& named : kNamedModels)
      if (model == named.model) return &named;
    return nullptr;
  }

  void list_rest(const Node& node, const std::string& path) {
    if (node.kind == Node::Kind::map && !node.entries.empty()) {
      for (const Entry& entry : node.entries) list_rest(entry.value, path.empty() ? entry.key : path + "." + entry.key);
      return;
    }
    if (used_.count(path)) return;
    std::string reason;
    for (const auto& [key, why] : reasons_)
      if (key == path) reason = why;
    if (reason.empty() && path.rfind("xbar.adc.mvm.bits", 0) == 0)
      reason = "converters are parts of their own: output: {model: adc, bits: ...}";
    if (reason.empty() && path.rfind("xbar.dac.mvm.bits", 0) == 0)
      reason = "converters are parts of their own: input: {model: dac, bits: ...}";
    import_.left.push_back({path, reason});
  }

  const Node& root_;
  Import import_;
  double maximum_s_ = 0;
  std::set<std::string> used_;
  std::vector<std::pair<std::string, std::string>> reasons_;
  std::vector<Diagnostic> problems_;
};

// JSON says where it ends being JSON by byte.
support::SourceLocation place_of(const std::string& text, const std::string& file, std::size_t byte) {
  support::SourceLocation where{file, 1, 1};
  for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
    if (text[i] == '\n') ++where.line, where.column = 1;
    else ++where.column;
  }
  return where;
}

}  // namespace

Import parse_crosssim(const std::string& text, const std::string& file) {
  try {
    if (!nlohmann::json::parse(text).is_object())
      throw support::InputError(DiagnosticCode::file_format, {file, 1, 1},
                                "no parameters of CrossSim: not a JSON object");
  } catch (const nlohmann::json::parse_error& broken) {
    throw support::InputError(DiagnosticCode::file_format, place_of(text, file, broken.byte), "not JSON");
  }
  // JSON is YAML but for its tabs, and the YAML reader knows where everything stands.
  std::string untabbed = text;
  std::replace(untabbed.begin(), untabbed.end(), '\t', ' ');
  const Node root = scenario::parse_yaml(untabbed, file);
  return CrossSimReader(root, file).take();
}

}  // namespace szilard::import
