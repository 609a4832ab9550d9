// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/netlist.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "rtl/gate_level/clock_network.hpp"
#include "rtl/gate_level/json_tree.hpp"
#include "rtl/gate_level/schedule.hpp"

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;

constexpr std::size_t kMostBytes = std::size_t{2} << 30;

class Reader {
 public:
  Reader(const SourceText& source, Netlist& netlist) : source_(source), netlist_(netlist), library_(*netlist.library) {}

  void read(const std::string& top) {
    const JsonNode root = parse_json(source_, {"attributes", "parameters", "parameter_default_values"}, 4);
    const JsonNode& module = choose(root, top);
    netlist_.module = module.key;
    if (const JsonNode* attributes = module.find("attributes"))
      if (const JsonNode* rtl = attributes->find("szilard_rtl")) netlist_.rtl = rtl->text;
    netlist_.nets.resize(2);
    netlist_.nets[kZero].name = "0";
    netlist_.nets[kOne].name = "1";
    read_ports(member(module, "ports", JsonNode::Kind::object));
    read_cells(member(module, "cells", JsonNode::Kind::object), member(root, "modules", JsonNode::Kind::object));
    read_names(module.find("netnames"));
    check_drivers();
  }

 private:
  [[noreturn]] void fail(DiagnosticCode code, const JsonNode& node, std::string message, std::string hint = {}) const {
    source_.fail(code, node.offset, std::move(message), std::move(hint));
  }
  const JsonNode& member(const JsonNode& node, const char* name, JsonNode::Kind kind) const {
    const JsonNode* found = node.find(name);
    if (!found)
      fail(DiagnosticCode::missing_key, node,
           std::string("no '") + name + "' here: this is not a netlist of yosys's write_json");
    if (found->kind != kind)
      fail(DiagnosticCode::wrong_type, *found, std::string("'") + name + "' is not of the kind that write_json writes");
    return *found;
  }

  static bool marked(const JsonNode& module, const char* attribute) {
    const JsonNode* attributes = module.find("attributes");
    const JsonNode* found = attributes ? attributes->find(attribute) : nullptr;
    return found && (found->integer != 0 || found->text.find('1') != std::string::npos);
  }

  const JsonNode& choose(const JsonNode& root, const std::string& top) const {
    const JsonNode& modules = member(root, "modules", JsonNode::Kind::object);
    std::vector<const JsonNode*> candidates;
    for (const JsonNode& module : modules.items) {
      if (module.kind != JsonNode::Kind::object) fail(DiagnosticCode::wrong_type, module, "a module is an object");
      if (!top.empty() ? module.key == top : marked(module, "top")) return module;
      if (!library_.find(module.key) && !marked(module, "blackbox") && !marked(module, "whitebox"))
        candidates.push_back(&module);
    }
    if (!top.empty()) fail(DiagnosticCode::unknown_choice, modules, "there is no module '" + top + "'");
    if (candidates.empty())
      fail(DiagnosticCode::bad_graph, modules, "there is no module here but cells of the library");
    if (candidates.size() > 1)
      fail(DiagnosticCode::bad_graph, *candidates[1],
           "several modules and none is marked as top: " + candidates[0]->key + ", " + candidates[1]->key,
           "run yosys with 'hierarchy -top' and 'flatten', or name one");
    return *candidates.front();
  }

  NetId bit(const JsonNode& node) {
    if (node.kind == JsonNode::Kind::text) {
      if (node.text == "0" || node.text == "x") return kZero;
      if (node.text == "1") return kOne;
      if (node.text == "z") fail(DiagnosticCode::bad_graph, node, "this bit is not driven ('z')");
    }
    if (node.kind != JsonNode::Kind::integer || node.integer < 0)
      fail(DiagnosticCode::wrong_type, node, "a bit is a number, \"0\", \"1\", \"x\" or \"z\"");
    const auto [found, fresh] = by_number_.emplace(node.integer, static_cast<NetId>(netlist_.nets.size()));
    if (fresh) {
      netlist_.nets.emplace_back();
      first_use_.resize(netlist_.nets.size());
      first_use_.back() = node.offset;
    }
    return found->second;
  }

  void drive(NetId net, const JsonNode& node) {
    if (net <= kOne) fail(DiagnosticCode::bad_graph, node, "an output drives a constant");
    if (netlist_.nets[net].driver || netlist_.nets[net].from_input_port)
      fail(DiagnosticCode::bad_graph, node, "this net has two drivers");
  }

