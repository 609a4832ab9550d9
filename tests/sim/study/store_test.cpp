// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <sqlite3.h>

#include "models/support/diagnostics.hpp"
#include "sim/study/file_system.hpp"
#include "sim/study/owner.hpp"
#include "sim/study/store.hpp"
#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard;
using namespace szilard::test;
using study::Claim;
using study::Database;
using study::Outcome;
using study::Store;
using study::StudyHeader;

namespace {

StudyHeader header_of(std::size_t points, const std::string& design = "d") {
  StudyHeader header;
  header.name = "s";
  header.axes = {"a"};
  header.seeds = {7, 8};
  header.runs = 2 * points;
  header.design = design;
  header.base = "b";
  return header;
}

std::unique_ptr<Store> store_in(const TemporaryFolder& folder, const StudyHeader& header) {
  return Store::prepare(folder.path("study.sqlite"), header,
                        [](std::size_t point) { return std::vector<std::string>{"value " + std::to_string(point)}; });
}

Outcome done(const std::string& address, double value) {
  Outcome outcome;
  outcome.address = address;
  outcome.metrics = {{"m"}, {value}};
  return outcome;
}

}  // namespace

TEST_CASE("a point is claimed once, committed once, and then holds its figures", "[study]") {
  const TemporaryFolder folder;
  const auto store = store_in(folder, header_of(2));
  CHECK(store->counts().open == 4);
  const auto first = store->claim(100, 60), second = store->claim(100, 60);
  REQUIRE((first && second));
  CHECK(first->id == 0);
  CHECK(second->id == 1);
  CHECK(store->commit(*first, done("x", 0.1)));
  CHECK_FALSE(store->commit(*first, done("x", 0.2)));
  std::vector<double> figures;
  store->for_each([&](const Store::Row& row) {
    if (row.state == Store::Row::State::done) {
      figures.push_back(row.metrics.at(0));
      CHECK(row.values.at(0) == "value 0");
      CHECK(row.seed == 7);
    }
  });
  CHECK(figures == std::vector<double>{0.1});
}

TEST_CASE("a claim whose lease is over goes to another, and its late owner writes nothing", "[study]") {
  const TemporaryFolder folder;
  const auto store = store_in(folder, header_of(1));
  const auto claim = store->claim(100, 60);
  CHECK(store->reopen(159, false) == 0);
  CHECK(store->reopen(161, false) == 1);
  CHECK_FALSE(store->commit(*claim, done("x", 1)));
  store->claim(161, 60);
  store->renew(200, 60);
  CHECK(store->reopen(250, false) == 0);
}

TEST_CASE("a point whose process keeps crashing fails in the end, one that is killed from outside is patient",
          "[study]") {
  const TemporaryFolder folder;
  const auto store = store_in(folder, header_of(1));
  Outcome crash;
  crash.state = Outcome::State::crashed;
  crash.message = "its process was ended by signal 11";
  for (int i = 0; i < 3; ++i) {
    CHECK(store->counts().failed == 0);
    const auto claim = store->claim(100, 60);
    CHECK(claim->id == 0);
    CHECK(store->commit(*claim, crash));
  }
  CHECK(store->counts().failed == 1);
  crash.was_killed = true;
  for (int i = 0; i < 15; ++i) CHECK(store->commit(*store->claim(100, 60), crash));
  CHECK(store->counts().failed == 1);
  CHECK(store->reopen(100, true) == 1);
}

TEST_CASE("results stay when axes change, under their address", "[study]") {
  const TemporaryFolder folder;
  {
    const auto store = store_in(folder, header_of(1));
    store->commit(*store->claim(100, 60), done("x", 0.25));
  }
  const auto store = store_in(folder, header_of(3, "other axes"));
  CHECK(store->counts().open == 6);
  REQUIRE(store->find_result("x"));
  CHECK(store->find_result("x")->values == std::vector<double>{0.25});
  CHECK_FALSE(store->find_result("y"));
}

TEST_CASE("the identity of a process that is gone is known to be gone, that of another host is not", "[study]") {
  const std::string own = study::own_identity();
  CHECK_FALSE(study::has_ended(own));
  CHECK(study::has_ended(study::host_name() + " 1 999999999999"));
  CHECK_FALSE(study::has_ended("some-other-host 1 2"));
  CHECK_FALSE(study::has_ended(""));
}

TEST_CASE("the write-ahead log is for file systems of one machine", "[study]") {
  for (const unsigned long type : {0x6969ul, 0x0BD00BD0ul, 0xFF534D42ul, 0xFFFFFFFFFF534D42ul})
    CHECK(study::is_network_type(type));
  for (const unsigned long type : {0xEF53ul, 0x01021994ul, 0x58465342ul})
    CHECK_FALSE(study::is_network_type(type));  // ext4, tmpfs, XFS
  const TemporaryFolder folder;
  store_in(folder, header_of(1));
  CHECK_FALSE(study::is_on_network(folder.path("nowhere/study.sqlite")));
}

TEST_CASE("files that are no study, foreign databases and newer ones are refused by name", "[study][bad]") {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& name) {
    try {
      Store(folder.path(name), Database::Mode::read);
      return std::string("taken");
    } catch (const support::InputError& error) {
      return std::string(error.what());
    }
  };
  write_file(folder.path("text.sqlite"), std::string(5000, 'x'));
  CHECK(message("text.sqlite").find("no study of szilard") != std::string::npos);
  { Database(folder.path("foreign.sqlite"), Database::Mode::create).run("CREATE TABLE t(x); INSERT INTO t VALUES(1)"); }
  CHECK(message("foreign.sqlite").find("a database, but no study of szilard") != std::string::npos);
  { store_in(folder, header_of(1)); }
  std::filesystem::copy_file(folder.path("study.sqlite"), folder.path("cut.sqlite"));
  std::filesystem::resize_file(folder.path("cut.sqlite"), std::filesystem::file_size(folder.path("cut.sqlite")) / 3);
  CHECK(message("cut.sqlite").find("no study of szilard, or a damaged one") != std::string::npos);
  { Database(folder.path("study.sqlite"), Database::Mode::write).run("PRAGMA user_version = 2"); }
  CHECK(message("study.sqlite").find("written by a newer szilard") != std::string::npos);
  CHECK_THROWS_AS(Store(folder.path("none.sqlite"), Database::Mode::read), support::EnvironmentError);
}

TEST_CASE("another study's folder is refused", "[study][bad]") {
  const TemporaryFolder folder;
  store_in(folder, header_of(1));
  StudyHeader other = header_of(1);
  other.name = "other";
  CHECK_THROWS_AS(store_in(folder, other), support::InputError);
}
