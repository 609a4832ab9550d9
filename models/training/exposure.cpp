// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// How parameters give way while an entry stays.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/quasistatic/network.hpp"
#include "models/support/philox.hpp"
#include "models/support/units.hpp"
#include "models/training/machines.hpp"
#include "models/training/move.hpp"

namespace szilard::training {
namespace {

/// Change of the force over one step, relative to the force.
constexpr double kRelaxedStep = 0.05;
constexpr double kMostParts = 2000;
/// Of the fastest relaxation time of neurons and parameters: Heun's variance is short of a quarter percent.
constexpr double kLangevinStep = 0.1;
constexpr double kMostLangevinSteps = 960000;  ///< numbered in 20 bits, behind those of the switch

std::uint64_t noise_sample(std::uint64_t presentation, std::uint64_t step, std::uint64_t machine) {
  return (presentation << 20 | step) << 8 | machine;
}

}  // namespace

void Machines::draw_parameter_kicks(std::uint64_t presentation, std::uint64_t step) {
  const support::RandomStream random(options_.seed, support::stream_of("training/parameters"));
  random.gaussians_block(noise_sample(presentation, step, first_machine_), kLanes, kLanes, 0, theta_.count(),
                         kick_.values().data());
}

LaneMatrix Machines::moving(const Parameters& parameters, std::size_t l) const {
  LaneMatrix m = parameters.layer(l);
  if (!options_.biases) m.bias = nullptr;
  return m;
}

void Machines::add_to_parameters(const Lanes& rate, const Force& force) {
  alignas(64) Lanes aligned = rate;
  for (std::size_t l = 0; l < theta_.layers(); ++l)
    lane_kernels().add_outer(moving(theta_, l), aligned.data(), force.strain.data() + unit_at_[l],
                             force.signal.data() + signal_at_[l]);
}

void Machines::set_moves(const Lanes& rate, const Force& a, const Force& b, const Lanes& kick, const Numbers& signal,
                         Numbers& moves) {
  const bool noisy = options_.kT_parameters > 0;
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const double* const at = signal.data() + signal_at_[l];
    Lanes dot_a, dot_b;
    dot_a.fill(options_.biases), dot_b.fill(options_.biases);  // a bias reads 1
    for (std::size_t i = 0; i < shape_.layers[l].inputs * kLanes; ++i) {
      dot_a[i % kLanes] += a.signal[signal_at_[l] + i] * at[i];
      dot_b[i % kLanes] += b.signal[signal_at_[l] + i] * at[i];
    }
    const std::size_t unit = unit_at_[l];
    if (noisy) lane_kernels().forward(moving(kick_, l), at, through_kick_.data() + unit);
    for (std::size_t i = 0; i < shape_.layers[l].outputs * kLanes; ++i) {
      const std::size_t lane = i % kLanes;
      moves[unit + i] = rate[lane] * (a.strain[unit + i] * dot_a[lane] + b.strain[unit + i] * dot_b[lane]) +
                        (noisy ? kick[lane] * through_kick_[unit + i] : 0);
    }
  }
}

/// Change of the force under a trial move over a part of the exposure, relative to the force; infinite where the
/// machine breaks.
Machines::Lanes Machines::change_of_force(double share, double part) {
  before_ = theta_;
  const State kept = state_;
  Lanes rate, before{}, change{}, relative;
  rate.fill(options_.mobility * share * options_.exposure * part);
  add_to_parameters(rate, settled_);
  set_arguments(state_, true);
  bool broken = false;
  try {
    relax(false);
  } catch (const std::invalid_argument&) {
    broken = true;
  }
  keep_force(state_, predicted_);
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    Lanes x00, x11, x01;
    x00.fill(options_.biases), x11.fill(options_.biases), x01.fill(options_.biases);
    for (std::size_t i = 0; i < shape_.layers[l].inputs * kLanes; ++i) {
      const double a = settled_.signal[signal_at_[l] + i], b = predicted_.signal[signal_at_[l] + i];
      x00[i % kLanes] += a * a, x11[i % kLanes] += b * b, x01[i % kLanes] += a * b;
    }
    for (std::size_t i = 0; i < shape_.layers[l].outputs * kLanes; ++i) {
      const std::size_t lane = i % kLanes;
      const double a = settled_.strain[unit_at_[l] + i], b = predicted_.strain[unit_at_[l] + i];
      before[lane] += a * a * x00[lane];
      change[lane] += a * a * x00[lane] + b * b * x11[lane] - 2 * a * b * x01[lane];
    }
  }
  theta_ = before_;
  state_ = kept;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    relative[lane] = before[lane] > 0 ? std::sqrt(std::max(change[lane], 0.0) / before[lane]) : 0;
    if (broken || !std::isfinite(relative[lane])) relative[lane] = std::numeric_limits<double>::infinity();
  }
  return relative;
}

