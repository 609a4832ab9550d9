// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/ranks.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "models/support/diagnostics.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard;
using namespace szilard::test;
using study::Claim;
using study::Outcome;
using study::Rank;
using study::RankClient;
using study::RankServer;

namespace {

/// Points 0 to `count` - 1, and what became of them.
struct FakeStudy {
  std::vector<std::int64_t> open, taken, given_back;

  explicit FakeStudy(int count) {
    for (int p = count; p-- > 0;) open.push_back(p);
  }
  RankServer::Study functions() {
    RankServer::Study study;
    study.claim = [this]() -> std::optional<Claim> {
      if (open.empty()) return std::nullopt;
      const Claim claim{open.back()};
      open.pop_back();
      return claim;
    };
    study.take = [this](const Claim& claim, const Outcome&) { taken.push_back(claim.id); };
    study.give_back = [this](const Claim& claim) { given_back.push_back(claim.id); };
    study.find = [](const std::string& address) -> std::optional<study::Metrics> {
      if (address != "known") return std::nullopt;
      return study::Metrics{{"m"}, {0.1}};
    };
    return study;
  }
};

const Rank kOther{1, true, "job"};

/// Serves until `other` has ended.
template <typename T>
T serve_until(RankServer& server, std::future<T> other) {
  while (other.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) server.serve();
  server.serve();
  return other.get();
}

template <typename Work>
auto apart(const Work& work) {
  return std::async(std::launch::async, work);
}

}  // namespace

