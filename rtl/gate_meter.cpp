// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_meter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "models/support/data_folder.hpp"
#include "rtl/baseline.hpp"
#include "rtl/gate_level/energy_books.hpp"
#include "rtl/gate_level/glitches.hpp"
#include "rtl/gate_level/landauer.hpp"
#include "rtl/gate_level/netlist.hpp"
#include "rtl/gate_level/simulator.hpp"
#include "rtl/packed_events.hpp"
#include "rtl/sampling.hpp"
#include "rtl/signal_rows.hpp"

namespace szilard::rtl {
namespace {

using gate_level::NetId;

constexpr std::size_t kLanes = 64, kLeastWindow = 16, kMostWindow = 256;

/// What makes a netlist of the build's.
std::string remedy(const std::string& stem) { return "cmake --build build/release --target netlist_" + stem; }

[[noreturn]] void is_not_of_this_rtl(const std::string& file, const std::string& why) {
  throw support::InputError(support::DiagnosticCode::unsupported_version, {file, 1, 1},
                            "this netlist was not mapped from the RTL that runs: " + why,
                            "make it anew: " + remedy(std::filesystem::path(file).stem().string()));
}

void add(gate_level::Activity& sum, const gate_level::Activity& other) {
  if (sum.toggles.empty()) {
    sum = other;
    return;
  }
  sum.cycles += other.cycles;
  const auto merge = [](std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  };
  merge(sum.toggles, other.toggles);
  merge(sum.ones, other.ones);
  merge(sum.unknowns, other.unknowns);
  merge(sum.probe_ones, other.probe_ones);
  merge(sum.probe_unknowns, other.probe_unknowns);
}

/// The energy that `cycles` cycles take where `all` took this.
GateEnergy share_of(const GateEnergy& all, std::uint64_t cycles) {
  GateEnergy part;
  part.cycles = cycles;
  const double ratio = static_cast<double>(cycles) / static_cast<double>(all.cycles);
  part.switching_j = all.switching_j * ratio;
  part.internal_j = all.internal_j * ratio;
  part.wire_j = all.wire_j * ratio;
  part.clock_j = all.clock_j * ratio;
  part.leakage_j = all.leakage_j * ratio;
  return part;
}

}  // namespace

GateEnergy& GateEnergy::operator+=(const GateEnergy& other) {
  cycles += other.cycles;
  switching_j += other.switching_j;
  internal_j += other.internal_j;
  wire_j += other.wire_j;
  clock_j += other.clock_j;
  leakage_j += other.leakage_j;
  return *this;
}

struct GateMeter::State {
  GateLevelSettings settings;
  std::size_t layers, batches;
  gate_level::Netlist netlist;
  gate_level::Conditions conditions;
  std::unique_ptr<gate_level::EnergyEvaluator> evaluator;
  std::unique_ptr<gate_level::Simulator> simulator;
  std::string wire_estimate, disagreement;
  std::vector<BitPlace> inputs, outputs, registers;
  std::vector<NetId> watched;
  SignalRows rows;
  struct Tag {
    std::size_t batch;
    std::uint32_t owner, layer;
    std::size_t clock;
  };
  std::vector<std::optional<Tag>> tags;           ///< whose clock each row is; none: no clock of the run
  std::vector<gate_level::RegisterState> states;  ///< in rows 0, window, 2 window, ... and the last
  std::size_t window = kMostWindow, layer = 0;
  bool simulating = true, calibrated = false, starts_here = false, keeps_clocks = false;
  std::vector<bool> chosen;         ///< by batch
  std::vector<Tag> without_before;  ///< first clocks of what is simulated, and all that is not
  std::vector<double> clocks_j;
  double clock_tree_j = 0;  ///< a cycle
  PackedEvents events;
  gate_level::Activity activity;
  std::uint64_t cycles_simulated = 0, joins = 0;
  std::optional<double> gate_bits, register_bits;  ///< a cycle
  double glitch_j = 0;                             ///< a cycle
  double interval_j = 0, weights_difference = 0;
  std::vector<std::vector<std::vector<GateEnergy>>> energies;