  void read_ports(const JsonNode& ports) {
    for (const JsonNode& node : ports.items) {
      Port port;
      port.name = node.key;
      const std::string& direction = member(node, "direction", JsonNode::Kind::text).text;
      if (direction != "input" && direction != "output")
        fail(DiagnosticCode::bad_graph, node,
             "port " + port.name + " is " + (direction.empty() ? "of no direction" : direction) +
                 "; only input and output are simulated");
      port.input = direction == "input";
      for (const JsonNode& b : member(node, "bits", JsonNode::Kind::array).items) {
        const NetId net = bit(b);
        port.bits.push_back(net);
        if (port.input) {
          drive(net, node);
          netlist_.nets[net].from_input_port = true;
        } else if (net > kOne) {
          netlist_.nets[net].to_output_port = true;
        }
      }
      netlist_.ports.push_back(std::move(port));
    }
  }

  void read_cells(const JsonNode& cells, const JsonNode& modules) {
    std::unordered_set<std::string_view> names;
    netlist_.cells.reserve(cells.items.size());
    for (const JsonNode& node : cells.items) {
      if (!names.insert(node.key).second)
        fail(DiagnosticCode::duplicate_key, node, "cell " + node.key + " stands twice");
      const std::string& type = member(node, "type", JsonNode::Kind::text).text;
      Instance instance;
      instance.name = node.key;
      instance.where = {source_.file, 0, 0};
      instance.cell = library_.find(type);
      if (!instance.cell) unknown_cell(node, type, modules);
      if (!instance.cell->unsupported.empty())
        fail(DiagnosticCode::unsupported_operator, node,
             "cell " + node.key + " is " + instance.cell->unsupported + ": " + type + " cannot be simulated",
             "map to flip-flops and plain gates");
      connect(node, instance);
      offsets_.push_back(node.offset);
      netlist_.cells.push_back(std::move(instance));
    }
  }

  [[noreturn]] void unknown_cell(const JsonNode& node, const std::string& type, const JsonNode& modules) const {
    std::string hint;
    if (modules.find(type)) {
      hint = "it is a module of this file: run 'flatten' before write_json";
    } else if (!type.empty() && type.front() == '$') {
      hint = type.find("LATCH") != std::string::npos || type.find("dlatch") != std::string::npos
                 ? "a latch is not mapped to a cell and cannot be simulated"
                 : "this is a yosys cell: run dfflibmap and abc with the library before write_json";
    } else {
      const std::string near = support::nearest(type, library_.cell_names());
      if (!near.empty()) hint = "did you mean " + near + "?";
    }
    fail(DiagnosticCode::unknown_choice, node,
         "cell " + node.key + " is a " + type + ", which library " + library_.name + " lacks", hint);
  }

  void connect(const JsonNode& node, Instance& instance) {
    const LibraryCell& cell = *instance.cell;
    const auto self = static_cast<std::uint32_t>(netlist_.cells.size());
    instance.nets.assign(cell.pins.size(), kNoNet);
    for (const JsonNode& connection : member(node, "connections", JsonNode::Kind::object).items) {
      const auto pin = std::find_if(cell.pins.begin(), cell.pins.end(),
                                    [&](const LibraryPin& p) { return p.name == connection.key; });
      if (pin == cell.pins.end()) {
        fail(DiagnosticCode::bad_graph, connection,
             "cell " + node.key + ": " + cell.name + " has no pin " + connection.key);
      }
      if (connection.items.empty()) continue;
      if (connection.items.size() != 1)
        fail(DiagnosticCode::bad_graph, connection,
             "cell " + node.key + ": pin " + connection.key + " is one bit wide");
      const auto index = static_cast<std::uint32_t>(pin - cell.pins.begin());
      const NetId net = bit(connection.items.front());
      instance.nets[index] = net;
      if (pin->direction == LibraryPin::Direction::output) {
        drive(net, connection);
        netlist_.nets[net].driver = PinRef{self, index};
      } else if (net > kOne) {
        netlist_.nets[net].loads.push_back({self, index});
      }
    }
    for (std::size_t p = 0; p < cell.pins.size(); ++p)
      if (cell.pins[p].direction == LibraryPin::Direction::input && instance.nets[p] == kNoNet)
        fail(DiagnosticCode::bad_graph, node,
             "cell " + node.key + ": input " + cell.pins[p].name + " is not connected");
  }

