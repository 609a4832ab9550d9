// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/energy/bounds.hpp"

namespace szilard::energy {

/// Sum of mutual informations along the forest described at ResetBounds::reset_joint_j.
struct TreeInformation {
  std::optional<double> information_nat;  ///< empty where the network is too large to look at its pairs
  std::string note;
};
TreeInformation tree_information(const std::vector<const ActivityTrace*>& layers);

}  // namespace szilard::energy
