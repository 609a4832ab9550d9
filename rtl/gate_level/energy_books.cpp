// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/energy_books.hpp"

#include <cmath>
#include <map>

#include "models/support/units.hpp"
#include "rtl/gate_level/opensta_rule.hpp"
#include "rtl/gate_level/slews.hpp"

namespace szilard::gate_level {
namespace {

using energy::Int128;
using energy::Quanta;
using support::DiagnosticCode;
using support::InputError;

/// A clock net rises and falls once a cycle.
constexpr double kClockToggles = 2;

double mean_energy_j(const InternalPower& power, std::array<double, 2> slews_s, double load_f) {
  return 0.5 * (power.energy_j[0].at(slews_s[0], load_f) + power.energy_j[1].at(slews_s[1], load_f));
}

bool positive_unate(const LibraryPin& output, const std::string& from) {
  for (const TimingArc& arc : output.timing)
    if (std::find(arc.related_pins.begin(), arc.related_pins.end(), from) != arc.related_pins.end())
      return arc.sense != TimingArc::Sense::negative;
  return true;
}

/// Both values of one input in a function's truth table, for every setting of the others: whether they differ.
std::vector<bool> sensitive(const std::vector<bool>& table, std::size_t input) {
  std::vector<bool> differs(table.size());
  for (std::size_t row = 0; row < table.size(); ++row)
    differs[row] = table[row] != table[row ^ (std::size_t{1} << input)];
  return differs;
}

/// joules as a whole number of quanta.
std::int64_t counted(double joules, double quantum_j) { return std::llround(joules / quantum_j); }

Quanta times(std::int64_t quanta, std::uint64_t count) { return Quanta{Int128{quanta} * static_cast<Int128>(count)}; }

}  // namespace

EnergyParts& EnergyParts::operator+=(const EnergyParts& other) {
  switching += other.switching;
  internal += other.internal;
  clock += other.clock;
  leakage += other.leakage;
  wire += other.wire;
  return *this;
}

EnergyEvaluator::EnergyEvaluator(const Netlist& netlist, const Conditions& conditions)
    : netlist_(netlist), conditions_(conditions) {
  load_nets();
  propagate_slews(netlist_, conditions_, nets_);
  watch_leakage();
}

void EnergyEvaluator::load_nets() {
  const Library& library = *netlist_.library;
  const std::string name = conditions_.wire_load.empty() ? library.default_wire_load : conditions_.wire_load;
  const WireLoad* wires = library.find_wire_load(name);
  if (!conditions_.wire_load.empty() && !wires)
    throw InputError(DiagnosticCode::unknown_choice, {library.file, 1, 1},
                     "library " + library.name + " has no wire_load '" + conditions_.wire_load + "'");
  nets_.resize(netlist_.nets.size());
  for (NetId n = 2; n < nets_.size(); ++n) {
    const Net& net = netlist_.nets[n];
    NetCondition& condition = nets_[n];
    for (const PinRef& load : net.loads)
      for (std::size_t edge = 0; edge < 2; ++edge)
        condition.pin_f[edge] += netlist_.cells[load.cell].cell->pins[load.pin].capacitance_f[edge];
    if (net.driver)
      for (std::size_t edge = 0; edge < 2; ++edge)
        condition.pin_f[edge] += netlist_.cells[net.driver->cell].cell->pins[net.driver->pin].capacitance_f[edge];
    std::size_t fanout = net.loads.size();
    if (net.to_output_port) {
      ++fanout;
      for (double& load : condition.pin_f) load += conditions_.output_load_f;
    }
    if (conditions_.wire_f_per_load) condition.wire_f = *conditions_.wire_f_per_load * static_cast<double>(fanout);
    else if (wires) condition.wire_f = wires->capacitance_f(fanout);
    if (conditions_.net_fanout > 0 && !net.clock && fanout > conditions_.net_fanout) {
      condition.buffers =
          std::make_shared<const BufferTree>(library, conditions_.net_buffer, "the buffers of nets", fanout,
                                             condition.load_f(), conditions_.net_fanout, conditions_.net_fanout);
      buffers_leakage_w_ += condition.buffers->leakage_w();
    }
  }
}

std::optional<BufferTree> EnergyEvaluator::clock_tree() const {
  if (conditions_.clock_fanout == 0 || netlist_.clock == kNoNet) return {};
  std::size_t loads = 0;
  double pins_f = 0;
  for (NetId n = 2; n < nets_.size(); ++n) {
    if (!netlist_.nets[n].clock) continue;
    loads += netlist_.nets[n].loads.size();
    pins_f += std::max(nets_[n].pin_f[0], nets_[n].pin_f[1]);
  }
  return BufferTree(*netlist_.library, conditions_.clock_buffer, "the clock tree", loads, pins_f,
                    conditions_.clock_fanout, 1);
}

std::size_t EnergyEvaluator::clock_buffers() const {
  const std::optional<BufferTree> tree = clock_tree();
  return tree ? tree->buffers() : 0;
}

std::size_t EnergyEvaluator::net_buffers() const {
  std::size_t sum = 0;
  for (const NetCondition& net : nets_)
    if (net.buffers) sum += net.buffers->buffers();
  return sum;
}

std::string EnergyEvaluator::wire_estimate() const {
  if (conditions_.wire_f_per_load)
    return support::engineering(*conditions_.wire_f_per_load, "F") + " per load, as stated";
  const std::string& name = conditions_.wire_load.empty() ? netlist_.library->default_wire_load : conditions_.wire_load;
  return name.empty() ? "none: the library has no wire_load and none was stated"
                      : "wire_load " + name + " of the library";
}

void EnergyEvaluator::watch_leakage() {
  for (std::uint32_t c = 0; c < netlist_.cells.size(); ++c) {
    const LibraryCell& cell = *netlist_.cells[c].cell;
    double unconditional = 0;
    bool has_unconditional = false;
    std::vector<std::pair<const BooleanFunction*, double>> states;
    for (const LeakagePower& leakage : cell.leakage) {
      if (!leakage.when) {
        unconditional += leakage.watt;
        has_unconditional = true;
        continue;
      }
      const auto same = std::find_if(states.begin(), states.end(), [&](const auto& state) {
        return state.first->steps() == leakage.when->steps() && state.first->inputs() == leakage.when->inputs();
      });
      if (same != states.end()) same->second += leakage.watt;
      else states.emplace_back(&*leakage.when, leakage.watt);
    }
    const double base = cell.has_cell_leakage || !has_unconditional ? cell.leakage_w : unconditional;
    base_leakage_w_.push_back(base);
    for (const auto& [when, watt] : states) {
      probes_.push_back({c, *when});
      leakage_states_.push_back({c, watt - base});
    }
  }
}

double EnergyEvaluator::density(NetId net, const Activity& activity) const {
  if (net == kNoNet || net <= kOne || activity.cycles == 0) return 0;
  if (netlist_.nets[net].clock) return kClockToggles;
  return static_cast<double>(activity.toggles[net]) / static_cast<double>(activity.cycles);
}

namespace {

double duty(const Netlist& netlist, NetId net, const Activity& activity) {
  if (net == kOne) return 1;
  if (net == kZero) return 0;
  if (net == kNoNet || netlist.nets[net].clock) return 0.5;
  const std::uint64_t known = activity.cycles - activity.unknowns[net];
  return known == 0 ? 0.5 : static_cast<double>(activity.ones[net]) / static_cast<double>(known);
}

NetId net_of(const Instance& instance, const std::string& pin) {
  for (std::size_t p = 0; p < instance.nets.size(); ++p)
    if (instance.cell->pins[p].name == pin) return instance.nets[p];
  throw InputError(DiagnosticCode::unsupported_operator, instance.cell->where,
                   "a condition of cell " + instance.cell->name + " reads " + pin + ", which is no pin of it");
}

double probability_of(const Netlist& netlist, const Instance& instance, const BooleanFunction& function,
                      const std::vector<bool>& table, const Activity& activity) {
  std::vector<double> duties;
  for (const std::string& name : function.inputs()) duties.push_back(duty(netlist, net_of(instance, name), activity));
  double sum = 0;
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (!table[row]) continue;
    double product = 1;
    for (std::size_t i = 0; i < duties.size(); ++i) product *= row >> i & 1 ? duties[i] : 1 - duties[i];
    sum += product;
  }
  return sum;
}

}  // namespace

