// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// Toggles and energy of a mapped array (bench/gate_level/array.sv in osu018): clock cycles a second of our simulator
// with every net's toggles and each cycle's energy, against the verilated netlist that dumps all nets as VCD and a
// reader that counts the dump's toggles. All run in turns in one process on the same random inputs; each takes its best
// turn. Prints the ratios; exit code 1 if 64 lanes are below 50 times the rate of dump and count.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <numeric>
#include <string>
#include <verilated.h>
#include <verilated_vcd_c.h>

#include "Varray_netlist.h"
#include "rtl/gate_level/energy_books.hpp"
#include "rtl/gate_level/stimulus.hpp"
#include "rtl/gate_level/vcd.hpp"

namespace {

using namespace szilard::gate_level;

constexpr std::uint64_t kDumpCycles = 2000, kStreamCycles = 64000, kLaneCycles = 64 * 4000;
constexpr int kTurns = 5;

double processor_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// One input port's value in one cycle.
std::uint32_t port_value(const Netlist& netlist, const Simulator& simulator, const std::uint64_t* words,
                         const char* name) {
  std::uint32_t value = 0;
  const Port& port = *netlist.find_port(name);
  for (std::size_t b = 0; b < port.bits.size(); ++b)
    for (std::size_t i = 0; i < simulator.inputs().size(); ++i)
      if (simulator.inputs()[i] == port.bits[b]) value |= static_cast<std::uint32_t>(words[i] & 1) << b;
  return value;
}

double dump_rate(const Netlist& netlist, const Simulator& simulator, const Stimulus& stimulus,
                 const std::string& path) {
  struct Row {
    std::uint32_t load, weights, activations;
  };
  std::vector<Row> rows;
  std::vector<std::uint64_t> value(simulator.inputs().size()), unknown(value.size());
  for (std::uint64_t c = 0; c < kDumpCycles; ++c) {
    stimulus.words(c, 1, value.data(), unknown.data());
    rows.push_back({port_value(netlist, simulator, value.data(), "load"),
                    port_value(netlist, simulator, value.data(), "weights"),
                    port_value(netlist, simulator, value.data(), "activations")});
  }
  const double start_s = processor_s();
  VerilatedContext context;
  context.traceEverOn(true);
  Varray_netlist model(&context);
  VerilatedVcdC dump;
  model.trace(&dump, 99);
  dump.open(path.c_str());
  for (std::uint64_t c = 0; c < kDumpCycles; ++c) {
    model.clock = 0;
    model.load = static_cast<CData>(rows[c].load);
    model.weights = static_cast<SData>(rows[c].weights);
    model.activations = static_cast<SData>(rows[c].activations);
    model.eval();
    dump.dump(10 * c);
    model.clock = 1;
    model.eval();
    dump.dump(10 * c + 5);
  }
  dump.close();
  std::ifstream in(path, std::ios::binary);
  const SampledWaves waves = sample_vcd(in, path, [](const std::vector<VcdVariable>& variables) {
    VcdSelection selection;
    for (std::size_t v = 0; v < variables.size(); ++v) {
      if (variables[v].name == "clock") selection.clock = v;
      for (unsigned b = 0; b < variables[v].width; ++b) selection.bits.emplace_back(v, b);
    }
    return selection;
  });
  std::uint64_t toggles = 0;
  for (const std::vector<std::uint64_t>& words : waves.value)
    for (std::size_t w = 0; w < words.size(); ++w)
      toggles += static_cast<std::uint64_t>(__builtin_popcountll(words[w] ^ words[w] << 1));
  const double rate = static_cast<double>(kDumpCycles) / (processor_s() - start_s);
  std::remove(path.c_str());
  if (waves.cycles != kDumpCycles || toggles == 0) std::puts("the dump was not read whole");
  return waves.cycles == kDumpCycles ? rate : 0;
}

}  // namespace

int main() {
  const auto library = std::make_shared<const Library>(read_liberty(SZILARD_OSU018));
  const Netlist netlist = read_netlist(SZILARD_BENCH_NETLIST, library);
  const EnergyEvaluator evaluator(netlist, {});
  Simulator simulator(netlist, evaluator.probes());
  const RandomStimulus short_run(netlist, simulator.inputs(), kDumpCycles, 1),
      stream(netlist, simulator.inputs(), kStreamCycles, 1), long_run(netlist, simulator.inputs(), kLaneCycles, 1);
  Simulator::StreamRequest request;
  request.initial = simulator.zero_state();
  const EnergyBooks books = evaluator.evaluate(simulator.run(stream, request));

  Simulator::StreamRequest marked = request;
  std::vector<RegisterState> states;
  for (std::uint64_t w = 0; w < 64; ++w) marked.marks.push_back(w == 0 ? 0 : w * kLaneCycles / 64 - 1);
  marked.states = &states;
  const Activity whole = simulator.run(long_run, marked);
  std::vector<Window> windows;
  for (std::uint64_t w = 0; w < 64; ++w)
    windows.push_back({w * kLaneCycles / 64, (w + 1) * kLaneCycles / 64, states[w]});

  double dumped = 0, streamed = 0, lanes = 0, energy_j = 0;
  bool equal = true;
  std::vector<std::int64_t> by_cycle;
  request.energy = &books.events;
  request.by_cycle = &by_cycle;
  for (int turn = 0; turn < kTurns; ++turn) {
    dumped = std::max(dumped, dump_rate(netlist, simulator, short_run, SZILARD_BENCH_NETLIST ".vcd"));
    double start_s = processor_s();
    simulator.run(stream, request);
    streamed = std::max(streamed, static_cast<double>(kStreamCycles) / (processor_s() - start_s));
    start_s = processor_s();
    const Activity activity = simulator.run_windows(long_run, windows);
    energy_j = evaluator.evaluate(activity).quantum_j;
    equal = activity == whole && equal;
    lanes = std::max(lanes, static_cast<double>(kLaneCycles) / (processor_s() - start_s));
  }
  std::printf("%zu cells, thousand clock cycles a second of processor time, every net's toggles\n",
              netlist.cells.size());
  std::printf("  verilated netlist, VCD, count the dump   %10.1f\n", dumped * 1e-3);
  std::printf("  one stream, energy of each cycle         %10.1f   ratio %7.1f\n", streamed * 1e-3, streamed / dumped);
  std::printf("  64 windows, energy of each cell          %10.1f   ratio %7.1f  (goal 50)\n", lanes * 1e-3,
              lanes / dumped);
  if (!equal) std::puts("the windows are not the stream");
  return equal && energy_j > 0 && dumped > 0 && lanes >= 50 * dumped ? 0 : 1;
}
