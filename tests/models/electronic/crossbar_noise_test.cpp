// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

constexpr std::uint64_t kSeed = 31;
constexpr std::size_t kSamples = 20000;
constexpr double kSigma = 0.1;

/// The same input in every sample.
support::SignalBlock repeated(const linear::LinearMap& map, std::size_t samples) {
  support::SignalBlock x(0, samples, map.inputs);
  for (std::size_t f = 0; f < map.inputs; ++f) {
    const double value = uniform(kSeed, 5, static_cast<std::uint32_t>(f), -1, 1);
    std::fill_n(x.row(f), samples, value);
  }
  return x;
}

CrossbarParameters noisy_parameters(ReadNoise noise, SignedWeights kind) {
  CrossbarParameters p = exact_parameters();
  p.signed_weights = kind;
  p.device.read_noise = noise;
  p.device.read_noise_sigma = kSigma;
  return p;
}

/// Every cell of one column (and of the column that is subtracted) with a Gaussian of its own: output 0 of a dense
/// layer.
std::vector<double> brute_force(const CrossbarStage& stage, const CrossbarParameters& p,
                                const support::SignalBlock& x) {
  const linear::LinearMap& map = stage.map();
  const double w_max = map.weights.cwiseAbs().maxCoeff();
  const double scale =
      w_max / 39e-6 / p.read_voltage_v * (p.signed_weights == SignedWeights::offset_column ? 2.0 : 1.0);
  const support::RandomStream stream(kSeed, 4242);
  std::vector<double> y(x.samples());
  for (std::size_t s = 0; s < y.size(); ++s) {
    double amperes = 0;
    for (std::size_t k = 0; k < map.terms; ++k) {
      const auto [plus, minus] = stage.conductances(0, k);
      const double sigma_plus = kSigma * (p.device.read_noise == ReadNoise::proportional ? plus : 40e-6);
      const double sigma_minus = kSigma * (p.device.read_noise == ReadNoise::proportional ? minus : 40e-6);
      const auto index = static_cast<std::uint32_t>(2 * k);
      const double noisy =
          plus + sigma_plus * stream.gaussian(s, index) - minus - sigma_minus * stream.gaussian(s, index + 1);
      amperes += noisy * p.read_voltage_v * x.at(k, s);
    }
    y[s] = amperes * scale + map.bias[0];
  }
  return y;
}

struct Moments {
  double mean = 0, variance = 0;
};
Moments moments(const double* values, std::size_t n) {
  Moments m;
  for (std::size_t i = 0; i < n; ++i) m.mean += values[i] / static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i)
    m.variance += (values[i] - m.mean) * (values[i] - m.mean) / static_cast<double>(n - 1);
  return m;
}

/// Largest distance between two empirical distributions.
double kolmogorov_distance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double worst = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    (a[i] <= b[j] ? i : j) += 1;
    worst = std::max(worst, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                     static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return worst;
}

TEST_CASE("one Gaussian an output is distributed as noise in every cell", "[crossbar][noise]") {
  INFO("seed " << kSeed);
  const linear::LinearMap map = random_dense(3, 20, 5);
  const support::SignalBlock x = repeated(map, kSamples);
  for (const ReadNoise noise : {ReadNoise::independent, ReadNoise::proportional}) {
    for (const SignedWeights kind : {SignedWeights::differential_pair, SignedWeights::offset_column}) {
      for (const Precision precision : {Precision::double_precision, Precision::single_precision}) {
        CrossbarParameters p = noisy_parameters(noise, kind);
        p.precision = precision;
        const CrossbarStage stage(map, p, 1.0, kSeed, "test/layer");
        const support::SignalBlock y = outputs_of(map, p, x, kSeed);
        const std::vector<double> cells = brute_force(stage, p, x);
        const Moments one = moments(y.row(0), kSamples), all = moments(cells.data(), kSamples);
        const double standard_error = std::sqrt((one.variance + all.variance) / kSamples);
        CHECK(std::abs(one.mean - all.mean) < 4.5 * standard_error);
        CHECK(std::abs(one.variance / all.variance - 1) < 4.5 * std::sqrt(4.0 / kSamples));
        // Smirnov: P(distance > 2.3 sqrt(2 / n)) = 2 exp(-2 2.3^2) = 5e-5
        CHECK(kolmogorov_distance(std::vector<double>(y.row(0), y.row(0) + kSamples), cells) <
              2.3 * std::sqrt(2.0 / kSamples));
      }
    }
  }
}

