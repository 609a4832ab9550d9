// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/shaken_mesh.hpp"

#include <algorithm>

#include "models/support/aligned_vector.hpp"
#include "models/support/checks.hpp"

namespace szilard::optical {
namespace {

constexpr double kMostSigma_rad = 0.1;
constexpr std::size_t kElementsAtOnce = 16;

/// Cosine and sine of Cayley's turn by about `angle`.
struct Turn {
  explicit Turn(double angle) {
    const double half = angle / 2, scale = 1 / (1 + half * half);
    cosine = (1 - half * half) * scale;
    sine = 2 * half * scale;
  }
  double cosine, sine;
};

}  // namespace

ShakenMesh::ShakenMesh(const Mesh& mesh, double sigma_rad, std::uint64_t seed, const std::string& stream_name)
    : elements_(mesh.elements()),
      factors_(mesh.output_factors()),
      transmission_(mesh.transmission()),
      sigma_rad_(sigma_rad),
      jitter_(seed, support::stream_of((stream_name + "/phase_jitter").c_str())) {
  support::require(sigma_rad >= 0 && sigma_rad <= kMostSigma_rad, "phase_jitter_rad", sigma_rad, "0 to 0.1");
}

void ShakenMesh::propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol, double* re,
                           double* im, double* absorbed) const {
  support::AlignedVector<double> z(2 * kElementsAtOnce * stride);
  const auto elements = static_cast<std::uint32_t>(elements_.size());
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const std::size_t place = i % kElementsAtOnce;
    if (place == 0)
      jitter_.gaussians_block(first_sample, samples, stride, 2 * (symbol * elements + static_cast<std::uint32_t>(i)),
                              2 * std::min(kElementsAtOnce, elements_.size() - i), z.data());
    const Mesh::Element& e = elements_[i];
    const double *of_phi = &z[2 * place * stride], *of_theta = of_phi + stride;
    double *ar = re + e.mode * stride, *ai = im + e.mode * stride, *br = ar + stride, *bi = ai + stride;
    const double r11 = e.t11.real(), i11 = e.t11.imag(), r12 = e.t12.real(), i12 = e.t12.imag();
    const double r21 = e.t21.real(), i21 = e.t21.imag(), r22 = e.t22.real(), i22 = e.t22.imag();
    for (std::size_t s = 0; s < samples; ++s) {
      absorbed[s] += (1 - transmission_) * (ar[s] * ar[s] + ai[s] * ai[s] + br[s] * br[s] + bi[s] * bi[s]);
      const Turn phi(sigma_rad_ * of_phi[s]), theta(sigma_rad_ / 2 * of_theta[s]);
      const double xr = ar[s] * phi.cosine - ai[s] * phi.sine, xi = ar[s] * phi.sine + ai[s] * phi.cosine;
      const double yr = br[s], yi = bi[s];
      const double ur = r11 * xr - i11 * xi + r12 * yr - i12 * yi, ui = r11 * xi + i11 * xr + r12 * yi + i12 * yr;
      const double vr = r21 * xr - i21 * xi + r22 * yr - i22 * yi, vi = r21 * xi + i21 * xr + r22 * yi + i22 * yr;
      ar[s] = theta.cosine * ur + theta.sine * vr;
      ai[s] = theta.cosine * ui + theta.sine * vi;
      br[s] = theta.cosine * vr - theta.sine * ur;
      bi[s] = theta.cosine * vi - theta.sine * ui;
    }
  }
  for (std::size_t m = 0; m < factors_.size(); ++m) {
    const double c = factors_[m].real(), d = factors_[m].imag();
    for (std::size_t s = 0; s < samples; ++s) {
      double &r = re[m * stride + s], &i = im[m * stride + s];
      const double turned = c * r - d * i;
      i = c * i + d * r;
      r = turned;
    }
  }
}

ShakenMatrix::ShakenMatrix(const MatrixMesh& matrix, MiddleRow middle, double sigma_rad, std::uint64_t seed, const std::string& stream_name)
    : middle_(std::move(middle)),
      output_(matrix.output_mesh(), sigma_rad, seed, stream_name + "/output_mesh") {
  support::require(matrix.rows() == matrix.columns(), "columns", static_cast<double>(matrix.columns()), "those of the rows");
  if (matrix.input_mesh()) input_.emplace_back(*matrix.input_mesh(), sigma_rad, seed, stream_name + "/input_mesh");
}

void ShakenMatrix::propagate(std::uint64_t first_sample, std::size_t samples, std::size_t stride, std::uint32_t symbol, double* re,
                             double* im, double* absorbed, double* auxiliary, double watts_per_square, double* added) const {
  if (!input_.empty()) {
    input_.front().propagate(first_sample, samples, stride, symbol, re, im, absorbed);
    for (std::size_t m = 0; m < middle_.transmissions.size(); ++m)
      middle_.pass(m, first_sample, samples, symbol, watts_per_square, re + m * stride, im + m * stride, auxiliary, added);
  }
  output_.propagate(first_sample, samples, stride, symbol, re, im, absorbed);
}

}  // namespace szilard::optical
