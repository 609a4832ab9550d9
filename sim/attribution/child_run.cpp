// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/attribution/child_run.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "models/support/diagnostics.hpp"

namespace szilard::attribution {
namespace {

using Json = nlohmann::json;

std::string run_to_text(const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum) {
  cosim::RunOptions options;
  options.quantum = quantum;
  const cosim::RunResult result = cosim::run(scenario, workload, options);
  Json json = {{"failures", result.failures}, {"platforms", Json::array()}};
  const bool has_labels = workload.data.has_labels();
  for (std::size_t p = 0; p < result.platforms.size(); ++p) {
    const cosim::PlatformResult& platform = result.platforms[p];
    std::string right;
    for (std::size_t s = 0; s < result.samples; ++s) {
      const std::int64_t truth = has_labels ? workload.data.labels()[s] : result.reference_predictions[s];
      right += result.predictions[p][s] == truth ? '1' : '0';
    }
    const energy::Quanta supplied = result.ledger->total(platform.name, energy::Fate::supplied);
    const energy::Quanta recovered = result.ledger->total(platform.name, energy::Fate::recovered);
    json["platforms"].push_back({{"right", right},
                                 {"has_labels", has_labels},
                                 {"agreement", platform.agreement},
                                 {"rms", platform.output_rms_error},
                                 {"energy", (supplied - recovered).joules() / double(result.samples)}});
  }
  return json.dump();
}

void send(int pipe, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t wrote = ::write(pipe, text.data() + sent, text.size() - sent);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;
    sent += std::size_t(wrote);
  }
}

[[noreturn]] void be_child(int pipe, const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum) {
  std::string text;
  try {
    text = run_to_text(scenario, workload, quantum);
  } catch (const std::exception& error) {
    text = Json{{"error", error.what()}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  send(pipe, text);
  // Buffers of streams are the parent's: it writes them.
  _exit(0);
}

}  // namespace

ChildRun::ChildRun(const scenario::Scenario& scenario, const cosim::Workload& workload, std::size_t quantum) {
  int ends[2];
  if (pipe(ends) != 0) throw support::EnvironmentError(std::string("cannot make a pipe: ") + std::strerror(errno));
  std::cout.flush();
  std::cerr.flush();
  process_ = fork();
  if (process_ == 0) {
    close(ends[0]);
    be_child(ends[1], scenario, workload, quantum);
  }
  close(ends[1]);
  pipe_ = ends[0];
  if (process_ < 0) {
    close(pipe_);
    throw support::EnvironmentError(std::string("cannot start a process: ") + std::strerror(errno));
  }
}

ChildRun::ChildRun(ChildRun&& other) noexcept
    : process_(std::exchange(other.process_, -1)), pipe_(std::exchange(other.pipe_, -1)) {}

ChildRun::~ChildRun() {
  if (pipe_ >= 0) close(pipe_);
  if (process_ < 0) return;
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

std::vector<ChildOutcome> ChildRun::wait() {
  std::string text;
  char buffer[1 << 14];
  for (;;) {
    const ssize_t got = read(pipe_, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(buffer, std::size_t(got));
  }
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
  process_ = -1;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(WIFSIGNALED(status) ? "ended by signal " + std::to_string(WTERMSIG(status))
                                                 : "ended with code " + std::to_string(WEXITSTATUS(status)));
  const Json json = Json::parse(text);
  if (json.contains("error")) throw std::runtime_error(json.at("error").get<std::string>());
  if (!json.at("failures").empty()) throw std::runtime_error(json.at("failures").at(0).get<std::string>());
  std::vector<ChildOutcome> outcomes;
  for (const Json& platform : json.at("platforms")) {
    ChildOutcome one;
    for (const char c : platform.at("right").get<std::string>()) one.right.push_back(c == '1');
    one.has_labels = platform.at("has_labels");
    one.agreement = platform.at("agreement");
    one.output_rms_error = platform.at("rms");
    one.energy_per_inference_j = platform.at("energy");
    outcomes.push_back(std::move(one));
  }
  return outcomes;
}

}  // namespace szilard::attribution
