// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/liberty.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "rtl/gate_level/liberty_syntax.hpp"

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

struct Template {
  std::array<LookupTable::Axis, 2> axes{LookupTable::Axis::none, LookupTable::Axis::none};
  std::array<std::vector<double>, 2> points;
  std::string unsupported;
};

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  for (char c : text) {
    if (c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\\' || c == '\r') {
      if (!name.empty()) names.push_back(std::move(name));
      name.clear();
    } else {
      name += c;
    }
  }
  if (!name.empty()) names.push_back(std::move(name));
  return names;
}

class Reader {
 public:
  Reader(const SourceText& source, const LibertyGroup& root, Library& library)
      : root_(root), library_(library), source_(source) {}

  void read() {
    library_.name = root_.arguments.empty() ? "" : std::string(root_.arguments.front());
    units();
    conditions();
    for (const LibertyGroup& group : root_.groups) {
      if (group.name == "lu_table_template" || group.name == "power_lut_template") read_template(group);
      if (group.name == "wire_load") read_wire_load(group);
    }
    library_.default_wire_load = std::string(root_.text("default_wire_load"));
    if (const LibertyAttribute* none = root_.find("default_wire_load");
        none && !library_.find_wire_load(library_.default_wire_load))
      source_.fail(DiagnosticCode::unknown_choice, none->offset,
                   "default_wire_load names '" + library_.default_wire_load + "', which is no wire_load group");
    for (const LibertyGroup& group : root_.groups)
      if (group.name == "cell") library_.cells.push_back(read_cell(group));
  }

