// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "models/quasistatic/free_energy.hpp"
#include "models/quasistatic/ramp.hpp"
#include "sim/lab/relax_network.hpp"

namespace szilard::lab {

/// `szilard lab relax`: inference by a quasi-static network, its inputs ramped from one sample to another. Energies in
/// kT at 1 kT, which is the unit of the network's file at every temperature; times in its friction / stiffness.
struct RelaxRequest {
  std::string network, input_from, input_to;
  std::optional<double> stiffness, friction;  ///< of ONNX networks
  double duration = 0;
  std::string temperature = "1 kT";
  std::optional<std::uint64_t> paths;  ///< of each row; default 20000, without noise 1
  std::uint64_t seed = 1;
  std::optional<double> step;            ///< longest step; default: chosen
  std::string shape = "linear";          ///< linear, smooth or optimal
  std::string integrator = "automatic";  ///< automatic, exact, pieces, heun or euler_maruyama
  bool reverse = false;
  std::string network_to;  ///< weights, biases and springs move to those of this network meanwhile; empty: they stay
  std::string plot;        ///< .svg or .png: distribution of the work, and the schedule; empty: none
};

struct RelaxResult {
  double kT = 1;
  std::size_t samples = 0, paths = 0;
  quasistatic::RampResult ramp;
  quasistatic::RampStatistics statistics;
  std::vector<std::vector<double>> covariance;  ///< of the units at the end; empty beyond kMostCovariance units
  double linear_cost = 0,
         squared_length = 0;   ///< C of the linear ramp and the least of any, energy x time; means over rows
  quasistatic::Way first_way;  ///< of the first row
  std::optional<quasistatic::Change> change;  ///< with network_to
  double wall_s = 0;
};
inline constexpr std::size_t kMostCovariance = 1024;

/// Throws support::InputError naming the option or the file's place.
RelaxResult run_relax(const RelaxRequest& request);

std::string relax_json(const RelaxRequest& request, const RelaxResult& result);
void plot_relax(const RelaxRequest& request, const RelaxResult& result);
void print_relax(std::ostream& out, const RelaxRequest& request, const RelaxResult& result);

}  // namespace szilard::lab
