// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rtl/signal_view.hpp"

namespace szilard::rtl {

/// What the ReLU unit's registers did, counted in RTL.
struct ReluActivity {
  std::uint64_t cycles = 0, bits_written = 0, bits_toggled = 0;
};
inline ReluActivity operator-(ReluActivity a, const ReluActivity& b) {
  return {a.cycles - b.cycles, a.bits_written - b.bits_written, a.bits_toggled - b.bits_toggled};
}

/// The verilated ReLU unit (rtl/relu_unit/relu_unit.sv): `lanes` signed 16-bit codes a clock, out = max(code, 0).
class ReluUnit {
 public:
  /// Throws std::invalid_argument listing the built lane counts if this one was not built.
  explicit ReluUnit(int lanes);
  ~ReluUnit();
  ReluUnit(ReluUnit&&) noexcept;
  ReluUnit& operator=(ReluUnit&&) noexcept;

  int lanes() const;
  std::uint64_t register_bits() const;
  /// Clocks that `count` codes take: ceil(count / lanes) + 1.
  std::uint64_t cycles(std::size_t count) const;
  /// Streams `count` codes through the unit, zeros in unused lanes of the last word, and clocks out the last result.
  void run(const std::int16_t* codes, std::size_t count, std::int16_t* out);
  ReluActivity activity() const;
  /// A port by name; registers are outputs here, so gates find them all. codes_I and codes_q_I are the 16-bit words of
  /// lane I.
  std::optional<SignalView> find_signal(const std::string& name) const;
  /// valid, valid_q and the words of every lane: what find_signal() shows as numbers.
  std::vector<std::string> signal_names() const;
  /// Called before every rising edge from here on; null: nobody.
  void set_meter(ClockMeter* meter);

  /// What the verilated classes of each lane count implement.
  class Model {
   public:
    virtual ~Model() = default;
    virtual int lanes() const = 0;
    virtual std::uint64_t register_bits() const = 0;
    virtual void run(const std::int16_t* codes, std::size_t count, std::int16_t* out) = 0;
    virtual ReluActivity activity() const = 0;
    virtual std::optional<SignalView> find_signal(const std::string& name) const = 0;
    virtual void set_meter(ClockMeter* meter) = 0;
  };

 private:
  std::unique_ptr<Model> model_;
};

/// Generated with the build: the factory over the lane counts that were built.
std::unique_ptr<ReluUnit::Model> make_relu_model(int lanes);

}  // namespace szilard::rtl
