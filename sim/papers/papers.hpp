// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"

/// Published chips held against scenarios that rebuild them from their inputs.
namespace szilard::papers {

/// What a figure was had from.
enum class Grade {
  table,  ///< T: the paper's own component figures times counts: tests counting, sharing and closure, predicts nothing
  prediction,  ///< P: component values from elsewhere
  assumed,     ///< P*: a prediction with an assumed value that moves it by more than a fifth
  transfer,    ///< X: one published figure predicts another of the same family
};
std::string grade_name(Grade grade);  ///< "T", "P", "P*", "X"

/// What a simulated figure is divided by.
struct Per {
  enum class Unit { inference, mac, operation, count, time } unit = Unit::inference;
  double value = 1;  ///< count, time [s]: makes an energy a power
  std::string text;
};

/// The scenario with other values, to show what a difference comes from.
struct Experiment {
  std::vector<std::string> set;  ///< KEY.PATH=VALUE
  std::string shows;
};

/// One class of components.
struct ComponentClass {
  std::string name;
  Grade grade = Grade::prediction;
  double published = 0;  ///< SI
  double rounding = 0;   ///< half a unit of its last digit, SI
  std::string source, status;
  enum class Measure { energy, area, time } measure = Measure::energy;
  Per per;
  std::string platform;
  std::vector<std::string> components;  ///< "PATH" or "PATH#MECHANISM" below the platform, * for anything
  std::string scope;                    ///< what the published figure includes
  std::string why;                      ///< what explains the difference
  std::vector<Experiment> experiments;
  support::SourceLocation where;

  support::Dimension dimension() const;
};

/// published.yaml beside a scenario.yaml.
struct Chip {
  std::string file, scenario;
  std::string name, reference, workload;
  std::vector<ComponentClass> classes;
};

/// Throws InputError with everything found wrong.
Chip load_chip(const std::string& file);
/// Every published.yaml at or below these paths, in the order of their paths.
std::vector<std::string> find_chips(const std::vector<std::string>& paths);

/// A class with what the runs say.
struct Score {
  double simulated = 0;             ///< SI
  std::vector<double> experiments;  ///< of each, likewise
};
struct ChipScores {
  Chip chip;
  std::vector<Score> scores;  ///< of each class
};

double log2_ratio(double simulated, double published);

/// A figure of a run's summary.json. Throws InputError at the class where the run has no such platform or component.
double figure(const ComponentClass& one, const std::string& summary_text);

/// What holds or not: T within 0.5 % or the published figure's last digit, X within 10 %, P and P* within a factor of
/// two or an experiment that shows why not.
std::vector<std::string> failures(const std::vector<ChipScores>& chips);
void print_table(const std::vector<ChipScores>& chips, std::ostream& out);
void print_page(const std::vector<ChipScores>& chips, std::ostream& out);  ///< Markdown
void print_chip(const ChipScores& chip, std::ostream& out);  ///< Markdown: the README.md of its folder, below the title

}  // namespace szilard::papers
