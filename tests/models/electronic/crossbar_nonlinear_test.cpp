// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>

#include "models/electronic/wires/wire_network.hpp"
#include "models/support/tolerance.hpp"
#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;
using Catch::Matchers::Contains;
using energy::Fate;
using Law = CellCurrent::Law;

const std::vector<double> kTableV = {-0.6, -0.2, 0, 0.1, 0.6}, kTableA = {-8e-6, -1e-6, 0, 0.3e-6, 7e-6};

struct Shape {
  CellCurrent cell;
  std::function<double(double)> current;  // i(V), the test's own
  std::string name;
};

std::vector<Shape> shapes() {
  std::vector<Shape> all(3);
  all[0].name = "sinh";
  all[0].cell.law = Law::sinh;
  all[0].cell.scale_v = 0.2;
  all[0].current = [](double v) { return std::sinh(v / 0.2); };
  all[1].name = "cubic";
  all[1].cell.law = Law::cubic;
  all[1].cell.scale_v = 0.3;
  all[1].current = [](double v) { return v + v * v * v / 0.09; };
  all[2].name = "table";
  all[2].cell.law = Law::table;
  all[2].cell.table_v = kTableV;
  all[2].cell.table_a = kTableA;
  all[2].current = [](double v) {
    std::size_t k = 0;
    while (k + 2 < kTableV.size() && v > kTableV[k + 1]) ++k;
    return kTableA[k] + (kTableA[k + 1] - kTableA[k]) / (kTableV[k + 1] - kTableV[k]) * (v - kTableV[k]);
  };
  return all;
}

CrossbarParameters bent_parameters(const Shape& shape) {
  CrossbarParameters p = exact_parameters();
  p.device.programming_error_s = {1e-6};
  p.cell = shape.cell;
  return p;
}

CrossbarParameters wired_parameters(const Shape& shape, double ohm) {
  CrossbarParameters p = bent_parameters(shape);
  p.wires.model = WireModel::exact;
  p.wires.word_segment_ohm = ohm;
  p.wires.bit_segment_ohm = 0.7 * ohm;
  p.wires.driver_ohm = 3 * ohm;
  p.wires.sense_ohm = 2 * ohm;
  return p;
}

struct Run {
  support::SignalBlock y;
  energy::Ledger ledger;
};

Run run(CrossbarStage& stage, const support::SignalBlock& x) {
  Run result{x.sibling(stage.map().total_outputs()), energy::Ledger(x.first_sample(), x.samples())};
  stage.open_accounts("a", result.ledger);
  result.y = stage.forward(x, result.ledger);
  return result;
}

double weight_per_siemens(const CrossbarStage& stage, const CrossbarParameters& p) {
  return stage.map().weights.cwiseAbs().maxCoeff() / (p.device.maximum_conductance_s - p.device.minimum_conductance_s);
}

TEST_CASE("without wires a cell's current is G V_r i(V) / i(V_r), and its heat V times that", "[crossbar][nonlinear]") {
  const linear::LinearMap map = random_dense(11, 21, 5);
  const support::SignalBlock x = random_block(map, 10, 5, 6);
  for (const Shape& shape : shapes()) {
    INFO(shape.name);
    const CrossbarParameters p = bent_parameters(shape);
    CrossbarStage stage(map, p, 1.0, 3, "a");
    const Run got = run(stage, x);
    const double v_r = p.read_voltage_v;
    for (std::size_t s : {0, 2, 4}) {
      double heat_j = 0;
      for (std::size_t o = 0; o < map.outputs; ++o) {
        double current_a = 0;
        for (std::size_t k = 0; k < map.terms; ++k) {
          const auto [own, opposite] = stage.conductances(o, k);
          const double v = v_r * x.at(k, s), per_siemens_v = v_r * shape.current(v) / shape.current(v_r);
          current_a += (own - opposite) * per_siemens_v;
          heat_j += (own + opposite) * per_siemens_v * v * p.read_time_s;
        }
        const double wanted = map.bias[o] + current_a * weight_per_siemens(stage, p) / v_r;
        CHECK(got.y.at(o, s) == Approx(wanted).epsilon(1e-11).margin(1e-12));
      }
      double booked_j = 0;
      for (energy::AccountId i = 0; i < got.ledger.accounts().size(); ++i) {
        if (got.ledger.accounts()[i].mechanism == "joule_heating") booked_j += got.ledger.at(i, 10 + s).joules();
      }
      CHECK(booked_j == Approx(heat_j).epsilon(1e-11));
    }
    CHECK(got.ledger.closure().worst < support::kLedgerClosure);
  }
}

