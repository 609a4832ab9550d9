// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// One weight that learns y = w x: every figure of the training follows from affine maps, worked out here for the very
// entries.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "models/support/philox.hpp"
#include "models/training/trainer.hpp"

using namespace szilard;
using namespace szilard::training;

namespace {

constexpr double kNoise = 0.5, kSlope = 0.7;

quasistatic::Network one_weight(double kappa = 1) {
  quasistatic::Layer layer;
  layer.map = linear::dense_map("w", linear::RowMatrix::Constant(1, 1, kSlope), {0});
  layer.stiffness = layer.friction = {kappa};
  quasistatic::Network network;
  network.layers.push_back(layer);
  return network;
}

Entries gaussian_entries(std::size_t count, std::uint64_t seed) {
  const support::RandomStream random(seed, 5);
  Entries out;
  out.count = count;
  out.inputs = out.outputs = 1;
  for (std::size_t i = 0; i < count; ++i) {
    out.input.push_back(random.gaussian(i, 0));
    out.target.push_back(kSlope * out.input.back() + kNoise * random.gaussian(i, 1));
  }
  return out;
}

TrainingRequest request(double a, double kT, Order order, std::uint64_t presentations) {
  TrainingRequest out;
  out.order = order;
  out.presentations = presentations;
  out.measure_from = presentations / 10;
  out.machines = 8;
  out.exposure = 1;
  out.mobility = a;
  out.biases = false;
  out.random_start = false;
  out.kT_parameters = kT;
  out.seed = 3;
  return out;
}

struct Seen {
  double heat = 0, heat_error = 0, variance = 0, variance_error = 0, force_variance = 0, closure = 0;
};

Seen train(const Entries& entries, const TrainingRequest& wanted) {
  Trainer trainer(one_weight(), entries, wanted);
  while (!trainer.done()) trainer.advance();
  Seen seen;
  std::vector<double> heats, variances;
  for (std::size_t m = 0; m < wanted.machines; ++m) {
    const Stationary part = trainer.stationary(m);
    heats.push_back(part.ledger.parameters / double(part.presentations));
    variances.push_back(part.parameter_variance);
    seen.force_variance += part.force_variance / double(wanted.machines);
    const MachineLedger all = trainer.ledger(m);
    CHECK(all.neurons == 0);  // there is no free neuron
    seen.closure = std::max(seen.closure, std::abs(all.supplied - all.parameters - all.stored) / all.supplied);
  }
  const auto statistics = [](const std::vector<double>& x, double& mean, double& error) {
    for (double one : x) mean += one / double(x.size());
    for (double one : x) error += (one - mean) * (one - mean);
    error = std::sqrt(error / double(x.size() - 1) / double(x.size()));
  };
  statistics(heats, seen.heat, seen.heat_error);
  statistics(variances, seen.variance, seen.variance_error);
  return seen;
}

/// Independent draws: w' = w e + (1 - e) y / x + noise of variance kT (1 - e^2) / x^2, e = exp(-a x^2).
struct Independent {
  double mean = 0, variance = 0, thermal_variance = 0, heat = 0, force_variance = 0;

  Independent(const Entries& entries, double a) {
    double give = 0, aim = 0, lose = 0, data = 0, heat_by_variance = 0, heat_by_data = 0, bath = 0, force = 0,
           force_square = 0;
    for (std::size_t i = 0; i < entries.count; ++i) {
      const double x = entries.input[i], stay = std::exp(-a * x * x);
      give += 1 - stay;
      aim += (1 - stay) * entries.target[i] / x;
    }
    mean = aim / give;
    for (std::size_t i = 0; i < entries.count; ++i) {
      const double x = entries.input[i], stay = std::exp(-a * x * x), off = entries.target[i] / x - mean,
                   n = double(entries.count);
      lose += (1 - stay * stay) / n;
      data += (1 - stay) * (1 - stay) * off * off / n;
      bath += (1 - stay * stay) / (x * x) / n;
      heat_by_variance += x * x * (1 - stay * stay) / 2 / n;
      heat_by_data += x * x * off * off * (1 - stay * stay) / 2 / n;
      force += x * x * off / n;
      force_square += x * x * x * x * off * off / n;
    }
    variance = data / lose;
    thermal_variance = bath / lose;  // a unit of kT
    heat = variance * heat_by_variance + heat_by_data;
    force_variance = force_square - force * force;
  }
};

}  // namespace

