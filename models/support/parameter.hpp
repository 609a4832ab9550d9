// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace szilard::support {

/// A physical coefficient with its provenance. Value in SI; source names author, year and DOI, table or figure; status
/// is "read" (found in the named source), "recall" (to be checked), "choice" (ours) or "user" (given in the scenario).
struct Parameter {
  double value = 0;
  std::string source;
  std::string status;

  Parameter() = default;
  Parameter(double v, std::string s = {}, std::string st = "user")  // NOLINT: a number is a parameter without a source
      : value(v), source(std::move(s)), status(std::move(st)) {}
  operator double() const { return value; }  // NOLINT: reads like the number it is
};

}  // namespace szilard::support