TEST_CASE("at full scale cells of any law draw what ohmic ones draw", "[crossbar][nonlinear]") {
  const linear::LinearMap map = random_dense(7, 9, 5);
  support::SignalBlock x(0, 1, map.inputs);
  for (std::size_t f = 0; f < map.inputs; ++f) x.row(f)[0] = f % 2 == 0 ? 1 : 0;
  CrossbarParameters ohmic = exact_parameters();
  const support::SignalBlock wanted = outputs_of(map, ohmic, x, 3);
  for (const Shape& shape : shapes()) {
    CrossbarParameters p = exact_parameters();
    p.cell = shape.cell;
    const support::SignalBlock got = outputs_of(map, p, x, 3);
    for (std::size_t o = 0; o < map.outputs; ++o)
      CHECK(got.at(o, 0) == Approx(wanted.at(o, 0)).epsilon(1e-12).margin(1e-12));
  }
}

TEST_CASE("a straight table is an ohmic cell, with wires and without", "[crossbar][nonlinear]") {
  const linear::LinearMap map = random_dense(9, 20, 5);
  const support::SignalBlock x = random_block(map, 0, 3, 6);
  Shape line;
  line.cell.law = Law::table;
  line.cell.table_v = {-1, 1};
  line.cell.table_a = {-3e-6, 3e-6};
  for (const bool wired : {false, true}) {
    CrossbarParameters p = wired ? wired_parameters(line, 20) : bent_parameters(line);
    CrossbarStage bent(map, p, 1.0, 3, "a");
    p.cell = {};
    CrossbarStage ohmic(map, p, 1.0, 3, "a");
    const Run got = run(bent, x), wanted = run(ohmic, x);
    for (std::size_t o = 0; o < map.outputs; ++o)
      CHECK(got.y.at(o, 1) == Approx(wanted.y.at(o, 1)).epsilon(1e-9).margin(1e-9));
    CHECK(got.ledger.total("a", Fate::dissipated).joules() ==
          Approx(wanted.ledger.total("a", Fate::dissipated).joules()).epsilon(1e-9));
  }
}

TEST_CASE("exact wires of no resistance leave the closed form of cells without wires", "[crossbar][nonlinear][wires]") {
  for (const linear::LinearMap& map : {random_dense(9, 20, 5), random_convolution(2, 2, 5, 3, 5)}) {
    const support::SignalBlock x = random_block(map, 0, 3, 6);
    for (const Shape& shape : shapes()) {
      INFO(shape.name);
      CrossbarStage wired(map, wired_parameters(shape, 0), 1.0, 3, "a"),
          ideal(map, bent_parameters(shape), 1.0, 3, "a");
      const Run got = run(wired, x), wanted = run(ideal, x);
      for (std::size_t f = 0; f < map.total_outputs(); ++f) {
        CHECK(got.y.at(f, 2) == Approx(wanted.y.at(f, 2)).epsilon(1e-9).margin(1e-9));
      }
      CHECK(got.ledger.total("a", Fate::dissipated).joules() ==
            Approx(wanted.ledger.total("a", Fate::dissipated).joules()).epsilon(1e-9));
    }
  }
}

