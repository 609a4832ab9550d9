// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/opensta_rule.hpp"

#include <vector>

namespace szilard::gate_level {
namespace {

using Operation = BooleanFunction::Operation;
using Steps = std::vector<BooleanFunction::Step>;

/// Operands taken as independent, operator by operator.
double duty_of(const Steps& steps, std::size_t first, std::size_t last, const std::vector<double>& duties) {
  std::vector<double> stack;
  for (std::size_t s = first; s < last; ++s) {
    switch (steps[s].operation) {
      case Operation::input:
        stack.push_back(duties[steps[s].input]);
        continue;
      case Operation::zero:
        stack.push_back(0);
        continue;
      case Operation::one:
        stack.push_back(1);
        continue;
      case Operation::invert:
        stack.back() = 1 - stack.back();
        continue;
      default:
        break;
    }
    const double right = stack.back();
    stack.pop_back();
    double& left = stack.back();
    left = steps[s].operation == Operation::both     ? left * right
           : steps[s].operation == Operation::either ? left + right - left * right
                                                     : left * (1 - right) + right * (1 - left);
  }
  return stack.front();
}

/// Where the operand that ends before `last` begins.
std::size_t operand_start(const Steps& steps, std::size_t last) {
  int needed = 1;
  while (needed > 0) {
    --last;
    switch (steps[last].operation) {
      case Operation::input:
      case Operation::zero:
      case Operation::one:
        --needed;
        break;
      case Operation::invert:
        break;
      default:
        ++needed;
    }
  }
  return last;
}

}  // namespace

std::optional<double> outermost_operand_weight(const BooleanFunction& function, const std::string& pin,
                                               const std::function<double(const std::string&)>& duty) {
  const Steps& steps = function.steps();
  std::size_t end = steps.size();
  while (end > 0 && steps[end - 1].operation == Operation::invert) --end;
  const auto is_pin = [&](std::size_t first, std::size_t last) {
    return last == first + 1 && steps[first].operation == Operation::input &&
           function.inputs()[steps[first].input] == pin;
  };
  if (is_pin(0, end)) return 1;
  if (end < 3) return {};
  const Operation outermost = steps[end - 1].operation;
  const std::size_t right = operand_start(steps, end - 1);
  std::vector<double> duties;
  for (const std::string& name : function.inputs()) duties.push_back(duty(name));
  double other = 0;
  if (is_pin(0, right)) other = duty_of(steps, right, end - 1, duties);
  else if (is_pin(right, end - 1)) other = duty_of(steps, 0, right, duties);
  else return {};
  return outermost == Operation::both ? other : 1 - other;
}

}  // namespace szilard::gate_level
