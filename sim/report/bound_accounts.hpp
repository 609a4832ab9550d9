// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cosim/run.hpp"

namespace szilard::report {

/// One bound of a platform as `szilard explain` tells it: what was counted in the run, the coefficients that its law
/// puts with it, and who wrote the law.
struct BoundAccount {
  std::string name;   ///< as below `bounds` of summary.json
  double joules = 0;  ///< per inference
  std::int64_t count = 0;
  std::string counted;  ///< "neurons"
  std::string law;
  std::string source;
  std::vector<energy::Coefficient> coefficients;
};

/// Those that the platform has; none for neurons where none were observed.
std::vector<BoundAccount> bound_accounts(const scenario::Scenario& scenario, const cosim::Workload& workload,
                                         const cosim::PlatformResult& platform);

}  // namespace szilard::report
