// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/real_form.hpp"

#include <cmath>

namespace szilard::optical {
namespace {

Complex phase_of(const Complex& z) { return std::abs(z) > 0 ? z / std::abs(z) : Complex(1); }

}  // namespace

RealForm::RealForm(const Mesh::Element& e, const Complex& a, const Complex& b) {
  const Complex m11 = e.t11 * a, m12 = e.t12 * b, m21 = e.t21 * a, m22 = e.t22 * b;
  const bool crossed = std::norm(m12) > std::norm(m11);
  // Where one way is dark the relative phase is rounding; any will do.
  input = phase_of(m11 * std::conj(m12));
  upper = crossed ? phase_of(m12) : phase_of(m11 / input);
  lower = crossed ? phase_of(m21 / input) : phase_of(m22);
  if ((lower * std::conj(upper)).real() < 0) lower = -lower;
  r11 = (m11 / (upper * input)).real();
  r12 = (m12 / upper).real();
  r21 = (m21 / (lower * input)).real();
  r22 = (m22 / lower).real();
}

}  // namespace szilard::optical
