// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <ostream>

#include "sim/papers/papers.hpp"
#include "sim/report/text_table.hpp"

namespace szilard::papers {
namespace {

constexpr double kTableShare = 0.005, kTransferShare = 0.10;

std::string in_units(const ComponentClass& one, double value) {
  std::string text = one.measure == ComponentClass::Measure::area
                         ? support::engineering(value * 1e6, "", 4) + " mm2"
                         : support::engineering(value, support::si_unit(one.dimension()), 4);
  const std::string& per = one.per.text;
  const bool has_events = one.per.unit == Per::Unit::mac || one.per.unit == Per::Unit::operation;
  return has_events ? text + "/" + (per == "mac" ? "MAC" : "op") : text;
}

std::string signed_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.2f", value == 0 ? 0.0 : value);
  return std::string(text) == "-0.00" ? "+0.00" : text;
}

std::string deviation(const ComponentClass& one, double simulated) {
  if (one.grade != Grade::table && one.grade != Grade::transfer)
    return signed_text(log2_ratio(simulated, one.published));
  char text[48];
  std::snprintf(text, sizeof text, "%s (%+.1f %%)", signed_text(log2_ratio(simulated, one.published)).c_str(),
                (simulated / one.published - 1) * 100 + 0.0);
  return text;
}

bool is_predicted(const ComponentClass& one) { return one.grade == Grade::prediction || one.grade == Grade::assumed; }

bool holds(const ComponentClass& one, double simulated) {
  const double off = std::abs(simulated / one.published - 1);
  constexpr double kSlack = 1 + 1e-9;
  if (one.grade == Grade::table)
    return off <= kTableShare || std::abs(simulated - one.published) <= one.rounding * kSlack;
  if (one.grade == Grade::transfer) return off <= kTransferShare;
  return std::abs(log2_ratio(simulated, one.published)) <= 1;
}

struct Tally {
  int held = 0, all = 0;
};
template <typename Counts>
Tally tally(const std::vector<ChipScores>& chips, Counts counts) {
  Tally sum;
  for (const ChipScores& chip : chips) {
    for (std::size_t i = 0; i < chip.scores.size(); ++i) {
      const ComponentClass& one = chip.chip.classes[i];
      if (!counts(one)) continue;
      ++sum.all;
      sum.held += holds(one, chip.scores[i].simulated);
    }
  }
  return sum;
}

std::vector<std::string> tally_lines(const std::vector<ChipScores>& chips) {
  const Tally tables = tally(chips, [](const ComponentClass& one) { return one.grade == Grade::table; });
  const Tally predicted = tally(chips, is_predicted);
  const Tally moved = tally(chips, [](const ComponentClass& one) { return one.grade == Grade::transfer; });
  const auto text = [](const Tally& sum) { return std::to_string(sum.held) + " of " + std::to_string(sum.all); };
  return {"T within 0.5 % or the last digit published: " + text(tables),
          "P and P* within a factor of two: " + text(predicted) +
              (3 * predicted.held >= 2 * predicted.all ? " (two thirds or more)" : " (less than two thirds)"),
          "X within 10 %: " + text(moved)};
}

std::string anchor(const std::string& title) {
  std::string out;
  for (const char c : title) {
    if (c == ' ') out += '-';
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') out += c;
    else if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::vector<std::string> failures(const std::vector<ChipScores>& chips) {
  std::vector<std::string> found;
  for (const ChipScores& chip : chips) {
    for (std::size_t i = 0; i < chip.scores.size(); ++i) {
      const ComponentClass& one = chip.chip.classes[i];
      if (holds(one, chip.scores[i].simulated) || (is_predicted(one) && !one.experiments.empty())) continue;
      const std::string what = one.grade == Grade::table ? "is off by more than 0.5 %"
                               : one.grade == Grade::transfer
                                   ? "is off by more than 10 %"
                                   : "is off by more than a factor of two, and no experiment shows why";
      found.push_back(chip.chip.name + ", " + one.name + " (" + grade_name(one.grade) + ") " + what + ": " +
                      in_units(one, chip.scores[i].simulated) + ", published " + in_units(one, one.published));
    }
  }
  return found;
}

void print_chip(const ChipScores& chip, std::ostream& out) {
  out << chip.chip.reference << "\n\nWhat was run: " << chip.chip.workload << "\n\n"
      << "| class | grade | published | simulated | log2 | what the published figure includes | its source "
         "|\n|---|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < chip.scores.size(); ++i) {
    const ComponentClass& one = chip.chip.classes[i];
    out << "| " << one.name << " | " << grade_name(one.grade) << " | " << in_units(one, one.published) << " | "
        << in_units(one, chip.scores[i].simulated) << " | " << deviation(one, chip.scores[i].simulated) << " | "
        << one.scope << " | " << one.source << " (" << one.status << ") |\n";
  }
  out << "\nWhere the differences come from:\n\n";
  for (std::size_t i = 0; i < chip.scores.size(); ++i) {
    const ComponentClass& one = chip.chip.classes[i];
    out << "- **" << one.name << "**: " << one.why << "\n";
    for (std::size_t e = 0; e < one.experiments.size(); ++e) {
      const double value = chip.scores[i].experiments[e];
      out << "    - experiment";
      for (const std::string& set : one.experiments[e].set) out << " `" << set << "`";
      out << ": " << in_units(one, value) << ", log2 " << signed_text(log2_ratio(value, one.published)) << ". "
          << one.experiments[e].shows << "\n";
    }
  }
}

void print_table(const std::vector<ChipScores>& chips, std::ostream& out) {
  using Align = report::TextTable::Align;
  report::TextTable table({{"chip"},
                           {"class"},
                           {"grade"},
                           {"published", Align::right},
                           {"simulated", Align::right},
                           {"log2", Align::right}});
  for (const ChipScores& chip : chips) {
    for (std::size_t i = 0; i < chip.scores.size(); ++i) {
      const ComponentClass& one = chip.chip.classes[i];
      table.add({chip.chip.name, one.name, grade_name(one.grade), in_units(one, one.published),
                 in_units(one, chip.scores[i].simulated), deviation(one, chip.scores[i].simulated)});
    }
  }
  table.print(out);
  for (const std::string& line : tally_lines(chips)) out << line << "\n";
}

void print_page(const std::vector<ChipScores>& chips, std::ostream& out) {
  out << "# Published chips\n\n"
         "<!-- Written by the program from scenarios/papers: change published.yaml or scenario.yaml there, then run\n"
         "`szilard papers --markdown > docs/chips.md`. -->\n\n"
         "Chips of the literature, rebuilt from their inputs and held against what was published, class of components "
         "by class. Nothing is\n"
         "tuned: no preset has a multiplier for a chip, and what comes out badly stands here like the rest. `szilard "
         "papers` runs all of it anew.\n\n"
         "Grades: **T** the paper's own component figures times counts: tests counting, sharing and closure, and "
         "predicts nothing;\n"
         "**P** component values from elsewhere (CV², V²Gt, devices' data, models of converters), the chip's published "
         "energies no input;\n"
         "**P\\*** likewise with an assumed value that moves the result by more than 20 %; **X** one published figure "
         "predicts another of the\n"
         "same family. The score is log2(simulated / published): 0 is exact, ±1 a factor of two. Totals may be right "
         "by compensation: they are scored\n"
         "only where nothing else was published.\n\n";
  for (const std::string& line : tally_lines(chips))
    out << "- " << (line[0] == 'P' ? "P and P\\*" + line.substr(8) : line) << "\n";
  out << "\n| chip | class | grade | published | simulated | log2 |\n|---|---|---|---|---|---|\n";
  for (const ChipScores& chip : chips) {
    for (std::size_t i = 0; i < chip.scores.size(); ++i) {
      const ComponentClass& one = chip.chip.classes[i];
      out << "| [" << chip.chip.name << "](#" << anchor(chip.chip.name) << ") | " << one.name << " | "
          << grade_name(one.grade) << " | " << in_units(one, one.published) << " | "
          << in_units(one, chip.scores[i].simulated) << " | " << deviation(one, chip.scores[i].simulated) << " |\n";
    }
  }
  for (const ChipScores& chip : chips) {
    out << "\n## " << chip.chip.name << "\n\n";
    print_chip(chip, out);
  }
}

}  // namespace szilard::papers
