// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/line_charging.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace szilard::electronic {
namespace {

// Enough for smooth functions of the time constants to full precision: they enter as Gauss quadrature.
constexpr std::size_t kMostModes = 48;

/// The ladder's voltages, with its sources at 0 V, for currents drawn from its nodes, negated.
Eigen::VectorXd ladder_drops(const Eigen::VectorXd& currents, const WireOptions& wires) {
  const Eigen::Index n = currents.size();
  const double segment = wires.word_segment_ohm, driver = wires.driver_ohm;
  Eigen::VectorXd drops(n);
  double through = currents.sum(), drop = driver * through;
  for (Eigen::Index j = 0; j < n; ++j) {
    drop += segment * through;
    drops[j] = drop;
    through -= currents[j];
  }
  const double whole = 2 * driver + segment * static_cast<double>(n + 1);
  if (!wires.drive_both_ends || whole == 0) return drops;
  const double far = drops[n - 1] / whole;
  for (Eigen::Index j = 0; j < n; ++j) drops[j] -= far * (driver + segment * static_cast<double>(j + 1));
  return drops;
}

LineCharging staircase(int steps, double settling_s) {
  LineCharging charging;
  const double n = steps;
  charging.supplied = charging.lost_up = charging.lost_down = 0;
  double returned = 0;
  for (int i = 1; i <= steps; ++i) {
    charging.supplied += i / n / n;
    charging.lost_up += 0.5 / n / n;
    charging.lost_down += 0.5 / n / n;
    returned += (i - 1) / n / n;
    if (i < steps) charging.standing_s += 2 * settling_s * (i / n) * (i / n);
  }
  charging.recovered = returned;
  charging.delay_s = (n - 1) * settling_s;
  charging.supply_law = "E = sum C V^2 (n + 1) / (2 n) over word line pulses, n steps";
  charging.loss_law = "E = sum (C V^2 / (2 n) charging + C V^2 / (2 n) discharging) over word line pulses, n steps";
  charging.recovery_law = "E = recovery x sum C V^2 (n - 1) / (2 n) over word line pulses, n steps";
  return charging;
}

/// sum_k (-y)^k / d(k) from k = `first` on, d(k) growing: for y where closed forms cancel.
template <typename Divisor>
double alternating_series(double y, int first, Divisor divisor) {
  double sum = 0, power = std::pow(-y, first);
  for (int k = first; k < 24; ++k, power *= -y) sum += power / divisor(k);
  return sum;
}

double factorial(int n) { return std::tgamma(n + 1.0); }

/// In shares of C V^2 for one time constant tau, z = tau / T: what the resistance takes either way; work at the source
/// while it rises; what returns to it while it falls.
struct RampShares {
  double lost = 0, rising = 0.5, returned = 0.5;
};

RampShares ramp_shares(double z) {
  if (z <= 0) return {};
  const double y = 1 / z;
  if (y > 0.5) {
    const double taken = -std::expm1(-y), rest = std::exp(-y);
    return {z * (1 - z * taken), 0.5 - z * z * taken + z * rest, 0.5 - z + z * z * taken};
  }
  return {alternating_series(y, 0, [](int k) { return factorial(k + 2); }),
          -alternating_series(y, 1, [](int k) { return factorial(k) * (k + 2); }),
          -alternating_series(y, 1, [](int k) { return factorial(k + 2); })};
}

LineCharging ramp(const CrossbarParameters& parameters) {
  const double time_s = parameters.drive.ramp_time_s;
  LineCharging charging;
  charging.supplied = charging.lost_up = charging.lost_down = 0;
  for (const LineMode& mode : line_modes(parameters.columns, parameters.row_capacitance_per_cell_f, parameters.wires)) {
    const double z = mode.time_constant_s / time_s;
    const RampShares shares = ramp_shares(z);
    // At u = V flows what is left when the ramp ends.
    const double after = z > 0 ? -z * std::expm1(-1 / z) : 0.0;
    charging.supplied += mode.weight * (shares.rising + after);
    charging.lost_up += mode.weight * shares.lost;
    charging.lost_down += mode.weight * shares.lost;
    charging.recovered += mode.weight * shares.returned;
  }
  charging.standing_s = 2 * time_s / 3;
  charging.delay_s = time_s;
  charging.supply_law = "E = sum C V^2 (1/2 + F) over word line pulses, F = sum a f(tau / T) over the line's modes";
  charging.loss_law = "E = sum 2 C V^2 F over word line pulses, F = sum a f(tau / T) over the line's modes";
  charging.recovery_law = "E = recovery x sum C V^2 (1/2 - F) over word line pulses";
  return charging;
}

}  // namespace

std::vector<LineMode> line_modes(std::size_t columns, double capacitance_per_cell_f, const WireOptions& wires) {
  const auto n = static_cast<Eigen::Index>(columns);
  const auto most = static_cast<Eigen::Index>(std::min(columns, kMostModes));
  Eigen::MatrixXd basis(n, most);
  Eigen::VectorXd diagonal(most), beside(most);
  basis.col(0).setConstant(1 / std::sqrt(static_cast<double>(n)));
  Eigen::Index size = 0;
  double scale = 0;
  while (size < most) {
    Eigen::VectorXd next = ladder_drops(basis.col(size), wires) * capacitance_per_cell_f;
    diagonal[size] = basis.col(size).dot(next);
    scale = std::max(scale, std::abs(diagonal[size]));
    ++size;
    for (int twice = 0; twice < 2; ++twice) next -= basis.leftCols(size) * (basis.leftCols(size).transpose() * next);
    const double norm = next.norm();
    if (size == most || norm <= 1e-15 * scale) break;
    beside[size - 1] = norm;
    basis.col(size) = next / norm;
  }
  Eigen::MatrixXd tridiagonal = Eigen::MatrixXd::Zero(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    tridiagonal(i, i) = diagonal[i];
    if (i + 1 < size) tridiagonal(i, i + 1) = tridiagonal(i + 1, i) = beside[i];
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(tridiagonal);
  std::vector<LineMode> modes;
  for (Eigen::Index m = 0; m < size; ++m) {
    const double first = solver.eigenvectors()(0, m);
    modes.push_back({first * first, std::max(0.0, solver.eigenvalues()[m])});
  }
  return modes;
}

LineCharging line_charging(const CrossbarParameters& parameters, double settling_s) {
  LineCharging charging;
  charging.settling_s = settling_s;
  switch (parameters.drive.charging) {
    case Charging::none:
      charging.supplied = charging.lost_up = charging.lost_down = 0;
      charging.supply_law = charging.loss_law = "E = 0: switched off";
      return charging;
    case Charging::step:
      charging.supply_law = "E = sum C V^2 over word line pulses, C = capacitance per cell x columns of the tile";
      charging.loss_law = "E = sum (1/2 C V^2 charging + 1/2 C V^2 discharging) over word line pulses";
      return charging;
    case Charging::staircase:
      charging = staircase(parameters.drive.steps, settling_s);
      break;
    case Charging::ramp:
      charging = ramp(parameters);
      break;
  }
  charging.settling_s = settling_s;
  const double returned = charging.recovered;
  charging.recovered = parameters.drive.recovery * returned;
  charging.lost_down += (1 - parameters.drive.recovery) * returned;
  return charging;
}

}  // namespace szilard::electronic
