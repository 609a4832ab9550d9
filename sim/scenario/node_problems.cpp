// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/node_problems.hpp"

#include "models/support/units.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

void NodeProblems::unknown_key(const Entry& entry, const std::vector<std::string>& keys) {
  const std::string near = support::nearest(entry.key, keys);
  error(DiagnosticCode::unknown_key, entry.where(), "unknown key '" + entry.key + "'",
        near.empty() ? "" : "did you mean '" + near + "'?");
}

std::optional<double> NodeProblems::number(const Node& node) {
  const auto parsed = support::parse_quantity(node.text, support::Dimension::none);
  if (node.kind == Node::Kind::scalar && parsed.error.empty()) return parsed.value;
  error(DiagnosticCode::bad_number, node, "a plain finite number is needed, not " + describe(node));
  return {};
}

void NodeProblems::raise() {
  if (!problems_.empty()) throw support::InputError(std::move(problems_));
}

}  // namespace szilard::scenario
