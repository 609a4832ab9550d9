// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/simulator.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "models/support/aligned_vector.hpp"
#include "rtl/gate_level/kernels.hpp"

namespace szilard::gate_level {
namespace {

using Word = std::uint64_t;
using Words = support::AlignedVector<Word>;

constexpr Word kAll = ~Word{0};

Word low_lanes(unsigned count) { return count >= 64 ? kAll : (Word{1} << count) - 1; }

/// Bit w of word s becomes bit s of word w.
void transpose(Word* rows) {
  Word mask = 0x00000000ffffffffu;
  for (unsigned width = 32; width != 0; width >>= 1, mask ^= mask << width) {
    for (unsigned row = 0; row < 64; row = (row + width + 1) & ~width) {
      const Word swapped = (rows[row] >> width ^ rows[row + width]) & mask;
      rows[row] ^= swapped << width;
      rows[row + width] ^= swapped;
    }
  }
}

/// A group of gates with the loop that evaluates it: one made for its function, or the general one.
struct BoundGroup {
  GateKernel kernel = nullptr;
  ProgramRun run{};
  std::uint32_t first_output = 0;
};

/// The entry whose inputs, permuted, are the function's: order[i] is the function's input that goes to the entry's
/// input i.
const GateKernelEntry* find_entry(const BooleanFunction& function, std::vector<std::size_t>& order) {
  const std::size_t inputs = function.inputs().size();
  if (inputs == 0 || inputs > 4) return nullptr;
  const std::vector<bool> table = function.truth_table();
  order.resize(inputs);
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    Word truth = 0;
    for (std::size_t row = 0; row < table.size(); ++row) {
      std::size_t source = 0;
      for (std::size_t i = 0; i < inputs; ++i) source |= (row >> i & 1) << order[i];
      truth |= Word{table[source]} << row;
    }
    for (std::size_t e = 0; e < kernels().gate_count; ++e)
      if (kernels().gates[e].inputs == inputs && kernels().gates[e].truth == truth) return &kernels().gates[e];
  } while (std::next_permutation(order.begin(), order.end()));
  return nullptr;
}

}  // namespace

bool Activity::operator==(const Activity& other) const {
  return cycles == other.cycles && toggles == other.toggles && ones == other.ones && unknowns == other.unknowns &&
         probe_ones == other.probe_ones && probe_unknowns == other.probe_unknowns;
}

struct Simulator::Machine {
  const Netlist& netlist;
  Schedule schedule;
  std::vector<BoundGroup> groups;
  std::vector<NetId> inputs;
  std::vector<std::uint32_t> input_slots;
  std::vector<std::pair<std::uint32_t, Word>> clock_slots;
  bool falling = false;
  Words values, unknown, before, before_unknown, toggles, ones, unknowns;
  std::vector<std::int64_t> toggle_energy, one_energy;
  Word lane_pairs = 0;
  std::uint64_t samples = 0, settlings = 0;

  Machine(const Netlist& n, const std::vector<Probe>& probes) : netlist(n), schedule(make_schedule(n, probes)) {
    for (const Port& port : netlist.ports) {
      if (!port.input) continue;
      for (NetId net : port.bits) {
        if (net <= kOne || netlist.nets[net].clock) continue;
        inputs.push_back(net);
        input_slots.push_back(schedule.slot_of_net[net]);
      }
    }
    for (NetId net = 2; net < netlist.nets.size(); ++net)
      if (netlist.nets[net].clock)
        clock_slots.emplace_back(schedule.slot_of_net[net], netlist.clock_inverted[net] ? kAll : 0);
    falling = schedule.has_falling_registers();
    bind();
    clear();
  }

