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

/// Points in processes of this one: `jobs` that run and, where points are short, one more that is there and waits, so that
/// a processor goes from one point to the next while this process still commits, claims and forks. Where points are long
/// none waits, since another process could run it.
class RunningPoints {
 public:
  RunningPoints(StudyBase& base, std::size_t jobs) : base_(base), jobs_(jobs) {}

  bool has_room() const { return runs_.size() < jobs_ + (are_short() ? 1 : 0); }
  void start(const Claim& claim);
  std::size_t size() const { return runs_.size(); }
  /// Waits for something to happen here or at `others`, at most a quarter of a second, and hands over the points that
  /// ended.
  void wait(std::vector<pollfd> others, const std::function<void(const Claim&, const Outcome&)>& ended);
  /// Ends all of them.
  void stop() { runs_.clear(); }

 private:
  bool are_short() const;
  void begin_next();

  StudyBase& base_;
  std::size_t jobs_;
  std::list<PointRun> runs_;
  double last_seconds_ = -1;  ///< of the point that ended last; negative: none has
};

/// Runs what is open in a study, `jobs` at a time here and as many on other ranks as they ask for. The first SIGINT,
/// SIGTERM or SIGHUP ends it in order, the second at once.
class Coordinator {
 public:
  Coordinator(Store& store, StudyBase& base, std::size_t jobs,
              const std::function<void(const SweepProgress&)>& on_progress)
      : store_(store), on_progress_(on_progress), here_(base, jobs) {}

  /// Lets other ranks take part.
  void open_to_ranks(const std::string& directory, const Rank& rank, const std::string& identity);
  SweepEnd run();

 private:
  std::optional<Claim> claim();
  void take(const Claim& claim, const Outcome& outcome);
  void show(double elapsed_s);
  std::size_t running_elsewhere() const { return ranks_ ? ranks_->running() : 0; }

  Store& store_;
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