std::array<std::uint32_t, kLanes> Machines::parts_of_exposure(double share) {
  const Lanes relative = change_of_force(share, 1);
  std::array<std::uint32_t, kLanes> parts;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (!(relative[lane] <= kMostParts * kRelaxedStep)) refuse_exposure(share, lane);
    parts[lane] = std::uint32_t(std::max(1.0, std::ceil(relative[lane] / kRelaxedStep)));
  }
  return parts;
}

void Machines::refuse_exposure(double share, std::size_t lane) {
  double part = 1, change = std::numeric_limits<double>::infinity();
  while (change > 0.5 && part > 1e-300) part /= 16, change = change_of_force(share, part)[lane];
  const double largest = options_.exposure * part * kMostParts * kRelaxedStep / change;
  throw std::invalid_argument("the parameters give way too fast: with this mobility an exposure of at most " +
                              support::shortest(largest) + " is stable, not " + support::shortest(options_.exposure));
}

void Machines::relaxed_exposure(std::uint64_t presentation, double share) {
  const std::array<std::uint32_t, kLanes> parts = parts_of_exposure(share);
  const std::uint32_t most = *std::max_element(parts.begin(), parts.end());
  now_ = settled_;
  Lanes rate, half, back, kick{};
  for (std::uint32_t n = 0; n < most; ++n) {
    earlier_ = state_;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const bool goes = n < parts[lane];
      steps_ += goes;
      rate[lane] = goes ? options_.mobility * share * options_.exposure / parts[lane] : 0;
      half[lane] = rate[lane] / 2;
      back[lane] = -half[lane];
      kick[lane] = std::sqrt(2 * options_.kT_parameters * rate[lane]);
    }
    add_to_parameters(rate, now_);
    if (options_.kT_parameters > 0) {
      draw_parameter_kicks(presentation, n);
      alignas(64) Lanes aligned = kick;
      for (std::size_t l = 0; l < theta_.layers(); ++l)
        lane_kernels().add_scaled(moving(theta_, l), aligned.data(), kick_.layer(l));
    }
    set_arguments(state_, true);
    relax(false);
    keep_force(state_, predicted_);
    add_to_parameters(back, now_);
    add_to_parameters(half, predicted_);
    set_arguments(state_, true);
    relax(false);
    keep_force(state_, end_);
    set_moves(half, now_, predicted_, kick, now_.signal, moves_);
    set_moves(half, now_, predicted_, kick, end_.signal, moves_after_);
    add_joint_heat(earlier_, state_, moves_, moves_after_);
    std::swap(now_, end_);
  }
}

void Machines::langevin(std::uint64_t presentation, std::uint64_t step, double time, double share) {
  Lanes rate{}, steps{}, dt{};
  for (std::size_t l = 0, i = 0; l < theta_.layers(); ++l) {
    Lanes square;
    square.fill(options_.biases);
    const double* const signal = signal_of(state_, l);
    for (std::size_t k = 0; k < shape_.layers[l].inputs * kLanes; ++k) square[k % kLanes] += signal[k] * signal[k];
    for (std::size_t o = 0; o < shape_.layers[l].outputs; ++o)
      for (std::size_t lane = 0; lane < kLanes; ++lane, ++i)
        rate[lane] = std::max({rate[lane], curvature_[i] / shape_.layers[l].friction[o],
                               shape_.layers[l].stiffness[o] * options_.mobility * share * square[lane]});
  }
  double most = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    steps[lane] = std::ceil(std::max(time * rate[lane] / kLangevinStep, 1.0));
    most = std::max(most, steps[lane]);
  }
  if (!(most <= kMostLangevinSteps))
    throw std::invalid_argument("an exposure would take more than 960000 steps: shorten 'exposure'");
  for (double n = 0; n < most; ++n) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) dt[lane] = n < steps[lane] ? time / steps[lane] : 0;
    langevin_step(presentation, step++, dt, share);
  }
}

