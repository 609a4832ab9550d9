// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/ramp.hpp"

#include <boost/numeric/odeint.hpp>
#include <catch2/catch.hpp>
#include <limits>

#include "tests/models/quasistatic/networks.hpp"

using namespace szilard::quasistatic;
using namespace szilard::quasistatic::test;
using szilard::support::SignalBlock;

namespace {

const SignalBlock kFrom = block({{0, 0}}), kTo = block({{1, .5}});

RampRequest cold(double duration) {
  RampRequest request;
  request.duration = duration;
  request.kT = 0;
  return request;
}

RampRequest warm(double duration, std::size_t paths, double kT = 1) {
  RampRequest request;
  request.duration = duration;
  request.kT = kT;
  request.paths = paths;
  return request;
}

double cold_work(const Network& network, const SignalBlock& from, const SignalBlock& to, const RampRequest& request) {
  return ramp(network, from, to, request).work[0];
}

/// Work of a linear ramp without noise by Odeint, from forces that share nothing with the module.
double odeint_work(const Network& network, const Eigen::VectorXd& from, const Eigen::VectorXd& to, double duration) {
  const Plain plain{network};
  const Eigen::VectorXd start = plain.minimum(from), velocity = (to - from) / duration;
  std::vector<double> gamma, state(start.data(), start.data() + start.size());
  for (const Layer& l : network.layers) gamma.insert(gamma.end(), l.friction.begin(), l.friction.end());
  state.push_back(0);
  const auto rhs = [&](const std::vector<double>& at, std::vector<double>& rate, double t) {
    Eigen::VectorXd by_x, by_u;
    plain.gradient(from + velocity * t, Eigen::Map<const Eigen::VectorXd>(at.data(), Eigen::Index(gamma.size())), by_x,
                   by_u);
    for (std::size_t i = 0; i < gamma.size(); ++i) rate[i] = -by_x[Eigen::Index(i)] / gamma[i];
    rate.back() = by_u.dot(velocity);
  };
  namespace odeint = boost::numeric::odeint;
  odeint::integrate_adaptive(odeint::make_controlled<odeint::runge_kutta_dopri5<std::vector<double>>>(1e-11, 1e-10),
                             rhs, state, 0.0, duration, duration / 1000);
  return state.back();
}

double variance_of(const SignalBlock& units, std::size_t unit) {
  double sum = 0, squares = 0;
  for (std::size_t s = 0; s < units.samples(); ++s)
    sum += units.row(unit)[s], squares += units.row(unit)[s] * units.row(unit)[s];
  const double n = double(units.samples());
  return squares / n - sum / n * (sum / n);
}

/// One unit in a well of stiffness kappa: variance after many relaxation times.
double well_variance(Integrator integrator, double kappa, double dt, double kT, std::size_t paths) {
  szilard::linear::RowMatrix w(1, 1);
  w << 1;
  const Network network{{layer(w, {0}, Activation::linear, {kappa})}};
  RampRequest request = warm(400 * dt, paths, kT);
  request.steps = 400;
  request.integrator = integrator;
  request.keep_units = true;
  const SignalBlock still = block({{0}});
  return variance_of(ramp(network, still, still, request).units, 0);
}

}  // namespace

TEST_CASE("the printed network costs what its paper says at any ramp time", "[quasistatic][ramp]") {
  const std::vector<std::pair<double, double>> printed = {
      {1, .5559630}, {3, .2513137}, {10, .0842388}, {30, .0289866}, {100, .00879137}};
  for (const auto& [duration, work] : printed)
    CHECK(cold_work(printed_network(Activation::linear), kFrom, kTo, cold(duration)) == Approx(work).epsilon(1e-5));
  CHECK(cold_work(printed_network(Activation::linear), kFrom, kTo, cold(0)) == Approx(1.14625).epsilon(1e-12));
  CHECK(cold_work(printed_network(Activation::tanh), kFrom, kTo, cold(0)) == Approx(.953373).epsilon(1e-6));
  CHECK(cold_work(printed_network(Activation::relu), kFrom, kTo, cold(0)) == Approx(.75625).epsilon(1e-12));
}

