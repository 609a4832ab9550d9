// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/shaken_mesh.hpp"

#include <stdexcept>

#include "models/optical/fused_mesh_kernel.hpp"
#include "models/optical/real_form.hpp"
#include "models/optical/shaken_mesh_kernel.hpp"
#include "models/optical/staircase.hpp"
#include "models/support/checks.hpp"
#include "models/support/instruction_set.hpp"

namespace szilard::optical {
namespace {

constexpr double kMostSigma_rad = 0.1;
constexpr double kLargestNumber = 2.42;  // of z

ShakenKernel kernel() {
  static const ShakenKernel chosen = [] {
    switch (support::instruction_set()) {
      case support::InstructionSet::v2:
        return shaken_kernel_v2();
      case support::InstructionSet::v3:
        return shaken_kernel_v3();
      case support::InstructionSet::v4:
        return shaken_kernel_v4();
    }
    throw std::logic_error("instruction set without kernels");
  }();
  return chosen;
}

}  // namespace

ShakenMesh::ShakenMesh(const Mesh& mesh, double sigma_rad, std::uint64_t seed, const std::string& stream_name)
    : seed_(seed),
      stream_(support::stream_of((stream_name + "/phase_jitter").c_str())),
      has_loss_(mesh.transmission() < 1),
      is_small_(kLargestNumber * sigma_rad / 2 <= kSmallHalfAngle),
      places_(mesh.elements().size()) {
  support::require(sigma_rad >= 0 && sigma_rad <= kMostSigma_rad, "phase_jitter_rad", sigma_rad, "0 to 0.1");
  const Staircase staircase(mesh);
  std::vector<Complex> carried(mesh.modes(), 1.0);
  const auto add = [&](const double(&values)[kShakenCoefficients]) {
    coefficients_.insert(coefficients_.end(), values, values + kShakenCoefficients);
  };
  for (const Staircase::Sweep& sweep : staircase.sweeps()) {
    sweeps_.push_back({sweep.columns, sweep.first_mode, sweep.diagonals, diagonals_, coefficients_.size()});
    for (std::size_t d = 0; d < sweep.diagonals; ++d, ++diagonals_) {
      const std::size_t m = sweep.first_mode + 2 * d;
      for (std::size_t k = 0; k < sweep.columns; ++k) {
        const Mesh::Element* e = staircase.at(sweep, m, k);
        if (!e) {
          add({1, 0, 1, 0, 0, 1, 0, 0, 0});
          continue;
        }
        places_[static_cast<std::size_t>(e - mesh.elements().data())] = {diagonals_, static_cast<std::uint32_t>(k)};
        Complex &a = carried[e->mode], &b = carried[e->mode + 1];
        const RealForm form(*e, a, b);
        add({form.input.real(), form.input.imag(), form.r11, form.r12, form.r21, form.r22, sigma_rad / 2, sigma_rad / 4,
             1 - mesh.transmission()});
        a = form.upper;
        b = form.lower;
      }
    }
  }
  for (std::size_t m = 0; m < mesh.modes(); ++m) {
    const Complex factor = mesh.output_factors()[m] * carried[m];
    factors_.push_back(factor.real());
    factors_.push_back(factor.imag());
  }
}

void ShakenMesh::propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol,
                           double* re, double* im, double* absorbed) const {
  support::AlignedVector<double> panel((modes() + 2 * kMeshColumns) * kPanelRowBytes / sizeof(double), 0.0);
  const ShakenProgram program{sweeps_.data(), sweeps_.size(), coefficients_.data(), factors_.data(), modes(),
                              seed_,          stream_,        symbol * diagonals_,  first_sample,    has_loss_,
                              is_small_};
  kernel()(program, panel.data(), re, im, stride, samples, absorbed);
}

double ShakenMesh::jitter(std::size_t element, bool of_theta, std::uint64_t sample, std::uint32_t symbol) const {
  JitterPlace place = places_.at(element);
  place.diagonal += symbol * diagonals_;
  return jitter_number(place, of_theta, seed_, stream_, sample);
}

ShakenMatrix::ShakenMatrix(const MatrixMesh& matrix, MiddleRow middle, double sigma_rad, std::uint64_t seed,
                           const std::string& stream_name)
    : middle_(std::move(middle)), output_(matrix.output_mesh(), sigma_rad, seed, stream_name + "/output_mesh") {
  support::require(matrix.rows() == matrix.columns(), "columns", static_cast<double>(matrix.columns()),
                   "those of the rows");
  if (matrix.input_mesh()) input_.emplace_back(*matrix.input_mesh(), sigma_rad, seed, stream_name + "/input_mesh");
}

void ShakenMatrix::propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol,
                             double* re, double* im, double* absorbed, double* auxiliary, double watts_per_square,
                             double* added) const {
  if (!input_.empty()) {
    input_.front().propagate(first_sample, samples, stride, symbol, re, im, absorbed);
    for (std::size_t m = 0; m < middle_.transmissions.size(); ++m)
      middle_.pass(m, first_sample, samples, symbol, watts_per_square, re + m * stride, im + m * stride, auxiliary,
                   added);
  }
  output_.propagate(first_sample, samples, stride, symbol, re, im, absorbed);
}

}  // namespace szilard::optical