  void bind(const SignalLookup& lookup);
  gate_level::RegisterState state_now() const;
  void book(const std::optional<Tag>& tag, std::int64_t packed);
  void count_forgotten(const gate_level::Stimulus& stimulus, std::vector<gate_level::Window> windows);
  void estimate_glitches(const gate_level::Stimulus& stimulus, std::vector<gate_level::Window> windows,
                         const gate_level::EnergyBooks& books);
  void flush();
  void close();
  void compare_weights(double total_j);
};

void GateMeter::State::bind(const SignalLookup& lookup) {
  std::map<NetId, std::string> port_names;
  const auto bit_name = [](const gate_level::Port& port, std::size_t bit) {
    return port.bits.size() == 1 ? port.name : port.name + "[" + std::to_string(bit) + "]";
  };
  for (const gate_level::Port& port : netlist.ports)
    for (std::size_t b = 0; port.input && b < port.bits.size(); ++b) port_names[port.bits[b]] = bit_name(port, b);
  for (NetId net : simulator->inputs()) {
    static const std::uint8_t kNothing = 0;
    auto place = find_bit(port_names.at(net), lookup);
    if (!place && netlist.nets[net].loads.empty()) place = BitPlace{SignalView{&kNothing, 1, 0, 1, 0}, 0, 0, 0};
    if (!place) is_not_of_this_rtl(netlist.file, "RTL has no input '" + port_names.at(net) + "'");
    rows.add(*place);
    inputs.push_back(*place);
  }
  for (const gate_level::Port& port : netlist.ports) {
    if (port.input) continue;
    for (std::size_t b = 0; b < port.bits.size(); ++b) {
      const NetId net = port.bits[b];
      if (net <= gate_level::kOne || net == gate_level::kNoNet || netlist.nets[net].clock) continue;
      auto place = find_bit(bit_name(port, b), lookup);
      if (!place) continue;
      rows.add(*place);
      outputs.push_back(*place);
      watched.push_back(net);
    }
  }
  if (watched.empty()) is_not_of_this_rtl(netlist.file, "RTL has none of its outputs");
  for (const gate_level::Schedule::Register& reg : simulator->schedule().registers) {
    const gate_level::Instance& cell = netlist.cells[reg.cell];
    if (!reg.rising)
      throw support::InputError(support::DiagnosticCode::unsupported_operator, cell.where,
                                "register " + cell.name + " takes the falling edge, which no baseline does");
    std::optional<BitPlace> place;
    std::string tried;
    for (std::size_t p = 0; p < cell.nets.size() && !place; ++p) {
      const gate_level::LibraryPin& pin = cell.cell->pins[p];
      if (pin.direction != gate_level::LibraryPin::Direction::output || cell.nets[p] == gate_level::kNoNet) continue;
      // an output that shows the inverse would need its names inverted: libraries mapped here show the state
      if (!pin.function || !pin.function->is_input() ||
          pin.function->inputs().front() != cell.cell->flip_flops.front().state)
        continue;
      const gate_level::Net& net = netlist.nets[cell.nets[p]];
      std::vector<std::string> names = net.further_names;
      names.insert(names.begin(), net.name);
      for (const std::string& name : names) {
        tried = name;
        if ((place = find_bit(name, lookup))) break;
      }
    }
    if (!place) is_not_of_this_rtl(netlist.file, "RTL has no register '" + (tried.empty() ? cell.name : tried) + "'");
    registers.push_back(*place);
  }
}

gate_level::RegisterState GateMeter::State::state_now() const {
  gate_level::RegisterState state(registers.size());
  for (std::size_t r = 0; r < registers.size(); ++r) state[r] = registers[r].now();
  return state;
}

void GateMeter::State::book(const std::optional<Tag>& tag, std::int64_t packed) {
  if (!tag) return;
  GateEnergy one;
  events.add(one, packed);
  energies.at(tag->batch).at(tag->owner).at(tag->layer) += one;
  if (keeps_clocks) clocks_j.at(tag->clock) = one.total_j();
}

/// Watches every combination of every cell's inputs, which is slow: a short stretch of each window has to do.
void GateMeter::State::count_forgotten(const gate_level::Stimulus& stimulus, std::vector<gate_level::Window> windows) {
  constexpr std::uint64_t kStretch = 32;
  for (gate_level::Window& w : windows) w.end = std::min(w.end, w.first + kStretch);
  const gate_level::LandauerEvaluator landauer(netlist);
  gate_level::Simulator watching(netlist, landauer.probes());
  const gate_level::ErasedBits bits = landauer.evaluate(watching.run_windows(stimulus, windows), true);
  if (bits.samples == 0) return;
  if (bits.gate) gate_bits = *bits.gate / static_cast<double>(bits.samples);
  if (bits.register_) register_bits = *bits.register_ / static_cast<double>(bits.samples);
}

void GateMeter::State::estimate_glitches(const gate_level::Stimulus& stimulus, std::vector<gate_level::Window> windows,
                                         const gate_level::EnergyBooks& books) {
  constexpr std::uint64_t kStretch = 4;
  for (gate_level::Window& w : windows) w.end = std::min(w.end, w.first + kStretch);
  const gate_level::GlitchEstimate found =
      gate_level::estimate_glitches(netlist, *simulator, stimulus, windows, books.events.by_toggle);
  if (found.cycles > 0) glitch_j = found.glitch_energy * books.quantum_j / static_cast<double>(found.cycles);
}

/// Simulates what the rows hold; the last one stays, as that before the next.
void GateMeter::State::flush() {
  const std::size_t samples = rows.count();
  if (samples < 2) return;
  const RowStimulus stimulus(rows, inputs), expected(rows, outputs);
  gate_level::Simulator::WindowsRequest request;
  for (std::size_t w = 0; 1 + w * window < samples; ++w)
    request.windows.push_back({1 + w * window, std::min(1 + (w + 1) * window, samples), states.at(w)});
  std::vector<gate_level::RegisterState> ends;
  std::vector<std::vector<std::int64_t>> by_cycle;
  request.watched = watched;
  request.expected = &expected;
  request.end_states = &ends;
  if (!calibrated) {
    const gate_level::Activity first = simulator->run_windows(stimulus, request).activity;
    const gate_level::EnergyBooks books = evaluator->evaluate(first);
    events = PackedEvents(books, first);
    clock_tree_j = books.joules(books.clock_tree) / static_cast<double>(std::max<std::uint64_t>(first.cycles, 1));
    calibrated = true;
    count_forgotten(stimulus, request.windows);
    estimate_glitches(stimulus, request.windows, books);
  }
  request.energy = &events.events;
  request.by_cycle = &by_cycle;
  const gate_level::Simulator::WindowsResult result = simulator->run_windows(stimulus, request);
  add(activity, result.activity);
  if (result.mismatch && disagreement.empty())
    disagreement = "netlist " + netlist.module + " is not its RTL: net " + netlist.nets[result.mismatch->net].name +
                   ", clock cycle " + std::to_string(cycles_simulated + result.mismatch->cycle);
  for (std::size_t w = 0; w < request.windows.size(); ++w) {
    const gate_level::RegisterState& wanted = states.at(w + 1);
    for (std::size_t r = 0; r < registers.size() && disagreement.empty(); ++r)
      if (ends[w][r] != wanted[r])
        disagreement = "netlist " + netlist.module + " is not its RTL: register " +
                       netlist.cells[simulator->schedule().registers[r].cell].name +
                       " at the end of a window, clock cycle " +
                       std::to_string(cycles_simulated + request.windows[w].end - 1);
    ++joins;
    for (std::size_t c = 0; c < by_cycle[w].size(); ++c) book(tags[request.windows[w].first + c], by_cycle[w][c]);
  }
  const bool starts = starts_here;
  if (starts && tags.front()) without_before.push_back(*tags.front());
  starts_here = false;
  cycles_simulated += samples - 1 + starts;
  rows.keep_last();
  tags.erase(tags.begin(), tags.end() - 1);
  states.erase(states.begin(), states.end() - 1);
}

/// The state after the last clock ends the last window; its row is no clock of the run.
void GateMeter::State::close() {
  if (tags.empty()) return;
  rows.note();
  tags.emplace_back();
  states.push_back(state_now());
  flush();
  --cycles_simulated;
  rows.clear();
  tags.clear();
  states.clear();
}

GateMeter::GateMeter(const GateLevelSettings& settings, std::size_t layers, std::size_t batches,
                     const SignalLookup& lookup)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.settings = settings;
  s.layers = layers;
  s.batches = batches;
  const auto library = std::make_shared<const gate_level::Library>(gate_level::read_liberty(settings.library));
  s.netlist = gate_level::read_netlist(settings.netlist, library);
  if (!settings.rtl.empty() && !s.netlist.rtl.empty() && s.netlist.rtl != settings.rtl)
    is_not_of_this_rtl(settings.netlist,
                       "its sources have other text (" + s.netlist.rtl + ", now " + settings.rtl + ")");
  s.conditions.period_s = settings.period_s;
  s.conditions.wire_f_per_load = settings.wire_f_per_load;
  s.conditions.clock_fanout = settings.clock_fanout;
  s.conditions.clock_buffer = settings.clock_buffer;
  s.conditions.net_fanout = settings.net_fanout;
  s.conditions.net_buffer = settings.net_buffer;
  s.chosen = settings.sampled_share ? chosen_batches(settings.seed, batches, *settings.sampled_share)
                                    : std::vector<bool>(batches, true);
  s.evaluator = std::make_unique<gate_level::EnergyEvaluator>(s.netlist, s.conditions);
  s.wire_estimate = s.evaluator->wire_estimate();
  s.simulator = std::make_unique<gate_level::Simulator>(s.netlist, s.evaluator->probes());
  s.bind(lookup);
}

