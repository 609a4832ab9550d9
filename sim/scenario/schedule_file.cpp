// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/schedule_file.hpp"

#include "models/support/diagnostics.hpp"
#include "sim/scenario/node_problems.hpp"

namespace szilard::scenario {
namespace {

using reset_physics::Schedule;
using support::DiagnosticCode;

class ScheduleReader {
 public:
  UserSchedule read(const Node& root) {
    UserSchedule out;
    if (root.kind != Node::Kind::map)
      problems_.error(DiagnosticCode::wrong_type, root, "a schedule is a map, not " + describe(root));
    for (const Entry& entry : root.entries) {
      if (entry.key == "knots") read_knots(entry.value, out.schedule);
      else if (entry.key == "divide") out.divide = problems_.number(entry.value).value_or(0);
      else problems_.unknown_key(entry, {"knots", "divide"});
    }
    if (problems_.empty() && !root.find("knots"))
      problems_.error(DiagnosticCode::missing_key, root, "key 'knots' is missing");
    if (problems_.empty()) check_meaning(root, out);
    problems_.raise();
    return out;
  }

 private:
  void read_knots(const Node& node, Schedule& schedule) {
    if (node.kind != Node::Kind::list)
      return problems_.error(DiagnosticCode::wrong_type, node, "knots are a list, not " + describe(node));
    for (const Node& item : node.items) {
      if (item.kind != Node::Kind::map) {
        problems_.error(DiagnosticCode::wrong_type, item, "a knot is a map, not " + describe(item));
        continue;
      }
      Schedule::Knot knot;
      for (const Entry& entry : item.entries) {
        if (entry.key == "at") knot.at = problems_.number(entry.value).value_or(0);
        else if (entry.key == "potential") read_potential(entry.value, knot.potential);
        else problems_.unknown_key(entry, {"at", "potential"});
      }
      for (const char* key : {"at", "potential"})
        if (!item.find(key))
          problems_.error(DiagnosticCode::missing_key, item, std::string("key '") + key + "' is missing");
      schedule.knots.push_back(knot);
    }
  }

  void read_potential(const Node& node, reset_physics::Potential& potential) {
    if (node.kind != Node::Kind::list || node.items.empty() || node.items.size() > potential.c.size())
      return problems_.error(DiagnosticCode::wrong_type, node,
                             "a potential is a list of one to six coefficients, of x, x^2, ... x^6");
    for (std::size_t k = 0; k < node.items.size(); ++k) potential.c[k] = problems_.number(node.items[k]).value_or(0);
  }

  void check_meaning(const Node& root, const UserSchedule& read) {
    try {
      validate(read.schedule);
      const double left = reset_physics::Equilibrium(read.schedule.first(), read.divide).left_occupation();
      if (!(left > 0 && left < 1))
        problems_.error(DiagnosticCode::out_of_range, root, "the first potential has no well on one side of divide");
    } catch (const std::invalid_argument& wrong) {
      problems_.error(DiagnosticCode::out_of_range, root.find("knots")->value, wrong.what());
    }
  }

  NodeProblems problems_;
};

}  // namespace

UserSchedule parse_schedule(const std::string& text, const std::string& file) {
  return ScheduleReader().read(parse_yaml(text, file));
}

UserSchedule load_schedule(const std::string& path) { return parse_schedule(read_yaml_file(path), path); }

}  // namespace szilard::scenario