TEST_CASE("work times ramp time tends to the printed constant, which the way of the minimum gives",
          "[quasistatic][ramp]") {
  const std::vector<std::pair<Activation, double>> printed = {
      {Activation::linear, .883225}, {Activation::tanh, .722635}, {Activation::relu, .844516}};
  for (const auto& [activation, constant] : printed) {
    const Network network = printed_network(activation);
    CHECK(ways(network, kFrom, kTo)[0].linear_cost == Approx(constant).epsilon(1e-3));  // chords cut the kink
    // The next term of W tau falls as 1 / tau.
    const double slow = 400 * cold_work(network, kFrom, kTo, cold(400)),
                 slower = 800 * cold_work(network, kFrom, kTo, cold(800));
    CHECK(2 * slower - slow == Approx(constant).epsilon(1e-3));
  }
}

TEST_CASE("the best slow ramp costs its thermodynamic length squared, and no shape less", "[quasistatic][ramp]") {
  const Network network = printed_network(Activation::tanh);
  const Way way = ways(network, kFrom, kTo)[0];
  CHECK(way.length * way.length == Approx(.716816).epsilon(1e-5));
  const auto cost = [&](Shape shape) {
    RampRequest request = cold(1000);
    request.shape = shape;
    return 1000 * cold_work(network, kFrom, kTo, request);
  };
  CHECK(cost(Shape::optimal) == Approx(.716816).epsilon(3e-3));
  CHECK(cost(Shape::optimal) < cost(Shape::linear));
  CHECK(cost(Shape::linear) < cost(Shape::smooth));
}

TEST_CASE("without noise the work is Odeint's, for random networks, activations and ramps", "[quasistatic][ramp]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  INFO("seed " << seed);
  Draws draws(seed);
  for (Activation activation : kActivations) {
    const Network network = random_network(draws, {3, 5, 4, 2}, activation);
    const SignalBlock from = random_block(draws, 1, 3), to = random_block(draws, 1, 3);
    const double duration = std::exp(draws.uniform(-1, 4));
    const double expected = odeint_work(network, column(from, 0), column(to, 0), duration);
    INFO("activation " << int(activation) << ", duration " << duration);
    CHECK(cold_work(network, from, to, cold(duration)) == Approx(expected).epsilon(1e-4));
  }
}

TEST_CASE("the error of Heun's step and of the jumps falls as the square, that of Euler's as the step",
          "[quasistatic][ramp]") {
  Draws draws(4);
  const Network network = random_network(draws, {2, 4, 2}, Activation::tanh);
  const SignalBlock from = random_block(draws, 1, 2), to = random_block(draws, 1, 2);
  const double expected = odeint_work(network, column(from, 0), column(to, 0), 6);
  for (const auto& [integrator, order] :
       std::vector<std::pair<Integrator, double>>{{Integrator::heun, 2}, {Integrator::euler_maruyama, 1}}) {
    std::vector<double> errors;
    for (std::size_t steps : {200u, 800u}) {
      RampRequest request = cold(6);
      request.steps = steps;
      request.integrator = integrator;
      errors.push_back(std::abs(cold_work(network, from, to, request) - expected));
    }
    CHECK(std::log(errors[0] / errors[1]) / std::log(4.0) == Approx(order).margin(.1));
  }
}

TEST_CASE("the variance of work is 2 kT times its mean for linear networks at any ramp time", "[quasistatic][ramp]") {
  const std::uint64_t seed = GENERATE(5, 6);
  INFO("seed " << seed);
  Draws draws(seed);
  constexpr std::size_t kPaths = 8000;
  const Network network = random_network(draws, {3, 4, 2}, Activation::linear);
  const SignalBlock from = random_block(draws, 1, 3), to = random_block(draws, 1, 3);
  const double kT = draws.uniform(.3, 2);
  for (double duration : {0.0, .5, 5.0}) {
    const RampRequest request = warm(duration, kPaths, kT);
    const RampStatistics seen = summarise(ramp(network, from, to, request), kPaths, kT);
    const double expected = cold_work(network, from, to, cold(duration));
    INFO("duration " << duration << ", kT " << kT);
    CHECK(std::abs(seen.mean_work - expected) < 4 * seen.standard_error);
    CHECK(seen.work_variance == Approx(2 * kT * expected).epsilon(4 * std::sqrt(2.0 / kPaths)));
    CHECK(seen.first_law_residual < 1e-9);
  }
}

