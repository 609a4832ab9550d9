// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/piece_relaxation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/quasistatic/stability.hpp"

namespace szilard::quasistatic {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr std::size_t kChebyshevPoints = 64;
constexpr double kNegligible = 1e-17;

double phi(double s) { return s < 1e-9 ? 1 - s / 2 : -std::expm1(-s) / s; }

/// f(s) = sum_k c_k T_k(2 s / reach - 1) on [0, reach], from as many values.
template <typename Function>
std::vector<double> chebyshev(double reach, const Function& f) {
  std::vector<double> out(kChebyshevPoints);
  for (std::size_t k = 0; k < kChebyshevPoints; ++k) {
    for (std::size_t j = 0; j < kChebyshevPoints; ++j) {
      const double angle = kPi * (double(j) + 0.5) / double(kChebyshevPoints);
      out[k] += f(reach * (1 + std::cos(angle)) / 2) * std::cos(double(k) * angle) * 2 / double(kChebyshevPoints);
    }
  }
  out[0] /= 2;
  return out;
}

}  // namespace

bool is_piecewise_linear(const Network& network) {
  return std::all_of(network.layers.begin(), network.layers.end(), [](const Layer& layer) {
    return (layer.activation == Activation::linear || layer.activation == Activation::relu) &&
           !layer.of_arguments.window && !layer.of_units.window;
  });
}

PieceRelaxation::PieceRelaxation(const Layout& layout, double dt, double kT)
    : reach_(stiffest_rate(layout.network(), kT) * dt) {
  for (const Layer& layer : layout.network().layers) {
    stiffness_.insert(stiffness_.end(), layer.stiffness.begin(), layer.stiffness.end());
    for (double gamma : layer.friction) {
      drift_.push_back(dt / gamma);
      noise_.push_back(std::sqrt(2 * kT * dt / gamma));
    }
  }
  pulled_ = chebyshev(reach_, phi);
  kicked_ = chebyshev(reach_, [](double s) { return std::sqrt(phi(2 * s)); });
  while (pulled_.size() > 2 && std::abs(pulled_.back()) < kNegligible && std::abs(kicked_.back()) < kNegligible)
    pulled_.pop_back(), kicked_.pop_back();
  slope_ = force_ = kick_ = pull_ = strain_ = back_ = turned_ = last_ = before_ = Field(layout.units(), layout.lanes());
}

void PieceRelaxation::set_slopes(const Layout& layout, const States& states) {
  std::fill(slope_.values.begin(), slope_.values.end(), 1.0);
  for (std::size_t l = 0; l < layout.network().layers.size(); ++l) {
    if (Activation(layout.activation(l)) != Activation::relu) continue;
    const std::size_t first = layout.first_unit(l) * layout.lanes(), count = layout.rows(l).units * layout.lanes();
    for (std::size_t i = first; i < first + count; ++i) slope_.values[i] = states.y.values[i] > 0 ? 1.0 : 0.0;
  }
}

void PieceRelaxation::turn(const Layout& layout, const Field& in, Field& out) {
  layout.set_turn(in, turned_);
  const std::size_t lanes = layout.lanes();
  for (std::size_t i = 0; i < layout.units(); ++i) {
    const double kappa = stiffness_[i];
    const double *const x = in.row(i), *const y = turned_.row(i), *const slope = slope_.row(i);
    double *const pull = pull_.row(i), *const strain = strain_.row(i);
    for (std::size_t s = 0; s < lanes; ++s) {
      pull[s] = kappa * (x[s] - slope[s] * y[s]);
      strain[s] = slope[s] * pull[s];
    }
  }
  layout.set_turn_back(strain_, back_);
  for (std::size_t i = 0; i < layout.units(); ++i) {
    const double drift = drift_[i];
    const double *const pull = pull_.row(i), *const back = back_.row(i);
    double* const to = out.row(i);
    for (std::size_t s = 0; s < lanes; ++s) to[s] = drift * (pull[s] - back[s]);
  }
}

/// Strains and pulls that units beyond their kinks have in truth, less those of the piece they came from, by the share
/// of the step that they spend there; false where there are none.
bool PieceRelaxation::set_crossings(const Layout& layout, const States& from, const States& to) {
  bool any = false;
  std::fill(pull_.values.begin(), pull_.values.end(), 0.0);
  std::fill(strain_.values.begin(), strain_.values.end(), 0.0);
  for (std::size_t l = 1; l < layout.network().layers.size(); ++l) {
    if (Activation(layout.activation(l)) != Activation::relu) continue;
    for (std::size_t i = layout.first_unit(l); i < layout.first_unit(l) + layout.rows(l).units; ++i)
      for (std::size_t s = 0; s < layout.lanes(); ++s) {
        const double y = from.y.row(i)[s], end = to.y.row(i)[s];
        if ((y > 0) == (end > 0)) continue;
        const double beyond = end / (end - y), sign = end > 0 ? 1 : -1;
        const double x = to.x.row(i)[s] + beyond / 2 * (from.x.row(i)[s] - to.x.row(i)[s]);
        pull_.row(i)[s] = sign * beyond * stiffness_[i] * end / 2;
        strain_.row(i)[s] = sign * beyond * stiffness_[i] * (x - end / 2);
        any = true;
      }
  }
  return any;
}

void PieceRelaxation::step(const Layout& layout, const States& from, const double* z, States& to) {
  const std::size_t lanes = layout.lanes(), count = slope_.values.size();
  set_slopes(layout, from);
  layout.set_forces(from, pull_, strain_, back_);
  for (std::size_t i = 0; i < layout.units(); ++i) {
    const double drift = drift_[i], noise = noise_[i];
    for (std::size_t at = i * lanes; at < (i + 1) * lanes; ++at) {
      force_.values[at] = drift * (pull_.values[at] + back_.values[at]);
      kick_.values[at] = z != nullptr ? noise * z[at] : 0;
    }
  }
  // Clenshaw's recursion, both polynomials at once.
  std::fill(last_.values.begin(), last_.values.end(), 0.0);
  std::fill(before_.values.begin(), before_.values.end(), 0.0);
  const std::size_t degree = pulled_.size() - 1;
  Field& out = to.x;
  for (std::size_t k = degree + 1; k-- > 0;) {
    if (k < degree) turn(layout, last_, out);
    else std::fill(out.values.begin(), out.values.end(), 0.0);
    const double a = pulled_[k], b = kicked_[k], twice = k > 0 ? 2 : 1, scale = 2 / reach_ * twice;
    for (std::size_t at = 0; at < count; ++at) {
      const double next = a * force_.values[at] + b * kick_.values[at] + scale * out.values[at] -
                          twice * last_.values[at] - before_.values[at];
      before_.values[at] = last_.values[at];
      last_.values[at] = next;
    }
  }
  for (std::size_t at = 0; at < count; ++at) to.x.values[at] = from.x.values[at] + last_.values[at];
  layout.set_arguments(to);
  if (!set_crossings(layout, from, to)) return;
  layout.set_turn_back(strain_, back_);
  for (std::size_t i = 0; i < layout.units(); ++i)
    for (std::size_t at = i * lanes; at < (i + 1) * lanes; ++at)
      to.x.values[at] += drift_[i] * (pull_.values[at] + back_.values[at]);
  layout.set_arguments(to);
}

}  // namespace szilard::quasistatic
