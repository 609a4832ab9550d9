// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <functional>
#include <list>
#include <string>
#include <vector>

#include "sim/study/point_run.hpp"
#include "sim/study/ranks.hpp"
#include "sim/study/store.hpp"
#include "sim/study/study.hpp"

namespace szilard::study {

/// Points that run in processes of this one.
class RunningPoints {
 public:
  explicit RunningPoints(StudyBase& base) : base_(base) {}

  void start(const Claim& claim) { runs_.emplace_back(base_, claim); }
  std::size_t size() const { return runs_.size(); }
  /// Waits for something to happen here or at `others`, at most a quarter of a second, and hands over the points that
  /// ended.
  void wait(std::vector<pollfd> others, const std::function<void(const Claim&, const Outcome&)>& ended);
  /// Ends all of them.
  void stop() { runs_.clear(); }

 private:
  StudyBase& base_;
  std::list<PointRun> runs_;
};

/// Runs what is open in a study, `jobs` at a time here and as many on other ranks as they ask for. The first SIGINT,
/// SIGTERM or SIGHUP ends it in order, the second at once.
class Coordinator {
 public:
  Coordinator(Store& store, StudyBase& base, std::size_t jobs,
              const std::function<void(const SweepProgress&)>& on_progress)
      : store_(store), jobs_(jobs), on_progress_(on_progress), here_(base) {}

  /// Lets other ranks take part.
  void open_to_ranks(const std::string& directory, const Rank& rank, const std::string& identity);
  SweepEnd run();

 private:
  std::optional<Claim> claim();
  void take(const Claim& claim, const Outcome& outcome);
  void show(double elapsed_s);
  std::size_t running_elsewhere() const { return ranks_ ? ranks_->running() : 0; }

  Store& store_;
  std::size_t jobs_;
  const std::function<void(const SweepProgress&)>& on_progress_;
  RunningPoints here_;
  std::unique_ptr<RankServer> ranks_;
  Counts counts_;
  std::size_t total_ = 0;
  SweepEnd end_;
};

/// Runs what rank 0 hands out, `jobs` at a time. Returns the signal that ended it; 0: rank 0 has nothing more.
int run_for_rank_0(RankClient& client, StudyBase& base, std::size_t jobs);

}  // namespace szilard::study
