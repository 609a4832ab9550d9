// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "sim/scenario/reader.hpp"

namespace szilard::scenario {

/// SHA-256 of files, each taken once.
class FileHashes {
 public:
  const std::string& of(const std::string& path);

 private:
  std::map<std::string, std::string> known_;
};

/// A reading written out as a scenario that needs no preset and no default. Reading it again gives the same text.
std::string resolved_text(const Reading& scenario);
/// The same without comments and with "sha256:..." of each file instead of its path.
std::string canonical_text(const Reading& scenario, FileHashes& hashes);

}  // namespace szilard::scenario
