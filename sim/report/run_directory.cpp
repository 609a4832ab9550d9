// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/report/bound_accounts.hpp"
#include "sim/report/report.hpp"

namespace szilard::report {
namespace {

using Json = nlohmann::ordered_json;

void write_ledger_csv(const std::string& path, const energy::Ledger& ledger) {
  // The text between sample and joules is the same in every row of an account.
  std::vector<std::string> middle;
  for (const energy::AccountInfo& info : ledger.accounts())
    middle.push_back("," + info.component + "," + info.mechanism + "," + std::string(energy::fate_name(info.fate)) +
                     "," + std::string(energy::origin_name(info.origin)) + ",");
  support::AtomicFile file(path);
  file.write("sample,component,mechanism,fate,origin,joules\n");
  std::string line;
  ledger.for_each_row([&](std::uint64_t sample, energy::AccountId account, energy::Quanta amount) {
    char digits[32];
    line.assign(digits, std::to_chars(digits, digits + sizeof digits, sample).ptr);
    line += middle[account];
    line.append(digits, std::to_chars(digits, digits + sizeof digits, amount.joules()).ptr);
    line += '\n';
    file.write(line);
  });
  file.commit();
}

Json coefficients_json(const std::vector<energy::Coefficient>& coefficients) {
  Json list = Json::array();
  for (const energy::Coefficient& coefficient : coefficients)
    list.push_back({{"name", coefficient.name},
                    {"value", coefficient.value.value},
                    {"unit", coefficient.unit},
                    {"source", coefficient.value.source},
                    {"status", coefficient.value.status}});
  return list;
}

Json accounts_json(const energy::Ledger& ledger) {
  Json accounts = Json::array();
  for (energy::AccountId id = 0; id < ledger.accounts().size(); ++id) {
    const energy::AccountInfo& info = ledger.accounts()[id];
    accounts.push_back({{"component", info.component},
                        {"mechanism", info.mechanism},
                        {"fate", energy::fate_name(info.fate)},
                        {"origin", energy::origin_name(info.origin)},
                        {"joules", ledger.total(id).joules()},
                        {"count", ledger.count(id)},
                        {"counted", info.counted},
                        {"law", info.law},
                        {"coefficients", coefficients_json(info.coefficients)}});
  }
  return accounts;
}

Json bounds_json(const scenario::Scenario& scenario, const cosim::Workload& workload, const cosim::RunResult& result) {
  Json bounds = Json::array();
  for (const cosim::PlatformResult& platform : result.platforms)
    for (const BoundAccount& bound : bound_accounts(scenario, workload, platform))
      bounds.push_back({{"component", platform.name},
                        {"bound", bound.name},
                        {"joules", bound.joules},
                        {"count", bound.count},
                        {"counted", bound.counted},
                        {"law", bound.law},
                        {"source", bound.source},
                        {"coefficients", coefficients_json(bound.coefficients)}});
  return bounds;
}

Json figures_json(const cosim::RunResult& result) {
  Json figures = Json::array();
  for (const cosim::PlatformResult& platform : result.platforms) {
    if (!platform.gate_level) continue;
    for (const auto& figure : platform.gate_level->figures)
      figures.push_back({{"component", platform.name},
                         {"name", figure.name},
                         {"joules", figure.energy_j},
                         {"origin", figure.origin}});
  }
  return figures;
}

Json areas_json(const cosim::RunResult& result) {
  Json areas = Json::array();
  for (const cosim::PlatformResult& platform : result.platforms)
    for (const support::AreaPart& part : platform.areas) {
      Json area = {
          {"component", part.component}, {"count", part.count}, {"counted", part.counted}, {"each_m2", nullptr}};
      if (part.each_m2) {
        area["each_m2"] = part.each_m2->value;
        area["source"] = part.each_m2->source;
        area["status"] = part.each_m2->status;
      }
      areas.push_back(std::move(area));
    }
  return areas;
}

/// [sample][account] joules; the accounts' names are in coefficients.json, in the same order.
void write_ledger_npy(const std::string& path, const energy::Ledger& ledger) {
  const std::size_t accounts = ledger.accounts().size();
  std::vector<double> joules(ledger.samples() * accounts);
  for (std::size_t s = 0; s < ledger.samples(); ++s)
    for (std::size_t a = 0; a < accounts; ++a)
      joules[s * accounts + a] = ledger.at(energy::AccountId(a), ledger.first_sample() + s).joules();
  dataset::write_npy(path, {std::int64_t(ledger.samples()), std::int64_t(accounts)}, joules.data());
}

/// [platform][sample][3]: joules dissipated, and what the cycle contributes to reset_per_neuron_J and to transition_J;
/// NaN where a platform has no neurons.
void write_cycles(const std::string& path, const cosim::RunResult& result) {
  const std::size_t samples = result.samples, platforms = result.platforms.size();
  std::vector<double> cycles(platforms * samples * 3, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t p = 0; p < platforms; ++p) {
    const cosim::PlatformResult& platform = result.platforms[p];
    std::vector<energy::Quanta> dissipated(samples);
    const std::string below = platform.name + "/";
    for (energy::AccountId id = 0; id < result.ledger->accounts().size(); ++id) {
      const energy::AccountInfo& info = result.ledger->accounts()[id];
      if (info.fate != energy::Fate::dissipated || info.component.compare(0, below.size(), below) != 0) continue;
      for (std::size_t s = 0; s < samples; ++s)
        dissipated[s] += result.ledger->at(id, result.ledger->first_sample() + s);
    }
    for (std::size_t s = 0; s < samples; ++s) {
      double* row = cycles.data() + (p * samples + s) * 3;
      row[0] = dissipated[s].joules();
      if (!platform.has_reset_bounds) continue;
      row[1] = platform.cycle_bounds.surprisal_j[s];
      row[2] = platform.cycle_bounds.transition_j[s];
    }
  }
  dataset::write_npy(path, {std::int64_t(platforms), std::int64_t(samples), 3}, cycles.data());
}

template <typename T>
std::vector<T> flatten(const std::vector<std::vector<T>>& parts) {
  std::vector<T> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

void write_run(const std::string& directory, const scenario::Scenario& scenario, const cosim::Workload& workload,
               const cosim::RunResult& result, LedgerFormat format) {
  const std::string base = directory + "/";
  if (format == LedgerFormat::csv) write_ledger_csv(base + "ledger.csv", *result.ledger);
  else write_ledger_npy(base + "ledger.npy", *result.ledger);
  const Json coefficients = {
      {"schema", "szilard.coefficients/1"},        {"samples", result.samples},
      {"accounts", accounts_json(*result.ledger)}, {"bounds", bounds_json(scenario, workload, result)},
      {"figures", figures_json(result)},           {"areas", areas_json(result)}};
  support::write_file(base + "coefficients.json",
                      coefficients.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  const std::int64_t platforms = std::int64_t(result.platforms.size()), samples = std::int64_t(result.samples);
  dataset::write_npy(base + "predictions.npy", {platforms, samples}, flatten(result.predictions).data());
  dataset::write_npy(base + "outputs.npy", {platforms, samples, std::int64_t(result.output_size)},
                     flatten(result.outputs).data());
  write_cycles(base + "cycles.npy", result);
  support::write_file(base + "scenario.resolved.yaml", scenario.resolved_yaml);
  // Last, so that a directory with a summary is a complete one.
  support::write_file(base + "summary.json", summary_json(scenario, workload, result));
}

}  // namespace szilard::report
