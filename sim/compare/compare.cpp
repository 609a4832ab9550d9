// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/compare.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "models/support/diagnostics.hpp"
#include "sim/scenario/yaml.hpp"

namespace szilard::compare {
namespace {

using Json = nlohmann::ordered_json;
using support::DiagnosticCode;
using support::InputError;

/// Dissipated joules of each sample by "component: mechanism".
using SampleEnergies = std::map<std::string, std::vector<double>>;

struct Run {
  std::string directory;
  Json summary;
  std::map<std::string, std::string> inputs;  ///< key path -> text
  SampleEnergies energies;                    ///< empty: no ledger.csv
  std::size_t samples = 0;
};

Json read_summary(const std::string& directory) {
  const std::string path = directory + "/summary.json";
  std::ifstream file(path);
  if (!file)
    throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "this directory holds no run",
                     "name a directory that 'szilard run' wrote, e.g. out/mnist-mlp");
  try {
    Json json = Json::parse(file);
    const std::string schema = json.at("schema");
    if (schema != "szilard.summary/1")
      throw InputError(DiagnosticCode::unsupported_version, {path, 1, 1},
                       "schema '" + schema + "' is not szilard.summary/1");
    return json;
  } catch (const Json::parse_error& error) {
    throw InputError(DiagnosticCode::file_format, {path, 1, int(error.byte)}, "not JSON: the run is incomplete");
  } catch (const Json::exception& error) {
    throw InputError(DiagnosticCode::file_format, {path, 1, 1}, std::string("not a run's summary: ") + error.what());
  }
}

void flatten(const scenario::Node& node, const std::string& path, std::map<std::string, std::string>& out) {
  const scenario::Entry* value = node.find("value");
  if (node.kind == scenario::Node::Kind::map && value) {  // with its source: what it is counts
    flatten(value->value, path, out);
  } else if (node.kind == scenario::Node::Kind::map) {
    for (const scenario::Entry& entry : node.entries)
      flatten(entry.value, path.empty() ? entry.key : path + "." + entry.key, out);
  } else if (node.kind == scenario::Node::Kind::list) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const scenario::Entry* name = node.items[i].find("name");
      flatten(node.items[i], path + "." + (name ? name->value.text : std::to_string(i + 1)), out);
    }
  } else {
    out[path] = node.text;
  }
}

void read_ledger(Run& run) {
  const std::string path = run.directory + "/ledger.csv";
  std::ifstream file(path);
  if (!file) return;  // written as .npy: the summary's totals are compared without a spread
  std::string line;
  std::getline(file, line);
  for (int number = 2; std::getline(file, line); ++number) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t end = std::min(line.find(',', at), line.size());
      cells.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    std::size_t sample = 0;
    double joules = 0;
    const auto well = [&](auto& value, const std::string& text) {
      return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
    };
    if (cells.size() != 6 || !well(sample, cells[0]) || !well(joules, cells[5]) || sample >= run.samples)
      throw InputError(DiagnosticCode::file_format, {path, number, 1}, "no row of a ledger");
    if (cells[3] != "dissipated") continue;
    std::vector<double>& energies = run.energies[cells[1] + ": " + cells[2]];
    energies.resize(run.samples);
    energies[sample] += joules;
  }
}

Run read_run(const std::string& directory) {
  Run run;
  run.directory = directory;
  run.summary = read_summary(directory);
  run.samples = run.summary.at("dataset").at("samples");
  const std::string resolved = directory + "/scenario.resolved.yaml";
  flatten(scenario::parse_yaml(scenario::read_yaml_file(resolved), resolved), "", run.inputs);
  for (const char* key : {"version", "commit", "instruction_set"})
    run.inputs[std::string("szilard.") + key] = run.summary.at("szilard").at(key);
  run.inputs["network.sha256"] = run.summary.at("network").at("sha256");
  read_ledger(run);
  return run;
}

const Json* platform_of(const Run& run, const std::string& name) {
  for (const Json& platform : run.summary.at("platforms"))
    if (platform.at("name") == name) return &platform;
  return nullptr;
}

std::optional<double> number(const Json* node, std::initializer_list<const char*> path) {
  for (const char* key : path) {
    if (!node || !node->is_object() || !node->contains(key)) return std::nullopt;
    node = &node->at(key);
  }
  return node && node->is_number() ? std::optional<double>(node->get<double>()) : std::nullopt;
}

struct Moments {
  double mean = 0, variance_of_mean = 0;
};

Moments moments(const std::vector<double>& values) {
  const double n = double(values.size());
  Moments out;
  for (const double value : values) out.mean += value / n;
  if (values.size() < 2) return out;
  for (const double value : values) out.variance_of_mean += (value - out.mean) * (value - out.mean) / (n - 1) / n;
  return out;
}

void judge(Figure& figure, const std::vector<double>& a, const std::vector<double>& b) {
  double variance = 0;
  if (a.size() == b.size()) {
    std::vector<double> differences(a.size());
    for (std::size_t s = 0; s < a.size(); ++s) differences[s] = b[s] - a[s];
    variance = moments(differences).variance_of_mean;
  } else {
    variance = moments(a).variance_of_mean + moments(b).variance_of_mean;
  }
  if (a.size() < 2 || b.size() < 2) return;
  figure.standard_error = std::sqrt(variance);
  // Rounding of equal differences is no spread.
  const double scale = 1e-12 * std::max(std::abs(figure.a.value_or(0)), std::abs(figure.b.value_or(0)));
  figure.significant = std::abs(figure.difference()) > std::max(1.96 * *figure.standard_error, scale);
}

