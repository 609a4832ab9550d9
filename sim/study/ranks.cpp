// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/ranks.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "sim/study/owner.hpp"

namespace szilard::study {
namespace {

using Json = nlohmann::json;
using support::DiagnosticCode;
using support::EnvironmentError;
using support::InputError;

constexpr double kConnect = 5, kAnswer = 30, kAppear = 60;  // seconds

std::string address_path(const std::string& directory) { return directory + "/study.ranks"; }

std::string random_token() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 4; ++i) token += std::to_string(random()) + ".";
  return token;
}

int number_of(const char* variable) {
  const char* text = std::getenv(variable);
  return text ? std::atoi(text) : 0;
}

std::string text_of(const char* variable) {
  const char* text = std::getenv(variable);
  return text ? text : "";
}

Json parsed(const std::string& message) { return Json::parse(message, nullptr, false); }

/// What rank 0 has published, if it is of this job.
Json published(const std::string& directory, const std::string& job) {
  std::ifstream file(address_path(directory));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Json json = parsed(text);
  return json.is_object() && json.value("job", std::string()) == job ? json : Json();
}

}  // namespace

std::optional<Rank> own_rank() {
  if (std::getenv("OMPI_COMM_WORLD_SIZE")) {
    const char* const job = std::getenv("PMIX_NAMESPACE");
    const int count = number_of("OMPI_COMM_WORLD_SIZE");
    if (count < 2 || !job) return std::nullopt;
    return Rank{number_of("OMPI_COMM_WORLD_RANK"), number_of("OMPI_COMM_WORLD_LOCAL_SIZE") == count, job};
  }
  // A job's script has SLURM_PROCID too; what is of a step is there only under srun. Hydra may start its own helpers by
  // srun.
  const int tasks = number_of("SLURM_STEP_NUM_TASKS"), rank = number_of("SLURM_PROCID"), others = number_of("PMI_SIZE");
  const bool is_slurm_s = !std::getenv("PMI_SIZE") || (others == tasks && number_of("PMI_RANK") == rank);
  if (tasks >= 2 && is_slurm_s && !std::getenv("HYDI_CONTROL_FD"))
    return Rank{
        rank, number_of("SLURM_STEP_NUM_NODES") == 1,
        "slurm " + text_of("SLURM_JOB_ID") + "." + text_of("SLURM_STEP_ID") + "." + text_of("SLURM_RESTART_COUNT")};
  if (others >= 2)
    throw InputError(DiagnosticCode::usage, {"environment", 1, 1},
                     "this is one of " + std::to_string(others) +
                         " processes (PMI_SIZE) that MPICH or a like launcher started: each would run the whole study",
                     "mpirun of OpenMPI and Slurm's srun share a study; otherwise give each process a --shard");
  return std::nullopt;
}

RankServer::RankServer(const std::string& directory, const Rank& rank, const std::string& identity, Study study)
    : path_(address_path(directory)),
      job_(rank.job),
      identity_(identity),
      token_(random_token()),
      study_(std::move(study)),
      listener_(rank.one_host),
      one_host_(rank.one_host) {
  publish(false);
}

RankServer::~RankServer() {
  for (Peer& peer : peers_)
    if (!peer.name.empty()) peer.socket.send(ended_ ? "end" : "stop");
  try {
    publish(true);
  } catch (const EnvironmentError&) {
    // On a full disk; ranks that come later find nobody.
  }
}

void RankServer::publish(bool ended) const {
  std::vector<std::string> addresses = {"127.0.0.1"};
  if (!one_host_) addresses = process::own_addresses();
  support::write_file(path_, Json{{"job", job_},
                                  {"host", host_name()},
                                  {"addresses", addresses},
                                  {"port", listener_.port()},
                                  {"token", token_},
                                  {"ended", ended},
                                  {"well", ended_}}
                                     .dump() +
                                 "\n");
  std::error_code ignored;
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               ignored);
}

void RankServer::add_descriptors(std::vector<pollfd>& ends) const {
  ends.push_back({listener_.descriptor(), POLLIN, 0});
  for (const Peer& peer : peers_) ends.push_back({peer.socket.descriptor(), POLLIN, 0});
}

void RankServer::serve() {
  while (std::optional<process::MessageSocket> socket = listener_.accept())
    peers_.push_back({std::move(*socket), {}, 0, {}});
  for (auto peer = peers_.begin(); peer != peers_.end();) {
    bool alive = peer->socket.read_some();
    while (std::optional<std::string> message = peer->socket.next()) {
      try {
        if (!handle(*peer, *message)) alive = false;
      } catch (const Json::exception&) {
        alive = false;
      }
    }
    // Where points are short a rank has its next one at hand; where they are long none waits behind another.
    const std::size_t most = peer->jobs + (peer->jobs > 0 && last_point_s_ < 1 ? 1 : 0);
    while (alive && peer->claims.size() < most) {
      const std::optional<Claim> claim = study_.claim();
      if (!claim) break;
      peer->claims.emplace(claim->id, *claim);
      alive = peer->socket.send("run " + std::to_string(claim->id));
    }
    if (alive) {
      ++peer;
      continue;
    }
    for (const auto& [id, claim] : peer->claims) study_.give_back(claim);
    if (!peer->name.empty())
      std::cerr << "szilard: warning: " << peer->name << " is gone; " << peer->claims.size() << " points go back\n";
    peer = peers_.erase(peer);
  }
}

