// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/ledger.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>
#include <stdexcept>
#include <tuple>

using namespace szilard::energy;  // NOLINT: a test of this namespace

namespace {

AccountInfo account(const std::string& component, const std::string& mechanism, Fate fate,
                    Origin origin = Origin::computed) {
  AccountInfo info;
  info.component = component;
  info.mechanism = mechanism;
  info.fate = fate;
  info.origin = origin;
  return info;
}

}  // namespace

TEST_CASE("totals of a million posts do not depend on their order", "[energy]") {
  constexpr std::uint64_t kSeed = 4;
  INFO("seed " << kSeed);
  std::mt19937_64 rng(kSeed);
  std::uniform_real_distribution<double> mantissa(-1, 1);
  std::uniform_int_distribution<int> exponent(-100, -20);
  struct Post {
    std::uint64_t sample;
    double energy_j;
  };
  std::vector<Post> posts(1000000);
  for (Post& p : posts) p = {rng() % 50, std::ldexp(mantissa(rng), exponent(rng))};

  Ledger first(0, 50), second(0, 50);
  const AccountId a = first.open(account("rram", "leakage", Fate::dissipated));
  const AccountId b = second.open(account("rram", "leakage", Fate::dissipated));
  for (const Post& p : posts) first.post_joules(a, p.sample, p.energy_j, 1);
  std::shuffle(posts.begin(), posts.end(), rng);
  for (const Post& p : posts) second.post_joules(b, p.sample, p.energy_j, 1);

  for (std::uint64_t s = 0; s < 50; ++s) CHECK((first.at(a, s) == second.at(b, s)));
  CHECK((first.total(a) == second.total(b)));
  CHECK(first.count(a) == 1000000);
  CHECK(second.count(b) == 1000000);
}

TEST_CASE("a component takes in what lies below it and nothing that only begins alike", "[energy]") {
  Ledger ledger(10, 2);
  const AccountId dac = ledger.open(account("rram/fc1/dac", "dac", Fate::dissipated));
  const AccountId whole = ledger.open(account("rram", "leakage", Fate::dissipated));
  const AccountId other = ledger.open(account("rram2/fc1", "dac", Fate::dissipated));
  const AccountId supply = ledger.open(account("rram/fc1/dac", "dac", Fate::supplied));
  ledger.post(dac, 10, {1}, 1);
  ledger.post(whole, 11, {20}, 1);
  ledger.post(other, 10, {300}, 1);
  ledger.post(supply, 10, {4000}, 1);
  CHECK((ledger.total("rram", Fate::dissipated) == Quanta{21}));
  CHECK((ledger.total("rram", Fate::dissipated, 11) == Quanta{20}));
  CHECK((ledger.total("rram/fc1", Fate::dissipated) == Quanta{1}));
  CHECK((ledger.total("", Fate::dissipated) == Quanta{321}));
  CHECK((ledger.total("ram", Fate::dissipated) == Quanta{}));
  const auto by_component = ledger.by_component("rram", Fate::dissipated);
  CHECK(by_component.size() == 2);
  CHECK((by_component.at("rram/fc1/dac").at("dac") == Quanta{1}));
  const auto by_mechanism = ledger.by_mechanism("", Fate::dissipated);
  CHECK((by_mechanism.at("dac") == Quanta{301}));
  CHECK((by_mechanism.at("leakage") == Quanta{20}));
}

TEST_CASE("closure counts each fate on its side", "[energy]") {
  Ledger ledger(0, 1);
  const Fate fates[] = {Fate::supplied,  Fate::received, Fate::dissipated,
                        Fate::recovered, Fate::exported, Fate::stored};
  const int amounts[] = {70, 30, 40, 35, 30, -5};
  for (int i = 0; i < 6; ++i) ledger.post(ledger.open(account("a/b", "x", fates[i])), 0, {amounts[i]}, 1);
  CHECK(ledger.closure().worst == 0);
  CHECK(ledger.closure().component.empty());
}

TEST_CASE("a leak in one sample of one component breaks closure there and is named", "[energy]") {
  Ledger ledger(100, 20);
  const AccountId in_a = ledger.open(account("p/a", "heat", Fate::supplied));
  const AccountId out_a = ledger.open(account("p/a", "heat", Fate::dissipated));
  const AccountId in_b = ledger.open(account("p/b", "heat", Fate::supplied));
  const AccountId out_b = ledger.open(account("p/b", "heat", Fate::dissipated));
  for (std::uint64_t s = 100; s < 120; ++s) {
    ledger.post_joules(in_a, s, 1e-12, 1);
    ledger.post_joules(out_a, s, 1e-12, 1);
    ledger.post_joules(in_b, s, 2e-15, 1);
    ledger.post_joules(out_b, s, s == 113 ? 1.9e-15 : 2e-15, 1);
  }
  const Ledger::Closure closure = ledger.closure("p");
  CHECK(closure.worst == Approx(0.05).epsilon(1e-12));
  CHECK(closure.component == "p/b");
  CHECK(closure.sample == 113);
  CHECK(closure.imbalance_j == Approx(1e-16).epsilon(1e-12));
  CHECK(ledger.closure("p/a").worst == 0);
}

