// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <list>
#include <poll.h>
#include <thread>
#include <unistd.h>

#include "models/linear/product.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/sha256.hpp"
#include "sim/report/report.hpp"
#include "sim/study/iso_search.hpp"
#include "sim/study/owner.hpp"
#include "sim/study/point_run.hpp"
#include "sim/study/study.hpp"

namespace szilard::study {
namespace {

namespace fs = std::filesystem;
using support::DiagnosticCode;
using support::EnvironmentError;
using support::InputError;

constexpr double kLease = 60, kHeartbeat = 5;  // seconds

volatile std::sig_atomic_t caught_signal = 0;

extern "C" void on_sweep_signal(int number) {
  if (caught_signal != 0) _exit(128 + number);
  caught_signal = number;
}

/// The first signal ends the study in order, the second at once.
class SignalGuard {
 public:
  SignalGuard() {
    caught_signal = 0;
    struct sigaction action = {};
    action.sa_handler = on_sweep_signal;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < 3; ++i) sigaction(kSignals[i], &action, &before_[i]);
  }
  ~SignalGuard() {
    for (int i = 0; i < 3; ++i) sigaction(kSignals[i], &before_[i], nullptr);
  }
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction before_[3];
};

double steady_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string hash(const std::string& text) { return support::sha256(text.data(), text.size()); }

std::string program_text() {
  const report::Versions versions = report::versions();
  return "szilard " + versions.szilard + " " + versions.commit + " " + std::string(linear::instruction_set());
}

/// Points that between them take every value of every axis once, so that a wrong one is told before anything runs. Where points
/// are drawn, the first of them.
std::vector<std::size_t> probes(const Design& design, const scenario::Sweep& sweep) {
  constexpr std::size_t kMost = 1000;
  std::vector<std::size_t> points;
  if (sweep.combine == scenario::Sweep::Combine::grid) {
    std::size_t stride = 1;
    for (std::size_t a = sweep.axes.size(); a-- > 0;) {
      const std::size_t count = design.axis_values(sweep.axes[a]).size();
      for (std::size_t v = 0; v < count && points.size() < kMost; ++v) points.push_back(v * stride);
      stride *= count;
    }
  } else {
    for (std::size_t p = 0; p < std::min(design.points(), std::size_t(64)); ++p) points.push_back(p);
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

/// Refuses values that cannot be; what only fails in some combination fails as a point.
std::string check_points(const scenario::Variants& variants, const Design& design) {
  const scenario::Sweep& sweep = *variants.sweep();
  std::string contents;
  std::vector<support::Diagnostic> problems;
  bool first = true;
  for (const std::size_t point : probes(design, sweep)) {
    try {
      // Files that axes name count as input.
      contents += hash(variants.load(design.settings(point), variants.base().seed).canonical);
    } catch (const InputError& error) {
      const bool names_axis = std::any_of(error.diagnostics().begin(), error.diagnostics().end(), [&](const auto& diagnostic) {
        return diagnostic.code == DiagnosticCode::unknown_key || diagnostic.code == DiagnosticCode::bad_override;
      });
      if (first || names_axis || point == 0) problems.insert(problems.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
    first = false;
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return contents;
}

StudyHeader header_of(const scenario::Variants& variants, const Design& design, const StudyBase& base, const Shard& shard,
                      const std::string& contents) {
  StudyHeader header;
  header.name = variants.base().name;
  std::string text;
  for (const scenario::SweepAxis& axis : design.axes()) {
    header.axes.push_back(axis.key);
    text += axis.key + "\n";
    if (axis.form == scenario::SweepAxis::Form::list || axis.steps > 0)
      for (const scenario::TextAt& value : design.axis_values(axis)) text += " " + value.text + "\n";
    else
      text += " " + axis.from.text + " .. " + axis.to.text + "\n";
  }
  const scenario::Sweep& sweep = *variants.sweep();
  text += "combine " + std::to_string(int(sweep.combine)) + " points " + std::to_string(design.points()) + iso_text(base);
  header.seeds = design.seeds();
  for (const std::uint64_t seed : header.seeds) text += " " + std::to_string(seed);
  if (sweep.iso) header.iso_key = sweep.iso->vary.key;
  header.runs = design.runs();
  header.design = hash(text);
  header.base = hash(address_of(variants.base(), base.program) + contents);
  header.shard = shard;
  return header;
}

/// Runs what is open, `jobs` at a time.
class Coordinator {
 public:
  Coordinator(Store& store, StudyBase& base, std::size_t jobs, const std::function<void(const SweepProgress&)>& on_progress)
      : store_(store), base_(base), jobs_(jobs), on_progress_(on_progress) {}

  SweepEnd run() {
    const SignalGuard guard;
    counts_ = store_.counts();
    const double start = steady_s();
    double last_beat = start;
    while (caught_signal == 0) {
      start_some();
      if (running_.empty()) {
        counts_ = store_.counts();
        if (counts_.open == 0 && counts_.claimed == 0) break;
        if (counts_.open == 0) ::poll(nullptr, 0, 200);  // another process has the rest
      } else {
        wait_for_some();
      }
      const double now = steady_s();
      if (now - last_beat >= kHeartbeat || running_.empty()) {
        store_.renew(wall_clock_s(), kLease);
        store_.reopen(wall_clock_s(), false);
        counts_ = store_.counts();
        last_beat = now;
      }
      show(now - start);
    }
    end_.signal = caught_signal;
    for (const PointRun& run : running_) store_.release(run.claim());
    running_.clear();
    counts_ = store_.counts();
    end_.total = counts_.all(), end_.done = counts_.done, end_.failed = counts_.failed;
    end_.wall_s = steady_s() - start;
    store_.checkpoint();
    return std::move(end_);
  }

 private:
  void start_some() {
    while (running_.size() < jobs_ && caught_signal == 0) {
      const std::optional<Claim> claim = store_.claim(wall_clock_s(), kLease);
      if (!claim) return;
      running_.emplace_back(base_, *claim);
    }
  }

  void wait_for_some() {
    std::vector<pollfd> ends;
    for (const PointRun& run : running_) ends.push_back({run.descriptor(), POLLIN, 0});
    if (::poll(ends.data(), nfds_t(ends.size()), 250) <= 0) return;
    std::size_t index = 0;
    for (auto run = running_.begin(); run != running_.end(); ++index) {
      const bool over = ends[index].revents != 0 && run->read_some();
      if (!over) {
        ++run;
        continue;
      }
      take(*run);
      run = running_.erase(run);
    }
  }

  void take(PointRun& run) {
    const Outcome outcome = run.outcome();
    if (!store_.commit(run.claim(), outcome)) return;
    ++end_.ran;
    end_.reused += outcome.reused;
    end_.points_s += outcome.seconds;
    if (outcome.state == Outcome::State::done) ++counts_.done;
    if (outcome.state == Outcome::State::failed) ++counts_.failed;
    constexpr std::size_t kShown = 5;
    if (outcome.state == Outcome::State::failed && end_.messages.size() < kShown)
      end_.messages.push_back("point " + std::to_string(run.claim().id) + ": " + outcome.message);
  }

  void show(double elapsed_s) {
    SweepProgress progress;
    progress.done = counts_.done, progress.failed = counts_.failed, progress.total = counts_.all();
    const std::size_t ended = std::min(counts_.done + counts_.failed, initial_total());
    progress.per_second = elapsed_s > 0 ? double(end_.ran) / elapsed_s : 0;
    progress.total = initial_total();
    progress.left_s = progress.per_second > 0 ? double(progress.total - ended) / progress.per_second : -1;
    on_progress_(progress);
  }

  std::size_t initial_total() {
    if (total_ == 0) total_ = store_.counts().all();
    return total_;
  }

  Store& store_;
  StudyBase& base_;
  std::size_t jobs_;
  const std::function<void(const SweepProgress&)>& on_progress_;
  std::list<PointRun> running_;
  Counts counts_;
  std::size_t total_ = 0;
  SweepEnd end_;
};

}  // namespace

SweepEnd sweep(const std::string& scenario, const scenario::LoadOptions& load, const SweepOptions& options,
               const std::function<void(const SweepProgress&)>& on_progress) {
  const scenario::Variants variants(scenario, load);
  const Design design(variants);
  const Shard shard{options.shard, options.shards};
  const std::string directory = options.directory.empty() ? "out/" + variants.base().name : options.directory;
  const std::string path = store_path(directory, shard);
  const std::string contents = check_points(variants, design);
  if (!options.resume && fs::exists(path) && fs::file_size(path) > 0)
    throw InputError(DiagnosticCode::conflict, {path, 1, 1}, "this folder holds a study already",
                     "--resume continues it; -o takes another folder");

  StudyBase base{{variants, cosim::load_workload(variants.base())}, design, program_text(), path};
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw EnvironmentError("cannot create " + directory + ": " + error.message());
  const auto values = [&](std::size_t point) {
    std::vector<std::string> texts;
    for (const scenario::TextAt& value : design.values(point)) texts.push_back(value.text);
    return texts;
  };
  const auto store = Store::prepare(path, header_of(variants, design, base, shard, contents), values);
  store->reopen(wall_clock_s(), true);
  const std::size_t jobs = options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  SweepEnd end = Coordinator(*store, base, jobs, on_progress).run();
  end.directory = directory;
  return end;
}

SweepEnd merge(const std::string& directory) {
  std::vector<std::string> shards;
  if (!fs::is_directory(directory)) throw InputError(DiagnosticCode::file_not_found, {directory, 1, 1}, "no such folder");
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind("study.shard-", 0) == 0 && entry.path().extension() == ".sqlite") shards.push_back(entry.path().string());
  }
  std::sort(shards.begin(), shards.end());
  if (shards.empty())
    throw InputError(DiagnosticCode::file_not_found, {directory, 1, 1}, "no shard of a study is here",
                     "shards are written by szilard sweep --shard I/N");
  std::vector<std::unique_ptr<Store>> parts;
  for (const std::string& shard : shards) {
    parts.push_back(std::make_unique<Store>(shard, Database::Mode::read));
    const StudyHeader& first = parts.front()->header();
    const StudyHeader& header = parts.back()->header();
    if (header.design != first.design || header.base != first.base)
      throw InputError(DiagnosticCode::conflict, {shard, 1, 1}, "is part of another study than " + shards.front(),
                       "the scenario, an input or the program changed between the two");
  }
  StudyHeader whole = parts.front()->header();
  whole.shard = {};
  std::vector<std::vector<std::string>> values((whole.runs + whole.seeds.size() - 1) / whole.seeds.size());
  std::vector<bool> covered(whole.runs);
  for (const auto& part : parts)
    part->for_each([&](const Store::Row& row) {
      values.at(std::size_t(row.id) / whole.seeds.size()) = row.values;
      covered.at(std::size_t(row.id)) = true;
    });
  if (const auto gap = std::find(covered.begin(), covered.end(), false); gap != covered.end())
    throw InputError(DiagnosticCode::file_not_found, {directory, 1, 1},
                     "shards are missing: there are " + std::to_string(shards.size()) + " of " +
                         std::to_string(parts.front()->header().shard.count));
  const auto store = Store::prepare(store_path(directory, {}), whole, [&](std::size_t point) { return values[point]; });
  for (const auto& part : parts) store->absorb(*part);
  store->checkpoint();
  const Counts counts = store->counts();
  SweepEnd end;
  end.directory = directory;
  end.total = counts.all(), end.done = counts.done, end.failed = counts.failed;
  return end;
}

}  // namespace szilard::study
