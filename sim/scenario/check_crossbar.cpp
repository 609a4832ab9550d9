// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include "models/support/constants.hpp"
#include "sim/scenario/build.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

void check_programming(const Reading& linear, Reader& reader) {
  const Value* programming = linear.find("programming");
  if (!programming) return;
  for (const char* needed : {"write_voltage", "write_time"}) {
    if (linear.find(needed) || linear.failed.count(needed) > 0) continue;
    reader.error(DiagnosticCode::missing_key, programming->where,
                 std::string("'programming' needs '") + needed + "', which neither the scenario nor its preset gives",
                 std::string("give ") + needed + ", or leave programming out");
  }
}

// Places ascend and go with as many values.
bool check_places(const Reading& linear, const char* key, std::initializer_list<const char*> tables, Reader& reader) {
  const Value* places = linear.find(key);
  if (!places) return false;
  if (places->numbers.size() < 2)
    reader.error(DiagnosticCode::wrong_type, places->where, std::string("'") + key + "' takes two places or more");
  for (std::size_t i = 1; i < places->numbers.size(); ++i) {
    if (places->numbers[i] > places->numbers[i - 1]) continue;
    reader.error(DiagnosticCode::out_of_range, places->where, std::string("the places of '") + key + "' do not ascend");
    break;
  }
  for (const char* table : tables) {
    const Value* values = linear.find(table);
    if (!values || values->is_word || values->numbers.size() == places->numbers.size()) continue;
    reader.error(DiagnosticCode::conflict, values->where,
                 std::string("'") + table + "' has " + std::to_string(values->numbers.size()) + " values for the " +
                     std::to_string(places->numbers.size()) + " places of '" + key + "'");
  }
  return true;
}

void check_relaxation(const Reading& linear, Reader& reader) {
  check_places(linear, "read_noise_at", {"read_noise_table"}, reader);
  if (const Value* table = linear.find("read_noise_table")) {
    if (*std::min_element(table->numbers.begin(), table->numbers.end()) < 0)
      reader.error(DiagnosticCode::out_of_range, table->where, "'read_noise_table' takes no negative number");
  }
  const Value* times = linear.find("relaxation_times");
  if (!linear.is("relaxation", "measured") || !times) return;
  for (std::size_t i = 1; i < times->numbers.size(); ++i) {
    if (times->numbers[i] > times->numbers[i - 1]) continue;
    reader.error(DiagnosticCode::out_of_range, times->where, "the times of 'relaxation_times' do not ascend");
    return;
  }
  const Value* places = linear.find("programming_error_at");
  for (const char* key : {"relaxation_error", "relaxation_shift"}) {
    const Value* values = linear.find(key);
    if (!values) continue;
    const std::size_t count = values->numbers.size(), rows = times->numbers.size();
    if (count % rows == 0 && (!places || count == rows * places->numbers.size())) continue;
    reader.error(DiagnosticCode::conflict, values->where,
                 std::string("'") + key + "' has " + std::to_string(count) + " numbers, which are not " +
                     (places ? std::to_string(places->numbers.size()) : std::string("as many")) + " for each of " +
                     std::to_string(rows) + " times");
  }
  const Value* age = linear.find("age");
  if (age && age->number > times->numbers.back()) {
    reader.error(
        DiagnosticCode::conflict, age->where,
        "'age' lies beyond the last measurement of the relaxation, " + support::engineering(times->numbers.back(), "s"),
        "no law reaches so far");
  }
}

