// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/schedule_file.hpp"

#include <optional>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/scenario/yaml.hpp"

namespace szilard::scenario {
namespace {

using reset_physics::Schedule;
using support::Diagnostic;
using support::DiagnosticCode;

class ScheduleReader {
 public:
  UserSchedule read(const Node& root) {
    UserSchedule out;
    if (root.kind != Node::Kind::map) error(DiagnosticCode::wrong_type, root, "a schedule is a map, not " + describe(root));
    for (const Entry& entry : root.entries) {
      if (entry.key == "knots") read_knots(entry.value, out.schedule);
      else if (entry.key == "divide") out.divide = number(entry.value).value_or(0);
      else unknown(entry, "knots and divide stand here");
    }
    if (problems_.empty() && !root.find("knots")) error(DiagnosticCode::missing_key, root, "key 'knots' is missing");
    if (problems_.empty()) check_meaning(root, out);
    if (!problems_.empty()) throw support::InputError(std::move(problems_));
    return out;
  }

 private:
  void error(DiagnosticCode code, const Node& node, std::string message, std::string hint = {}) {
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.where = node.where();
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    problems_.push_back(std::move(diagnostic));
  }
  void unknown(const Entry& entry, const std::string& hint) {
    error(DiagnosticCode::unknown_key, entry.value, "unknown key '" + entry.key + "'", hint);
  }

  std::optional<double> number(const Node& node) {
    const auto parsed = support::parse_quantity(node.text, support::Dimension::none);
    if (node.kind == Node::Kind::scalar && parsed.error.empty()) return parsed.value;
    error(DiagnosticCode::bad_number, node, "a plain number is needed, not " + describe(node));
    return {};
  }

  void read_knots(const Node& node, Schedule& schedule) {
    if (node.kind != Node::Kind::list) return error(DiagnosticCode::wrong_type, node, "knots are a list, not " + describe(node));
    for (const Node& item : node.items) {
      if (item.kind != Node::Kind::map) {
        error(DiagnosticCode::wrong_type, item, "a knot is a map, not " + describe(item));
        continue;
      }
      Schedule::Knot knot;
      for (const Entry& entry : item.entries) {
        if (entry.key == "at") knot.at = number(entry.value).value_or(0);
        else if (entry.key == "potential") read_potential(entry.value, knot.potential);
        else unknown(entry, "at and potential stand here");
      }
      for (const char* key : {"at", "potential"})
        if (!item.find(key)) error(DiagnosticCode::missing_key, item, std::string("key '") + key + "' is missing");
      schedule.knots.push_back(knot);
    }
  }

  void read_potential(const Node& node, reset_physics::Potential& potential) {
    if (node.kind != Node::Kind::list || node.items.empty() || node.items.size() > potential.c.size())
      return error(DiagnosticCode::wrong_type, node, "a potential is a list of one to six coefficients, of x, x^2, ... x^6");
    for (std::size_t k = 0; k < node.items.size(); ++k) potential.c[k] = number(node.items[k]).value_or(0);
  }

  void check_meaning(const Node& root, const UserSchedule& read) {
    try {
      validate(read.schedule);
      const double left = reset_physics::Equilibrium(read.schedule.first(), read.divide).left_occupation();
      if (!(left > 0 && left < 1)) error(DiagnosticCode::out_of_range, root, "the first potential has no well on one side of divide");
    } catch (const std::invalid_argument& wrong) {
      error(DiagnosticCode::out_of_range, root.find("knots")->value, wrong.what());
    }
  }

  std::vector<Diagnostic> problems_;
};

}  // namespace

UserSchedule parse_schedule(const std::string& text, const std::string& file) {
  return ScheduleReader().read(parse_yaml(text, file));
}

UserSchedule load_schedule(const std::string& path) { return parse_schedule(read_yaml_file(path), path); }

}  // namespace szilard::scenario
