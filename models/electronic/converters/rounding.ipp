// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// For loops that are compiled once per instruction set: to be included inside a namespace of its own.

namespace {

// Adding the largest double below 1/2 and cutting rounds half away from zero for every double.
inline double code_of(double value, const Rounding& r) {
  const double scaled = value * r.inverse_step;
  const double raised = scaled > r.lowest ? scaled : r.lowest;  // in two steps: compilers know a maximum and a minimum
  const double clipped = raised < r.highest ? raised : r.highest;
  return __builtin_trunc(clipped + __builtin_copysign(r.raise, clipped));
}

inline double rounded(double value, const Rounding& r) { return code_of(value, r) * r.step; }

}  // namespace
