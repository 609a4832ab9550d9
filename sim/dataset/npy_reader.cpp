// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "sim/dataset/dataset.hpp"
#include "sim/dataset/reader_support.hpp"

namespace szilard::dataset {

using support::DiagnosticCode;

namespace {

constexpr std::size_t kMaximumHeaderBytes = 1 << 20;
constexpr std::size_t kMaximumRank = 64;

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t descr_offset = 0, shape_offset = 0;
};

/// The Python dictionary literal of an .npy header: three keys in any order, nothing else.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, std::size_t offset, const std::string& name)
      : text_(text), offset_(offset), name_(name) {}

  Header parse() {
    Header header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::size_t key_position = position_;
      const std::string key = string_literal();
      expect(':');
      skip_space();
      bool* seen = key == "descr"           ? &has_descr
                   : key == "fortran_order" ? &has_order
                   : key == "shape"         ? &has_shape
                                            : nullptr;
      if (!seen) fail(key_position, "unknown key '" + key + "' in the .npy header");
      if (*seen) fail(key_position, "key '" + key + "' stands twice in the .npy header");
      *seen = true;
      if (key == "descr") {
        header.descr_offset = offset_ + position_;
        if (peek() == '[') fail(position_, "structured element types are not supported");
        header.descr = string_literal();
      } else if (key == "fortran_order") {
        header.fortran_order = boolean_literal();
      } else {
        header.shape_offset = offset_ + position_;
        header.shape = tuple_literal();
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (position_ != text_.size()) fail(position_, "text after the dictionary of the .npy header");
    if (!has_descr || !has_order || !has_shape) {
      fail(0, "the .npy header needs the keys 'descr', 'fortran_order' and 'shape'");
    }
    return header;
  }

 private:
  [[noreturn]] void fail(std::size_t position, const std::string& message) const {
    throw error_at(DiagnosticCode::file_format, name_, offset_ + position, message);
  }
  void skip_space() {
    while (position_ < text_.size() &&
           (text_[position_] == ' ' || text_[position_] == '\n' || text_[position_] == '\t')) {
      ++position_;
    }
  }
  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  bool accept(char c) {
    skip_space();
    if (peek() != c || position_ >= text_.size()) return false;
    ++position_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(position_, std::string("expected '") + c + "' in the .npy header");
  }
  std::string string_literal() {
    skip_space();
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail(position_, "expected a quoted string in the .npy header");
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) fail(position_, "unterminated string in the .npy header");
    const std::string value(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return value;
  }
  bool boolean_literal() {
    for (const auto& [word, value] : {std::pair{std::string_view("True"), true}, {std::string_view("False"), false}}) {
      if (text_.substr(position_, word.size()) == word) {
        position_ += word.size();
        return value;
      }
    }
    fail(position_, "fortran_order must be True or False");
  }
  std::vector<std::int64_t> tuple_literal() {
    std::vector<std::int64_t> values;
    expect('(');
    while (!accept(')')) {
      skip_space();
      std::int64_t value = 0;
      const char* first = text_.data() + position_;
      const auto result = std::from_chars(first, text_.data() + text_.size(), value);
      if (result.ec != std::errc() || value < 0)
        fail(position_, "a dimension of the array is not a number from 0 to 2^63 - 1");
      if (values.size() == kMaximumRank) fail(position_, "more than 64 dimensions");
      values.push_back(value);
      position_ += static_cast<std::size_t>(result.ptr - first);
      if (peek() == 'L') ++position_;  // Python 2 wrote long integers so
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return values;
  }

  std::string_view text_;
  std::size_t offset_;
  const std::string& name_;
  std::size_t position_ = 0;
};

struct ElementType {
  Array::Type type = Array::Type::uint8;
  bool big_endian = false;
  bool is_complex = false;  // of two numbers of that type
};

ElementType element_type(const Header& header, const std::string& name, bool accept_complex) {
  static const std::pair<std::string_view, Array::Type> kTypes[] = {
      {"b1", Array::Type::boolean}, {"i1", Array::Type::int8},    {"i2", Array::Type::int16},
      {"i4", Array::Type::int32},   {"i8", Array::Type::int64},   {"u1", Array::Type::uint8},
      {"u2", Array::Type::uint16},  {"u4", Array::Type::uint32},  {"u8", Array::Type::uint64},
      {"f2", Array::Type::float16}, {"f4", Array::Type::float32}, {"f8", Array::Type::float64}};
  std::string_view text = header.descr;
  char order = '=';
  if (!text.empty() && std::string_view("<>|=").find(text[0]) != std::string_view::npos) {
    order = text[0];
    text.remove_prefix(1);
  }
  if (accept_complex && order != '|' && (text == "c8" || text == "c16"))
    return {text == "c8" ? Array::Type::float32 : Array::Type::float64, order == '>', true};
  for (const auto& [code, type] : kTypes) {
    if (code != text) continue;
    if (order == '|' && element_bytes(type) > 1) break;
    return {type, order == '>'};
  }
  throw error_at(DiagnosticCode::file_format, name, header.descr_offset,
                 "element type '" + header.descr + "' is not supported",
                 std::string("supported are b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4, f8") +
                     (accept_complex ? ", c8, c16" : "") + " in either byte order");
}

/// Fortran to C order: the first index runs fastest in `bytes`, the last one in the result.
std::vector<unsigned char> to_c_order(const std::vector<unsigned char>& bytes, const std::vector<std::int64_t>& shape,
                                      std::size_t element) {
  std::vector<unsigned char> result(bytes.size());
  std::vector<std::size_t> stride(shape.size()), index(shape.size(), 0);
  std::size_t product = element;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    stride[d] = product;
    product *= static_cast<std::size_t>(shape[d]);
  }
  std::size_t source = 0;
  for (std::size_t target = 0; target < result.size(); target += element) {
    std::copy_n(bytes.data() + source, element, result.data() + target);
    for (std::size_t d = shape.size(); d-- > 0;) {
      source += stride[d];
      if (++index[d] < static_cast<std::size_t>(shape[d])) break;
      source -= stride[d] * index[d];
      index[d] = 0;
    }
  }
  return result;
}

}  // namespace

