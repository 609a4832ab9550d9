// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/linear/linear_stage.hpp"
#include "models/neuron/reset.hpp"
#include "models/support/parameter.hpp"
#include "rtl/baseline.hpp"
#include "sim/scenario/field_makers.hpp"

/// Parts of the user's own: media, neurons and digital baselines that scenarios name beside szilard's. A program that
/// has some hands them to cli::program (sim/cli/program.hpp) before anything is read; from then on `linear: {model:
/// NAME}`, `neuron: {model: NAME}` and `digital: {rtl: NAME}` read, check, resolve, list and document them like any
/// other part.
namespace szilard::scenario {

/// What the scenario (or a preset) says of an own part's keys, in SI.
class OwnValues {
 public:
  struct One {
    std::string text;             ///< name, choice, text, path (absolute)
    std::vector<double> numbers;  ///< one of an integer, number or quantity
    std::string source, status;
  };
  OwnValues() = default;
  explicit OwnValues(std::map<std::string, One> values) : values_(std::move(values)) {}

  bool has(const std::string& key) const { return values_.count(key) > 0; }
  /// Throw std::logic_error for keys that were left out, or that hold no such thing.
  double number(const std::string& key) const;
  support::Parameter parameter(const std::string& key) const;  ///< the number with its provenance, for coefficients
  const std::vector<double>& numbers(const std::string& key) const;
  const std::string& text(const std::string& key) const;

 private:
  const One& at(const std::string& key) const;
  std::map<std::string, One> values_;
};

/// A layer that an own medium is to be made for.
struct MediumSetting {
  const linear::LinearMap& map;
  const OwnValues& values;
  double temperature_k;
  double input_full_scale, output_full_scale;  ///< largest magnitudes in calibration, in the network's numbers
  bool inputs_negative;                        ///< whether calibration saw negative inputs
  std::uint64_t seed;
  std::string stream_name;  ///< of the layer: streams are support::stream_of(stream_name + "/...")
};

/// `linear: {model: NAME}`. Where the platform has `input` or `output` converters they stand around the stage.
struct OwnMedium {
  std::string name, summary;
  std::vector<Field> keys;
  std::function<std::unique_ptr<linear::LinearStage>(const MediumSetting&)> make;
};

/// A layer of bits that an own physics is to be made for.
struct NeuronSetting {
  std::size_t neurons;
  std::vector<double> q;  ///< activation probability of each, as `protocol` has it
  const OwnValues& values;
  double temperature_k;
  std::uint64_t seed;
  std::string stream_name;
};

/// `neuron: {model: NAME}`: a ReLU neuron that is a bit, as relu_bit is one, with physics of its own for set and reset.
/// It has relu_bit's keys (threshold, decision, errors, protocol, policy) but for those of its resets.
struct OwnNeuron {
  std::string name, summary;
  std::vector<Field> keys;
  std::function<std::unique_ptr<neuron::ResetPhysics>(const NeuronSetting&)> make;
};

struct OwnParts {
  std::vector<OwnMedium> media;
  std::vector<OwnNeuron> neurons;
  std::vector<rtl::OwnBaseline> baselines;  ///< `digital: {rtl: NAME}`; szilard_add_baseline() in CMake makes them
};

/// Once, before any scenario, schema or list is asked for. Throws std::invalid_argument for names that are taken or not
/// of lower case letters, digits and _, for keys that stand twice, and for parts without `make`; std::logic_error if it
/// comes too late.
void use_own_parts(OwnParts parts);

/// What a platform's spec keeps of them.
struct OwnMediumSpec {
  const OwnMedium* medium = nullptr;
  OwnValues values;
};
struct OwnNeuronSpec {
  const OwnNeuron* neuron = nullptr;
  OwnValues values;
};

/// The parts in use; empty where the program has none of its own.
const OwnParts& own_parts();

}  // namespace szilard::scenario
