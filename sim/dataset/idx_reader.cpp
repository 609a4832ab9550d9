// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/dataset/dataset.hpp"
#include "sim/dataset/inflate.hpp"
#include "sim/dataset/reader_support.hpp"

namespace szilard::dataset {

using support::DiagnosticCode;

namespace {

Array::Type element_type(unsigned char code, const std::string& name) {
  switch (code) {
    case 0x08:
      return Array::Type::uint8;
    case 0x09:
      return Array::Type::int8;
    case 0x0b:
      return Array::Type::int16;
    case 0x0c:
      return Array::Type::int32;
    case 0x0d:
      return Array::Type::float32;
    case 0x0e:
      return Array::Type::float64;
    default:
      throw error_at(DiagnosticCode::file_format, name, 2,
                     "IDX element type " + std::to_string(code) + " does not exist",
                     "types are 8 (unsigned byte), 9 (signed byte), 11, 12 (integers), 13, 14 (floats)");
  }
}

}  // namespace

Array parse_idx(const std::string& bytes, const std::string& name) {
  const bool compressed = bytes.size() >= 2 && bytes.compare(0, 2, "\x1f\x8b", 2) == 0;
  std::optional<Inflater> inflater;
  if (compressed) inflater.emplace(bytes, Inflater::Format::gzip, name, 0);

  // Of a compressed file no more is inflated than the header asks for.
  std::string inflated;
  const auto have = [&](std::size_t count) {
    if (!compressed) return std::min(bytes.size(), count);
    if (inflated.size() < count) inflater->read(count - inflated.size(), inflated);
    return std::min(inflated.size(), count);
  };
  const auto view = [&] { return std::string_view(compressed ? inflated : bytes); };
  const char* const inside = compressed ? " (offset in the uncompressed data)" : "";

  if (have(4) < 4)
    throw error_at(DiagnosticCode::file_truncated, name, view().size(), "the file ends within the IDX header");
  if (view()[0] != 0 || view()[1] != 0) {
    throw error_at(DiagnosticCode::file_format, name, 0,
                   std::string("not an IDX file: it does not begin with two zero bytes") + inside);
  }
  const Array::Type type = element_type(static_cast<unsigned char>(view()[2]), name);
  const std::size_t rank = static_cast<unsigned char>(view()[3]);
  const std::size_t data_offset = 4 + 4 * rank;
  if (have(data_offset) < data_offset) {
    throw error_at(DiagnosticCode::file_truncated, name, view().size(),
                   std::string("the file ends within the IDX header") + inside);
  }
  std::vector<std::int64_t> shape(rank);
  for (std::size_t d = 0; d < rank; ++d) {
    std::uint32_t dimension = 0;
    for (std::size_t i = 0; i < 4; ++i) dimension = dimension << 8 | static_cast<unsigned char>(view()[4 + 4 * d + i]);
    shape[d] = dimension;
  }
  const std::size_t wanted = checked_bytes(shape, element_bytes(type), name, 4);
  const std::size_t present = have(data_offset + wanted) - data_offset;
  if (present < wanted) {
    throw error_at(DiagnosticCode::file_truncated, name, data_offset + present,
                   "the header declares " + std::to_string(wanted) + " bytes of data, there are " +
                       std::to_string(present) + inside);
  }
  if (compressed ? have(data_offset + wanted + 1) > data_offset + wanted : bytes.size() > data_offset + wanted) {
    throw error_at(DiagnosticCode::file_format, name, data_offset + wanted,
                   std::string("there are bytes after the array") + inside);
  }
  const std::string_view data = view().substr(data_offset, wanted);
  std::vector<unsigned char> values(data.begin(), data.end());
  swap_elements(values, element_bytes(type));
  return Array(std::move(shape), type, std::move(values));
}

}  // namespace szilard::dataset
