// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/gate_lab.hpp"

#include <charconv>
#include <cmath>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "rtl/gate_level/stimulus.hpp"
#include "rtl/gate_level/vcd.hpp"

namespace szilard::lab {
namespace {

using support::DiagnosticCode;
using support::Dimension;
using support::InputError;

constexpr std::int64_t kMostCycles = 100'000'000;
constexpr double kZeroCelsius_K = 273.15;

[[noreturn]] void bad_option(DiagnosticCode code, const std::string& what, const std::string& hint = {}) {
  throw InputError(code, {"command line", 1, 1}, what, hint);
}

double quantity(const std::string& option, const std::string& text, Dimension dimension, bool above_zero) {
  const support::ParsedQuantity parsed = support::parse_quantity(text, dimension);
  if (!parsed.error.empty())
    bad_option(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number,
               option + ": " + parsed.error);
  if (parsed.value < 0 || (above_zero && parsed.value == 0))
    bad_option(DiagnosticCode::out_of_range, option + " is " + (above_zero ? "above 0" : "not below 0"));
  return parsed.value;
}

template <typename Integer>
std::optional<Integer> integer(std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

gate_level::Conditions conditions(const GateRequest& request) {
  gate_level::Conditions out;
  out.period_s = quantity("--period", request.period, Dimension::time, true);
  out.input_slew_s = quantity("--input-slew", request.input_slew, Dimension::time, false);
  out.clock_slew_s = quantity("--clock-slew", request.clock_slew, Dimension::time, false);
  out.output_load_f = quantity("--output-load", request.output_load, Dimension::capacitance, false);
  if (!request.wire_per_load.empty())
    out.wire_f_per_load = quantity("--wire-per-load", request.wire_per_load, Dimension::capacitance, false);
  out.wire_load = request.wire_load;
  if (!request.wire_load.empty() && !request.wire_per_load.empty())
    bad_option(DiagnosticCode::conflict, "--wire-per-load and --wire-load exclude one another");
  if (request.internal_rule != "mean" && request.internal_rule != "opensta-2.0.17")
    bad_option(DiagnosticCode::unknown_choice,
               "--internal-rule: '" + request.internal_rule + "' is none of mean, opensta-2.0.17");
  out.rule =
      request.internal_rule == "mean" ? gate_level::AveragingRule::mean : gate_level::AveragingRule::opensta_2_0_17;
  if (!request.clock_tree.empty()) {
    const std::size_t colon = request.clock_tree.find(':');
    const auto fanout = integer<unsigned>(std::string_view(request.clock_tree).substr(0, colon));
    if (colon == std::string::npos || !fanout || *fanout < 2)
      bad_option(DiagnosticCode::usage, "--clock-tree takes LOADS:CELL with at least 2 loads a buffer",
                 "e.g. --clock-tree 16:CLKBUF1");
    out.clock_fanout = *fanout;
    out.clock_buffer = request.clock_tree.substr(colon + 1);
  }
  return out;
}

std::map<std::string, std::uint64_t> held_inputs(const GateRequest& request) {
  std::map<std::string, std::uint64_t> held;
  for (const std::string& text : request.held) {
    const std::size_t equals = text.find('=');
    const auto value =
        equals == std::string::npos ? std::nullopt : integer<std::uint64_t>(std::string_view(text).substr(equals + 1));
    if (!value)
      bad_option(DiagnosticCode::usage, "--hold takes INPUT=VALUE with a whole number, not '" + text + "'",
                 "e.g. --hold reset=0");
    held[text.substr(0, equals)] = *value;
  }
  return held;
}

void check(const GateRequest& request) {
  if (request.vcd.empty() == !request.random)
    bad_option(request.random ? DiagnosticCode::conflict : DiagnosticCode::usage,
               request.random ? "--vcd and --random exclude one another"
                              : "a stimulus is missing: --vcd FILE or --random CYCLES");
  if (request.random && (*request.random < 1 || *request.random > kMostCycles))
    bad_option(DiagnosticCode::out_of_range, "--random takes 1 to 100000000 cycles");
  if (request.vcd.empty() && (!request.scope.empty() || !request.clock.empty()))
    bad_option(DiagnosticCode::conflict, "--scope and --clock belong to --vcd");
  if (!request.vcd.empty() && !request.held.empty()) bad_option(DiagnosticCode::conflict, "--hold belongs to --random");
}

}  // namespace

GateResult run_gate(const GateRequest& request) {
  check(request);
  GateResult result;
  result.conditions = conditions(request);
  const std::map<std::string, std::uint64_t> held = held_inputs(request);
  result.library = std::make_shared<const gate_level::Library>(gate_level::read_liberty(request.library));
  result.netlist = gate_level::read_netlist(request.netlist, result.library, request.top);
  const gate_level::EnergyEvaluator evaluator(result.netlist, result.conditions);
  result.wire_estimate = evaluator.wire_estimate();
  gate_level::Simulator simulator(result.netlist, evaluator.probes());
  std::unique_ptr<gate_level::Stimulus> stimulus;
  gate_level::Simulator::StreamRequest stream;
  if (request.random) {
    stimulus = std::make_unique<gate_level::RandomStimulus>(
        result.netlist, simulator.inputs(), static_cast<std::uint64_t>(*request.random), request.seed, held);
    stream.initial = simulator.zero_state();
  } else {
    stimulus = std::make_unique<gate_level::SampledStimulus>(
        gate_level::read_vcd_inputs(request.vcd, result.netlist, simulator.inputs(), request.scope, request.clock));
    stream.initial = simulator.unknown_state();
    if (stimulus->cycles() == 0)
      throw InputError(DiagnosticCode::file_format, {request.vcd, 1, 1}, "the clock never rises in this dump");
  }
  result.activity = simulator.run(*stimulus, stream);
  result.books = evaluator.evaluate(result.activity);
  // a second pass, because the weights of internal_power are known only after the first
  stream.energy = &result.books.events;
  stream.by_cycle = &result.quanta_by_cycle;
  simulator.run(*stimulus, stream);
  const gate_level::LandauerEvaluator erasure(result.netlist);
  gate_level::Simulator observer(result.netlist, erasure.probes());
  gate_level::Simulator::StreamRequest observed;
  observed.initial = stream.initial;
  const bool sampled = request.random.has_value();
  result.erased = erasure.evaluate(observer.run(*stimulus, observed), sampled);
  result.erased_word = gate_level::erased_word(result.netlist, *stimulus, sampled);
  result.temperature_k = result.library->temperature_c + kZeroCelsius_K;
  for (std::int64_t& quanta : result.quanta_by_cycle) quanta += result.books.every_cycle;
  for (gate_level::NetId n = 2; n < result.netlist.nets.size(); ++n) {
    result.toggles_total += result.activity.toggles[n];
    if (result.netlist.nets[n].clock) result.clock_toggles += 2 * result.activity.cycles;
  }
  return result;
}

}  // namespace szilard::lab
