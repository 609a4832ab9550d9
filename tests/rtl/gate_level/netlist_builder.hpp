// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/simulator.hpp"

namespace szilard::test {

/// Netlists in the form of yosys's write_json, one line a port, cell or name.
class NetlistBuilder {
 public:
  using Pins = std::vector<std::pair<std::string, std::string>>;  ///< pin, net

  NetlistBuilder& input(const std::string& name) { return port(name, "input"); }
  NetlistBuilder& output(const std::string& name) { return port(name, "output"); }
  NetlistBuilder& cell(const std::string& name, const std::string& type, const Pins& pins) {
    std::string connections;
    for (const auto& [pin, net] : pins)
      connections += (connections.empty() ? "\"" : ", \"") + pin + "\": [" + bit(net) + "]";
    append(cells_,
           "\"" + name + "\": {\"hide_name\": 0, \"type\": \"" + type + "\", \"connections\": {" + connections + "}}");
    return *this;
  }
  std::string json() const {
    std::string names;
    for (std::size_t i = 0; i < nets_.size(); ++i)
      append(names, "\"" + nets_[i] + "\": {\"hide_name\": 0, \"bits\": [" + std::to_string(i + 2) + "]}");
    return "{\"creator\": \"test\", \"modules\": {\"top\": {\n\"ports\": {" + ports_ + "},\n\"cells\": {" + cells_ +
           "},\n\"netnames\": {" + names + "}\n}}}\n";
  }
  gate_level::Netlist build(std::shared_ptr<const gate_level::Library> library) const {
    return gate_level::parse_netlist({"test.json", json()}, std::move(library));
  }

 private:
  static void append(std::string& list, const std::string& entry) { list += (list.empty() ? "\n" : ",\n") + entry; }
  std::string bit(const std::string& net) {
    if (net == "0" || net == "1" || net == "x" || net == "z") return "\"" + net + "\"";
    for (std::size_t i = 0; i < nets_.size(); ++i)
      if (nets_[i] == net) return std::to_string(i + 2);
    nets_.push_back(net);
    return std::to_string(nets_.size() + 1);
  }
  NetlistBuilder& port(const std::string& name, const char* direction) {
    append(ports_, "\"" + name + "\": {\"direction\": \"" + direction + "\", \"bits\": [" + bit(name) + "]}");
    return *this;
  }
  std::string ports_, cells_;
  std::vector<std::string> nets_;
};

inline std::string library_file(const std::string& name) {
  return std::string(SZILARD_SOURCE_DIR) + "/tests/rtl/gate_level/libraries/" + name;
}
inline std::shared_ptr<const gate_level::Library> small_library() {
  static const auto library =
      std::make_shared<const gate_level::Library>(gate_level::read_liberty(library_file("small.lib")));
  return library;
}

/// Inputs as text, one string a cycle, one of 0 1 x a bit.
class TextStimulus : public gate_level::Stimulus {
 public:
  explicit TextStimulus(std::vector<std::string> rows) : rows_(std::move(rows)) {}
  std::uint64_t cycles() const override { return rows_.size(); }
  void words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const override {
    for (std::size_t i = 0; i < rows_.front().size(); ++i) {
      value[i] = unknown[i] = 0;
      for (unsigned lane = 0; lane < count; ++lane) {
        const char c = rows_[first + lane][i];
        value[i] |= std::uint64_t{c == '1'} << lane;
        unknown[i] |= std::uint64_t{c == 'x'} << lane;
      }
    }
  }

 private:
  std::vector<std::string> rows_;
};

}  // namespace szilard::test
