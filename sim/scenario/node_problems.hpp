// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "sim/scenario/yaml.hpp"

namespace szilard::scenario {

/// What is wrong with a small YAML file beside a scenario (a schedule, a network, a workload), collected while it is
/// read so that all of it is said at once.
class NodeProblems {
 public:
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size(); }
  void error(support::DiagnosticCode code, support::SourceLocation where, std::string message, std::string hint = {}) {
    problems_.push_back({support::Severity::error, code, std::move(where), std::move(message), std::move(hint)});
  }
  void error(support::DiagnosticCode code, const Node& node, std::string message, std::string hint = {}) {
    error(code, node.where(), std::move(message), std::move(hint));
  }
  /// An entry whose key is none of `keys`; the nearest one is suggested.
  void unknown_key(const Entry& entry, const std::vector<std::string>& keys);
  /// A plain finite number; nothing, and an error, where the node is none.
  std::optional<double> number(const Node& node);
  /// Throws InputError with all of them, if there are any.
  void raise();

 private:
  std::vector<support::Diagnostic> problems_;
};

}  // namespace szilard::scenario
