// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Charging of word lines and settling of tiles against closed forms, dense eigenvalues and ngspice.
#include <unistd.h>

#include <Eigen/Eigenvalues>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "models/electronic/line_charging.hpp"
#include "models/electronic/line_settling.hpp"
#include "models/neuron/reset_physics/charging.hpp"
#include "tests/models/electronic/crossbar_coding_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using energy::Fate;

CrossbarParameters line_parameters(Charging charging) {
  CrossbarParameters p = exact_parameters();
  p.drive.charging = charging;
  p.drive.steps = 4;
  p.drive.ramp_time_s = 3e-9;
  p.wires.model = WireModel::exact;
  p.wires.word_segment_ohm = 500;
  p.wires.bit_segment_ohm = 300;
  p.wires.driver_ohm = 2000;
  p.wires.sense_ohm = 100;
  p.row_capacitance_per_cell_f = 20e-15;
  p.bit_capacitance_per_cell_f = 15e-15;
  return p;
}

TEST_CASE("what a line takes is lost or comes back, however it is charged", "[crossbar][dynamics]") {
  for (int draw = 0; draw < 300; ++draw) {
    INFO("draw " << draw);
    const auto u = [draw](std::uint32_t i, double low, double high) {
      return uniform(7, static_cast<std::uint64_t>(draw), i, low, high);
    };
    CrossbarParameters p = line_parameters(draw % 2 ? Charging::ramp : Charging::staircase);
    p.drive.steps = 1 + draw % 40;
    p.drive.ramp_time_s = std::pow(10, u(0, -15, -3));
    p.drive.recovery = draw % 3 ? u(1, 0, 1) : 1.0;
    p.columns = 2 + static_cast<std::size_t>(u(2, 0, 200));
    p.wires.drive_both_ends = draw % 5 == 0;
    const LineCharging c = line_charging(p, 1e-9);
    CHECK(c.supplied == Approx(c.lost_up + c.lost_down + c.recovered).epsilon(1e-11));
    CHECK(c.lost_up >= 0);
    CHECK(c.lost_up <= 0.5 * (1 + 1e-9));
    CHECK(c.recovered >= 0);
  }
}

TEST_CASE("a staircase of n steps loses C V^2 / 2n either way, one step C V^2 / 2", "[crossbar][dynamics]") {
  for (const int n : {1, 2, 7, 100}) {
    CrossbarParameters p = line_parameters(Charging::staircase);
    p.drive.steps = n;
    const LineCharging c = line_charging(p, 2e-9);
    const reset_physics::ChargingEnergy oracle = reset_physics::charge_by_staircase({1e3, 1e-12, 0.5}, n);
    CHECK(c.lost_up == Approx(0.5 / n));
    CHECK(c.lost_up == Approx(oracle.dissipated_j / (1e-12 * 0.25)).epsilon(1e-6));
    CHECK(c.supplied == Approx(oracle.supplied_j / (1e-12 * 0.25)).epsilon(1e-6));
    CHECK(c.delay_s == Approx((n - 1) * 2e-9));
  }
}

TEST_CASE("a ramp on a line without wires is that of one resistor and one capacitor", "[crossbar][dynamics]") {
  CrossbarParameters p = line_parameters(Charging::ramp);
  p.wires.word_segment_ohm = 0;
  const double tau_s = 2000 * 16 * 20e-15;
  for (const double ratio : {1e-3, 0.1, 1.0, 3.0, 100.0}) {
    p.drive.ramp_time_s = ratio * tau_s;
    const LineCharging c = line_charging(p, 0);
    const reset_physics::ChargingEnergy oracle = reset_physics::charge_by_ramp({2000, 16 * 20e-15, 0.5}, ratio * tau_s);
    CHECK(c.lost_up == Approx(oracle.dissipated_j / (16 * 20e-15 * 0.25)).epsilon(1e-6));
    CHECK(c.supplied == Approx(oracle.supplied_j / (16 * 20e-15 * 0.25)).epsilon(1e-6));
    CHECK(c.recovered == Approx(0.5 - c.lost_up).epsilon(1e-9));
  }
}

