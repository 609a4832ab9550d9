// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/fused_mesh.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "models/optical/staircase.hpp"
#include "models/support/instruction_set.hpp"

namespace szilard::optical {
namespace {

// The part of an interferometer that does not fit its fast form must be rounding: of the light that passes.
constexpr double kMisfit = 1e-13;
constexpr double kNoPhase = 1e-14;

template <typename Real>
constexpr double kLeastFactor = sizeof(Real) == 4 ? 0x1p-40 : 0x1p-300;

const MeshKernels& kernels() {
  static const MeshKernels chosen = [] {
    switch (support::instruction_set()) {
      case support::InstructionSet::v2:
        return mesh_kernels_v2();
      case support::InstructionSet::v3:
        return mesh_kernels_v3();
      case support::InstructionSet::v4:
        return mesh_kernels_v4();
    }
    throw std::logic_error("instruction set without kernels");
  }();
  return chosen;
}

template <typename Real>
MeshKernel<Real> kernel();
template <>
MeshKernel<double> kernel<double>() {
  return kernels().of_double;
}
template <>
MeshKernel<float> kernel<float>() {
  return kernels().of_float;
}

/// One diagonal in one form: its coefficients and the factors that it leaves on the modes it has passed.
struct Diagonal {
  bool possible = true;
  double size = 0;  // sum of the logarithms of the factors: the larger the better
  std::vector<double> coefficients;
  std::vector<Complex> factors;  // of the modes from `first` on
};

class Planner {
 public:
  Planner(const Mesh& mesh, double least_factor)
      : mesh_(mesh), staircase_(mesh), least_factor_(least_factor), factors_(mesh.modes(), 1.0) {}

  void plan() {
    for (const Staircase::Sweep& sweep : staircase_.sweeps()) {
      sweeps.push_back({sweep.columns, sweep.first_mode, runs.size(), 0, coefficients.size()});
      for (std::size_t d = 0; d < sweep.diagonals; ++d) {
        const std::size_t m = sweep.first_mode + 2 * d;
        const Diagonal crossed = fast(sweep, m, true), passed = fast(sweep, m, false);
        if (crossed.possible && (!passed.possible || crossed.size >= passed.size))
          take(crossed, MeshForm::crossed, m, sweep.columns);
        else if (passed.possible) take(passed, MeshForm::passed, m, sweep.columns);
        else take(general(sweep, m), MeshForm::plain, m, sweep.columns);
      }
    }
  }

  std::vector<MeshSweep> sweeps;
  std::vector<MeshRun> runs;
  std::vector<double> coefficients;
  std::size_t diagonals = 0, plain = 0;
  const std::vector<Complex>& factors() const { return factors_; }

 private:
  void take(const Diagonal& diagonal, MeshForm form, std::size_t m, std::size_t count) {
    MeshSweep& sweep = sweeps.back();
    if (sweep.runs == 0 || runs.back().form != form) {
      runs.push_back({form, 0});
      ++sweep.runs;
    }
    ++runs.back().diagonals;
    ++diagonals;
    if (form == MeshForm::plain) ++plain;
    coefficients.insert(coefficients.end(), diagonal.coefficients.begin(), diagonal.coefficients.end());
    for (std::size_t j = 0; j <= count; ++j)
      if (m + 1 >= j && m + 1 - j < mesh_.modes()) factors_[m + 1 - j] = diagonal.factors[j];
  }

  /// factors[j] is that of mode m + 1 - j.
  std::vector<Complex> factors_around(std::size_t m, std::size_t count) const {
    std::vector<Complex> around(count + 1, 1.0);
    for (std::size_t j = 0; j <= count; ++j)
      if (m + 1 >= j && m + 1 - j < mesh_.modes()) around[j] = factors_[m + 1 - j];
    return around;
  }