TEST_CASE("fresh entries: heat and scatter of one weight follow the closed form at three step sizes",
          "[training][regression]") {
  const Entries entries = gaussian_entries(100000, 11);
  const double a = GENERATE(0.1, 0.01, 0.001);
  INFO("a " << a << ", seed 11");
  const Independent expected(entries, a);
  const Seen cold = train(entries, request(a, 0, Order::independent, a < 0.005 ? 100000 : 40000));
  CHECK(std::abs(cold.heat - expected.heat) < 4 * cold.heat_error + 1e-3 * expected.heat);
  CHECK(std::abs(cold.variance - expected.variance) < 4 * cold.variance_error + 1e-3 * expected.variance);
  CHECK(cold.closure < 1e-9);
  // Eq. 12 = Eq. 14 where kT mu = mu^2 t var / 2; there heat / kT_c is 1.7449, 1.9705 and 1.9970 for endless fresh
  // entries.
  const double kT_c = a * kNoise * kNoise / 2;
  const double printed = a == 0.1 ? 1.7449 : a == 0.01 ? 1.9705 : 1.9970;
  CHECK(cold.heat / kT_c == Approx(printed).epsilon(0.035));  // as far as 1e5 entries are a fair draw
  // The force varies by the scatter of the weight, too.
  CHECK(cold.force_variance == Approx(expected.force_variance + 3 * expected.variance).epsilon(0.05));

  const Seen warm = train(entries, request(a, kT_c, Order::independent, a < 0.005 ? 100000 : 40000));
  const double doubled = (expected.variance + kT_c * expected.thermal_variance) / expected.variance;
  CHECK(doubled == Approx(a == 0.1 ? 2.1937 : a == 0.01 ? 2.0199 : 2.0020).epsilon(0.02));
  CHECK(std::abs(warm.variance / expected.variance - doubled) < 4 * warm.variance_error / expected.variance + 2e-3);
}

TEST_CASE("entries in one order for ever: the weight runs round a cycle that a recursion gives",
          "[training][regression]") {
  const Entries entries = gaussian_entries(50, 21);
  const double a = GENERATE(0.1, 0.01, 0.001);
  INFO("a " << a << ", seed 21");
  double decay = 1, shift = 0, thermal_shift = 0;
  for (std::size_t i = 0; i < entries.count; ++i) {
    const double x = entries.input[i], stay = std::exp(-a * x * x);
    decay *= stay;
    shift = shift * stay + (1 - stay) * entries.target[i] / x;
    thermal_shift = thermal_shift * stay * stay + (1 - stay * stay) / (x * x);
  }
  double w = shift / (1 - decay), thermal = thermal_shift / (1 - decay * decay), sum = 0, square = 0, heat = 0,
         thermal_mean = 0;
  for (std::size_t i = 0; i < entries.count; ++i) {
    const double x = entries.input[i], stay = std::exp(-a * x * x), goal = entries.target[i] / x;
    heat += x * x * (w - goal) * (w - goal) * (1 - stay * stay) / 2 / 50;
    w = w * stay + (1 - stay) * goal;
    thermal = thermal * stay * stay + (1 - stay * stay) / (x * x);
    sum += w / 50, square += w * w / 50, thermal_mean += thermal / 50;
  }
  const double variance = square - sum * sum;
  TrainingRequest cyclic = request(a, 0, Order::cyclic, a < 0.005 ? 40000 : 10000);
  cyclic.measure_from = cyclic.presentations - 1000;
  const Seen cold = train(entries, cyclic);
  CHECK(cold.heat == Approx(heat).epsilon(1e-3));
  CHECK(cold.variance == Approx(variance).epsilon(1e-3));
  // Without chance there is less scatter at the same heat: the crossover comes at a lower temperature.
  const double kT_c = variance / thermal_mean;
  CHECK(heat / kT_c > 5);
  if (a < 0.005) return;  // scatter at this temperature needs too many passes
  const Seen warm = train(entries, request(a, kT_c, Order::cyclic, 60000));
  CHECK(std::abs(warm.variance / variance - 2) < 4 * warm.variance_error / variance + 0.02);
}