TEST_CASE("a slow ramp on a distributed line sees the driver and a third of the wire", "[crossbar][dynamics]") {
  CrossbarParameters p = line_parameters(Charging::ramp);
  for (const std::size_t n : {1u, 2u, 16u, 128u, 700u}) {
    p.columns = std::max<std::size_t>(n, 2);
    p.drive.ramp_time_s = 0.1;
    const double nodes = static_cast<double>(p.columns);
    // Current through segment j charges the n - j nodes behind it.
    const double ohm = 2000 + 500 * (nodes + 1) * (2 * nodes + 1) / (6 * nodes);
    CHECK(line_charging(p, 0).lost_up == Approx(ohm * nodes * 20e-15 / 0.1).epsilon(1e-3));
  }
  // Both ends: each half of the line by itself, the middle node shared.
  p.columns = 2;
  p.wires.drive_both_ends = true;
  CHECK(line_charging(p, 0).lost_up == Approx(2500 * 20e-15 / 0.1).epsilon(1e-3));
}

bool ngspice_is_missing() {
  if (std::system("command -v ngspice > /dev/null 2>&1") == 0) return false;
  WARN("SKIPPED: ngspice is not installed (apt-get install ngspice)");
  return true;
}

/// Numbers that a deck's control section prints as "LABEL = NUMBER".
double printed(const std::string& text, const std::string& label) {
  const std::size_t at = text.find("\n" + label);
  INFO(text.substr(0, 3000));
  REQUIRE(at != std::string::npos);
  return std::strtod(text.c_str() + text.find('=', at) + 1, nullptr);
}

std::string simulate(const std::string& deck) {
  const std::string name = std::string(SZILARD_BINARY_DIR) + "/dynamics_" + std::to_string(getpid());
  std::ofstream(name + ".cir") << deck;
  const int status = std::system(("ngspice -b " + name + ".cir > " + name + ".out 2>&1").c_str());
  (void)status;
  std::ifstream in(name + ".out");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::remove((name + ".cir").c_str());
  std::remove((name + ".out").c_str());
  return text;
}

TEST_CASE("ramps on a line take and return what ngspice says", "[crossbar][dynamics][ngspice]") {
  if (ngspice_is_missing()) return;
  for (const bool both : {false, true}) {
    for (const double ramp_s : {0.3e-9, 3e-9}) {
      CrossbarParameters p = line_parameters(Charging::ramp);
      p.columns = 7;
      p.drive.ramp_time_s = ramp_s;
      p.wires.drive_both_ends = both;
      const double hold_s = 30e-9;
      std::ostringstream deck;
      deck.precision(17);
      deck << "* ladder\nV1 src 0 PWL(0 0 " << ramp_s << " 0.5 " << hold_s << " 0.5 " << hold_s + ramp_s
           << " 0)\nRd src n0 2500\n";
      for (int j = 0; j < 7; ++j) {
        deck << "C" << j << " n" << j << " 0 20f\n";
        if (j < 6) deck << "R" << j << " n" << j << " n" << j + 1 << " 500\n";
      }
      if (both) deck << "Re src n6 2500\n";
      deck << ".options reltol=1e-8 abstol=1e-18 vntol=1e-12 chgtol=1e-24\n.control\ntran 2p " << 2 * hold_s
           << " 0 2p\n"
           << "let power = -v(src)*i(V1)\nmeas tran up INTEG power from=0 to=" << hold_s
           << "\nmeas tran down INTEG power from=" << hold_s << " to=" << 2 * hold_s << "\n.endc\n.end\n";
      const std::string text = simulate(deck.str());
      const LineCharging c = line_charging(p, 0);
      const double cv2 = 7 * 20e-15 * 0.25;
      INFO("ramp " << ramp_s << " both ends " << both);
      CHECK(c.supplied * cv2 == Approx(printed(text, "up")).epsilon(2e-4));
      CHECK(-c.recovered * cv2 == Approx(printed(text, "down")).epsilon(2e-3));
    }
  }
}

