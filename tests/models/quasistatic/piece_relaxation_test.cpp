// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/piece_relaxation.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <unsupported/Eigen/MatrixFunctions>

#include "models/quasistatic/ramp.hpp"
#include "models/quasistatic/relaxation.hpp"
#include "tests/models/quasistatic/networks.hpp"

using namespace szilard;
using namespace szilard::quasistatic;
using namespace szilard::quasistatic::test;
using support::SignalBlock;

namespace {

/// One path that relaxes from `start` at held inputs.
class Path {
 public:
  Path(const Network& network, const Eigen::VectorXd& u, const Eigen::VectorXd& start, double dt, double kT,
       Integrator integrator)
      : relaxation_(network, support::kSignalLanes, dt, kT, integrator), heat_(support::kSignalLanes, 0.0) {
    const Layout& layout = relaxation_.layout();
    Field inputs(network.inputs(), layout.lanes()), drive(network.layers[0].units(), layout.lanes());
    for (std::size_t i = 0; i < inputs.rows; ++i)
      std::fill(inputs.row(i), inputs.row(i) + inputs.lanes, u[Eigen::Index(i)]);
    layout.drive(inputs, drive);
    const std::vector<double> part(layout.lanes(), 0.0);
    relaxation_.set_drive(drive, drive, part.data());
    States& states = relaxation_.states();
    for (std::size_t i = 0; i < layout.units(); ++i)
      std::fill(states.x.row(i), states.x.row(i) + states.x.lanes, start[Eigen::Index(i)]);
    layout.set_arguments(states);
  }
  void step(const Field& z) { relaxation_.step(z, heat_.data()); }
  Eigen::VectorXd units() {
    Eigen::VectorXd out(Eigen::Index(relaxation_.layout().units()));
    for (Eigen::Index i = 0; i < out.size(); ++i) out[i] = relaxation_.states().x.row(std::size_t(i))[3];
    return out;
  }

 private:
  Relaxation relaxation_;
  support::AlignedVector<double> heat_;
};

Eigen::VectorXd frictions(const Network& network) {
  Eigen::VectorXd out(Eigen::Index(network.units()));
  Eigen::Index i = 0;
  for (const Layer& l : network.layers)
    for (double gamma : l.friction) out[i++] = gamma;
  return out;
}

/// Gradient flow of the piece in which `slopes` hold, by one step of Runge and Kutta's method of fourth order.
Eigen::VectorXd flow(const Network& network, const Eigen::VectorXd& u, const Eigen::VectorXd& slopes,
                     const Eigen::VectorXd& x, double dt) {
  const Eigen::VectorXd gamma = frictions(network);
  const auto rate = [&](const Eigen::VectorXd& at) {
    const Eigen::VectorXd y = Plain{network}.arguments(u, at);
    Eigen::VectorXd force = Eigen::VectorXd::Zero(at.size());
    Eigen::Index first = 0;
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      const Layer& layer = network.layers[l];
      for (std::size_t i = 0; i < layer.units(); ++i) {
        const Eigen::Index unit = first + Eigen::Index(i);
        const double pull = layer.stiffness[i] * (slopes[unit] * y[unit] - at[unit]);
        force[unit] += pull;
        if (l > 0)
          force.segment(first - layer.map.weights.cols(), layer.map.weights.cols()) -=
              pull * slopes[unit] * layer.map.weights.row(Eigen::Index(i)).transpose();
      }
      first += Eigen::Index(layer.units());
    }
    return Eigen::VectorXd(force.cwiseQuotient(gamma));
  };
  const Eigen::VectorXd a = rate(x), b = rate(x + dt / 2 * a), c = rate(x + dt / 2 * b), d = rate(x + dt * c);
  return x + dt / 6 * (a + 2 * b + 2 * c + d);
}

/// Gradient flow that stops at every kink; nothing where a path slides along one.
std::optional<Eigen::VectorXd> located(const Network& network, const Eigen::VectorXd& u, Eigen::VectorXd x,
                                       double time) {
  const auto slopes_of = [&](const Eigen::VectorXd& at) {
    Eigen::VectorXd out = Plain{network}.arguments(u, at);
    Eigen::Index i = 0;
    for (const Layer& layer : network.layers)
      for (std::size_t k = 0; k < layer.units(); ++k, ++i)
        out[i] = layer.activation == Activation::relu ? double(out[i] > 0) : 1;
    return out;
  };
  Eigen::VectorXd slopes = slopes_of(x);
  int crossings = 0;
  for (double done = 0; done < time;) {
    double dt = std::min(time / 2000, time - done);
    Eigen::VectorXd next = flow(network, u, slopes, x, dt);
    if (slopes_of(next) != slopes) {
      if (++crossings > 8) return {};
      double low = 0, high = dt;
      for (int halving = 0; halving < 60; ++halving) {
        const double middle = (low + high) / 2;
        (slopes_of(flow(network, u, slopes, x, middle)) == slopes ? low : high) = middle;
      }
      dt = high;
      next = flow(network, u, slopes, x, dt);
      slopes = slopes_of(next);
    }
    x = next;
    done += dt;
  }
  return crossings > 0 ? std::optional<Eigen::VectorXd>(x) : std::nullopt;
}