// Lists of a fixed length, laws whose limits are in order, effects of time that need an age.
void check_history(const Reading& linear, Reader& reader) {
  for (const auto& [key, length] : {std::pair<const char*, std::size_t>{"flicker_noise", 3},
                                    std::pair<const char*, std::size_t>{"drift_exponent", 4},
                                    std::pair<const char*, std::size_t>{"drift_exponent_spread", 4}}) {
    const Value* value = linear.find(key);
    if (!value || linear.find(length == 3 ? "flicker_at" : "drift_at")) continue;
    if (value->numbers.size() != length) {
      reader.error(DiagnosticCode::wrong_type, value->where,
                   std::string("'") + key + "' takes " + std::to_string(length) + " numbers, not " +
                       std::to_string(value->numbers.size()));
    } else if (length == 4 && (value->numbers[2] < 0 || value->numbers[2] > value->numbers[3])) {
      reader.error(DiagnosticCode::out_of_range, value->where,
                   std::string("the limits in '") + key + "' must be at least 0, and the lower one first");
    } else if (length == 3 && *std::min_element(value->numbers.begin(), value->numbers.end()) < 0) {
      reader.error(DiagnosticCode::out_of_range, value->where, std::string("'") + key + "' takes no negative number");
    }
  }
  check_places(linear, "flicker_at", {"flicker_noise"}, reader);
  check_places(linear, "drift_at", {"drift_exponent", "drift_exponent_spread"}, reader);
  check_relaxation(linear, reader);
  const Value* on = linear.find("stuck_on");
  const Value* off = linear.find("stuck_off");
  if (on && off && on->number + off->number > 1) {
    reader.error(DiagnosticCode::conflict, off->where, "'stuck_on' and 'stuck_off' are more than all cells together");
  }
  const Value* age = linear.find("age");
  if (linear.failed.count("age") > 0 || (age && age->number > 0)) return;
  const char* needs = linear.is("drift", "power_law")       ? "drift"
                      : linear.is("read_noise", "flicker")  ? "read_noise"
                      : linear.is("relaxation", "measured") ? "relaxation"
                      : linear.find("retention_time")       ? "retention_time"
                                                            : nullptr;
  if (!needs) return;
  reader.error(DiagnosticCode::conflict, linear.at(needs).where,
               std::string("'") + needs + "' has no effect at an age of 0 s",
               "say when the array is read: age: 3600 s");
}

void check_sizes_and_device(const Reading& linear, Reader& reader) {
  const Value* low = linear.find("minimum_conductance");
  const Value* high = linear.find("maximum_conductance");
  if (low && high && low->number >= high->number) {
    reader.error(DiagnosticCode::conflict, low->where, "'minimum_conductance' is not below 'maximum_conductance'");
  }
  const Value* levels = linear.find("levels");
  if (levels && levels->integer == 1) {
    reader.error(DiagnosticCode::out_of_range, levels->where, "'levels' is 1; allowed: 0 (continuous) or at least 2");
  }
  const Value* error = linear.find("programming_error");
  if (check_places(linear, "programming_error_at", {"programming_error"}, reader)) {
    if (error && !error->is_word && *std::min_element(error->numbers.begin(), error->numbers.end()) < 0)
      reader.error(DiagnosticCode::out_of_range, error->where,
                   "'programming_error' gives a negative standard deviation");
    return;
  }
  if (!error || error->is_word || !low || !high || low->number >= high->number) return;
  constexpr int kPlacesOfContinuousDevices = 1001;
  const int places = levels && levels->integer > 1 ? static_cast<int>(levels->integer) : kPlacesOfContinuousDevices;
  for (int i = 0; i < places; ++i) {
    const double g = (low->number + (high->number - low->number) * i / (places - 1)) / high->number;
    double sigma = 0;
    for (auto c = error->numbers.rbegin(); c != error->numbers.rend(); ++c) sigma = sigma * g + *c;
    if (sigma >= 0) continue;
    reader.error(DiagnosticCode::out_of_range, error->where,
                 "'programming_error' gives a negative standard deviation at " + support::engineering(g, "", 3) +
                     " of the maximum conductance");
    return;
  }
}

}  // namespace

void check_crossbar(const Reading& linear, Reader& reader) {
  check_sizes_and_device(linear, reader);
  check_history(linear, reader);
  check_programming(linear, reader);
}

}  // namespace szilard::scenario
