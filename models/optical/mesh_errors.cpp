// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/mesh_errors.hpp"

#include <cmath>

#include "models/support/philox.hpp"

namespace szilard::optical {
namespace {

constexpr double kPi = 3.14159265358979323846;

std::vector<double> drawn(double sigma, std::size_t count, std::uint64_t seed, const std::string& stream_name) {
  std::vector<double> values(count, 0.0);
  if (sigma == 0) return values;
  support::RandomStream(seed, support::stream_of(stream_name.c_str())).gaussians(0, 0, count, values.data());
  for (double& value : values) value *= sigma;
  return values;
}

Two shifter(double phase_rad) { return {std::polar(1.0, phase_rad), 0.0, 0.0, 1.0}; }

}  // namespace

MeshErrors draw_errors(const MeshPhases& phases, const MeshImperfections& imperfections, std::uint64_t seed,
                       const std::string& stream_name) {
  const std::size_t count = phases.interferometers.size();
  return {drawn(imperfections.splitting_error_rad, 2 * count, seed, stream_name + "/splitting_error"),
          drawn(imperfections.phase_error_rad, 2 * count + phases.modes, seed, stream_name + "/phase_error")};
}

MeshPhases crosstalk(const MeshPhases& dialled, double share) {
  MeshPhases added = dialled;
  for (Interferometer& one : added.interferometers) one.theta_rad = one.phi_rad = 0;
  for (double& phase : added.output_phases_rad) phase = 0;
  if (share == 0) return added;
  const auto& all = dialled.interferometers;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (all[i + 1].column != all[i].column || all[i + 1].mode != all[i].mode + 2) continue;
    added.interferometers[i].theta_rad += share * in_turn(all[i + 1].theta_rad);
    added.interferometers[i].phi_rad += share * in_turn(all[i + 1].phi_rad);
    added.interferometers[i + 1].theta_rad += share * in_turn(all[i].theta_rad);
    added.interferometers[i + 1].phi_rad += share * in_turn(all[i].phi_rad);
  }
  for (std::size_t m = 0; m + 1 < dialled.modes; ++m) {
    added.output_phases_rad[m] += share * in_turn(dialled.output_phases_rad[m + 1]);
    added.output_phases_rad[m + 1] += share * in_turn(dialled.output_phases_rad[m]);
  }
  return added;
}

double in_turn(double phase_rad) {
  const double turned = std::fmod(phase_rad, 2 * kPi);
  return turned < 0 ? turned + 2 * kPi : turned;
}

Two operator*(const Two& a, const Two& b) {
  return {a.a11 * b.a11 + a.a12 * b.a21, a.a11 * b.a12 + a.a12 * b.a22, a.a21 * b.a11 + a.a22 * b.a21,
          a.a21 * b.a12 + a.a22 * b.a22};
}

Two coupler(double error_rad) {
  // cos and sin of pi / 4 + e by the sum rules: exactly 50:50 where e is 0.
  const double root = std::sqrt(0.5), c = std::cos(error_rad), s = std::sin(error_rad);
  const double through = root * (c - s), across = root * (c + s);
  return {through, Complex(0, across), Complex(0, across), through};
}

Two interferometer(const Two& first, const Two& second, double theta_rad, double phi_rad) {
  return second * (shifter(theta_rad) * (first * shifter(phi_rad)));
}

}  // namespace szilard::optical
