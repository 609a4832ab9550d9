// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "rtl/gate_level/liberty.hpp"

namespace szilard::gate_level {

/// A modelled tree of buffers between one driver and many loads: level by level from the loads up, each buffer with the
/// same share of the level below, until no more than `most_tops` are left. An estimate of what layout puts in: where
/// the loads lie is left out, and so is the resistance of wires.
class BufferTree {
 public:
  /// `load_f` is that of all loads together. Throws support::InputError where the library has no such cell or it is no
  /// buffer; `purpose` ("the clock tree") says for what.
  BufferTree(const Library& library, const std::string& cell, const std::string& purpose, std::size_t loads,
             double load_f, std::size_t fanout, std::size_t most_tops);

  std::size_t buffers() const;
  std::size_t tops() const { return levels_.empty() ? 0 : levels_.front().buffers; }
  double tops_f() const;    ///< input capacitance of the topmost level
  double inputs_f() const;  ///< of all buffers
  double leakage_w() const;
  /// From the slews of the two edges at the tops to those at the loads; `internal_j` gets the energy of a toggle, the
  /// mean of rise and fall, in all buffers.
  std::array<double, 2> pass(std::array<double, 2> slews_s, double& internal_j) const;

 private:
  struct Level {
    std::size_t buffers = 0;
    double load_f = 0;  ///< of one
  };
  const LibraryCell* cell_ = nullptr;
  const LibraryPin *input_ = nullptr, *output_ = nullptr;
  std::vector<Level> levels_;  ///< from the top down
};

}  // namespace szilard::gate_level
