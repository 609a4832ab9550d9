// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The kernel of shaken_mesh.hpp for one instruction set. Included once by each of shaken_mesh_v2.cpp,
// shaken_mesh_v3.cpp and shaken_mesh_v4.cpp, which define SZILARD_SHAKEN_KERNEL as the name of the function that hands
// it out. Panels and diagonals are those of fused_mesh_kernel.inc.hpp.
#include <immintrin.h>
#include <string.h>

#include "models/optical/fused_mesh_kernel.hpp"
#include "models/optical/shaken_mesh_kernel.hpp"

namespace szilard::optical {
namespace {

#include "models/optical/jitter_numbers.inc.hpp"

using Reals = Vector<double>::type;
constexpr size_t kLanes = Vector<double>::kLanes, kRow = 2 * kLanes;

/// z of a byte of a word's low half: the byte is made the last but one of the mantissa of 2^52.
inline __attribute__((always_inline)) Reals number(const Wide& word, int byte) {
  constexpr double kUnit = 1.0 / 256, kUnits = kUnit * kUnit;
  const Wide bits = (((byte == 0 ? word << 8 : word >> (8 * byte - 8)) & 0xff00u) | 0x4330000000000000u);
  const Reals u = reinterpret_cast<Reals>(bits) - (0x1p52 + 127.5 * 256), square = u * u;
  return u * (kJitter0 * kUnit + square * (kJitter1 * kUnit * kUnits + square * (kJitter2 * kUnit * kUnits * kUnits)));
}

/// Sine of the angle whose half has the tangent t.
template <bool IsSmall>
inline __attribute__((always_inline)) Reals sine(const Reals& t) {
  const Reals y = t * t, y2 = y * y;
  Reals inverse = 1.0 - y;
  inverse += inverse * y2;
  if constexpr (!IsSmall) inverse += inverse * (y2 * y2);
  return (t + t) * inverse;
}

template <bool HasLoss, bool IsSmall>
inline __attribute__((always_inline)) void pass(const double* c, const Reals& of_phi, const Reals& of_theta,
                                                Field<double>& a, Field<double>& b, Reals& absorbed) {
  if constexpr (HasLoss) absorbed += c[8] * (a.re * a.re + a.im * a.im + b.re * b.re + b.im * b.im);
  // A turn is three shears, which keeps power whatever t is.
  const Reals t = c[6] * of_phi, s = sine<IsSmall>(t);
  Reals xr = c[0] * a.re - c[1] * a.im, xi = c[0] * a.im + c[1] * a.re;
  xr -= t * xi;
  xi += s * xr;
  xr -= t * xi;
  Reals ur = c[2] * xr + c[3] * b.re, ui = c[2] * xi + c[3] * b.im;
  Reals vr = c[4] * xr + c[5] * b.re, vi = c[4] * xi + c[5] * b.im;
  const Reals q = c[7] * of_theta, r = sine<IsSmall>(q);
  ur += q * vr;
  ui += q * vi;
  vr -= r * ur;
  vi -= r * ui;
  ur += q * vr;
  ui += q * vi;
  a = {ur, ui};
  b = {vr, vi};
}

template <size_t K, bool HasLoss, bool IsSmall>
void sweep(const ShakenProgram& program, const JitterSweep& sweep, double* first_row, const Wide& samples,
           const RoundKeys& keys, Reals& absorbed) {
  Field<double> mode[K + 1];
  double* row = first_row + sweep.first_mode * kRow;
  const double* c = program.coefficients + sweep.first_coefficient;
  const Wide stream = Wide{} + program.stream, high = samples >> 32;
  Reals lost = absorbed;
  for (size_t j = 0; j + 1 < K; ++j) mode[j] = load(row + j * kRow - (K - 1) * kRow);
  for (size_t d = 0; d < sweep.diagonals; ++d) {
    const Words bits =
        philox({{Wide{} + uint32_t(program.first_diagonal + sweep.first_diagonal + d), stream, samples, high}}, keys);
    mode[K - 1] = load(row);
    mode[K] = load(row + kRow);
#pragma GCC unroll 8
    for (size_t k = 0; k < K; ++k) {
      const Wide& word = bits.w[k / 2];
      const int byte = 2 * int(k % 2);
      pass<HasLoss, IsSmall>(c + k * kShakenCoefficients, number(word, byte), number(word, byte + 1), mode[K - 1 - k],
                             mode[K - k], lost);
    }
    double* const done = row - (K - 1) * kRow;
    store(done, mode[0]);
    store(done + kRow, mode[1]);
#pragma GCC unroll 8
    for (size_t j = 0; j + 2 <= K; ++j) mode[j] = mode[j + 2];
    row += 2 * kRow;
    c += K * kShakenCoefficients;
  }
  for (size_t j = 0; j + 1 < K; ++j) store(row + j * kRow - (K - 1) * kRow, mode[j]);
  absorbed = lost;
}

template <bool HasLoss, bool IsSmall>
void propagate_kind(const ShakenProgram& program, double* panel, double* re, double* im, size_t stride, size_t samples,
                    double* absorbed) {
  const RoundKeys keys(program.seed);
  double* const first_row = panel + kMeshColumns * kRow;
  for (size_t lane = 0; lane < samples; lane += kLanes) {
    const size_t count = samples - lane < kLanes ? samples - lane : kLanes;
    Wide sample;
    for (size_t i = 0; i < kLanes; ++i) sample[i] = program.first_sample + lane + i;
    for (size_t m = 0; m < program.modes; ++m) {
      double* const row = first_row + m * kRow;
      memcpy(row, re + m * stride + lane, count * sizeof(double));
      memcpy(row + kLanes, im + m * stride + lane, count * sizeof(double));
    }
    Reals lost = {};
    for (size_t s = 0; s < program.sweep_count; ++s) {
      const JitterSweep& one = program.sweeps[s];
      if (one.columns == 8) sweep<8, HasLoss, IsSmall>(program, one, first_row, sample, keys, lost);
      else if (one.columns == 4) sweep<4, HasLoss, IsSmall>(program, one, first_row, sample, keys, lost);
      else if (one.columns == 2) sweep<2, HasLoss, IsSmall>(program, one, first_row, sample, keys, lost);
      else sweep<1, HasLoss, IsSmall>(program, one, first_row, sample, keys, lost);
    }
    for (size_t m = 0; m < program.modes; ++m) {
      double* const row = first_row + m * kRow;
      const Field<double> field = load(row);
      const double c = program.factors[2 * m], d = program.factors[2 * m + 1];
      store(row, {c * field.re - d * field.im, c * field.im + d * field.re});
      memcpy(re + m * stride + lane, row, count * sizeof(double));
      memcpy(im + m * stride + lane, row + kLanes, count * sizeof(double));
    }
    if constexpr (HasLoss)
      for (size_t i = 0; i < count; ++i) absorbed[lane + i] += lost[i];
  }
}

void propagate(const ShakenProgram& program, double* panel, double* re, double* im, size_t stride, size_t samples,
               double* absorbed) {
  if (program.has_loss)
    program.is_small ? propagate_kind<true, true>(program, panel, re, im, stride, samples, absorbed)
                     : propagate_kind<true, false>(program, panel, re, im, stride, samples, absorbed);
  else
    program.is_small ? propagate_kind<false, true>(program, panel, re, im, stride, samples, absorbed)
                     : propagate_kind<false, false>(program, panel, re, im, stride, samples, absorbed);
}

}  // namespace

ShakenKernel SZILARD_SHAKEN_KERNEL() { return &propagate; }

}  // namespace szilard::optical
