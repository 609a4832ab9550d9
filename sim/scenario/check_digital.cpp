// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/scenario/build.hpp"
#include "sim/scenario/own_sections.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

std::string size_text(std::uint64_t rows, std::uint64_t columns) {
  return std::to_string(rows) + "x" + std::to_string(columns);
}

void check_size(const Reading& digital, Reader& reader) {
  const Value* rows = digital.find("rows");
  const Value* columns = digital.find("columns");
  if (!rows || !columns) return;
  const std::string& name = digital.section->model;
  std::string list, definition;
  bool is_own = false;
  for (const KnownBaseline& built : known_baselines()) {
    if (name != built.name) continue;
    is_own = built.is_own;
    if (rows->integer == built.rows && columns->integer == built.columns) return;
    list += (list.empty() ? "" : ", ") + size_text(built.rows, built.columns);
    definition += std::to_string(built.columns) + ";";
  }
  const auto wanted = std::max(rows->integer, columns->integer);
  definition += std::to_string(wanted);
  std::string hint = "arrays are square, their sizes multiples of 4 from 4 to 64";
  if (is_own) {
    hint = "its sizes are the SIZES of its szilard_add_baseline";
  } else if (name != "systolic_int8") {
    hint = "its sizes are those of SZILARD_STREAM_SIZES, or of its szilard_add_baseline";
  } else if (rows->integer == columns->integer && wanted % 4 == 0 && wanted <= 64) {
    hint =
        "add it: cmake -B build/release -DSZILARD_SYSTOLIC_SIZES=\"" + definition + "\" && cmake --build build/release";
  }
  reader.error(DiagnosticCode::unsupported_size, rows->where,
               "no " + (name == "systolic_int8" ? std::string("systolic array") : name) + " of " +
                   size_text(rows->integer, columns->integer) + " was built; there are " + list,
               hint);
}

// What one operation of floating point costs is asked for where there are any.
void check_float_energy(const Reading& digital, Reader& reader) {
  const Reading* energy = part_of(digital, "energy");
  if (digital.section->model != "mac_bf16" || !energy || energy->find("library") || energy->failed.count("library") > 0)
    return;
  for (const char* key : {"multiply_bf16", "add_float32"}) {
    if (energy->find(key) || energy->failed.count(key) > 0) continue;
    reader.error(DiagnosticCode::missing_key, energy->where,
                 std::string("mac_bf16 needs 'energy.") + key + "', which neither the scenario nor its preset gives",
                 "use energy: cmos45_horowitz2014, or energy from gates (energy: osu018)");
  }
}

}  // namespace

void check_digital(const Reading& digital, Reader& reader) {
  check_size(digital, reader);
  check_gate_level(digital, true, reader);
  check_float_energy(digital, reader);
}

// A library's own companions mean nothing without it.
void check_gate_level(const Reading& part, bool has_batches, Reader& reader) {
  const Reading* energy = part_of(part, "energy");
  if (!energy) return;
  const Value* library = energy->find("library");
  const Value* share = energy->find("sampled_share");
  if (library && share && !has_batches)
    reader.error(DiagnosticCode::conflict, share->where, "'sampled_share' is for digital platforms only",
                 "the gates of a ReLU unit are simulated in every clock; leave it out");
  for (const char* key :
       {"wire_per_load", "sampled_share", "clock_tree_fanout", "clock_tree_buffer", "net_fanout", "net_buffer"}) {
    const Value* value = energy->find(key);
    if (value && !library)
      reader.error(DiagnosticCode::conflict, value->where, std::string("'") + key + "' needs 'library'",
                   "it describes the gates of a Liberty file; leave it out, or use energy: osu018");
  }
  const std::pair<const char*, const char*> pairs[] = {{"clock_tree_fanout", "clock_tree_buffer"},
                                                       {"net_fanout", "net_buffer"}};
  for (const auto& [fanout, buffer] : pairs) {
    const Value *loads = energy->find(fanout), *cell = energy->find(buffer);
    if (!loads == !cell || energy->failed.count(fanout) > 0 || energy->failed.count(buffer) > 0) continue;
    reader.error(DiagnosticCode::missing_key, (loads ? loads : cell)->where,
                 std::string("'") + (loads ? fanout : buffer) + "' needs '" + (loads ? buffer : fanout) + "'",
                 "give the most loads of a buffer and the library's cell, or neither");
  }
}

}  // namespace szilard::scenario
