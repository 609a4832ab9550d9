// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/statistical/population.hpp"
#include "sim/statistical/statistical.hpp"

/// What was found of each layer. Internal to this folder.
namespace szilard::statistical {

/// Figures of one layer on one platform.
struct Stratum {
  LayerShape shape;
  Cut cut;
  double energy_weight = 1, time_weight = 1;
  std::map<std::string, Column> columns, scalars;
};

struct PlatformStrata {
  std::vector<Stratum> layers;
  cosim::PlatformKind kind = cosim::PlatformKind::dynamic_analog;
  std::string bound;
  std::size_t parts = 0;
};

/// The platform's figures and their intervals.
PlatformEstimate read_out(const PlatformStrata& strata, const scenario::PlatformSpec& platform, double temperature_k,
                          double confidence);

}  // namespace szilard::statistical
