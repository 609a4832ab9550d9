// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// Compiled once per instruction set inside a namespace of its own. Nothing from the standard library may be
// instantiated here: the linker could pick that copy for a processor that lacks the instructions.

namespace {

void quantise(const double* in, std::size_t n, Rounding rounding, double* out) {
  const Rounding r = rounding;
  for (std::size_t i = 0; i < n; ++i) out[i] = rounded(in[i], r);
}

void codes(const double* in, std::size_t n, Rounding rounding, double* out) {
  const Rounding r = rounding;
  for (std::size_t i = 0; i < n; ++i) out[i] = code_of(in[i], r);
}

void affine(const double* in, std::size_t n, double scale, double offset, double sigma, const double* gaussian,
            double* out) {
  if (gaussian) {
    for (std::size_t i = 0; i < n; ++i) out[i] = in[i] * scale + offset + sigma * gaussian[i];
  } else {
    for (std::size_t i = 0; i < n; ++i) out[i] = in[i] * scale + offset;
  }
}

void count(const double* in, std::size_t n, ThresholdSearch search, double lowest, std::int32_t* __restrict place,
           double* out) {
  const double* __restrict thresholds = search.thresholds;
  const std::int32_t* __restrict below = search.below;
  for (std::size_t i = 0; i < n; ++i) {
    const double cell = in[i] - search.origin;
    const double raised = cell > 0 ? cell : 0;
    place[i] = static_cast<std::int32_t>(raised < search.last_cell ? raised : search.last_cell);
  }
  for (std::size_t i = 0; i < n; ++i) place[i] = below[place[i]];
  if (search.probes == 2) {
    for (std::size_t i = 0; i < n; ++i) {
      const double value = in[i];
      const double first = thresholds[place[i]] <= value ? 1.0 : 0.0;
      const double second = thresholds[place[i] + 1] <= value ? 1.0 : 0.0;
      out[i] = lowest + static_cast<double>(place[i]) + first + second;
    }
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    double passed = 0;
    for (int p = 0; p < search.probes; ++p) passed += thresholds[place[i] + p] <= in[i] ? 1.0 : 0.0;
    out[i] = lowest + static_cast<double>(place[i]) + passed;
  }
}

void look_up(const double* in, std::size_t n, double lowest, const double* table, double* out) {
  for (std::size_t i = 0; i < n; ++i) out[i] = table[static_cast<std::int32_t>(in[i] - lowest)];
}

void tally(const double* __restrict in, std::size_t n, double lowest, const double* __restrict table,
           double* __restrict sum) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += table[static_cast<std::int32_t>(in[i] - lowest)];
}

}  // namespace

extern const ConverterKernels kConverterKernels;
const ConverterKernels kConverterKernels = {quantise, codes, affine, count, look_up, tally};