 private:
  [[noreturn]] void bad_number(std::string_view text) const {
    source_.fail(DiagnosticCode::bad_number, source_.offset_of(text),
                 "'" + std::string(text) + "' is not a finite number");
  }
  double number(std::string_view text) const {
    text = trimmed(text);
    std::string_view digits = text;
    if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) bad_number(text);
    return value;
  }
  std::optional<double> attribute_number(const LibertyGroup& group, std::string_view name) const {
    const LibertyAttribute* attribute = group.find(name);
    if (!attribute) return {};
    if (attribute->values.size() != 1)
      source_.fail(DiagnosticCode::wrong_type, attribute->offset, std::string(name) + " takes one number");
    return number(attribute->values.front());
  }
  std::vector<double> numbers(const LibertyAttribute& attribute) const {
    std::vector<double> values;
    for (std::string_view text : attribute.values) {
      std::size_t start = 0;
      while (start < text.size()) {
        const std::size_t end = std::min(text.find_first_of(", \t\r\n\\", start), text.size());
        if (end > start) values.push_back(number(text.substr(start, end - start)));
        start = end + 1;
      }
    }
    return values;
  }

  /// "1ns", "10ps", "100pW": a number, a prefix, a unit.
  double unit(std::string_view attribute, std::string_view symbol, double otherwise) const {
    const LibertyAttribute* found = root_.find(attribute);
    if (!found) return otherwise;
    const std::string_view text = trimmed(found->values.front());
    double value = 1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view rest =
        error == std::errc() ? text.substr(static_cast<std::size_t>(end - text.data())) : text;
    return value * scale(trimmed(rest), symbol, found->offset, attribute);
  }
  double scale(std::string_view text, std::string_view symbol, std::size_t offset, std::string_view attribute) const {
    const auto same = [](std::string_view a, std::string_view b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
      });
    };
    if (text.size() >= symbol.size() && same(text.substr(text.size() - symbol.size()), symbol)) {
      const std::string_view prefix = text.substr(0, text.size() - symbol.size());
      if (prefix.empty()) return 1;
      if (prefix.size() == 1) {
        // capitals too, as in "PF"; M, which might be mega, is none
        switch (prefix.front() == 'M' ? 'M' : std::tolower(static_cast<unsigned char>(prefix.front()))) {
          case 'f':
            return 1e-15;
          case 'p':
            return 1e-12;
          case 'n':
            return 1e-9;
          case 'u':
            return 1e-6;
          case 'm':
            return 1e-3;
          case 'k':
            return 1e3;
          default:
            break;
        }
      }
    }
    source_.fail(DiagnosticCode::wrong_unit, offset,
                 std::string(attribute) + ": '" + std::string(text) + "' is no unit of this kind",
                 "expected a prefix of f p n u m k and '" + std::string(symbol) + "'");
  }

  void units() {
    library_.time_unit_s = unit("time_unit", "s", 1e-9);
    library_.voltage_unit_v = unit("voltage_unit", "V", 1);
    library_.leakage_unit_w = unit("leakage_power_unit", "W", 1e-9);
    if (const LibertyAttribute* load = root_.find("capacitive_load_unit")) {
      if (load->values.size() != 2)
        source_.fail(DiagnosticCode::wrong_type, load->offset, "capacitive_load_unit takes a number and a unit");
      library_.capacitance_unit_f =
          number(load->values[0]) * scale(trimmed(load->values[1]), "f", load->offset, "capacitive_load_unit");
    }
    for (double u :
         {library_.time_unit_s, library_.voltage_unit_v, library_.leakage_unit_w, library_.capacitance_unit_f})
      if (!(u > 0)) source_.fail(DiagnosticCode::out_of_range, root_.offset, "the units of a library are above 0");
    energy_unit_j_ = library_.capacitance_unit_f * library_.voltage_unit_v * library_.voltage_unit_v;
  }

  void conditions() {
    std::optional<double> voltage = attribute_number(root_, "nom_voltage");
    library_.temperature_c = attribute_number(root_, "nom_temperature").value_or(25);
    const std::string_view chosen = root_.text("default_operating_conditions");
    for (const LibertyGroup& group : root_.groups) {
      if (group.name != "operating_conditions" || group.arguments.empty() || group.arguments.front() != chosen)
        continue;
      if (const auto own = attribute_number(group, "voltage")) voltage = own;
      library_.temperature_c = attribute_number(group, "temperature").value_or(library_.temperature_c);
    }
    if (!voltage)
      source_.fail(DiagnosticCode::missing_key, root_.offset, "the library gives no supply voltage",
                   "it stands in nom_voltage or in the default operating conditions");
    library_.voltage_v = *voltage * library_.voltage_unit_v;
    if (!(library_.voltage_v > 0))
      source_.fail(DiagnosticCode::out_of_range, root_.offset, "the supply voltage of the library is not above 0");
  }

  void read_template(const LibertyGroup& group) {
    if (group.arguments.empty()) source_.fail(DiagnosticCode::file_format, group.offset, "this template has no name");
    Template& made = templates_[std::string(group.arguments.front())];
    made = {};
    for (int i = 0; i < 3; ++i) {
      const std::string_view variable = group.text("variable_" + std::to_string(i + 1));
      if (variable.empty()) continue;
      if (i == 2) {
        made.unsupported = "a table over three variables";
      } else if (variable == "total_output_net_capacitance") {
        made.axes[i] = LookupTable::Axis::load;
      } else if (variable == "input_net_transition" || variable == "input_transition_time") {
        made.axes[i] = LookupTable::Axis::slew;
      } else {
        made.unsupported = "a table over '" + std::string(variable) + "'";
      }
      if (const LibertyAttribute* index = group.find("index_" + std::to_string(i + 1)); index && i < 2)
        made.points[i] = numbers(*index);
    }
  }

  void read_wire_load(const LibertyGroup& group) {
    WireLoad wire;
    wire.name = group.arguments.empty() ? "" : std::string(group.arguments.front());
    wire.capacitance_f_per_length = attribute_number(group, "capacitance").value_or(0) * library_.capacitance_unit_f;
    wire.slope = attribute_number(group, "slope").value_or(0);
    for (const LibertyAttribute& attribute : group.attributes) {
      if (attribute.name != "fanout_length") continue;
      if (attribute.values.size() < 2)
        source_.fail(DiagnosticCode::wrong_type, attribute.offset,
                     "fanout_length takes a number of loads and a length");
      const double fanout = number(attribute.values[0]);
      if (!(fanout >= 1 && fanout <= 1e6 && fanout == std::floor(fanout)))
        source_.fail(DiagnosticCode::out_of_range, attribute.offset, "the number of loads is whole, at least 1");
      wire.length_by_fanout.emplace_back(static_cast<unsigned>(fanout), number(attribute.values[1]));
    }
    std::sort(wire.length_by_fanout.begin(), wire.length_by_fanout.end());
    library_.wire_loads.push_back(std::move(wire));
  }

  LookupTable table(const LibertyGroup& group, double unit) {
    const LibertyAttribute* values = group.find("values");
    if (!values)
      source_.fail(DiagnosticCode::missing_key, group.offset,
                   "this " + std::string(group.name) + " table has no values");
    std::vector<double> entries = numbers(*values);
    for (double& entry : entries) entry *= unit;
    const std::string name = group.arguments.empty() ? "scalar" : std::string(group.arguments.front());
    std::array<LookupTable::Axis, 2> axes{LookupTable::Axis::none, LookupTable::Axis::none};
    std::array<std::vector<double>, 2> points;
    std::size_t expected = 1;
    if (name != "scalar") {
      const auto found = templates_.find(name);
      if (found == templates_.end())
        source_.fail(DiagnosticCode::unknown_choice, group.offset, "there is no template '" + name + "'");
      if (!found->second.unsupported.empty()) {
        unsupported_ = found->second.unsupported;
        return LookupTable::constant(0);
      }
      axes = found->second.axes;
      for (std::size_t i = 0; i < 2; ++i) {
        if (axes[i] == LookupTable::Axis::none) continue;
        const LibertyAttribute* index = group.find("index_" + std::to_string(i + 1));
        points[i] = index ? numbers(*index) : found->second.points[i];
        const std::size_t at = index ? index->offset : group.offset;
        if (points[i].empty()) source_.fail(DiagnosticCode::missing_key, at, "this table has an axis without points");
        for (std::size_t k = 1; k < points[i].size(); ++k)
          if (!(points[i][k] > points[i][k - 1]))
            source_.fail(DiagnosticCode::out_of_range, at, "the points of a table's axis must rise");
        const double scale = axes[i] == LookupTable::Axis::load ? library_.capacitance_unit_f : library_.time_unit_s;
        for (double& point : points[i]) point *= scale;
        expected *= points[i].size();
      }
    }
    if (entries.size() != expected)
      source_.fail(DiagnosticCode::shape_mismatch, values->offset,
                   "this table has " + std::to_string(entries.size()) + " values where its axes ask for " +
                       std::to_string(expected));
    return LookupTable(axes, std::move(points), std::move(entries));
  }

  BooleanFunction function(std::string_view text) const {
    BooleanFunction::Parsed parsed = BooleanFunction::parse(text);
    if (!parsed.error.empty())
      source_.fail(DiagnosticCode::file_format, source_.offset_of(text) + parsed.error_offset,
                   "in the function \"" + std::string(text) + "\": " + parsed.error);
    return std::move(parsed.function);
  }
  std::optional<BooleanFunction> optional_function(const LibertyGroup& group, std::string_view attribute) const {
    if (!group.find(attribute)) return {};
    return function(group.text(attribute));
  }

  TimingArc timing(const LibertyGroup& group) {
    TimingArc arc;
    arc.related_pins = split_names(group.text("related_pin"));
    const std::string_view sense = group.text("timing_sense"), kind = group.text("timing_type");
    arc.sense = sense == "positive_unate"   ? TimingArc::Sense::positive
                : sense == "negative_unate" ? TimingArc::Sense::negative
                                            : TimingArc::Sense::both;
    arc.kind = kind.empty() || kind.substr(0, 13) == "combinational" ? TimingArc::Kind::combinational
               : kind == "rising_edge"                               ? TimingArc::Kind::rising_edge
               : kind == "falling_edge"                              ? TimingArc::Kind::falling_edge
                                                                     : TimingArc::Kind::other;
    if (arc.kind == TimingArc::Kind::other) return arc;
    for (const LibertyGroup& inner : group.groups) {
      if (inner.name == "rise_transition") arc.transition_s[0] = table(inner, library_.time_unit_s);
      if (inner.name == "fall_transition") arc.transition_s[1] = table(inner, library_.time_unit_s);
    }
    return arc;
  }

  InternalPower internal_power(const LibertyGroup& group) {
    InternalPower power;
    power.related_pins = split_names(group.text("related_pin"));
    power.supply = std::string(group.text("related_pg_pin"));
    power.when = optional_function(group, "when");
    for (const LibertyGroup& inner : group.groups) {
      if (inner.name == "rise_power" || inner.name == "power") power.energy_j[0] = table(inner, energy_unit_j_);
      if (inner.name == "fall_power" || inner.name == "power") power.energy_j[1] = table(inner, energy_unit_j_);
    }
    return power;
  }

  void read_pins(const LibertyGroup& group, LibraryCell& cell) {
    LibraryPin pin;
    const std::string_view direction = group.text("direction");
    if (direction == "input" || direction == "output" || direction == "internal" || direction == "inout") {
      pin.direction = direction == "input"      ? LibraryPin::Direction::input
                      : direction == "output"   ? LibraryPin::Direction::output
                      : direction == "internal" ? LibraryPin::Direction::internal
                                                : LibraryPin::Direction::inout;
    } else {
      source_.fail(direction.empty() ? DiagnosticCode::missing_key : DiagnosticCode::unknown_choice, group.offset,
                   direction.empty() ? "this pin has no direction"
                                     : "the direction of a pin is input, output, inout or internal, not '" +
                                           std::string(direction) + "'");
    }
    const double otherwise =
        attribute_number(
            root_, pin.direction == LibraryPin::Direction::input ? "default_input_pin_cap" : "default_output_pin_cap")
            .value_or(0);
    const double both = attribute_number(group, "capacitance").value_or(otherwise);
    pin.capacitance_f = {attribute_number(group, "rise_capacitance").value_or(both) * library_.capacitance_unit_f,
                         attribute_number(group, "fall_capacitance").value_or(both) * library_.capacitance_unit_f};
    pin.function = optional_function(group, "function");
    pin.three_state = group.find("three_state") != nullptr;
    for (const LibertyGroup& inner : group.groups) {
      if (inner.name == "timing" && pin.direction == LibraryPin::Direction::output) pin.timing.push_back(timing(inner));
      if (inner.name == "internal_power") pin.internal_power.push_back(internal_power(inner));
    }
    if (group.arguments.empty()) source_.fail(DiagnosticCode::file_format, group.offset, "this pin has no name");
    for (std::string_view names : group.arguments) {
      for (std::string& name : split_names(names)) {
        if (cell.find(name))
          source_.fail(DiagnosticCode::duplicate_key, group.offset,
                       "pin " + name + " of cell " + cell.name + " stands twice");
        pin.name = std::move(name);
        cell.pins.push_back(pin);
      }
    }
  }

  FlipFlop flip_flop(const LibertyGroup& group) const {
    FlipFlop ff;
    std::vector<std::string> names;
    for (std::string_view argument : group.arguments)
      for (std::string& name : split_names(argument)) names.push_back(std::move(name));
    if (!names.empty()) ff.state = names[0];
    if (names.size() > 1) ff.inverse_state = names[1];
    for (const char* needed : {"clocked_on", "next_state"})
      if (!group.find(needed))
        source_.fail(DiagnosticCode::missing_key, group.offset, std::string("this ff group has no ") + needed);
    ff.clocked_on = function(group.text("clocked_on"));
    ff.next_state = function(group.text("next_state"));
    ff.clear = optional_function(group, "clear");
    ff.preset = optional_function(group, "preset");
    const std::string_view both = group.text("clear_preset_var1");
    ff.both = both == "L" ? '0' : both == "H" ? '1' : 'x';
    return ff;
  }

  LibraryCell read_cell(const LibertyGroup& group) {
    if (group.arguments.empty()) source_.fail(DiagnosticCode::file_format, group.offset, "this cell has no name");
    LibraryCell cell;
    cell.name = std::string(group.arguments.front());
    cell.where = source_.locate(group.offset);
    if (!library_.index_cell(cell.name, library_.cells.size()))
      source_.fail(DiagnosticCode::duplicate_key, group.offset, "cell " + cell.name + " stands twice");
    unsupported_.clear();
    cell.area = attribute_number(group, "area").value_or(0);
    const std::optional<double> own = attribute_number(group, "cell_leakage_power");
    cell.has_cell_leakage = own.has_value();
    cell.leakage_w =
        own.value_or(attribute_number(root_, "default_cell_leakage_power").value_or(0)) * library_.leakage_unit_w;
    for (const LibertyGroup& inner : group.groups) {
      if (inner.name == "pin") {
        read_pins(inner, cell);
      } else if (inner.name == "ff") {
        cell.flip_flops.push_back(flip_flop(inner));
        if (inner.find("clocked_on_also")) unsupported_ = "a flip-flop of two clocks (clocked_on_also)";
      } else if (inner.name == "leakage_power") {
        const std::optional<double> watt = attribute_number(inner, "value");
        if (!watt) source_.fail(DiagnosticCode::missing_key, inner.offset, "this leakage_power group has no value");
        cell.leakage.push_back({std::string(inner.text("related_pg_pin")), optional_function(inner, "when"),
                                *watt * library_.leakage_unit_w});
      } else if (inner.name == "latch" || inner.name == "latch_bank") {
        unsupported_ = "a latch";
      } else if (inner.name == "statetable" || inner.name == "memory" || inner.name == "ff_bank" ||
                 inner.name == "bus" || inner.name == "bundle") {
        unsupported_ = "a cell with a " + std::string(inner.name) + " group";
      }
    }
    for (const LibraryPin& pin : cell.pins) {
      if (!unsupported_.empty()) break;
      if (pin.three_state) unsupported_ = "a three-state cell (output " + pin.name + ")";
      else if (pin.direction == LibraryPin::Direction::inout)
        unsupported_ = "a cell with the bidirectional pin " + pin.name;
      else if (pin.direction == LibraryPin::Direction::output && !pin.function)
        unsupported_ = "a cell whose output " + pin.name + " has no function";
    }
    cell.unsupported = unsupported_;
    return cell;
  }

  const LibertyGroup& root_;
  Library& library_;
  const SourceText& source_;
  std::map<std::string, Template> templates_;
  double energy_unit_j_ = 1e-12;
  std::string unsupported_;  ///< of the cell being read
};

}  // namespace