TEST_CASE("the ledger of bent cells on wires closes in every sample, block or no block",
          "[crossbar][nonlinear][wires]") {
  const linear::LinearMap map = random_dense(11, 21, 5);
  const support::SignalBlock x = random_block(map, 0, 100, 6);
  CrossbarParameters p = wired_parameters(shapes()[0], 40);
  p.device.read_noise = ReadNoise::proportional;
  p.device.read_noise_sigma = 0.02;
  p.input = Converter{{6, 1.0, true}, 0.3e-12, 1e-9};
  CrossbarStage all(map, p, 1.0, 3, "a"), one(map, p, 1.0, 3, "a");
  const Run together = run(all, x);
  CHECK(together.ledger.closure().worst < support::kLedgerClosure);
  support::SignalBlock alone(97, 1, map.inputs);
  for (std::size_t f = 0; f < map.inputs; ++f) alone.row(f)[0] = x.at(f, 97);
  const Run single = run(one, alone);
  for (std::size_t o = 0; o < map.outputs; ++o) CHECK(single.y.at(o, 0) == together.y.at(o, 97));
  for (energy::AccountId i = 0; i < together.ledger.accounts().size(); ++i)
    CHECK(single.ledger.at(i, 97) == together.ledger.at(i, 97));
}

std::vector<double> spice_currents(const std::string& deck, std::size_t columns) {
  const std::string name = std::string(SZILARD_BINARY_DIR) + "/bent_" + std::to_string(getpid());
  std::ofstream(name + ".cir") << deck;
  const int status = std::system(("ngspice -b " + name + ".cir > " + name + ".out 2>&1").c_str());
  std::ifstream in(name + ".out");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::remove((name + ".cir").c_str());
  std::remove((name + ".out").c_str());
  INFO("ngspice ended with " << status << ": " << text.substr(0, 2000));
  std::vector<double> currents;
  for (std::size_t j = 0; j < columns; ++j) {
    const std::string label = "i(vs" + std::to_string(j) + ") = ";
    REQUIRE(text.find(label) != std::string::npos);
    currents.push_back(std::strtod(text.c_str() + text.find(label) + label.size(), nullptr));
  }
  return currents;
}

TEST_CASE("a tile of bent cells on wires has ngspice's outputs", "[crossbar][nonlinear][ngspice]") {
  if (std::system("command -v ngspice > /dev/null 2>&1") != 0) {
    WARN("SKIPPED: ngspice is not installed (apt-get install ngspice)");
    return;
  }
  const linear::LinearMap map = random_dense(5, 12, 5);
  const support::SignalBlock x = random_block(map, 0, 1, 6);
  const std::unique_ptr<wires::CellLaw> laws[] = {wires::sinh_cell(0.2), wires::cubic_cell(1 / 0.09),
                                                  wires::table_cell(kTableV, kTableA)};
  for (std::size_t k = 0; k < 3; ++k) {
    const Shape shape = shapes()[k];
    INFO(shape.name);
    const CrossbarParameters p = wired_parameters(shape, 60);
    CrossbarStage stage(map, p, 1.0, 3, "a");
    const Run got = run(stage, x);
    const double v_r = p.read_voltage_v;
    double at_read, slope;
    laws[k]->evaluate(1, &v_r, &at_read, &slope);
    std::vector<double> g, v;
    for (std::size_t i = 0; i < map.terms; ++i) {
      for (std::size_t o = 0; o < map.outputs; ++o) {
        const auto [own, opposite] = stage.conductances(o, i);
        g.push_back(own * v_r / at_read);
        g.push_back(opposite * v_r / at_read);
      }
      v.push_back(v_r * x.at(i, 0));
    }
    const wires::WireParameters lines = {60, 0.7 * 60, 3 * 60, 2 * 60, false, false};
    const std::vector<double> currents = spice_currents(
        wires::spice_deck(map.terms, 2 * map.outputs, g.data(), lines, v.data(), *laws[k]), 2 * map.outputs);
    for (std::size_t o = 0; o < map.outputs; ++o) {
      const double wanted = map.bias[o] + (currents[2 * o] - currents[2 * o + 1]) * weight_per_siemens(stage, p) / v_r;
      CHECK(got.y.at(o, 0) == Approx(wanted).epsilon(1e-6).margin(1e-6));
    }
  }
}