/// Hessian of the piece that a state lies in, by central differences of the plain gradient, which is linear there.
Eigen::MatrixXd hessian_of_piece(const Network& network, const Eigen::VectorXd& u, const Eigen::VectorXd& x) {
  const Plain plain{network};
  Eigen::MatrixXd out(x.size(), x.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    Eigen::VectorXd high = x, low = x, by_high, by_low, by_u;
    high[i] += 1e-6, low[i] -= 1e-6;
    plain.gradient(u, high, by_high, by_u);
    plain.gradient(u, low, by_low, by_u);
    out.col(i) = (by_high - by_low) / 2e-6;
  }
  return out;
}

bool same_piece(const Network& network, const Eigen::VectorXd& u, const Eigen::VectorXd& a, const Eigen::VectorXd& b,
                double distance = 0) {
  const Eigen::VectorXd ya = Plain{network}.arguments(u, a), yb = Plain{network}.arguments(u, b);
  for (Eigen::Index i = 0; i < ya.size(); ++i)
    if ((ya[i] > 0) != (yb[i] > 0) || std::abs(ya[i]) < distance) return false;
  return true;
}

Eigen::VectorXd random_vector(Draws& draws, Eigen::Index size, double scale) {
  Eigen::VectorXd out(size);
  for (Eigen::Index i = 0; i < size; ++i) out[i] = scale * draws.gaussian();
  return out;
}

}  // namespace

TEST_CASE("on a linear piece one step of any length is the law of Ornstein and Uhlenbeck, drift and noise",
          "[quasistatic][pieces]") {
  const std::uint64_t seed = GENERATE(1, 2, 3);
  INFO("seed " << seed);
  Draws draws(seed);
  std::size_t seen = 0;
  for (int attempt = 0; attempt < 200 && seen < 20; ++attempt) {
    const Network network =
        random_network(draws, {3, 6, 5, 2}, attempt % 4 == 0 ? Activation::linear : Activation::relu);
    const Eigen::VectorXd u = random_vector(draws, 3, 1),
                          start = Plain{network}.minimum(u) + random_vector(draws, 13, 0.1);
    const double dt = largest_stable_step(network, 0) * draws.uniform(0.01, 1), kT = 1e-3;
    Field z(13, support::kSignalLanes);
    const Eigen::VectorXd noise = random_vector(draws, 13, 1);
    for (std::size_t i = 0; i < 13; ++i) std::fill(z.row(i), z.row(i) + z.lanes, noise[Eigen::Index(i)]);
    Path path(network, u, start, dt, kT, Integrator::pieces);
    path.step(z);
    if (attempt % 4 != 0 && !same_piece(network, u, start, start, 1e-5)) continue;
    const Eigen::VectorXd root = frictions(network).cwiseSqrt();
    const Eigen::MatrixXd hessian = hessian_of_piece(network, u, start);
    const Eigen::MatrixXd a = root.cwiseInverse().asDiagonal() * hessian * root.cwiseInverse().asDiagonal();
    Eigen::VectorXd gradient, by_u;
    Plain{network}.gradient(u, start, gradient, by_u);
    const Eigen::VectorXd minimum = start - hessian.ldlt().solve(gradient);
    const Eigen::MatrixXd decay = (-a * dt).exp();
    const Eigen::MatrixXd spread = kT * a.inverse() * (Eigen::MatrixXd::Identity(13, 13) - decay * decay);
    const Eigen::VectorXd expected =
        minimum + root.cwiseInverse().asDiagonal() *
                      (decay * (root.asDiagonal() * (start - minimum)) + Eigen::MatrixXd(spread.sqrt()) * noise);
    if (attempt % 4 != 0 && !same_piece(network, u, start, expected)) continue;
    ++seen;
    CHECK((path.units() - expected).norm() <
          1e-6 * (expected - start).norm());  // as far as differences give the Hessian
    if (attempt % 4 == 0) {
      Path pieces(network, u, start, dt, 0, Integrator::pieces);
      pieces.step(z);
      const Eigen::MatrixXd exact_hessian = linear_covariance(network, 1).inverse();
      const Eigen::MatrixXd b = root.cwiseInverse().asDiagonal() * exact_hessian * root.cwiseInverse().asDiagonal();
      const Eigen::VectorXd rest = Plain{network}.minimum(u);
      const Eigen::VectorXd there = rest + root.cwiseInverse().asDiagonal() * Eigen::MatrixXd((-b * dt).exp()) *
                                               (root.asDiagonal() * (start - rest));
      CHECK((pieces.units() - there).norm() < 1e-12 * (1 + start.norm()));
    }
  }
  CHECK(seen >= 10);
}

