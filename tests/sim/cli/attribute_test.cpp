// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

const std::string kDigits = source("scenarios/digits-mlp/scenario.yaml");

Json named(const Json& list, const std::string& name) {
  for (const Json& one : list)
    if (one.at("name") == name) return one;
  return nullptr;
}

}  // namespace

TEST_CASE("attribution says of each effect what a run without it, and one with it alone, say", "[cli][attribute]") {
  TemporaryFolder folder;
  const ProcessResult run =
      run_szilard({"run", kDigits, "--samples", "80", "-q", "--attribute", "--jobs", "2", "-o", folder.path("all")});
  INFO(run.err);
  REQUIRE(run.code == 0);
  CHECK(run.out.find("rram: what each effect costs") != std::string::npos);
  const Json costs = Json::parse(read_file(folder.path("all/attribution.json")));
  CHECK(costs.at("schema") == "szilard.attribution/1");
  REQUIRE(costs.at("platforms").size() == 2);  // ideal and systolic have nothing to switch off
  const Json rram = named(costs.at("platforms"), "rram");
  const Json summary = Json::parse(read_file(folder.path("all/summary.json")));
  const Json whole = named(summary.at("platforms"), "rram");
  CHECK(rram.at("as_it_is").at("accuracy") == whole.at("accuracy"));
  CHECK(rram.at("as_it_is").at("output_rms_error") == whole.at("output_rms_error"));
  CHECK(rram.at("as_it_is").at("energy_per_inference_J").get<double>() ==
        Approx(whole.at("energy").at("per_inference_J").get<double>()).epsilon(1e-12));

  // The same by hand: disable: [programming_error], and everything else but that.
  const Json effect = named(rram.at("effects"), "programming_error");
  std::string others;
  for (const Json& one : rram.at("effects"))
    if (one.at("name") != "programming_error" && !one.at("is_remedy").get<bool>())
      others += (others.empty() ? "" : ", ") + one.at("name").get<std::string>();
  for (const auto& [variant, list] :
       {std::pair<const char*, std::string>{"without", "programming_error"}, {"alone", others}}) {
    INFO(list);
    const ProcessResult by_hand = run_szilard({"run", kDigits, "--samples", "80", "-q", "-o", folder.path(variant),
                                               "--set", "platforms.rram.disable=[" + list + "]"});
    INFO(by_hand.err);
    const Json platform = named(Json::parse(read_file(folder.path(variant) + "/summary.json")).at("platforms"), "rram");
    CHECK(effect.at(variant).at("output_rms_error") == platform.at("output_rms_error"));
    CHECK(effect.at(variant).at("accuracy") == platform.at("accuracy"));
    const std::string resolved = read_file(folder.path(variant) + "/scenario.resolved.yaml");
    CHECK(resolved.find("disable: [" + list + "]") != std::string::npos);
  }
  CHECK(effect.at("without").at("output_rms_error") < rram.at("as_it_is").at("output_rms_error"));
  CHECK(rram.at("without_any").at("output_rms_error").get<double>() < 1e-4);  // DACs of 16 bits
  CHECK(named(rram.at("effects"), "write_verify").at("is_remedy") == true);
  CHECK(named(rram.at("effects"), "write_verify").at("alone").is_null());
  const std::string csv = read_file(folder.path("all/attribution.csv"));
  CHECK(csv.rfind("platform,effect,variant,accuracy", 0) == 0);
  CHECK(csv.find("\nrram,programming_error,alone,") != std::string::npos);
}

TEST_CASE("results of attribution do not depend on the number of jobs", "[cli][attribute]") {
  TemporaryFolder folder;
  for (const char* jobs : {"1", "3"})
    REQUIRE(
        run_szilard({"run", kDigits, "--samples", "30", "-q", "--attribute", "--jobs", jobs, "-o", folder.path(jobs)})
            .code == 0);
  CHECK(read_file(folder.path("1/attribution.csv")) == read_file(folder.path("3/attribution.csv")));
}

TEST_CASE("a scenario without effects has nothing to attribute", "[cli][attribute]") {
  TemporaryFolder folder;
  const ProcessResult run = run_szilard({"run", source("scenarios/landauer-limit/scenario.yaml"), "--samples", "5",
                                         "-q", "--attribute", "-o", folder.path("out")});
  CHECK(run.code == 0);
  CHECK(run.out.find("no platform has an effect") != std::string::npos);
}

TEST_CASE("jobs without attribution, no jobs and unknown effects are refused", "[cli][attribute][bad]") {
  CHECK(run_szilard({"run", kDigits, "--jobs", "2"}).code == 2);
  CHECK(run_szilard({"run", kDigits, "--attribute", "--jobs", "0"}).code == 2);
  const ProcessResult unknown = run_szilard({"check", kDigits, "--set", "platforms.rram.disable=[wire]"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("did you mean 'wires'?") != std::string::npos);
}
