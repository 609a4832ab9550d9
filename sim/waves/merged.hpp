// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sim/waves/recording.hpp"

namespace szilard::waves {

/// One change of one signal, what repeats the value before left out.
struct MergedChange {
  std::int64_t time_ps;
  std::size_t signal;
  double real;
  std::uint64_t bits;
};
/// All changes of all signals by time.
std::vector<MergedChange> merged(const Recording& recording);

/// Where a signal stands in a file: its scopes and name as identifiers, unique.
struct Place {
  std::vector<std::string> scope;
  std::string name;
  std::size_t signal = 0;
};
/// Signals scope by scope.
std::vector<Place> places(const Recording& recording);

}  // namespace szilard::waves