void Machines::langevin_step(std::uint64_t presentation, std::uint64_t step, const Lanes& dt, double share) {
  const std::size_t count = free_numbers();
  const bool warm = options_.kT_neurons > 0;
  if (warm) {
    const support::RandomStream random(options_.seed, support::stream_of("training/neurons"));
    random.gaussians_block(noise_sample(presentation, step, first_machine_), kLanes, kLanes, 0, unit_numbers_ / kLanes,
                           kicks_.data());
  }
  Lanes rate, half, back, kick;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    steps_ += dt[lane] > 0;
    rate[lane] = options_.mobility * share * dt[lane];
    half[lane] = rate[lane] / 2;
    back[lane] = -half[lane];
    kick[lane] = std::sqrt(2 * options_.kT_parameters * rate[lane]);
  }
  set_forces(state_);
  keep_force(state_, now_);
  trial_.x = state_.x;
  std::size_t i = 0;
  for (std::size_t l = 0; l < theta_.layers(); ++l)
    for (double gamma : shape_.layers[l].friction)
      for (std::size_t lane = 0; lane < kLanes; ++lane, ++i) {
        if (i >= count) continue;
        const double move = dt[lane] / gamma * (pull_[i] + back_[i]);
        const double kicked =
            state_.x[i] + (warm ? std::sqrt(2 * options_.kT_neurons * dt[lane] / gamma) * kicks_[i] : 0);
        trial_.x[i] = kicked + move;
        half_[i] = kicked + move / 2;
      }
  add_to_parameters(rate, now_);
  if (options_.kT_parameters > 0) {
    draw_parameter_kicks(presentation, step);
    alignas(64) Lanes aligned = kick;
    for (std::size_t l = 0; l < theta_.layers(); ++l)
      lane_kernels().add_scaled(moving(theta_, l), aligned.data(), kick_.layer(l));
  }
  set_arguments(trial_, true);
  set_forces(trial_);
  keep_force(trial_, predicted_);
  i = 0;
  for (std::size_t l = 0; l < theta_.layers(); ++l)
    for (double gamma : shape_.layers[l].friction)
      for (std::size_t lane = 0; lane < kLanes; ++lane, ++i)
        if (i < count) trial_.x[i] = half_[i] + dt[lane] / gamma / 2 * (pull_[i] + back_[i]);
  add_to_parameters(back, now_);
  add_to_parameters(half, predicted_);
  set_arguments(trial_, true);
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const double* const signal = signal_of(trial_, l);
    std::copy(signal, signal + shape_.layers[l].inputs * kLanes, end_.signal.data() + signal_at_[l]);
  }
  set_moves(half, now_, predicted_, kick, now_.signal, moves_);
  set_moves(half, now_, predicted_, kick, end_.signal, moves_after_);
  add_joint_heat(state_, trial_, moves_, moves_after_);
  std::swap(state_, trial_);
}

void Machines::add_joint_heat(const State& from, const State& to, const Numbers& moves, const Numbers& moves_after) {
  std::size_t i = 0;
  for (std::size_t l = 0; l < shape_.layers.size(); ++l)
    for (double kappa : shape_.layers[l].stiffness)
      for (std::size_t lane = 0; lane < kLanes; ++lane, ++i) {
        // Inputs are held: all that the first layer's arguments do is the parameters' doing.
        const double all = to.y[i] - from.y[i];
        const double by_parameters = l == 0 ? all : moves[i], both = l == 0 ? 0 : moves_after[i] - moves[i];
        const double by_signals = l == 0 ? 0 : all - moves_after[i];
        const Move move{shape_.layers[l].activation,
                        kappa,
                        from.x[i],
                        to.x[i] - from.x[i],
                        from.y[i],
                        by_signals,
                        by_parameters,
                        both};
        const Move::Heats heats = move.heats();
        energies_[lane].neurons += heats.neurons;
        energies_[lane].parameters += heats.parameters;
      }
  for (std::size_t o = 0; targets_drawn_ && o < targets_.size(); ++o) {
    const double a = from.x[unit_at_.back() + o], b = to.x[unit_at_.back() + o];
    energies_[o % kLanes].neurons += options_.nudge * (targets_[o] - (a + b) / 2) * (b - a);
  }
}

}  // namespace szilard::training
