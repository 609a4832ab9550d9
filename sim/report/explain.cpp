// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/report/report.hpp"

namespace szilard::report {
namespace {

using Json = nlohmann::ordered_json;
using support::DiagnosticCode;
using support::InputError;

Json load_coefficients(const std::string& directory) {
  const std::string path = directory + "/coefficients.json";
  std::ifstream file(path);
  if (!file)
    throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "this directory holds no run",
                     "name a directory that 'szilard run' wrote, e.g. out/mnist-mlp");
  try {
    Json json = Json::parse(file);
    if (json.at("schema") != "szilard.coefficients/1")
      throw InputError(DiagnosticCode::unsupported_version, {path, 1, 1}, "written by another version of szilard");
    return json;
  } catch (const Json::exception& error) {
    throw InputError(DiagnosticCode::file_format, {path, 1, 1},
                     std::string("not a coefficients file: ") + error.what());
  }
}

bool lies_below(const std::string& component, const std::string& prefix) {
  return prefix.empty() || component == prefix ||
         (component.size() > prefix.size() && component.compare(0, prefix.size(), prefix) == 0 &&
          component[prefix.size()] == '/');
}

void print_coefficients(std::ostream& out, const Json& coefficients) {
  for (const Json& coefficient : coefficients) {
    const std::string unit = coefficient.at("unit").get<std::string>();
    out << "    " << coefficient.at("name").get<std::string>() << " = "
        << support::shortest(coefficient.at("value").get<double>()) << (unit == "1" ? "" : " " + unit);
    const std::string source = coefficient.at("source").get<std::string>(),
                      status = coefficient.at("status").get<std::string>();
    if (!source.empty() || !status.empty())
      out << "  [" << status << (status.empty() || source.empty() ? "" : ": ") << source << "]";
    out << "\n";
  }
}

void print_account(std::ostream& out, const Json& account) {
  out << "  " << account.at("mechanism").get<std::string>() << ", " << account.at("fate").get<std::string>() << " ("
      << account.at("origin").get<std::string>()
      << "): " << support::engineering(account.at("joules").get<double>(), "J") << " = "
      << support::shortest(account.at("joules").get<double>()) << " J from " << account.at("count").get<std::int64_t>()
      << " " << account.at("counted").get<std::string>() << "\n    law: " << account.at("law").get<std::string>()
      << "\n";
  print_coefficients(out, account.at("coefficients"));
}

void print_bound(std::ostream& out, const Json& bound) {
  const double joules = bound.at("joules").get<double>();
  out << "  " << bound.at("component").get<std::string>() << " " << bound.at("bound").get<std::string>() << ": "
      << support::engineering(joules, "J") << " = " << support::shortest(joules) << " J an inference from "
      << bound.at("count").get<std::int64_t>() << " " << bound.at("counted").get<std::string>()
      << "\n    law: " << bound.at("law").get<std::string>() << "  [" << bound.at("source").get<std::string>() << "]\n";
  print_coefficients(out, bound.at("coefficients"));
}

/// Bounds belong to platforms, so `component` is one or is empty; runs that were written before there were any have
/// none.
void print_bounds(std::ostream& out, const Json& json, const std::string& component) {
  bool any = false;
  for (const Json& bound : json.value("bounds", Json::array())) {
    if (!lies_below(bound.at("component").get<std::string>(), component)) continue;
    if (!any) out << "\nbounds\n";
    any = true;
    print_bound(out, bound);
  }
}

/// Estimates beside energy from gates; in no total.
void print_figures(std::ostream& out, const Json& json, const std::string& component) {
  bool any = false;
  for (const Json& figure : json.value("figures", Json::array())) {
    const std::string platform = figure.at("component").get<std::string>();
    if (!lies_below(platform, component)) continue;
    if (!any) out << "\nfor comparison, in no sum\n";
    any = true;
    const double joules = figure.at("joules").get<double>();
    out << "  " << platform << ": " << figure.at("name").get<std::string>() << ": " << support::engineering(joules, "J")
        << " = " << support::shortest(joules) << " J an inference  [" << figure.at("origin").get<std::string>()
        << "]\n";
  }
}

void print_area(std::ostream& out, const Json& area) {
  const std::int64_t count = area.at("count").get<std::int64_t>();
  out << "  " << area.at("component").get<std::string>() << ": ";
  const Json& each = area.at("each_m2");
  if (each.is_null()) {
    out << "unknown (" << count << " " << area.at("counted").get<std::string>()
        << ", no source gives the area of one)\n";
    return;
  }
  const double each_m2 = each.get<double>();
  out << support::shortest(static_cast<double>(count) * each_m2) << " m2 = " << count << " "
      << area.at("counted").get<std::string>() << " x " << support::shortest(each_m2) << " m2  ["
      << area.at("status").get<std::string>() << ": " << area.at("source").get<std::string>() << "]\n";
}

/// Of the components below `component`; those of runs that were written before areas were are not there.
bool print_areas(std::ostream& out, const Json& json, const std::string& component) {
  bool any = false;
  for (const Json& area : json.value("areas", Json::array())) {
    if (!lies_below(area.at("component").get<std::string>(), component)) continue;
    if (!any) out << "\nchip area\n";
    any = true;
    print_area(out, area);
  }
  return any;
}

}  // namespace

void explain(std::ostream& out, const std::string& directory, const std::string& component) {
  const Json json = load_coefficients(directory);
  std::vector<std::string> components;
  std::string current;
  bool found = false;
  try {
    out << json.at("samples").get<std::size_t>() << " samples; figures are sums over the run\n";
    // Accounts of one component stand together, in the order in which the platform was built.
    for (const Json& account : json.at("accounts")) {
      const std::string path = account.at("component").get<std::string>();
      components.push_back(path);
      if (!lies_below(path, component)) continue;
      found = true;
      if (path != current) out << "\n" << path << "\n";
      current = path;
      print_account(out, account);
    }
    print_bounds(out, json, component);
    print_figures(out, json, component);
    found = print_areas(out, json, component) || found;
  } catch (const Json::exception& error) {
    throw InputError(DiagnosticCode::file_format, {directory + "/coefficients.json", 1, 1},
                     std::string("not a coefficients file: ") + error.what());
  }
  if (found) return;
  const std::string near = support::nearest(component, components);
  throw InputError(DiagnosticCode::unknown_choice, {directory + "/coefficients.json", 1, 1},
                   "no component '" + component + "' in this run", near.empty() ? "" : "did you mean '" + near + "'?");
}

}  // namespace szilard::report