TileLines random_tile(std::uint64_t draw, std::size_t rows, std::size_t columns, const CrossbarParameters& p) {
  TileLines tile{rows, columns, {}, p.row_capacitance_per_cell_f, p.bit_capacitance_per_cell_f};
  for (std::uint32_t i = 0; i < rows * columns; ++i) {
    tile.conductances_s.push_back(uniform(9, draw, i, 0, 1) < 0.2 ? 0.0 : std::pow(10, uniform(11, draw, i, -6, -3.5)));
  }
  return tile;
}

TEST_CASE("the slowest time constant is the largest eigenvalue of the dense network", "[crossbar][dynamics]") {
  for (std::uint64_t draw = 0; draw < 60; ++draw) {
    INFO("draw " << draw);
    const auto rows = 1 + static_cast<std::size_t>(uniform(3, draw, 0, 0, 9));
    const auto columns = 1 + static_cast<std::size_t>(uniform(3, draw, 1, 0, 9));
    CrossbarParameters p = line_parameters(Charging::step);
    p.wires.word_segment_ohm = std::pow(10, uniform(3, draw, 2, 0, 4));
    p.wires.bit_segment_ohm = std::pow(10, uniform(3, draw, 3, 0, 4));
    p.wires.drive_both_ends = draw % 3 == 0;
    if (draw % 4 == 0) p.bit_capacitance_per_cell_f = 0;
    const TileLines tile = random_tile(draw, rows, columns, p);
    const auto r = static_cast<Eigen::Index>(rows), n = static_cast<Eigen::Index>(columns), cells = r * n;
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(2 * cells, 2 * cells);
    const auto join = [&](Eigen::Index i, Eigen::Index j, double siemens) {
      a(i, i) += siemens;
      if (j < 0) return;
      a(j, j) += siemens;
      a(i, j) -= siemens;
      a(j, i) -= siemens;
    };
    for (Eigen::Index i = 0; i < r; ++i) {
      for (Eigen::Index j = 0; j < n; ++j) {
        const Eigen::Index word = i * n + j, bit = cells + word;
        join(word, bit, tile.conductances_s[static_cast<std::size_t>(word)]);
        if (j == 0) join(word, -1, 1 / (p.wires.word_segment_ohm + p.wires.driver_ohm));
        if (j + 1 < n) join(word, word + 1, 1 / p.wires.word_segment_ohm);
        if (j + 1 == n && p.wires.drive_both_ends) join(word, -1, 1 / (p.wires.word_segment_ohm + p.wires.driver_ohm));
        if (i + 1 < r) join(bit, bit + n, 1 / p.wires.bit_segment_ohm);
        if (i + 1 == r) join(bit, -1, 1 / (p.wires.bit_segment_ohm + p.wires.sense_ohm));
      }
    }
    Eigen::VectorXd c(2 * cells);
    c << Eigen::VectorXd::Constant(cells, tile.word_node_f), Eigen::VectorXd::Constant(cells, tile.bit_node_f);
    const Eigen::VectorXd root = c.cwiseSqrt();
    const Eigen::MatrixXd times = root.asDiagonal() * a.inverse() * root.asDiagonal();
    const double wanted = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(times).eigenvalues().maxCoeff();
    CHECK(slowest_time_constant_s(tile, p.wires) == Approx(wanted).epsilon(1e-6));
  }
}

