// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/quasistatic/exact_relaxation.hpp"
#include "models/quasistatic/piece_relaxation.hpp"
#include "models/quasistatic/ramp.hpp"
#include "models/quasistatic/states.hpp"

namespace szilard::quasistatic {

/// Gaussians of a run: unit i of step n of a path.
class PathNoise {
 public:
  PathNoise(std::uint64_t seed, std::size_t units);
  /// Of all units for one step, lanes first_path, first_path + 1, ...
  void draw(std::uint64_t step, std::uint64_t first_path, std::size_t paths, Field& z) const;
  /// What the start is drawn from.
  support::RandomStream start() const;

 private:
  std::uint64_t seed_;
  std::size_t units_;
  std::uint64_t steps_of_epoch_;
};

/// Moves one block of paths by one step with the inputs held. Work space for one number of lanes.
class Relaxation {
 public:
  Relaxation(const Network& network, std::size_t lanes, double dt, double kT, Integrator integrator);

  const Layout& layout() const { return layout_; }
  States& states() { return states_; }
  /// The first layer's arguments at inputs a share `part` (one a lane) of the way between two drives.
  void set_drive(const Field& from, const Field& to, const double* part);
  /// The minimum at the present inputs, for Integrator::exact: a share `part` between two minima.
  void set_minimum(const Field& from, const Field& to, const double* part);
  /// One step; adds the heat. z: Gaussians, unused at kT = 0.
  void step(const Field& z, double* heat);

 private:
  void heun(const Field& z);
  void exact(const Field& z);

  Layout layout_;
  Integrator integrator_;
  bool cold_;
  std::vector<double> drift_, noise_;
  States states_, trial_;
  Field pull_, strain_, back_, half_, driven_, minimum_, deviations_;
  std::unique_ptr<ExactRelaxation> law_;
  std::unique_ptr<PieceRelaxation> pieces_;
};

}  // namespace szilard::quasistatic
