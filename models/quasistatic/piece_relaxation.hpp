// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/quasistatic/states.hpp"

namespace szilard::quasistatic {

/// Whether all units are linear or ReLUs and nothing is selected: H is quadratic between the kinks.
bool is_piecewise_linear(const Network& network);

/// The Ornstein-Uhlenbeck process of the linear piece that a state lies in, over one step: with B = dt Gamma^-1 H'' of
/// that piece,
///   x' = x + phi(B) dt Gamma^-1 F + psi(B) sqrt(2 kT dt) Gamma^-1/2 z, phi(s) = (1 - e^-s) / s, psi(s)^2 = phi(2 s).
/// Both functions act as polynomials of Chebyshev on [0, r dt], r the bound of stiffest_rate(), to double precision
/// (eight products forwards and back at r dt = 0.2): no matrix is formed, and every lane has a piece of its own. Exact
/// as long as no unit crosses its kink within the step. One that does is placed where the straight line from start to
/// end crosses, and what its spring does beyond is put right: without noise the error of a crossing is of second order
/// in the step. With noise, what a path does about the kink between the ends of a step is not seen, nor is one that
/// comes back within it.
class PieceRelaxation {
 public:
  /// dt no longer than largest_stable_step().
  PieceRelaxation(const Layout& layout, double dt, double kT);
  /// `to`: arguments of the first layer on entry, all units and arguments on return. z: a Gaussian for each unit and
  /// lane, or null.
  void step(const Layout& layout, const States& from, const double* z, States& to);

 private:
  void set_slopes(const Layout& layout, const States& states);
  /// out = B in.
  void turn(const Layout& layout, const Field& in, Field& out);
  bool set_crossings(const Layout& layout, const States& from, const States& to);

  double reach_;                         // r dt
  std::vector<double> drift_, noise_;    // dt / gamma, sqrt(2 kT dt / gamma)
  std::vector<double> pulled_, kicked_;  // coefficients of phi and psi
  std::vector<double> stiffness_;
  Field slope_, force_, kick_, pull_, strain_, back_, turned_, last_, before_;
};

}  // namespace szilard::quasistatic
