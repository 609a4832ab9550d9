// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "models/neuron/reset_physics/potential.hpp"

namespace szilard::reset_physics {

/// Squared Wasserstein distance of two distributions on a line, the integral of (Q_a(u) - Q_b(u))^2 over u in (0, 1),
/// from their quantile functions, by the midpoint rule on `points` equal shares.
double wasserstein_squared(const std::function<double(double)>& quantile_a,
                           const std::function<double(double)>& quantile_b, std::size_t points = 200000);

/// Floor of the mean work of any protocol that takes an overdamped particle (kT = D = 1) from one distribution over two
/// wells to another within `duration`: W >= h(P) - h(e) + W2^2 / duration, P and e the occupations of state 1 before
/// and after, each well in equilibrium with itself under the first and the last potential.
/// Sources: E. Aurell, K. Gawedzki, C. Mejia-Monasterio, R. Mohayaee and P. Muratore-Ginanneschi, J. Stat. Phys. 147,
/// 487 (2012), DOI 10.1007/s10955-012-0478-x; K. Proesmans, J. Ehrich and J. Bechhoefer, Phys. Rev. Lett. 125, 100602
/// (2020), DOI 10.1103/PhysRevLett.125.100602.
struct TransportFloor {
  double quasi_static_kT = 0;  ///< h(P) - h(e)
  double wasserstein2 = 0;     ///< W2^2, in a^2
  double at(double duration) const { return quasi_static_kT + wasserstein2 / duration; }
};
/// Occupations in [0, 1] (std::invalid_argument).
TransportFloor transport_floor(const Potential& first, const Potential& last, double start_occupation,
                               double end_occupation, double divide = 0);

/// The least squared Wasserstein distance from a distribution over two wells, `start_occupation` P of it left of
/// `divide` and each well in equilibrium with itself, to any distribution at all that has `end_occupation` e there:
/// what is nearest to the divide is taken just across it, the integral of (divide - Q(u))^2 over u in (e, P); 0 where e
/// >= P. With it the floor above holds for every end, since an end out of equilibrium within its wells has more free
/// energy, never less. Jointly convex in P and e.
double least_transport(const Equilibrium& start, double start_occupation, double end_occupation, double divide,
                       std::size_t points = 2000);

}  // namespace szilard::reset_physics
