// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/recalibration.hpp"

#include <cmath>

#include "models/optical/mesh_errors.hpp"

namespace szilard::optical {
namespace {

constexpr double kLeastGain = 1e-14;
constexpr int kAlternations = 4, kHeaterIterations = 200;

/// The cycle T_(k-1) ... T_1 U^dagger D T_K ... T_(k+1) as k goes round: its block on the modes of T_k is all that T_k
/// meets.
class Cycle {
 public:
  Cycle(const MeshPhases& wanted, const MeshErrors& errors) : phases_(wanted) {
    for (std::size_t i = 0; i < wanted.interferometers.size(); ++i) {
      first_.push_back(coupler(errors.splitting_rad[2 * i]));
      second_.push_back(coupler(errors.splitting_rad[2 * i + 1]));
    }
    const ComplexMatrix target = Mesh(wanted).matrix();
    cycle_ = target.adjoint();
    for (std::size_t m = 0; m < wanted.modes; ++m)
      cycle_.col(Eigen::Index(m)) *= std::polar(1.0, wanted.output_phases_rad[m]);
    for (std::size_t i = wanted.interferometers.size(); i-- > 0;) from_right(i, at(i));
  }

  /// One round; returns Re tr(U^dagger M).
  double sweep() {
    for (std::size_t i = 0; i < first_.size(); ++i) {
      const Two before = at(i);
      from_right(i, {std::conj(before.a11), std::conj(before.a21), std::conj(before.a12), std::conj(before.a22)});
      best(i);
      from_left(i, at(i));
    }
    double trace = 0;
    for (std::size_t m = 0; m < phases_.modes; ++m) {
      double& alpha = phases_.output_phases_rad[m];
      const Complex bare = cycle_(Eigen::Index(m), Eigen::Index(m)) * std::polar(1.0, -alpha);
      const double turned = bare == 0.0 ? alpha : -std::arg(bare);
      cycle_.col(Eigen::Index(m)) *= std::polar(1.0, turned - alpha);
      alpha = turned;
      trace += std::abs(bare);
    }
    // ... T_1 U^dagger D to U^dagger D T_K ... T_1: the same cycle, opened at another place.
    for (std::size_t i = first_.size(); i-- > 0;) {
      const Two t = at(i);
      from_left(i, {std::conj(t.a11), std::conj(t.a21), std::conj(t.a12), std::conj(t.a22)});
      from_right(i, t);
    }
    return trace;
  }

  const MeshPhases& phases() const { return phases_; }

 private:
  Two at(std::size_t i) const {
    const Interferometer& one = phases_.interferometers[i];
    return interferometer(first_[i], second_[i], one.theta_rad, one.phi_rad);
  }
  void from_right(std::size_t i, const Two& t) {
    const Eigen::Index m = Eigen::Index(phases_.interferometers[i].mode);
    const Eigen::VectorXcd left = cycle_.col(m) * t.a11 + cycle_.col(m + 1) * t.a21;
    cycle_.col(m + 1) = cycle_.col(m) * t.a12 + cycle_.col(m + 1) * t.a22;
    cycle_.col(m) = left;
  }
  void from_left(std::size_t i, const Two& t) {
    const Eigen::Index m = Eigen::Index(phases_.interferometers[i].mode);
    const Eigen::RowVectorXcd upper = t.a11 * cycle_.row(m) + t.a12 * cycle_.row(m + 1);
    cycle_.row(m + 1) = t.a21 * cycle_.row(m) + t.a22 * cycle_.row(m + 1);
    cycle_.row(m) = upper;
  }

  /// tr(T X) = e^{i theta} (e^{i phi} c11 + c12) + e^{i phi} c21 + c22: each phase in turn.
  void best(std::size_t i) {
    Interferometer& one = phases_.interferometers[i];
    const Eigen::Index m = Eigen::Index(one.mode);
    const Two y = Two{cycle_(m, m), cycle_(m, m + 1), cycle_(m + 1, m), cycle_(m + 1, m + 1)} * second_[i];
    const Two& b = first_[i];
    const Complex c11 = b.a11 * y.a11, c12 = b.a12 * y.a21, c21 = b.a21 * y.a12;
    for (int turn = 0; turn < kAlternations; ++turn) {
      const Complex of_phi = std::polar(1.0, one.theta_rad) * c11 + c21;
      if (of_phi != 0.0) one.phi_rad = -std::arg(of_phi);
      const Complex of_theta = std::polar(1.0, one.phi_rad) * c11 + c12;
      if (of_theta != 0.0) one.theta_rad = -std::arg(of_theta);
    }
  }

  MeshPhases phases_;
  std::vector<Two> first_, second_;
  ComplexMatrix cycle_;
};

}  // namespace

MeshPhases recalibrate(const MeshPhases& dialled, const MeshImperfections& imperfections, std::uint64_t seed,
                       const std::string& stream_name, std::size_t sweeps) {
  imperfections.check();
  const MeshErrors errors = draw_errors(dialled, imperfections, seed, stream_name);
  MeshPhases acting = dialled;
  if (imperfections.splitting_error_rad > 0) {
    Cycle cycle(dialled, errors);
    double before = 0;
    for (std::size_t sweep = 0; sweep < sweeps; ++sweep) {
      const double trace = cycle.sweep();
      if (trace - before < kLeastGain * double(dialled.modes)) break;
      before = trace;
    }
    acting = cycle.phases();
  }
  const std::size_t count = acting.interferometers.size();
  MeshPhases out = acting;
  for (int k = 0; k < kHeaterIterations; ++k) {
    const MeshPhases added = crosstalk(out, imperfections.thermal_crosstalk);
    double change = 0;
    const auto set = [&](double& phase, double wanted) {
      const double next = in_turn(wanted);
      change = std::max(change, std::abs(next - phase));
      phase = next;
    };
    for (std::size_t i = 0; i < count; ++i) {
      set(out.interferometers[i].theta_rad,
          acting.interferometers[i].theta_rad - errors.phase_rad[2 * i] - added.interferometers[i].theta_rad);
      set(out.interferometers[i].phi_rad,
          acting.interferometers[i].phi_rad - errors.phase_rad[2 * i + 1] - added.interferometers[i].phi_rad);
    }
    for (std::size_t m = 0; m < acting.modes; ++m)
      set(out.output_phases_rad[m],
          acting.output_phases_rad[m] - errors.phase_rad[2 * count + m] - added.output_phases_rad[m]);
    if (change < 1e-15) break;
  }
  return out;
}

}  // namespace szilard::optical
