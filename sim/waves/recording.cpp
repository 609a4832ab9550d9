// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/waves/recording.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/waves/merged.hpp"

namespace szilard::waves {

std::string identifier(const std::string& name) {
  std::string text;
  for (const char c : name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    text += is_plain ? c : '_';
  }
  return text.empty() ? "_" : text;
}

namespace {

/// Words by their letters, runs of digits by their value.
int compare(const std::string& a, const std::string& b) {
  std::size_t i = 0, k = 0;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  while (i < a.size() && k < b.size()) {
    if (is_digit(a[i]) && is_digit(b[k])) {
      const std::size_t first = std::min(a.find_first_not_of("0123456789", i), a.size()),
                        second = std::min(b.find_first_not_of("0123456789", k), b.size());
      if (first - i != second - k) return first - i < second - k ? -1 : 1;
      const int order = a.compare(i, first - i, b, k, second - k);
      if (order != 0) return order;
      i = first, k = second;
    } else if (a[i] != b[k]) {
      return a[i] < b[k] ? -1 : 1;
    } else {
      ++i, ++k;
    }
  }
  return int(i < a.size()) - int(k < b.size());
}

bool stands_before(const Signal& a, const Signal& b) {
  for (std::size_t step = 0; step < std::min(a.scope.size(), b.scope.size()); ++step)
    if (const int order = compare(a.scope[step], b.scope[step]); order != 0) return order < 0;
  if (a.scope.size() != b.scope.size()) return a.scope.size() < b.scope.size();
  return compare(a.name, b.name) < 0;
}

}  // namespace

void Recording::sort() { std::stable_sort(signals_.begin(), signals_.end(), stands_before); }

void PowerTrack::add(std::int64_t begin_ps, std::int64_t end_ps, double energy_j) {
  if (energy_j == 0) return;
  if (begin_ps < 0) throw std::invalid_argument("waves: a window before time 0");
  end_ps = std::max(end_ps, begin_ps + 1);
  windows_.push_back({begin_ps, end_ps, energy_j / (double(end_ps - begin_ps) * 1e-12)});
}

void PowerTrack::write(Signal& signal) const {
  struct Edge {
    std::int64_t time_ps;
    std::size_t window;
    bool is_begin;
  };
  std::vector<Edge> edges;
  for (std::size_t w = 0; w < windows_.size(); ++w) {
    edges.push_back({windows_[w].begin_ps, w, true});
    edges.push_back({windows_[w].end_ps, w, false});
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.time_ps < b.time_ps; });
  std::vector<std::size_t> open;
  for (std::size_t e = 0; e < edges.size();) {
    const std::int64_t time_ps = edges[e].time_ps;
    for (; e < edges.size() && edges[e].time_ps == time_ps; ++e) {
      if (edges[e].is_begin) open.push_back(edges[e].window);
      else open.erase(std::find(open.begin(), open.end(), edges[e].window));
    }
    std::sort(open.begin(), open.end());  // one order of the sum, whatever the order of the windows
    double power_w = 0;
    for (const std::size_t w : open) power_w += windows_[w].power_w;
    signal.at(time_ps, power_w);
  }
}

Signal& Recording::add(std::vector<std::string> scope, std::string name, Kind kind, unsigned width, std::string unit) {
  if (width < 1 || width > 64) throw std::invalid_argument("waves: a word of " + std::to_string(width) + " bits");
  signals_.push_back({std::move(scope), std::move(name), kind, width, std::move(unit), {}});
  return signals_.back();
}

std::vector<MergedChange> merged(const Recording& recording) {
  std::vector<MergedChange> all;
  for (std::size_t s = 0; s < recording.signals().size(); ++s) {
    const Signal& signal = recording.signals()[s];
    std::vector<Signal::Change> changes = signal.changes;
    std::stable_sort(changes.begin(), changes.end(),
                     [](const auto& a, const auto& b) { return a.time_ps < b.time_ps; });
    const Signal::Change* last = nullptr;
    for (std::size_t c = 0; c < changes.size(); ++c) {
      if (changes[c].time_ps < 0) throw std::invalid_argument("waves: a change before time 0");
      if (c + 1 < changes.size() && changes[c + 1].time_ps == changes[c].time_ps) continue;
      const bool is_same = last && signal.kind != Kind::event &&
                           (signal.kind == Kind::real ? last->real == changes[c].real : last->bits == changes[c].bits);
      if (!is_same) all.push_back({changes[c].time_ps, s, changes[c].real, changes[c].bits});
      last = &changes[c];
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const MergedChange& a, const MergedChange& b) { return a.time_ps < b.time_ps; });
  return all;
}

std::vector<Place> places(const Recording& recording) {
  std::vector<Place> places;
  for (std::size_t s = 0; s < recording.signals().size(); ++s) {
    const Signal& signal = recording.signals()[s];
    Place place;
    for (const std::string& step : signal.scope) place.scope.push_back(identifier(step));
    place.name = identifier(signal.name);
    place.signal = s;
    places.push_back(std::move(place));
  }
  // A scope's signals stand together in the files, in the order of their first signal; names that became equal are told
  // apart.
  std::vector<std::vector<std::string>> order;
  for (const Place& place : places)
    for (std::size_t depth = 1; depth <= place.scope.size(); ++depth) {
      const std::vector<std::string> above(place.scope.begin(), place.scope.begin() + std::ptrdiff_t(depth));
      if (std::find(order.begin(), order.end(), above) == order.end()) order.push_back(above);
    }
  const auto rank = [&](const Place& place) {
    std::vector<std::size_t> ranks;
    for (std::size_t depth = 1; depth <= place.scope.size(); ++depth) {
      const std::vector<std::string> above(place.scope.begin(), place.scope.begin() + std::ptrdiff_t(depth));
      ranks.push_back(std::size_t(std::find(order.begin(), order.end(), above) - order.begin()));
    }
    return ranks;
  };
  std::vector<std::pair<std::vector<std::size_t>, std::size_t>> keys;
  for (std::size_t p = 0; p < places.size(); ++p) keys.emplace_back(rank(places[p]), p);
  std::sort(keys.begin(), keys.end());
  std::vector<Place> sorted;
  std::set<std::vector<std::string>> taken;
  for (const auto& [ranks, p] : keys) {
    Place place = places[p];
    const std::string name = place.name;
    for (int again = 2;; ++again) {
      std::vector<std::string> full = place.scope;
      full.push_back(place.name);
      if (taken.insert(full).second) break;
      place.name = name + "_" + std::to_string(again);
    }
    sorted.push_back(std::move(place));
  }
  return sorted;
}

}  // namespace szilard::waves
