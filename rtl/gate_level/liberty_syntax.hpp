// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rtl/gate_level/source_text.hpp"

namespace szilard::gate_level {

/// `name : value ;` or `name (values) ;`. Text refers into the source; quotes are taken off.
struct LibertyAttribute {
  std::string_view name;
  std::vector<std::string_view> values;
  std::size_t offset = 0;  ///< of the name
};

/// `name (arguments) { ... }`.
struct LibertyGroup {
  std::string_view name;
  std::vector<std::string_view> arguments;
  std::size_t offset = 0;
  std::vector<LibertyAttribute> attributes;
  std::vector<LibertyGroup> groups;

  const LibertyAttribute* find(std::string_view attribute) const;  ///< the last of that name, or nullptr
  std::string_view text(std::string_view attribute) const;         ///< first value of it, empty if absent
};

/// The syntax of Liberty without its meaning: groups, simple and complex attributes, comments, continued lines, quoted
/// and bare values, and missing semicolons where a line ends. The tree refers into `source`, which must outlive it.
/// Throws support::InputError (file_format) with line and column.
LibertyGroup parse_liberty_syntax(const SourceText& source);

}  // namespace szilard::gate_level
