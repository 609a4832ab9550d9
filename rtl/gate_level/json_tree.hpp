// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rtl/gate_level/source_text.hpp"

namespace szilard::gate_level {

/// A JSON value that knows where it stands; members keep their order.
struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, integer, real, text, array, object };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::size_t offset = 0;  ///< of its key, or of the value where it has none
  std::string key, text;
  std::vector<JsonNode> items;

  const JsonNode* find(std::string_view member) const;
};

/// Members named in `passed_over` are left out where they lie deeper than `depth` objects or arrays. Throws
/// support::InputError (file_format) with line and column.
JsonNode parse_json(const SourceText& source, const std::vector<std::string>& passed_over = {}, std::size_t depth = 0);

}  // namespace szilard::gate_level
