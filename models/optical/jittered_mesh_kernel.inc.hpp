// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The kernel of jittered_mesh.hpp for one instruction set. Included once by each of jittered_mesh_v2.cpp,
// jittered_mesh_v3.cpp and jittered_mesh_v4.cpp, which define SZILARD_JITTER_KERNEL as the name of the function that
// hands it out. Panels and diagonals are those of fused_mesh_kernel.inc.hpp.
#include <immintrin.h>
#include <string.h>

#include "models/optical/fused_mesh_kernel.hpp"
#include "models/optical/jittered_mesh_kernel.hpp"

namespace szilard::optical {
namespace {

#include "models/optical/jitter_numbers.inc.hpp"

using Reals = Vector<float>::type;
typedef int32_t Integers __attribute__((vector_size(kVectorBytes)));
constexpr size_t kLanes = Vector<float>::kLanes, kRow = 2 * kLanes;

/// Even and odd shots side by side: four words for each of kLanes shots.
struct Draw {
  Integers w[4];
};
inline __attribute__((always_inline)) Draw draw(uint32_t diagonal, uint32_t stream, const Wide& even, const Wide& odd,
                                                const RoundKeys& keys) {
  const Wide first = Wide{} + diagonal, second = Wide{} + stream;
  const Words a = philox({{first, second, even, even >> 32}}, keys);
  const Words b = philox({{first, second, odd, odd >> 32}}, keys);
  Draw out;
  for (int i = 0; i < 4; ++i) out.w[i] = reinterpret_cast<Integers>((a.w[i] & 0xffffffffu) | (b.w[i] << 32));
  return out;
}

inline __attribute__((always_inline)) Reals number(const Integers& word, int byte) {
  const Reals u = __builtin_convertvector((word >> (8 * byte)) & 0xff, Reals) - 127.5f;
  const Reals square = u * u;
  return u * (kJitter0 + square * (kJitter1 + square * kJitter2));
}

inline __attribute__((always_inline)) void pass(const float* c, const Reals& phi, const Reals& theta, Field<float>& a,
                                                Field<float>& b) {
  const Reals turn = c[6] * phi, mix = c[7] * theta;
  const Reals xr = c[0] * a.re - c[1] * a.im, xi = c[0] * a.im + c[1] * a.re;
  const Reals ur = xr - turn * xi, ui = xi + turn * xr;
  const Reals ar = c[2] * ur + c[3] * b.re, ai = c[2] * ui + c[3] * b.im;
  const Reals br = c[4] * ur + c[5] * b.re, bi = c[4] * ui + c[5] * b.im;
  a = {ar + mix * br, ai + mix * bi};
  b = {br - mix * ar, bi - mix * ai};
}

template <size_t K>
void sweep(const JitterProgram& program, const JitterSweep& sweep, float* first_row, const Wide& even, const Wide& odd,
           const RoundKeys& keys) {
  Field<float> mode[K + 1];
  float* row = first_row + sweep.first_mode * kRow;
  const float* c = program.coefficients + sweep.first_coefficient;
  for (size_t j = 0; j + 1 < K; ++j) mode[j] = load(row + j * kRow - (K - 1) * kRow);
  for (size_t d = 0; d < sweep.diagonals; ++d) {
    const Draw bits = draw(uint32_t(sweep.first_diagonal + d), program.stream, even, odd, keys);
    mode[K - 1] = load(row);
    mode[K] = load(row + kRow);
#pragma GCC unroll 8
    for (size_t k = 0; k < K; ++k) {
      const Integers& word = bits.w[k / 2];
      const int byte = 2 * int(k % 2);
      pass(c + k * kJitterCoefficients, number(word, byte), number(word, byte + 1), mode[K - 1 - k], mode[K - k]);
    }
    float* const done = row - (K - 1) * kRow;
    store(done, mode[0]);
    store(done + kRow, mode[1]);
#pragma GCC unroll 8
    for (size_t j = 0; j + 2 <= K; ++j) mode[j] = mode[j + 2];
    row += 2 * kRow;
    c += K * kJitterCoefficients;
  }
  for (size_t j = 0; j + 1 < K; ++j) store(row + j * kRow - (K - 1) * kRow, mode[j]);
}

void propagate(const JitterProgram& program, float* panel, const float* const* in_re, const float* const* in_im,
               size_t lanes, float* const* out_re, float* const* out_im) {
  const RoundKeys keys(program.seed);
  float* const first_row = panel + kMeshColumns * kRow;
  for (size_t lane = 0; lane < lanes; lane += kLanes) {
    const size_t count = lanes - lane < kLanes ? lanes - lane : kLanes;
    Wide even;
    for (size_t i = 0; i < kLanes / 2; ++i) even[i] = program.first_shot + lane + 2 * i;
    const Wide odd = even + 1;
    for (size_t m = 0; m < program.modes; ++m) {
      float* const row = first_row + m * kRow;
      memcpy(row, in_re[m] + lane, count * sizeof(float));
      memcpy(row + kLanes, in_im[m] + lane, count * sizeof(float));
    }
    for (size_t s = 0; s < program.sweep_count; ++s) {
      const JitterSweep& one = program.sweeps[s];
      if (one.columns == 8) sweep<8>(program, one, first_row, even, odd, keys);
      else if (one.columns == 4) sweep<4>(program, one, first_row, even, odd, keys);
      else if (one.columns == 2) sweep<2>(program, one, first_row, even, odd, keys);
      else sweep<1>(program, one, first_row, even, odd, keys);
    }
    for (size_t m = 0; m < program.modes; ++m) {
      float* const row = first_row + m * kRow;
      const Field<float> field = load(row);
      const float re = program.factors[2 * m], im = program.factors[2 * m + 1];
      store(row, {re * field.re - im * field.im, re * field.im + im * field.re});
      memcpy(out_re[m] + lane, row, count * sizeof(float));
      memcpy(out_im[m] + lane, row + kLanes, count * sizeof(float));
    }
  }
}

}  // namespace

JitterKernel SZILARD_JITTER_KERNEL() { return &propagate; }

}  // namespace szilard::optical
