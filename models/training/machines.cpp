// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/training/machines.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/quasistatic/unit_kernels.hpp"
#include "models/training/move.hpp"

namespace szilard::training {

using quasistatic::unit_kernels;
using quasistatic::UnitRows;

namespace {

constexpr std::size_t kMostIterations = 100000;
constexpr double kConverged = 1e-10;  ///< force left on a neuron, relative to the largest pull
constexpr double kSwitchStep = 0.2;   ///< of the fastest neuron's relaxation time
constexpr double kMostSwitchSteps = 65536;

constexpr std::uint64_t kExposureSteps = 65536;  ///< noise of an exposure is numbered behind that of the switch

double steepest(quasistatic::Activation activation) {
  return activation == quasistatic::Activation::sigmoid ? 0.25 : 1;
}

}  // namespace

Machines::Machines(const Shape& shape, const MachineOptions& options, std::uint64_t first_machine)
    : shape_(shape),
      options_(options),
      first_machine_(first_machine),
      outputs_free_(options.nudge > 0),
      targets_drawn_(options.nudge > 0),
      theta_(shape),
      before_(shape),
      kick_(shape),
      energies_(kLanes) {
  for (const Shape::Layer& layer : shape_.layers) {
    unit_at_.push_back(unit_numbers_);
    signal_at_.push_back(signal_numbers_);
    unit_numbers_ += layer.outputs * kLanes;
    signal_numbers_ += layer.inputs * kLanes;
  }
  inputs_.assign(shape_.inputs() * kLanes, 0.0);
  targets_.assign(shape_.outputs() * kLanes, 0.0);
  for (State* state : {&state_, &trial_}) state->x.assign(unit_numbers_, 0.0), state->y.assign(unit_numbers_, 0.0);
  for (Numbers* units :
       {&pull_, &strain_, &back_, &half_, &curvature_, &sums_, &kicks_, &moves_, &moves_after_, &through_kick_})
    units->assign(unit_numbers_, 0.0);
  for (Force* force : {&settled_, &now_, &predicted_, &end_})
    force->strain.assign(unit_numbers_, 0.0), force->signal.assign(signal_numbers_, 0.0);
  settled_energy_.assign(kLanes, 0.0);
}

void Machines::read_entry(const double* const* inputs, const double* const* targets, Numbers& u, Numbers& t) const {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (std::size_t k = 0; k < shape_.inputs(); ++k) u[k * kLanes + lane] = inputs[lane][k];
    for (std::size_t o = 0; targets && o < shape_.outputs(); ++o) t[o * kLanes + lane] = targets[lane][o];
  }
}

const double* Machines::signal_of(const State& state, std::size_t l) const {
  return l == 0 ? inputs_.data() : state.x.data() + unit_at_[l - 1];
}

void Machines::set_arguments(State& state, bool first_layer_too) const {
  for (std::size_t l = first_layer_too ? 0 : 1; l < theta_.layers(); ++l)
    lane_kernels().forward(theta_.layer(l), signal_of(state, l), state.y.data() + unit_at_[l]);
}

void Machines::set_forces(const State& state) {
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const Shape::Layer& layer = shape_.layers[l];
    const std::size_t at = unit_at_[l];
    unit_kernels().pull(int(layer.activation), {layer.outputs, kLanes, layer.stiffness.data()}, state.x.data() + at,
                        state.y.data() + at, pull_.data() + at, strain_.data() + at);
    if (l > 0) lane_kernels().backward(theta_.layer(l), strain_.data() + at, back_.data() + unit_at_[l - 1]);
  }
  const std::size_t last = unit_at_.back();
  for (std::size_t i = 0; i < targets_.size(); ++i)
    back_[last + i] = targets_drawn_ ? options_.nudge * (targets_[i] - state.x[last + i]) : 0;
}

void Machines::keep_force(const State& state, Force& out) const {
  out.strain = strain_;
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const double* const from = signal_of(state, l);
    std::copy(from, from + shape_.layers[l].inputs * kLanes, out.signal.data() + signal_at_[l]);
  }
}

