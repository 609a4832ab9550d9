// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

#include "sim/scenario/reader.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;
using support::Dimension;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 010 is 8 to some YAML readers and 10 to others.
bool has_leading_zero(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

bool is_name(const std::string& text) {
  const auto allowed = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
  };
  return text.size() <= 100 && std::all_of(text.begin(), text.end(), allowed) &&
         text.find_first_not_of('.') != std::string::npos;
}

std::string with_article(const std::string& type) {
  if (type.compare(0, 6, "one of") == 0 || type == "text") return type;
  return (type[0] == 'i' ? "an " : "a ") + type;
}

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::pair<std::string, std::string> split_array_name(const std::string& path) {
  const auto at = path.rfind(".npz:");
  if (at == std::string::npos || path.find('/', at) != std::string::npos) return {path, ""};
  return {path.substr(0, at + 4), path.substr(at + 4)};
}

bool Reader::refuse_type(const Node& node, const Field& field) {
  const bool takes_list = field.kind == Kind::quantities || field.kind == Kind::pairs || field.kind == Kind::words ||
                          field.kind == Kind::scalars;
  const bool fits = takes_list ? node.kind == Node::Kind::list : node.kind == Node::Kind::scalar;
  if (fits) return false;
  error(DiagnosticCode::wrong_type, node.where(),
        "'" + field.key + "' takes " + (takes_list ? "a list" : with_article(type_text(field))) + ", not " +
            describe(node),
        field.hint);
  return true;
}

bool Reader::in_range(double value, const Node& node, const Field& field) {
  if (value >= field.minimum && value <= field.maximum) return true;
  error(DiagnosticCode::out_of_range, node.where(),
        "'" + field.key + "' is " + node.text + "; allowed: " + range_text(field), field.hint);
  return false;
}

bool Reader::read_integer(const Node& node, const Field& field, Value& value) {
  const std::string& text = node.text;
  const bool negative = text.size() > 1 && text[0] == '-';
  const std::string digits = negative ? text.substr(1) : text;
  if (node.quoted) {
    error(DiagnosticCode::wrong_type, node.where(), "'" + field.key + "' takes an integer, not text in quotes");
    return false;
  }
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit) || has_leading_zero(text)) {
    error(DiagnosticCode::bad_number, node.where(), "'" + field.key + "' takes an integer, not '" + text + "'",
          "write decimal digits only, without leading zeros");
    return false;
  }
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value.integer);
  const bool known =
      field.values.empty() || std::find(field.values.begin(), field.values.end(), value.integer) != field.values.end();
  if (result.ec != std::errc() || negative || value.integer < field.least || value.integer > field.most || !known) {
    error(DiagnosticCode::out_of_range, node.where(),
          "'" + field.key + "' is " + text + "; allowed: " + range_text(field), field.hint);
    return false;
  }
  return true;
}

bool Reader::read_quantity(const Node& node, const Field& field, double& value) {
  if (node.quoted && field.kind == Kind::number) {
    error(DiagnosticCode::wrong_type, node.where(), "'" + field.key + "' takes a number, not text in quotes");
    return false;
  }
  if (has_leading_zero(node.text)) {
    error(DiagnosticCode::bad_number, node.where(), "'" + field.key + "': '" + node.text + "' has a leading zero");
    return false;
  }
  const auto parsed =
      support::parse_quantity(node.text, field.dimension, in_preset_ ? std::optional<double>() : temperature_k_);
  if (!parsed.error.empty() || !std::isfinite(parsed.value)) {
    error(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number, node.where(),
          "'" + field.key + "': " + (parsed.error.empty() ? "not finite" : parsed.error));
    return false;
  }
  if (parsed.value != 0 && std::abs(parsed.value) < std::numeric_limits<double>::min()) {
    error(DiagnosticCode::out_of_range, node.where(),
          "'" + field.key + "' is " + node.text + ", too small for a number");
    return false;
  }
  value = parsed.value == 0 ? 0 : parsed.value;  // -0 would print
  return in_range(value, node, field);
}

bool Reader::read_quantities(const Node& node, const Field& field, Value& value) {
  if (node.items.empty() || node.items.size() > field.most_items) {
    error(DiagnosticCode::wrong_type, node.where(),
          "'" + field.key + "' takes 1 to " + std::to_string(field.most_items) + " coefficients");
    return false;
  }
  for (const Node& item : node.items) {
    double number = 0;
    Field one = field;
    one.kind = Kind::quantity;
    if (refuse_type(item, one) || !read_quantity(item, one, number)) return false;
    value.numbers.push_back(number);
  }
  return true;
}

bool Reader::read_text(const Node& node, const Field& field, Value& value) {
  if (has_control_character(node.text)) {
    error(DiagnosticCode::encoding, node.where(), "'" + field.key + "' has a control character");
    return false;
  }
  if (node.text.empty()) {
    error(DiagnosticCode::wrong_type, node.where(), "'" + field.key + "' is empty");
    return false;
  }
  if (node.text.size() > 4096) {
    error(DiagnosticCode::out_of_range, node.where(), "'" + field.key + "' is longer than 4096 bytes");
    return false;
  }
  if (field.kind == Kind::name && !is_name(node.text)) {
    error(DiagnosticCode::wrong_type, node.where(), "'" + field.key + "' takes a name, not '" + node.text + "'",
          "at most 100 letters, digits, '_', '.' and '-'; not dots alone");
    return false;
  }
  value.text = node.text;
  return true;
}