GateMeter::~GateMeter() = default;

void GateMeter::begin_batch(std::size_t samples, std::uint64_t cycles_expected) {
  State& s = *state_;
  const std::size_t batch = s.energies.size();
  s.energies.emplace_back(samples, std::vector<GateEnergy>(s.layers));
  s.simulating = s.chosen.at(batch);
  // a run in one piece fills its windows across batches
  const std::uint64_t cycles = cycles_expected * (s.settings.sampled_share ? 1 : s.batches);
  if (s.tags.empty()) s.window = std::clamp<std::size_t>((cycles + kLanes - 1) / kLanes, kLeastWindow, kMostWindow);
}

void GateMeter::begin_layer(std::size_t layer) { state_->layer = layer; }

void GateMeter::sample(std::uint32_t owner) {
  State& s = *state_;
  if (s.energies.empty()) return;
  const auto layer = static_cast<std::uint32_t>(s.layer);
  const State::Tag tag{s.energies.size() - 1, owner, layer, s.clocks_j.size()};
  if (s.keeps_clocks) s.clocks_j.push_back(0);
  if (!s.simulating) {
    if (s.keeps_clocks) s.without_before.push_back(tag);
    else ++s.energies.back().at(owner).at(layer).cycles;
    return;
  }
  s.starts_here = s.starts_here || s.tags.empty();
  s.rows.note();
  s.tags.push_back(tag);
  if ((s.tags.size() - 1) % s.window == 0) s.states.push_back(s.state_now());
  if (s.tags.size() == 1 + kLanes * s.window) s.flush();
}

