// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "models/energy/ledger.hpp"
#include "models/linear/apply.hpp"
#include "models/optical/coherent_stage.hpp"
#include "models/optical/incoherent_stage.hpp"
#include "models/support/philox.hpp"

namespace szilard::test {

inline void light_parameters(optical::LightParameters& p, std::size_t modes) {
  p.modes = modes;
  p.symbol_rate_hz = 1e9;
  p.light_power_w = 1e-3;
  p.laser_efficiency = 0.2;
  p.coupling_loss = std::pow(10, 0.2);
  p.modulator_loss = std::pow(10, 0.12);
  p.modulator_energy_j = 450e-15;
  p.quantum_efficiency = 0.88;
  p.wavelength_m = 1.55e-6;
  p.dark_current_a = 25e-9;
  p.receiver_resistance_ohm = 1000;
  p.receiver_bandwidth_hz = 5e8;
  p.receiver_power_w = 3e-3;
}

inline optical::CoherentParameters mesh_parameters(std::size_t modes) {
  optical::CoherentParameters p;
  light_parameters(p, modes);
  p.local_oscillator_w = 1e-3;
  p.heater_power_w = 25e-3;
  return p;
}

inline optical::IncoherentParameters ring_parameters(std::size_t modes) {
  optical::IncoherentParameters p;
  light_parameters(p, modes);
  p.medium = optical::IncoherentMedium::ring_bank;
  p.rings.finesse = 368;
  p.rings.free_spectral_range_hz = 3e12;
  p.rings.drop_loss = 1.0;
  p.rings.tuning_power_w = 50e-3;
  p.rings.locking_power_w = 1e-4;
  return p;
}

inline optical::IncoherentParameters absorber_parameters(std::size_t modes) {
  optical::IncoherentParameters p;
  light_parameters(p, modes);
  p.medium = optical::IncoherentMedium::absorptive_crossbar;
  return p;
}

inline linear::LinearMap dense_layer(std::size_t outputs, std::size_t inputs, std::uint64_t seed) {
  const support::RandomStream stream(seed, 1);
  linear::RowMatrix w(outputs, inputs);
  for (Eigen::Index k = 0; k < w.size(); ++k) w.data()[k] = stream.gaussian(0, std::uint32_t(k));
  std::vector<double> bias(outputs);
  for (std::size_t o = 0; o < outputs; ++o) bias[o] = stream.gaussian(1, std::uint32_t(o));
  return linear::dense_map("fc", w, bias);
}

/// In [least, 1).
inline support::SignalBlock signals(std::size_t features, std::size_t samples, std::uint64_t seed, double least = 0,
                                    std::uint64_t first = 0) {
  support::SignalBlock x(first, samples, features);
  const support::RandomStream stream(seed, 2);
  for (std::size_t f = 0; f < features; ++f)
    for (std::size_t s = 0; s < samples; ++s)
      x.row(f)[s] = least + (1 - least) * stream.uniform(first + s, std::uint32_t(f));
  return x;
}

inline support::SignalBlock exactly(const linear::LinearMap& map, const support::SignalBlock& x) {
  support::SignalBlock y = x.sibling(map.total_outputs());
  linear::apply(map, x, y);
  return y;
}

/// Largest deviation, relative to the largest value.
inline double deviation(const support::SignalBlock& a, const support::SignalBlock& b) {
  double most = 0, size = 0;
  for (std::size_t f = 0; f < a.features(); ++f) {
    for (std::size_t s = 0; s < a.samples(); ++s) {
      most = std::max(most, std::abs(a.at(f, s) - b.at(f, s)));
      size = std::max(size, std::abs(b.at(f, s)));
    }
  }
  return most / size;
}

/// A stage that has run a block.
struct StageRun {
  StageRun(optical::OpticalStage& stage, const support::SignalBlock& x) : ledger(x.first_sample(), x.samples()) {
    stage.open_accounts("photonic/layer", ledger);
    y = stage.forward(x, ledger);
  }
  double total_j(const std::string& component, energy::Fate fate) const {
    return ledger.total(component, fate).joules();
  }
  double dissipated_j(const std::string& mechanism) const {
    const auto all = ledger.by_mechanism("photonic", energy::Fate::dissipated);
    const auto found = all.find(mechanism);
    return found == all.end() ? 0.0 : found->second.joules();
  }
  bool closes() const {
    return ledger.closure().worst <= 1e-12 && ledger.worst_transfer_mismatch("photonic").count == 0;
  }
  energy::Ledger ledger;
  support::SignalBlock y;
};

}  // namespace szilard::test
