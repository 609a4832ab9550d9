// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// The netlist reader on any bytes: a netlist that runs 70 cycles and has its energy told, or InputError.
#include <cstdint>
#include <memory>
#include <string>

#include "rtl/gate_level/energy_books.hpp"
#include "rtl/gate_level/stimulus.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace szilard;
  using namespace szilard::gate_level;
  static const auto library = std::make_shared<const Library>(
      parse_liberty({"fuzz.lib",
                     "library (l) { nom_voltage : 1; "
                     "cell (INV) { leakage_power () { when : \"A\"; value : 1; } pin (A) { direction : input; "
                     "capacitance : 1; } pin (Y) { direction : output; function : \"!A\"; } } "
                     "cell (NAND2) { pin (A, B) { direction : input; capacitance : 1; } pin (Y) { direction : output; "
                     "function : \"!(A B)\"; "
                     "internal_power () { related_pin : \"A\"; power (scalar) { values (\"1\"); } } } } "
                     "cell (DFF) { ff (IQ, IQN) { next_state : \"D\"; clocked_on : \"CLK\"; clear : \"!R\"; } pin "
                     "(CLK, D, R) { direction : input; capacitance : 1; } "
                     "pin (Q) { direction : output; function : \"IQ\"; } } "
                     "cell (LATCH) { latch (IQ, IQN) { } pin (D) { direction : input; } } }"}));
  try {
    const Netlist netlist =
        parse_netlist({"fuzz.json", std::string(reinterpret_cast<const char*>(data), size)}, library);
    const EnergyEvaluator evaluator(netlist, {});
    Simulator simulator(netlist, evaluator.probes());
    const RandomStimulus stimulus(netlist, simulator.inputs(), 70, 1);
    evaluator.evaluate(simulator.run(stimulus, {simulator.unknown_state(), nullptr, nullptr, {}, nullptr}));
  } catch (const support::InputError&) {
  }
  return 0;
}
