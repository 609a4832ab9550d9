// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "models/support/tolerance.hpp"
#include "tests/models/capacitive/capacitive_fixture.hpp"

namespace szilard::capacitive {
namespace {

using namespace testing;

/// The product of codes by whole numbers, without bits, columns or charges.
double integer_product(const linear::LinearMap& map, const support::SignalBlock& x, std::size_t o, std::size_t s,
                       double input_highest, double weight_highest, double full_scale, bool odd) {
  double largest = 0;
  for (Eigen::Index i = 0; i < map.weights.size(); ++i) largest = std::max(largest, std::abs(map.weights.data()[i]));
  const auto code = [odd](double value, double full, double highest) {
    const double level = value / full * highest;
    return odd ? 2 * std::round((level + highest) / 2) - highest : std::round(level);
  };
  double sum = 0;
  for (std::size_t k = 0; k < map.terms; ++k)
    sum += code(x.at(k, s), full_scale, input_highest) *
           code(map.weights(static_cast<Eigen::Index>(o), static_cast<Eigen::Index>(k)), largest, weight_highest);
  return map.bias[o] + sum * (full_scale / input_highest) * (largest / weight_highest);
}

/// Energy from the supply when k of n cells drive the far plates of a column that floats, from the charge on each
/// plate: the column is reset, the far plates stand at 0 V, then k of them step to v.
double plates_energy_j(int k, int n, double cell_f, double column_f, double v) {
  const double near_v = k * cell_f * v / (n * (cell_f + column_f));
  double energy_j = 0;
  for (int i = 0; i < k; ++i) energy_j += v * cell_f * (v - near_v);
  return energy_j;
}

}  // namespace

TEST_CASE("products of bits add up to the product of codes, signed or not, on as many tiles as it takes",
          "[capacitive]") {
  const linear::LinearMap map = random_dense(13, 75, 3);
  for (const bool is_signed : {true, false}) {
    const support::SignalBlock x = random_block(75, 5, 20, 4, is_signed ? -1 : 0);
    CapacitiveStage stage(map, quiet_parameters(), 1.0, is_signed, 1, "a");
    const support::SignalBlock y = run(stage, x).y;
    for (std::size_t o = 0; o < 13; ++o)
      for (std::size_t s = 0; s < 20; ++s)
        CHECK(y.at(o, s) == Approx(integer_product(map, x, o, s, is_signed ? 7 : 15, 7, 1.0, false)).margin(2e-2));
    CHECK(stage.tiles().size() == 9);
  }
}

TEST_CASE("equality of bits multiplies odd numbers, down to one bit", "[capacitive]") {
  const linear::LinearMap map = random_dense(13, 75, 3);
  const support::SignalBlock x = random_block(75, 0, 20, 4);
  for (const int bits : {1, 3}) {
    CapacitiveParameters p = quiet_parameters();
    p.product = CellProduct::equality;
    p.input_bits = p.weight_bits = bits;
    CapacitiveStage stage(map, p, 1.0, true, 1, "a");
    const support::SignalBlock y = run(stage, x).y;
    const double highest = std::ldexp(1.0, bits) - 1;
    for (std::size_t o = 0; o < 13; ++o)
      for (std::size_t s = 0; s < 20; ++s)
        CHECK(y.at(o, s) == Approx(integer_product(map, x, o, s, highest, highest, 1.0, true)).margin(2e-2));
  }
}

TEST_CASE("capacitors of a floating column take what the charge on their plates says", "[capacitive][energy]") {
  // Weights of 1 on all of 32 rows, and inputs that are 1 on k of them.
  for (const int k : {0, 1, 7, 16, 31, 32}) {
    CapacitiveParameters p = quiet_parameters();
    p.product = CellProduct::equality;
    p.input_bits = p.weight_bits = 1;
    p.column_capacitance_per_cell_f = 0.3e-15;
    linear::RowMatrix w = linear::RowMatrix::Ones(1, 32);
    CapacitiveStage stage(linear::dense_map("dense", w, {0.0}), p, 1.0, true, 1, "a");
    support::SignalBlock x(0, 1, 32);
    for (int i = 0; i < 32; ++i) x.row(static_cast<std::size_t>(i))[0] = i < k ? 1 : -1;
    const Result result = run(stage, x);
    CHECK(heat_j(result.ledger, "p/dense/array", "capacitor_charging", 0) ==
          Approx(plates_energy_j(k, 32, 2e-15, 0.3e-15, 0.8)).margin(1e-26));
    CHECK(result.ledger.closure().worst < support::kLedgerClosure);
  }
}

TEST_CASE("cells that charge capacitors of their own take C V^2 each, whatever the others do", "[capacitive][energy]") {
  CapacitiveParameters p = quiet_parameters();
  p.product = CellProduct::equality;
  p.input_bits = p.weight_bits = 1;
  p.coupling = Coupling::shared_charge;
  p.node_capacitance_per_cell_f = 0.5e-15;
  p.clock_capacitance_per_cell_f = 0.25e-15;
  p.row_capacitance_per_cell_f = 0.4e-15;
  p.row_capacitance_f = 10e-15;
  const linear::RowMatrix w = linear::RowMatrix::Ones(1, 32);
  CapacitiveStage stage(linear::dense_map("dense", w, {0.0}), p, 1.0, true, 1, "a");
  support::SignalBlock x(0, 1, 32);
  for (std::size_t i = 0; i < 32; ++i) x.row(i)[0] = i < 10 ? 1 : -1;
  const Result result = run(stage, x);
  const double square_v = 0.8 * 0.8;
  CHECK(heat_j(result.ledger, "p/dense/array", "capacitor_charging", 0) == Approx(10 * 2e-15 * square_v));
  CHECK(heat_j(result.ledger, "p/dense/array", "node_charging", 0) == Approx(10 * 0.5e-15 * square_v));
  CHECK(heat_j(result.ledger, "p/dense/array", "clock", 0) == Approx(32 * 0.25e-15 * square_v));
  // One of a row's two lines rises for either value of its bit.
  CHECK(heat_j(result.ledger, "p/dense/driver", "line_charging", 0) == Approx(32 * (10e-15 + 24 * 0.4e-15) * square_v));
}

TEST_CASE("inverters in front of input and clock lines take 2 / (f - 1) of what the lines take",
          "[capacitive][energy]") {
  CapacitiveParameters p = quiet_parameters();
  p.row_capacitance_per_cell_f = 0.4e-15;
  p.clock_capacitance_per_cell_f = 0.25e-15;
  p.driver_fan_out = 4;
  const support::SignalBlock x = random_block(75, 0, 3, 4);
  CapacitiveStage stage(random_dense(13, 75, 3), p, 1.0, true, 1, "a");
  const Result result = run(stage, x);
  for (std::uint64_t s = 0; s < 3; ++s) {
    const double lines = heat_j(result.ledger, "p/dense/driver", "line_charging", s) +
                         heat_j(result.ledger, "p/dense/array", "clock", s);
    CHECK(lines > 0);
    CHECK(heat_j(result.ledger, "p/dense/driver", "line_buffers", s) == Approx(lines * 2 / 3).epsilon(1e-9));
  }
}

TEST_CASE("input lines rise for bits that are 1, in every column tile", "[capacitive][energy]") {
  CapacitiveParameters p = quiet_parameters();
  p.row_capacitance_f = 10e-15;
  const linear::LinearMap map = random_dense(13, 2, 3);
  CapacitiveStage stage(map, p, 15.0, false, 1, "a");
  support::SignalBlock x(0, 2, 2);
  x.row(0)[0] = 5, x.row(1)[0] = 15;  // 0101 and 1111: six ones
  const Result result = run(stage, x);
  CHECK(heat_j(result.ledger, "p/dense/driver", "line_charging", 0) == Approx(3 * 6 * 10e-15 * 0.64));
  CHECK(heat_j(result.ledger, "p/dense/driver", "line_charging", 1) == 0);
  CHECK(heat_j(result.ledger, "p/dense/array", "capacitor_charging", 1) == 0);
}

TEST_CASE("an ADC converts each column once a cycle, in turn where columns share it", "[capacitive]") {
  const linear::LinearMap map = random_dense(6, 32, 3);
  CapacitiveParameters p = quiet_parameters();
  p.addition_j = 0.1e-12;
  CapacitiveStage alone(map, p, 1.0, true, 1, "a");
  p.output.columns_per_converter = 8;
  CapacitiveStage shared(map, p, 1.0, true, 1, "a");
  CHECK(alone.duration_ps() == 4 * (10'000 + 1'000));
  CHECK(shared.duration_ps() == 4 * (10'000 + 8 * 1'000));
  CHECK(alone.tiles().at(0).adcs == 24);
  CHECK(shared.tiles().at(0).adcs == 3);
  const support::SignalBlock x = random_block(32, 0, 3, 4);
  const Result result = run(shared, x);
  CHECK(heat_j(result.ledger, "p/dense/adc", "adc", 1) == Approx(4 * 24 * 1e-12));
  CHECK(heat_j(result.ledger, "p/dense/shift_add", "shift_add", 1) == Approx(6 * 15 * 0.1e-12));
}

TEST_CASE("results and energies of a sample do not depend on the block that it comes in", "[capacitive]") {
  const linear::LinearMap map = random_dense(7, 70, 3);
  CapacitiveParameters p = quiet_parameters();
  p.temperature_k = 300;
  p.capacitor_mismatch = 0.02;
  p.output.quantiser.bits = 6;
  p.output.imperfections.noise_lsb = 0.5;
  CapacitiveStage stage(map, p, 1.0, true, 1, "a");
  const Result all = run(stage, random_block(70, 0, 230, 4));
  for (const std::uint64_t first : {0, 7, 100, 229}) {
    CapacitiveStage again(map, p, 1.0, true, 1, "a");
    const Result one = run(again, random_block(70, first, 1, 4));
    for (std::size_t o = 0; o < 7; ++o) CHECK(one.y.at(o, 0) == all.y.at(o, first));
    CHECK(heat_j(one.ledger, "p/dense/array", "capacitor_charging", first) ==
          heat_j(all.ledger, "p/dense/array", "capacitor_charging", first));
  }
}

TEST_CASE("a reset's charge noise is kT over the column's capacitance, and capacitors err as stated",
          "[capacitive][noise]") {
  // One column of 32 ones: noise in cells is sqrt(kT N C) / (C V).
  CapacitiveParameters p = quiet_parameters();
  p.product = CellProduct::equality;
  p.input_bits = p.weight_bits = 1;
  p.cell_capacitance_f = 0.05e-15;
  p.temperature_k = 300;
  linear::RowMatrix w = linear::RowMatrix::Ones(1, 32);
  CapacitiveStage stage(linear::dense_map("dense", w, {0.0}), p, 1.0, true, 1, "a");
  const std::size_t samples = 4000;
  support::SignalBlock x(0, samples, 32);
  for (std::size_t i = 0; i < 32; ++i)
    for (std::size_t s = 0; s < samples; ++s) x.row(i)[s] = i < 16 ? 1 : -1;
  const Result result = run(stage, x);
  double square = 0;
  for (std::size_t s = 0; s < samples; ++s) square += result.y.at(0, s) * result.y.at(0, s);
  const double wanted =
      2 * std::sqrt(1.380649e-23 * 300 * 32 * 0.05e-15) / (0.05e-15 * 0.8);  // an output is twice a count
  CHECK(std::sqrt(square / double(samples)) == Approx(wanted).epsilon(0.05));

  p.temperature_k = 1e-6;
  p.capacitor_mismatch = 0.1;
  p.rows = 64;  // so that no code is clipped
  double sum = 0;
  const int stages = 300;
  for (int i = 0; i < stages; ++i) {
    CapacitiveStage uneven(linear::dense_map("dense", w, {0.0}), p, 1.0, true, static_cast<std::uint64_t>(i), "a");
    const double y = run(uneven, random_block(32, 0, 1, 4, 1, 1)).y.at(0, 0);
    sum += (y - 32) * (y - 32);
  }
  CHECK(std::sqrt(sum / stages) == Approx(2 * 0.1 * std::sqrt(32.0)).epsilon(0.15));
}

}  // namespace szilard::capacitive
