// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <stdexcept>
#include <utility>

#include "models/support/half.hpp"
#include "sim/dataset/dataset.hpp"
#include "sim/dataset/reader_support.hpp"

namespace szilard::dataset {

namespace {

template <typename T>
void read_as(const unsigned char* bytes, std::size_t count, double* out) {
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
    out[i] = static_cast<double>(value);
  }
}

}  // namespace

Array::Array(std::vector<std::int64_t> shape, Type type, std::vector<unsigned char> bytes)
    : shape_(std::move(shape)), type_(type), size_(bytes.size() / element_bytes(type)), bytes_(std::move(bytes)) {
  std::size_t product = 1;
  for (const std::int64_t dimension : shape_) product *= static_cast<std::size_t>(dimension);
  if (product != size_ || bytes_.size() != size_ * element_bytes(type)) {
    throw std::logic_error("Array: shape and bytes disagree");
  }
}

double Array::at(std::size_t index) const {
  double value = 0;
  read(index, 1, &value);
  return value;
}

void Array::read(std::size_t first, std::size_t count, double* out) const {
  if (first > size_ || count > size_ - first) throw std::out_of_range("Array::read");
  const unsigned char* bytes = bytes_.data() + first * element_bytes(type_);
  switch (type_) {
    case Type::boolean:
      for (std::size_t i = 0; i < count; ++i) out[i] = bytes[i] ? 1.0 : 0.0;
      return;
    case Type::int8:
      return read_as<std::int8_t>(bytes, count, out);
    case Type::int16:
      return read_as<std::int16_t>(bytes, count, out);
    case Type::int32:
      return read_as<std::int32_t>(bytes, count, out);
    case Type::int64:
      return read_as<std::int64_t>(bytes, count, out);
    case Type::uint8:
      return read_as<std::uint8_t>(bytes, count, out);
    case Type::uint16:
      return read_as<std::uint16_t>(bytes, count, out);
    case Type::uint32:
      return read_as<std::uint32_t>(bytes, count, out);
    case Type::uint64:
      return read_as<std::uint64_t>(bytes, count, out);
    case Type::float16:
      for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t bits;
        std::memcpy(&bits, bytes + 2 * i, 2);
        out[i] = support::from_half(bits);
      }
      return;
    case Type::float32:
      return read_as<float>(bytes, count, out);
    case Type::float64:
      return read_as<double>(bytes, count, out);
  }
}

}  // namespace szilard::dataset
