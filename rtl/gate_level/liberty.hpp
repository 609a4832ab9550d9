// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rtl/gate_level/boolean_function.hpp"
#include "rtl/gate_level/source_text.hpp"

namespace szilard::gate_level {

/// A cell library in Liberty format, what energy needs of it, in SI units. Read are the groups pin, ff, timing (slews
/// only), internal_power, leakage_power, wire_load; composite current sources, noise, constraints and delays are passed
/// over. The unit of internal_power is that of capacitive load times voltage squared (Liberty Reference Manual; osu018
/// means pJ).

/// A characterisation table over none, one or two of {load, input slew}: bilinear, and linear beyond its ends.
class LookupTable {
 public:
  enum class Axis { none, load, slew };
  LookupTable() = default;
  LookupTable(std::array<Axis, 2> axes, std::array<std::vector<double>, 2> points, std::vector<double> values);
  static LookupTable constant(double value) { return LookupTable({Axis::none, Axis::none}, {}, {value}); }

  bool empty() const { return values_.empty(); }
  double at(double slew_s, double load_f) const;

 private:
  std::array<Axis, 2> axes_{};
  std::array<std::vector<double>, 2> points_;
  std::vector<double> values_;  ///< the second axis runs fastest
};

enum class Edge { rise = 0, fall = 1 };

/// How an output's slew follows from an input's.
struct TimingArc {
  std::vector<std::string> related_pins;
  enum class Sense { positive, negative, both } sense = Sense::both;
  enum class Kind { combinational, rising_edge, falling_edge, other } kind = Kind::combinational;
  std::array<LookupTable, 2> transition_s;  ///< by edge of the output
};

/// Energy inside the cell at a transition of the pin that holds it, without the load's CV^2.
struct InternalPower {
  std::vector<std::string> related_pins;  ///< empty: of the pin alone
  std::string supply;                     ///< related_pg_pin, empty if none is named
  std::optional<BooleanFunction> when;
  std::array<LookupTable, 2> energy_j;  ///< by edge of the pin
};

struct LeakagePower {
  std::string supply;
  std::optional<BooleanFunction> when;
  double watt = 0;
};

struct LibraryPin {
  enum class Direction { input, output, internal, inout };
  std::string name;
  Direction direction = Direction::input;
  std::array<double, 2> capacitance_f{};  ///< by edge
  std::optional<BooleanFunction> function;
  bool three_state = false;
  std::vector<TimingArc> timing;
  std::vector<InternalPower> internal_power;
};

struct FlipFlop {
  std::string state, inverse_state;  ///< the names that output functions use
  BooleanFunction clocked_on, next_state;
  std::optional<BooleanFunction> clear, preset;
  char both = 'x';  ///< the state while clear and preset are both active: 0, 1, or x
};

struct LibraryCell {
  std::string name;
  support::SourceLocation where;
  double area = 0;
  double leakage_w = 0;  ///< cell_leakage_power, or the library's default
  bool has_cell_leakage = false;
  std::vector<LeakagePower> leakage;
  std::vector<LibraryPin> pins;
  std::vector<FlipFlop> flip_flops;
  std::string unsupported;  ///< why a netlist may not use it: a latch, a memory, ...; empty if it may

  const LibraryPin* find(std::string_view pin) const;
};

/// Capacitance of a wire from the number of its loads: an estimate that the library's maker gives.
struct WireLoad {
  std::string name;
  double capacitance_f_per_length = 0, slope = 0;
  std::vector<std::pair<unsigned, double>> length_by_fanout;
  double capacitance_f(std::size_t fanout) const;
};

class Library {
 public:
  std::string name;
  std::string file;
  double voltage_v = 0, temperature_c = 25;
  double time_unit_s = 1e-9, capacitance_unit_f = 1e-12, voltage_unit_v = 1, leakage_unit_w = 1e-9;
  std::vector<LibraryCell> cells;
  std::vector<WireLoad> wire_loads;
  std::string default_wire_load;  ///< empty if the library names none

  const LibraryCell* find(std::string_view cell) const;
  const WireLoad* find_wire_load(std::string_view wire_load) const;
  std::vector<std::string> cell_names() const;
  bool index_cell(const std::string& cell, std::size_t position);  ///< false if there is one of that name

 private:
  std::map<std::string, std::size_t, std::less<>> index_;
};

/// Throws support::InputError with file, line and column.
Library parse_liberty(const SourceText& source);
Library read_liberty(const std::string& path);

}  // namespace szilard::gate_level