void Machines::energy(double* out) const {
  Numbers sum(kLanes, 0.0);
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const Shape::Layer& layer = shape_.layers[l];
    unit_kernels().energy(int(layer.activation), {layer.outputs, kLanes, layer.stiffness.data()},
                          state_.x.data() + unit_at_[l], state_.y.data() + unit_at_[l], 1, sum.data());
  }
  for (std::size_t i = 0; targets_drawn_ && i < targets_.size(); ++i) {
    const double away = state_.x[unit_at_.back() + i] - targets_[i];
    sum[i % kLanes] += options_.nudge / 2 * (away * away);
  }
  std::copy(sum.begin(), sum.end(), out);
}

void Machines::add_energy(double sign, double Energies::*entry) {
  Lanes now;
  energy(now.data());
  for (std::size_t lane = 0; lane < kLanes; ++lane) energies_[lane].*entry += sign * now[lane];
}

void Machines::begin(const double* const* inputs, const double* const* targets) {
  read_entry(inputs, targets, inputs_, targets_);
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const std::size_t at = unit_at_[l];
    lane_kernels().forward(theta_.layer(l), signal_of(state_, l), state_.y.data() + at);
    unit_kernels().activate(int(shape_.layers[l].activation), shape_.layers[l].outputs * kLanes, state_.y.data() + at,
                            state_.x.data() + at);
  }
  if (!outputs_free_) std::copy(targets_.begin(), targets_.end(), state_.x.data() + unit_at_.back());
  set_curvatures();
  relax(false);
}

void Machines::move_clamps(const Numbers& inputs, const Numbers& targets) {
  add_energy(-1, &Energies::supplied);
  inputs_ = inputs;
  targets_ = targets;
  if (!outputs_free_) std::copy(targets.begin(), targets.end(), state_.x.data() + unit_at_.back());
  lane_kernels().forward(theta_.layer(0), inputs_.data(), state_.y.data());
  add_energy(1, &Energies::supplied);
}

void Machines::present(std::uint64_t presentation, const double* const* inputs, const double* const* targets,
                       double share) {
  Numbers next_inputs(inputs_.size()), next_targets(targets_.size());
  read_entry(inputs, targets, next_inputs, next_targets);
  add_energy(-1, &Energies::stored);
  set_curvatures();
  std::uint64_t step = 0;
  if (options_.switch_time > 0) follow_clamps(presentation, share, next_inputs, next_targets);
  else move_clamps(next_inputs, next_targets);
  if (options_.langevin) {
    step = kExposureSteps;
    set_forces(state_);
    keep_force(state_, settled_);
    energy(settled_energy_.data());
    langevin(presentation, step, options_.exposure, share);
  } else {
    relax(true);
    keep_force(state_, settled_);
    energy(settled_energy_.data());
    relaxed_exposure(presentation, share);
  }
  add_energy(1, &Energies::stored);
}

void Machines::use(std::uint64_t presentation, const double* const* inputs, double share) {
  outputs_free_ = true;
  add_energy(-1, &Energies::stored);
  add_energy(-1, &Energies::supplied);
  targets_drawn_ = false;  // springs that are let go give their energy back to whatever held them
  add_energy(1, &Energies::supplied);
  Numbers next_inputs(inputs_.size());
  Numbers targets = targets_;
  read_entry(inputs, nullptr, next_inputs, targets);
  set_curvatures();
  move_clamps(next_inputs, targets);
  std::uint64_t step = kExposureSteps;
  if (options_.langevin) langevin(presentation, step, options_.exposure, share);
  else relax(true), relaxed_exposure(presentation, share);
  add_energy(1, &Energies::stored);
}

