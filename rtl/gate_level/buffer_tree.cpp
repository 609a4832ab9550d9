// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/buffer_tree.hpp"

#include <algorithm>

namespace szilard::gate_level {

using support::DiagnosticCode;
using support::InputError;

BufferTree::BufferTree(const Library& library, const std::string& cell, const std::string& purpose, std::size_t loads,
                       double load_f, std::size_t fanout, std::size_t most_tops)
    : cell_(library.find(cell)) {
  if (!cell_)
    throw InputError(DiagnosticCode::unknown_choice, {library.file, 1, 1},
                     "library " + library.name + " has no cell '" + cell + "' for " + purpose);
  for (const LibraryPin& pin : cell_->pins) {
    if (pin.direction == LibraryPin::Direction::input) input_ = input_ ? nullptr : &pin;
    if (pin.direction == LibraryPin::Direction::output) output_ = &pin;
  }
  if (!input_ || !output_ || !output_->function || !output_->function->is_input() || !cell_->flip_flops.empty())
    throw InputError(DiagnosticCode::unsupported_operator, cell_->where, "cell " + cell_->name + " is not a buffer");
  const double input_f = std::max(input_->capacitance_f[0], input_->capacitance_f[1]);
  while (loads > most_tops) {
    const std::size_t buffers = (loads + fanout - 1) / fanout;
    levels_.insert(levels_.begin(), Level{buffers, load_f / static_cast<double>(buffers)});
    loads = buffers;
    load_f = static_cast<double>(buffers) * input_f;
  }
}

std::size_t BufferTree::buffers() const {
  std::size_t sum = 0;
  for (const Level& level : levels_) sum += level.buffers;
  return sum;
}

double BufferTree::tops_f() const {
  return static_cast<double>(tops()) * std::max(input_->capacitance_f[0], input_->capacitance_f[1]);
}

double BufferTree::inputs_f() const {
  return static_cast<double>(buffers()) * std::max(input_->capacitance_f[0], input_->capacitance_f[1]);
}

double BufferTree::leakage_w() const { return static_cast<double>(buffers()) * cell_->leakage_w; }

std::array<double, 2> BufferTree::pass(std::array<double, 2> slews_s, double& internal_j) const {
  internal_j = 0;
  for (const Level& level : levels_) {
    for (const InternalPower& power : output_->internal_power)
      internal_j += static_cast<double>(level.buffers) * 0.5 *
                    (power.energy_j[0].at(slews_s[0], level.load_f) + power.energy_j[1].at(slews_s[1], level.load_f));
    std::array<double, 2> behind{};
    for (const TimingArc& arc : output_->timing) {
      if (arc.kind == TimingArc::Kind::other) continue;
      for (std::size_t edge = 0; edge < 2; ++edge)
        if (!arc.transition_s[edge].empty())
          behind[edge] = std::max(behind[edge], arc.transition_s[edge].at(slews_s[edge], level.load_f));
    }
    slews_s = behind;
  }
  return slews_s;
}

}  // namespace szilard::gate_level