TEST_CASE("<exp(-W/kT)> is 1 and the first law holds on every path, for every activation", "[quasistatic][ramp]") {
  Draws draws(7);
  for (Activation activation : kActivations) {
    const Network network = random_network(draws, {2, 4, 3, 1}, activation);
    const SignalBlock from = random_block(draws, 1, 2, .7), to = random_block(draws, 1, 2, .7);
    const RampStatistics seen = summarise(ramp(network, from, to, warm(4, 3000)), 3000, 1);
    INFO("activation " << int(activation) << ": " << seen.jarzynski_average << " +- " << seen.jarzynski_standard_error);
    CHECK(std::abs(seen.jarzynski_average - 1) < 4 * seen.jarzynski_standard_error);
    CHECK(seen.first_law_residual < 1e-9);
    CHECK(seen.mean_work > -4 * seen.standard_error);
  }
}

TEST_CASE("residuals keep variance kT / kappa and linear networks the covariance kT / H'' while they are driven",
          "[quasistatic][ramp]") {
  constexpr std::size_t kPaths = 8000;
  RampRequest request = warm(3, kPaths);
  request.keep_units = true;
  const Network linear = printed_network(Activation::linear);
  const auto seen = covariance(ramp(linear, kFrom, kTo, request).units, kPaths);
  const Eigen::MatrixXd expected = linear_covariance(linear, 1);
  CHECK(expected(2, 2) == Approx(1.55));
  CHECK(expected(0, 2) == Approx(.6));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      CHECK(std::abs(seen[i][j] - expected(i, j)) <
            4 * std::sqrt((expected(i, i) * expected(j, j) + expected(i, j) * expected(i, j)) / kPaths));
  for (Activation activation : kActivations) {
    const Network network = printed_network(activation);
    request.duration = 4;  // several relaxation times, and the inputs stand still
    const SignalBlock x = ramp(network, kTo, kTo, request).units;
    SignalBlock inputs(0, kPaths, 2);
    for (std::size_t s = 0; s < kPaths; ++s) inputs.row(0)[s] = 1, inputs.row(1)[s] = .5;
    const Evaluation at = evaluate(network, inputs, x);
    for (std::size_t i = 0; i < 3; ++i) {
      const Activation of = i < 2 ? activation : Activation::linear;
      double square = 0;
      for (std::size_t s = 0; s < kPaths; ++s)
        square += std::pow(x.row(i)[s] - Plain::f(of, at.arguments.row(i)[s]), 2);
      INFO("activation " << int(activation) << ", unit " << i);
      CHECK(square / kPaths == Approx(1 / (i == 0   ? 2.
                                           : i == 1 ? 3.
                                                    : 1.5))
                                   .epsilon(4 * std::sqrt(2.0 / kPaths) + 2e-3));
    }
  }
}

TEST_CASE("each integrator has the stationary variance that its order says", "[quasistatic][ramp]") {
  constexpr std::size_t kPaths = 30000;
  const double error = 4 * std::sqrt(2.0 / kPaths);
  for (const auto& [kappa, dt] : std::vector<std::pair<double, double>>{{80, 5e-4}, {80, 5e-3}, {2, .5}}) {
    const double a = kappa * dt;
    INFO("kappa dt " << a);
    CHECK(well_variance(Integrator::euler_maruyama, kappa, dt, 1, kPaths) * kappa ==
          Approx(1 / (1 - a / 2)).epsilon(error));
    CHECK(well_variance(Integrator::heun, kappa, dt, 1, kPaths) * kappa ==
          Approx((1 - a / 2) / (1 - a / 2 + a * a / 4)).epsilon(error));
    CHECK(well_variance(Integrator::exact, kappa, dt, 2, kPaths) * kappa / 2 == Approx(1).epsilon(error));
  }
}

