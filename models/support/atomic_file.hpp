// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace szilard::support {

/// A file that appears under its name only when it is complete: written beside it, synced, renamed. Destroyed without
/// commit() it leaves nothing behind. Every failure is an EnvironmentError that names the file and the reason.
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(const char* what) const;
  void flush();

  std::string path_, temporary_, buffer_;
  int descriptor_ = -1;
};

void write_file(const std::string& path, std::string_view bytes);

}  // namespace szilard::support
