// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/part_accounts.hpp"

#include <algorithm>
#include <string>

namespace szilard::cosim {
namespace {

using scenario::PartSpec;

std::int64_t events_of(PartSpec::Per per, const mapping::LayerChain& chain) {
  if (per == PartSpec::Per::inference) return 1;
  std::size_t events = 0;
  for (const mapping::Layer& layer : chain.layers) {
    const linear::LinearMap& map = layer.map;
    if (per == PartSpec::Per::input)
      events += static_cast<std::size_t>(
          std::count_if(map.gather.begin(), map.gather.end(), [](std::int32_t f) { return f >= 0; }));
    if (per == PartSpec::Per::output) events += map.total_outputs();
    if (per == PartSpec::Per::product) events += map.groups * map.positions;
    if (per == PartSpec::Per::mac) events += map.macs();
  }
  return static_cast<std::int64_t>(events);
}

const char* name_of(PartSpec::Per per) {
  switch (per) {
    case PartSpec::Per::inference:
      return "inferences";
    case PartSpec::Per::input:
      return "inputs";
    case PartSpec::Per::output:
      return "outputs";
    case PartSpec::Per::product:
      return "products";
    case PartSpec::Per::mac:
      return "macs";
  }
  return "";
}

class Books {
 public:
  Books(energy::EnergySink& ledger, energy::AccountInfo info) : ledger_(ledger) {
    info.origin = energy::Origin::table;
    info.fate = energy::Fate::supplied;
    supplied_ = ledger.open(info);
    info.fate = energy::Fate::dissipated;
    dissipated_ = ledger.open(info);
  }
  void post(std::uint64_t sample, double energy_j, std::int64_t count) {
    ledger_.post_joules(supplied_, sample, energy_j, count);
    ledger_.post_joules(dissipated_, sample, energy_j, count);
  }

 private:
  energy::EnergySink& ledger_;
  energy::AccountId supplied_ = 0, dissipated_ = 0;
};

}  // namespace

void post_parts(const scenario::PlatformSpec& spec, const Platform& platform, const mapping::LayerChain& chain,
                energy::EnergySink& ledger) {
  for (const PartSpec& part : spec.parts) {
    const auto count = static_cast<double>(part.count);
    const support::Parameter built(count, "scenario", "choice");
    const std::string component = spec.name + "/parts/" + part.path;
    if (part.power_w) {
      energy::AccountInfo info{component,
                               part.mechanism + "_static",
                               {},
                               {},
                               "E = count P t",
                               "parts",
                               {{"power of one", *part.power_w, "W"}, {"count", built, ""}}};
      if (part.time_s) info.coefficients.push_back({"time", *part.time_s, "s"});
      Books books(ledger, info);
      for (std::size_t s = 0; s < platform.entered_ps().size(); ++s) {
        const double busy_s = part.during == PartSpec::During::interval
                                  ? double(platform.interval_ps()) * 1e-12
                                  : double(platform.ended_ps()[s] - platform.entered_ps()[s]) * 1e-12;
        books.post(s, count * part.power_w->value * (part.time_s ? part.time_s->value : busy_s), part.count);
      }
    }
    if (!part.energy_j) continue;
    const std::int64_t events = events_of(part.per, chain);
    Books books(ledger, {component,
                         part.mechanism,
                         {},
                         {},
                         "E = count x events x energy of one",
                         name_of(part.per),
                         {{"energy of one event", *part.energy_j, "J"}, {"count", built, ""}}});
    for (std::size_t s = 0; s < platform.entered_ps().size(); ++s)
      books.post(s, count * double(events) * part.energy_j->value, events * part.count);
  }
}

std::vector<support::AreaPart> areas_of_parts(const scenario::PlatformSpec& spec) {
  std::vector<support::AreaPart> areas;
  for (const PartSpec& part : spec.parts)
    if (part.area_m2) areas.push_back({spec.name + "/parts/" + part.path, part.count, "parts", part.area_m2});
  return areas;
}

}  // namespace szilard::cosim
