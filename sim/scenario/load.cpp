// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "sim/scenario/build.hpp"
#include "sim/scenario/load_parts.hpp"
#include "sim/scenario/load_text.hpp"
#include "sim/scenario/override.hpp"

namespace szilard::scenario {

using support::Diagnostic;
using support::InputError;

namespace {

// --seed and --samples are the same as --set of their keys, but for the name in diagnostics.
void set_option(Node& map, const char* option, const char* key, std::uint64_t number) {
  if (map.kind != Node::Kind::map) return;
  Node value;
  value.kind = Node::Kind::scalar;
  value.text = std::to_string(number);
  value.file = std::make_shared<const std::string>(option);
  Entry* entry = map.find(key);
  if (entry) {
    entry->value = std::move(value);
  } else {
    map.entries.push_back({key, 1, 1, std::move(value)});
  }
}

void apply_options(Node& root, const LoadOptions& options, std::vector<Diagnostic>& problems) {
  for (const std::string& text : options.overrides) {
    try {
      apply_override(root, text);
    } catch (const InputError& refused) {
      problems.insert(problems.end(), refused.diagnostics().begin(), refused.diagnostics().end());
    }
  }
  if (options.seed) set_option(root, "--seed", "seed", *options.seed);
  Entry* dataset = options.samples && root.kind == Node::Kind::map ? root.find("dataset") : nullptr;
  if (dataset) set_option(dataset->value, "--samples", "samples", *options.samples);
}

// The scenario's own lines first, then what other places say.
[[noreturn]] void throw_in_order(std::vector<Diagnostic> problems, const std::string& path) {
  std::stable_sort(problems.begin(), problems.end(), [&](const Diagnostic& a, const Diagnostic& b) {
    const bool other_a = a.where.file != path, other_b = b.where.file != path;
    if (other_a != other_b) return other_b;
    if (a.where.line != b.where.line) return a.where.line < b.where.line;
    return a.where.column < b.where.column;
  });
  throw InputError(std::move(problems));
}

}  // namespace

Node root_of(std::string_view text, const std::string& path, const LoadOptions& options,
             std::vector<Diagnostic>& problems) {
  Node root = parse_yaml(text, path, 1, &problems);
  apply_options(root, options, problems);
  return root;
}

Scenario scenario_of(const Node& root, const std::string& path, PresetStore& store, FileHashes& hashes,
                     std::vector<Diagnostic> problems, std::optional<Sweep>* sweep) {
  Reader reader(std::filesystem::path(path).parent_path().string(), store);
  const Reading reading = reader.read_scenario(root);
  check_meaning(reading, reader);
  check_sweep(reading, root, reader);
  problems.insert(problems.end(), reader.problems().begin(), reader.problems().end());
  if (!problems.empty()) throw_in_order(std::move(problems), path);

  Scenario scenario = build_scenario(reading);
  scenario.path = path;
  scenario.resolved_yaml = resolved_text(reading);
  scenario.canonical = canonical_text(reading, hashes);
  if (sweep) *sweep = sweep_of(reading);
  return scenario;
}

Scenario load_text(std::string_view text, const std::string& path, const LoadOptions& options) {
  std::vector<Diagnostic> problems;
  const Node root = root_of(text, path, options, problems);
  PresetStore store(technology_folder());
  FileHashes hashes;
  return scenario_of(root, path, store, hashes, std::move(problems), nullptr);
}

Scenario load(const std::string& path, const LoadOptions& options) {
  return load_text(read_yaml_file(path), path, options);
}

NeuronSpec neuron_of_preset(const std::string& reset, const std::string& preset, double temperature_k) {
  std::string text = "{model: relu_bit, reset: " + reset;
  if (!preset.empty()) text += ", preset: \"" + preset + "\"";
  PresetStore store(technology_folder());
  Reader reader(".", store);
  reader.set_temperature(temperature_k);
  const auto reading = reader.read_alone(parse_yaml(text + "}", "--preset"), "neuron");
  if (reading) check_neuron(*reading, temperature_k, reader);
  if (!reading || !reader.problems().empty()) throw InputError(std::move(reader.problems()));
  return neuron_of(*reading, temperature_k);
}

}  // namespace szilard::scenario
