// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/attribution/child_run.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace szilard::attribution {
namespace {

using Json = nlohmann::json;

std::string run_to_text(const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum) {
  cosim::RunOptions options;
  options.quantum = quantum;
  const cosim::RunResult result = cosim::run(scenario, workload, options);
  Json json = {{"failures", result.failures}, {"platforms", Json::array()}};
  const bool has_labels = workload.data.has_labels();
  for (std::size_t p = 0; p < result.platforms.size(); ++p) {
    const cosim::PlatformResult& platform = result.platforms[p];
    std::string right;
    for (std::size_t s = 0; s < result.samples; ++s) {
      const std::int64_t truth = has_labels ? workload.data.labels()[s] : result.reference_predictions[s];
      right += result.predictions[p][s] == truth ? '1' : '0';
    }
    const energy::Quanta supplied = result.ledger->total(platform.name, energy::Fate::supplied);
    const energy::Quanta recovered = result.ledger->total(platform.name, energy::Fate::recovered);
    json["platforms"].push_back({{"right", right},
                                 {"has_labels", has_labels},
                                 {"agreement", platform.agreement},
                                 {"rms", platform.output_rms_error},
                                 {"energy", (supplied - recovered).joules() / double(result.samples)}});
  }
  return json.dump();
}

std::string told_run(const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum) {
  try {
    return run_to_text(scenario, workload, quantum);
  } catch (const std::exception& error) {
    return Json{{"error", error.what()}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

}  // namespace

ChildRun::ChildRun(const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum)
    : process_([&] { return told_run(scenario, workload, quantum); }) {}

std::vector<ChildOutcome> ChildRun::wait() {
  const process::ChildProcess::End end = process_.finish();
  if (const std::string trouble = end.trouble(); !trouble.empty()) throw std::runtime_error(trouble);
  const Json json = Json::parse(end.text);
  if (json.contains("error")) throw std::runtime_error(json.at("error").get<std::string>());
  if (!json.at("failures").empty()) throw std::runtime_error(json.at("failures").at(0).get<std::string>());
  std::vector<ChildOutcome> outcomes;
  for (const Json& platform : json.at("platforms")) {
    ChildOutcome one;
    for (const char c : platform.at("right").get<std::string>()) one.right.push_back(c == '1');
    one.has_labels = platform.at("has_labels");
    one.agreement = platform.at("agreement");
    one.output_rms_error = platform.at("rms");
    one.energy_per_inference_j = platform.at("energy");
    outcomes.push_back(std::move(one));
  }
  return outcomes;
}

}  // namespace szilard::attribution
