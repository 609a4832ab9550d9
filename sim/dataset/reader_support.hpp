// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "sim/dataset/dataset.hpp"

/// What the readers of this folder share; not part of its public interface.
namespace szilard::dataset {

/// Files beyond this are refused before they are read.
inline constexpr std::uint64_t kMaximumFileBytes = std::uint64_t{4} << 30;

/// An InputError whose column is the byte offset + 1.
support::InputError error_at(support::DiagnosticCode code, const std::string& name, std::size_t offset,
                             std::string message, std::string hint = {});

std::size_t element_bytes(Array::Type type);

/// Product of `shape` times the element size; throws file_format where a dimension is negative or the product exceeds
/// kMaximumFileBytes (zero dimensions do not excuse huge ones beside them).
std::size_t checked_bytes(const std::vector<std::int64_t>& shape, std::size_t element, const std::string& name,
                          std::size_t offset);

/// As parse_npy of dataset.hpp; where `is_complex` is not null, complex types are read too, as arrays with one more
/// dimension of 2.
Array parse_npy(const std::string& bytes, const std::string& name, bool* is_complex);
/// The bytes of the array that parse_npz would take; its name is appended to `name`.
std::string extract_npz(const std::string& bytes, std::string& name, const std::string& member,
                        const std::vector<std::string>& preferred);

/// Reverses the bytes of each element.
void swap_elements(std::vector<unsigned char>& bytes, std::size_t element);

inline std::uint32_t little_endian(std::string_view bytes, std::size_t offset, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

}  // namespace szilard::dataset
