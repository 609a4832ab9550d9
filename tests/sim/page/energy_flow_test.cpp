// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/page/energy_flow.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace szilard::page;

namespace {

Json account(const std::string& component, const std::string& mechanism, const std::string& fate, double joules) {
  return {{"component", component}, {"mechanism", mechanism}, {"fate", fate}, {"joules", joules}};
}

std::map<std::string, double> links_of(const EnergyFlow& flow) {
  std::map<std::string, double> links;
  for (const EnergyFlow::Link& link : flow.links) links[link.from + " > " + link.to] += link.joules;
  return links;
}

}  // namespace

TEST_CASE("energy flows from the supply through the parts that hand it on to where it ends", "[page]") {
  const Json accounts = {
      account("p/fc/driver", "row_drive", "supplied", 10),        account("p/fc/driver", "row_drive", "exported", 9),
      account("p/fc/driver", "line_charging", "dissipated", 1),   account("p/fc/tile_0_0", "row_drive", "received", 6),
      account("p/fc/tile_0_0", "joule_heating", "dissipated", 6), account("p/fc/tile_1_0", "row_drive", "received", 3),
      account("p/fc/tile_1_0", "joule_heating", "dissipated", 2), account("p/fc/tile_1_0", "charge", "stored", 1)};
  const EnergyFlow flow = energy_flow("p", accounts);
  const auto links = links_of(flow);
  CHECK(links.size() == 5);
  CHECK(links.at("supplied > fc · driver") == 10);
  CHECK(links.at("fc · driver > fc · tiles") == 9);
  CHECK(links.at("fc · driver > heat: line_charging") == 1);
  CHECK(links.at("fc · tiles > heat: joule_heating") == 8);
  CHECK(links.at("fc · tiles > stored") == 1);
  CHECK(flow.left_out_j == 0);
}

TEST_CASE("what is exported goes to receivers in proportion to what each received, within its layer first", "[page]") {
  const Json accounts = {account("p/a/laser", "light", "exported", 3), account("p/a/left", "light", "received", 1),
                         account("p/a/right", "light", "received", 2), account("p/b/other", "light", "received", 5)};
  const auto links = links_of(energy_flow("p", accounts));
  CHECK(links.size() == 2);
  CHECK(links.at("a · laser > a · left") == Approx(1));
  CHECK(links.at("a · laser > a · right") == Approx(2));
}

TEST_CASE("platforms whose names begin alike are kept apart", "[page]") {
  const Json accounts = {account("p/fc/x", "m", "supplied", 1), account("p2/fc/x", "m", "supplied", 7),
                         account("p", "m", "supplied", 2)};
  const auto links = links_of(energy_flow("p", accounts));
  CHECK(links.size() == 2);
  CHECK(links.at("supplied > fc · x") == 1);
  CHECK(links.at("supplied > platform") == 2);
}

TEST_CASE("layers with slashes in their names keep them", "[page]") {
  const auto links = links_of(energy_flow("p", Json::array({account("p//conv1/Conv/tile_0_0", "m", "supplied", 1)})));
  CHECK(links.count("supplied > /conv1/Conv · tiles") == 1);
}

TEST_CASE("energy in circles and negative energy cannot be drawn and is told", "[page]") {
  const Json accounts = {account("p/l/a", "light", "exported", 4),    account("p/l/b", "light", "received", 4),
                         account("p/l/b", "echo", "exported", 1),     account("p/l/a", "echo", "received", 1),
                         account("p/l/c", "x", "exported", 2),        account("p/l/d", "x", "received", 2),
                         account("p/l/d", "y", "exported", 3),        account("p/l/e", "y", "received", 3),
                         account("p/l/e", "z", "exported", 5),        account("p/l/c", "z", "received", 5),
                         account("p/l/a", "work", "dissipated", -0.5)};
  const EnergyFlow flow = energy_flow("p", accounts);
  const auto links = links_of(flow);
  CHECK(links.at("l · a > l · b") == 3);     // 4 there, 1 back
  CHECK(links.count("l · c > l · d") == 0);  // the smallest of c > d > e > c
  CHECK(links.at("l · d > l · e") == 3);
  CHECK(links.at("l · e > l · c") == 5);
  CHECK(flow.left_out_j == Approx(2.5));
}

TEST_CASE("what a store gives up is a source of its own", "[page]") {
  const Json accounts = {account("p/units", "drive", "supplied", 3), account("p/units", "relaxation", "dissipated", 4),
                         account("p/units", "strain", "stored", -1)};
  const EnergyFlow flow = energy_flow("p", accounts);
  const auto links = links_of(flow);
  CHECK(links.size() == 3);
  CHECK(links.at("taken from stores > units") == 1);
  CHECK(flow.left_out_j == 0);
}

TEST_CASE("what is stored and taken again in a run is no flow, what remains is", "[page]") {
  const Json accounts = {
      account("p/a/neurons", "neuron_set", "stored", 0.3), account("p/a/neurons", "neuron_reset", "stored", -0.1),
      account("p/a/neurons", "neuron_hold", "stored", -0.2), account("p/b/neurons", "neuron_set", "stored", 5),
      account("p/b/neurons", "neuron_reset", "stored", -3)};
  const auto links = links_of(energy_flow("p", accounts));
  CHECK(links.size() == 1);
  CHECK(links.at("b · neurons > stored") == 2);
}

TEST_CASE("accounts that lack what a ledger's accounts have are refused", "[page][bad]") {
  CHECK_THROWS_AS(energy_flow("p", {{{"component", "p/a"}}}), Json::exception);
  CHECK_THROWS_AS(energy_flow("p", {account("p/a", "m", "supplied", 1), {{"component", 3}}}), Json::exception);
}
