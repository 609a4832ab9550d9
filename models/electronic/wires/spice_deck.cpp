// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "models/electronic/wires/wire_network.hpp"
#include "models/support/units.hpp"

namespace szilard::wires {
namespace {

/// Writes the elements; nodes that a resistance of 0 merges get one name.
class Deck {
 public:
  Deck(std::size_t rows, std::size_t columns, const WireParameters& wires)
      : rows_(rows), columns_(columns), wires_(wires) {}

  std::string word(std::size_t i, std::size_t j) const {
    if (wires_.word_segment_ohm > 0) return "w" + std::to_string(i) + "_" + std::to_string(j);
    return wires_.driver_ohm > 0 ? "w" + std::to_string(i) : "v" + std::to_string(i);
  }
  std::string bit(std::size_t i, std::size_t j) const {
    if (wires_.bit_segment_ohm > 0) return "b" + std::to_string(i) + "_" + std::to_string(j);
    return wires_.sense_ohm > 0 ? "b" + std::to_string(j) : "s" + std::to_string(j);
  }
  void resistor(const std::string& from, const std::string& to, double ohm) {
    if (from != to)
      text_ += "R" + std::to_string(++count_) + " " + from + " " + to + " " + support::shortest(ohm) + "\n";
  }
  void add_lines(const double* voltages_v) {
    for (std::size_t i = 0; i < rows_; ++i) {
      const std::string source = "v" + std::to_string(i);
      text_ += "V" + std::to_string(i) + " " + source + " 0 " + support::shortest(voltages_v[i]) + "\n";
      resistor(source, word(i, 0), wires_.word_segment_ohm + wires_.driver_ohm);
      for (std::size_t j = 0; j + 1 < columns_; ++j) resistor(word(i, j), word(i, j + 1), wires_.word_segment_ohm);
      if (wires_.drive_both_ends) resistor(source, word(i, columns_ - 1), wires_.word_segment_ohm + wires_.driver_ohm);
    }
    for (std::size_t j = 0; j < columns_; ++j) {
      const std::string sense = "s" + std::to_string(j);
      text_ += "VS" + std::to_string(j) + " " + sense + " 0 0\n";
      if (wires_.sense_both_ends) resistor(sense, bit(0, j), wires_.bit_segment_ohm + wires_.sense_ohm);
      for (std::size_t i = 0; i + 1 < rows_; ++i) resistor(bit(i, j), bit(i + 1, j), wires_.bit_segment_ohm);
      resistor(bit(rows_ - 1, j), sense, wires_.bit_segment_ohm + wires_.sense_ohm);
    }
  }
  void add_cells(const double* conductances_s, const CellLaw& law) {
    for (std::size_t i = 0; i < rows_; ++i)
      for (std::size_t j = 0; j < columns_; ++j) {
        const double g = conductances_s[i * columns_ + j];
        if (g == 0) continue;
        const std::string from = word(i, j), to = bit(i, j);
        if (law.is_linear()) {
          resistor(from, to, 1 / g);
          continue;
        }
        const std::string name = std::to_string(i) + "_" + std::to_string(j);
        text_ += "B" + name + " " + from + " " + to + " I=" + support::shortest(g) + "*" +
                 law.spice("v(" + from + "," + to + ")") + "\n";
      }
  }
  void append(const std::string& text) { text_ += text; }
  std::string take() { return std::move(text_); }

 private:
  std::size_t rows_, columns_;
  const WireParameters& wires_;
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace

std::string spice_deck(std::size_t rows, std::size_t columns, const double* conductances_s, const WireParameters& wires,
                       const double* voltages_v, const CellLaw& law) {
  Deck deck(rows, columns, wires);
  deck.append("* szilard crossbar, " + std::to_string(rows) + " word lines, " + std::to_string(columns) +
              " bit lines: run with ngspice -b\n");
  deck.append(".options reltol=1e-12 abstol=1e-18 vntol=1e-15 gmin=1e-18 itl1=500\n");
  deck.add_lines(voltages_v);
  deck.add_cells(conductances_s, law);
  deck.append(".control\nset numdgt=16\nop\n");
  for (std::size_t j = 0; j < columns; ++j) deck.append("print i(vs" + std::to_string(j) + ")\n");
  for (std::size_t i = 0; i < rows; ++i) deck.append("print i(v" + std::to_string(i) + ")\n");
  deck.append("quit\n.endc\n.end\n");
  return deck.take();
}

}  // namespace szilard::wires
