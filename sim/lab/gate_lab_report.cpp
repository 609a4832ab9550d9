// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <ostream>

#include "models/support/constants.hpp"
#include "models/support/units.hpp"
#include "sim/lab/gate_lab.hpp"

namespace szilard::lab {
namespace {

using Json = nlohmann::ordered_json;
using support::engineering;

constexpr std::size_t kMostCells = 10;

struct Part {
  const char* name;
  energy::Quanta gate_level::EnergyParts::*member;
};
constexpr Part kParts[] = {{"switching", &gate_level::EnergyParts::switching},
                           {"internal", &gate_level::EnergyParts::internal},
                           {"clock", &gate_level::EnergyParts::clock},
                           {"leakage", &gate_level::EnergyParts::leakage},
                           {"wire", &gate_level::EnergyParts::wire}};

double landauer_j(const GateResult& result, double bits) {
  return bits * support::kBoltzmann_J_per_K * result.temperature_k * support::kLn2;
}

/// The three conventions of gate_level::ErasedBits, by name.
std::vector<std::pair<const char*, std::optional<double>>> conventions(const GateResult& result) {
  return {{"word", result.erased_word.bits}, {"register", result.erased.register_}, {"gate", result.erased.gate}};
}

/// What the cells of one kind forget.
struct Forgetting {
  std::string kind;
  std::size_t cells = 0;
  double bits = 0;  ///< of all of them, whole run
  std::optional<double> uniform_bit;
};
std::vector<Forgetting> forgetting_by_kind(const GateResult& result) {
  std::map<std::string, Forgetting> kinds;
  for (std::size_t c = 0; c < result.netlist.cells.size(); ++c) {
    const gate_level::LibraryCell& cell = *result.netlist.cells[c].cell;
    Forgetting& kind = kinds[cell.name];
    if (kind.cells++ == 0) kind.uniform_bit = gate_level::uniform_erased_bit(cell);
    kind.bits += result.erased.by_cell[c];
  }
  std::vector<Forgetting> sorted;
  for (auto& [name, kind] : kinds) {
    kind.kind = name;
    sorted.push_back(kind);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Forgetting& a, const Forgetting& b) { return a.bits > b.bits; });
  return sorted;
}

}  // namespace

std::string gate_json(const GateResult& result) {
  const gate_level::EnergyBooks& books = result.books;
  Json out;
  out["module"] = result.netlist.module;
  out["library"] = result.library->name;
  out["supply_V"] = result.library->voltage_v;
  out["cells"] = result.netlist.cells.size();
  out["flip_flops"] = result.netlist.flip_flops();
  out["period_s"] = result.conditions.period_s;
  out["cycles"] = result.activity.cycles;
  out["toggles_total"] = result.toggles_total;
  out["clock_toggles"] = result.clock_toggles;
  out["energy_J"] = books.joules(books.total.total());
  Json parts;
  for (const Part& part : kParts) parts[std::string(part.name) + "_J"] = books.joules(books.total.*part.member);
  out["parts"] = parts;
  out["clock_tree_J"] = books.joules(books.clock_tree);
  out["wire_estimate"] = result.wire_estimate;
  out["internal_rule"] = result.conditions.rule == gate_level::AveragingRule::mean ? "mean" : "opensta-2.0.17";
  Json landauer = Json::object(), erased = Json::object();
  for (const auto& [name, bits] : conventions(result)) {
    landauer[name] = bits ? Json(landauer_j(result, *bits)) : Json(nullptr);
    erased[name] = bits ? Json(*bits) : Json(nullptr);
  }
  out["landauer_J"] = std::move(landauer);
  out["erased_bit"] = std::move(erased);
  out["landauer_temperature_K"] = result.temperature_k;
  if (!result.erased_word.bits) out["landauer_word_note"] = result.erased_word.note;
  if (!result.erased.gate) out["landauer_gate_note"] = result.erased.gate_note;
  Json by_kind = Json::object(), by_cell = Json::object();
  for (const Forgetting& kind : forgetting_by_kind(result))
    by_kind[kind.kind] = {{"cells", kind.cells},
                          {"erased_bit", kind.bits},
                          {"uniform_inputs_bit", kind.uniform_bit ? Json(*kind.uniform_bit) : Json(nullptr)}};
  for (std::size_t c = 0; c < result.netlist.cells.size(); ++c)
    by_cell[result.netlist.cells[c].name] = result.erased.by_cell[c];
  out["erased_by_cell_type"] = std::move(by_kind);
  out["erased_by_cell"] = std::move(by_cell);
  Json by_net = Json::object();
  for (gate_level::NetId n = 2; n < result.netlist.nets.size(); ++n)
    if (!result.netlist.nets[n].clock) by_net[result.netlist.nets[n].name] = result.activity.toggles[n];
  out["toggles_by_net"] = std::move(by_net);
  Json by_cycle = Json::array();
  for (std::int64_t quanta : result.quanta_by_cycle) by_cycle.push_back(books.joules(energy::Quanta{quanta}));
  out["energy_by_cycle_J"] = std::move(by_cycle);
  return out.dump(2);
}

