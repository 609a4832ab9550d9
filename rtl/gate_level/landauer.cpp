// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/landauer.hpp"

#include <algorithm>
#include <array>

#include "models/energy/bounds.hpp"
#include "models/energy/lost_information.hpp"
#include "models/support/constants.hpp"

namespace szilard::gate_level {
namespace {

constexpr std::size_t kMostInputBits = 20, kMostOutputBits = 40;
constexpr double kMostShift_bit = 0.25;

/// True where input i of `names` is bit i of `combination`.
BooleanFunction all_of(const std::vector<std::string>& names, std::uint64_t combination) {
  BooleanFunction all = BooleanFunction::constant(true);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const BooleanFunction input = BooleanFunction::input(names[i]);
    const BooleanFunction literal = combination >> i & 1 ? input : !input;
    all = i == 0 ? literal : all & literal;
  }
  return all;
}

/// What cells show, as a number, for every combination of the inputs of these output functions.
struct Truth {
  std::vector<std::string> inputs;
  std::vector<std::uint64_t> output_of;  // empty beyond LandauerEvaluator::kMostInputs inputs
};
Truth truth_of(const std::vector<const BooleanFunction*>& outputs) {
  Truth truth;
  for (const BooleanFunction* output : outputs)
    for (const std::string& name : output->inputs())
      if (std::find(truth.inputs.begin(), truth.inputs.end(), name) == truth.inputs.end()) truth.inputs.push_back(name);
  if (truth.inputs.size() > LandauerEvaluator::kMostInputs) return truth;
  for (std::uint64_t combination = 0; combination < std::uint64_t{1} << truth.inputs.size(); ++combination) {
    std::uint64_t shown = 0;
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      std::array<std::uint64_t, BooleanFunction::kMostInputs> operands{};
      for (std::size_t i = 0; i < outputs[o]->inputs().size(); ++i) {
        const auto at =
            std::find(truth.inputs.begin(), truth.inputs.end(), outputs[o]->inputs()[i]) - truth.inputs.begin();
        operands[i] = combination >> at & 1;
      }
      shown |= (outputs[o]->evaluate(operands.data()) & 1) << o;
    }
    truth.output_of.push_back(shown);
  }
  return truth;
}

/// Input words one after another, once each.
class WordStimulus : public Stimulus {
 public:
  WordStimulus(std::vector<std::uint64_t> words, std::size_t inputs) : words_(std::move(words)), inputs_(inputs) {}
  std::uint64_t cycles() const override { return words_.size(); }
  void words(std::uint64_t first, unsigned count, std::uint64_t* value, std::uint64_t* unknown) const override {
    for (std::size_t i = 0; i < inputs_; ++i) {
      value[i] = unknown[i] = 0;
      for (unsigned lane = 0; lane < count; ++lane) value[i] |= (words_[first + lane] >> i & 1) << lane;
    }
  }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t inputs_;
};

/// How often each word of the inputs is met; words with an unknown bit are passed over.
std::vector<std::uint64_t> count_words(const Stimulus& stimulus, std::size_t inputs) {
  std::vector<std::uint64_t> counts(std::size_t{1} << inputs), value(inputs), unknown(inputs);
  for (std::uint64_t first = 0; first < stimulus.cycles(); first += 64) {
    const auto count = static_cast<unsigned>(std::min<std::uint64_t>(64, stimulus.cycles() - first));
    std::fill(unknown.begin(), unknown.end(), 0);
    stimulus.words(first, count, value.data(), unknown.data());
    for (unsigned lane = 0; lane < count; ++lane) {
      std::uint64_t word = 0, bad = 0;
      for (std::size_t i = 0; i < inputs; ++i) {
        word |= (value[i] >> lane & 1) << i;
        bad |= unknown[i] >> lane & 1;
      }
      if (!bad) ++counts[word];
    }
  }
  return counts;
}

}  // namespace

LandauerEvaluator::LandauerEvaluator(const Netlist& netlist) : netlist_(netlist) {
  for (std::uint32_t c = 0; c < netlist.cells.size(); ++c)
    if (!netlist.cells[c].clock) watch(c);
}

void LandauerEvaluator::watch(std::uint32_t c) {
  const Instance& instance = netlist_.cells[c];
  const LibraryCell& cell = *instance.cell;
  if (!cell.flip_flops.empty()) {
    for (const FlipFlop& ff : cell.flip_flops) {
      for (std::size_t p = 0; p < cell.pins.size(); ++p) {
        const LibraryPin& pin = cell.pins[p];
        if (pin.direction != LibraryPin::Direction::output || instance.nets[p] == kNoNet || !pin.function) continue;
        const std::vector<std::string>& read = pin.function->inputs();
        if (read.size() != 1 || (read.front() != ff.state && read.front() != ff.inverse_state)) continue;
        registers_.emplace_back(c, instance.nets[p]);
        break;
      }
    }
    return;
  }
  std::vector<const BooleanFunction*> outputs;
  for (std::size_t p = 0; p < cell.pins.size(); ++p) {
    const LibraryPin& pin = cell.pins[p];
    if (pin.direction == LibraryPin::Direction::output && instance.nets[p] != kNoNet && pin.function)
      outputs.push_back(&*pin.function);
  }
  Truth truth = truth_of(outputs);
  if (truth.inputs.size() < 2) return;  // an inverter, a buffer or a constant forgets nothing
  if (truth.output_of.empty()) {
    if (too_wide_.empty()) too_wide_ = cell.name;
    return;
  }
  const std::size_t first_probe = probes_.size();
  for (std::uint64_t combination = 0; combination < truth.output_of.size(); ++combination)
    probes_.push_back({c, all_of(truth.inputs, combination)});
  cells_.push_back({c, first_probe, std::move(truth.output_of)});
}

