// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Included by unit_kernels_v2.cpp to unit_kernels_v4.cpp, which define SZILARD_UNIT_KERNELS. Without contraction every
// operation is one IEEE rounding, so all instruction sets give the same bits.
#include "models/quasistatic/unit_kernels.hpp"

#include <stdint.h>
#include <string.h>

#define SZILARD_INLINE inline __attribute__((always_inline))
// Rows of different arrays never overlap.
#if defined(__clang__)
#define SZILARD_LANES_APART _Pragma("clang loop vectorize(assume_safety)")
#else
#define SZILARD_LANES_APART _Pragma("GCC ivdep")
#endif

namespace szilard::quasistatic {
namespace {

SZILARD_INLINE const double* aligned(const double* p) {
  return static_cast<const double*>(__builtin_assume_aligned(p, 64));
}
SZILARD_INLINE double* aligned(double* p) { return static_cast<double*>(__builtin_assume_aligned(p, 64)); }

/// e^x for |x| < 700: x = n ln2 + r, Taylor in r to the 13th power (truncation below 5e-18), 2^n by its exponent bits.
SZILARD_INLINE double exponential(double x) {
  constexpr double kMagic = 0x1.8p52;
  const double shifted = x * 0x1.71547652b82fep0 + kMagic;
  const double n = shifted - kMagic;
  const double r = (x - n * 0x1.62e42fefa3800p-1) - n * 0x1.ef35793c76730p-45;
  double p = 1.0 / 6227020800;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  uint64_t bits;
  memcpy(&bits, &shifted, 8);
  bits = (bits + 1023) << 52;
  double scale;
  memcpy(&scale, &bits, 8);
  return p * scale;
}

struct Value {
  double f, slope;
};

SZILARD_INLINE double hyperbolic_tangent(double y) {
  const double bounded = y > 20 ? 20 : (y < -20 ? -20 : y);
  const double e = exponential(2 * bounded);
  return 1 - 2 / (e + 1);
}

struct Linear {
  static SZILARD_INLINE Value at(double y) { return {y, 1}; }
};
struct Relu {
  static SZILARD_INLINE Value at(double y) { return {y > 0 ? y : 0, y > 0 ? 1.0 : 0.0}; }
};
struct Tanh {
  static SZILARD_INLINE Value at(double y) {
    const double t = hyperbolic_tangent(y);
    return {t, 1 - t * t};
  }
};
struct Sigmoid {
  static SZILARD_INLINE Value at(double y) {
    const double t = hyperbolic_tangent(y / 2);
    return {(1 + t) / 2, (1 - t * t) / 4};
  }
};

template <typename F>
void pull(UnitRows rows, const double* x, const double* y, double* pull, double* strain) {
  x = aligned(x), y = aligned(y), pull = aligned(pull), strain = aligned(strain);
  for (size_t i = 0; i < rows.units; ++i) {
    const double kappa = rows.kappa[i];
    SZILARD_LANES_APART
    for (size_t s = i * rows.lanes; s < (i + 1) * rows.lanes; ++s) {
      const Value v = F::at(y[s]);
      const double force = kappa * (v.f - x[s]);
      pull[s] = force;
      strain[s] = -force * v.slope;
    }
  }
}

template <typename F>
void energy(UnitRows rows, const double* x, const double* y, double sign, double* sum) {
  x = aligned(x), y = aligned(y);
  for (size_t i = 0; i < rows.units; ++i) {
    const double half = sign * (rows.kappa[i] / 2);
    const double *xi = x + i * rows.lanes, *yi = y + i * rows.lanes;
    SZILARD_LANES_APART
    for (size_t s = 0; s < rows.lanes; ++s) {
      const double r = xi[s] - F::at(yi[s]).f;
      sum[s] += half * (r * r);
    }
  }
}

template <typename F>
struct Chord {
  /// Integral of r (dx - f' dy) from (x, y) to (x + dx, y + dy).
  static SZILARD_INLINE double work(double x, double y, double dx, double dy) {
    constexpr double kNode[5] = {0.046910077030668004, 0.23076534494715845, 0.5, 0.76923465505284155,
                                 0.95308992296933200};
    constexpr double kWeight[5] = {0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324,
                                   0.11846344252809454};
    double sum = 0;
    for (int k = 0; k < 5; ++k) {
      const Value v = F::at(y + kNode[k] * dy);
      sum += kWeight[k] * ((x + kNode[k] * dx - v.f) * (dx - v.slope * dy));
    }
    return sum;
  }
};
template <>
struct Chord<Linear> {
  static SZILARD_INLINE double work(double x, double y, double dx, double dy) {
    return ((x + dx * 0.5) - (y + dy * 0.5)) * (dx - dy);
  }
};
template <>
struct Chord<Relu> {
  /// Active along a share of the line, inactive along the rest; on each piece the integrand is linear.
  static SZILARD_INLINE double work(double x, double y, double dx, double dy) {
    const double end = y + dy;
    const double high = y > end ? y : end, low = y > end ? end : y;
    const double crossing = high / (high - low);
    const double active = low > 0 ? 1.0 : (high > 0 ? crossing : 0.0);
    const double inactive = 1 - active;
    const double middle_active = y > 0 ? active * 0.5 : 1 - active * 0.5;
    const double middle_inactive = y > 0 ? 1 - inactive * 0.5 : inactive * 0.5;
    const double on = ((x + middle_active * dx) - (y + middle_active * dy)) * (dx - dy);
    const double off = (x + middle_inactive * dx) * dx;
    return active * on + inactive * off;
  }
};

template <typename F>
void heat(UnitRows rows, const double* x, const double* y, const double* x2, const double* y2, double* sum) {
  x = aligned(x), y = aligned(y), x2 = aligned(x2), y2 = aligned(y2);
  for (size_t i = 0; i < rows.units; ++i) {
    const double kappa = rows.kappa[i];
    const size_t row = i * rows.lanes;
    SZILARD_LANES_APART
    for (size_t s = 0; s < rows.lanes; ++s)
      sum[s] -= kappa * Chord<F>::work(x[row + s], y[row + s], x2[row + s] - x[row + s], y2[row + s] - y[row + s]);
  }
}

template <typename F>
void activate(size_t count, const double* y, double* out) {
  SZILARD_LANES_APART
  for (size_t s = 0; s < count; ++s) out[s] = F::at(y[s]).f;
}

void predict(UnitRows rows, const double* drift, const double* noise, const double* x, const double* pull,
             const double* back, const double* z, double* end, double* half) {
  x = aligned(x), pull = aligned(pull), back = aligned(back), end = aligned(end), half = aligned(half);
  for (size_t i = 0; i < rows.units; ++i) {
    const double d = drift[i], n = noise[i];
    const size_t first = i * rows.lanes, last = first + rows.lanes;
    if (z != nullptr) {
      SZILARD_LANES_APART
      for (size_t s = first; s < last; ++s) {
        const double step = d * (pull[s] + back[s]);
        const double kicked = x[s] + n * z[s];
        end[s] = kicked + step;
        half[s] = kicked + 0.5 * step;
      }
    } else {
      SZILARD_LANES_APART
      for (size_t s = first; s < last; ++s) {
        const double step = d * (pull[s] + back[s]);
        end[s] = x[s] + step;
        half[s] = x[s] + 0.5 * step;
      }
    }
  }
}

void correct(UnitRows rows, const double* drift, const double* half, const double* pull, const double* back,
             double* x) {
  half = aligned(half), pull = aligned(pull), back = aligned(back), x = aligned(x);
  for (size_t i = 0; i < rows.units; ++i) {
    const double d = 0.5 * drift[i];
    SZILARD_LANES_APART
    for (size_t s = i * rows.lanes; s < (i + 1) * rows.lanes; ++s) x[s] = half[s] + d * (pull[s] + back[s]);
  }
}

void between(UnitRows rows, const double* from, const double* to, const double* part, double* out) {
  from = aligned(from), to = aligned(to), out = aligned(out);
  for (size_t i = 0; i < rows.units; ++i) {
    const size_t row = i * rows.lanes;
    SZILARD_LANES_APART
    for (size_t s = 0; s < rows.lanes; ++s) out[row + s] = from[row + s] + part[s] * (to[row + s] - from[row + s]);
  }
}

void largest(size_t window, const double* const* rows, size_t lanes, double* best) {
  memcpy(best, rows[0], lanes * sizeof(double));
  for (size_t k = 1; k < window; ++k) {
    const double* const row = rows[k];
    SZILARD_LANES_APART
    for (size_t s = 0; s < lanes; ++s) best[s] = best[s] < row[s] ? row[s] : best[s];
  }
}

void to_largest(size_t window, const double* const* rows, size_t lanes, const double* best, const double* of,
                double* const* gradient) {
  for (size_t s = 0; s < lanes; ++s)
    for (size_t k = 0; k < window; ++k)
      if (rows[k][s] == best[s]) {
        gradient[k][s] += of[s];
        break;
      }
}

}  // namespace

#define SZILARD_FOR_ACTIVATION(CALL) \
  switch (activation) {              \
    case 0: {                        \
      using F = Linear;              \
      CALL;                          \
    } break;                         \
    case 1: {                        \
      using F = Relu;                \
      CALL;                          \
    } break;                         \
    case 2: {                        \
      using F = Tanh;                \
      CALL;                          \
    } break;                         \
    default: {                       \
      using F = Sigmoid;             \
      CALL;                          \
    }                                \
  }

UnitKernels SZILARD_UNIT_KERNELS() {
  UnitKernels kernels;
  kernels.pull = [](int activation, UnitRows rows, const double* x, const double* y, double* force, double* strain) {
    SZILARD_FOR_ACTIVATION(pull<F>(rows, x, y, force, strain))
  };
  kernels.energy = [](int activation, UnitRows rows, const double* x, const double* y, double sign, double* sum) {
    SZILARD_FOR_ACTIVATION(energy<F>(rows, x, y, sign, sum))
  };
  kernels.heat = [](int activation, UnitRows rows, const double* x, const double* y, const double* x2, const double* y2,
                    double* sum) { SZILARD_FOR_ACTIVATION(heat<F>(rows, x, y, x2, y2, sum)) };
  kernels.activate = [](int activation, size_t count, const double* y, double* out) {
    SZILARD_FOR_ACTIVATION(activate<F>(count, y, out))
  };
  kernels.predict = predict;
  kernels.correct = correct;
  kernels.between = between;
  kernels.largest = largest;
  kernels.to_largest = to_largest;
  return kernels;
}

}  // namespace szilard::quasistatic
