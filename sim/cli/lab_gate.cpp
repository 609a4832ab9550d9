// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "models/support/atomic_file.hpp"
#include "rtl/gate_level/saif.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"
#include "sim/cli/validators.hpp"
#include "sim/lab/gate_lab.hpp"
#include "sim/report/report.hpp"

namespace szilard::cli {
namespace {

struct Arguments {
  lab::GateRequest request;
  std::string saif;
  bool json = false;
};

int run(const Arguments& arguments) {
  const lab::GateResult result = lab::run_gate(arguments.request);
  if (!arguments.saif.empty())
    support::write_file(arguments.saif, gate_level::saif_text(result.netlist, result.activity,
                                                              result.conditions.period_s, report::versions().szilard));
  if (arguments.json) std::cout << lab::gate_json(result) << '\n';
  else lab::print_gate(std::cout, result);
  return kOk;
}

}  // namespace

std::function<int()> add_lab_gate(CLI::App& lab) {
  const auto arguments = std::make_shared<Arguments>();
  lab::GateRequest& request = arguments->request;
  CLI::App* command = lab.add_subcommand("gate", "toggles and energy of a netlist of library cells, cycle by cycle");
  command->footer(
      "The netlist is what yosys writes with write_json after dfflibmap and abc. Values are taken just before each "
      "rising edge of the\n"
      "clock; a toggle is a change from one to the next, so glitches are left out. Unknown values before a reset count "
      "as none.\n"
      "Example: szilard lab gate --netlist relu.json --library osu018_stdcells.lib --random 10000 --hold reset=0");
  command->add_option("--netlist", request.netlist, "flat netlist, JSON of yosys")->required();
  command->add_option("--library", request.library, "cell library, Liberty")->required();
  command->add_option("--vcd", request.vcd, "value change dump with the waves of the top's inputs");
  command->add_option("--random", request.random, "so many cycles of random inputs instead, registers 0 at first");
  command->add_option("--hold", request.held, "INPUT=VALUE stays so under --random; may be given again")
      ->allow_extra_args(false);
  command->add_option("--seed", request.seed, "of the random inputs (default 1)")->check(not_negative());
  command->add_option("--top", request.top, "module of the netlist (default: the one marked as top)");
  command->add_option("--scope", request.scope,
                      "scope of the dump, e.g. tb.dut (default: the one that has the module's inputs)");
  command->add_option("--clock", request.clock,
                      "input that clocks the samples of a dump where the netlist has no flip-flop");
  command->add_option("--period", request.period, "of the clock, for leakage and power (default 10 ns)");
  command->add_option("--input-slew", request.input_slew, "transition time of the inputs (default 0 s)");
  command->add_option("--clock-slew", request.clock_slew, "transition time at the clock pins (default 0 s)");
  command->add_option("--output-load", request.output_load, "at each output port (default 0 F)");
  command->add_option("--wire-per-load", request.wire_per_load,
                      "estimate of wire capacitance a load (default: the library's default wire_load)");
  command->add_option("--wire-load", request.wire_load, "another wire_load group of the library");
  command->add_option("--clock-tree", request.clock_tree,
                      "LOADS:CELL models a tree of such buffers with so many loads each");
  command->add_option("--internal-rule", request.internal_rule,
                      "mean, or opensta-2.0.17 for comparison with that version");
  command->add_option("--saif", arguments->saif, "FILE.saif for the activity, SAIF 2.0");
  command->add_flag("--json", arguments->json, "one JSON object");
  return [arguments] { return run(*arguments); };
}

}  // namespace szilard::cli
