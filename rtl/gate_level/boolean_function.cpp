// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/boolean_function.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace szilard::gate_level {
namespace {

using Operation = BooleanFunction::Operation;

struct ParseError {
  std::string message;
  std::size_t offset;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  BooleanFunction parse() {
    BooleanFunction function = either();
    skip();
    if (at_ < text_.size()) fail(std::string("'") + text_[at_] + "' is not expected here");
    return function;
  }

 private:
  [[noreturn]] void fail(std::string message) const { throw ParseError{std::move(message), at_}; }
  void skip() {
    while (at_ < text_.size() && (std::isspace(static_cast<unsigned char>(text_[at_])) || text_[at_] == '\\')) ++at_;
  }
  char peek() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  static bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '"'; }

  BooleanFunction either() {
    BooleanFunction left = both();
    while (peek() == '+' || peek() == '|') {
      ++at_;
      left = left | both();
    }
    return left;
  }
  BooleanFunction both() {
    BooleanFunction left = differ();
    for (;;) {
      const char c = peek();
      if (c == '&' || c == '*') {
        ++at_;
      } else if (!(starts_name(c) || c == '(' || c == '!' || c == '0' || c == '1')) {
        return left;
      }
      left = left & differ();
    }
  }
  BooleanFunction differ() {
    BooleanFunction left = unary();
    while (peek() == '^') {
      ++at_;
      left = left ^ unary();
    }
    return left;
  }
  BooleanFunction unary() {
    bool inverted = false;
    while (peek() == '!') {
      ++at_;
      inverted = !inverted;
    }
    BooleanFunction operand = primary();
    while (peek() == '\'') {
      ++at_;
      inverted = !inverted;
    }
    return inverted ? !operand : operand;
  }
  BooleanFunction primary() {
    const char c = peek();
    if (c == '(') {
      if (++depth_ > static_cast<int>(BooleanFunction::kMostDepth)) fail("parentheses are nested too deep");
      ++at_;
      BooleanFunction inner = either();
      if (peek() != ')') fail("')' is missing");
      ++at_;
      --depth_;
      return inner;
    }
    if (c == '0' || c == '1') {
      ++at_;
      return BooleanFunction::constant(c == '1');
    }
    if (!starts_name(c)) fail("the name of a pin was expected");
    if (c == '"') {  // a name in quotes, themselves behind backslashes
      const std::size_t end = text_.find_first_of("\"\\", at_ + 1);
      if (end == std::string_view::npos || end == at_ + 1) fail("a name in quotes was expected");
      std::string name(text_.substr(at_ + 1, end - at_ - 1));
      at_ = text_[end] == '"' ? end : std::min(end + 1, text_.size());
      if (at_ >= text_.size() || text_[at_] != '"') fail("a name in quotes was expected");
      ++at_;
      return BooleanFunction::input(std::move(name));
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' ||
                                  text_[at_] == '[' || text_[at_] == ']' || text_[at_] == '.'))
      ++at_;
    return BooleanFunction::input(std::string(text_.substr(start, at_ - start)));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

BooleanFunction combine(BooleanFunction a, const BooleanFunction& b, Operation operation) {
  std::vector<std::uint8_t> renamed;
  for (const std::string& name : b.inputs_) {
    auto found = std::find(a.inputs_.begin(), a.inputs_.end(), name);
    if (found == a.inputs_.end()) {
      if (a.inputs_.size() == BooleanFunction::kMostInputs)
        throw std::length_error("the function has more than 16 inputs");
      found = a.inputs_.insert(found, name);
    }
    renamed.push_back(static_cast<std::uint8_t>(found - a.inputs_.begin()));
  }
  if (a.steps_.size() + b.steps_.size() > 4096) throw std::length_error("the function has more than 4096 operations");
  a.depth_ = std::max(a.depth_, b.depth_ + 1);
  if (a.depth_ > BooleanFunction::kMostDepth) throw std::length_error("the function is nested too deep");
  for (BooleanFunction::Step step : b.steps_) {
    if (step.operation == Operation::input) step.input = renamed[step.input];
    a.steps_.push_back(step);
  }
  a.steps_.push_back({operation, 0});
  return a;
}

BooleanFunction::Parsed BooleanFunction::parse(std::string_view text) {
  Parsed parsed;
  try {
    parsed.function = Parser(text).parse();
  } catch (const ParseError& error) {
    parsed.error = error.message;
    parsed.error_offset = error.offset;
  } catch (const std::length_error& error) {
    parsed.error = error.what();
  }
  return parsed;
}

BooleanFunction BooleanFunction::constant(bool value) {
  BooleanFunction function;
  function.steps_ = {{value ? Operation::one : Operation::zero, 0}};
  function.depth_ = 1;
  return function;
}

BooleanFunction BooleanFunction::input(std::string name) {
  BooleanFunction function;
  function.inputs_ = {std::move(name)};
  function.steps_ = {{Operation::input, 0}};
  function.depth_ = 1;
  return function;
}

BooleanFunction BooleanFunction::operator!() const {
  BooleanFunction function = *this;
  if (!function.steps_.empty() && function.steps_.back().operation == Operation::invert) function.steps_.pop_back();
  else function.steps_.push_back({Operation::invert, 0});
  return function;
}

BooleanFunction operator&(const BooleanFunction& a, const BooleanFunction& b) { return combine(a, b, Operation::both); }
BooleanFunction operator|(const BooleanFunction& a, const BooleanFunction& b) {
  return combine(a, b, Operation::either);
}
BooleanFunction operator^(const BooleanFunction& a, const BooleanFunction& b) {
  return combine(a, b, Operation::differ);
}

std::uint64_t BooleanFunction::evaluate(const std::uint64_t* operands) const {
  std::vector<std::uint64_t> stack;
  for (const Step& step : steps_) {
    switch (step.operation) {
      case Operation::input:
        stack.push_back(operands[step.input]);
        continue;
      case Operation::zero:
        stack.push_back(0);
        continue;
      case Operation::one:
        stack.push_back(~std::uint64_t{0});
        continue;
      case Operation::invert:
        stack.back() = ~stack.back();
        continue;
      default:
        break;
    }
    const std::uint64_t right = stack.back();
    stack.pop_back();
    std::uint64_t& left = stack.back();
    left = step.operation == Operation::both     ? left & right
           : step.operation == Operation::either ? left | right
                                                 : left ^ right;
  }
  if (stack.size() != 1) throw std::logic_error("a Boolean function without a value");
  return stack.front();
}

std::vector<bool> BooleanFunction::truth_table() const {
  std::vector<bool> table(std::size_t{1} << inputs_.size());
  std::uint64_t operands[kMostInputs] = {};
  for (std::size_t first = 0; first < table.size(); first += 64) {
    for (std::size_t lane = 0; lane < 64; ++lane) {
      for (std::size_t i = 0; i < inputs_.size(); ++i) {
        const std::uint64_t bit = std::uint64_t{1} << lane;
        operands[i] = (first + lane) >> i & 1 ? operands[i] | bit : operands[i] & ~bit;
      }
    }
    const std::uint64_t values = evaluate(operands);
    for (std::size_t lane = 0; lane < 64 && first + lane < table.size(); ++lane)
      table[first + lane] = values >> lane & 1;
  }
  return table;
}

}  // namespace szilard::gate_level