bool Reader::read_choice(const Node& node, const Field& field, Value& value) {
  if (std::find(field.choices.begin(), field.choices.end(), node.text) != field.choices.end()) {
    value.text = node.text;
    return true;
  }
  std::string hint = field.hint;
  if (hint.empty()) {
    const std::string near = support::nearest(node.text, field.choices);
    if (!near.empty()) hint = "did you mean '" + near + "'?";
  }
  error(DiagnosticCode::unknown_choice, node.where(),
        "'" + field.key + "' takes " + type_text(field) + "; not '" + node.text + "'", hint);
  return false;
}

bool Reader::read_path(const Node& node, const Field& field, Value& value) {
  namespace fs = std::filesystem;
  if (!read_text(node, field, value)) return false;
  const auto [file, array] = split_array_name(value.text);
  std::error_code failed;
  const fs::path joined = fs::path(folder_) / file;
  const fs::path absolute = fs::weakly_canonical(fs::absolute(joined, failed), failed);
  std::error_code missing;
  if (failed || !fs::exists(absolute, missing)) {
    error(DiagnosticCode::file_not_found, node.where(), "'" + field.key + "': no file '" + file + "'",
          field.hint.empty() ? "paths are relative to the scenario's folder" : field.hint);
    return false;
  }
  if (!fs::is_regular_file(absolute, missing)) {
    error(DiagnosticCode::file_not_found, node.where(), "'" + field.key + "': '" + file + "' is not a regular file");
    return false;
  }
  value.text = absolute.string() + array;
  return true;
}

bool Reader::read_words(const Node& node, const Field& field, Value& value) {
  Field one = field;
  one.kind = Kind::choice;
  bool good = true;
  for (const Node& item : node.items) {
    Value word;
    if (refuse_type(item, one) || !read_choice(item, one, word)) {
      good = false;
      continue;
    }
    const auto same = [&](const NameAt& other) { return other.name == word.text; };
    if (std::any_of(value.words.begin(), value.words.end(), same)) {
      error(DiagnosticCode::conflict, item.where(), "'" + word.text + "' stands twice in '" + field.key + "'");
      good = false;
    }
    value.words.push_back({word.text, item.where()});
  }
  return good;
}

bool Reader::read_scalars(const Node& node, const Field& field, Value& value) {
  if (node.items.empty() || node.items.size() > field.most_items) {
    error(DiagnosticCode::out_of_range, node.where(),
          "'" + field.key + "' has " + std::to_string(node.items.size()) + " values; allowed: 1 to " +
              std::to_string(field.most_items));
    return false;
  }
  for (const Node& item : node.items) {
    if (item.kind == Node::Kind::scalar) continue;
    error(DiagnosticCode::wrong_type, item.where(), "'" + field.key + "' takes single values, not " + describe(item));
    return false;
  }
  value.nodes = node.items;
  return true;
}

bool Reader::read_pairs(const Node& node, const Field& field, Value& value) {
  bool good = true;
  for (const Node& item : node.items) {
    const bool pair = item.kind == Node::Kind::list && item.items.size() == 2 &&
                      item.items[0].kind == Node::Kind::scalar && item.items[1].kind == Node::Kind::scalar;
    if (!pair) {
      error(DiagnosticCode::wrong_type, item.where(), "'" + field.key + "' takes pairs of names, not " + describe(item),
            "write e.g. [[rram, systolic]]");
      good = false;
      continue;
    }
    value.pairs.push_back({{item.items[0].text, item.items[0].where()}, {item.items[1].text, item.items[1].where()}});
  }
  return good;
}

std::optional<Value> Reader::read_field(const Node& node, const Field& field) {
  Value value;
  value.field = &field;
  value.where = node.where();
  value.status = "user";
  if (!field.word.empty() && node.kind == Node::Kind::scalar && node.text == field.word) {
    value.is_word = true;
    value.text = field.word;
    return value;
  }
  if (field.kind == Kind::section || field.kind == Kind::sections) return read_below(node, field);
  if (refuse_type(node, field)) return std::nullopt;
  bool good = false;
  switch (field.kind) {
    case Kind::integer:
      good = read_integer(node, field, value);
      break;
    case Kind::number:
    case Kind::quantity:
      good = read_quantity(node, field, value.number);
      break;
    case Kind::quantities:
      good = read_quantities(node, field, value);
      break;
    case Kind::text:
    case Kind::name:
      good = read_text(node, field, value);
      break;
    case Kind::choice:
      good = read_choice(node, field, value);
      break;
    case Kind::path:
      good = read_path(node, field, value);
      break;
    case Kind::words:
      good = read_words(node, field, value);
      break;
    case Kind::pairs:
      good = read_pairs(node, field, value);
      break;
    case Kind::scalar:
      value.nodes = {node};
      good = true;
      break;
    case Kind::scalars:
      good = read_scalars(node, field, value);
      break;
    case Kind::section:
    case Kind::sections:
      break;
  }
  return good ? std::optional<Value>(std::move(value)) : std::nullopt;
}

}  // namespace szilard::scenario