/// Of shares of samples that are right: binomial in each run, for runs do not tell which samples they share.
void judge_share(Figure& figure, std::size_t samples_a, std::size_t samples_b) {
  if (!figure.a || !figure.b) return;
  const double variance =
      *figure.a * (1 - *figure.a) / double(samples_a) + *figure.b * (1 - *figure.b) / double(samples_b);
  figure.standard_error = std::sqrt(variance);
  figure.significant = std::abs(figure.difference()) > 1.96 * *figure.standard_error;
}

std::vector<double> sum_of(const SampleEnergies& energies, const std::string& platform, std::size_t samples) {
  std::vector<double> sum(samples);
  for (const auto& [name, values] : energies)
    if (name.compare(0, platform.size() + 1, platform + "/") == 0)
      for (std::size_t s = 0; s < samples; ++s) sum[s] += values[s];
  return sum;
}

std::vector<Figure> figures_of(const Run& a, const Run& b, const std::string& name) {
  const Json *in_a = platform_of(a, name), *in_b = platform_of(b, name);
  std::vector<Figure> figures;
  const auto add = [&](const char* label, std::initializer_list<const char*> path) -> Figure* {
    Figure figure{label, number(in_a, path), number(in_b, path), {}, {}};
    if (!figure.a && !figure.b) return nullptr;
    figures.push_back(figure);
    return &figures.back();
  };
  if (Figure* accuracy = add("accuracy", {"accuracy"})) judge_share(*accuracy, a.samples, b.samples);
  if (Figure* agreement = add("agreement", {"agreement"})) judge_share(*agreement, a.samples, b.samples);
  if (Figure* energy = add("energy_per_inference_J", {"energy", "per_inference_J"}); energy && in_a && in_b)
    if (!a.energies.empty() && !b.energies.empty())
      judge(*energy, sum_of(a.energies, name, a.samples), sum_of(b.energies, name, b.samples));
  add("latency_s", {"latency_s"});
  add("area_m2", {"area_m2"});
  add("bound_ratio", {"ratio_to_bound"});
  return figures;
}

std::vector<Figure> components_of(const Run& a, const Run& b, const std::string& name) {
  std::map<std::string, Figure> found;
  const auto collect = [&](const Run& run, std::optional<double> Figure::*side) {
    const Json* platform = platform_of(run, name);
    if (!platform) return;
    for (const auto& [component, mechanisms] : platform->at("energy").at("by_component").items())
      for (const auto& [mechanism, joules] : mechanisms.items()) {
        Figure& figure = found[component + ": " + mechanism];
        figure.name = component + ": " + mechanism;
        figure.*side = joules.get<double>() / double(run.samples);
      }
  };
  collect(a, &Figure::a);
  collect(b, &Figure::b);
  std::vector<Figure> figures;
  for (auto& [key, figure] : found) {
    if (figure.difference() == 0) continue;
    const auto values = [&, &name = key](const Run& run) {
      const auto entry = run.energies.find(name);
      return entry == run.energies.end() ? std::vector<double>(run.samples) : entry->second;
    };
    if (!a.energies.empty() && !b.energies.empty()) judge(figure, values(a), values(b));
    figures.push_back(std::move(figure));
  }
  std::stable_sort(figures.begin(), figures.end(), [](const Figure& x, const Figure& y) {
    return std::abs(x.difference()) > std::abs(y.difference());
  });
  return figures;
}

}  // namespace

bool Comparison::differ() const {
  return std::any_of(platforms.begin(), platforms.end(), [](const Platform& platform) {
    return platform.in_a != platform.in_b || !platform.components.empty() ||
           std::any_of(platform.figures.begin(), platform.figures.end(),
                       [](const Figure& f) { return f.difference() != 0; });
  });
}

Comparison compare(const std::string& directory_a, const std::string& directory_b) {
  const Run a = read_run(directory_a), b = read_run(directory_b);
  Comparison comparison;
  comparison.a = directory_a, comparison.b = directory_b;
  std::vector<std::string> names;
  for (const Run* run : {&a, &b})
    for (const Json& platform : run->summary.at("platforms")) {
      const std::string name = platform.at("name");
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  for (const std::string& name : names) {
    Platform platform;
    platform.name = name;
    platform.in_a = platform_of(a, name), platform.in_b = platform_of(b, name);
    platform.figures = figures_of(a, b, name);
    if (platform.in_a && platform.in_b) platform.components = components_of(a, b, name);
    comparison.platforms.push_back(std::move(platform));
  }
  std::set<std::string> keys;
  for (const Run* run : {&a, &b})
    for (const auto& [key, text] : run->inputs) keys.insert(key);
  for (const std::string& key : keys) {
    const auto text = [&](const Run& run) {
      const auto found = run.inputs.find(key);
      return found == run.inputs.end() ? std::string() : found->second;
    };
    if (text(a) == text(b)) continue;
    std::vector<Input>* place = &comparison.inputs;
    for (Platform& platform : comparison.platforms)
      if (key.rfind("platforms." + platform.name + ".", 0) == 0) place = &platform.inputs;
    place->push_back({key, text(a), text(b)});
  }
  return comparison;
}

}  // namespace szilard::compare
