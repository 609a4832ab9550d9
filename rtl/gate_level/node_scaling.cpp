// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/node_scaling.hpp"

#include <stdexcept>

namespace szilard::gate_level {

const std::vector<TechnologyNode>& technology_nodes() {
  static const std::vector<TechnologyNode> nodes = {
      {180, 1.8, 0, 24.64, -17.98},          {130, 1.3, 7.171, -6.709, 2.904},    {90, 1.2, 4.762, -4.781, 2.092},
      {65, 1.1, 3.755, -4.398, 1.975},       {45, 1.0, 1.018, -0.3107, 0.1539},   {32, 0.9, 0.8367, -0.4341, 0.1701},
      {20, 0.9, 0.373, -0.1582, 0.04104},    {16, 0.8, 0.2958, -0.1241, 0.03024}, {14, 0.8, 0.2363, -0.09675, 0.02239},
      {10, 0.75, 0.2068, -0.09311, 0.02375}, {7, 0.7, 0.1776, -0.09097, 0.02447}};
  return nodes;
}

const TechnologyNode* find_node(int nanometres) {
  for (const TechnologyNode& node : technology_nodes())
    if (node.nanometres == nanometres) return &node;
  return nullptr;
}

double energy_ratio(int from_nanometres, double from_v, int to_nanometres, double to_v) {
  const TechnologyNode *from = find_node(from_nanometres), *to = find_node(to_nanometres);
  if (!from || !to)
    throw std::invalid_argument("no scaling from " + std::to_string(from_nanometres) + " to " +
                                std::to_string(to_nanometres) + " nm: the nodes are 180 to 7 nm");
  return to->relative_energy(to_v) / from->relative_energy(from_v);
}

}  // namespace szilard::gate_level
