// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "sim/dataset/dataset.hpp"
#include "sim/dataset/reader_support.hpp"

namespace szilard::dataset {

using support::DiagnosticCode;

namespace {

std::string read_file(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    throw error_at(DiagnosticCode::file_not_found, path, 0, "there is no such file");
  if (!std::filesystem::is_regular_file(status))
    throw error_at(DiagnosticCode::file_not_found, path, 0, "this is not a file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw error_at(DiagnosticCode::file_not_found, path, 0, "the file cannot be read: " + error.message());
  if (size > kMaximumFileBytes)
    throw error_at(DiagnosticCode::file_too_large, path, 0, "the file is larger than 4 GiB");
  std::string bytes(size, '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw error_at(DiagnosticCode::file_not_found, path, 0,
                   std::string("the file cannot be read: ") + std::strerror(errno));
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

/// The array of a file: .npy as `parse` reads it.
template <typename Parse>
Array read_any(const std::string& path, const std::vector<std::string>& preferred, const Parse& parse) {
  std::string file = path, member;
  const std::size_t split = path.rfind(".npz:");
  std::error_code error;
  if (split != std::string::npos && !std::filesystem::exists(path, error)) {
    file = path.substr(0, split + 4);
    member = path.substr(split + 5);
    if (member.empty()) throw error_at(DiagnosticCode::file_format, path, 0, "no array is named after the colon");
  }
  const std::string bytes = read_file(file);
  const bool is_archive = bytes.compare(0, 4, "PK\x03\x04", 4) == 0 || bytes.compare(0, 4, "PK\x05\x06", 4) == 0;
  if (is_archive) {
    const std::string extracted = extract_npz(bytes, file, member, preferred);
    return parse(extracted, file);
  }
  if (!member.empty())
    throw error_at(DiagnosticCode::file_format, file, 0, "not an .npz archive, so it holds no array '" + member + "'");
  if (bytes.empty()) throw error_at(DiagnosticCode::file_truncated, file, 0, "the file is empty");
  if (bytes.compare(0, 1, "\x93") == 0) return parse(bytes, file);
  if (bytes[0] == '\0' || bytes.compare(0, 2, "\x1f\x8b") == 0) return parse_idx(bytes, file);
  throw error_at(DiagnosticCode::file_format, file, 0, "not a data file that szilard reads",
                 "supported are .npy, .npz and MNIST IDX, plain or .gz");
}

}  // namespace

Array read_array(const std::string& path, const std::vector<std::string>& preferred) {
  return read_any(path, preferred,
                  [](const std::string& bytes, const std::string& name) { return parse_npy(bytes, name); });
}

ComplexArray read_complex_array(const std::string& path, const std::vector<std::string>& preferred) {
  ComplexArray out;
  const Array array = read_any(path, preferred, [&](const std::string& bytes, const std::string& name) {
    return parse_npy(bytes, name, &out.is_complex);
  });
  out.shape = array.shape();
  std::vector<double> numbers(array.size());
  array.read(0, numbers.size(), numbers.data());
  if (out.is_complex) {
    out.shape.pop_back();
    for (std::size_t k = 0; k < numbers.size(); k += 2) out.values.emplace_back(numbers[k], numbers[k + 1]);
  } else {
    out.values.assign(numbers.begin(), numbers.end());
  }
  return out;
}

}  // namespace szilard::dataset
