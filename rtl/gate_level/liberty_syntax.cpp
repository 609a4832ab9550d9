// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/liberty_syntax.hpp"

#include <cctype>

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;

constexpr int kMostDepth = 64;

class Parser {
 public:
  explicit Parser(const SourceText& source) : source_(source), text_(source.text) {}

  LibertyGroup parse() {
    if (starts("\xef\xbb\xbf")) at_ = 3;  // a byte order mark
    skip();
    const std::size_t start = at_;
    const std::string_view name = word("the keyword 'library'");
    if (name != "library")
      fail(start, "a Liberty file starts with 'library (NAME) {', not with '" + std::string(name) + "'");
    LibertyGroup group;
    group.name = name;
    group.offset = start;
    group.arguments = arguments();
    skip();
    expect('{', "'{' after library (...)");
    body(group, 1);
    skip();
    if (at_ < text_.size()) fail(at_, "there is more after the end of the library");
    return group;
  }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string message) const {
    source_.fail(DiagnosticCode::file_format, offset, std::move(message));
  }
  [[noreturn]] void missing(const std::string& what) const {
    if (at_ >= text_.size())
      source_.fail(DiagnosticCode::file_truncated, at_, "the file ends where " + what + " was expected");
    fail(at_, what + " was expected");
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  void expect(char c, const char* what) {
    if (peek() != c) missing(what);
    ++at_;
  }

  /// Blanks, comments and continued lines. `lines`: newlines too.
  void skip(bool lines = true) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (starts("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) source_.fail(DiagnosticCode::file_truncated, at_, "this comment never ends");
        at_ = end + 2;
      } else if (starts("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '\\' && (starts("\\\n") || starts("\\\r\n"))) {
        at_ = text_.find('\n', at_) + 1;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || (c == '\n' && lines)) {
        ++at_;
      } else {
        return;
      }
    }
  }

  static bool in_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || c == '+' || c == '[' ||
           c == ']' || c == '$' || c == '<' || c == '>' || c == '/' || c == '#' || c == '@' || c == '\'';
  }
  std::string_view word(const char* what) {
    const std::size_t start = at_;
    while (at_ < text_.size() && in_word(text_[at_])) ++at_;
    if (at_ == start) missing(what);
    return text_.substr(start, at_ - start);
  }
  std::string_view quoted() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) source_.fail(DiagnosticCode::file_truncated, start, "this text in quotes never ends");
    ++at_;
    return text_.substr(start + 1, at_ - start - 2);
  }

  std::vector<std::string_view> arguments() {
    skip();
    expect('(', "'('");
    std::vector<std::string_view> values;
    for (;;) {
      skip();
      if (peek() == ')') break;
      if (peek() == ',') {
        ++at_;
      } else if (peek() == '"') {
        values.push_back(quoted());
      } else {
        const std::size_t start = at_;
        while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != ')' && text_[at_] != '"' && text_[at_] != '{' &&
               text_[at_] != '}' && text_[at_] != '(' && text_[at_] != ';' &&
               !std::isspace(static_cast<unsigned char>(text_[at_])) && !starts("/*") && text_[at_] != '\\')
          ++at_;
        if (at_ == start) missing("a value or ')'");
        values.push_back(text_.substr(start, at_ - start));
      }
    }
    ++at_;
    return values;
  }

  /// The value of a simple attribute: text in quotes, a word, or an expression up to the semicolon or the line's end.
  std::string_view simple_value() {
    skip(false);
    if (peek() == '"') return quoted();
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != ';' && text_[at_] != '\n' && text_[at_] != '}' && !starts("/*"))
      at_ = starts("\\\n") || starts("\\\r\n") ? text_.find('\n', at_) + 1 : at_ + 1;
    std::size_t end = at_;
    while (end > start && std::isspace(static_cast<unsigned char>(text_[end - 1]))) --end;
    if (end == start) missing("a value");
    return text_.substr(start, end - start);
  }

  void body(LibertyGroup& group, int depth) {
    if (depth > kMostDepth) fail(group.offset, "groups are nested more than 64 deep");
    for (;;) {
      skip();
      while (peek() == ';') {
        ++at_;
        skip();
      }
      if (peek() == '}') break;
      if (at_ >= text_.size())
        source_.fail(DiagnosticCode::file_truncated, group.offset,
                     "the file ends inside this group: '}' of " + std::string(group.name) + " is missing");
      const std::size_t start = at_;
      const std::string_view name = word("an attribute, a group or '}'");
      skip();
      if (peek() == ':') {
        ++at_;
        group.attributes.push_back({name, {simple_value()}, start});
        end_of_statement();
      } else if (peek() == '(') {
        std::vector<std::string_view> values = arguments();
        skip();
        if (peek() == '{') {
          ++at_;
          LibertyGroup& inner = group.groups.emplace_back();
          inner.name = name;
          inner.offset = start;
          inner.arguments = std::move(values);
          body(inner, depth + 1);
        } else {
          if (name == "include_file")
            source_.fail(DiagnosticCode::unsupported_operator, start, "include_file is not followed",
                         "put the text of that file in its place");
          group.attributes.push_back({name, std::move(values), start});
          if (peek() == ';') ++at_;
        }
      } else {
        missing("':' or '(' after '" + std::string(name) + "'");
      }
    }
    ++at_;
  }

  void end_of_statement() {
    skip(false);
    if (peek() == ';') {
      ++at_;
    } else if (at_ < text_.size() && peek() != '\n' && peek() != '}') {
      missing("';'");
    }
  }

  const SourceText& source_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const LibertyAttribute* LibertyGroup::find(std::string_view attribute) const {
  for (auto it = attributes.rbegin(); it != attributes.rend(); ++it)
    if (it->name == attribute) return &*it;
  return nullptr;
}

std::string_view LibertyGroup::text(std::string_view attribute) const {
  const LibertyAttribute* found = find(attribute);
  return found && !found->values.empty() ? found->values.front() : std::string_view();
}

LibertyGroup parse_liberty_syntax(const SourceText& source) { return Parser(source).parse(); }

}  // namespace szilard::gate_level
