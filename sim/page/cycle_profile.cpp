// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/page/cycle_profile.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <unordered_map>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/dataset/dataset.hpp"

namespace szilard::page {
namespace {

using support::DiagnosticCode;
using support::InputError;

/// Where the joules of an account go.
struct Place {
  int platform = -1, mechanism = -1;  ///< -1: not dissipated
};

class Profiles {
 public:
  Profiles(const Json& summary, std::size_t most_numbers)
      : cycles_(summary.at("dataset").at("samples").get<std::size_t>()) {
    std::size_t rows = 0;
    for (const Json& platform : summary.at("platforms")) {
      CycleProfile profile;
      profile.platform = platform.at("name").get<std::string>();
      profile.cycles = cycles_;
      std::vector<std::pair<double, std::string>> order;
      for (const auto& [mechanism, joules] : platform.at("energy").at("by_mechanism").items())
        order.emplace_back(-joules.get<double>(), mechanism);
      std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (const auto& [minus_joules, mechanism] : order) {
        profile.mechanisms.push_back(mechanism);
        expected_.push_back(-minus_joules);
      }
      rows += profile.mechanisms.size() + 2;
      profiles_.push_back(std::move(profile));
    }
    const std::size_t points_wanted = std::max<std::size_t>(1, most_numbers / std::max<std::size_t>(1, rows));
    cycles_a_point_ = (cycles_ + points_wanted - 1) / points_wanted;
    const std::size_t points = (cycles_ + cycles_a_point_ - 1) / cycles_a_point_;
    for (CycleProfile& profile : profiles_) {
      profile.cycles_a_point = cycles_a_point_;
      profile.mean_j.assign(profile.mechanisms.size(), std::vector<double>(points, 0.0));
      profile.least_j.assign(points, std::numeric_limits<double>::infinity());
      profile.most_j.assign(points, -std::numeric_limits<double>::infinity());
      cycle_j_.push_back(0);
    }
  }

  std::size_t cycles() const { return cycles_; }

  Place place(const std::string& component, const std::string& mechanism) const {
    for (std::size_t p = 0; p < profiles_.size(); ++p) {
      const std::string& name = profiles_[p].platform;
      const bool is_own = component.compare(0, name.size(), name) == 0 &&
                          (component.size() == name.size() || component[name.size()] == '/');
      if (!is_own) continue;
      const auto& mechanisms = profiles_[p].mechanisms;
      const auto found = std::find(mechanisms.begin(), mechanisms.end(), mechanism);
      if (found != mechanisms.end()) return {int(p), int(found - mechanisms.begin())};
    }
    return {-2, -2};
  }

  /// Samples come in order.
  void add(const Place& place, std::size_t sample, double joules) {
    if (sample != sample_) end_cycles(sample);
    CycleProfile& profile = profiles_[std::size_t(place.platform)];
    profile.mean_j[std::size_t(place.mechanism)][sample / cycles_a_point_] += joules;
    cycle_j_[std::size_t(place.platform)] += joules;
  }

  std::vector<CycleProfile> finish(const std::string& path) {
    end_cycles(cycles_);
    std::size_t next = 0;
    for (CycleProfile& profile : profiles_)
      for (std::size_t m = 0; m < profile.mechanisms.size(); ++m) {
        double sum = 0, largest = 0;
        std::vector<double>& points = profile.mean_j[m];
        for (std::size_t i = 0; i < points.size(); ++i) {
          sum += points[i];
          largest = std::max(largest, std::abs(points[i]));
          points[i] /= double(std::min(cycles_a_point_, cycles_ - i * cycles_a_point_));
        }
        const double expected = expected_[next++];
        if (!(std::abs(sum - expected) <= 1e-9 * std::max(std::abs(expected), largest)))
          throw InputError(DiagnosticCode::conflict, {path, 1, 1},
                           profile.mechanisms[m] + " of " + profile.platform + " sums to " + support::shortest(sum) +
                               " J, summary.json says " + support::shortest(expected) +
                               " J: the two are not of one run, or the file was cut");
      }
    return std::move(profiles_);
  }

 private:
  void end_cycles(std::size_t next) {
    for (std::size_t p = 0; p < profiles_.size(); ++p) {
      for (std::size_t s = sample_; s < next; ++s) {  // a cycle without rows costs nothing
        const double joules = s == sample_ ? cycle_j_[p] : 0;
        double& least = profiles_[p].least_j[s / cycles_a_point_];
        double& most = profiles_[p].most_j[s / cycles_a_point_];
        least = std::min(least, joules);
        most = std::max(most, joules);
      }
      cycle_j_[p] = 0;
    }
    sample_ = next;
  }

  std::size_t cycles_, cycles_a_point_ = 1, sample_ = 0;
  std::vector<CycleProfile> profiles_;
  std::vector<double> expected_, cycle_j_;
};

class CsvReader {
 public:
  CsvReader(std::string path, Profiles& profiles) : path_(std::move(path)), profiles_(profiles) {}

