// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/kernels.hpp"

namespace szilard::electronic::x86_64_v3 {
#include "models/electronic/converters/rounding.ipp"

#include "models/electronic/converters/kernels.ipp"
}  // namespace szilard::electronic::x86_64_v3
