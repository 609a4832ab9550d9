// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/coordinator.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>

#include "sim/study/owner.hpp"

namespace szilard::study {
namespace {

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

double steady_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

bool RunningPoints::are_short() const {
  constexpr double kShort = 1;  // second: making a process takes milliseconds
  return last_seconds_ >= 0 && last_seconds_ < kShort;
}

void RunningPoints::start(const Claim& claim) {
  runs_.emplace_back(base_, claim);
  begin_next();
}

void RunningPoints::begin_next() {
  std::size_t running = 0;
  for (const PointRun& run : runs_) running += run.has_begun();
  for (PointRun& run : runs_) {
    if (running >= jobs_) return;
    if (run.has_begun()) continue;
    run.begin();
    ++running;
  }
}

void RunningPoints::wait(std::vector<pollfd> others, const std::function<void(const Claim&, const Outcome&)>& ended) {
  std::vector<pollfd> ends;
  for (const PointRun& run : runs_) ends.push_back({run.descriptor(), POLLIN, 0});
  ends.insert(ends.end(), others.begin(), others.end());
  if (::poll(ends.data(), nfds_t(ends.size()), 250) <= 0) return;
  std::list<PointRun> over;
  std::size_t index = 0;
  for (auto run = runs_.begin(); run != runs_.end(); ++index) {
    const auto next = std::next(run);
    if (ends[index].revents != 0 && run->read_some()) over.splice(over.end(), runs_, run);
    run = next;
  }
  begin_next();
  for (PointRun& run : over) {
    const Outcome outcome = run.outcome();
    if (outcome.state != Outcome::State::crashed) last_seconds_ = outcome.seconds;
    ended(run.claim(), outcome);
  }
}

void Coordinator::open_to_ranks(const std::string& directory, const Rank& rank, const std::string& identity) {
  RankServer::Study study;
  study.claim = [this] { return claim(); };
  study.take = [this](const Claim& claim, const Outcome& outcome) { take(claim, outcome); };
  study.give_back = [this](const Claim& claim) { store_.release(claim); };
  study.find = [this](const std::string& address) { return store_.find_result(address); };
  ranks_ = std::make_unique<RankServer>(directory, rank, identity, std::move(study));
}

SweepEnd Coordinator::run() {
  const SignalGuard guard;
  counts_ = store_.counts();
  total_ = counts_.all();
  const double start = steady_s();
  double last_beat = start;
  while (caught_signal == 0) {
    while (here_.has_room() && caught_signal == 0) {
      const std::optional<Claim> next = claim();
      if (!next) break;
      here_.start(*next);
    }
    if (ranks_) ranks_->serve();
    const bool idle = here_.size() == 0 && running_elsewhere() == 0;
    if (idle) {
      counts_ = store_.counts();
      if (counts_.open == 0 && counts_.claimed == 0) break;
    }
    if (!idle || counts_.open == 0) {  // else: the rest is another process's, or all of it is open again
      std::vector<pollfd> others;
      if (ranks_) ranks_->add_descriptors(others);
      here_.wait(std::move(others), [this](const Claim& claim, const Outcome& outcome) { take(claim, outcome); });
    }
    const double now = steady_s();
    if (now - last_beat >= kHeartbeat || idle) {
      store_.renew(wall_clock_s(), kLease);
      store_.reopen(wall_clock_s(), false);
      counts_ = store_.counts();
      last_beat = now;
    }
    show(now - start);
  }
  end_.signal = caught_signal;
  here_.stop();
  if (ranks_ && end_.signal == 0) ranks_->end();
  ranks_.reset();
  store_.release_all();
  counts_ = store_.counts();
  end_.total = counts_.all(), end_.done = counts_.done, end_.failed = counts_.failed;
  end_.wall_s = steady_s() - start;
  store_.checkpoint();
  return std::move(end_);
}

std::optional<Claim> Coordinator::claim() { return store_.claim(wall_clock_s(), kLease); }

void Coordinator::take(const Claim& claim, const Outcome& outcome) {
  if (!store_.commit(claim, outcome)) return;
  ++end_.ran;
  end_.reused += outcome.reused;
  end_.points_s += outcome.seconds;
  end_.points_cpu_s += outcome.cpu_s;
  if (outcome.state == Outcome::State::done) ++counts_.done;
  if (outcome.state == Outcome::State::failed) ++counts_.failed;
  constexpr std::size_t kShown = 5;
  if (outcome.state == Outcome::State::failed && end_.messages.size() < kShown)
    end_.messages.push_back("point " + std::to_string(claim.id) + ": " + outcome.message);
}

void Coordinator::show(double elapsed_s) {
  SweepProgress progress;
  progress.done = counts_.done, progress.failed = counts_.failed, progress.total = total_;
  const std::size_t ended = std::min(counts_.done + counts_.failed, total_);
  progress.per_second = elapsed_s > 0 ? double(end_.ran) / elapsed_s : 0;
  progress.left_s = progress.per_second > 0 ? double(total_ - ended) / progress.per_second : -1;
  on_progress_(progress);
}

int run_for_rank_0(RankClient& client, StudyBase& base, std::size_t jobs) {
  const SignalGuard guard;
  RunningPoints here(base, jobs);
  std::list<Claim> waiting;
  while (caught_signal == 0 && !client.is_over()) {
    while (here.has_room() && !waiting.empty()) {
      here.start(waiting.front());
      waiting.pop_front();
    }
    here.wait({{client.descriptor(), POLLIN, 0}}, [&](const Claim& claim, Outcome outcome) {
      outcome.host = host_name();
      client.send(claim, outcome);
    });
    const std::vector<Claim> more = client.read();
    waiting.insert(waiting.end(), more.begin(), more.end());
  }
  return caught_signal;
}

}  // namespace szilard::study
