// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace szilard::gate_level {

/// A Boolean expression as a program for a stack machine, so that it can be evaluated on 64 lanes at once and, operator
/// by operator, on unknown values as Verilog does (0 & x = 0, x ^ x = x).
class BooleanFunction {
 public:
  enum class Operation : std::uint8_t { input, zero, one, invert, both, either, differ };
  struct Step {
    Operation operation = Operation::zero;
    std::uint8_t input = 0;  ///< which, for Operation::input
    bool operator==(const Step& other) const { return operation == other.operation && input == other.input; }
  };
  static constexpr std::size_t kMostInputs = 16;
  static constexpr std::size_t kMostDepth = 64;  ///< of the stack

  BooleanFunction() = default;

  /// Liberty's syntax: ! and ' invert, ^, & * or a blank, + |, parentheses, 0 and 1; precedence in this order. `names`
  /// are the inputs in order of first appearance. What is wrong goes to `error` with the byte where it is; empty if
  /// well.
  struct Parsed;
  static Parsed parse(std::string_view text);

  static BooleanFunction constant(bool value);
  static BooleanFunction input(std::string name);
  BooleanFunction operator!() const;
  /// Throw std::length_error beyond kMostInputs inputs, 4096 operations or kMostDepth.
  friend BooleanFunction operator&(const BooleanFunction& a, const BooleanFunction& b);
  friend BooleanFunction operator|(const BooleanFunction& a, const BooleanFunction& b);
  friend BooleanFunction operator^(const BooleanFunction& a, const BooleanFunction& b);

  const std::vector<std::string>& inputs() const { return inputs_; }
  const std::vector<Step>& steps() const { return steps_; }
  bool empty() const { return steps_.empty(); }
  bool is_input() const { return steps_.size() == 1 && steps_[0].operation == Operation::input; }

  /// Lane by lane, one word an input.
  std::uint64_t evaluate(const std::uint64_t* operands) const;
  /// The value of every combination of inputs, input 0 the lowest bit of the index; at most kMostInputs inputs.
  std::vector<bool> truth_table() const;

 private:
  friend BooleanFunction combine(BooleanFunction a, const BooleanFunction& b, Operation operation);
  std::vector<std::string> inputs_;
  std::vector<Step> steps_;
  std::size_t depth_ = 0;  ///< of the stack
};

struct BooleanFunction::Parsed {
  BooleanFunction function;
  std::string error;
  std::size_t error_offset = 0;
};

}  // namespace szilard::gate_level
