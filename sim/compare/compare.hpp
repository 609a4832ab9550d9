// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace szilard::compare {

/// A figure in two runs.
struct Figure {
  std::string name;  ///< "accuracy", or "rram/fc1/adc: adc"
  std::optional<double> a, b;
  double difference() const { return b.value_or(0) - a.value_or(0); }
  /// Of the difference, over samples; none where samples do not tell.
  std::optional<double> standard_error;
  /// Whether the difference is beyond 1.96 standard errors; a difference that is the same in every sample is.
  std::optional<bool> significant;
};

/// A key of the resolved scenarios whose values differ; empty: absent in that run.
struct Input {
  std::string key, a, b;
};

struct Platform {
  std::string name;
  bool in_a = false, in_b = false;
  std::vector<Figure> figures;  ///< accuracy, agreement, energy per inference, latency, area, those that are known
  std::vector<Figure>
      components;             ///< dissipated joules per inference by component and mechanism, largest difference first
  std::vector<Input> inputs;  ///< that differ below this platform
};

struct Comparison {
  std::string a, b;           ///< directories
  std::vector<Input> inputs;  ///< that differ outside platforms: temperature, seed, files, version
  std::vector<Platform> platforms;
  bool differ() const;
};

/// Two directories of `szilard run`. Energies of single samples are taken from ledger.csv; where samples are the same
/// in number differences are paired. Throws InputError if one is no run, is incomplete, or was written by a newer
/// version.
Comparison compare(const std::string& a, const std::string& b);

/// The `most` largest components of each platform; 0: all.
void print(std::ostream& out, const Comparison& comparison, std::size_t most);
/// Schema szilard.compare/1.
std::string to_json(const Comparison& comparison);

}  // namespace szilard::compare