TEST_CASE("an array in ngspice nears its final currents as the slowest time constant says",
          "[crossbar][dynamics][ngspice]") {
  if (ngspice_is_missing()) return;
  const std::size_t rows = 5, columns = 4;
  const CrossbarParameters p = line_parameters(Charging::step);
  const TileLines tile = random_tile(77, rows, columns, p);
  const double tau_s = slowest_time_constant_s(tile, p.wires);
  std::ostringstream deck;
  deck.precision(17);
  deck << "* array\n";
  for (std::size_t i = 0; i < rows; ++i) {
    deck << "V" << i << " s" << i << " 0 PWL(0 0 1f 0.3)\nRd" << i << " s" << i << " w" << i << "_0 2500\n";
    for (std::size_t j = 0; j < columns; ++j) {
      const std::string at = std::to_string(i) + "_" + std::to_string(j);
      deck << "Cw" << at << " w" << at << " 0 20f\nCb" << at << " b" << at << " 0 15f\n";
      const double g = tile.conductances_s[i * columns + j];
      if (g > 0) deck << "Rg" << at << " w" << at << " b" << at << " " << 1 / g << "\n";
      if (j + 1 < columns) deck << "Rw" << at << " w" << at << " w" << i << "_" << j + 1 << " 500\n";
      if (i + 1 < rows) deck << "Rb" << at << " b" << at << " b" << i + 1 << "_" << j << " 300\n";
    }
  }
  for (std::size_t j = 0; j < columns; ++j)
    deck << "Rs" << j << " b" << rows - 1 << "_" << j << " g" << j << " 400\nVs" << j << " g" << j << " 0 0\n";
  deck << ".options reltol=1e-9 abstol=1e-20 vntol=1e-14 chgtol=1e-26\n.control\ntran " << tau_s / 400 << " "
       << 30 * tau_s << " 0 " << tau_s / 400 << "\n";
  for (const int k : {4, 8, 11, 29}) {
    for (std::size_t j = 0; j < columns; ++j)
      deck << "meas tran c" << j << "t" << k << " FIND i(Vs" << j << ") AT=" << k * tau_s << "\n";
  }
  deck << ".endc\n.end\n";
  const std::string text = simulate(deck.str());
  double at_four = 0, at_eight = 0, at_eleven = 0, final_a = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    const auto current = [&](int k) { return printed(text, "c" + std::to_string(j) + "t" + std::to_string(k)); };
    at_four += std::abs(current(29) - current(4));
    at_eight += std::abs(current(29) - current(8));
    at_eleven += std::abs(current(29) - current(11));
    final_a += std::abs(current(29));
  }
  CHECK(std::log(at_eight / at_eleven) / 3 == Approx(1.0).epsilon(0.02));
  CHECK(at_four / final_a < 2 * std::exp(-4.0));
  CHECK(at_eight / final_a < 2 * std::exp(-8.0));
}

TEST_CASE("derived settling sets the cycle, the slowest tile's", "[crossbar][dynamics]") {
  const linear::LinearMap map = random_dense(6, 20, 5);
  CrossbarParameters p = line_parameters(Charging::step);
  p.settling_accuracy = 1.0 / 512;
  const CrossbarStage stage(map, p, 1, 1, "a");
  double slowest_s = 0;
  for (int r = 0; r < 2; ++r) {
    TileLines tile{16, 16, std::vector<double>(256, 0.0), p.row_capacitance_per_cell_f, p.bit_capacitance_per_cell_f};
    const std::size_t used = r == 0 ? 16 : 4;
    for (std::size_t i = 0; i < used; ++i) {
      for (std::size_t o = 0; o < 6; ++o) {
        const auto pair = stage.conductances(o, static_cast<std::size_t>(r) * 16 + i);
        tile.conductances_s[(16 - used + i) * 16 + 2 * o] = pair.first;
        tile.conductances_s[(16 - used + i) * 16 + 2 * o + 1] = pair.second;
      }
    }
    slowest_s = std::max(slowest_s, slowest_time_constant_s(tile, p.wires));
  }
  CHECK(stage.settling_s() == Approx(slowest_s * std::log(512.0)).epsilon(1e-9));
  CHECK(stage.duration_ps() == std::llround((stage.settling_s() + p.read_time_s) * 1e12));
  p.settling_accuracy = 0;
  CHECK(CrossbarStage(map, p, 1, 1, "a").settling_s() == 2e-9);
}