double EnergyEvaluator::probability(const Instance& instance, const BooleanFunction& function,
                                    const Activity& activity) const {
  return probability_of(netlist_, instance, function, function.truth_table(), activity);
}

std::optional<double> EnergyEvaluator::operand_weight(const Instance& instance, const LibraryPin& output,
                                                      const std::string& pin, const Activity& activity) const {
  const NetId net = net_of(instance, pin);
  if (net != kNoNet && net > kOne && netlist_.nets[net].clock) return {};
  return outermost_operand_weight(*output.function, pin, [&](const std::string& name) {
    return instance.cell->find(name) ? duty(netlist_, net_of(instance, name), activity) : 0.5;
  });
}

double EnergyEvaluator::output_energy_j(const Instance& instance, std::size_t pin, const Activity& activity) const {
  const LibraryPin& output = instance.cell->pins[pin];
  const double load_f = nets_[instance.nets[pin]].load_f();
  const bool mean = conditions_.rule == AveragingRule::mean;
  struct Sum {
    double weight = 0, weighted_j = 0, plain_j = 0;
    int groups = 0;
  };
  std::map<std::string, Sum> by_supply;
  double alone_j = 0;
  for (const InternalPower& power : output.internal_power) {
    const double when = power.when ? probability(instance, *power.when, activity) : 1;
    if (power.related_pins.empty()) alone_j += when * mean_energy_j(power, {0, 0}, load_f);
    for (const std::string& name : power.related_pins) {
      const NetId from = net_of(instance, name);
      const bool wired = from != kNoNet && from > kOne, clock = wired && netlist_.nets[from].clock;
      std::array<double, 2> slews = wired ? nets_[from].slew_s : std::array<double, 2>{};
      if (!mean) {
        if (!operand_weight(instance, output, name, activity))
          alone_j += (clock ? 2 : 1) * mean_energy_j(power, slews, load_f);
        continue;
      }
      if (!positive_unate(output, name)) std::swap(slews[0], slews[1]);
      const double energy_j = mean_energy_j(power, slews, load_f);
      const BooleanFunction& function = *output.function;
      const auto input = std::find(function.inputs().begin(), function.inputs().end(), name);
      double depends = clock ? 1 : 0.5;
      if (input != function.inputs().end())
        depends = probability_of(
            netlist_, instance, function,
            sensitive(function.truth_table(), static_cast<std::size_t>(input - function.inputs().begin())), activity);
      Sum& sum = by_supply[power.supply];
      const double weight = density(from, activity) * depends * when;
      sum.weight += weight;
      sum.weighted_j += weight * energy_j;
      sum.plain_j += energy_j;
      ++sum.groups;
    }
  }
  double energy_j = alone_j;
  for (const auto& [supply, sum] : by_supply)
    energy_j += sum.weight > 0 ? sum.weighted_j / sum.weight : sum.plain_j / sum.groups;
  return energy_j;
}