TEST_CASE("mean work is never negative over random networks and ramps, though single paths are",
          "[quasistatic][ramp]") {
  const std::uint64_t seed = GENERATE(8, 9, 10, 11, 12, 13);
  INFO("seed " << seed);
  Draws draws(seed);
  const Network network = random_network(draws, {2, 3, 2}, kActivations[seed % 4]);
  RampRequest request = warm(std::exp(draws.uniform(0, 3)), 1500, draws.uniform(.2, 2));
  request.shape = Shape(seed % 3);
  request.reverse = seed % 2;
  const RampResult result = ramp(network, random_block(draws, 1, 2, .5), random_block(draws, 1, 2, .5), request);
  const RampStatistics seen = summarise(result, 1500, request.kT);
  CHECK(seen.mean_work > -4 * seen.standard_error);
  CHECK(seen.first_law_residual < 1e-9);
  CHECK(*std::min_element(result.work.begin(), result.work.end()) < 0);
}

TEST_CASE("two networks side by side cost twice one, and energies scale with the unit of energy",
          "[quasistatic][ramp]") {
  Draws draws(14);
  const Network network = random_network(draws, {2, 3, 1}, Activation::tanh);
  const SignalBlock from = random_block(draws, 1, 2), to = random_block(draws, 1, 2);
  const double once = cold_work(network, from, to, cold(5));
  Network twice;
  for (const Layer& l : network.layers) {
    const Eigen::Index r = l.map.weights.rows(), c = l.map.weights.cols();
    szilard::linear::RowMatrix w = szilard::linear::RowMatrix::Zero(2 * r, 2 * c);
    w.topLeftCorner(r, c) = l.map.weights;
    w.bottomRightCorner(r, c) = l.map.weights;
    const auto doubled = [](const std::vector<double>& v) {
      std::vector<double> out = v;
      out.insert(out.end(), v.begin(), v.end());
      return out;
    };
    Layer both = layer(w, doubled(l.map.bias), l.activation, doubled(l.stiffness));
    both.friction = doubled(l.friction);
    twice.layers.push_back(both);
  }
  const auto beside = [](const SignalBlock& u) {
    return block({{u.row(0)[0], u.row(1)[0], u.row(0)[0], u.row(1)[0]}});
  };
  CHECK(cold_work(twice, beside(from), beside(to), cold(5)) == Approx(2 * once).epsilon(1e-5));

  Network scaled = network;
  for (Layer& l : scaled.layers)
    for (std::size_t i = 0; i < l.units(); ++i) l.stiffness[i] *= 4, l.friction[i] *= 4;
  const RampResult one = ramp(network, from, to, warm(5, 50, .5)), four = ramp(scaled, from, to, warm(5, 50, 2));
  for (std::size_t p = 0; p < 50; ++p) CHECK(four.work[p] == Approx(4 * one.work[p]).epsilon(1e-12));
}

TEST_CASE("there and back costs twice for a linear network, and leaves no energy behind", "[quasistatic][ramp]") {
  const Network network = printed_network(Activation::linear);
  RampRequest back = cold(20);
  back.reverse = true;
  CHECK(cold_work(network, kFrom, kTo, back) == Approx(cold_work(network, kFrom, kTo, cold(20))).epsilon(1e-9));
  RampRequest curved = cold(500);
  curved.shape = Shape::optimal;
  const double forward = cold_work(printed_network(Activation::tanh), kFrom, kTo, curved);
  curved.reverse = true;
  CHECK(cold_work(printed_network(Activation::tanh), kFrom, kTo, curved) == Approx(forward).epsilon(1e-2));
}

TEST_CASE("a path is the same whoever runs beside it", "[quasistatic][ramp]") {
  Draws draws(15);
  const Network network = random_network(draws, {2, 5, 2}, Activation::relu);
  const SignalBlock from = random_block(draws, 1, 2), to = random_block(draws, 1, 2);
  const RampResult few = ramp(network, from, to, warm(2, 7)), many = ramp(network, from, to, warm(2, 1100));
  for (std::size_t p = 0; p < 7; ++p) {
    CHECK(few.work[p] == many.work[p]);
    CHECK(few.heat[p] == many.heat[p]);
    CHECK(few.outputs.row(1)[p] == many.outputs.row(1)[p]);
  }
}