/// A diagonal that bounds the curvature of H in the neurons: |J|' K |J| has row sums no smaller than J' K J's
/// eigenvalues, unit by unit.
void Machines::set_curvatures() {
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const Shape::Layer& layer = shape_.layers[l];
    const double slope = steepest(layer.activation);
    double* const sums = sums_.data() + unit_at_[l];
    if (l > 0) lane_kernels().row_sums(theta_.layer(l), sums);
    else std::fill(sums, sums + layer.outputs * kLanes, 0.0);
    const bool free = l + 1 < theta_.layers() || outputs_free_;
    for (std::size_t i = 0; i < layer.outputs * kLanes; ++i) {
      const double row = (free ? 1 : 0) + slope * sums[i];
      curvature_[unit_at_[l] + i] = layer.stiffness[i / kLanes] * row;
      sums[i] = layer.stiffness[i / kLanes] * slope * row;
    }
    if (l > 0) lane_kernels().add_weighted_columns(theta_.layer(l), sums, curvature_.data() + unit_at_[l - 1]);
  }
  for (std::size_t i = unit_at_.back(); targets_drawn_ && i < unit_numbers_; ++i) curvature_[i] += options_.nudge;
}

void Machines::add_neuron_heat(const State& from, const State& to) {
  Numbers sum(kLanes, 0.0);
  for (std::size_t l = 0; l < theta_.layers(); ++l) {
    const Shape::Layer& layer = shape_.layers[l];
    const std::size_t at = unit_at_[l];
    const bool straight =
        layer.activation == quasistatic::Activation::linear || layer.activation == quasistatic::Activation::relu;
    for (std::size_t i = at; !straight && i < at + layer.outputs * kLanes; ++i) {
      const Move move{layer.activation,
                      layer.stiffness[(i - at) / kLanes],
                      from.x[i],
                      to.x[i] - from.x[i],
                      from.y[i],
                      to.y[i] - from.y[i],
                      0,
                      0};
      sum[i % kLanes] += move.heats().neurons;
    }
    if (!straight) continue;
    unit_kernels().heat(int(layer.activation), {layer.outputs, kLanes, layer.stiffness.data()}, from.x.data() + at,
                        from.y.data() + at, to.x.data() + at, to.y.data() + at, sum.data());
  }
  for (std::size_t i = 0; targets_drawn_ && i < targets_.size(); ++i) {
    const double a = from.x[unit_at_.back() + i], b = to.x[unit_at_.back() + i];
    sum[i % kLanes] += options_.nudge * (targets_[i] - (a + b) / 2) * (b - a);
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) energies_[lane].neurons += sum[lane];
}

void Machines::relax(bool in_ledger) {
  const std::size_t count = free_numbers();
  std::copy(state_.y.begin(), state_.y.begin() + std::ptrdiff_t(unit_at_.size() > 1 ? unit_at_[1] : unit_numbers_),
            trial_.y.begin());
  trial_.x = state_.x;
  for (std::size_t iteration = 0; iteration < kMostIterations; ++iteration) {
    set_forces(state_);
    Lanes pulled{}, left{}, go{};
    for (std::size_t i = 0; i < unit_numbers_; ++i)
      pulled[i % kLanes] = std::max(pulled[i % kLanes], std::abs(pull_[i]));
    for (std::size_t i = 0; i < count; ++i)
      left[i % kLanes] = std::max(left[i % kLanes], std::abs(pull_[i] + back_[i]));
    bool all = true;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      if (!std::isfinite(left[lane])) throw std::invalid_argument("the neurons' states grow without bound");
      go[lane] = left[lane] > kConverged * pulled[lane] ? 1 : 0;
      all = all && go[lane] == 0;
    }
    if (all) return;
    for (std::size_t i = 0; i < count; ++i)
      trial_.x[i] = state_.x[i] + go[i % kLanes] * ((pull_[i] + back_[i]) / curvature_[i]);
    set_arguments(trial_, false);
    if (in_ledger) add_neuron_heat(state_, trial_);
    std::swap(state_, trial_);
  }
  throw std::runtime_error("the neurons did not come to rest");
}

