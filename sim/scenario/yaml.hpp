// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/support/diagnostics.hpp"

namespace szilard::scenario {

/// Limits of a YAML text. A scenario is some hundred nodes; the limits keep hostile files below a second and 256 MiB.
inline constexpr std::size_t kMaximumYamlBytes = 16u << 20;
inline constexpr std::size_t kMaximumYamlNodes = 250'000;  ///< copies made by aliases included
inline constexpr int kMaximumYamlDepth = 64;

struct Entry;

/// One value of a YAML document, with its place. Scalars stay text: what they mean is decided by the field that they
/// stand in.
struct Node {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  bool quoted = false;         ///< scalar in quotes or a block scalar
  std::string text;            ///< scalar
  std::vector<Node> items;     ///< list
  std::vector<Entry> entries;  ///< map, in the order of the text
  std::shared_ptr<const std::string> file;
  int line = 1, column = 1;

  support::SourceLocation where() const { return {file ? *file : std::string(), line, column}; }
  const Entry* find(std::string_view key) const;
  Entry* find(std::string_view key);
};

struct Entry {
  std::string key;
  int line = 1, column = 1;  ///< of the key
  Node value;

  support::SourceLocation where() const { return {value.file ? *value.file : std::string(), line, column}; }
};

/// What a diagnostic calls a node: "a map", "a list", "nothing", "'text'".
std::string describe(const Node& node);

/// Reads one YAML document strictly: UTF-8 without control characters and tabs (a byte order mark and CR LF are taken),
/// no second document, no tags, no merge keys, no key twice, keys are scalars, limits as above. `first_column` is where
/// the text begins in its line (for --set). Throws InputError; keys that stand twice go to `duplicates` instead where
/// it is given (the first one counts). An empty document is a null node.
Node parse_yaml(std::string_view text, const std::string& file, int first_column = 1,
                std::vector<support::Diagnostic>* duplicates = nullptr);

/// A file's bytes, at most kMaximumYamlBytes. Throws InputError.
std::string read_yaml_file(const std::string& path);

}  // namespace szilard::scenario