TEST_CASE("a unit that crosses its kink costs an error of second order in the step", "[quasistatic][pieces]") {
  const std::uint64_t seed = GENERATE(4, 5);
  INFO("seed " << seed);
  Draws draws(seed);
  double coarse = 0, fine = 0, heun = 0;
  int seen = 0;
  for (int path = 0; path < 60 && seen < 12; ++path) {
    const Network network = random_network(draws, {2, 5, 5, 2}, Activation::relu);
    const Eigen::VectorXd u = random_vector(draws, 2, 1), start = random_vector(draws, 12, 1.5);
    const double time = 20 * largest_stable_step(network, 0);
    const std::optional<Eigen::VectorXd> expected = located(network, u, start, time);
    if (!expected) continue;
    ++seen;
    const auto error = [&](std::size_t steps, Integrator integrator) {
      Path one(network, u, start, time / double(steps), 0, integrator);
      for (std::size_t n = 0; n < steps; ++n) one.step(Field());
      return (one.units() - *expected).norm();
    };
    coarse += error(40, Integrator::pieces);
    fine += error(640, Integrator::pieces);
    heun += error(40, Integrator::heun);
  }
  INFO(coarse << ' ' << fine << ' ' << heun);
  CHECK(seen >= 6);
  CHECK(std::log(coarse / fine) / std::log(16.0) > 1.6);
  CHECK(coarse < heun);
}

TEST_CASE("networks of ReLUs keep residuals of variance kT / kappa under long steps, where Heun's lose a part",
          "[quasistatic][pieces]") {
  constexpr std::size_t kPaths = 4000;
  Draws draws(6);
  const Network network = random_network(draws, {2, 4, 3, 1}, Activation::relu);
  const SignalBlock u = random_block(draws, 1, 2);
  const double dt = 0.5 * largest_stable_step(network, 1);
  const auto variances = [&](Integrator integrator) {
    RampRequest request;
    request.duration = 60 * dt;
    request.steps = 60;
    request.paths = kPaths;
    request.integrator = integrator;
    request.keep_units = true;
    const SignalBlock x = ramp(network, u, u, request).units;
    SignalBlock inputs(0, kPaths, 2);
    for (std::size_t s = 0; s < kPaths; ++s) inputs.row(0)[s] = u.row(0)[0], inputs.row(1)[s] = u.row(1)[0];
    const Evaluation at = evaluate(network, inputs, x);
    double energy = 0;
    for (double one : at.energy) energy += one / double(kPaths);
    return energy / (0.5 * double(network.units()));  // <H> = kT / 2 a unit
  };
  const double error = 4 * std::sqrt(2.0 / double(network.units()) / kPaths);
  const double pieces = variances(Integrator::pieces), heun = variances(Integrator::heun);
  INFO("pieces " << pieces << ", heun " << heun << " +- " << error);
  CHECK(std::abs(pieces - 1) < error + 0.01);
  CHECK(std::abs(heun - 1) > 3 * std::abs(pieces - 1));
}

TEST_CASE(
    "linear networks too large for matrices, and ReLUs, are stepped in pieces by default; other networks are refused",
    "[quasistatic][pieces][bad]") {
  Draws draws(7);
  const SignalBlock u = random_block(draws, 1, 2);
  RampRequest request;
  request.duration = 1e-3;
  CHECK(ramp(random_network(draws, {2, 3, 1}, Activation::relu), u, u, request).integrator == Integrator::pieces);
  CHECK(ramp(random_network(draws, {2, 3, 1}, Activation::linear), u, u, request).integrator == Integrator::exact);
  CHECK(ramp(random_network(draws, {2, 3, 1}, Activation::tanh), u, u, request).integrator == Integrator::heun);
  CHECK(ramp(random_network(draws, {2, kExactUnits, 1}, Activation::linear), u, u, request).integrator ==
        Integrator::pieces);
  request.integrator = Integrator::pieces;
  CHECK_THROWS_WITH(ramp(random_network(draws, {2, 3, 1}, Activation::sigmoid), u, u, request),
                    Catch::Contains("linear units and ReLUs"));
  Network pooled = random_network(draws, {2, 4, 1}, Activation::relu);
  pooled.layers[0].of_units = {2, {0, 1, 2, 3}};
  pooled.layers[1].map = linear::dense_map("fc", linear::RowMatrix::Ones(1, 2), {0});
  CHECK_THROWS_WITH(ramp(pooled, u, u, request), Catch::Contains("without maxima"));
  const Network network = random_network(draws, {2, 3, 1}, Activation::relu);
  request.duration = 10 * 1.01 * largest_stable_step(network, 1);
  request.steps = 10;
  CHECK_THROWS_AS(ramp(network, u, u, request), UnstableStep);
}
