// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace szilard::study {

struct SweepOptions {
  std::string directory;  ///< empty: out/NAME
  std::size_t jobs = 0;   ///< runs at a time; 0: one a processor
  std::size_t shard = 1, shards = 1;
  bool resume = false;
};

struct SweepProgress {
  std::size_t done = 0, failed = 0, total = 0;
  double per_second = 0, left_s = 0;  ///< left_s below 0: not known yet
};

struct SweepEnd {
  std::string directory;
  std::size_t total = 0, done = 0, failed = 0, ran = 0, reused = 0;
  double points_s = 0;      ///< sum of the times of the runs themselves
  double points_cpu_s = 0;  ///< and of their processor time; without the tries of a search (iso)
  double wall_s = 0;
  int signal = 0;                     ///< that ended it early; 0: none
  bool is_helper = false;             ///< this process ran points for rank 0, which has the figures above
  std::vector<std::string> messages;  ///< of failed points, the first few
  std::string shortfall;              ///< of `iso`: where its metric is not held, and a hint; empty: nowhere
};

/// `szilard sweep`: runs the open points of the study that a scenario declares, each in a process of its own, up to
/// `jobs` at a time. Figures do not depend on jobs, shards, ranks, order, or on how often it was interrupted. Where
/// mpirun or srun started several and no shard is asked for, rank 0 hands out points and the others run them. Throws
/// InputError (also where the folder holds a study and `resume` is not set) and EnvironmentError (disk full: what was
/// done is kept).
SweepEnd sweep(const std::string& scenario, const scenario::LoadOptions& load, const SweepOptions& options,
               const std::function<void(const SweepProgress&)>& on_progress);

/// `szilard sweep --emit-slurm`: a script that runs the study as a Slurm array, a shard a task, and merges them. Throws
/// InputError.
std::string slurm_script(const std::string& scenario, const scenario::LoadOptions& load, const SweepOptions& options,
                         std::size_t tasks);

/// `szilard merge`: joins the shard files found in a folder into its study.sqlite. Returns what the study now has.
SweepEnd merge(const std::string& directory);

enum class ResultsFormat { table, csv, json };
/// `szilard results`: one row a point, last axis fastest, then seed. Columns: axes, seed, metrics; with `all` also
/// state, times, host and attempts. The table shows the leading metrics only.
void print_results(std::ostream& out, const std::string& directory, ResultsFormat format, bool all);

struct SpreadOptions {
  std::vector<std::string>
      metrics;  ///< "energy" of every platform, "rram.energy" or a column; empty: accuracy and energy
  std::optional<std::size_t> against;  ///< point, from 1, that the others are held against
  ResultsFormat format = ResultsFormat::table;
  std::string plot;  ///< .svg or .png; empty: none
};
/// `szilard results --spread`: one row a point and metric with mean, 95 % confidence interval, standard deviation,
/// least and most over seeds; with `against` the difference from that point, paired seed by seed, and whether it is
/// more than the seeds' spread.
/// Throws InputError.
void print_spread(std::ostream& out, const std::string& directory, const SpreadOptions& options);

struct ParetoOptions {
  std::string x = "energy",
              y = "accuracy";  ///< energy, latency, area, throughput, power, error, or a path in a platform's summary
  ResultsFormat format = ResultsFormat::table;
  std::string plot;  ///< .svg or .png; empty: none
};
/// `szilard pareto`: what no other point and platform of a study beats in both metrics, each the mean over seeds with
/// its 95 % confidence interval. More is better of accuracy, agreement and throughput; of everything else, less. Throws
/// InputError.
void print_pareto(std::ostream& out, const std::string& directory, const ParetoOptions& options);

struct TornadoOptions {
  std::string metric;             ///< PLATFORM.METRIC, the latter as for pareto: "rram.energy"
  double change = 0.1;            ///< relative, down and up; integers change by 1 at least
  std::vector<std::string> keys;  ///< empty: every number of the platform, and those of no platform
  std::size_t jobs = 0;           ///< 0: one a processor
  std::size_t most = 20;          ///< rows of the table and the picture; 0: all
  ResultsFormat format = ResultsFormat::table;
  std::string plot;   ///< .svg or .png; empty: none
  std::string study;  ///< folder of a study that gets tornado-METRIC.json, for its page; empty: none
};
/// `szilard tornado`: sensitivity of one metric to one number at a time, the largest first. A change that the scenario
/// refuses has no figure. Throws InputError.
void print_tornado(std::ostream& out, const std::string& scenario, const scenario::LoadOptions& load,
                   const TornadoOptions& options,
                   const std::function<void(std::size_t done, std::size_t all)>& on_progress);

}  // namespace szilard::study