void GateMeter::end_batch() {
  State& s = *state_;
  if (s.settings.sampled_share && s.simulating) s.close();
}

void GateMeter::State::compare_weights(double total_j) {
  if (activity.cycles == 0) return;
  const gate_level::EnergyBooks books = evaluator->evaluate(activity);
  const PackedEvents own(books, activity);
  double with_own = 0, with_first = 0;
  for (std::size_t n = 0; n < activity.toggles.size(); ++n) {
    const auto toggles = static_cast<double>(activity.toggles[n]);
    const auto high = [](std::int64_t packed) { return static_cast<double>((packed - (packed & 0xffffffff)) >> 32); };
    with_own += toggles * high(own.events.by_toggle[n]) * own.quantum_j;
    with_first += toggles * high(events.events.by_toggle[n]) * events.quantum_j;
  }
  weights_difference = total_j > 0 ? (with_own - with_first) / total_j : 0;
}

void GateMeter::finish() {
  State& s = *state_;
  s.close();
  std::vector<GateEnergy> by_layer(s.layers);
  std::vector<BatchEnergy> batches;
  for (std::size_t b = 0; b < s.energies.size(); ++b) {
    batches.push_back({std::vector<double>(s.layers, 0), std::vector<double>(s.layers, 0)});
    for (const auto& sample : s.energies[b])
      for (std::size_t l = 0; l < s.layers; ++l) {
        batches.back().clocks[l] += static_cast<double>(sample[l].cycles);
        batches.back().energy_j[l] += sample[l].total_j();
        if (s.chosen[b]) by_layer[l] += sample[l];
      }
  }
  double simulated_j = 0;
  for (const GateEnergy& layer : by_layer) simulated_j += layer.total_j();
  s.compare_weights(simulated_j);
  // clocks without an energy of their own that are told one by one
  for (const State::Tag& tag : s.without_before)
    if (!s.chosen[tag.batch]) batches[tag.batch].clocks[tag.layer] += 1;
  s.chosen.resize(s.energies.size());
  s.interval_j = sampled_energy(batches, s.chosen).half_width_j;
  for (std::size_t b = 0; b < s.energies.size(); ++b) {
    if (s.chosen[b]) continue;
    for (auto& sample : s.energies[b])
      for (std::size_t l = 0; l < s.layers; ++l)
        if (by_layer[l].cycles > 0) sample[l] = share_of(by_layer[l], sample[l].cycles);
  }
  for (const State::Tag& tag : s.without_before) {
    GateEnergy one;
    if (by_layer[tag.layer].cycles > 0) one = share_of(by_layer[tag.layer], 1);
    one.cycles = 1;
    s.energies[tag.batch][tag.owner][tag.layer] += one;
    if (s.keeps_clocks) s.clocks_j[tag.clock] = one.total_j();
  }
}

