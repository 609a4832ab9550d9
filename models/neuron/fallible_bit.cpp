// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/fallible_bit.hpp"

#include <algorithm>

namespace szilard::neuron {
namespace {

/// Beyond this e^(-dE / kT) lies below the smallest uniform number.
constexpr double kCertain_kT = 37;
constexpr double kNearestInput = 1e-16;  ///< of full scale, that a self-timed decision tells from the threshold
constexpr double kProbeStep = 0x1p-10;   ///< of full scale; the response is linear, so its size cancels

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(std::string("neurons: ") + what);
}

bool finite_and_not_negative(double value) { return value >= 0 && std::isfinite(value); }

support::RandomStream stream(std::uint64_t seed, const std::string& name, const char* purpose) {
  return {seed, support::stream_of((name + purpose).c_str())};
}

}  // namespace

FallibleBit::FallibleBit(BitErrors errors, double full_scale, double decision_time_s, std::uint64_t seed,
                         const std::string& stream_name)
    : errors_(std::move(errors)),
      full_scale_(full_scale),
      waits_s_(errors_.is_self_timed ? -errors_.regeneration_time_s * std::log(kNearestInput) : decision_time_s),
      decision_(stream(seed, stream_name, "/decision_error")),
      retention_(stream(seed, stream_name, "/retention")),
      read_(stream(seed, stream_name, "/state_read")) {
  require(finite_and_not_negative(errors_.hysteresis), "hysteresis must be finite and not negative");
  require(finite_and_not_negative(errors_.regeneration_time_s),
          "the regeneration time must be finite and not negative");
  require(finite_and_not_negative(errors_.state_energy_j), "the energy of the states must be finite and not negative");
  require(errors_.retention_time_s >= 0, "the retention time must not be negative");
  require(finite_and_not_negative(errors_.read_energy_j), "the read energy must be finite and not negative");
  require(!errors_.is_self_timed || errors_.regeneration_time_s > 0,
          "a self-timed decision needs a regeneration time above 0 s");
  if (errors_.regeneration_time_s > 0) {
    require(waits_s_ > 0, "metastability needs a decision time above 0 s");
    unresolved_below_ =
        full_scale * (errors_.is_self_timed ? kNearestInput : std::exp(-waits_s_ / errors_.regeneration_time_s));
  }
  if (errors_.state_energy_j > 0 || errors_.read_energy_j > 0)
    require(errors_.temperature_k > 0 && std::isfinite(errors_.temperature_k),
            "thermal errors and reads need a finite temperature above 0 K");
  const double kt_j = support::kBoltzmann_J_per_K * errors_.temperature_k;
  if (errors_.state_energy_j > 0 && full_scale > 0) per_kt_ = errors_.state_energy_j / (kt_j * full_scale);
  if (errors_.read_energy_j > 0) read_sigma_ = std::sqrt(kt_j / errors_.read_energy_j);
}

bool FallibleBit::decide(double y, double threshold, bool held, std::uint64_t sample, std::uint32_t neuron,
                         BitErrorCounts& counts, double& slowest_s) const {
  if (errors_.hysteresis > 0) threshold += (held ? -0.5 : 0.5) * errors_.hysteresis * full_scale_;
  const double v = y - threshold, distance = std::abs(v);
  ++counts.decisions;
  bool is_unresolved = false;
  if (errors_.regeneration_time_s > 0 && full_scale_ > 0) {
    is_unresolved = distance < unresolved_below_;
    const double time_s =
        is_unresolved ? waits_s_
                      : std::clamp(errors_.regeneration_time_s * std::log(full_scale_ / distance), 0.0, waits_s_);
    counts.resolution_s += time_s;
    counts.longest_resolution_s = std::max(counts.longest_resolution_s, time_s);
    slowest_s = std::max(slowest_s, time_s);
  }
  bool state = v > 0;
  const double exponent = distance * per_kt_;
  if (is_unresolved || (per_kt_ > 0 && exponent < kCertain_kT)) {
    const double wrong = is_unresolved ? 0.5 : 1 / (1 + std::exp(exponent));
    if (decision_.uniform(sample, neuron) < wrong) state = !state;
  }
  counts.unresolved += is_unresolved;
  counts.wrong += state != (v > 0);
  return state;
}

bool FallibleBit::flips(double hold_s, std::uint64_t sample, std::uint32_t neuron) const {
  if (!(errors_.retention_time_s > 0) || !(hold_s > 0)) return false;
  return retention_.uniform(sample, neuron) < -0.5 * std::expm1(-2 * hold_s / errors_.retention_time_s);
}

bool FallibleBit::read(bool state, double y, std::uint64_t sample, std::uint32_t neuron) const {
  const double step = kProbeStep * (full_scale_ > 0 ? full_scale_ : 1), stepped = y + step;
  const double response = (state ? stepped : 0.0) - (state ? y : 0.0);
  return response + step * read_sigma_ * read_.gaussian(sample, neuron) > 0.5 * step;
}

}  // namespace szilard::neuron
