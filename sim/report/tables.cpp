// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "models/support/units.hpp"
#include "sim/report/report.hpp"
#include "sim/report/text_table.hpp"

namespace szilard::report {
namespace {

std::string percent(double share, int digits = 2) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", digits, 100 * share);
  return text;
}

std::string top_mechanisms(const energy::Ledger& ledger, const std::string& platform) {
  std::vector<std::pair<double, std::string>> shares;
  double total = 0;
  for (const auto& [mechanism, amount] : ledger.by_mechanism(platform, energy::Fate::dissipated)) {
    shares.emplace_back(amount.joules(), mechanism);
    total += amount.joules();
  }
  std::stable_sort(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, shares.size()) && total > 0; ++i)
    text += (i ? ", " : "") + shares[i].second + " " + percent(shares[i].first / total, 0);
  return text.empty() ? "-" : text;
}

}  // namespace

void print_table(std::ostream& out, const cosim::RunResult& result) {
  using Align = TextTable::Align;
  TextTable table({{"platform"},
                   {"accuracy", Align::right},
                   {"agreement", Align::right},
                   {"J/inference", Align::right},
                   {"where it goes"},
                   {"latency", Align::right},
                   {"bound", Align::right},
                   {"ratio to bound", Align::right}});
  if (result.reference_accuracy)
    table.add({"reference", percent(*result.reference_accuracy), percent(1), "-", "double-precision software", "-", "-",
               "-"});
  for (const cosim::PlatformResult& platform : result.platforms) {
    const double dissipated = (result.ledger->total(platform.name, energy::Fate::supplied) -
                               result.ledger->total(platform.name, energy::Fate::recovered))
                                  .joules() /
                              double(result.samples);
    table.add({platform.name, platform.accuracy ? percent(*platform.accuracy) : "-", percent(platform.agreement),
               support::engineering(dissipated, "J"), top_mechanisms(*result.ledger, platform.name),
               support::engineering(platform.latency_s, "s"),
               platform.bound_j ? support::engineering(*platform.bound_j, "J") : "-",
               platform.ratio_to_bound ? support::engineering(*platform.ratio_to_bound, "") : "-"});
  }
  table.print(out);
}

void print_reset_bounds(std::ostream& out, const cosim::RunResult& result) {
  using Align = TextTable::Align;
  TextTable table({{"bounds on resets, J/inference"},
                   {"blind", Align::right},
                   {"mean field", Align::right},
                   {"per neuron", Align::right},
                   {"joint", Align::right},
                   {"finite time", Align::right},
                   {"dissipated", Align::right}});
  bool any = false;
  for (const cosim::PlatformResult& platform : result.platforms) {
    if (platform.kind != cosim::PlatformKind::dynamic_analog || !platform.has_reset_bounds) continue;
    const energy::ResetBounds& bounds = platform.reset_bounds;
    const double dissipated =
        result.ledger->total(platform.name, energy::Fate::dissipated).joules() / double(result.samples);
    table.add({platform.name, support::engineering(bounds.landauer_half_j, "J"),
               support::engineering(bounds.reset_mean_j, "J"), support::engineering(bounds.reset_per_neuron_j, "J"),
               bounds.reset_joint_j ? support::engineering(*bounds.reset_joint_j, "J") : "-",
               platform.finite_time_j ? support::engineering(*platform.finite_time_j, "J") : "-",
               support::engineering(dissipated, "J")});
    any = true;
  }
  if (any) table.print(out << '\n');
}

void print_cooling(std::ostream& out, const scenario::Scenario& scenario, const cosim::RunResult& result) {
  if (!scenario.cooling) return;
  using Align = TextTable::Align;
  const scenario::CoolingSpec& cooling = *scenario.cooling;
  TextTable table({{"cooled from " + support::shortest(scenario.temperature_k) + " K to " +
                    support::shortest(cooling.ambient_k) + " K, J/inference"},
                   {"dissipated", Align::right},
                   {"Carnot total", Align::right},
                   {"pump at " + percent(cooling.efficiency), Align::right},
                   {"bound per neuron, Carnot", Align::right}});
  for (const cosim::PlatformResult& platform : result.platforms) {
    const auto cooled = [&](double heat_j) {
      return energy::cooled_heat(heat_j, scenario.temperature_k, cooling.ambient_k, cooling.efficiency);
    };
    const energy::CooledHeat heat =
        cooled(result.ledger->total(platform.name, energy::Fate::dissipated).joules() / double(result.samples));
    table.add({platform.name, support::engineering(heat.heat_j, "J"), support::engineering(heat.carnot_total_j(), "J"),
               support::engineering(heat.pump_total_j(), "J"),
               platform.has_reset_bounds
                   ? support::engineering(cooled(platform.reset_bounds.reset_per_neuron_j).carnot_total_j(), "J")
                   : "-"});
  }
  table.print(out << '\n');
}

void print_placement(std::ostream& out, const cosim::Workload& workload, const cosim::RunResult& result) {
  using Align = TextTable::Align;
  TextTable table({{"platform"},
                   {"layer"},
                   {"shape", Align::right},
                   {"products a sample", Align::right},
                   {"hardware"},
                   {"cells in use", Align::right},
                   {"time a sample", Align::right}});
  for (const cosim::PlatformResult& platform : result.platforms)
    for (std::size_t l = 0; l < platform.placement.size(); ++l) {
      const cosim::LayerPlacement& placement = platform.placement[l];
      const linear::LinearMap& map = workload.chain.layers[l].map;
      table.add({l == 0 ? platform.name : "", placement.layer,
                 std::to_string(map.terms) + " x " + std::to_string(map.outputs) +
                     (map.groups > 1 ? " x " + std::to_string(map.groups) + " groups" : ""),
                 std::to_string(placement.positions), placement.hardware, percent(placement.utilisation, 0),
                 placement.duration_s ? support::engineering(*placement.duration_s, "s") : "-"});
    }
  table.print(out);
}

}  // namespace szilard::report