  void bind() {
    struct Bound {
      const GateKernelEntry* entry = nullptr;
      std::vector<std::size_t> order;
    };
    std::vector<Bound> bound(schedule.functions.size());
    for (std::size_t f = 0; f < bound.size(); ++f) bound[f].entry = find_entry(schedule.functions[f], bound[f].order);
    std::vector<std::uint32_t> permuted;
    for (const Schedule::Group& group : schedule.groups) {
      const BooleanFunction& function = schedule.functions[group.function];
      const Bound& chosen = bound[group.function];
      BoundGroup made;
      made.first_output = group.first_output;
      made.run = {function.steps().data(), function.steps().size(), nullptr, group.count};
      if (chosen.entry) {
        made.kernel = chosen.entry->run;
        for (std::size_t i : chosen.order) {
          const auto first =
              schedule.operand_slots.begin() + static_cast<std::ptrdiff_t>(group.operands + i * group.count);
          permuted.insert(permuted.end(), first, first + group.count);
        }
      }
      groups.push_back(made);
    }
    permuted_operands = std::move(permuted);
    std::size_t at = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const Schedule::Group& group = schedule.groups[g];
      groups[g].run.operands = schedule.operand_slots.data() + group.operands;
      kernel_operands.push_back(permuted_operands.data() + at);
      if (groups[g].kernel) at += schedule.functions[group.function].inputs().size() * group.count;
    }
  }

  void clear() {
    for (Words* words : {&values, &unknown, &before, &before_unknown, &toggles, &ones, &unknowns})
      words->assign(schedule.slots, 0);
    values[schedule.slot_of_net[kOne]] = kAll;
    for (const auto& [slot, word] : clock_slots) values[slot] = word;
    samples = 0;
  }

  void settle(bool with_unknown) {
    ++settlings;
    const Kernels& run = kernels();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const BoundGroup& group = groups[g];
      Word* out = values.data() + group.first_output;
      if (with_unknown)
        run.program_unknown(group.run, values.data(), unknown.data(), out, unknown.data() + group.first_output);
      else if (group.kernel) group.kernel(kernel_operands[g], group.run.count, values.data(), out);
      else run.program(group.run, values.data(), out);
    }
  }

  void count(bool with_unknown, bool stream, Word valid, Word pairs, unsigned last_lane, bool energy,
             std::int64_t* lanes) {
    kernels().count({values.data(), with_unknown ? unknown.data() : nullptr, before.data(), before_unknown.data(),
                     schedule.slots, stream, valid, pairs, last_lane, toggles.data(), ones.data(), unknowns.data(),
                     energy ? toggle_energy.data() : nullptr, energy ? one_energy.data() : nullptr, lanes});
  }

  /// The words of one register: its state in each lane, and what is unknown of it.
  struct Latched {
    Word value = 0, unknown = 0;
    bool operator!=(const Latched& other) const { return value != other.value || unknown != other.unknown; }
  };
  Latched next_of(const Schedule::Register& r, bool with_unknown) const {
    return {values[r.next], with_unknown ? unknown[r.next] : 0};
  }
  void show(const Schedule::Register& r, Latched word) {
    values[r.state] = word.value & ~word.unknown;
    unknown[r.state] = word.unknown;
  }

  /// Settles a block of a stream. `carry` holds each register's value in lane 0 (for a falling one, in the lane
  /// before).
  void settle_stream(const std::vector<Latched>& carry, std::vector<Latched>& state, bool with_unknown) {
    const std::vector<Schedule::Register>& registers = schedule.registers;
    const auto shifted = [](Latched word, Latched low) {
      return Latched{word.value << 1 | low.value, word.unknown << 1 | low.unknown};
    };
    bool changed = true;
    for (unsigned round = 0; changed; ++round) {
      if (round > 130) throw std::logic_error("a block of the gate-level simulator does not come to rest");
      changed = false;
      for (std::size_t r = 0; r < registers.size(); ++r)
        show(registers[r], registers[r].rising ? state[r] : shifted(state[r], carry[r]));
      if (falling) {
        show_inputs(true);
        settle(with_unknown);
        for (std::size_t r = 0; r < registers.size(); ++r) {
          if (registers[r].rising) continue;
          const Latched now = next_of(registers[r], with_unknown);
          if (now != state[r]) changed = true;
          state[r] = now;
        }
        for (std::size_t r = 0; r < registers.size(); ++r)
          if (!registers[r].rising) show(registers[r], state[r]);
        show_inputs(false);
      }
      settle(with_unknown);
      for (std::size_t r = 0; r < registers.size(); ++r) {
        if (!registers[r].rising) continue;
        const Latched now = shifted(next_of(registers[r], with_unknown), carry[r]);
        if (now != state[r]) changed = true;
        state[r] = now;
      }
    }
  }

  /// Settles one cycle of independent lanes; falling registers are taken on the way, but not where the state is that of
  /// the sample.
  void settle_lanes(std::vector<Latched>& state, bool with_unknown, bool take_falling) {
    for (std::size_t r = 0; r < state.size(); ++r) show(schedule.registers[r], state[r]);
    if (falling && take_falling) {
      show_inputs(true);
      settle(with_unknown);
      for (std::size_t r = 0; r < state.size(); ++r)
        if (!schedule.registers[r].rising) state[r] = next_of(schedule.registers[r], with_unknown);
      for (std::size_t r = 0; r < state.size(); ++r)
        if (!schedule.registers[r].rising) show(schedule.registers[r], state[r]);
    }
    show_inputs(false);
    settle(with_unknown);
  }

  /// Inputs of the sample, or of the falling edge before it where the stimulus tells them.
  void show_inputs(bool at_fall) {
    const bool own = at_fall && tells_falling;
    const Words &value = own ? fall_value : input_value, &x = own ? fall_unknown : input_unknown;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      values[input_slots[i]] = value[i] & ~x[i];
      unknown[input_slots[i]] = x[i];
    }
  }

  bool load_inputs(const Stimulus& stimulus, std::uint64_t first, unsigned count) {
    input_value.resize(inputs.size());
    input_unknown.assign(inputs.size(), 0);
    stimulus.words(first, count, input_value.data(), input_unknown.data());
    tells_falling = falling && stimulus.tells_falling();
    if (tells_falling) {
      fall_value.resize(inputs.size());
      fall_unknown.assign(inputs.size(), 0);
      stimulus.falling_words(first, count, fall_value.data(), fall_unknown.data());
    }
    show_inputs(false);
    Word any = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) any |= input_unknown[i] | (tells_falling ? fall_unknown[i] : 0);
    return (any & low_lanes(count)) != 0;
  }

  void bind_energy(const EventEnergy& energy) {
    toggle_energy.assign(schedule.slots, 0);
    one_energy.assign(schedule.slots, 0);
    for (NetId net = 2; net < netlist.nets.size(); ++net)
      if (!netlist.nets[net].clock) toggle_energy[schedule.slot_of_net[net]] = energy.by_toggle.at(net);
    for (std::size_t p = 0; p < schedule.slot_of_probe.size(); ++p)
      one_energy[schedule.slot_of_probe[p]] = energy.by_probe.at(p);
  }

  Activity activity(std::uint64_t cycles) const {
    Activity out;
    out.cycles = cycles;
    for (std::vector<std::uint64_t>* by_net : {&out.toggles, &out.ones, &out.unknowns})
      by_net->assign(netlist.nets.size(), 0);
    for (NetId net = 2; net < netlist.nets.size(); ++net) {
      if (netlist.nets[net].clock) continue;
      const std::uint32_t slot = schedule.slot_of_net[net];
      out.toggles[net] = toggles[slot];
      out.ones[net] = ones[slot];
      out.unknowns[net] = unknowns[slot];
    }
    for (std::uint32_t slot : schedule.slot_of_probe) {
      out.probe_ones.push_back(ones[slot]);
      out.probe_unknowns.push_back(unknowns[slot]);
    }
    return out;
  }

  std::vector<const std::uint32_t*> kernel_operands;
  std::vector<std::uint32_t> permuted_operands;
  bool tells_falling = false;
  Words input_value, input_unknown, fall_value, fall_unknown;
};

