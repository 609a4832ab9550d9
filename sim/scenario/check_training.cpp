// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/constants.hpp"
#include "sim/scenario/build.hpp"
#include "sim/scenario/relaxation_times.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

constexpr double kMost_tau = 1e15, kLeast_kT = 1e-3;

void check_time(const Reading& reading, const char* key, bool may_be_zero, Reader& reader) {
  const Value* time = reading.find(key);
  if (!time) return;
  const std::optional<double> tau = relaxation_times(time->text);
  const std::string example = std::string("e.g. ") + key + ": 1000 tau";
  if (!tau) {
    reader.error(DiagnosticCode::wrong_unit, time->where,
                 std::string("'") + key + "' is a number of relaxation times, not '" + time->text + "'", example);
  } else if (!(*tau >= 0 && *tau <= kMost_tau) || (*tau == 0 && !may_be_zero)) {
    reader.error(DiagnosticCode::out_of_range, time->where,
                 std::string("'") + key +
                     (may_be_zero ? "' must lie between 0 and 1e15 tau" : "' must be above 0 and at most 1e15 tau"),
                 example);
  }
}

void check_clamping(const Reading& training, Reader& reader) {
  const Value* nudge = training.find("nudge");
  const bool nudged = training.is("clamping", "nudged");
  if (nudge && !nudged)
    reader.error(DiagnosticCode::conflict, nudge->where, "'nudge' belongs to clamping: nudged",
                 "leave it out, or nudge the outputs");
  if (nudged && !nudge && !training.failed.count("nudge"))
    reader.error(DiagnosticCode::missing_key, training.at("clamping").where, "clamping: nudged needs 'nudge'",
                 "e.g. nudge: 0.01: the spring's stiffness over that of output units");
}

}  // namespace

void check_training(const Reading& training, double temperature_k, Reader& reader) {
  for (const char* key : {"exposure", "parameter_time"}) check_time(training, key, false, reader);
  check_time(training, "switch", true, reader);
  if (const Value* freeze = training.find("freeze")) check_time(freeze->below.front(), "time", false, reader);
  if (const Value* copy = training.find("copy")) check_time(copy->below.front(), "time", false, reader);
  const Value *labels = training.find("labels"), *targets = training.find("targets");
  if (labels && targets)
    reader.error(DiagnosticCode::conflict, targets->where, "'labels' and 'targets' exclude one another",
                 "an entry has one target");
  if (!labels && !targets && !training.failed.count("labels") && !training.failed.count("targets"))
    reader.error(DiagnosticCode::missing_key, training.where, "'training' needs 'labels' or 'targets'",
                 "something to train for");
  check_clamping(training, reader);
  const Value* stiffness = training.find("stiffness");
  if (stiffness && temperature_k > 0 && stiffness->number < kLeast_kT * support::kBoltzmann_J_per_K * temperature_k)
    reader.error(DiagnosticCode::out_of_range, stiffness->where,
                 "'stiffness' is below 0.001 kT at the scenario's temperature", "write it in kT: stiffness: 1e4 kT");
}

}  // namespace szilard::scenario
