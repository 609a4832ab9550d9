// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/mesh.hpp"

#include <cmath>
#include <stdexcept>

#include "models/optical/mesh_errors.hpp"
#include "models/support/checks.hpp"

namespace szilard::optical {
namespace {

constexpr double kPi = 3.14159265358979323846;

double rounded(double phase_rad, int bits) {
  if (bits == 0) return phase_rad;
  const double step = 2 * kPi / std::ldexp(1.0, bits);
  return std::round(phase_rad / step) * step;
}

void check_phases(const MeshPhases& phases) {
  support::require(phases.modes >= 1, "modes", static_cast<double>(phases.modes), "at least 1");
  if (phases.output_phases_rad.size() != phases.modes)
    throw std::invalid_argument("a mesh has one output phase a mode");
  std::vector<std::size_t> free_column(phases.modes, 0);
  std::size_t column = 0;
  for (const Interferometer& one : phases.interferometers) {
    if (one.column >= phases.columns || one.mode + 1 >= phases.modes || one.column < column ||
        one.mode % 2 != one.column % 2 || one.column < free_column[one.mode] || one.column < free_column[one.mode + 1])
      throw std::invalid_argument("the interferometer of mode " + std::to_string(one.mode) + " in column " +
                                  std::to_string(one.column) + " has no place in the mesh");
    if (!std::isfinite(one.theta_rad) || !std::isfinite(one.phi_rad))
      throw std::invalid_argument("a phase is not finite");
    free_column[one.mode] = free_column[one.mode + 1] = one.column + 1;
    column = one.column;
  }
}

}  // namespace

bool MeshImperfections::are_none() const {
  return insertion_loss == 1.0 && splitting_error_rad == 0.0 && phase_error_rad == 0.0 && phase_bits == 0 &&
         thermal_crosstalk == 0.0;
}

void MeshImperfections::check() const {
  support::require(std::isfinite(insertion_loss) && insertion_loss >= 1, "insertion_loss", insertion_loss,
                   "finite and at least 1");
  support::require_not_negative(splitting_error_rad, "splitting_error_rad");
  support::require_not_negative(phase_error_rad, "phase_error_rad");
  support::require(phase_bits >= 0 && phase_bits <= 24, "phase_bits", phase_bits, "0 to 24");
  support::require(thermal_crosstalk >= 0 && thermal_crosstalk <= 0.5, "thermal_crosstalk", thermal_crosstalk,
                   "0 to 0.5");
}

Mesh::Mesh(MeshPhases phases, const MeshImperfections& imperfections, std::uint64_t seed,
           const std::string& stream_name)
    : phases_(std::move(phases)), acting_(phases_), transmission_(1 / imperfections.insertion_loss) {
  imperfections.check();
  check_phases(phases_);
  const std::size_t count = phases_.interferometers.size();
  for (Interferometer& one : acting_.interferometers) {
    one.theta_rad = rounded(one.theta_rad, imperfections.phase_bits);
    one.phi_rad = rounded(one.phi_rad, imperfections.phase_bits);
  }
  for (double& phase : acting_.output_phases_rad) phase = rounded(phase, imperfections.phase_bits);
  const MeshPhases added = crosstalk(acting_, imperfections.thermal_crosstalk);
  const MeshErrors errors = draw_errors(phases_, imperfections, seed, stream_name);
  const double amplitude = std::sqrt(transmission_);
  elements_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Interferometer& one = acting_.interferometers[i];
    one.theta_rad += added.interferometers[i].theta_rad + errors.phase_rad[2 * i];
    one.phi_rad += added.interferometers[i].phi_rad + errors.phase_rad[2 * i + 1];
    const Two t = interferometer(coupler(errors.splitting_rad[2 * i]), coupler(errors.splitting_rad[2 * i + 1]),
                                 one.theta_rad, one.phi_rad);
    elements_.push_back(
        {one.column, one.mode, amplitude * t.a11, amplitude * t.a12, amplitude * t.a21, amplitude * t.a22});
  }
  for (std::size_t m = 0; m < modes(); ++m) {
    double& phase = acting_.output_phases_rad[m];
    phase += added.output_phases_rad[m] + errors.phase_rad[2 * count + m];
    output_factors_.push_back(std::polar(1.0, phase));
  }
}