double EnergyEvaluator::input_energy_j(const Instance& instance, std::size_t pin, const Activity& activity) const {
  const LibraryPin& input = instance.cell->pins[pin];
  const NetId net = instance.nets[pin];
  const bool mean = conditions_.rule == AveragingRule::mean;
  double energy_j = 0;
  for (const InternalPower& power : input.internal_power) {
    const double when = power.when ? probability(instance, *power.when, activity) : 1;
    energy_j += when * (!mean && netlist_.nets[net].clock ? 2 : 1) * mean_energy_j(power, nets_[net].slew_s, 0);
  }
  if (mean) return energy_j;
  for (std::size_t p = 0; p < instance.cell->pins.size(); ++p) {
    const LibraryPin& output = instance.cell->pins[p];
    if (output.direction != LibraryPin::Direction::output || instance.nets[p] == kNoNet) continue;
    if (activity.toggles.at(instance.nets[p]) == 0) continue;
    for (const InternalPower& power : output.internal_power)
      if (std::find(power.related_pins.begin(), power.related_pins.end(), input.name) != power.related_pins.end())
        energy_j += 2 * operand_weight(instance, output, input.name, activity).value_or(0) *
                    mean_energy_j(power, nets_[net].slew_s, nets_[instance.nets[p]].load_f());
  }
  return energy_j;
}

namespace {

/// Joules of each kind of event before they are counted in quanta.
struct EventJoules {
  std::vector<double> switching, wire, output, input;  ///< by net, by net, by net, by (net, load) in order
  std::vector<double> clock_by_cell, leakage_by_cell, probe;
  double clock_net = 0, clock_wire = 0;
};

}  // namespace

