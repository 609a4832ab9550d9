// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/point_run.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

#include "models/support/diagnostics.hpp"
#include "models/support/sha256.hpp"
#include "sim/report/report.hpp"
#include "sim/statistical/statistical.hpp"
#include "sim/study/iso_search.hpp"

namespace szilard::study {
namespace {

using Json = nlohmann::json;

bool same_input(const scenario::Scenario& a, const scenario::Scenario& b) {
  return a.network_path == b.network_path && a.inputs_path == b.inputs_path && a.labels_path == b.labels_path &&
         a.scale == b.scale;
}

}  // namespace

std::optional<cosim::Workload> load_input(const scenario::Scenario& scenario) {
  if (scenario.network_path.empty()) return std::nullopt;
  return cosim::load_workload(scenario);
}

Metrics simulate(Loaded& base, const scenario::Scenario& scenario) {
  std::optional<cosim::Workload> own;
  if (!same_input(scenario, base.variants.base())) own = cosim::load_workload(scenario);
  else if (base.workload) base.workload->samples = cosim::sample_count(scenario, base.workload->data);
  const cosim::Workload* workload = own ? &*own : base.workload ? &*base.workload : nullptr;
  if (statistical::is_implied(scenario)) {
    const statistical::Estimate estimate = statistical::estimate(scenario, workload, {1, {}});
    if (!estimate.failures.empty()) throw std::runtime_error(estimate.failures.front());
    return metrics_of(statistical::summary_json(scenario, workload, estimate));
  }
  const cosim::RunResult result = cosim::run(scenario, *workload, {});
  if (!result.failures.empty()) throw std::runtime_error(result.failures.front());
  return metrics_of(report::summary_json(scenario, *workload, result));
}

/// Opened before the point's process is forked, so that both hold it; released by the coordinator's side.
class PointRun::AddressLock {
 public:
  explicit AddressLock(const std::string& path) : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {}
  ~AddressLock() {
    if (file_ < 0) return;
    struct flock all = range(F_UNLCK, 0, 0);  // by name: processes forked since have the descriptor too
    fcntl(file_, F_OFD_SETLK, &all);
    close(file_);
  }
  AddressLock(const AddressLock&) = delete;
  AddressLock& operator=(const AddressLock&) = delete;

  /// In the point's process; whether another held it.
  bool take(const std::string& address) const {
    struct flock byte = range(F_WRLCK, off_t(std::stoull(address.substr(0, 15), nullptr, 16)), 1);
    if (file_ < 0 || fcntl(file_, F_OFD_SETLK, &byte) == 0) return false;
    const bool had_to_wait = errno == EAGAIN || errno == EACCES;
    while (had_to_wait && fcntl(file_, F_OFD_SETLKW, &byte) != 0 && errno == EINTR) continue;
    return had_to_wait;
  }

 private:
  static struct flock range(int type, off_t start, off_t length) {
    struct flock range = {};
    range.l_type = short(type);
    range.l_whence = SEEK_SET;
    range.l_start = start;
    range.l_len = length;
    return range;
  }
  int file_;
};

namespace {

std::string first_diagnostic(const support::InputError& error) {
  return support::to_string(error.diagnostics().front());
}

double own_cpu_s() { return double(std::clock()) / CLOCKS_PER_SEC; }

/// What another point of the same content has found, or is about to: a rank's are committed shortly after it has sent
/// them.
std::optional<Metrics> known_result(const StudyBase& base, const std::string& address, bool is_being_committed) {
  for (int tries = is_being_committed ? 100 : 1;; --tries) {
    std::optional<Metrics> known = base.find_known(address);
    if (known || tries <= 1) return known;
    ::poll(nullptr, 0, 20);
  }
}

template <typename Lock>
Outcome run_point(StudyBase& base, const Claim& claim, const Lock& lock) {
  Outcome outcome;
  const auto start = std::chrono::steady_clock::now();
  const double cpu_before_s = own_cpu_s();
  try {
    const std::size_t seeds = base.design.seeds().size(), id = std::size_t(claim.id);
    std::vector<scenario::Setting> settings = base.design.settings(id / seeds);
    const std::uint64_t seed = base.design.seeds()[id % seeds];
    const scenario::Scenario scenario = base.variants.load(settings, seed);
    outcome.address = address_of(scenario, base.program + iso_text(base));
    std::optional<Metrics> known = known_result(base, outcome.address, lock.take(outcome.address));
    outcome.reused = known.has_value();
    if (!known && base.variants.sweep()->iso) {
      known = search_iso(base, std::move(settings), seed);
    } else if (!known) {
      known = simulate(base, scenario);
    }
    outcome.metrics = std::move(*known);
  } catch (const support::InputError& error) {
    outcome.state = Outcome::State::failed;
    outcome.message = first_diagnostic(error);
  } catch (const std::bad_alloc&) {
    outcome.state = Outcome::State::failed;
    outcome.message = "out of memory";
  } catch (const std::exception& error) {
    outcome.state = Outcome::State::failed;
    outcome.message = error.what();
  }
  outcome.cpu_s = own_cpu_s() - cpu_before_s;
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace

std::string to_bytes(const Outcome& outcome) {
  const Json json = {{"state", int(outcome.state)}, {"address", outcome.address},      {"message", outcome.message},
                     {"seconds", outcome.seconds},  {"cpu_s", outcome.cpu_s},          {"reused", outcome.reused},
                     {"host", outcome.host},        {"was_killed", outcome.was_killed}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n" + to_bytes(outcome.metrics);
}

Outcome outcome_from_bytes(const std::string& bytes) {
  const std::size_t end = bytes.find('\n');
  const Json json = Json::parse(bytes.substr(0, end));
  Outcome outcome;
  outcome.state = Outcome::State(json.at("state").get<int>());
  json.at("address").get_to(outcome.address);
  json.at("message").get_to(outcome.message);
  json.at("seconds").get_to(outcome.seconds);
  json.at("cpu_s").get_to(outcome.cpu_s);
  json.at("reused").get_to(outcome.reused);
  json.at("was_killed").get_to(outcome.was_killed);
  json.at("host").get_to(outcome.host);
  outcome.metrics = from_bytes(std::string_view(bytes).substr(end + 1));
  return outcome;
}

std::string address_of(const scenario::Scenario& scenario, const std::string& program) {
  const std::string text = program + "\n" + scenario.canonical;
  return support::sha256(text.data(), text.size());
}

PointRun::PointRun(StudyBase& base, const Claim& claim)
    : claim_(claim),
      lock_(std::make_unique<AddressLock>(base.lock_path)),
      process_([&base, claim, this] { return to_bytes(run_point(base, claim, *lock_)); },
               process::ChildProcess::Start::when_told) {}

PointRun::~PointRun() = default;

void PointRun::begin() {
  process_.begin();
  has_begun_ = true;
}

Outcome PointRun::outcome() {
  const process::ChildProcess::End end = process_.finish();
  Outcome outcome;
  outcome.state = Outcome::State::crashed;
  outcome.was_killed = end.signal == SIGKILL;
  outcome.message = "its process " + end.trouble();
  if (!end.trouble().empty()) return outcome;
  try {
    return outcome_from_bytes(end.text);
  } catch (const std::exception& error) {
    outcome.message = error.what();
    return outcome;
  }
}

}  // namespace szilard::study