  Diagonal fast(const Staircase::Sweep& sweep, std::size_t m, bool crossed) const {
    Diagonal out;
    out.factors = factors_around(m, sweep.columns);
    for (std::size_t k = 0; k < sweep.columns; ++k) {
      const Mesh::Element* e = staircase_.at(sweep, m, k);
      if (!e) {  // past the edge of the mesh
        if (crossed) return {false, 0, {}, {}};
        out.coefficients.insert(out.coefficients.end(), kFastCoefficients, 0.0);
        continue;
      }
      Complex &fa = out.factors[k + 1], &fb = out.factors[k];
      const Complex m11 = e->t11 * fa, m12 = e->t12 * fb, m21 = e->t21 * fa, m22 = e->t22 * fb;
      const bool one_way = std::abs(e->t11) <= kNoPhase || std::abs(e->t12) <= kNoPhase;
      const Complex between = m11 * std::conj(m12);
      const double t = one_way ? 0.0 : between.imag() / between.real();
      const Complex p(1, t);
      const Complex ga = crossed ? m12 : m11 / p, gb = crossed ? m21 / p : m22;
      const double least = std::min(std::abs(ga), std::abs(gb));
      if (!std::isfinite(t) || !(least >= least_factor_)) return {false, 0, {}, {}};
      const Complex k1 = crossed ? m11 / (ga * p) : m12 / ga, k2 = crossed ? m22 / gb : m21 / (gb * p);
      const double of_a = std::abs(fa), of_b = std::abs(fb), p_size = std::abs(p);
      const double off1 = std::abs(k1.imag() * ga) * (crossed ? p_size : 1.0);
      const double off2 = std::abs(k2.imag() * gb) * (crossed ? 1.0 : p_size);
      if (!(off1 <= kMisfit * (crossed ? of_a : of_b)) || !(off2 <= kMisfit * (crossed ? of_b : of_a)))
        return {false, 0, {}, {}};
      out.coefficients.insert(out.coefficients.end(), {t, k1.real(), k2.real()});
      out.size += std::log(std::abs(ga)) + std::log(std::abs(gb));
      fa = ga;
      fb = gb;
    }
    return out;
  }

  Diagonal general(const Staircase::Sweep& sweep, std::size_t m) const {
    Diagonal out;
    out.factors = factors_around(m, sweep.columns);
    for (std::size_t k = 0; k < sweep.columns; ++k) {
      const Mesh::Element* e = staircase_.at(sweep, m, k);
      Complex &fa = out.factors[k + 1], &fb = out.factors[k];
      if (e) {
        const std::array<Complex, 4> entries = {e->t11 * fa, e->t12 * fb, e->t21 * fa, e->t22 * fb};
        for (const Complex& entry : entries) out.coefficients.push_back(entry.real());
        for (const Complex& entry : entries) out.coefficients.push_back(entry.imag());
        fa = fb = 1.0;
      } else {
        out.coefficients.insert(out.coefficients.end(), {1, 0, 0, 1, 0, 0, 0, 0});
      }
    }
    return out;
  }

  const Mesh& mesh_;
  Staircase staircase_;
  double least_factor_;
  std::vector<Complex> factors_;
};

}  // namespace

template <typename Real>
FusedMesh<Real>::FusedMesh(const Mesh& mesh) {
  Planner planner(mesh, kLeastFactor<Real>);
  planner.plan();
  coefficients_.assign(planner.coefficients.begin(), planner.coefficients.end());
  runs_ = std::move(planner.runs);
  sweeps_ = std::move(planner.sweeps);
  plain_share_ = planner.diagonals ? double(planner.plain) / double(planner.diagonals) : 0;
  for (std::size_t m = 0; m < mesh.modes(); ++m) {
    const Complex factor = mesh.output_factors()[m] * planner.factors()[m];
    factors_.push_back(static_cast<Real>(factor.real()));
    factors_.push_back(static_cast<Real>(factor.imag()));
  }
}

template <typename Real>
void FusedMesh<Real>::propagate(const Real* const* in_re, const Real* const* in_im, std::size_t lanes,
                                Real* const* out_re, Real* const* out_im) const {
  support::AlignedVector<Real> panel((modes() + 2 * kMeshColumns) * kPanelRowBytes / sizeof(Real), Real(0));
  const MeshProgram<Real> program{sweeps_.data(),       sweeps_.size(),  runs_.data(),
                                  coefficients_.data(), factors_.data(), modes()};
  kernel<Real>()(program, panel.data(), in_re, in_im, lanes, out_re, out_im);
}

template class FusedMesh<float>;
template class FusedMesh<double>;

}  // namespace szilard::optical