std::optional<double> uniform_erased_bit(const LibraryCell& cell) {
  if (!cell.flip_flops.empty()) return {};
  std::vector<const BooleanFunction*> outputs;
  for (const LibraryPin& pin : cell.pins)
    if (pin.direction == LibraryPin::Direction::output && pin.function) outputs.push_back(&*pin.function);
  const Truth truth = truth_of(outputs);
  if (truth.output_of.empty()) return {};
  return energy::lost_information_bit(std::vector<std::uint64_t>(truth.output_of.size(), 1), truth.output_of, false);
}

ErasedBits LandauerEvaluator::evaluate(const Activity& activity, bool sampled) const {
  ErasedBits out;
  out.samples = activity.cycles;
  out.by_cell.assign(netlist_.cells.size(), 0);
  double gate = 0;
  for (const Cell& cell : cells_) {
    std::vector<std::uint64_t> counts;
    std::uint64_t known = 0;
    for (std::size_t k = 0; k < cell.output_of.size(); ++k) {
      counts.push_back(activity.probe_ones.at(cell.first_probe + k));
      known += counts.back();
    }
    const double bits = static_cast<double>(known) * energy::lost_information_bit(counts, cell.output_of, sampled);
    out.by_cell[cell.cell] = bits;
    gate += bits;
  }
  if (too_wide_.empty()) out.gate = gate;
  else out.gate_note = "cell " + too_wide_ + " has more than " + std::to_string(kMostInputs) + " inputs";
  if (registers_.empty()) return out;
  double held = 0;
  for (const auto& [cell, net] : registers_) {
    const std::uint64_t known = activity.cycles - activity.unknowns[net];
    if (known < 2) continue;
    const double likely = static_cast<double>(activity.toggles[net]) / static_cast<double>(known - 1);
    const double bits = static_cast<double>(known) * energy::binary_entropy_nat(std::min(likely, 1.0)) / support::kLn2;
    out.by_cell[cell] += bits;
    held += bits;
  }
  out.register_ = held;
  return out;
}

ErasedWord erased_word(const Netlist& netlist, const Stimulus& stimulus, bool sampled) {
  ErasedWord out;
  if (netlist.flip_flops() > 0) {
    out.note = "outputs depend on registers, not on the input word alone";
    return out;
  }
  std::vector<Probe> shown;
  for (const Port& port : netlist.ports) {
    if (port.input) continue;
    for (NetId net : port.bits)
      if (net > kOne && netlist.nets[net].driver) {
        const PinRef driver = *netlist.nets[net].driver;
        shown.push_back({driver.cell, BooleanFunction::input(netlist.cells[driver.cell].cell->pins[driver.pin].name)});
      }
  }
  Simulator simulator(netlist, shown);
  const std::vector<NetId>& inputs = simulator.inputs();
  if (inputs.size() > kMostInputBits || shown.size() > kMostOutputBits) {
    out.note = "more than " + std::to_string(kMostInputBits) + " data inputs or " + std::to_string(kMostOutputBits) +
               " outputs";
    return out;
  }
  std::vector<std::uint64_t> counts = count_words(stimulus, inputs.size()), words, met;
  std::uint64_t samples = 0;
  for (std::uint64_t word = 0; word < counts.size(); ++word) {
    if (counts[word] == 0) continue;
    words.push_back(word);
    met.push_back(counts[word]);
    samples += counts[word];
  }
  if (samples == 0) {
    out.note = "no sample has all inputs known";
    return out;
  }
  const double shift_bit = static_cast<double>(words.size() - 1) / (2 * static_cast<double>(samples) * support::kLn2);
  if (sampled && shift_bit > kMostShift_bit) {
    out.note = "too few samples for the words that occur";
    return out;
  }
  // The k-th output counts 2^k quanta while it is 1, so that a cycle's sum is the output word.
  EventEnergy weights;
  weights.by_toggle.assign(netlist.nets.size(), 0);
  for (std::size_t k = 0; k < shown.size(); ++k) weights.by_probe.push_back(std::int64_t{1} << k);
  std::vector<std::int64_t> by_cycle;
  Simulator::StreamRequest request;
  request.energy = &weights;
  request.by_cycle = &by_cycle;
  simulator.run(WordStimulus(words, inputs.size()), request);
  std::vector<std::uint64_t> output_of(by_cycle.begin(), by_cycle.end());
  // An input that is handed on is known from the outputs: tell the words by it.
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (netlist.nets[inputs[i]].to_output_port)
      for (std::size_t w = 0; w < words.size(); ++w) output_of[w] = output_of[w] << 1 | (words[w] >> i & 1);
  out.bits = static_cast<double>(samples) * energy::lost_information_bit(met, output_of, sampled);
  return out;
}

}  // namespace szilard::gate_level