void Machines::step_without_noise(const Lanes& dt) {
  const std::size_t count = free_numbers();
  set_forces(state_);
  trial_.x = state_.x;
  std::copy(state_.y.begin(), state_.y.end(), trial_.y.begin());
  std::size_t i = 0;
  for (std::size_t l = 0; l < theta_.layers(); ++l)
    for (double gamma : shape_.layers[l].friction)
      for (std::size_t lane = 0; lane < kLanes; ++lane, ++i) {
        if (i >= count) continue;
        const double move = dt[lane] / gamma * (pull_[i] + back_[i]);
        trial_.x[i] = state_.x[i] + move;
        half_[i] = state_.x[i] + move / 2;
      }
  set_arguments(trial_, false);
  set_forces(trial_);
  i = 0;
  for (std::size_t l = 0; l < theta_.layers(); ++l)
    for (double gamma : shape_.layers[l].friction)
      for (std::size_t lane = 0; lane < kLanes; ++lane, ++i)
        if (i < count) trial_.x[i] = half_[i] + dt[lane] / gamma / 2 * (pull_[i] + back_[i]);
  set_arguments(trial_, false);
  add_neuron_heat(state_, trial_);
  std::swap(state_, trial_);
}

void Machines::follow_clamps(std::uint64_t presentation, double share, const Numbers& inputs, const Numbers& targets) {
  Lanes rate{}, steps{}, dt{};
  for (std::size_t l = 0, i = 0; l < theta_.layers(); ++l)
    for (double gamma : shape_.layers[l].friction)
      for (std::size_t lane = 0; lane < kLanes; ++lane, ++i) rate[lane] = std::max(rate[lane], curvature_[i] / gamma);
  double most = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    steps[lane] = std::ceil(std::max(options_.switch_time * rate[lane] / kSwitchStep, 8.0));
    most = std::max(most, steps[lane]);
  }
  if (!(most < kMostSwitchSteps))
    throw std::invalid_argument("a switch would take more than 65535 steps: shorten 'switch'");
  const Numbers from_inputs = inputs_, from_targets = targets_;
  Numbers u(inputs.size()), t(targets.size());
  for (double n = 0; n <= most; ++n) {
    Lanes part;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      part[lane] = n < steps[lane] ? (n + 0.5) / steps[lane] : 1;
      dt[lane] = n < steps[lane] ? options_.switch_time / steps[lane] : 0;
    }
    const auto between = [&](const Numbers& from, const Numbers& to, Numbers& out) {
      for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = part[i % kLanes] < 1 ? from[i] + part[i % kLanes] * (to[i] - from[i]) : to[i];
    };
    between(from_inputs, inputs, u);
    between(from_targets, targets, t);
    move_clamps(u, t);
    if (n == most) break;
    if (options_.langevin) langevin_step(presentation, std::uint64_t(n), dt, share);
    else step_without_noise(dt);
  }
}

void Machines::save(std::vector<double>& out) const {
  for (const Numbers* numbers : {&theta_.values(), &inputs_, &targets_, &state_.x, &state_.y})
    out.insert(out.end(), numbers->begin(), numbers->end());
  for (const Energies& e : energies_) out.insert(out.end(), {e.supplied, e.parameters, e.neurons, e.stored});
  out.push_back(double(steps_));
}

void Machines::load(const std::vector<double>& in, std::size_t& at) {
  const auto take = [&](Numbers& numbers) {
    if (in.size() - at < numbers.size()) throw std::invalid_argument("the checkpoint is too short");
    std::copy(in.begin() + std::ptrdiff_t(at), in.begin() + std::ptrdiff_t(at + numbers.size()), numbers.begin());
    at += numbers.size();
  };
  for (Numbers* numbers : {&theta_.values(), &inputs_, &targets_, &state_.x, &state_.y}) take(*numbers);
  Numbers rest(4 * kLanes + 1);
  take(rest);
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    energies_[lane] = {rest[4 * lane], rest[4 * lane + 1], rest[4 * lane + 2], rest[4 * lane + 3]};
  steps_ = std::uint64_t(rest.back());
}

}  // namespace szilard::training
