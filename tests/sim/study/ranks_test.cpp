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

TEST_CASE("a process knows its rank by mpirun's environment, and is none alone", "[study][ranks]") {
  const auto with = [](const char* rank, const char* size) {
    setenv("OMPI_COMM_WORLD_RANK", rank, 1), setenv("OMPI_COMM_WORLD_SIZE", size, 1), setenv("PMIX_NAMESPACE", "7", 1);
    const auto own = study::own_rank();
    for (const char* name : {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMIX_NAMESPACE"}) unsetenv(name);
    return own;
  };
  CHECK(with("2", "3")->number == 2);
  CHECK_FALSE(with("0", "1"));
  CHECK_FALSE(with("0", "many"));
  CHECK_FALSE(study::own_rank());
}
