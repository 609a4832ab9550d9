// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

/// A value as it stands in the scenario.
struct TextAt {
  std::string text;
  bool quoted = false;
  support::SourceLocation where;
};

struct SweepAxis {
  enum class Form { list, linear, log };

  std::string key;                ///< key path as --set takes it
  support::SourceLocation where;  ///< of the key path
  Form form = Form::list;
  std::vector<TextAt> list;  ///< form list
  TextAt from, to;           ///< forms linear and log
  std::size_t steps = 0;     ///< of linear and log; 0: not given
};

/// A free parameter that holds a metric at each point.
struct IsoSpec {
  enum class Hold { accuracy, energy, area, latency };

  Hold hold = Hold::accuracy;
  std::string platform;
  double at = 0;  ///< accuracy: least; others: largest, in SI
  SweepAxis vary;
};

/// The `sweep:` section as it stands.
struct Sweep {
  enum class Combine { grid, zip, random, latin_hypercube, sobol };

  std::vector<SweepAxis> axes;
  Combine combine = Combine::grid;
  std::optional<std::size_t> points;
  std::size_t seeds = 1, limit = 0;
  std::optional<IsoSpec> iso;
  support::SourceLocation where;
};

/// What a key path addresses.
struct KeyInfo {
  bool is_integer = false, is_number = false;  ///< is_number: integer, plain number or quantity
  bool is_path = false;
  support::Dimension dimension = support::Dimension::none;
};

/// A number of a scenario, given by itself, a preset or a default.
struct NumberAt {
  std::string key;   ///< path
  std::string text;  ///< as the resolved scenario writes it
  KeyInfo info;
};

/// One key set to one value.
struct Setting {
  std::string key;
  support::SourceLocation where;  ///< of the key path
  TextAt value;
};

/// Variants of one scenario. The text and the presets are parsed once, the SHA-256 of each file is taken once, so that
/// a variant costs about a millisecond.
class Variants {
 public:
  /// Throws InputError with every diagnostic of the scenario itself.
  explicit Variants(const std::string& path, const LoadOptions& options = {});
  ~Variants();

  const Scenario& base() const;
  const std::optional<Sweep>& sweep() const;
  /// Throws InputError at `where` if the scenario has no such key.
  KeyInfo key(const std::string& path, const support::SourceLocation& where) const;
  /// Every number that a setting can change, in the order of the resolved scenario.
  std::vector<NumberAt> numbers() const;
  /// The scenario with these settings and this seed. Throws InputError; diagnostics stand where the settings do.
  Scenario load(const std::vector<Setting>& settings, std::uint64_t seed) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace szilard::scenario
