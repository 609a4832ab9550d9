// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/jittered_mesh.hpp"

#include <initializer_list>
#include <stdexcept>

#include "models/optical/fused_mesh_kernel.hpp"
#include "models/optical/real_form.hpp"
#include "models/optical/staircase.hpp"
#include "models/support/checks.hpp"
#include "models/support/instruction_set.hpp"

namespace szilard::optical {
namespace {

constexpr double kMostSigma_rad = 0.1;

JitterKernel kernel() {
  static const JitterKernel chosen = [] {
    switch (support::instruction_set()) {
      case support::InstructionSet::v2:
        return jitter_kernel_v2();
      case support::InstructionSet::v3:
        return jitter_kernel_v3();
      case support::InstructionSet::v4:
        return jitter_kernel_v4();
    }
    throw std::logic_error("instruction set without kernels");
  }();
  return chosen;
}

}  // namespace

JitteredMesh::JitteredMesh(const Mesh& mesh, double sigma_rad, std::uint64_t seed, const std::string& stream_name)
    : seed_(seed),
      stream_(support::stream_of((stream_name + "/phase_jitter").c_str())),
      places_(mesh.elements().size()) {
  support::require(sigma_rad >= 0 && sigma_rad <= kMostSigma_rad, "sigma_rad", sigma_rad, "0 to 0.1");
  const Staircase staircase(mesh);
  std::vector<Complex> carried(mesh.modes(), 1.0);
  std::size_t diagonal = 0;
  const double phi_mean = 1 - sigma_rad * sigma_rad / 2, theta_mean = 1 - sigma_rad * sigma_rad / 8;
  const auto add = [&](std::initializer_list<double> values) {
    for (const double value : values) coefficients_.push_back(static_cast<float>(value));
  };
  for (const Staircase::Sweep& sweep : staircase.sweeps()) {
    sweeps_.push_back({sweep.columns, sweep.first_mode, sweep.diagonals, diagonal, coefficients_.size()});
    for (std::size_t d = 0; d < sweep.diagonals; ++d, ++diagonal) {
      const std::size_t m = sweep.first_mode + 2 * d;
      for (std::size_t k = 0; k < sweep.columns; ++k) {
        const Mesh::Element* e = staircase.at(sweep, m, k);
        if (!e) {
          add({1, 0, 1, 0, 0, 1, 0, 0});
          continue;
        }
        places_[static_cast<std::size_t>(e - mesh.elements().data())] = {static_cast<std::uint32_t>(diagonal),
                                                                         static_cast<std::uint32_t>(k)};
        Complex &a = carried[e->mode], &b = carried[e->mode + 1];
        const RealForm form(*e, a, b);
        add({phi_mean * form.input.real(), phi_mean * form.input.imag(), theta_mean * form.r11, theta_mean * form.r12,
             theta_mean * form.r21, theta_mean * form.r22, sigma_rad / phi_mean, sigma_rad / 2 / theta_mean});
        a = form.upper;
        b = form.lower;
      }
    }
  }
  for (std::size_t m = 0; m < mesh.modes(); ++m) {
    const Complex factor = mesh.output_factors()[m] * carried[m];
    factors_.push_back(static_cast<float>(factor.real()));
    factors_.push_back(static_cast<float>(factor.imag()));
  }
}

void JitteredMesh::propagate(std::uint64_t first_shot, const float* const* in_re, const float* const* in_im,
                             std::size_t lanes, float* const* out_re, float* const* out_im) const {
  support::AlignedVector<float> panel((modes() + 2 * kMeshColumns) * kPanelRowBytes / sizeof(float), 0.0f);
  const JitterProgram program{sweeps_.data(), sweeps_.size(), coefficients_.data(), factors_.data(), modes(), seed_,
                              stream_,        first_shot};
  kernel()(program, panel.data(), in_re, in_im, lanes, out_re, out_im);
}

double JitteredMesh::jitter(std::size_t element, bool of_theta, std::uint64_t shot) const {
  return jitter_number(places_.at(element), of_theta, seed_, stream_, shot);
}

}  // namespace szilard::optical
