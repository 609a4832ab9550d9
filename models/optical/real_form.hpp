// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/optical/mesh.hpp"

namespace szilard::optical {

/// An interferometer as diag(upper, lower) R diag(input, 1) with phases upper, lower, input and a real R, after the
/// phases a and b that its inputs carry: phases go on with the modes into the next interferometers, so that kernels
/// only meet real matrices. Internal to this folder.
///
/// Without splitting error both outputs have one phase, or opposite ones; where they are opposite `lower` and the
/// second row of R are turned, so that a real rotation behind the interferometer stays one in this frame.
struct RealForm {
  RealForm(const Mesh::Element& e, const Complex& a, const Complex& b);

  Complex input, upper, lower;
  double r11, r12, r21, r22;
};

}  // namespace szilard::optical