EnergyBooks EnergyEvaluator::evaluate(const Activity& activity) const {
  const double v = netlist_.library->voltage_v, half_v2 = 0.5 * v * v;
  EventJoules joules;
  joules.switching.assign(nets_.size(), 0);
  joules.wire = joules.output = joules.switching;
  joules.clock_by_cell.assign(netlist_.cells.size(), 0);
  for (NetId n = 2; n < nets_.size(); ++n) {
    const Net& net = netlist_.nets[n];
    const double toggles = net.clock ? kClockToggles : 1;
    double& pin_j = net.clock && net.driver ? joules.clock_by_cell[net.driver->cell]
                    : net.clock             ? joules.clock_net
                                            : joules.switching[n];
    pin_j += toggles * half_v2 * nets_[n].charged_f();
    (net.clock ? joules.clock_wire : joules.wire[n]) += toggles * half_v2 * nets_[n].wire_f;
    joules.output[n] += nets_[n].buffers_j;
    if (net.driver) {
      const double output_j = toggles * output_energy_j(netlist_.cells[net.driver->cell], net.driver->pin, activity);
      (net.clock ? joules.clock_by_cell[net.driver->cell] : joules.output[n]) += output_j;
    }
    for (const PinRef& load : net.loads) {
      const double input_j = toggles * input_energy_j(netlist_.cells[load.cell], load.pin, activity);
      if (net.clock) joules.clock_by_cell[load.cell] += input_j;
      else joules.input.push_back(input_j);
    }
  }
  double tree_j = 0, modelled_leakage_w = buffers_leakage_w_;
  if (const std::optional<BufferTree> tree = clock_tree()) {
    tree->pass({conditions_.clock_slew_s, conditions_.clock_slew_s}, tree_j);
    tree_j = kClockToggles * (tree_j + half_v2 * tree->inputs_f());
    modelled_leakage_w += tree->leakage_w();
  }
  for (double watt : base_leakage_w_) joules.leakage_by_cell.push_back(watt * conditions_.period_s);
  for (const LeakageState& state : leakage_states_) joules.probe.push_back(state.watt * conditions_.period_s);

  double most_j = std::abs(joules.clock_net) + std::abs(joules.clock_wire) + std::abs(tree_j) +
                  modelled_leakage_w * conditions_.period_s;
  for (const std::vector<double>* list : {&joules.switching, &joules.wire, &joules.output, &joules.input,
                                          &joules.clock_by_cell, &joules.leakage_by_cell, &joules.probe})
    for (double j : *list) most_j += std::abs(j);
  if (!std::isfinite(most_j))
    throw InputError(DiagnosticCode::bad_number, {netlist_.library->file, 1, 1}, "the energy of a cycle is not finite");

  EnergyBooks books;
  int exponent = 0;
  std::frexp(most_j > 0 ? most_j : 1e-15, &exponent);
  books.quantum_j = std::ldexp(1.0, exponent - 55);  // 64 cycles, and every rounding upwards, stay below 2^62 quanta
  const double q = books.quantum_j;
  books.by_cell.resize(netlist_.cells.size());
  books.events.by_toggle.assign(nets_.size(), 0);
  books.internal_by_toggle = books.wire_by_toggle = books.events.by_toggle;
  std::size_t next_input = 0;
  for (NetId n = 2; n < nets_.size(); ++n) {
    const Net& net = netlist_.nets[n];
    if (net.clock) continue;
    EnergyParts& driver = net.driver ? books.by_cell[net.driver->cell] : books.ports;
    const std::int64_t switching = counted(joules.switching[n], q), wire = counted(joules.wire[n], q),
                       output = counted(joules.output[n], q);
    driver.switching += times(switching, activity.toggles[n]);
    if (nets_[n].buffers)
      books.net_buffers +=
          times(counted(nets_[n].buffers_j + half_v2 * nets_[n].buffers->inputs_f(), q), activity.toggles[n]);
    driver.wire += times(wire, activity.toggles[n]);
    driver.internal += times(output, activity.toggles[n]);
    books.events.by_toggle[n] = switching + wire + output;
    books.internal_by_toggle[n] = output;
    books.wire_by_toggle[n] = wire;
    for (const PinRef& load : net.loads) {
      const std::int64_t input = counted(joules.input[next_input++], q);
      books.by_cell[load.cell].internal += times(input, activity.toggles[n]);
      books.events.by_toggle[n] += input;
      books.internal_by_toggle[n] += input;
    }
  }
  for (std::size_t c = 0; c < books.by_cell.size(); ++c) {
    const std::int64_t clock = counted(joules.clock_by_cell[c], q), leakage = counted(joules.leakage_by_cell[c], q);
    books.by_cell[c].clock += times(clock, activity.cycles);
    books.by_cell[c].leakage += times(leakage, activity.cycles);
    books.clock_every_cycle += clock;
    books.leakage_every_cycle += leakage;
  }
  for (std::size_t p = 0; p < probes_.size(); ++p) {
    const std::int64_t state = counted(joules.probe[p], q);
    books.by_cell[leakage_states_[p].cell].leakage += times(state, activity.probe_ones.at(p));
    books.events.by_probe.push_back(state);
  }
  const std::int64_t clock_net = counted(joules.clock_net, q), clock_wire = counted(joules.clock_wire, q),
                     tree_q = counted(tree_j, q), tree_leakage = counted(modelled_leakage_w * conditions_.period_s, q);
  books.ports.clock += times(clock_net + tree_q, activity.cycles);
  books.ports.wire += times(clock_wire, activity.cycles);
  books.ports.leakage += times(tree_leakage, activity.cycles);
  books.clock_tree = times(tree_q, activity.cycles);
  books.clock_every_cycle += clock_net + tree_q;
  books.leakage_every_cycle += tree_leakage;
  books.every_cycle = books.clock_every_cycle + books.leakage_every_cycle + clock_wire;
  books.total = books.ports;
  for (const EnergyParts& cell : books.by_cell) books.total += cell;
  return books;
}

}  // namespace szilard::gate_level