const LibraryPin* LibraryCell::find(std::string_view pin) const {
  for (const LibraryPin& candidate : pins)
    if (candidate.name == pin) return &candidate;
  return nullptr;
}

const LibraryCell* Library::find(std::string_view cell) const {
  const auto found = index_.find(cell);
  return found == index_.end() ? nullptr : &cells[found->second];
}

bool Library::index_cell(const std::string& cell, std::size_t position) {
  return index_.emplace(cell, position).second;
}

const WireLoad* Library::find_wire_load(std::string_view wire_load) const {
  for (const WireLoad& candidate : wire_loads)
    if (candidate.name == wire_load) return &candidate;
  return nullptr;
}

std::vector<std::string> Library::cell_names() const {
  std::vector<std::string> names;
  for (const LibraryCell& cell : cells) names.push_back(cell.name);
  return names;
}

double WireLoad::capacitance_f(std::size_t fanout) const {
  if (fanout == 0) return 0;
  double length = slope * static_cast<double>(fanout);
  if (!length_by_fanout.empty()) {
    const auto after = std::find_if(length_by_fanout.begin(), length_by_fanout.end(),
                                    [&](const auto& entry) { return entry.first >= fanout; });
    if (after == length_by_fanout.end()) {
      const auto& [most, longest] = length_by_fanout.back();
      length = longest + slope * static_cast<double>(fanout - most);
    } else if (after->first == fanout || after == length_by_fanout.begin()) {
      length = after->second;
    } else {
      const auto& [low, low_length] = *(after - 1);
      const double share = double(fanout - low) / double(after->first - low);
      length = low_length + share * (after->second - low_length);
    }
  }
  return length * capacitance_f_per_length;
}

Library parse_liberty(const SourceText& source) {
  Library library;
  library.file = source.file;
  const LibertyGroup root = parse_liberty_syntax(source);
  Reader(source, root, library).read();
  return library;
}

Library read_liberty(const std::string& path) { return parse_liberty(read_source(path, kMostBytes)); }

}  // namespace szilard::gate_level
