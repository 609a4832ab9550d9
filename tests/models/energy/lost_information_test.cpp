// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/lost_information.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>

using namespace szilard::energy;

TEST_CASE("plug-in entropy is too small by (K - 1) / 2M nat, and the correction takes that off", "[energy]") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const std::size_t classes = 3 + random() % 12, samples = 400, repeats = 3000;
    std::vector<double> weight(classes);
    for (double& w : weight) w = 0.3 + double(random() % 1000) / 1000;
    double total = 0, truth_bit = 0;
    for (double w : weight) total += w;
    for (double w : weight) truth_bit -= w / total * std::log2(w / total);
    std::discrete_distribution<std::size_t> draw(weight.begin(), weight.end());
    double plain = 0, corrected = 0, square = 0;
    for (std::size_t r = 0; r < repeats; ++r) {
      std::vector<std::uint64_t> counts(classes, 0);
      for (std::size_t s = 0; s < samples; ++s) ++counts[draw(random)];
      const double off = entropy_bit(counts, false) - truth_bit;
      plain += off / double(repeats);
      square += off * off / double(repeats);
      corrected += (entropy_bit(counts, true) - truth_bit) / double(repeats);
    }
    const double error = std::sqrt((square - plain * plain) / double(repeats)),
                 bias = double(classes - 1) / (2 * 400 * std::log(2.0));
    INFO(classes << " classes: " << plain << " +- " << error << ", expected " << -bias);
    // the next order is (K / M)^2 / 12 or so
    CHECK(std::abs(plain + bias) < 4 * error + 0.1 * bias);
    CHECK(std::abs(corrected) < 4 * error + 0.1 * bias);
    CHECK(plain < -4 * error);
  }
}

TEST_CASE("a function forgets what its output does not tell of its input", "[energy]") {
  CHECK(lost_information_bit({5, 5, 5, 5}, {0, 1, 2, 3}, false) == 0);
  CHECK(lost_information_bit({5, 5, 5, 5}, {7, 7, 7, 7}, false) == Approx(2));
  CHECK(lost_information_bit({1, 1, 1, 1}, {0, 0, 0, 1}, false) == Approx(0.75 * std::log2(3)));
  CHECK(lost_information_bit({9, 0, 0, 0}, {0, 1, 0, 1}, false) == 0);
  for (unsigned seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::vector<std::uint64_t> counts(16), output(16);
    for (std::uint64_t& c : counts) c = random() % 50;
    for (std::uint64_t& o : output) o = random() % 4;
    // sum over outputs of their share times the entropy of the inputs that lead there
    double all = 0, expected = 0;
    for (std::uint64_t c : counts) all += double(c);
    for (std::uint64_t o = 0; o < 4; ++o) {
      double share = 0, entropy = 0;
      for (int i = 0; i < 16; ++i) share += output[i] == o ? double(counts[i]) : 0;
      for (int i = 0; i < 16; ++i)
        if (output[i] == o && counts[i] > 0)
          entropy -= double(counts[i]) / share * std::log2(double(counts[i]) / share);
      expected += share / all * entropy;
    }
    CHECK(lost_information_bit(counts, output, false) == Approx(expected).margin(1e-12));
  }
}

TEST_CASE("no counts have no entropy, and inputs without an output are refused", "[energy][bad]") {
  CHECK(entropy_bit({}, false) == 0);
  CHECK(entropy_bit({0, 0}, true) == 0);
  CHECK(lost_information_bit({0, 0}, {1, 2}, true) == 0);
  CHECK_THROWS_AS(lost_information_bit({1}, {}, false), std::invalid_argument);
  CHECK_THROWS_AS(lost_information_bit({1, 2}, {0, 0, 0}, false), std::invalid_argument);
}
