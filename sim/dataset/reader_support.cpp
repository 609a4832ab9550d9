// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/reader_support.hpp"

#include <algorithm>
#include <utility>

namespace szilard::dataset {

using support::DiagnosticCode;

support::InputError error_at(DiagnosticCode code, const std::string& name, std::size_t offset, std::string message,
                             std::string hint) {
  const std::size_t last = std::numeric_limits<int>::max() - 1;
  const int column = static_cast<int>(std::min(offset, last)) + 1;
  return support::InputError(code, support::SourceLocation{name, 1, column}, std::move(message), std::move(hint));
}

std::size_t element_bytes(Array::Type type) {
  switch (type) {
    case Array::Type::boolean:
    case Array::Type::int8:
    case Array::Type::uint8:
      return 1;
    case Array::Type::int16:
    case Array::Type::uint16:
    case Array::Type::float16:
      return 2;
    case Array::Type::int32:
    case Array::Type::uint32:
    case Array::Type::float32:
      return 4;
    case Array::Type::int64:
    case Array::Type::uint64:
    case Array::Type::float64:
      return 8;
  }
  return 0;
}

std::size_t checked_bytes(const std::vector<std::int64_t>& shape, std::size_t element, const std::string& name,
                          std::size_t offset) {
  std::uint64_t product = element;
  bool empty = false;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0)
      throw error_at(DiagnosticCode::file_format, name, offset, "a dimension of the array is negative");
    if (dimension == 0) {
      empty = true;
      continue;
    }
    if (static_cast<std::uint64_t>(dimension) > kMaximumFileBytes / product) {
      throw error_at(DiagnosticCode::file_too_large, name, offset, "the header declares an array of more than 4 GiB");
    }
    product *= static_cast<std::uint64_t>(dimension);
  }
  return empty ? 0 : product;
}

void swap_elements(std::vector<unsigned char>& bytes, std::size_t element) {
  if (element < 2) return;
  for (std::size_t i = 0; i + element <= bytes.size(); i += element) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + element));
  }
}

}  // namespace szilard::dataset