Simulator::Simulator(const Netlist& netlist, const std::vector<Probe>& probes)
    : machine_(std::make_unique<Machine>(netlist, probes)) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;

const std::vector<NetId>& Simulator::inputs() const { return machine_->inputs; }
const Schedule& Simulator::schedule() const { return machine_->schedule; }
RegisterState Simulator::unknown_state() const { return RegisterState(machine_->schedule.registers.size(), 2); }
RegisterState Simulator::zero_state() const { return RegisterState(machine_->schedule.registers.size(), 0); }
std::uint64_t Simulator::settlings() const { return machine_->settlings; }

Activity Simulator::run(const Stimulus& stimulus, const StreamRequest& request) {
  Machine& m = *machine_;
  const std::size_t registers = m.schedule.registers.size();
  if (request.initial.size() != registers) throw std::logic_error("a state of another netlist");
  m.clear();
  if (request.energy) m.bind_energy(*request.energy);
  if (request.by_cycle) request.by_cycle->assign(stimulus.cycles(), 0);
  std::vector<Machine::Latched> carry(registers), state(registers);
  for (std::size_t r = 0; r < registers; ++r) carry[r] = {Word{request.initial[r] == 1}, Word{request.initial[r] == 2}};
  std::size_t mark = 0;
  bool was_unknown = true;
  for (std::uint64_t first = 0; first < stimulus.cycles(); first += 64) {
    const unsigned count = static_cast<unsigned>(std::min<std::uint64_t>(64, stimulus.cycles() - first));
    bool with_unknown = m.load_inputs(stimulus, first, count);
    for (const Machine::Latched& word : carry) with_unknown = with_unknown || word.unknown != 0;
    for (std::size_t r = 0; r < registers; ++r) state[r] = {carry[r].value ? kAll : 0, carry[r].unknown ? kAll : 0};
    m.settle_stream(carry, state, with_unknown);
    if (!with_unknown && was_unknown) std::fill(m.unknown.begin(), m.unknown.end(), 0);
    std::int64_t lanes[64] = {};
    const Word valid = low_lanes(count);
    // the block after the last unknown one still has an unknown lane before it
    m.count(with_unknown || was_unknown, true, valid, first == 0 ? valid & ~Word{1} : valid, count - 1,
            request.energy != nullptr, lanes);
    was_unknown = with_unknown;
    if (request.by_cycle) std::copy_n(lanes, count, request.by_cycle->begin() + static_cast<std::ptrdiff_t>(first));
    for (; request.states && mark < request.marks.size() && request.marks[mark] < first + count; ++mark) {
      const unsigned lane = static_cast<unsigned>(request.marks[mark] - first);
      RegisterState& at = request.states->emplace_back(registers);
      for (std::size_t r = 0; r < registers; ++r)
        at[r] = state[r].unknown >> lane & 1 ? 2 : static_cast<std::uint8_t>(state[r].value >> lane & 1);
    }
    for (std::size_t r = 0; r < registers; ++r) {
      const Schedule::Register& reg = m.schedule.registers[r];
      const Machine::Latched next = reg.rising ? m.next_of(reg, with_unknown) : state[r];
      carry[r] = {next.value >> (count - 1) & 1, next.unknown >> (count - 1) & 1};
    }
  }
  m.samples = stimulus.cycles();
  return m.activity(m.samples);
}