TEST_CASE("a rank is given points, hands in outcomes, and what it leaves behind goes back", "[study][ranks]") {
  const TemporaryFolder folder;
  FakeStudy fake(3);
  RankServer server(folder.path(), {0, true, "job"}, "same", fake.functions());
  serve_until(server, apart([&] {
                RankClient client(folder.path(), kOther, "same", 2);
                std::vector<Claim> claims;
                while (claims.size() < 2)
                  for (const Claim& claim : client.read()) claims.push_back(claim);
                Outcome outcome;
                outcome.metrics = {{"m"}, {1.0}};
                client.send(claims.front(), outcome);
                while (claims.size() < 3)
                  for (const Claim& claim : client.read()) claims.push_back(claim);
                return 0;
              }));
  for (int tries = 0; tries < 200 && server.running() > 0; ++tries) server.serve();
  CHECK(fake.taken == std::vector<std::int64_t>{0});
  CHECK(fake.given_back == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("a result that is there already is found through rank 0", "[study][ranks]") {
  const TemporaryFolder folder;
  FakeStudy fake(0);
  RankServer server(folder.path(), {0, true, "job"}, "same", fake.functions());
  const auto [known, unknown] = serve_until(server, apart([&] {
                                              const RankClient client(folder.path(), kOther, "same", 1);
                                              return std::make_pair(client.find("known"), client.find("unknown"));
                                            }));
  REQUIRE(known);
  CHECK(known->values == std::vector<double>{0.1});
  CHECK_FALSE(unknown);
}

TEST_CASE("a rank that comes when all is over has nothing to do", "[study][ranks]") {
  const TemporaryFolder folder;
  FakeStudy fake(0);
  { RankServer(folder.path(), {0, true, "job"}, "same", fake.functions()).end(); }
  const RankClient client(folder.path(), kOther, "same", 1);
  CHECK(client.is_over());
  CHECK(client.ended_well());
}

TEST_CASE("a rank with another study is refused, a stranger without the token gets nothing", "[study][ranks][bad]") {
  const TemporaryFolder folder;
  FakeStudy fake(2);
  RankServer server(folder.path(), {0, true, "job"}, "same", fake.functions());
  CHECK(serve_until(server, apart([&] {
                      try {
                        RankClient(folder.path(), kOther, "another", 1);
                        return std::string("taken");
                      } catch (const support::InputError& error) {
                        return std::string(error.what());
                      }
                    }))
            .find("has another study than rank 0") != std::string::npos);
  const int port = nlohmann::json::parse(read_file(folder.path("study.ranks"))).at("port");
  for (const std::string& greeting :
       {std::string("{\"token\": \"guess\", \"identity\": \"same\", \"jobs\": 1}"), std::string("not JSON"),
        std::string("[1]"), std::string("{\"token\": 1}"), std::string()}) {
    INFO(greeting);
    CHECK_FALSE(serve_until(server, apart([&] {
                              auto socket = process::MessageSocket::connect({"127.0.0.1"}, port, 1);
                              socket->send(greeting);
                              return socket->receive(5);
                            })));
  }
  CHECK(fake.open.size() == 2);
}

namespace {

/// The environment that a launcher gives, for the time of one test.
class Environment {
 public:
  explicit Environment(std::map<std::string, std::string> variables) : variables_(std::move(variables)) {
    for (const auto& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::map<std::string, std::string> variables_;
};

std::optional<study::Rank> rank_in(std::map<std::string, std::string> variables) {
  const Environment environment(std::move(variables));
  return study::own_rank();
}

const std::map<std::string, std::string> kStep = {{"SLURM_JOB_ID", "71"},        {"SLURM_STEP_ID", "2"},
                                                  {"SLURM_PROCID", "1"},         {"SLURM_NTASKS", "3"},
                                                  {"SLURM_STEP_NUM_TASKS", "3"}, {"SLURM_STEP_NUM_NODES", "2"}};

}  // namespace

TEST_CASE("a process knows its rank by mpirun's environment, and is none alone", "[study][ranks]") {
  const auto with = [](const char* rank, const char* size) {
    return rank_in({{"OMPI_COMM_WORLD_RANK", rank}, {"OMPI_COMM_WORLD_SIZE", size}, {"PMIX_NAMESPACE", "7"}});
  };
  CHECK(with("2", "3")->number == 2);
  CHECK_FALSE(with("0", "1"));
  CHECK_FALSE(with("0", "many"));
  CHECK_FALSE(study::own_rank());
}

TEST_CASE("a task of srun is a rank, one step is not another, a job's script and a step of one task are none",
          "[study][ranks]") {
  const auto with = [](std::map<std::string, std::string> more) {
    more.insert(kStep.begin(), kStep.end());
    return rank_in(std::move(more));
  };
  const auto rank = with({});
  REQUIRE(rank);
  CHECK(rank->number == 1);
  CHECK_FALSE(rank->one_host);
  CHECK(with({{"SLURM_STEP_NUM_NODES", "1"}})->one_host);
  CHECK(with({{"SLURM_STEP_ID", "3"}})->job != rank->job);
  CHECK(with({{"SLURM_RESTART_COUNT", "1"}})->job != rank->job);
  CHECK_FALSE(with({{"SLURM_STEP_NUM_TASKS", "1"}}));
  CHECK_FALSE(rank_in({{"SLURM_JOB_ID", "71"}, {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "3"}}));
  CHECK(with({{"PMI_SIZE", "3"}, {"PMI_RANK", "1"}})->number == 1);  // srun --mpi=pmi2
  // mpirun under srun: its daemons are the step's tasks, the ranks are its own.
  CHECK(with({{"OMPI_COMM_WORLD_RANK", "5"}, {"OMPI_COMM_WORLD_SIZE", "8"}, {"PMIX_NAMESPACE", "7"}})->number == 5);
}

TEST_CASE("one of several processes of MPICH's launcher is refused", "[study][ranks][bad]") {
  CHECK_THROWS_AS(rank_in({{"PMI_RANK", "0"}, {"PMI_SIZE", "4"}}), support::InputError);
  CHECK_FALSE(rank_in({{"PMI_RANK", "0"}, {"PMI_SIZE", "1"}}));
  std::map<std::string, std::string> hydra_by_srun = kStep;
  hydra_by_srun.insert({{"PMI_RANK", "1"}, {"PMI_SIZE", "3"}, {"HYDI_CONTROL_FD", "7"}});
  CHECK_THROWS_AS(rank_in(hydra_by_srun), support::InputError);
}
