// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/support/atomic_file.hpp"
#include "models/support/units.hpp"
#include "sim/attribution/attribution.hpp"
#include "sim/report/text_table.hpp"

namespace szilard::attribution {
namespace {

using Json = nlohmann::ordered_json;
using report::TextTable;

double share_of(const Outcome& outcome) { return outcome.accuracy ? *outcome.accuracy : outcome.agreement; }

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", 100 * share);
  return text;
}

// "+0.30 +- 0.17": points that the effect takes.
std::string points(double difference, double error) {
  char text[64];
  std::snprintf(text, sizeof text, "%+.2f +- %.2f", 100 * difference, 100 * error);
  return text;
}

std::string signed_energy(double joules) { return (joules > 0 ? "+" : "") + support::engineering(joules, "J", 3); }

void add_row(TextTable& table, const Platform& platform, const std::string& name, const Outcome& without,
             const std::optional<Outcome>& alone) {
  const Outcome& now = platform.as_it_is;
  table.add(
      {name, percent(share_of(without)), points(share_of(without) - share_of(now), without.difference_standard_error),
       support::engineering(without.output_rms_error, "", 3),
       signed_energy(now.energy_per_inference_j - without.energy_per_inference_j),
       alone ? percent(share_of(*alone)) : "-", alone ? support::engineering(alone->output_rms_error, "", 3) : "-"});
}

Json json_of(const Outcome& outcome) {
  return {{"accuracy", outcome.accuracy ? Json(*outcome.accuracy) : Json(nullptr)},
          {"agreement", outcome.agreement},
          {"output_rms_error", outcome.output_rms_error},
          {"energy_per_inference_J", outcome.energy_per_inference_j}};
}

std::string csv_row(const Platform& platform, const std::string& effect, const char* variant, const Outcome& outcome) {
  const auto number = [](double value) { return "," + support::shortest(value); };
  return platform.name + "," + effect + "," + variant + (outcome.accuracy ? number(*outcome.accuracy) : ",") +
         number(outcome.agreement) + number(outcome.output_rms_error) + number(outcome.energy_per_inference_j) +
         number(share_of(outcome) - share_of(platform.as_it_is)) + number(outcome.difference_standard_error) +
         number(platform.as_it_is.energy_per_inference_j - outcome.energy_per_inference_j) + "\n";
}

}  // namespace

void print(std::ostream& out, const Result& result) {
  using Align = TextTable::Align;
  if (result.platforms.empty()) {
    out << "attribution: no platform has an effect that can be switched off\n";
    return;
  }
  for (const Platform& platform : result.platforms) {
    const std::string what = platform.as_it_is.accuracy ? "accuracy" : "agreement";
    out << platform.name << ": what each effect costs; " << what << " " << percent(share_of(platform.as_it_is))
        << ", rms error " << support::engineering(platform.as_it_is.output_rms_error, "", 3) << ", "
        << support::engineering(platform.as_it_is.energy_per_inference_j, "J") << " an inference\n\n";
    TextTable table({{"without"},
                     {what, Align::right},
                     {"it costs, points", Align::right},
                     {"rms error", Align::right},
                     {"it costs, energy", Align::right},
                     {what + " alone", Align::right},
                     {"rms error alone", Align::right}});
    for (const Row& row : platform.rows)
      add_row(table, platform, row.effect + (row.is_remedy ? " (remedy)" : ""), row.without, row.alone);
    add_row(table, platform, "any of them", platform.without_any, std::nullopt);
    table.print(out);
    out << '\n';
  }
}

void write(const std::string& directory, const Result& result) {
  std::string csv =
      "platform,effect,variant,accuracy,agreement,output_rms_error,energy_per_inference_J,cost,cost_standard_error,"
      "energy_cost_J\n";
  Json json = {{"schema", "szilard.attribution/1"}, {"runs", result.runs}, {"platforms", Json::array()}};
  for (const Platform& platform : result.platforms) {
    csv += csv_row(platform, "", "as_it_is", platform.as_it_is);
    Json effects = Json::array();
    for (const Row& row : platform.rows) {
      csv += csv_row(platform, row.effect, "without", row.without);
      if (row.alone) csv += csv_row(platform, row.effect, "alone", *row.alone);
      effects.push_back(
          {{"name", row.effect},
           {"is_remedy", row.is_remedy},
           {"without", json_of(row.without)},
           {"alone", row.alone ? json_of(*row.alone) : Json(nullptr)},
           {"cost", share_of(row.without) - share_of(platform.as_it_is)},
           {"cost_standard_error", row.without.difference_standard_error},
           {"energy_cost_J", platform.as_it_is.energy_per_inference_j - row.without.energy_per_inference_j}});
    }
    csv += csv_row(platform, "", "without_any", platform.without_any);
    json["platforms"].push_back({{"name", platform.name},
                                 {"as_it_is", json_of(platform.as_it_is)},
                                 {"without_any", json_of(platform.without_any)},
                                 {"effects", effects}});
  }
  support::write_file(directory + "/attribution.csv", csv);
  support::write_file(directory + "/attribution.json", json.dump(2) + "\n");
}

}  // namespace szilard::attribution