namespace {

/// Words of a stimulus for windows side by side: bit w of a word is window w's value in this step, 64 steps at a time.
class LaneWords {
 public:
  LaneWords(const Stimulus& stimulus, std::size_t entries, bool at_fall = false)
      : stimulus_(stimulus),
        at_fall_(at_fall),
        value_(64 * entries),
        unknown_(64 * entries),
        by_window_(entries),
        unknown_by_window_(entries) {}

  void load(std::uint64_t step, const std::vector<std::uint64_t>& start, const std::vector<std::uint64_t>& steps) {
    const std::size_t entries = by_window_.size();
    std::fill(value_.begin(), value_.end(), 0);
    std::fill(unknown_.begin(), unknown_.end(), 0);
    for (std::size_t w = 0; w < start.size(); ++w) {
      if (step >= steps[w]) continue;
      std::fill(unknown_by_window_.begin(), unknown_by_window_.end(), 0);
      const auto count = static_cast<unsigned>(std::min<std::uint64_t>(64, steps[w] - step));
      if (at_fall_) stimulus_.falling_words(start[w] + step, count, by_window_.data(), unknown_by_window_.data());
      else stimulus_.words(start[w] + step, count, by_window_.data(), unknown_by_window_.data());
      for (std::size_t i = 0; i < entries; ++i) {
        value_[64 * i + w] = by_window_[i] & low_lanes(count);
        unknown_[64 * i + w] = unknown_by_window_[i] & low_lanes(count);
      }
    }
    for (std::size_t i = 0; i < entries; ++i) {
      transpose(&value_[64 * i]);
      transpose(&unknown_[64 * i]);
    }
  }
  Word value(std::size_t entry, std::uint64_t step) const { return value_[64 * entry + step % 64]; }
  Word unknown(std::size_t entry, std::uint64_t step) const { return unknown_[64 * entry + step % 64]; }

 private:
  const Stimulus& stimulus_;
  bool at_fall_;
  std::vector<Word> value_, unknown_, by_window_, unknown_by_window_;
};

}  // namespace

Activity Simulator::run_windows(const Stimulus& stimulus, const std::vector<Window>& windows, const EventEnergy* energy,
                                std::vector<energy::Quanta>* by_lane) {
  std::vector<std::vector<std::int64_t>> by_cycle;
  WindowsRequest request;
  request.windows = windows;
  request.energy = energy;
  if (by_lane) request.by_cycle = &by_cycle;
  Activity activity = run_windows(stimulus, request).activity;
  if (by_lane) {
    by_lane->assign(windows.size(), {});
    for (std::size_t w = 0; w < windows.size(); ++w)
      for (std::int64_t quanta : by_cycle[w]) (*by_lane)[w] += energy::Quanta{quanta};
  }
  return activity;
}

