// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rtl/baseline.hpp"

namespace szilard {

/// The baselines that szilard_add_baseline() verilated for this program: for OwnParts::baselines.
std::vector<rtl::OwnBaseline> own_baselines();

}  // namespace szilard