void GateMeter::keep_clocks() { state_->keeps_clocks = true; }
const std::vector<double>& GateMeter::clock_energies_j() const { return state_->clocks_j; }
std::size_t GateMeter::clock_buffers() const { return state_->evaluator->clock_buffers(); }
std::size_t GateMeter::net_buffers() const { return state_->evaluator->net_buffers(); }
double GateMeter::clock_tree_j_per_cycle() const { return state_->clock_tree_j; }
const std::vector<std::vector<std::vector<GateEnergy>>>& GateMeter::energies() const { return state_->energies; }
std::size_t GateMeter::cells() const { return state_->netlist.cells.size(); }
std::size_t GateMeter::registers() const { return state_->registers.size(); }
std::uint64_t GateMeter::cycles_simulated() const { return state_->cycles_simulated; }
std::uint64_t GateMeter::windows_joined() const { return state_->joins; }
double GateMeter::interval_j() const { return state_->interval_j; }
double GateMeter::weights_difference() const { return state_->weights_difference; }
std::string GateMeter::netlist_note() const {
  const gate_level::Library& library = *state_->netlist.library;
  std::string volts = std::to_string(library.voltage_v);
  volts.resize(volts.find('.') + 2);
  return std::to_string(cells()) + " cells of " + library.name + " at " + volts + " V; wires: " + state_->wire_estimate;
}
double GateMeter::glitch_estimate_j_per_cycle() const { return state_->glitch_j; }
std::optional<double> GateMeter::gate_bits_per_cycle() const { return state_->gate_bits; }
std::optional<double> GateMeter::register_bits_per_cycle() const { return state_->register_bits; }
const std::string& GateMeter::wire_estimate() const { return state_->wire_estimate; }
const std::string& GateMeter::disagreement() const { return state_->disagreement; }

std::string netlist_file(const std::string& baseline, int rows, int columns, const std::string& library) {
  if (!std::filesystem::exists(library))
    throw support::InputError(
        support::DiagnosticCode::file_not_found, {library, 1, 1}, "cannot read cell library '" + library + "'",
        "osu018, osu035 and osu050 are in Debian's packages qflow-tech-osu018, -osu035 and -osu050");
  const char* folder = std::getenv("SZILARD_NETLISTS");
  const std::string stem = baseline + "_" + std::to_string(rows) + "x" + std::to_string(columns) + "_" +
                           std::filesystem::path(library).stem().string();
  std::string own;
  for (const OwnBaseline& one : own_baselines())
    if (one.name == baseline) own = one.netlists;
  const std::filesystem::path file =
      std::filesystem::path(folder        ? folder
                            : own.empty() ? support::data_folder("netlists", SZILARD_NETLISTS_BUILT)
                                          : own) /
      (stem + ".json");
  if (!std::filesystem::exists(file))
    throw support::InputError(support::DiagnosticCode::file_not_found, {file.string(), 1, 1},
                              "no netlist of " + baseline + " " + std::to_string(rows) + "x" + std::to_string(columns) +
                                  " in " + library + " was made",
                              "cmake -B build/release -DSZILARD_LIBERTY=" + library + " && " + remedy(stem));
  return file.string();
}

}  // namespace szilard::rtl
