// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/json_tree.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;

constexpr std::size_t kMostDepth = 64;

/// Tells the tree builder how far the parser has read.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  const char** progress = nullptr;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    *progress = ++at;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at == other.at; }
  bool operator!=(const CountingIterator& other) const { return at != other.at; }
};

class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(const SourceText& source, const std::vector<std::string>& passed_over, std::size_t depth)
      : source_(source), passed_over_(passed_over), depth_(depth), progress(source.text.data()) {
    open_.push_back(&root_);
  }

  bool null() override { return value(JsonNode::Kind::null); }
  bool boolean(bool v) override { return value(JsonNode::Kind::boolean, v); }
  bool number_integer(number_integer_t v) override { return value(JsonNode::Kind::integer, v); }
  bool number_unsigned(number_unsigned_t v) override {
    return value(JsonNode::Kind::integer, static_cast<std::int64_t>(std::min<number_unsigned_t>(v, INT64_MAX)));
  }
  bool number_float(number_float_t, const string_t&) override { return value(JsonNode::Kind::real); }
  bool string(string_t& v) override {
    if (JsonNode* node = add(JsonNode::Kind::text)) {
      node->text = std::move(v);
      if (node->key.empty()) node->offset = start_of_string();
    }
    return true;
  }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(JsonNode::Kind::object); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(JsonNode::Kind::array); }
  bool end_array() override { return close(); }
  bool key(string_t& v) override {
    key_ = std::move(v);
    key_offset_ = start_of_string();
    if (skipping_ == 0 && open_.size() > depth_ + 1 &&
        std::find(passed_over_.begin(), passed_over_.end(), key_) != passed_over_.end())
      skip_next_ = true;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    std::string message = error.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while ...": the place is ours to
    // tell
    const std::size_t cut = message.find(": ");
    const std::size_t offset = offset_now() == 0 ? 0 : offset_now() - 1;
    source_.fail(DiagnosticCode::file_format, offset,
                 "not JSON: " + (cut == std::string::npos ? message : message.substr(cut + 2)));
  }

  JsonNode take() { return std::move(root_); }

 private:
  std::size_t offset_now() const { return static_cast<std::size_t>(progress - source_.text.data()); }
  std::size_t start_of_string() const {
    std::size_t at = offset_now() - 1;  // the closing quote
    while (at > 0) {
      --at;
      std::size_t slashes = 0;
      if (source_.text[at] != '"') continue;
      while (at > slashes && source_.text[at - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) break;
    }
    return at;
  }
  JsonNode* add(JsonNode::Kind kind) {
    if (skip_next_ || skipping_ > 0) {
      skip_next_ = false;
      return nullptr;
    }
    JsonNode* node = open_.back();
    if (started_) {
      node = &node->items.emplace_back();
      if (open_.back()->kind == JsonNode::Kind::object) {
        node->key = std::move(key_);
        node->offset = key_offset_;
      }
    }
    started_ = true;
    node->kind = kind;
    return node;
  }
  bool value(JsonNode::Kind kind, std::int64_t integer = 0) {
    if (JsonNode* node = add(kind)) {
      node->integer = integer;
      if (node->key.empty()) node->offset = start_of_word();
    }
    return true;
  }
  /// Of the number or literal just read; behind a number the parser has looked at one more character.
  std::size_t start_of_word() const {
    const auto in_word = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '+' || c == '-';
    };
    std::size_t at = std::min(offset_now(), source_.text.size());
    if (at > 0 && !in_word(source_.text[at - 1])) --at;
    while (at > 0 && in_word(source_.text[at - 1])) --at;
    return at;
  }
  bool open(JsonNode::Kind kind) {
    if (skipping_ > 0 || skip_next_) {
      skip_next_ = false;
      ++skipping_;
      return true;
    }
    if (open_.size() > kMostDepth)
      source_.fail(DiagnosticCode::file_format, offset_now() - 1, "nested more than 64 deep");
    JsonNode* node = add(kind);
    if (node->key.empty()) node->offset = offset_now() - 1;
    if (node != &root_) open_.push_back(node);
    return true;
  }
  bool close() {
    if (skipping_ > 0) --skipping_;
    else if (open_.size() > 1) open_.pop_back();
    return true;
  }

  const SourceText& source_;
  const std::vector<std::string>& passed_over_;
  std::size_t depth_;
  JsonNode root_;
  std::vector<JsonNode*> open_;
  bool started_ = false, skip_next_ = false;
  int skipping_ = 0;
  std::string key_;
  std::size_t key_offset_ = 0;

 public:
  const char* progress;
};

}  // namespace

const JsonNode* JsonNode::find(std::string_view member) const {
  for (const JsonNode& item : items)
    if (item.key == member) return &item;
  return nullptr;
}

JsonNode parse_json(const SourceText& source, const std::vector<std::string>& passed_over, std::size_t depth) {
  Builder builder(source, passed_over, depth);
  const char* begin = source.text.data();
  const CountingIterator first{begin, &builder.progress}, last{begin + source.text.size(), &builder.progress};
  if (!nlohmann::json::sax_parse(first, last, &builder))
    source.fail(DiagnosticCode::file_format, source.text.size(), "not JSON");
  return builder.take();
}

}  // namespace szilard::gate_level
