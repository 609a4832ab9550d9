// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cstring>

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
                              std::string("a run's files lack what the page needs: ") + error.what(),
                              "run the scenario again");
  }
}

}  // namespace szilard::page
