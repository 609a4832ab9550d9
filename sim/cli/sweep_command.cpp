// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/progress.hpp"
#include "sim/cli/validators.hpp"
#include "sim/study/study.hpp"

namespace szilard::cli {
namespace {

struct Arguments {
  std::string scenario;
  std::optional<std::string> shard;
  scenario::LoadOptions load;
  study::SweepOptions options;
  std::size_t tasks = 10;
  bool emit_slurm = false, quiet = false, json = false;
};

support::InputError usage(const std::string& text, const std::string& hint) {
  return support::InputError(support::DiagnosticCode::usage, {"command line", 1, 1}, text, hint);
}

/// "I/N" with I from 1 to N.
void read_shard(const std::string& text, study::SweepOptions& options) {
  const std::size_t slash = text.find('/');
  const auto number = [&](const std::string& digits) {
    const bool plain =
        !digits.empty() && digits.size() < 7 && digits.find_first_not_of("0123456789") == std::string::npos;
    return plain ? std::size_t(std::stoul(digits)) : 0;
  };
  options.shard = slash == std::string::npos ? 0 : number(text.substr(0, slash));
  options.shards = slash == std::string::npos ? 0 : number(text.substr(slash + 1));
  if (options.shard < 1 || options.shard > options.shards)
    throw usage("--shard " + text + ": no part of a study", "I/N with I from 1 to N, e.g. --shard 2/4");
}

std::string duration_text(double seconds) {
  char text[64];
  if (seconds < 0) return "";
  if (seconds < 100) std::snprintf(text, sizeof text, ", %.0f s left", seconds);
  else if (seconds < 6000) std::snprintf(text, sizeof text, ", %.0f min left", seconds / 60);
  else std::snprintf(text, sizeof text, ", %.1f h left", seconds / 3600);
  return text;
}

void print_end(const study::SweepEnd& end) {
  std::cout << end.done << " of " << end.total << " points done";
  if (end.failed > 0) std::cout << ", " << end.failed << " failed";
  std::cout << "; " << end.ran << " run now";
  if (end.reused > 0) std::cout << " (" << end.reused << " taken from points of the same content)";
  std::cout << " in " << support::engineering(end.wall_s, "s", 3) << ", " << support::engineering(end.points_s, "s", 3)
            << " of simulation\nwritten to " << end.directory << "\n";
}

void print_json(const study::SweepEnd& end) {
  std::cout << "{\"total\": " << end.total << ", \"done\": " << end.done << ", \"failed\": " << end.failed
            << ", \"ran\": " << end.ran << ", \"reused\": " << end.reused
            << ", \"points_s\": " << support::shortest(end.points_s)
            << ", \"wall_s\": " << support::shortest(end.wall_s) << "}\n";
}

int run_sweep(Arguments arguments) {
  if (arguments.shard) read_shard(*arguments.shard, arguments.options);
  if (arguments.emit_slurm) {
    std::cout << study::slurm_script(arguments.scenario, arguments.load, arguments.options, arguments.tasks);
    return kOk;
  }
  study::SweepEnd end;
  {
    Progress progress(arguments.quiet || arguments.json);
    end = study::sweep(arguments.scenario, arguments.load, arguments.options, [&](const study::SweepProgress& now) {
      char rate[64];
      std::snprintf(rate, sizeof rate, ", %.3g/s", now.per_second);
      const std::size_t ended = now.done + now.failed;
      progress.show(
          "sweep",
          std::to_string(ended) + "/" + std::to_string(now.total) + " points" + rate + duration_text(now.left_s),
          double(ended) / double(std::max<std::size_t>(1, now.total)));
    });
  }
  if (end.is_helper) return end.signal != 0 ? 128 + end.signal : int(kOk);
  arguments.json ? print_json(end) : print_end(end);
  for (const std::string& message : end.messages) std::cerr << "failed: " << message << '\n';
  if (!end.shortfall.empty()) std::cerr << end.shortfall << '\n';
  if (end.signal != 0) {
    std::cerr << "interrupted: " << end.total - end.done - end.failed << " points are open; --resume continues\n";
    return 128 + end.signal;
  }
  return end.failed > 0 ? kFailedPoints : kOk;
}

int run_merge(const std::string& directory, bool json) {
  const study::SweepEnd end = study::merge(directory);
  if (json) {
    print_json(end);
  } else {
    std::cout << end.done << " of " << end.total << " points done";
    if (end.failed > 0) std::cout << ", " << end.failed << " failed";
    std::cout << "; joined in " << directory << "/study.sqlite\n";
  }
  return kOk;
}

}  // namespace

std::function<int()> add_sweep(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("sweep", "runs the study that a scenario's sweep section declares");
  command->footer(
      "Example: szilard sweep scenarios/noise-levels/scenario.yaml -o out/noise --jobs 2\n"
      "         mpirun -n 4 szilard sweep scenarios/noise-levels/scenario.yaml -o out/noise\n"
      "Exit code 3: some points failed.");
  command->add_option("scenario", arguments->scenario, "scenario file")->required();
  command->add_option("-o,--output", arguments->options.directory, "folder of the study (default out/NAME)");
  command
      ->add_option("--jobs", arguments->options.jobs,
                   "runs at a time (default: one a processor; under mpirun one a rank)")
      ->check(CLI::Range(1, 1024));
  CLI::Option* shard = command->add_option("--shard", arguments->shard,
                                           "I/N: only every N-th point, from the I-th, into a file of its own");
  CLI::Option* slurm = command
                           ->add_flag("--emit-slurm", arguments->emit_slurm,
                                      "a Slurm script on stdout: an array with a shard a task, then a merge")
                           ->excludes(shard);
  command->add_option("--tasks", arguments->tasks, "tasks of the Slurm array (default 10)")
      ->check(CLI::Range(1, 100000))
      ->needs(slurm);
  command->add_flag("--resume", arguments->options.resume, "continues the study in the folder, or starts it");
  command->add_option("--set", arguments->load.overrides, "KEY.PATH=VALUE overrides a key; may be given again")
      ->allow_extra_args(false);
  command->add_option("--seed", arguments->load.seed, "first seed of every point")->check(not_negative());
  command->add_option("--samples", arguments->load.samples, "how many samples of the data set")->check(at_least_one());
  command->add_flag("--json", arguments->json, "one JSON object");
  command->add_flag("-q,--quiet", arguments->quiet, "no progress");
  return [arguments] { return run_sweep(*arguments); };
}

std::function<int()> add_merge(CLI::App& app) {
  const auto directory = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("merge", "joins the shards of a study");
  command->add_option("study", *directory, "folder with the shards' files")->required();
  command->add_flag("--json", *json, "one JSON object");
  return [directory, json] { return run_merge(*directory, *json); };
}

std::function<int()> add_results(CLI::App& app) {
  struct Options {
    std::string directory;
    study::SpreadOptions spread;
    bool csv = false, json = false, all = false, is_spread = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("results", "the rows of a study: axes, seed, metrics; or their spread over seeds");
  command->footer("Example: szilard results out/noise --spread --metric rram.accuracy --against 1 --plot spread.svg");
  command->add_option("study", options->directory, "what `szilard sweep` wrote")->required();
  CLI::Option* csv = command->add_flag("--csv", options->csv, "every metric, comma-separated");
  command->add_flag("--json", options->json, "one JSON object")->excludes(csv);
  CLI::Option* all = command->add_flag("--all", options->all, "also state, times, host and attempts");
  CLI::Option* spread =
      command->add_flag("--spread", options->is_spread, "mean, 95 % interval and deviation over seeds of each point")
          ->excludes(all);
  command
      ->add_option("--metric", options->spread.metrics,
                   "energy, accuracy, latency, ..., PLATFORM.METRIC or a column; may be given again")
      ->allow_extra_args(false)
      ->needs(spread);
  command->add_option("--against", options->spread.against, "point, from 1: differences from it, significant or not")
      ->check(at_least_one())
      ->needs(spread);
  command->add_option("--plot", options->spread.plot, "picture, .svg or .png")->needs(spread);
  return [options] {
    const auto format = options->csv    ? study::ResultsFormat::csv
                        : options->json ? study::ResultsFormat::json
                                        : study::ResultsFormat::table;
    options->spread.format = format;
    if (options->is_spread) study::print_spread(std::cout, options->directory, options->spread);
    else study::print_results(std::cout, options->directory, format, options->all);
    return int(kOk);
  };
}

std::function<int()> add_pareto(CLI::App& app) {
  struct Options {
    std::string directory;
    study::ParetoOptions pareto;
    bool csv = false, json = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("pareto", "what no other point and platform of a study beats in two metrics");
  command->footer("Example: szilard pareto out/noise --x energy --y accuracy --plot front.svg");
  command->add_option("study", options->directory, "what `szilard sweep` wrote")->required();
  const char* const kMetrics =
      "energy, accuracy, latency, area, throughput, power, error, or a path in a platform's summary";
  command->add_option("--x", options->pareto.x, kMetrics);
  command->add_option("--y", options->pareto.y, kMetrics);
  command->add_option("--plot", options->pareto.plot, "picture, .svg or .png");
  CLI::Option* csv = command->add_flag("--csv", options->csv, "every candidate, comma-separated");
  command->add_flag("--json", options->json, "one JSON object")->excludes(csv);
  return [options] {
    options->pareto.format = options->csv    ? study::ResultsFormat::csv
                             : options->json ? study::ResultsFormat::json
                                             : study::ResultsFormat::table;
    study::print_pareto(std::cout, options->directory, options->pareto);
    return int(kOk);
  };
}

std::function<int()> add_tornado(CLI::App& app) {
  struct Options {
    std::string scenario;
    scenario::LoadOptions load;
    study::TornadoOptions tornado;
    double percent = 10;
    bool all = false, csv = false, json = false, quiet = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("tornado", "which number a metric depends on most, changed one at a time");
  command->footer("Example: szilard tornado scenarios/digits-mlp/scenario.yaml --metric rram.energy --percent 10");
  command->add_option("scenario", options->scenario, "scenario file")->required();
  command
      ->add_option(
          "--metric", options->tornado.metric,
          "PLATFORM.METRIC: energy, accuracy, latency, area, throughput, power, error, or a path in its summary")
      ->required();
  command->add_option("--percent", options->percent, "each number is changed by this, down and up")
      ->check(CLI::Range(1e-6, 99.0));
  command->add_option("--key", options->tornado.keys, "only this number; may be given again")->allow_extra_args(false);
  command->add_option("--jobs", options->tornado.jobs, "runs at a time (default: one a processor)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--set", options->load.overrides, "KEY.PATH=VALUE overrides a key; may be given again")
      ->allow_extra_args(false);
  command->add_option("--samples", options->load.samples, "how many samples of the data set")
      ->check(CLI::PositiveNumber);
  command->add_flag("--all", options->all, "every number that makes a difference, not the twenty that make most");
  command->add_option("--plot", options->tornado.plot, "picture, .svg or .png");
  command->add_option("--study", options->tornado.study,
                      "folder of a study whose page (`szilard report`) is to show the ranking");
  CLI::Option* csv = command->add_flag("--csv", options->csv, "comma-separated");
  command->add_flag("--json", options->json, "one JSON object")->excludes(csv);
  command->add_flag("-q,--quiet", options->quiet, "no progress");
  return [options] {
    options->tornado.change = options->percent / 100;
    if (options->all) options->tornado.most = 0;
    options->tornado.format = options->csv    ? study::ResultsFormat::csv
                              : options->json ? study::ResultsFormat::json
                                              : study::ResultsFormat::table;
    std::ostringstream text;
    {
      Progress progress(options->quiet || options->json);
      study::print_tornado(text, options->scenario, options->load, options->tornado,
                           [&](std::size_t done, std::size_t all) {
                             progress.show("tornado", std::to_string(done) + "/" + std::to_string(all) + " runs",
                                           double(done) / double(all));
                           });
    }
    std::cout << text.str();
    return int(kOk);
  };
}

}  // namespace szilard::cli
