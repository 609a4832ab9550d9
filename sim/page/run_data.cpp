// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <initializer_list>

#include "models/support/diagnostics.hpp"
#include "sim/bounds/bounds.hpp"
#include "sim/page/cycle_profile.hpp"
#include "sim/page/energy_flow.hpp"
#include "sim/page/folder.hpp"

namespace szilard::page {
namespace {

/// About 3 MB of text: what leaves the whole page below 5 MB.
constexpr std::size_t kMostNumbers = 560'000;

/// Little-endian single precision in base64: a third of the size of digits, seven of them right.
std::string floats_of(const std::vector<double>& values) {
  static const char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  for (const double value : values) {
    const float single = static_cast<float>(value);
    std::uint32_t bits;
    std::memcpy(&bits, &single, sizeof bits);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
  }
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += i + k > bytes.size() ? '=' : kDigits[three >> (18 - 6 * k) & 63];
  }
  return text;
}

Json cycles_json(const CycleProfile& profile) {
  Json mechanisms = Json::array();
  for (std::size_t m = 0; m < profile.mechanisms.size(); ++m)
    mechanisms.push_back({{"name", profile.mechanisms[m]}, {"mean_J", floats_of(profile.mean_j[m])}});
  return {
      {"cycles", profile.cycles}, {"cycles_a_point", profile.cycles_a_point}, {"points", profile.least_j.size()},
      {"mechanisms", mechanisms}, {"least_J", floats_of(profile.least_j)},    {"most_J", floats_of(profile.most_j)}};
}

Json flow_json(const EnergyFlow& flow) {
  Json links = Json::array();
  for (const EnergyFlow::Link& link : flow.links)
    links.push_back({{"from", link.from}, {"to", link.to}, {"J", link.joules}});
  return {{"nodes", flow.nodes}, {"links", links}, {"left_out_J", flow.left_out_j}};
}

/// What a GPU of today takes for the network's operations, by a cited figure.
Json gpu_json(double macs) {
  const bounds::Workload workload = bounds::load_workload("llama-65b");
  const bounds::Input& each = workload.inputs.at("energy_per_flop");
  return {{"J_per_flop", each.value},
          {"flop", 2 * macs},
          {"J", 2 * macs * each.value},
          {"source", each.source},
          {"status", each.status}};
}

/// Throws Json::exception where a key is missing that the page's script reads: it would stop halfway.
void require_keys(const Json& summary) {
  const auto require = [](const Json& json, std::initializer_list<const char*> keys) {
    for (const char* key : keys) json.at(Json::json_pointer(key));
  };
  require(summary, {"/szilard/version", "/szilard/commit", "/szilard/instruction_set", "/scenario/name",
                    "/scenario/sha256", "/scenario/seed", "/scenario/temperature_K", "/network/file", "/network/sha256",
                    "/network/macs", "/network/neurons", "/dataset/file", "/dataset/samples", "/reference/accuracy"});
  for (const Json& layer : summary.at("network").at("layers")) require(layer, {"/name"});
  const bool is_estimate = summary.contains("statistical");
  if (is_estimate)
    require(summary, {"/statistical/confidence", "/statistical/draws", "/statistical/samples_a_draw",
                      "/statistical/population"});
  for (const Json& platform : summary.at("platforms")) {
    require(platform,
            {"/name", "/kind", "/accuracy", "/agreement", "/output_rms_error", "/latency_s", "/throughput_per_s",
             "/area_m2", "/cycles", "/bounds", "/bound", "/ratio_to_bound", "/neurons/count", "/neurons/active_mean",
             "/neurons/active_by_layer", "/energy/by_component", "/energy/by_mechanism"});
    for (const char* key : {"supplied_J", "dissipated_J", "recovered_J", "stored_J", "per_inference_J"})
      platform.at("energy").at(key).get<double>();
    for (const Json& layer : platform.at("layers"))
      if (is_estimate) require(layer, {"/name", "/count", "/parallel", "/simulated", "/energy_J", "/interval_J/1"});
      else require(layer, {"/name", "/rms_error", "/max_error"});
  }
}

/// An estimate has neither ledger nor pictures: its summary is all there is.
Json estimate_data(const Json& summary) {
  Json platforms = Json::array();
  for (const Json& platform : summary.at("platforms"))
    platforms.push_back({{"name", platform.at("name")},
                         {"cycles", nullptr},
                         {"flow", nullptr},
                         {"voltage_drops", Json::array()},
                         {"activity", Json::array()}});
  return platforms;
}

}  // namespace

Json run_data(const std::string& directory) {
  const std::string path = directory + "/summary.json";
  const Json summary = read_json(path, "summary");
  try {
    require_keys(summary);
    const Json gpu = gpu_json(summary.at("network").at("macs").get<double>());
    if (summary.contains("statistical"))
      return {{"kind", "run"},
              {"gpu", gpu},
              {"has_pictures", true},
              {"platforms", estimate_data(summary)},
              {"summary", summary}};
    const Json coefficients = read_json(directory + "/coefficients.json", "coefficients");
    Json pictures = nullptr;
    if (exists(directory + "/pictures.json")) pictures = read_json(directory + "/pictures.json", "pictures");
    Json platforms = Json::array();
    for (const CycleProfile& profile : read_cycle_profiles(directory, summary, kMostNumbers)) {
      Json platform = {{"name", profile.platform},
                       {"cycles", cycles_json(profile)},
                       {"flow", flow_json(energy_flow(profile.platform, coefficients.at("accounts")))},
                       {"voltage_drops", Json::array()},
                       {"activity", Json::array()}};
      if (pictures.is_object())
        for (const Json& seen : pictures.at("platforms"))
          if (seen.at("name") == profile.platform) {
            platform["voltage_drops"] = seen.at("voltage_drops");
            platform["activity"] = seen.at("activity");
          }
      platforms.push_back(std::move(platform));
    }
    return {{"kind", "run"},
            {"gpu", gpu},
            {"has_pictures", pictures.is_object()},
            {"platforms", platforms},
            {"summary", summary}};
  } catch (const Json::exception& error) {
    throw support::InputError(support::DiagnosticCode::file_format, {path, 1, 1},
                              "a run's files lack what the page needs: " + reason_of(error), "run the scenario again");
  }
}

}  // namespace szilard::page