Simulator::WindowsResult Simulator::run_windows(const Stimulus& stimulus, const WindowsRequest& request) {
  Machine& m = *machine_;
  const std::vector<Window>& windows = request.windows;
  if (windows.size() > 64) throw std::logic_error("there are 64 lanes");
  m.clear();
  if (request.energy) m.bind_energy(*request.energy);
  const std::size_t registers = m.schedule.registers.size(), inputs = m.inputs.size();
  std::vector<Machine::Latched> state(registers);
  std::vector<std::uint64_t> start(windows.size()), steps(windows.size());
  std::uint64_t longest = 0, cycles = 0;
  Word leading = 0;
  if (request.by_cycle) request.by_cycle->resize(windows.size());
  if (request.end_states) request.end_states->assign(windows.size(), RegisterState(registers));
  for (std::size_t w = 0; w < windows.size(); ++w) {
    if (windows[w].state.size() != registers) throw std::logic_error("a state of another netlist");
    for (std::size_t r = 0; r < registers; ++r) {
      state[r].value |= Word{windows[w].state[r] == 1} << w;
      state[r].unknown |= Word{windows[w].state[r] == 2} << w;
    }
    start[w] = windows[w].first - (windows[w].first > 0);
    steps[w] = windows[w].end - start[w];
    leading |= Word{windows[w].first > 0} << w;
    longest = std::max(longest, steps[w]);
    cycles += windows[w].end - windows[w].first;
    if (request.by_cycle) (*request.by_cycle)[w].assign(windows[w].end - windows[w].first, 0);
  }
  WindowsResult result;
  bool was_unknown = true;
  LaneWords input_words(stimulus, inputs);
  std::optional<LaneWords> fall_words;
  m.tells_falling = m.falling && stimulus.tells_falling();
  if (m.tells_falling) fall_words.emplace(stimulus, inputs, true);
  for (Words* words : {&m.input_value, &m.input_unknown, &m.fall_value, &m.fall_unknown}) words->assign(inputs, 0);
  std::optional<LaneWords> expected;
  if (request.expected) expected.emplace(*request.expected, request.watched.size());
  for (std::uint64_t step = 0; step < longest; ++step) {
    if (step % 64 == 0) {
      input_words.load(step, start, steps);
      if (fall_words) fall_words->load(step, start, steps);
      if (expected) expected->load(step, start, steps);
    }
    Word running = 0;
    for (std::size_t w = 0; w < windows.size(); ++w) running |= Word{step < steps[w]} << w;
    bool with_unknown = false;
    for (std::size_t i = 0; i < inputs; ++i) {
      m.input_value[i] = input_words.value(i, step);
      m.input_unknown[i] = input_words.unknown(i, step);
      with_unknown = with_unknown || m.input_unknown[i] != 0;
      if (!fall_words) continue;
      m.fall_value[i] = fall_words->value(i, step);
      m.fall_unknown[i] = fall_words->unknown(i, step);
      with_unknown = with_unknown || m.fall_unknown[i] != 0;
    }
    for (std::size_t r = 0; r < registers; ++r) {
      state[r].unknown &= running;
      with_unknown = with_unknown || state[r].unknown != 0;
    }
    m.settle_lanes(state, with_unknown, step > 0);
    if (!with_unknown && was_unknown) std::fill(m.unknown.begin(), m.unknown.end(), 0);
    std::int64_t lanes[64] = {};
    m.count(with_unknown || was_unknown, false, step == 0 ? running & ~leading : running, step == 0 ? 0 : running, 0,
            request.energy != nullptr, lanes);
    was_unknown = with_unknown;
    for (std::size_t w = 0; request.by_cycle && w < windows.size(); ++w) {
      const std::uint64_t lead = windows[w].first > 0;
      if (step < steps[w] && step >= lead) (*request.by_cycle)[w][step - lead] = lanes[w];
    }
    for (std::size_t n = 0; expected && !result.mismatch && n < request.watched.size(); ++n) {
      const std::uint32_t slot = m.schedule.slot_of_net[request.watched[n]];
      const Word wrong =
          ((m.values[slot] ^ expected->value(n, step)) | m.unknown[slot]) & ~expected->unknown(n, step) & running;
      if (wrong)
        result.mismatch = Mismatch{request.watched[n], start[static_cast<unsigned>(__builtin_ctzll(wrong))] + step};
    }
    if (request.end_states)
      for (std::size_t w = 0; w < windows.size(); ++w) {
        if (step + 1 != steps[w]) continue;
        for (std::size_t r = 0; r < registers; ++r)
          (*request.end_states)[w][r] =
              state[r].unknown >> w & 1 ? 2 : static_cast<std::uint8_t>(state[r].value >> w & 1);
      }
    for (std::size_t r = 0; r < registers; ++r)
      if (m.schedule.registers[r].rising) state[r] = m.next_of(m.schedule.registers[r], with_unknown);
  }
  result.activity = m.activity(cycles);
  return result;
}

}  // namespace szilard::gate_level
