// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/linear/linear_map.hpp"

namespace szilard::optical {

/// Where the light of each input of an incoherent medium goes, as shares of it. Of each input:
/// sum of plus + sum of minus + absorbed + auxiliary = 1. The four are computed apart from one another.
struct LightShares {
  linear::RowMatrix plus, minus;            ///< outputs x inputs, on the two photodiodes of each output
  std::vector<double> absorbed, auxiliary;  ///< of each input
};

}  // namespace szilard::optical