Array parse_npy(const std::string& bytes, const std::string& name) { return parse_npy(bytes, name, nullptr); }

Array parse_npy(const std::string& bytes, const std::string& name, bool* is_complex) {
  if (bytes.compare(0, 6, "\x93NUMPY", 6) != 0) {
    throw error_at(DiagnosticCode::file_format, name, 0, "not an .npy file: it does not begin with \\x93NUMPY");
  }
  if (bytes.size() < 10)
    throw error_at(DiagnosticCode::file_truncated, name, bytes.size(), "the file ends within the .npy header");
  const int major = static_cast<unsigned char>(bytes[6]);
  if (major < 1 || major > 3 || bytes[7] != 0) {
    throw error_at(DiagnosticCode::unsupported_version, name, 6,
                   ".npy version " + std::to_string(major) + "." +
                       std::to_string(static_cast<unsigned char>(bytes[7])) + " is not supported",
                   "supported are 1.0, 2.0 and 3.0");
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  const std::size_t text_offset = 8 + length_bytes;
  if (bytes.size() < text_offset)
    throw error_at(DiagnosticCode::file_truncated, name, bytes.size(), "the file ends within the .npy header");
  const std::size_t length = little_endian(bytes, 8, static_cast<int>(length_bytes));
  if (length > kMaximumHeaderBytes)
    throw error_at(DiagnosticCode::file_too_large, name, 8, "the .npy header exceeds 1 MiB");
  if (length > bytes.size() - text_offset) {
    throw error_at(DiagnosticCode::file_truncated, name, bytes.size(), "the file ends within the .npy header");
  }
  const Header header = HeaderParser(std::string_view(bytes).substr(text_offset, length), text_offset, name).parse();
  const ElementType element = element_type(header, name, is_complex != nullptr);
  const std::size_t item_bytes = element_bytes(element.type) * (element.is_complex ? 2 : 1);
  const std::size_t wanted = checked_bytes(header.shape, item_bytes, name, header.shape_offset);
  const std::size_t data_offset = text_offset + length;
  const std::size_t present = bytes.size() - data_offset;
  if (present < wanted) {
    throw error_at(
        DiagnosticCode::file_truncated, name, bytes.size(),
        "the header declares " + std::to_string(wanted) + " bytes of data, there are " + std::to_string(present));
  }
  if (present > wanted) {
    throw error_at(DiagnosticCode::file_format, name, data_offset + wanted,
                   std::to_string(present - wanted) + " bytes after the array");
  }
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data()) + data_offset;
  std::vector<unsigned char> values(data, data + wanted);
  if (element.big_endian) swap_elements(values, element_bytes(element.type));
  if (header.fortran_order && header.shape.size() > 1) values = to_c_order(values, header.shape, item_bytes);
  std::vector<std::int64_t> shape = header.shape;
  if (is_complex) *is_complex = element.is_complex;
  if (element.is_complex) shape.push_back(2);
  return Array(std::move(shape), element.type, std::move(values));
}

}  // namespace szilard::dataset
