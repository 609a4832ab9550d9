// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/lost_information.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "models/support/constants.hpp"

namespace szilard::energy {

double entropy_bit(const std::vector<std::uint64_t>& counts, bool sampled) {
  double total = 0, nat = 0, classes = 0;
  for (std::uint64_t count : counts) total += static_cast<double>(count);
  for (std::uint64_t count : counts) {
    if (count == 0) continue;
    const double p = static_cast<double>(count) / total;
    nat -= p * std::log(p);
    ++classes;
  }
  if (sampled && total > 0) nat += (classes - 1) / (2 * total);
  return nat / support::kLn2;
}

double lost_information_bit(const std::vector<std::uint64_t>& counts, const std::vector<std::uint64_t>& output_of,
                            bool sampled) {
  if (counts.size() != output_of.size()) throw std::invalid_argument("an output for each input is needed");
  std::map<std::uint64_t, std::uint64_t> by_output;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0) by_output[output_of[i]] += counts[i];
  std::vector<std::uint64_t> outputs;
  for (const auto& [output, count] : by_output) outputs.push_back(count);
  return std::max(0.0, entropy_bit(counts, sampled) - entropy_bit(outputs, sampled));
}

}  // namespace szilard::energy
