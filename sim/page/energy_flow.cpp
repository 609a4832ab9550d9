// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/page/energy_flow.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace szilard::page {
namespace {

/// PLATFORM/LAYER/tile_1_2/... -> LAYER / tiles.
struct Part {
  std::string layer, name;
};

Part part_of(const std::string& component, std::size_t platform_size) {
  if (component.size() <= platform_size) return {"", "platform"};
  const std::string below = component.substr(platform_size + 1);
  const std::size_t last = below.rfind('/');
  // Layers may have slashes in their names; parts are the last step of a path.
  std::string layer = last == std::string::npos ? below : below.substr(0, last);
  std::string part = last == std::string::npos ? "" : below.substr(last + 1);
  if (part.compare(0, 5, "tile_") == 0) part = "tiles";
  return {layer, part.empty() ? layer : layer + " · " + part};
}

class Builder {
 public:
  void add(const std::string& from, const std::string& to, double joules) { amounts_[{from, to}] += joules; }

  EnergyFlow finish() {
    EnergyFlow flow;
    std::set<std::string> known;
    const auto node = [&](const std::string& name) {
      if (known.insert(name).second) flow.nodes.push_back(name);
    };
    // Two flows against one another are one: what passes in the end.
    for (auto& [ends, joules] : amounts_) {
      const auto back = amounts_.find({ends.second, ends.first});
      if (back == amounts_.end() || joules < back->second) continue;
      joules -= back->second;
      back->second = 0;
    }
    for (const auto& [ends, joules] : amounts_) {
      if (joules > 0) {
        node(ends.first);
        node(ends.second);
        flow.links.push_back({ends.first, ends.second, joules});
      } else {
        flow.left_out_j += std::abs(joules);
      }
    }
    drop_cycles(flow);
    return flow;
  }

 private:
  static bool reaches(const EnergyFlow& flow, const std::string& from, const std::string& to) {
    std::set<std::string> seen{from};
    std::vector<std::string> next{from};
    while (!next.empty()) {
      const std::string name = next.back();
      next.pop_back();
      if (name == to) return true;
      for (const EnergyFlow::Link& link : flow.links)
        if (link.from == name && seen.insert(link.to).second) next.push_back(link.to);
    }
    return false;
  }

  /// The diagram has no cycles: the smallest link of each is left out.
  static void drop_cycles(EnergyFlow& flow) {
    while (true) {
      auto smallest = flow.links.end();
      for (auto link = flow.links.begin(); link != flow.links.end(); ++link)
        if ((smallest == flow.links.end() || link->joules < smallest->joules) && reaches(flow, link->to, link->from))
          smallest = link;
      if (smallest == flow.links.end()) return;
      flow.left_out_j += smallest->joules;
      flow.links.erase(smallest);
    }
  }

  std::map<std::pair<std::string, std::string>, double> amounts_;
};

}  // namespace

EnergyFlow energy_flow(const std::string& platform, const Json& accounts) {
  struct Entry {
    Part part;
    std::string mechanism;
    double joules;
  };
  /// What a part put by and took again in the run, apart so that rounding is no flow.
  struct Store {
    double in = 0, out = 0;
    void add(double joules) { (joules > 0 ? in : out) += std::abs(joules); }
  };
  std::vector<Entry> exported, received;
  std::map<std::string, Store> stores;
  Builder builder;
  const std::string prefix = platform + "/";
  for (const Json& account : accounts) {
    const std::string component = account.at("component").get<std::string>();
    if (component != platform && component.compare(0, prefix.size(), prefix) != 0) continue;
    const Entry entry{part_of(component, platform.size()), account.at("mechanism").get<std::string>(),
                      account.at("joules").get<double>()};
    const std::string fate = account.at("fate").get<std::string>();
    if (entry.joules == 0) continue;
    if (fate == "supplied") builder.add("supplied", entry.part.name, entry.joules);
    else if (fate == "dissipated") builder.add(entry.part.name, "heat: " + entry.mechanism, entry.joules);
    else if (fate == "recovered") builder.add(entry.part.name, "recovered", entry.joules);
    else if (fate == "stored") stores[entry.part.name].add(entry.joules);
    else if (fate == "exported") exported.push_back(entry);
    else if (fate == "received") received.push_back(entry);
  }
  for (const auto& [part, store] : stores) {
    if (std::abs(store.in - store.out) < 1e-9 * (store.in + store.out)) continue;
    if (store.in > store.out) builder.add(part, "stored", store.in - store.out);
    else builder.add("taken from stores", part, store.out - store.in);
  }
  for (const Entry& from : exported) {
    double sum = 0;
    for (const bool any_layer : {false, true}) {
      if (sum != 0) break;
      const auto takes = [&](const Entry& to) {
        return to.mechanism == from.mechanism && (any_layer || to.part.layer == from.part.layer);
      };
      for (const Entry& to : received) sum += takes(to) ? to.joules : 0;
      if (sum == 0) continue;
      for (const Entry& to : received)
        if (takes(to) && to.part.name != from.part.name)
          builder.add(from.part.name, to.part.name, from.joules * to.joules / sum);
    }
  }
  return builder.finish();
}

}  // namespace szilard::page
