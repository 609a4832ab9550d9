// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/point_run.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fcntl.h>
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
  return a.network_path == b.network_path && a.inputs_path == b.inputs_path && a.labels_path == b.labels_path && a.scale == b.scale;
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

namespace {

std::string first_diagnostic(const support::InputError& error) { return support::to_string(error.diagnostics().front()); }

double own_cpu_s() { return double(std::clock()) / CLOCKS_PER_SEC; }

/// Held while an address is computed, by a lock on one byte of a file that all processes of a study share; it goes with its process.
class AddressLock {
 public:
  AddressLock(const std::string& path, const std::string& address) : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    struct flock range = {};
    range.l_type = F_WRLCK;
    range.l_whence = SEEK_SET;
    range.l_start = off_t(std::stoull(address.substr(0, 15), nullptr, 16));
    range.l_len = 1;
    if (file_ < 0 || fcntl(file_, F_OFD_SETLK, &range) == 0) return;
    had_to_wait_ = errno == EAGAIN || errno == EACCES;
    while (had_to_wait_ && fcntl(file_, F_OFD_SETLKW, &range) != 0 && errno == EINTR) continue;
  }
  ~AddressLock() {
    if (file_ >= 0) close(file_);
  }
  AddressLock(const AddressLock&) = delete;
  AddressLock& operator=(const AddressLock&) = delete;
  bool had_to_wait() const { return had_to_wait_; }

 private:
  int file_;
  bool had_to_wait_ = false;
};

/// What another point of the same content has found, or is about to: it is committed shortly after its process has ended.
std::optional<Metrics> known_result(const StudyBase& base, const std::string& address, bool is_being_committed) {
  for (int tries = is_being_committed ? 100 : 1;; --tries) {
    std::optional<Metrics> known = base.find_known(address);
    if (known || tries <= 1) return known;
    ::poll(nullptr, 0, 20);
  }
}

Outcome run_point(StudyBase& base, const Claim& claim) {
  Outcome outcome;
  const auto start = std::chrono::steady_clock::now();
  const double cpu_before_s = own_cpu_s();
  try {
    const std::size_t seeds = base.design.seeds().size(), id = std::size_t(claim.id);
    std::vector<scenario::Setting> settings = base.design.settings(id / seeds);
    const std::uint64_t seed = base.design.seeds()[id % seeds];
    const scenario::Scenario scenario = base.variants.load(settings, seed);
    outcome.address = address_of(scenario, base.program + iso_text(base));
    const AddressLock lock(base.lock_path, outcome.address);
    std::optional<Metrics> known = known_result(base, outcome.address, lock.had_to_wait());
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
  const Json json = {{"state", int(outcome.state)}, {"address", outcome.address},       {"message", outcome.message},
                     {"seconds", outcome.seconds},  {"cpu_s", outcome.cpu_s},           {"reused", outcome.reused},
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
    : claim_(claim), process_([&base, claim] { return to_bytes(run_point(base, claim)); }) {}

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