bool RankServer::handle(Peer& peer, const std::string& message) {
  if (peer.name.empty()) return greet(peer, message);
  const std::size_t end = message.find('\n');
  if (end == std::string::npos || message.rfind("done ", 0) != 0) return false;
  const auto claim = peer.claims.find(std::atoll(message.c_str() + 5));
  if (claim == peer.claims.end()) return false;
  Outcome outcome;
  try {
    outcome = outcome_from_bytes(message.substr(end + 1));
  } catch (const std::exception&) {
    return false;
  }
  last_point_s_ = outcome.seconds;
  study_.take(claim->second, outcome);
  peer.claims.erase(claim);
  return true;
}

bool RankServer::greet(Peer& peer, const std::string& message) {
  const Json json = parsed(message);
  if (!json.is_object() || json.value("token", std::string()) != token_) return false;
  if (json.contains("find")) {
    const std::optional<Metrics> metrics = study_.find(json.at("find").get<std::string>());
    peer.socket.send(metrics ? "known\n" + to_bytes(*metrics) : std::string("unknown"));
    return false;
  }
  if (json.value("identity", std::string()) != identity_) {
    peer.socket.send("refused");
    return false;
  }
  peer.name = "rank " + std::to_string(json.value("rank", 0)) + " on " + json.value("host", std::string("?"));
  peer.jobs = json.value("jobs", std::size_t(1));
  peer.socket.send("welcome");
  return true;
}

std::size_t RankServer::running() const {
  std::size_t count = 0;
  for (const Peer& peer : peers_) count += peer.claims.size();
  return count;
}

void RankServer::end() { ended_ = true; }

RankClient::RankClient(const std::string& directory, const Rank& rank, const std::string& identity, std::size_t jobs) {
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - start < std::chrono::duration<double>(kAppear)) {
    const Json place = published(directory, rank.job);
    if (!place.is_null() && place.at("ended").get<bool>()) {
      ended_well_ = place.at("well").get<bool>();
      return;
    }
    if (!place.is_null()) {
      addresses_ = place.at("addresses").get<std::vector<std::string>>();
      port_ = place.at("port");
      token_ = place.at("token");
      if (auto socket = process::MessageSocket::connect(addresses_, port_, kConnect)) {
        socket->send(Json{
            {"token", token_}, {"identity", identity}, {"rank", rank.number}, {"host", host_name()}, {"jobs", jobs}}
                         .dump());
        const std::optional<std::string> answer = socket->receive(kAnswer);
        if (answer == "refused")
          throw InputError(
              DiagnosticCode::conflict, {directory, 1, 1},
              "rank " + std::to_string(rank.number) + " on " + host_name() + " has another study than rank 0",
              "its scenario, an input or its program differs from rank 0's");
        if (answer == "welcome") {
          socket_.emplace(std::move(*socket));
          return;
        }
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw EnvironmentError("rank 0 cannot be reached: it published no address in " + address_path(directory) +
                         " or nothing answers there; ranks share the study's folder");
}

std::vector<Claim> RankClient::read() {
  std::vector<Claim> claims;
  const bool alive = socket_->read_some();
  while (std::optional<std::string> message = socket_->next()) {
    if (*message == "end" || *message == "stop") {
      ended_well_ = *message == "end";
      socket_.reset();
      return {};
    }
    if (message->rfind("run ", 0) == 0) claims.push_back({std::atoll(message->c_str() + 4)});
  }
  if (!alive) throw EnvironmentError("rank 0 is gone; --resume continues the study");
  return claims;
}

void RankClient::send(const Claim& claim, const Outcome& outcome) {
  socket_->send("done " + std::to_string(claim.id) + "\n" + to_bytes(outcome));
}

std::optional<Metrics> RankClient::find(const std::string& address) const {
  auto socket = process::MessageSocket::connect(addresses_, port_, kConnect);
  if (!socket) return std::nullopt;
  socket->send(Json{{"token", token_}, {"find", address}}.dump());
  const std::optional<std::string> answer = socket->receive(kAnswer);
  if (!answer || answer->rfind("known\n", 0) != 0) return std::nullopt;
  return from_bytes(std::string_view(*answer).substr(6));
}

}  // namespace szilard::study
