// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "models/training/machines.hpp"
#include "models/training/trainer.hpp"
#include "tests/models/quasistatic/networks.hpp"

using namespace szilard;
using namespace szilard::training;
using Catch::Matchers::Contains;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInfinite = std::numeric_limits<double>::infinity();

quasistatic::Network network() { return quasistatic::test::printed_network(quasistatic::Activation::relu); }
Entries entries() { return {2, 2, 1, {0, 0, 1, .5}, {.3, -.4}}; }
TrainingRequest request() {
  TrainingRequest out;
  out.presentations = 4;
  return out;
}

template <typename Change>
void refuse(const Change& change, const char* words) {
  quasistatic::Network net = network();
  Entries data = entries();
  TrainingRequest wanted = request();
  change(net, data, wanted);
  INFO(words);
  CHECK_THROWS_WITH(Trainer(net, data, wanted), Contains(words));
}

}  // namespace

TEST_CASE("a training that cannot be is refused before it begins", "[training][bad]") {
  using N = quasistatic::Network;
  using E = Entries;
  using R = TrainingRequest;
  refuse([](N&, E& e, R&) { e.count = 0, e.input.clear(), e.target.clear(); }, "no entry");
  refuse([](N&, E& e, R&) { e.inputs = 3; }, "do not fit");
  refuse([](N&, E& e, R&) { e.input.pop_back(); }, "incomplete");
  refuse([](N&, E& e, R&) { e.input[1] = kNan; }, "not finite");
  refuse([](N&, E& e, R&) { e.target[1] = kInfinite; }, "not finite");
  refuse([](N&, E&, R& r) { r.machines = 0; }, "machines");
  refuse([](N&, E&, R& r) { r.machines = 257; }, "machines");
  refuse([](N&, E&, R& r) { r.presentations = 0; }, "presentations");
  refuse([](N&, E&, R& r) { r.measure_from = 4; }, "presentations");
  for (double bad : {0.0, -1.0, kNan, kInfinite}) {
    refuse([&](N&, E&, R& r) { r.exposure = bad; }, "exposure");
    refuse([&](N&, E&, R& r) { r.mobility = bad; }, "mobility");
    refuse([&](N& n, E&, R&) { n.layers[0].stiffness[1] = bad; }, "stiffness of unit 1");
    refuse([&](N& n, E&, R&) { n.layers[1].friction[0] = bad; }, "friction of unit 0");
  }
  for (double bad : {-1.0, kNan, kInfinite}) {
    refuse([&](N&, E&, R& r) { r.switch_time = bad; }, "switch time");
    refuse([&](N&, E&, R& r) { r.nudge = bad; }, "nudge");
    refuse([&](N&, E&, R& r) { r.kT_parameters = bad; }, "temperatures");
    refuse([&](N&, E&, R& r) { r.kT_neurons = bad; }, "temperatures");
  }
  refuse([](N&, E&, R& r) { r.final_mobility = 1.5; }, "share");
  refuse([](N& n, E&, R&) { n.layers[0].map.weights(0, 0) = kNan; }, "weight is not finite");
}

TEST_CASE("a network of other than dense layers is refused by name", "[training][bad]") {
  quasistatic::Network net = network();
  net.layers[0].map.gather = {1, 0};
  net.layers[0].map.name = "mixed";
  CHECK_THROWS_WITH(Trainer(net, entries(), request()), Contains("'mixed' is not dense"));
  net = network();
  net.layers[0].of_units = {2, {0, 1}};
  net.layers[1].map = linear::dense_map("out", linear::RowMatrix::Ones(1, 1), {0});
  CHECK_THROWS_WITH(Trainer(net, entries(), request()), Contains("is not dense"));
}

TEST_CASE("parameters that give way too fast, and switches without end, are refused while training",
          "[training][bad]") {
  TrainingRequest wanted = request();
  wanted.mobility = 1e9;
  CHECK_THROWS_WITH(
      [&] {
        Trainer trainer(network(), entries(), wanted);
        trainer.advance();
        trainer.advance();
      }(),
      Contains("too fast") || Contains("without bound"));
  wanted = request();
  wanted.switch_time = 1e9;
  CHECK_THROWS_WITH(
      [&] {
        Trainer trainer(network(), entries(), wanted);
        trainer.advance();
      }(),
      Contains("shorten 'switch'"));
  wanted = request();
  wanted.langevin = true;
  wanted.exposure = 1e9;
  CHECK_THROWS_WITH(
      [&] {
        Trainer trainer(network(), entries(), wanted);
        trainer.advance();
      }(),
      Contains("shorten 'exposure'"));
}

TEST_CASE("a checkpoint of another training is refused", "[training][bad]") {
  Trainer trainer(network(), entries(), request());
  trainer.advance();
  std::vector<double> saved = trainer.save();
  Trainer other(network(), entries(), request());
  CHECK_NOTHROW(other.load(saved));
  saved.push_back(1);
  CHECK_THROWS_WITH(other.load(saved), Contains("does not fit"));
  saved.resize(saved.size() / 2);
  CHECK_THROWS_WITH(other.load(saved), Contains("too short"));
  CHECK_THROWS_AS(other.load({}), std::invalid_argument);
  saved = trainer.save();
  saved[0] = 5;
  CHECK_THROWS_WITH(other.load(saved), Contains("does not fit"));
}
