// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/relaxation.hpp"

#include <cmath>
#include <utility>

namespace szilard::quasistatic {

PathNoise::PathNoise(std::uint64_t seed, std::size_t units)
    : seed_(seed), units_(units), steps_of_epoch_((std::uint64_t(1) << 32) / units) {}

void PathNoise::draw(std::uint64_t step, std::uint64_t first_path, std::size_t paths, Field& z) const {
  // An index has 32 bits; what does not fit goes above the 44 bits that paths may use.
  const std::uint64_t epoch = step / steps_of_epoch_, index = (step % steps_of_epoch_) * units_;
  const support::RandomStream random(seed_, support::stream_of("quasistatic/bath"));
  random.gaussians_block((epoch << 44) | first_path, paths, z.lanes, std::uint32_t(index), units_, z.row(0));
}

support::RandomStream PathNoise::start() const { return {seed_, support::stream_of("quasistatic/start")}; }

Relaxation::Relaxation(const Network& network, std::size_t lanes, double dt, double kT, Integrator integrator)
    : layout_(network, lanes),
      integrator_(integrator),
      cold_(kT == 0),
      states_(layout_.make_states()),
      trial_(layout_.make_states()),
      driven_(network.layers[0].map.total_outputs(), lanes) {
  for (const Layer& layer : network.layers)
    for (double gamma : layer.friction) {
      drift_.push_back(dt / gamma);
      noise_.push_back(std::sqrt(2 * kT * dt / gamma));
    }
  const std::size_t n = layout_.units();
  if (integrator_ == Integrator::exact) {
    minimum_ = deviations_ = Field(n, lanes);
    law_ = std::make_unique<ExactRelaxation>(network, dt, kT);
  } else if (integrator_ == Integrator::pieces) {
    pieces_ = std::make_unique<PieceRelaxation>(layout_, dt, kT);
  } else {
    pull_ = strain_ = back_ = half_ = Field(n, lanes);
  }
}

void Relaxation::set_drive(const Field& from, const Field& to, const double* part) {
  unit_kernels().between({from.rows, from.lanes, nullptr}, from.row(0), to.row(0), part, driven_.row(0));
  layout_.set_first_arguments(driven_, states_);
}

void Relaxation::set_minimum(const Field& from, const Field& to, const double* part) {
  unit_kernels().between({from.rows, from.lanes, nullptr}, from.row(0), to.row(0), part, minimum_.row(0));
}

void Relaxation::heun(const Field& z) {
  const UnitRows all{layout_.units(), layout_.lanes(), nullptr};
  layout_.set_forces(states_, pull_, strain_, back_);
  unit_kernels().predict(all, drift_.data(), noise_.data(), states_.x.row(0), pull_.row(0), back_.row(0),
                         cold_ ? nullptr : z.row(0), trial_.x.row(0), half_.row(0));
  layout_.set_arguments(trial_);
  if (integrator_ == Integrator::euler_maruyama) return;
  layout_.set_forces(trial_, pull_, strain_, back_);
  unit_kernels().correct(all, drift_.data(), half_.row(0), pull_.row(0), back_.row(0), trial_.x.row(0));
  layout_.set_arguments(trial_);
}

void Relaxation::exact(const Field& z) {
  const std::size_t count = minimum_.values.size();
  for (std::size_t i = 0; i < count; ++i) deviations_.values[i] = states_.x.values[i] - minimum_.values[i];
  law_->step(deviations_, cold_ ? nullptr : z.row(0));
  for (std::size_t i = 0; i < count; ++i) trial_.x.values[i] = minimum_.values[i] + deviations_.values[i];
  layout_.set_arguments(trial_);
}

void Relaxation::step(const Field& z, double* heat) {
  const std::size_t first_layer = layout_.rows(0).units * layout_.lanes();
  std::copy(states_.y.values.begin(), states_.y.values.begin() + std::ptrdiff_t(first_layer), trial_.y.values.begin());
  if (!states_.raw[0].values.empty()) trial_.raw[0].values = states_.raw[0].values;
  if (integrator_ == Integrator::exact) exact(z);
  else if (integrator_ == Integrator::pieces) pieces_->step(layout_, states_, cold_ ? nullptr : z.row(0), trial_);
  else heun(z);
  layout_.add_heat(states_, trial_, heat);
  std::swap(states_, trial_);
}

}  // namespace szilard::quasistatic
