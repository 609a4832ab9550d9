// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/handed_light.hpp"

#include <stdexcept>
#include <utility>

namespace szilard::optical {

void LightWay::put(std::uint64_t sample, Fields fields) { waiting_[sample] = std::move(fields); }

LightWay::Fields LightWay::take(std::uint64_t sample) {
  const auto found = waiting_.find(sample);
  if (found == waiting_.end()) throw std::logic_error("no light was handed over for sample " + std::to_string(sample));
  Fields fields = std::move(found->second);
  waiting_.erase(found);
  return fields;
}

}  // namespace szilard::optical
