// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "models/training/drag.hpp"

using namespace szilard::training;

namespace {

struct Moments {
  double mean = 0, variance = 0, mean_error = 0, variance_error = 0;
};

Moments moments(const std::vector<double>& values) {
  Moments out;
  const double n = double(values.size());
  for (double v : values) out.mean += v / n;
  for (double v : values) out.variance += (v - out.mean) * (v - out.mean) / (n - 1);
  out.mean_error = std::sqrt(out.variance / n);
  out.variance_error = out.variance * std::sqrt(2 / n);
  return out;
}

/// Works of many machines with one parameter each.
std::vector<double> works(double way, DragRequest request, std::size_t machines) {
  std::vector<double> out;
  for (std::size_t m = 0; m < machines; ++m) {
    request.seed = 1000 + m;
    out.push_back(drag({0.5}, {0.5 + way}, request).work);
  }
  return out;
}

double expected_work(double way, const DragRequest& r) {
  const double tau = 1 / (r.mobility * r.stiffness);
  return way * way / (r.mobility * r.time) * (1 + tau / r.time * std::expm1(-r.time / tau));
}

}  // namespace

TEST_CASE("dragging a parameter costs what Mazonka and Jarzynski found, fast and slow", "[training][drag]") {
  for (const double time : {0.1, 2.0, 50.0}) {
    DragRequest request;
    request.stiffness = 3, request.mobility = 0.5, request.kT = 0.7, request.time = time, request.steps = 7;
    const Moments seen = moments(works(1.2, request, 20000));
    const double expected = expected_work(1.2, request);
    INFO("time " << time << ": " << seen.mean << " +- " << seen.mean_error << ", expected " << expected);
    CHECK(std::abs(seen.mean - expected) < 4 * seen.mean_error);
    CHECK(std::abs(seen.variance - 2 * request.kT * expected) < 4 * seen.variance_error);
  }
}

TEST_CASE("a drag seen at one point of time or at a thousand has the same law", "[training][drag]") {
  DragRequest once, often;
  once.stiffness = often.stiffness = 2, once.time = often.time = 3;
  once.steps = 1, often.steps = 1000;
  const Moments a = moments(works(1, once, 4000)), b = moments(works(1, often, 4000));
  CHECK(std::abs(a.mean - b.mean) < 4 * std::hypot(a.mean_error, b.mean_error));
  CHECK(std::abs(a.variance - b.variance) < 4 * std::hypot(a.variance_error, b.variance_error));
}

TEST_CASE("a drag agrees with small steps of its own equation", "[training][drag]") {
  DragRequest request;
  request.stiffness = 4, request.mobility = 1, request.kT = 1, request.time = 0.5, request.steps = 10;
  const unsigned seed = 17;
  INFO("seed " << seed);
  std::mt19937 generator(seed);
  std::normal_distribution<double> gaussian;
  std::vector<double> plain;
  constexpr int kSteps = 1000;
  const double dt = request.time / kSteps, way = 1.5;
  for (int path = 0; path < 4000; ++path) {
    double c = 0, theta = std::sqrt(request.kT / request.stiffness) * gaussian(generator), work = 0;
    for (int n = 0; n < kSteps; ++n) {
      const double before = theta, middle = c + way * dt / request.time / 2;
      theta += request.mobility * request.stiffness * (middle - theta) * dt +
               std::sqrt(2 * request.kT * request.mobility * dt) * gaussian(generator);
      work -= request.stiffness * ((before + theta) / 2 - middle) * way * dt / request.time;
      c += way * dt / request.time;
    }
    plain.push_back(work);
  }
  const Moments a = moments(plain), b = moments(works(way, request, 4000));
  CHECK(std::abs(a.mean - b.mean) < 4 * std::hypot(a.mean_error, b.mean_error));
  CHECK(std::abs(a.variance - b.variance) < 4 * std::hypot(a.variance_error, b.variance_error));
}

TEST_CASE("a copy is free in the limit of patience and as exact as its spring is stiff", "[training][drag]") {
  const std::vector<double> from(20000, -1), to(20000, 2);
  DragRequest request;
  request.stiffness = 1e4, request.time = 1e4;
  const DragResult slow = drag(from, to, request);
  request.time = 1e6;
  const DragResult slower = drag(from, to, request);
  const double expected = double(to.size()) * 9 / 1e4;  // way^2 / (mobility time), of all
  CHECK(std::abs(slow.work - expected) < 4 * std::sqrt(2 * expected));
  CHECK(std::abs(slower.work - expected / 100) < 4 * std::sqrt(2 * expected / 100));
  double square = 0;
  for (std::size_t i = 0; i < to.size(); ++i) square += std::pow(slow.parameters[i] - to[i], 2) / double(to.size());
  CHECK(square == Approx(1e-4).epsilon(4 * std::sqrt(2.0 / double(to.size()))));
  CHECK(std::abs(slow.work - slow.heat - slow.stored) < 1e-9 * slow.work);
}

TEST_CASE("the work of copies obeys Jarzynski's equality", "[training][drag]") {
  DragRequest request;
  request.time = 1;
  double mean = 0, square = 0;
  const std::vector<double> seen = works(1, request, 20000);
  for (const double work : seen) mean += std::exp(-work) / double(seen.size());
  for (const double work : seen) square += std::pow(std::exp(-work) - mean, 2) / double(seen.size());
  CHECK(std::abs(mean - 1) < 4 * std::sqrt(square / double(seen.size())));
}

TEST_CASE("without a bath a drag follows its equation of motion", "[training][drag]") {
  DragRequest request;
  request.stiffness = 2, request.mobility = 3, request.kT = 0, request.time = 0.4, request.steps = 5;
  const DragResult result = drag({0, 1}, {1, 1}, request);
  CHECK(result.work == Approx(expected_work(1, request)).epsilon(1e-12));
  CHECK(result.parameters[0] == Approx(1 + std::expm1(-request.time * 6) / (6 * request.time)).epsilon(1e-12));
  CHECK(result.parameters[1] == 1);
}

TEST_CASE("drags that cannot be are refused", "[training][drag][bad-input]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(drag({1}, {1, 2}, {}), "1 parameters cannot become 2");
  CHECK_THROWS_AS(drag({nan}, {1}, {}), std::invalid_argument);
  CHECK_THROWS_AS(drag({1}, {1 / 0.0}, {}), std::invalid_argument);
  for (const auto& spoil : {+[](DragRequest& r) { r.stiffness = 0; }, +[](DragRequest& r) { r.mobility = -1; },
                            +[](DragRequest& r) { r.time = 0; }, +[](DragRequest& r) { r.steps = 0; },
                            +[](DragRequest& r) { r.kT = -1; }}) {
    DragRequest request;
    spoil(request);
    CHECK_THROWS_AS(drag({0}, {1}, request), std::invalid_argument);
  }
}
