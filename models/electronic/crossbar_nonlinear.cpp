// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Stages whose cells are not ohmic.
#include "models/electronic/crossbar_impl.hpp"

namespace szilard::electronic {

void CrossbarStage::Impl::prepare_nonlinear(std::uint64_t seed, const std::string& stream_name) {
  CellResponse response(parameters_.cell, parameters_.read_voltage_v, drive_.full_scale());
  nonlinear_ = std::make_unique<Nonlinear>(
      Nonlinear{std::move(response), std::nullopt, WorkingRows<double>(map_.inputs), WorkingRows<double>(map_.inputs)});
  if (parameters_.wires.model == WireModel::none) return;
  nonlinear_->wired.emplace(map_, parameters_, array_, nonlinear_->response, drive_.full_scale(), seed, stream_name);
}

void CrossbarStage::Impl::bend(std::size_t lanes) {
  if (nonlinear_->wired) return;  // solved from the voltages themselves
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    double* values = double_.values.row(f);
    nonlinear_->response.apply(values, lanes, values);
  }
}

void CrossbarStage::Impl::post_nonlinear(std::size_t lanes, std::uint64_t first_sample, std::size_t samples,
                                         energy::EnergySink& sink) {
  for (std::size_t f = 0; f < map_.inputs; ++f) {
    const double* x = inputs_.row(f);
    double *heats = nonlinear_->heats.row(f), *pulses = nonlinear_->pulses.row(f);
    nonlinear_->response.apply(x, lanes, heats);
    for (std::size_t s = 0; s < lanes; ++s) {
      heats[s] *= x[s];
      pulses[s] = x[s] * x[s];
    }
  }
  if (nonlinear_->wired) {
    nonlinear_->wired->solve(inputs_, first_sample, samples);
    energy_.take(nonlinear_->wired->powers(), lanes);
  }
  energy_.post_pass(nonlinear_->heats, nonlinear_->pulses, lanes, first_sample, samples, sink);
}

}  // namespace szilard::electronic
