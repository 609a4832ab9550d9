// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The .npy reader on any bytes: an array whose elements can be read, or InputError.
#include <cstdint>
#include <string>
#include <vector>

#include "sim/dataset/dataset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace szilard;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    const dataset::Array array = dataset::parse_npy(bytes, "fuzz");
    std::vector<double> values(array.size());
    array.read(0, array.size(), values.data());
  } catch (const support::InputError&) {
  }
  return 0;
}
