// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "tests/sim/network/model_builder.hpp"

namespace szilard::network::test {

/// A model with one input x, one output y, and a node named "bad" that must be refused.
struct BadNode {
  const char* what;
  support::DiagnosticCode code;
  const char* operator_name;
  std::function<void(ModelBuilder&)> build;  ///< adds the node and its constants
  std::int64_t opset = 13;
  Shape input = {kBatch, 4};
};

/// The diagnostic must have the code, and name node and operator.
inline void check_refused(const BadNode& bad) {
  INFO(bad.operator_name << ": " << bad.what);
  ModelBuilder model(bad.opset);
  model.input("x", bad.input).output("y");
  bad.build(model);
  const support::Diagnostic diagnostic = refusal(model);
  CHECK(support::diagnostic_code_name(diagnostic.code) == support::diagnostic_code_name(bad.code));
  CHECK_THAT(diagnostic.message, Catch::Contains("node 'bad' (" + std::string(bad.operator_name) + ")"));
}

}  // namespace szilard::network::test
