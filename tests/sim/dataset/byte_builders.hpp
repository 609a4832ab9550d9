// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

/// Files made byte by byte from the formats' descriptions, apart from the code under test.
namespace szilard::dataset::test {

template <typename T>
std::string element(T value, bool big_endian = false) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return big_endian ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

template <typename T>
std::string elements(const std::vector<T>& values, bool big_endian = false) {
  std::string bytes;
  for (const T value : values) bytes += element(value, big_endian);
  return bytes;
}

/// An .npy file with the given dictionary text.
std::string npy(const std::string& dictionary, const std::string& data, int version = 1);
std::string npy(const std::string& descr, const std::string& shape, const std::string& data, bool fortran_order = false,
                int version = 1);

struct ZipMember {
  std::string name, content;
  bool deflated = false;
  bool data_descriptor = false;  ///< sizes and checksum after the data, zero in the local header
  bool zip64_local = false;      ///< as numpy writes: all ones and an extra field in the local header
};
std::string zip(const std::vector<ZipMember>& members, const std::string& comment = {});

std::string deflate(const std::string& content, bool gzip);

/// IDX with big-endian dimensions; `data` as it is.
std::string idx(unsigned char type, const std::vector<std::uint32_t>& shape, const std::string& data);

/// A file under the temporary directory, gone with the object.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace szilard::dataset::test
