// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/attribution/attribution.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <stdexcept>
#include <utility>

#include "sim/attribution/child_run.hpp"
#include "sim/scenario/effects.hpp"

namespace szilard::attribution {
namespace {

using scenario::Effect;
using scenario::PlatformSpec;
using scenario::Scenario;

/// A scenario to run, and what it is: an effect, or none where nothing or everything is off.
struct Variant {
  enum class Kind { as_it_is, without, alone, without_any } kind = Kind::as_it_is;
  const Effect* effect = nullptr;
  Scenario scenario;

  std::string what() const {
    switch (kind) {
      case Kind::as_it_is:
        return "as it is";
      case Kind::without:
        return "without " + effect->name;
      case Kind::alone:
        return effect->name + " alone";
      case Kind::without_any:
        return "without any effect";
    }
    return {};
  }
};

// Remedies stay: without what they counteract they do nothing.
void switch_off_all_but(PlatformSpec& spec, const Effect* kept) {
  for (const Effect& one : scenario::effects())
    if (&one != kept && !one.is_remedy && one.is_on(spec)) one.switch_off(spec);
}

std::vector<Variant> variants_of(const Scenario& stripped) {
  std::vector<Variant> variants;
  variants.push_back({Variant::Kind::as_it_is, nullptr, stripped});
  const auto make = [&](Variant::Kind kind, const Effect* effect) {
    Variant variant{kind, effect, stripped};
    for (PlatformSpec& spec : variant.scenario.platforms) {
      if (kind != Variant::Kind::without) switch_off_all_but(spec, effect);
      else if (effect->is_on(spec)) effect->switch_off(spec);
    }
    variants.push_back(std::move(variant));
  };
  for (const Effect& effect : scenario::effects()) {
    const auto on = [&](const PlatformSpec& spec) { return effect.is_on(spec); };
    if (std::none_of(stripped.platforms.begin(), stripped.platforms.end(), on)) continue;
    make(Variant::Kind::without, &effect);
    if (!effect.is_remedy) make(Variant::Kind::alone, &effect);
  }
  make(Variant::Kind::without_any, nullptr);
  return variants;
}

Outcome outcome_of(const ChildOutcome& child, const ChildOutcome& as_it_is) {
  Outcome out;
  const double n = static_cast<double>(child.right.size());
  double right = 0, gained = 0, lost = 0;
  for (std::size_t s = 0; s < child.right.size(); ++s) {
    right += child.right[s];
    gained += child.right[s] && !as_it_is.right[s];
    lost += !child.right[s] && as_it_is.right[s];
  }
  if (child.has_labels) out.accuracy = right / n;
  out.agreement = child.agreement;
  out.output_rms_error = child.output_rms_error;
  out.energy_per_inference_j = child.energy_per_inference_j;
  out.difference_standard_error = std::sqrt(std::max(0.0, gained + lost - (gained - lost) * (gained - lost) / n)) / n;
  return out;
}

bool has_effect(const PlatformSpec& spec) {
  const auto& all = scenario::effects();
  return !spec.is_digital && std::any_of(all.begin(), all.end(), [&](const Effect& one) { return one.is_on(spec); });
}

}  // namespace

Result attribute(const Scenario& scenario, const cosim::Workload& workload, std::size_t quantum, std::size_t jobs,
                 const std::function<void(const std::string& what, double share)>& on_progress) {
  Result result;
  Scenario stripped = scenario;
  stripped.compare_pairs.clear();
  auto& platforms = stripped.platforms;
  platforms.erase(
      std::remove_if(platforms.begin(), platforms.end(), [](const PlatformSpec& p) { return !has_effect(p); }),
      platforms.end());
  for (PlatformSpec& platform : platforms) platform.fault.reset();
  if (platforms.empty()) return result;
  for (const PlatformSpec& spec : platforms) result.platforms.push_back({spec.name, {}, {}, {}});

  const std::vector<Variant> variants = variants_of(stripped);
  result.runs = variants.size();
  std::deque<ChildRun> running;
  std::size_t started = 0;
  std::vector<ChildOutcome> as_it_is;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    while (started < variants.size() && running.size() < std::max<std::size_t>(1, jobs))
      running.emplace_back(variants[started++].scenario, workload, quantum);
    const Variant& variant = variants[v];
    on_progress(variant.what(), double(v) / double(variants.size()));
    std::vector<ChildOutcome> children;
    try {
      children = running.front().wait();
    } catch (const std::runtime_error& error) {
      result.failures.push_back("attribution, " + variant.what() + ": " + error.what());
    }
    running.pop_front();
    if (v == 0) as_it_is = children;
    if (as_it_is.empty()) return result;
    if (children.empty()) continue;
    for (std::size_t p = 0; p < platforms.size(); ++p) {
      Platform& platform = result.platforms[p];
      const Outcome outcome = outcome_of(children[p], as_it_is[p]);
      if (variant.kind == Variant::Kind::as_it_is) platform.as_it_is = outcome;
      if (variant.kind == Variant::Kind::without_any) platform.without_any = outcome;
      if (!variant.effect || !variant.effect->is_on(platforms[p])) continue;
      if (variant.kind == Variant::Kind::without)
        platform.rows.push_back({variant.effect->name, variant.effect->is_remedy, outcome, std::nullopt});
      else if (!platform.rows.empty() && platform.rows.back().effect == variant.effect->name)
        platform.rows.back().alone = outcome;
    }
  }
  return result;
}

}  // namespace szilard::attribution