TEST_CASE("noise is centred on the exact result", "[crossbar][noise]") {
  INFO("seed " << kSeed);
  const linear::LinearMap map = random_convolution(2, 1, 3, 3, 5);
  const support::SignalBlock x = repeated(map, kSamples);
  const support::SignalBlock y =
      outputs_of(map, noisy_parameters(ReadNoise::proportional, SignedWeights::differential_pair), x, kSeed);
  for (std::size_t g = 0; g < 2; ++g) {
    for (std::size_t o = 0; o < 3; ++o) {
      for (const std::size_t position : {0u, 4u, 8u}) {
        const Moments m = moments(y.row((g * 3 + o) * 9 + position), kSamples);
        CHECK(m.variance > 0);
        CHECK(std::abs(m.mean - reference(map, x, g, o, position, 0)) < 4.5 * std::sqrt(m.variance / kSamples));
      }
    }
  }
}

double correlation(const support::SignalBlock& y, std::size_t a, std::size_t b) {
  const Moments ma = moments(y.row(a), y.samples()), mb = moments(y.row(b), y.samples());
  double sum = 0;
  for (std::size_t s = 0; s < y.samples(); ++s) sum += (y.at(a, s) - ma.mean) * (y.at(b, s) - mb.mean);
  return sum / static_cast<double>(y.samples() - 1) / std::sqrt(ma.variance * mb.variance);
}

TEST_CASE("outputs of one tile share the noise of its offset column, all others are independent", "[crossbar][noise]") {
  INFO("seed " << kSeed);
  const linear::LinearMap map = random_dense(6, 20, 5);
  const support::SignalBlock x = repeated(map, kSamples);
  const double bound = 4.5 / std::sqrt(static_cast<double>(kSamples));
  CrossbarParameters p = noisy_parameters(ReadNoise::independent, SignedWeights::offset_column);
  p.columns = 4;  // three outputs a tile
  const support::SignalBlock offset = outputs_of(map, p, x, kSeed);
  CHECK(correlation(offset, 0, 2) == Approx(0.5).margin(bound));
  CHECK(std::abs(correlation(offset, 0, 3)) < bound);
  p.signed_weights = SignedWeights::differential_pair;
  const support::SignalBlock pairs = outputs_of(map, p, x, kSeed);
  CHECK(std::abs(correlation(pairs, 0, 1)) < bound);
  CHECK(std::abs(correlation(pairs, 1, 2)) < bound);
}

TEST_CASE("reads of different positions and samples have noise of their own", "[crossbar][noise]") {
  INFO("seed " << kSeed);
  const linear::LinearMap map = random_convolution(1, 1, 2, 3, 5);
  const support::SignalBlock x = repeated(map, kSamples);
  const support::SignalBlock y =
      outputs_of(map, noisy_parameters(ReadNoise::independent, SignedWeights::differential_pair), x, kSeed);
  const double bound = 4.5 / std::sqrt(static_cast<double>(kSamples));
  CHECK(std::abs(correlation(y, 0, 1)) < bound);
  CHECK(std::abs(correlation(y, 3, 12)) < bound);
  support::SignalBlock shifted(0, kSamples, 2);
  std::copy_n(y.row(4), kSamples, shifted.row(0));
  std::rotate_copy(y.row(4), y.row(4) + 1, y.row(4) + kSamples, shifted.row(1));
  CHECK(std::abs(correlation(shifted, 0, 1)) < bound);
}

TEST_CASE("independent noise ignores the conductance, proportional noise follows it", "[crossbar][noise]") {
  linear::RowMatrix w(2, 4);
  w << 1, 1, 1, 1, 0, 0, 0, 0;
  const linear::LinearMap map = linear::dense_map("layer", w, {0, 0});
  support::SignalBlock x(0, kSamples, 4);
  for (std::size_t f = 0; f < 4; ++f) std::fill_n(x.row(f), kSamples, 1.0);
  const auto ratio = [&](ReadNoise noise) {
    const support::SignalBlock y = outputs_of(map, noisy_parameters(noise, SignedWeights::differential_pair), x, kSeed);
    return moments(y.row(0), kSamples).variance / moments(y.row(1), kSamples).variance;
  };
  const double relative = 4.5 * std::sqrt(4.0 / kSamples);
  CHECK(ratio(ReadNoise::independent) == Approx(1.0).epsilon(relative));
  CHECK(ratio(ReadNoise::proportional) == Approx((40.0 * 40 + 1) / 2).epsilon(relative));
}

TEST_CASE("padding adds no noise: its rows are grounded", "[crossbar][noise]") {
  linear::LinearMap map = random_dense(2, 4, 5);
  map.gather = {-1, -1, -1, -1};
  const support::SignalBlock x = repeated(map, 8);
  const support::SignalBlock y =
      outputs_of(map, noisy_parameters(ReadNoise::independent, SignedWeights::offset_column), x, kSeed);
  for (std::size_t s = 0; s < 8; ++s) CHECK(y.at(1, s) == map.bias[1]);
}

}  // namespace
}  // namespace szilard::electronic