TEST_CASE("read noise of bent cells has the sigma of its cells, with wires and without",
          "[crossbar][nonlinear][noise]") {
  const linear::LinearMap map = random_dense(3, 8, 5);
  constexpr std::size_t kReads = 2000;
  support::SignalBlock x(0, kReads, map.inputs);
  for (std::size_t f = 0; f < map.inputs; ++f)
    std::fill_n(x.row(f), kReads, uniform(8, 0, static_cast<std::uint32_t>(f), -1, 1));
  const Shape shape = shapes()[0];
  for (const bool wired : {false, true}) {
    CrossbarParameters p =
        wired ? wired_parameters(shape, 1) : bent_parameters(shape);  // wires too short to matter to sigma
    p.device.minimum_conductance_s = 10e-6;                           // far from 0, where noise is cut off
    p.device.programming_error_s.clear();
    p.device.read_noise = ReadNoise::independent;
    p.device.read_noise_sigma = 0.02;
    CrossbarStage stage(map, p, 1.0, 3, "a");
    const support::SignalBlock y = run(stage, x).y;
    double variance = 0;
    for (std::size_t k = 0; k < map.terms; ++k) {
      const double v = p.read_voltage_v * x.at(k, 0);
      const double f = shape.current(v) / shape.current(p.read_voltage_v);  // of the read voltage
      variance += 2 * std::pow(0.02 * p.device.maximum_conductance_s * f * weight_per_siemens(stage, p), 2);
    }
    for (std::size_t o = 0; o < map.outputs; ++o) {
      double sum = 0, squares = 0;
      for (std::size_t s = 0; s < kReads; ++s) sum += y.at(o, s), squares += y.at(o, s) * y.at(o, s);
      const double sigma = std::sqrt(squares / kReads - sum * sum / kReads / kReads);
      INFO((wired ? "wired" : "ideal") << ", output " << o);
      CHECK(sigma == Approx(std::sqrt(variance)).epsilon(4 / std::sqrt(2.0 * kReads) + 0.02));
    }
  }
}

TEST_CASE("laws and combinations without a meaning are refused by name", "[crossbar][nonlinear][bad]") {
  const auto problem = [](const std::function<void(CrossbarParameters&)>& change) -> std::string {
    CrossbarParameters p = bent_parameters(shapes()[0]);
    change(p);
    try {
      CrossbarStage(random_dense(3, 4, 5), p, 1.0, 1, "a");
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  CHECK(problem([](auto&) {}).empty());
  for (const double bad :
       {0.0, -0.1, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    CHECK_THAT(problem([&](auto& p) { p.cell.scale_v = bad; }), Contains("cell.scale_v"));
    CHECK_THAT(problem([&](auto& p) { p.cell.scale_v = bad, p.cell.law = Law::cubic; }), Contains("cell.scale_v"));
  }
  const auto with_table = [&](std::vector<double> v, std::vector<double> a) {
    return problem([&](auto& p) { p.cell.law = Law::table, p.cell.table_v = v, p.cell.table_a = a; });
  };
  CHECK(with_table({-1, 1}, {-1, 1}).empty());
  CHECK_THAT(with_table({}, {}), Contains("two points"));
  CHECK_THAT(with_table({-1, 0, 1}, {-1, 1}), Contains("two points"));
  CHECK_THAT(with_table({-1, 1, 0}, {-1, 0, 1}), Contains("rise"));
  CHECK_THAT(with_table({-1, 0, 1}, {0, 1, -1}), Contains("fall"));
  CHECK_THAT(with_table({-1, 1}, {0, 1}), Contains("0 V"));
  CHECK_THAT(with_table({-1, 0, 1}, {-1, 0, 0}), Contains("read voltage"));
  CHECK_THAT(problem([](auto& p) { p.wires.model = WireModel::fast; }), Contains("wires.model"));
  CHECK_THAT(problem([](auto& p) {
               p.input = Converter{{8, 1, false}, 0, 0}, p.precision = Precision::sixteen_bit;
             }),
             Contains("precision"));
  CHECK_THAT(problem([](auto& p) {
               p.wires.model = WireModel::exact;
               p.device.current_noise.has_shot = true;
             }),
             Contains("current_noise"));
}

}  // namespace
}  // namespace szilard::electronic