TEST_CASE("averaging the read-out narrows it as the time over twice its correlation time", "[quasistatic][ramp]") {
  szilard::linear::RowMatrix w(1, 1);
  w << 1;
  const Network network{{layer(w, {0}, Activation::linear, {2})}};
  RampRequest request = warm(0, 4000);
  request.hold = 40;
  const RampResult result = ramp(network, block({{1}}), block({{1}}), request);
  // Ornstein-Uhlenbeck: variance of the mean over T is 2 (kT / kappa) t_c / T (1 - t_c / T), t_c = gamma / kappa.
  CHECK(variance_of(result.outputs, 0) ==
        Approx(2 * .5 * .5 / 40 * (1 - .5 / 40)).epsilon(4 * std::sqrt(2.0 / 4000) + 2e-3));
  for (double work : result.work) CHECK(work == 0);
}

TEST_CASE("readings further apart than the correlation time narrow the read-out as their number",
          "[quasistatic][ramp]") {
  szilard::linear::RowMatrix w(1, 1);
  w << 1;
  const Network network{{layer(w, {0}, Activation::linear, {2})}};
  RampRequest request = warm(0, 4000);
  request.hold = 40;
  request.read_every = 4;  // eight correlation times
  const RampResult result = ramp(network, block({{1}}), block({{1}}), request);
  CHECK(result.readings == 10);
  CHECK(variance_of(result.outputs, 0) == Approx(.5 / 10).epsilon(4 * std::sqrt(2.0 / 4000) + 2e-3));
  request.read_every = 41;
  CHECK_THROWS_AS(ramp(network, block({{1}}), block({{1}}), request), std::invalid_argument);
}

TEST_CASE("a step beyond the largest stable one is refused, and the one it names runs", "[quasistatic][ramp][bad]") {
  Draws draws(16);
  for (Activation activation : kActivations) {
    const Network network = random_network(draws, {2, 6, 3}, activation);
    const SignalBlock from = random_block(draws, 1, 2), to = random_block(draws, 1, 2);
    const double largest = largest_stable_step(network, 0);
    RampRequest request = cold(1000 * largest * 1.01);
    request.steps = 1000;
    request.integrator = Integrator::heun;
    try {
      ramp(network, from, to, request);
      FAIL("not refused");
    } catch (const UnstableStep& error) {
      CHECK(error.largest() == Approx(largest));
      CHECK_THAT(error.what(), Catch::Contains("largest stable"));
    }
    request.duration = 1000 * largest * .999;
    CHECK(std::isfinite(cold_work(network, from, to, request)));
    CHECK(cold_work(network, from, to, request) < 100);
  }
}

TEST_CASE("for linear networks the largest stable step is exact, beyond it the steps diverge", "[quasistatic][ramp]") {
  Draws draws(17);
  const Network network = random_network(draws, {2, 6, 3}, Activation::linear);
  const Eigen::MatrixXd inverse = linear_covariance(network, 1).inverse();
  Eigen::VectorXd gamma(9);
  for (std::size_t i = 0; i < 9; ++i)
    gamma[Eigen::Index(i)] = network.layers[i < 6 ? 0 : 1].friction[i < 6 ? i : i - 6];
  const Eigen::MatrixXd step = gamma.cwiseInverse().asDiagonal() * inverse;
  CHECK(2 / step.eigenvalues().cwiseAbs().maxCoeff() == Approx(largest_stable_step(network, 0)).epsilon(1e-9));
}

TEST_CASE("impossible ramps are refused", "[quasistatic][ramp][bad]") {
  const Network network = printed_network(Activation::tanh);
  const auto refused = [&](const RampRequest& request) {
    CHECK_THROWS_AS(ramp(network, kFrom, kTo, request), std::invalid_argument);
  };
  refused(cold(-1));
  refused(cold(std::numeric_limits<double>::infinity()));
  refused(warm(1, 0));
  refused(warm(1, 10, -1));
  RampRequest exact = cold(1);
  exact.integrator = Integrator::exact;
  refused(exact);
  CHECK_THROWS_AS(ramp(network, kFrom, block({{1, 2}, {3, 4}}), cold(1)), std::invalid_argument);
  CHECK_THROWS_AS(ramp(network, block({{1}}), block({{1}}), cold(1)), std::invalid_argument);
  CHECK_THROWS_AS(summarise(RampResult{}, 1, 1), std::invalid_argument);
}
