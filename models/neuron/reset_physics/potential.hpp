// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace szilard::reset_physics {

/// V(x) = sum over k = 1 ... 6 of c_k x^k in kT; x in units of its own (a length a with D = a^2 / time unit).
struct Potential {
  std::array<double, 6> c{};  ///< c[k - 1] multiplies x^k

  double energy(double x) const {
    double v = 0;
    for (std::size_t k = 6; k-- > 0;) v = (v + c[k]) * x;
    return v;
  }
  double force(double x) const {
    double f = 0;
    for (std::size_t k = 6; k-- > 0;) f = f * x - double(k + 1) * c[k];
    return f;
  }
  double curvature(double x) const {
    double s = 0;
    for (std::size_t k = 6; k-- > 1;) s = s * x + double((k + 1) * k) * c[k];
    return s;
  }
};

/// A protocol: potentials at given moments, linear in time between them. Two knots at one moment are a jump.
struct Schedule {
  struct Knot {
    double at = 0;  ///< share of the duration
    Potential potential;
  };
  std::vector<Knot> knots;  ///< ascending from 0 to 1

  const Potential& first() const { return knots.front().potential; }
  const Potential& last() const { return knots.back().potential; }
  /// Within the segment that begins at knot `segment`, at the share `s` of that segment.
  Potential at(std::size_t segment, double s) const;
};

/// Throws std::invalid_argument unless the knots ascend from 0 to 1, all numbers are finite, and every potential
/// confines the particle (its highest power is even with a positive coefficient; odd powers are below it).
void validate(const Schedule& schedule);

/// V(x) = 4 B (x^4 / 4 - g x^2 / 2) - A f x: for g = 1, f = 0 wells at -1 and +1 and a barrier of B kT at 0.
Potential quartic(double barrier_kT, double tilt_kT, double g, double f);

/// The reset of a quartic double well to the right, four stages of a quarter of the duration each, linear in time:
/// lower the barrier (g 1 -> 0), tilt (f 0 -> 1), raise the barrier (g 0 -> 1), untilt (f 1 -> 0). A protocol that
/// knows the start occupation begins by a jump to the tilt `first_tilt` at which it is in equilibrium, and tilts on
/// from there.
Schedule four_stage(double barrier_kT, double tilt_kT, double first_tilt_kT = 0);

/// Boltzmann's distribution of one potential on a fine grid, cut at `divide` into state 1 (left) and state 0 (right).
class Equilibrium {
 public:
  explicit Equilibrium(const Potential& potential, double divide = 0);

  double left_occupation() const { return left_; }
  double mean_curvature() const {
    return mean_curvature_;
  }  ///< <V''> = <V'^2>: the inverse of the fastest relaxation time
  /// -ln of the partition function of the wells weighted so: -sum over wells of share x ln Z(well). Differences of it
  /// are what a reversible change from one potential's wells to another's takes, without the entropy of the shares.
  double free_energy_kT(double left) const {
    return free_energy_ - (left > 0 ? left * std::log(left_) : 0) - (left < 1 ? (1 - left) * std::log1p(-left_) : 0);
  }
  /// x below which the share u in (0, 1) of the distribution lies.
  double quantile(double u) const;
  /// The same for the distribution with the share `left` in the left well, each well in equilibrium with itself.
  double quantile(double u, double left) const;
  double lowest() const { return x_.front(); }
  double highest() const { return x_.back(); }

 private:
  std::vector<double> x_;                                   // cell edges
  std::vector<double> cumulative_;                          // at the edges, 0 to 1
  double left_ = 0, mean_curvature_ = 0, free_energy_ = 0;  // last: -ln Z
};

/// The tilt in kT at which the left well of a quartic has the occupation `left`, in (0, 1). Throws
/// std::invalid_argument where none below 10,000 kT has.
double tilt_of_occupation(double barrier_kT, double left);

}  // namespace szilard::reset_physics