  void read() {
    std::ifstream file(path_);
    std::string line;
    if (!file || !std::getline(file, line) || line != "sample,component,mechanism,fate,origin,joules")
      throw InputError(DiagnosticCode::file_format, {path_, 1, 1},
                       "not a ledger: its first line is sample,component,mechanism,fate,origin,joules");
    while (std::getline(file, line)) {
      ++line_;
      if (file.eof()) fail(DiagnosticCode::file_truncated, "the line has no end: the file was cut");
      take(line);
    }
  }

 private:
  [[noreturn]] void fail(DiagnosticCode code, const std::string& message) const {
    throw InputError(code, {path_, line_, 1}, message);
  }

  void take(const std::string& line) {
    std::size_t sample = 0;
    double joules = 0;
    const char *begin = line.data(), *end = begin + line.size();
    const auto first = std::from_chars(begin, end, sample);
    const std::size_t last_comma = line.rfind(',');
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ',' || last_comma == std::string::npos ||
        begin + last_comma <= first.ptr)
      fail(DiagnosticCode::file_format, "not a row of a ledger");
    const auto last = std::from_chars(begin + last_comma + 1, end, joules);
    if (last.ec != std::errc{} || last.ptr != end || !std::isfinite(joules))
      fail(DiagnosticCode::bad_number, "joules are no number");
    if (sample >= profiles_.cycles() || sample < sample_)
      fail(DiagnosticCode::file_format,
           "sample " + std::to_string(sample) + " stands out of order, or the run had none such");
    sample_ = sample;
    const Place place = place_of(std::string(first.ptr + 1, begin + last_comma));
    if (place.platform == -2)
      fail(DiagnosticCode::conflict, "summary.json knows no such component or mechanism: the two are not of one run");
    if (place.platform >= 0) profiles_.add(place, sample, joules);
  }

  /// "component,mechanism,fate,origin". Names of layers may hold commas, the three behind them none.
  Place place_of(const std::string& account) {
    const auto known = places_.find(account);
    if (known != places_.end()) return known->second;
    const std::size_t origin = account.rfind(','),
                      fate = origin == std::string::npos || origin == 0 ? origin : account.rfind(',', origin - 1);
    const std::size_t mechanism =
        fate == std::string::npos || fate == 0 ? std::string::npos : account.rfind(',', fate - 1);
    if (mechanism == std::string::npos) fail(DiagnosticCode::file_format, "not a row of a ledger");
    Place place;
    if (account.substr(fate + 1, origin - fate - 1) == "dissipated")
      place = profiles_.place(account.substr(0, mechanism), account.substr(mechanism + 1, fate - mechanism - 1));
    return places_[account] = place;
  }

  std::string path_;
  Profiles& profiles_;
  int line_ = 1;
  std::size_t sample_ = 0;
  std::unordered_map<std::string, Place> places_;
};

void read_npy(const std::string& directory, Profiles& profiles) {
  const std::string path = directory + "/ledger.npy";
  const Json coefficients = read_json(directory + "/coefficients.json", "coefficients");
  const Json& accounts = coefficients.at("accounts");
  const dataset::Array joules = dataset::read_array(path);
  if (joules.shape().size() != 2 || joules.shape()[0] != std::int64_t(profiles.cycles()) ||
      joules.shape()[1] != std::int64_t(accounts.size()))
    throw InputError(DiagnosticCode::shape_mismatch, {path, 1, 1},
                     "not " + std::to_string(profiles.cycles()) + " samples x " + std::to_string(accounts.size()) +
                         " accounts, as the run had");
  std::vector<Place> places;
  for (const Json& account : accounts) {
    places.emplace_back();
    if (account.at("fate") != "dissipated") continue;
    places.back() =
        profiles.place(account.at("component").get<std::string>(), account.at("mechanism").get<std::string>());
    if (places.back().platform < 0)
      throw InputError(DiagnosticCode::conflict, {path, 1, 1},
                       "summary.json does not know all accounts of coefficients.json: the two are not of one run");
  }
  for (std::size_t s = 0; s < profiles.cycles(); ++s)
    for (std::size_t a = 0; a < places.size(); ++a)
      if (places[a].platform >= 0) profiles.add(places[a], s, joules.at(s * places.size() + a));
}

}  // namespace

std::vector<CycleProfile> read_cycle_profiles(const std::string& directory, const Json& summary,
                                              std::size_t most_numbers) {
  Profiles profiles(summary, most_numbers);
  const std::string csv = directory + "/ledger.csv", npy = directory + "/ledger.npy";
  if (!exists(csv) && !exists(npy))
    throw InputError(DiagnosticCode::file_not_found, {csv, 1, 1},
                     "the run is incomplete: neither ledger.csv nor ledger.npy", "run the scenario again");
  // A folder that two runs wrote to may hold both.
  const bool is_csv =
      exists(csv) && (!exists(npy) || std::filesystem::last_write_time(csv) >= std::filesystem::last_write_time(npy));
  if (is_csv) CsvReader(csv, profiles).read();
  else read_npy(directory, profiles);
  return profiles.finish(is_csv ? csv : npy);
}

}  // namespace szilard::page
