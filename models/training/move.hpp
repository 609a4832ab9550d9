// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "models/quasistatic/network.hpp"

namespace szilard::training {

/// One unit's spring along a straight move of neurons and parameters: the heats that both give off, line integrals of
/// their forces along their own moves. Gauss and Legendre's rule: three points are exact between the kinks of linear
/// units and ReLUs; curved ones take five in pieces so short that what is left out is below 1e-12 of the integral.
struct Move {
  quasistatic::Activation activation;
  double kappa, x, dx, y;
  double by_signals, by_parameters, both;  ///< y(s) = y + s (by_signals + by_parameters) + s^2 both

  struct Heats {
    double neurons = 0, parameters = 0;
  };

  Heats heats() const {
    Heats sum;
    if (activation == quasistatic::Activation::linear) {
      add<3>(0, 1, sum);
    } else if (activation == quasistatic::Activation::relu) {
      double cuts[4] = {0, 1, 1, 1};
      const int pieces = cut(cuts);
      for (int i = 0; i < pieces; ++i) add<3>(cuts[i], cuts[i + 1], sum);
    } else {
      constexpr double kShort = 0.02, kPiece = 0.2, kMostPieces = 10000;
      const double way = std::abs(by_signals) + std::abs(by_parameters) + 2 * std::abs(both);
      if (way < kShort) {
        add<3>(0, 1, sum);
        return sum;
      }
      const double pieces = std::min(std::ceil(way / kPiece), kMostPieces);
      for (double i = 0; i < pieces; ++i) add<5>(i / pieces, (i + 1) / pieces, sum);
    }
    return sum;
  }

 private:
  /// Where the argument passes the kink: at most twice.
  int cut(double* cuts) const {
    const double b = by_signals + by_parameters;
    double roots[2] = {-1, -1};
    const double discriminant = b * b - 4 * both * y;
    if (discriminant >= 0) {
      const double q = -0.5 * (b + std::copysign(std::sqrt(discriminant), b));
      if (both != 0) roots[0] = q / both;
      if (q != 0) roots[1] = y / q;
    }
    if (roots[0] > roots[1]) std::swap(roots[0], roots[1]);
    int pieces = 1;
    for (double root : roots)
      if (root > cuts[pieces - 1] && root < 1) cuts[pieces++] = root;
    cuts[pieces] = 1;
    return pieces;
  }

  template <int points>
  void add(double from, double to, Heats& sum) const {
    constexpr double kNode3[5] = {0.1127016653792583, 0.5, 0.8872983346207417};
    constexpr double kWeight3[5] = {0.2777777777777778, 0.4444444444444444, 0.2777777777777778};
    constexpr double kNode5[5] = {0.046910077030668004, 0.23076534494715845, 0.5, 0.76923465505284155,
                                  0.95308992296933200};
    constexpr double kWeight5[5] = {0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324,
                                    0.11846344252809454};
    const double *const node = points == 3 ? kNode3 : kNode5, *const share = points == 3 ? kWeight3 : kWeight5;
    for (int k = 0; k < points; ++k) {
      const double s = from + (to - from) * node[k], weight = (to - from) * share[k];
      const double argument = y + s * (by_signals + by_parameters + s * both);
      const double pull = kappa * (quasistatic::activate(activation, argument) - (x + s * dx));
      const double strain = -pull * quasistatic::slope(activation, argument);
      sum.neurons += weight * (pull * dx + strain * (by_signals + s * both));
      sum.parameters += weight * strain * (by_parameters + s * both);
    }
  }
};

}  // namespace szilard::training
