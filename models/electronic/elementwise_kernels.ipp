// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// Compiled once per instruction set inside a namespace of its own. Nothing from the standard library may be
// instantiated here: the linker could pick that copy for a processor that lacks the instructions.

namespace {

void quantise(const double* in, std::size_t n, Rounding rounding, double* out) {
  const Rounding r = rounding;
  if (r.is_identity) {
    for (std::size_t i = 0; i < n; ++i) out[i] = in[i];
  } else {
    for (std::size_t i = 0; i < n; ++i) out[i] = rounded(in[i], r);
  }
}

void load_single(const double* __restrict in, std::size_t n, Rounding rounding, float* __restrict out) {
  const Rounding r = rounding;
  if (r.is_identity) {
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(in[i]);
  } else {
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(rounded(in[i], r));
  }
}

void load_codes(const double* __restrict in, std::size_t n, Rounding rounding, double* __restrict out) {
  const Rounding r = rounding;
  for (std::size_t i = 0; i < n; ++i) out[i] = code_of(in[i], r);
}

void load_bytes(const double* __restrict in, std::size_t n, Rounding rounding, int zero_code,
                unsigned char* __restrict out) {
  const Rounding r = rounding;
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = static_cast<unsigned char>(static_cast<int>(code_of(in[i], r)) + zero_code);
  }
}

void square(const double* __restrict in, std::size_t n, double step, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double value = in[i] * step;
    out[i] = value * value;
  }
}

void square_single(const float* __restrict in, std::size_t n, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<double>(in[i]) * static_cast<double>(in[i]);
}

void square_bytes(const unsigned char* __restrict in, std::size_t n, int zero_code, double step,
                  double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) {
    const double value = static_cast<double>(static_cast<int>(in[i]) - zero_code) * step;
    out[i] = value * value;
  }
}

void narrow(const double* __restrict in, std::size_t n, float* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<float>(in[i]);
}

void root(const double* in, std::size_t n, double scale, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = __builtin_sqrt(scale * in[i]);
}

void root_single(const float* __restrict in, std::size_t n, double scale, double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = __builtin_sqrt(scale * static_cast<double>(in[i]));
}

template <bool kRounds, bool kNoise, bool kCommon, typename Real>
void finish_loop(const Real* __restrict in, double scale, double bias, const double* __restrict sigma,
                 const double* __restrict gaussian, const double* __restrict common, std::size_t n, const Rounding r,
                 double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) {
    double y = static_cast<double>(in[i]) * scale + bias;
    if (kNoise) y += sigma[i] * gaussian[i];
    if (kCommon) y += common[i];
    out[i] = kRounds ? rounded(y, r) : y;
  }
}

template <bool kRounds, typename Real>
void finish_as(const Real* in, double scale, double bias, const double* sigma, const double* gaussian,
               const double* common, std::size_t n, const Rounding& r, double* out) {
  if (sigma && common) {
    finish_loop<kRounds, true, true>(in, scale, bias, sigma, gaussian, common, n, r, out);
  } else if (sigma) {
    finish_loop<kRounds, true, false>(in, scale, bias, sigma, gaussian, common, n, r, out);
  } else {
    finish_loop<kRounds, false, false>(in, scale, bias, sigma, gaussian, common, n, r, out);
  }
}

template <typename Real>
void finish_any(const Real* in, double scale, double bias, const double* sigma, const double* gaussian,
                const double* common, std::size_t n, const Rounding& r, double* out) {
  if (r.is_identity) {
    finish_as<false>(in, scale, bias, sigma, gaussian, common, n, r, out);
  } else {
    finish_as<true>(in, scale, bias, sigma, gaussian, common, n, r, out);
  }
}

void finish(const double* in, double scale, double bias, const double* sigma, const double* gaussian,
            const double* common, std::size_t n, Rounding rounding, double* out) {
  finish_any(in, scale, bias, sigma, gaussian, common, n, rounding, out);
}

void finish_single(const float* in, double scale, double bias, const double* sigma, const double* gaussian,
                   const double* common, std::size_t n, Rounding rounding, double* out) {
  finish_any(in, scale, bias, sigma, gaussian, common, n, rounding, out);
}

void add_scaled(const double* __restrict sigma, const double* __restrict gaussian, std::size_t n,
                double* __restrict out) {
  for (std::size_t i = 0; i < n; ++i) out[i] += sigma[i] * gaussian[i];
}

}  // namespace

extern const ElementwiseKernels kKernels;
const ElementwiseKernels kKernels = {quantise,      load_single,   load_codes, load_bytes, square,
                                     square_single, square_bytes,  narrow,     root,       root_single,
                                     finish,        finish_single, add_scaled};