void print_gate(std::ostream& out, const GateResult& result) {
  const gate_level::EnergyBooks& books = result.books;
  const double cycles = static_cast<double>(result.activity.cycles), total_j = books.joules(books.total.total());
  out << result.netlist.module << " in " << result.library->name << ": " << result.netlist.cells.size() << " cells, "
      << result.netlist.flip_flops() << " flip-flops, " << support::shortest(result.library->voltage_v) << " V; "
      << result.activity.cycles << " cycles of " << engineering(result.conditions.period_s, "s")
      << ", zero delay (no glitches)\n\n"
      << "  " << std::left << std::setw(12) << "" << std::right << std::setw(14) << "in all" << std::setw(14)
      << "a cycle" << std::setw(10) << "share" << '\n';
  const auto row = [&](const char* name, double joules) {
    out << "  " << std::left << std::setw(12) << name << std::right << std::setw(14) << engineering(joules, "J")
        << std::setw(14) << engineering(joules / cycles, "J") << std::setw(9) << std::fixed << std::setprecision(1)
        << (total_j == 0 ? 0 : 100 * joules / total_j) << "%\n";
    out.unsetf(std::ios::floatfield);
  };
  for (const Part& part : kParts) row(part.name, books.joules(books.total.*part.member));
  row("total", total_j);
  out << "\n  toggles      " << result.toggles_total << ", "
      << engineering(static_cast<double>(result.toggles_total) / cycles, "", 5) << " a cycle; clock "
      << result.clock_toggles << "\n  power        " << engineering(total_j / cycles / result.conditions.period_s, "W")
      << "\n  wires        " << result.wire_estimate << '\n';
  if (result.conditions.clock_fanout > 0)
    out << "  clock tree   modelled, " << engineering(books.joules(books.clock_tree) / cycles, "J")
        << " a cycle of the clock's\n";

  out << "\n  Landauer's cost of what is forgotten, a cycle, kT ln2 at " << engineering(result.temperature_k, "K", 4)
      << '\n';
  for (const auto& [name, bits] : conventions(result)) {
    if (!bits) continue;
    out << "  " << std::left << std::setw(12) << name << std::right << std::setw(14)
        << engineering(landauer_j(result, *bits) / cycles, "J") << "  " << engineering(*bits / cycles, "bit", 4)
        << '\n';
  }

  out << "\n  what cells forget      cells  H(in|out) a cell, here      of uniform inputs     all, a cycle\n";
  for (const Forgetting& kind : forgetting_by_kind(result)) {
    if (kind.bits == 0) continue;
    out << "  " << std::left << std::setw(16) << kind.kind << std::right << std::setw(12) << kind.cells << std::setw(25)
        << engineering(kind.bits / cycles / static_cast<double>(kind.cells), "bit", 4) << std::setw(23)
        << (kind.uniform_bit ? engineering(*kind.uniform_bit, "bit", 4) : std::string("-")) << std::setw(17)
        << engineering(kind.bits / cycles, "bit", 4) << '\n';
  }
  out << "  A net that feeds several cells counts in each of them, and correlations between cells are not seen.\n";

  std::vector<std::size_t> order(books.by_cell.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t shown = std::min(order.size(), kMostCells);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      const energy::Quanta x = books.by_cell[a].total(), y = books.by_cell[b].total();
                      return x == y ? a < b : y < x;
                    });
  out << "\n  dearest cells, a cycle\n";
  for (std::size_t i = 0; i < shown; ++i)
    out << "  " << std::setw(12) << engineering(books.joules(books.by_cell[order[i]].total()) / cycles, "J") << "  "
        << result.netlist.cells[order[i]].cell->name << "  " << result.netlist.cells[order[i]].name << '\n';
}

}  // namespace szilard::lab
