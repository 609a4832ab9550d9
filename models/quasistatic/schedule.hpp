// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/quasistatic/network.hpp"

namespace szilard::quasistatic {

/// How the inputs go from one sample to the next, u(t) = u_from + s(t / duration) (u_to - u_from).
enum class Shape {
  linear,   ///< s = t / duration
  smooth,   ///< s = t^2 (3 - 2 t): at rest at both ends
  optimal,  ///< constant speed in the metric of friction, gamma |dx/ds|^2, along the straight way of the inputs
};

/// The way of the minimum x(s) from one input to another. Slow driving costs C / duration with C = integral of sum
/// gamma (dx/ds)^2 (ds/dt)^2 over time in units of the duration; the least over all s(t) is the square of the
/// thermodynamic length (D. A. Sivak and G. E. Crooks, Phys. Rev. Lett. 108, 190602 (2012), DOI
/// 10.1103/PhysRevLett.108.190602), which a constant speed reaches. Both at kT -> 0, from polygons of kWayPoints
/// chords.
struct Way {
  double length = 0;              ///< L = integral of sqrt(sum gamma (dx/ds)^2) ds
  double linear_cost = 0;         ///< C of the linear ramp
  std::vector<double> travelled;  ///< [i] share of L at s = i / kWayPoints
};
inline constexpr std::size_t kWayPoints = 256;
/// One way a sample.
std::vector<Way> ways(const Network& network, const support::SignalBlock& from, const support::SignalBlock& to);

/// s at a share t of the duration, both in [0, 1]. `way` is read for Shape::optimal only.
double position(Shape shape, double t, const Way& way);

}  // namespace szilard::quasistatic