TEST_CASE("slow charging saves on the line what the cells take more", "[crossbar][dynamics][energy]") {
  const linear::LinearMap map = random_dense(6, 20, 5);
  const support::SignalBlock x = random_block(map, 0, 2, 6);
  const auto books = [&](const CrossbarParameters& p) {
    CrossbarStage stage(map, p, 1.0, 3, "a");
    energy::Ledger ledger(0, 2);
    stage.open_accounts("a", ledger);
    stage.forward(x, ledger);
    CHECK(ledger.closure().worst < 1e-9);
    std::map<std::string, double> out;
    for (const Fate fate : {Fate::supplied, Fate::dissipated, Fate::recovered}) {
      for (const auto& [mechanism, amount] : ledger.by_mechanism("a", fate)) {
        out[std::string(energy::fate_name(fate)) + " " + mechanism] += amount.joules();
      }
    }
    out["duration"] = static_cast<double>(stage.duration_ps());
    return out;
  };
  CrossbarParameters p = line_parameters(Charging::step);
  auto step = books(p);
  CHECK(step.count("recovered line_charging") == 0);
  p.drive.charging = Charging::staircase;
  auto stairs = books(p);
  CHECK(stairs["dissipated line_charging"] == Approx(step["dissipated line_charging"] / 4).epsilon(1e-9));
  CHECK(stairs["recovered line_charging"] == Approx(step["dissipated line_charging"] * 3 / 8).epsilon(1e-9));
  // Levels 1/4, 1/2 and 3/4 stand 2 ns each, up and down: 3.5 ns at V^2 beside 10 ns of reading.
  CHECK(stairs["dissipated joule_heating"] == Approx(step["dissipated joule_heating"] * 1.35).epsilon(1e-9));
  CHECK(stairs["duration"] == step["duration"] + 3 * 2000);
  p.drive.charging = Charging::ramp;
  auto ramp = books(p);
  CHECK(ramp["dissipated joule_heating"] == Approx(step["dissipated joule_heating"] * 1.2).epsilon(1e-9));
  CHECK(ramp["duration"] == step["duration"] + 3000);
  CHECK(ramp["dissipated line_charging"] < step["dissipated line_charging"]);
  CHECK(ramp["recovered line_charging"] > 0);
  p.drive.recovery = 0;
  auto wasted = books(p);
  CHECK(wasted.count("recovered line_charging") == 0);
  CHECK(wasted["dissipated line_charging"] ==
        Approx(ramp["dissipated line_charging"] + ramp["recovered line_charging"]).epsilon(1e-9));
}

TEST_CASE("impossible drives, capacitances and accuracies are refused", "[crossbar][dynamics][bad]") {
  const auto build = [](auto change) {
    CrossbarParameters p = line_parameters(Charging::step);
    change(p);
    return CrossbarStage(random_dense(3, 4, 5), p, 1, 1, "a");
  };
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(build([](auto& p) { p.settling_accuracy = 1; }), Contains("settling_accuracy"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.settling_accuracy = 0.1;
                      p.wires.model = WireModel::none;
                    }),
                    Contains("settling_accuracy"));
  CHECK_THROWS_WITH(build([](auto& p) { p.bit_capacitance_per_cell_f = -1; }), Contains("bit_capacitance_per_cell_f"));
  CHECK_THROWS_WITH(build([](auto& p) { p.integration_capacitance_f = -1e-15; }),
                    Contains("integration_capacitance_f"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.drive.charging = Charging::staircase;
                      p.drive.steps = 0;
                    }),
                    Contains("drive.steps"));
  CHECK_THROWS_WITH(build([](auto& p) {
                      p.drive.charging = Charging::ramp;
                      p.drive.ramp_time_s = 0;
                    }),
                    Contains("ramp_time_s"));
  CHECK_THROWS_WITH(build([](auto& p) { p.drive.recovery = 1.1; }), Contains("recovery"));
  CHECK_THROWS_AS(slowest_time_constant_s({2, 2, {1e-6}, 1e-15, 0}, {}), std::invalid_argument);
  CHECK_THROWS_AS(slowest_time_constant_s({1, 1, {-1e-6}, 1e-15, 0}, {}), std::invalid_argument);
  CHECK_THROWS_AS(slowest_time_constant_s({1, 1, {1e-6}, std::nan(""), 0}, {}), std::invalid_argument);
  CHECK(slowest_time_constant_s({1, 1, {1e-6}, 0, 0}, {}) == 0);
}

}  // namespace
}  // namespace szilard::electronic