  void read_names(const JsonNode* netnames) {
    const auto integer = [](const JsonNode& node, const char* name) {
      const JsonNode* found = node.find(name);
      return found ? found->integer : 0;
    };
    std::unordered_set<std::string> taken;
    for (const bool hidden : {false, true}) {
      if (!netnames) break;
      for (const JsonNode& node : netnames->items) {
        if ((integer(node, "hide_name") != 0) != hidden) continue;
        const JsonNode* bits = node.find("bits");
        if (!bits) continue;
        const std::int64_t offset = integer(node, "offset"), width = static_cast<std::int64_t>(bits->items.size());
        const bool upto = integer(node, "upto") != 0;
        for (std::int64_t i = 0; i < width; ++i) {
          const JsonNode& b = bits->items[static_cast<std::size_t>(i)];
          if (b.kind != JsonNode::Kind::integer) continue;
          Net& net = netlist_.nets[bit(b)];
          const std::int64_t index = offset + (upto ? width - 1 - i : i);
          std::string name = width == 1 ? node.key : node.key + "[" + std::to_string(index) + "]";
          if (net.name.empty() && taken.insert(name).second) net.name = std::move(name);
          else if (!hidden) net.further_names.push_back(std::move(name));
        }
      }
    }
    for (const auto& [number, net] : by_number_)
      if (netlist_.nets[net].name.empty()) netlist_.nets[net].name = "$" + std::to_string(number);
  }

  void check_drivers() {
    for (NetId n = 2; n < netlist_.nets.size(); ++n) {
      const Net& net = netlist_.nets[n];
      if (net.driver || net.from_input_port || (net.loads.empty() && !net.to_output_port)) continue;
      std::string reader = "an output port";
      if (!net.loads.empty()) {
        const Instance& load = netlist_.cells[net.loads.front().cell];
        reader = "pin " + load.cell->pins[net.loads.front().pin].name + " of cell " + load.name;
      }
      source_.fail(DiagnosticCode::bad_graph, first_use_[n],
                   "net " + net.name + " has no driver, but " + reader + " reads it");
    }
  }

 public:
  const std::vector<std::size_t>& cell_offsets() const { return offsets_; }

 private:
  const SourceText& source_;
  Netlist& netlist_;
  const Library& library_;
  std::unordered_map<std::int64_t, NetId> by_number_;
  std::vector<std::size_t> first_use_ = std::vector<std::size_t>(2);
  std::vector<std::size_t> offsets_;
};

/// Line and column of each cell, in one pass over the text.
void locate_cells(const SourceText& source, const std::vector<std::size_t>& offsets, Netlist& netlist) {
  std::size_t at = 0, line_start = 0;
  int line = 1;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    for (; at < offsets[i] && at < source.text.size(); ++at) {
      if (source.text[at] != '\n') continue;
      ++line;
      line_start = at + 1;
    }
    netlist.cells[i].where.line = line;
    netlist.cells[i].where.column = 1 + static_cast<int>(offsets[i] - line_start);
  }
}

}  // namespace

const Port* Netlist::find_port(const std::string& name) const {
  for (const Port& port : ports)
    if (port.name == name) return &port;
  return nullptr;
}

std::size_t Netlist::flip_flops() const {
  std::size_t count = 0;
  for (const Instance& instance : cells) count += instance.cell->flip_flops.size();
  return count;
}

NetId Netlist::find_net(const std::string& name) const {
  for (NetId n = 2; n < nets.size(); ++n) {
    if (nets[n].name == name) return n;
    if (std::find(nets[n].further_names.begin(), nets[n].further_names.end(), name) != nets[n].further_names.end())
      return n;
  }
  return kNoNet;
}

Netlist parse_netlist(const SourceText& source, std::shared_ptr<const Library> library, const std::string& top) {
  Netlist netlist;
  netlist.file = source.file;
  netlist.library = std::move(library);
  Reader reader(source, netlist);
  reader.read(top);
  locate_cells(source, reader.cell_offsets(), netlist);
  find_clock(netlist);
  make_schedule(netlist);
  return netlist;
}

Netlist read_netlist(const std::string& path, std::shared_ptr<const Library> library, const std::string& top) {
  return parse_netlist(read_source(path, kMostBytes), std::move(library), top);
}

}  // namespace szilard::gate_level