TEST_CASE("entries reshuffled in every pass: heat and scatter are means over all orders", "[training][regression]") {
  const Entries entries = gaussian_entries(5, 31);
  const double a = GENERATE(0.1, 0.01, 0.001);
  INFO("a " << a << ", seed 31");
  std::vector<std::size_t> order(5);
  std::iota(order.begin(), order.end(), 0);
  // First moments and second ones at the start of a pass, as fixed points of the mean over orders.
  double decay = 1, shift = 0, shift_square = 0, thermal_shift = 0, orders = 0;
  do {
    double one = 1, move = 0, bath = 0;
    for (std::size_t i : order) {
      const double x = entries.input[i], stay = std::exp(-a * x * x);
      one *= stay;
      move = move * stay + (1 - stay) * entries.target[i] / x;
      bath = bath * stay * stay + (1 - stay * stay) / (x * x);
    }
    decay = one, shift += move, shift_square += move * move, thermal_shift += bath, ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  shift /= orders, shift_square /= orders;
  const double start = shift / (1 - decay);
  const double start_square = (2 * decay * shift * start + shift_square) / (1 - decay * decay);
  double sum = 0, square = 0, heat = 0, thermal_mean = 0;
  do {
    double first = start, second = start_square;  // of w, under this order
    double thermal = thermal_shift / orders / (1 - decay * decay);
    for (std::size_t i : order) {
      const double x = entries.input[i], stay = std::exp(-a * x * x), goal = entries.target[i] / x;
      heat += x * x * (second - 2 * first * goal + goal * goal) * (1 - stay * stay) / 2 / (5 * orders);
      second = stay * stay * second + 2 * stay * (1 - stay) * goal * first + (1 - stay) * (1 - stay) * goal * goal;
      first = stay * first + (1 - stay) * goal;
      thermal = thermal * stay * stay + (1 - stay * stay) / (x * x);
      sum += first / (5 * orders), square += second / (5 * orders), thermal_mean += thermal / (5 * orders);
    }
  } while (std::next_permutation(order.begin(), order.end()));
  TrainingRequest wanted = request(a, 0, Order::reshuffled, a < 0.005 ? 120000 : 60000);
  wanted.measure_from = wanted.presentations / 4 / 5 * 5;
  const Seen seen = train(entries, wanted);
  CHECK(std::abs(seen.heat - heat) < 4 * seen.heat_error + 1e-3 * heat);
  CHECK(std::abs(seen.variance - (square - sum * sum)) < 4 * seen.variance_error + 1e-3 * (square - sum * sum));
  CHECK(seen.variance < Independent(entries, a).variance);
  // Where the bath doubles it, heat is more than the 2 N D kT of independent draws.
  const double kT_c = (square - sum * sum) / thermal_mean;
  CHECK(heat / kT_c > 3);
  if (a < 0.05) return;  // scatter at this temperature needs too many passes
  TrainingRequest hot = request(a, kT_c, Order::reshuffled, 60000);
  hot.measure_from = hot.presentations / 4 / 5 * 5;
  const Seen warm = train(entries, hot);
  CHECK(std::abs(warm.variance / (square - sum * sum) - 2) < 4 * warm.variance_error / (square - sum * sum) + 0.02);
}

TEST_CASE("one entry for ever: the weight is in equilibrium, scattered by kT / (kappa x^2), and no work is done",
          "[training][fluctuation]") {
  Entries entries;
  entries.count = entries.inputs = entries.outputs = 1;
  entries.input = {1.5};
  entries.target = {1.05};
  TrainingRequest wanted = request(0.05, 0.3, Order::cyclic, 40000);
  Trainer trainer(one_weight(), entries, wanted);
  while (!trainer.done()) trainer.advance();
  double variance = 0, square = 0, heat = 0;
  for (std::size_t m = 0; m < 8; ++m) {
    const Stationary part = trainer.stationary(m);
    variance += part.parameter_variance / 8;
    square += part.parameter_variance * part.parameter_variance / 8;
    heat += part.ledger.parameters / 8;
    CHECK(trainer.ledger(m).supplied == 0);
    CHECK(part.ledger.parameters == Approx(-part.ledger.stored).epsilon(1e-9).margin(1e-9));
  }
  const double error = std::sqrt((square - variance * variance) / 7);
  CHECK(std::abs(variance - 0.3 / (1.5 * 1.5)) < 4 * error);
  CHECK(std::abs(heat) < 4 * 0.3);  // between two states of equilibrium, not with time
}