ComplexMatrix Mesh::matrix() const {
  ComplexMatrix u = ComplexMatrix::Identity(Eigen::Index(modes()), Eigen::Index(modes()));
  Eigen::RowVectorXcd upper(u.cols());
  for (const Element& e : elements_) {
    auto a = u.row(Eigen::Index(e.mode)), b = u.row(Eigen::Index(e.mode + 1));
    upper = e.t11 * a + e.t12 * b;
    b = e.t21 * a + e.t22 * b;
    a = upper;
  }
  for (std::size_t m = 0; m < modes(); ++m) u.row(Eigen::Index(m)) *= output_factors_[m];
  return u;
}

ComplexMatrix Mesh::absorption() const {
  // From the last interferometer back: A before it is T^dagger A T, and (1 - transmission) on its own two inputs.
  ComplexMatrix a = ComplexMatrix::Zero(Eigen::Index(modes()), Eigen::Index(modes()));
  if (transmission_ == 1) return a;
  Eigen::RowVectorXcd row(a.cols());
  Eigen::VectorXcd column(a.rows());
  for (auto e = elements_.rbegin(); e != elements_.rend(); ++e) {
    const Eigen::Index m = Eigen::Index(e->mode);
    row = std::conj(e->t11) * a.row(m) + std::conj(e->t21) * a.row(m + 1);
    a.row(m + 1) = std::conj(e->t12) * a.row(m) + std::conj(e->t22) * a.row(m + 1);
    a.row(m) = row;
    column = a.col(m) * e->t11 + a.col(m + 1) * e->t21;
    a.col(m + 1) = a.col(m) * e->t12 + a.col(m + 1) * e->t22;
    a.col(m) = column;
    a(m, m) += 1 - transmission_;
    a(m + 1, m + 1) += 1 - transmission_;
  }
  return a;
}

ComplexMatrix Mesh::propagate(const ComplexMatrix& fields, LightPowers& powers, std::vector<double>* arms_w,
                              std::vector<double>* absorbed_w) const {
  if (static_cast<std::size_t>(fields.cols()) != modes())
    throw std::invalid_argument("fields on " + std::to_string(fields.cols()) + " modes, the mesh has " +
                                std::to_string(modes()));
  if (arms_w) arms_w->assign((columns() + 1) * modes(), 0.0);
  if (absorbed_w) absorbed_w->assign(elements_.size(), 0.0);
  // Modes as rows: an interferometer works on all samples at once.
  ComplexMatrix x = fields.transpose();
  Eigen::RowVectorXcd upper(x.cols());
  std::size_t drawn_columns = 0;
  const auto draw_arms = [&](std::size_t up_to) {
    for (; arms_w && drawn_columns <= up_to; ++drawn_columns)
      for (std::size_t m = 0; m < modes(); ++m)
        (*arms_w)[drawn_columns * modes() + m] = x.row(Eigen::Index(m)).squaredNorm();
  };
  powers.in_w += x.squaredNorm();
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const Element& e = elements_[i];
    draw_arms(e.column);
    auto a = x.row(Eigen::Index(e.mode)), b = x.row(Eigen::Index(e.mode + 1));
    const double absorbed = transmission_ == 1 ? 0.0 : (1 - transmission_) * (a.squaredNorm() + b.squaredNorm());
    powers.absorbed_w += absorbed;
    if (absorbed_w) (*absorbed_w)[i] = absorbed;
    upper = e.t11 * a + e.t12 * b;
    b = e.t21 * a + e.t22 * b;
    a = upper;
  }
  draw_arms(columns());
  for (std::size_t m = 0; m < modes(); ++m) x.row(Eigen::Index(m)) *= output_factors_[m];
  powers.out_w += x.squaredNorm();
  return x.transpose();
}

}  // namespace szilard::optical
