// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/threshold.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "models/support/signal_block.hpp"

namespace szilard::neuron {
namespace {

template <typename Threshold>
RunDecision decide(const double* y, Threshold threshold, std::size_t count, double* x) {
  RunDecision run;
  const std::size_t padded = (count + support::kSignalLanes - 1) / support::kSignalLanes * support::kSignalLanes;
#if defined(__SSE2__)
  for (std::size_t s = 0; s < padded; s += 2) {
    const __m128d value = _mm_loadu_pd(y + s);
    const __m128d active = _mm_cmpgt_pd(value, threshold.pair(s));
    _mm_storeu_pd(x + s, _mm_and_pd(active, value));
    run.active |= static_cast<std::uint64_t>(_mm_movemask_pd(active)) << s;
    run.not_a_number |= static_cast<std::uint64_t>(_mm_movemask_pd(_mm_cmpunord_pd(value, value))) << s;
  }
#else
  for (std::size_t s = 0; s < padded; ++s) {
    const bool active = y[s] > threshold.one(s);
    x[s] = active ? y[s] : 0;
    run.active |= static_cast<std::uint64_t>(active) << s;
    run.not_a_number |= static_cast<std::uint64_t>(y[s] != y[s]) << s;
  }
#endif
  const std::uint64_t samples = ~std::uint64_t{0} >> (kRun - count);
  run.active &= samples;
  run.not_a_number &= samples;
  return run;
}

struct Fixed {
  double value;
#if defined(__SSE2__)
  __m128d pair(std::size_t) const { return _mm_set1_pd(value); }
#else
  double one(std::size_t) const { return value; }
#endif
};

struct Each {
  const double* values;
#if defined(__SSE2__)
  __m128d pair(std::size_t s) const { return _mm_loadu_pd(values + s); }
#else
  double one(std::size_t s) const { return values[s]; }
#endif
};

}  // namespace

RunDecision decide_run(const double* y, double threshold, std::size_t count, double* x) {
  return decide(y, Fixed{threshold}, count, x);
}

RunDecision decide_run(const double* y, const double* thresholds, std::size_t count, double* x) {
  return decide(y, Each{thresholds}, count, x);
}

}  // namespace szilard::neuron
