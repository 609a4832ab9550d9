// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/page/folder.hpp"

namespace szilard::page {

/// A platform's energy on its way from the supplies to where it ends, whole run: what a Sankey diagram draws.
///
/// Nodes are "supplied", parts of layers (tiles of a layer together), mechanisms of dissipation, "recovered" and
/// "stored". A part's exports of a mechanism are received by the parts of the same layer that receive that mechanism
/// (of the platform, where the layer has none), in proportion to what each received. Amounts are not negative; energy
/// that flows back (negative entries) is netted where it can be and otherwise left out and told in `left_out_j`.
struct EnergyFlow {
  struct Link {
    std::string from, to;
    double joules = 0;
  };
  std::vector<std::string> nodes;
  std::vector<Link> links;
  double left_out_j = 0;  ///< magnitudes of what no link shows
};

/// `accounts` of coefficients.json.
EnergyFlow energy_flow(const std::string& platform, const Json& accounts);

}  // namespace szilard::page
