// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/page/folder.hpp"

namespace szilard::page {

/// Energy dissipated in each inference cycle of a platform, by mechanism, from the run's ledger.
struct CycleProfile {
  std::string platform;
  std::vector<std::string> mechanisms;         ///< largest first
  std::size_t cycles = 0, cycles_a_point = 1;  ///< of the run; joined in one point
  std::vector<std::vector<double>> mean_j;     ///< [mechanism][point]: mean of a cycle among those of the point
  std::vector<double> least_j, most_j;         ///< [point]: of all mechanisms together, over the cycles of the point
};

/// One profile a platform, from ledger.csv or, where there is none, ledger.npy. Read as a stream; runs of many cycles
/// and mechanisms are joined to at most `most_numbers` numbers in all. Throws InputError with the line where the file
/// is not a whole ledger of this run: its sums are held against the summary's.
std::vector<CycleProfile> read_cycle_profiles(const std::string& directory, const Json& summary,
                                              std::size_t most_numbers);

}  // namespace szilard::page