TEST_CASE("one component's loss is not hidden by another's gain", "[energy]") {
  Ledger ledger(0, 1);
  ledger.post(ledger.open(account("p/a", "heat", Fate::supplied)), 0, Quanta::from_joules(1e-15), 1);
  ledger.post(ledger.open(account("p/b", "heat", Fate::dissipated)), 0, Quanta::from_joules(1e-15), 1);
  CHECK(ledger.closure().worst == 1);
}

TEST_CASE("imbalances far below kT are held against the floor, not against themselves", "[energy]") {
  Ledger ledger(0, 1);
  ledger.post(ledger.open(account("p", "heat", Fate::supplied)), 0, {1}, 1);
  CHECK(ledger.closure().worst == Approx(1e-4));
}

TEST_CASE("transfers cancel where each exported joule is received", "[energy]") {
  Ledger ledger(0, 3);
  const AccountId out = ledger.open(account("p/driver", "line", Fate::exported));
  const AccountId in = ledger.open(account("p/array", "line", Fate::received));
  for (std::uint64_t s = 0; s < 3; ++s) {
    ledger.post(out, s, {500}, 1);
    ledger.post(in, s, {500}, 1);
  }
  CHECK((ledger.worst_transfer_mismatch("p") == Quanta{}));
  ledger.post(in, 1, {7}, 1);
  ledger.post(out, 2, {3}, 1);
  CHECK((ledger.worst_transfer_mismatch("p") == Quanta{-7}));
}

TEST_CASE("rows come by sample, path, mechanism, fate and origin names, without zeros", "[energy]") {
  Ledger ledger(5, 4);
  const Fate fates[] = {Fate::supplied, Fate::dissipated, Fate::stored};
  for (const char* component : {"z", "a/b", "a"})
    for (const char* mechanism : {"set", "reset"})
      for (Fate fate : fates)
        for (Origin origin : {Origin::table, Origin::computed})
          ledger.open(account(component, mechanism, fate, origin));
  for (AccountId id = 0; id < ledger.accounts().size(); ++id)
    for (std::uint64_t s = 5; s < 9; ++s)
      if ((id + s) % 3 != 0) ledger.post(id, s, {static_cast<Int128>(id + 1)}, 1);
  using Key = std::tuple<std::uint64_t, std::string, std::string, std::string, std::string>;
  std::vector<Key> keys;
  ledger.for_each_row([&](std::uint64_t sample, AccountId id, Quanta amount) {
    const AccountInfo& info = ledger.accounts()[id];
    CHECK((amount == Quanta{static_cast<Int128>(id + 1)}));
    keys.emplace_back(sample, info.component, info.mechanism, fate_name(info.fate), origin_name(info.origin));
  });
  CHECK(keys.size() == 36 * 4 * 2 / 3);
  CHECK(std::is_sorted(keys.begin(), keys.end()));
}

TEST_CASE("posts outside the samples or to unknown accounts are refused", "[energy]") {
  Ledger ledger(10, 5);
  const AccountId id = ledger.open(account("p", "heat", Fate::supplied));
  CHECK_THROWS_AS(ledger.post(id, 9, {1}, 1), std::out_of_range);
  CHECK_THROWS_AS(ledger.post(id, 15, {1}, 1), std::out_of_range);
  CHECK_THROWS_AS(ledger.post(id + 1, 10, {1}, 1), std::out_of_range);
  CHECK_THROWS_AS(ledger.at(id, 15), std::out_of_range);
  CHECK_THROWS_AS(ledger.at(id + 1, 10), std::out_of_range);
  CHECK_THROWS_AS(ledger.total(id + 1), std::out_of_range);
  CHECK_THROWS_AS(ledger.count(id + 1), std::out_of_range);
  CHECK((ledger.total(id) == Quanta{}));
}

TEST_CASE("an account opens once, another origin or fate is another account", "[energy]") {
  Ledger ledger(0, 1);
  ledger.open(account("p", "heat", Fate::supplied));
  CHECK_THROWS_AS(ledger.open(account("p", "heat", Fate::supplied)), std::logic_error);
  CHECK_NOTHROW(ledger.open(account("p", "heat", Fate::supplied, Origin::table)));
  CHECK_NOTHROW(ledger.open(account("p", "heat", Fate::dissipated)));
  CHECK_THROWS_AS(ledger.open(account("", "heat", Fate::supplied)), std::invalid_argument);
  CHECK_THROWS_AS(ledger.open(account("p", "", Fate::supplied)), std::invalid_argument);
}

TEST_CASE("rows and counts that overflow are refused, as are empty ledgers and NaN", "[energy]") {
  Ledger ledger(0, 1);
  const AccountId id = ledger.open(account("p", "heat", Fate::supplied));
  ledger.post_joules(id, 0, 1e4, 1);
  CHECK_THROWS_AS(ledger.post_joules(id, 0, 1e4, 1), std::overflow_error);
  CHECK_THROWS_AS(ledger.post_joules(id, 0, std::nan(""), 1), std::overflow_error);
  CHECK_THROWS_AS(ledger.post(id, 0, {}, std::numeric_limits<std::int64_t>::max()), std::overflow_error);
  CHECK_THROWS_AS(Ledger(0, 0), std::invalid_argument);
  CHECK_THROWS_AS(Ledger(~std::uint64_t{0}, 2), std::invalid_argument);
}
