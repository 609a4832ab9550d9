// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// A transistor or selector in series with every cell.
#include <catch2/catch.hpp>

#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using Catch::Matchers::Contains;

constexpr double kOhm = 5e3, kLeast_S = 1e-6, kMost_S = 40e-6;

double in_series(double element_s) { return 1 / (kOhm + 1 / element_s); }

/// Conductances that weights w / w_max of either sign ask of the element.
double element(double share) { return kLeast_S + std::max(share, 0.0) * (kMost_S - kLeast_S); }

TEST_CASE("currents see cell and transistor in series, and the ends of the range keep their weights",
          "[crossbar][access]") {
  const linear::LinearMap map = random_dense(6, 20, 5);
  CrossbarParameters p = exact_parameters();
  p.device.access_ohm = kOhm;
  const support::SignalBlock x = random_block(map, 0, 5, 6);
  const support::SignalBlock y = outputs_of(map, p, x);
  const double w_max = map.weights.cwiseAbs().maxCoeff(), span = in_series(kMost_S) - in_series(kLeast_S);
  for (std::size_t o = 0; o < 6; ++o) {
    for (std::size_t s = 0; s < 5; ++s) {
      double wanted = map.bias[o];
      for (std::size_t k = 0; k < 20; ++k) {
        const double share = map.weights(static_cast<Eigen::Index>(o), static_cast<Eigen::Index>(k)) / w_max;
        wanted += (in_series(element(share)) - in_series(element(-share))) / span * w_max * x.at(k, s);
      }
      CHECK(y.at(o, s) == Approx(wanted).epsilon(1e-12));
    }
  }
  CHECK(worst_error(map, x, y) > 1e-3);  // compression is felt
}

TEST_CASE("the heat of a read is V^2 / (R + 1 / G) t", "[crossbar][access][energy]") {
  const linear::LinearMap map = random_dense(3, 5, 5);
  CrossbarParameters p = exact_parameters();
  p.device.access_ohm = kOhm;
  const support::SignalBlock x = random_block(map, 0, 1, 6);
  energy::Ledger ledger(0, 1);
  CrossbarStage stage(map, p, 1.0, 1, "a");
  stage.open_accounts("a", ledger);
  stage.forward(x, ledger);
  const double w_max = map.weights.cwiseAbs().maxCoeff();
  double heat_j = 0;
  for (std::size_t o = 0; o < 3; ++o) {
    for (std::size_t k = 0; k < 5; ++k) {
      const double share = map.weights(static_cast<Eigen::Index>(o), static_cast<Eigen::Index>(k)) / w_max,
                   volt = 0.5 * x.at(k, 0);
      heat_j += volt * volt * (in_series(element(share)) + in_series(element(-share))) * 10e-9;
    }
  }
  for (energy::AccountId id = 0; id < ledger.accounts().size(); ++id) {
    if (ledger.accounts()[id].mechanism == "joule_heating")
      CHECK(ledger.total(id).joules() == Approx(heat_j).epsilon(1e-12));
  }
  CHECK(ledger.closure().worst < 1e-9);
}

TEST_CASE("noise of the element reaches the current through its share of the voltage, squared",
          "[crossbar][access][noise]") {
  Device device;
  device.minimum_conductance_s = kLeast_S;
  device.maximum_conductance_s = kMost_S;
  device.read_noise_sigma = 0.01;
  device.access_ohm = kOhm;
  for (const ReadNoise law : {ReadNoise::proportional, ReadNoise::independent}) {
    device.read_noise = law;
    for (const double g : {1e-6, 10e-6, 40e-6}) {
      const double sigma = 0.01 * (law == ReadNoise::proportional ? g : kMost_S), step = 1e-4 * g;
      const double slope = (in_series(g + step) - in_series(g - step)) / (2 * step);
      CHECK(read_sigma_s(device, in_series(g), 1e-8) == Approx(sigma * slope).epsilon(1e-6));
    }
  }
  constexpr std::size_t kSamples = 8000;
  const linear::LinearMap map = random_dense(1, 12, 5);
  for (const WireModel wires : {WireModel::none, WireModel::exact}) {
    for (const ReadNoise law : {ReadNoise::proportional, ReadNoise::independent}) {
      CrossbarParameters p = exact_parameters();
      p.device.access_ohm = kOhm;
      p.device.read_noise = law;
      p.device.read_noise_sigma = 0.02;
      p.wires.model = wires;  // of 0 ohm
      support::SignalBlock x(0, kSamples, 12);
      for (std::size_t f = 0; f < 12; ++f) std::fill_n(x.row(f), kSamples, 1.0);
      const support::SignalBlock y = outputs_of(map, p, x, 21);
      double mean = 0, square = 0, wanted = 0;
      for (std::size_t s = 0; s < kSamples; ++s) mean += y.at(0, s) / kSamples;
      for (std::size_t s = 0; s < kSamples; ++s) square += std::pow(y.at(0, s) - mean, 2) / kSamples;
      const double w_max = map.weights.cwiseAbs().maxCoeff(), span = in_series(kMost_S) - in_series(kLeast_S);
      for (std::size_t k = 0; k < 12; ++k) {
        for (const double side : {1.0, -1.0}) {
          const double g = element(side * map.weights(0, static_cast<Eigen::Index>(k)) / w_max);
          const double sigma = 0.02 * (law == ReadNoise::proportional ? g : kMost_S);
          wanted += std::pow(sigma / std::pow(1 + kOhm * g, 2) * w_max / span, 2);
        }
      }
      INFO("seed 21");
      CHECK(square == Approx(wanted).epsilon(4 * std::sqrt(2.0 / kSamples)));
    }
  }
}

TEST_CASE("stuck cells have their transistor too", "[crossbar][access]") {
  Device device;
  device.minimum_conductance_s = kLeast_S;
  device.maximum_conductance_s = kMost_S;
  device.access_ohm = kOhm;
  device.stuck_on = 1;
  CHECK(aged_conductance(device, 10e-6, support::RandomStream(1, 2), 0).now_s == Approx(in_series(kMost_S)));
  device.stuck_on = 0;
  device.stuck_off = 1;
  CHECK(aged_conductance(device, 10e-6, support::RandomStream(1, 2), 0).now_s == Approx(in_series(kLeast_S)));
}

TEST_CASE("an access resistance below 0, not finite, or in front of a law that holds it is refused",
          "[crossbar][access][bad]") {
  const linear::LinearMap map = random_dense(2, 3, 5);
  CrossbarParameters p = exact_parameters();
  for (const double ohm : {-1.0, std::nan(""), HUGE_VAL}) {
    p.device.access_ohm = ohm;
    CHECK_THROWS_WITH(CrossbarStage(map, p, 1, 1, "a"), Contains("access_ohm"));
  }
  p.device.access_ohm = kOhm;
  p.cell.law = CellCurrent::Law::sinh;
  p.cell.scale_v = 0.3;
  CHECK_THROWS_WITH(CrossbarStage(map, p, 1, 1, "a"), Contains("access_ohm"));
  p.device.access_ohm = 0;
  CHECK_NOTHROW(CrossbarStage(map, p, 1, 1, "a"));
}

}  // namespace
}  // namespace szilard::electronic
