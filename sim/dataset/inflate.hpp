// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace szilard::dataset {

/// Compressed data may grow to kFreeInflatedBytes whatever its size, beyond that to kMaximumInflation times its own
/// size, so that a small hostile file cannot claim gigabytes.
inline constexpr std::uint64_t kFreeInflatedBytes = std::uint64_t{256} << 20;
inline constexpr std::uint64_t kMaximumInflation = 100;

/// Streaming decompression (zlib) of bytes in memory. Errors are InputError with the offset in the compressed file.
class Inflater {
 public:
  enum class Format { raw_deflate, gzip };

  /// `offset` is where `compressed` begins in the file `name`.
  Inflater(std::string_view compressed, Format format, const std::string& name, std::size_t offset);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends up to `count` bytes to `out`; fewer only at the end of the data. Throws file_truncated where the
  /// compressed data end early, file_format where they are corrupt, file_too_large beyond the limits above.
  void read(std::size_t count, std::string& out);

 private:
  struct State;
  void inflate_some(unsigned char* out, std::size_t count, std::size_t& produced);
  [[noreturn]] void fail_corrupt() const;

  std::string_view compressed_;
  Format format_;
  const std::string& name_;
  std::size_t offset_;
  std::uint64_t limit_;
  std::uint64_t total_ = 0;
  bool ended_ = false;
  std::unique_ptr<State> state_;
};

}  // namespace szilard::dataset
