// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "rtl/signal_view.hpp"
#include "rtl/systolic_int8/activity_counts.hpp"

namespace szilard::rtl {

/// Sizes that the RTL was built with.
struct ArrayGeometry {
  std::size_t rows = 0, columns = 0;
  std::size_t weight_depth = 0, activation_depth = 0, accumulator_depth = 0, bias_depth = 0, result_depth = 0;
  std::uint64_t register_bits = 0;
  /// Activation words hold one term of `rows` vectors instead of `rows` terms of one vector: [block of vectors][term].
  bool output_stationary = false;
  /// 16-bit floating point weights and activations, 32-bit floating point sums (mac_bf16).
  bool floating = false;
  std::size_t word_bytes() const { return floating ? 2 : 1; }  ///< of a weight or an activation
  /// Words that `vectors` vectors of `term_tiles` term tiles fill.
  std::size_t activation_words(std::size_t vectors, std::size_t term_tiles) const {
    return output_stationary ? (vectors + rows - 1) / rows * rows * term_tiles : vectors * term_tiles;
  }
};

enum class HostTarget : std::uint8_t { weights = 0, activations = 1, biases = 2 };

/// One operation of the accelerator: the descriptor, and the activation words that the host writes while it runs.
struct ArrayOperation {
  std::uint16_t vectors = 0, term_tiles = 0, output_tiles = 0, pool = 1;
  std::uint32_t weight_base = 0, bias_base = 0;
  bool from_bias = true, finish = true, relu = false, requantise = false;
  std::uint16_t multiplier = 1;
  std::uint8_t shift = 1;
  bool fault = false;
  std::uint32_t fault_result = 0;
  std::uint16_t fault_column = 0;

  const std::int8_t* activations = nullptr;  ///< bytes of words in the order of use, or none
  std::size_t activation_words = 0;
  const std::uint32_t* owner_of_vector = nullptr;  ///< to whom the clock belongs in which a vector enters
  std::uint32_t first_owner = 0, last_owner = 0;   ///< before and between vectors, and while draining
};

/// What came out: vectors of `columns` numbers in the order of the result port, floating ones as bits.
struct ArrayResults {
  std::vector<std::int32_t> results;  ///< every vector before pooling
  std::vector<std::int32_t> pooled;   ///< read back from the result memory; accumulators from the port
};

/// Called for every clock with the owner and the clock's activity.
using ClockObserver = std::function<void(std::uint32_t owner, const ActivityCounts& activity)>;

/// A verilated baseline of one size and the host that clocks it.
class ArrayModel {
 public:
  virtual ~ArrayModel() = default;
  virtual ArrayGeometry geometry() const = 0;
  virtual const std::string& name() const = 0;
  /// Writes words through the host port, one a clock.
  virtual void write(HostTarget target, std::uint32_t address, const void* words, std::size_t count,
                     std::uint32_t owner) = 0;
  /// Runs one operation to its end and reads its results back, trailing their production by two clocks.
  virtual void run(const ArrayOperation& operation, ArrayResults& out) = 0;
  /// Counters since reset.
  virtual ActivityCounts counters() const = 0;
  /// Activity goes to owners[owner] from here on, and clock by clock to the observer if there is one.
  virtual void attribute(ActivityCounts* owners, const ClockObserver* observer) = 0;
  /// A port of the top, or a register or memory output marked in registers.vlt: "core.array.g_row[0].row.weight_q".
  virtual std::optional<SignalView> find_signal(const std::string& name) const = 0;
  /// Names of all registers and memory outputs that find_signal() knows; ports left out.
  virtual std::vector<std::string> signal_names() const = 0;
  /// Called before every rising edge from here on; null: nobody.
  virtual void set_meters(ClockMeter* first, ClockMeter* second) = 0;
};

}  // namespace szilard::rtl
