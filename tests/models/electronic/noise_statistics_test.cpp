// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Distributions and spectra of the noise that a crossbar's outputs show, at fixed seeds.
#include <catch2/catch.hpp>
#include <complex>

#include "models/support/constants.hpp"
#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic {
namespace {

using namespace testing;

constexpr std::size_t kSamples = 16384;
constexpr std::uint64_t kSeed = 77;
constexpr double kInput = 0.7;

/// Outputs of one column for the same input in every sample, less the exact result.
std::vector<double> noise_of(const CrossbarParameters& p) {
  const linear::LinearMap map = random_dense(1, 12, 5);
  support::SignalBlock x(0, kSamples, 12);
  for (std::size_t f = 0; f < 12; ++f) std::fill_n(x.row(f), kSamples, kInput);
  CrossbarParameters silent = p;
  silent.device.read_noise = ReadNoise::none;
  silent.device.current_noise = {};
  silent.integration_capacitance_f = 0;
  if (silent.output) silent.output->sampling = {};
  const support::SignalBlock y = outputs_of(map, p, x, kSeed), exact = outputs_of(map, silent, x, kSeed);
  std::vector<double> noise(kSamples);
  for (std::size_t s = 0; s < kSamples; ++s) noise[s] = y.row(0)[s] - exact.row(0)[s];
  return noise;
}

/// Variance of the output that the cells' own variances add up to.
template <typename Variance>
double expected_variance(const CrossbarParameters& p, const Variance& cell_variance_a2) {
  const linear::LinearMap map = random_dense(1, 12, 5);
  const CrossbarStage stage(map, p, 1.0, kSeed, "layer");
  const double volt = p.read_voltage_v * kInput, per_ampere = stage.weight_per_siemens() / p.read_voltage_v;
  double sum = 0;
  for (std::size_t k = 0; k < 12; ++k) {
    const auto [plus, minus] = stage.conductances(0, k);
    sum += cell_variance_a2(plus, volt) + cell_variance_a2(minus, volt);
  }
  return sum * per_ampere * per_ampere;
}

/// Of a column whose charge is sampled once: kTC / t^2 as a current, in the outputs' numbers.
double charge_variance(const CrossbarParameters& p) {
  const CrossbarStage stage(random_dense(1, 12, 5), p, 1.0, kSeed, "layer");
  const double per_ampere = stage.weight_per_siemens() / p.read_voltage_v;
  return support::kBoltzmann_J_per_K * p.temperature_k * p.integration_capacitance_f *
         std::pow(per_ampere / p.read_time_s, 2);
}

constexpr double kSampling_F = 1e-15, kFullScale = 16, kFullScale_V = 1;

/// kT / C is a hundred steps, so that rounding does not show.
Converter sampling_adc() {
  Converter adc{{16, kFullScale, true}, 1e-12, 1e-9};
  adc.sampling = {kSampling_F, kFullScale_V, 300};
  return adc;
}

struct Law {
  const char* name;
  CrossbarParameters parameters;
  double variance;
};

std::vector<Law> laws() {
  std::vector<Law> all;
  CrossbarParameters p = exact_parameters();
  const auto of_conductance = [](const CrossbarParameters& q) {
    return [q](double g, double v) { return std::pow(read_sigma_s(q.device, g, q.read_time_s) * v, 2); };
  };
  p.device.read_noise = ReadNoise::independent;
  p.device.read_noise_sigma = 0.02;
  all.push_back({"independent", p, expected_variance(p, of_conductance(p))});
  p.device.read_noise = ReadNoise::proportional;
  all.push_back({"proportional", p, expected_variance(p, of_conductance(p))});
  p.device.read_noise = ReadNoise::table;
  p.device.read_noise_places = {0, 0.5, 1};
  p.device.read_noise_table_s = {0, 0.3e-6, 0.4e-6};
  all.push_back({"table", p, expected_variance(p, of_conductance(p))});
  p.device.read_noise = ReadNoise::flicker;
  p.device.flicker = {0.0088, 0.65, 0.2, "", {}, {}};
  p.device.age_s = 100;
  all.push_back({"flicker", p, expected_variance(p, of_conductance(p))});
  p = exact_parameters();
  p.device.current_noise.has_thermal = true;
  const double bandwidth_hz = 1 / (2 * p.read_time_s), kt = support::kBoltzmann_J_per_K * p.temperature_k;
  all.push_back({"thermal", p, expected_variance(p, [&](double g, double) { return 4 * kt * g * bandwidth_hz; })});
  p.device.current_noise = {false, true, {}};
  all.push_back({"shot", p, expected_variance(p, [&](double g, double v) {
                   return 2 * support::kElementaryCharge_C * g * v * bandwidth_hz;
                 })});
  p = exact_parameters();
  p.integration_capacitance_f = 50e-15;
  all.push_back({"charge on a capacitor", p, charge_variance(p)});
  p = exact_parameters();
  p.output = sampling_adc();
  all.push_back({"sampled by the ADC", p, kt / kSampling_F * std::pow(2 * kFullScale / kFullScale_V, 2)});
  return all;
}

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

/// Kolmogorov's distance times sqrt(n): above 1.95 once in a thousand samples.
double kolmogorov(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double below = normal_below(values[i]);
    distance = std::max({distance, below - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - below});
  }
  return distance * std::sqrt(n);
}

TEST_CASE("every noise has mean 0, its cells' variances, and a normal distribution by Kolmogorov and Smirnov",
          "[crossbar][noise][statistics]") {
  for (const Law& law : laws()) {
    INFO(law.name << ", seed " << kSeed);
    const std::vector<double> noise = noise_of(law.parameters);
    const double sigma = std::sqrt(law.variance), n = static_cast<double>(noise.size());
    double sum = 0, squares = 0;
    std::vector<double> normalised;
    for (const double value : noise) sum += value, squares += value * value, normalised.push_back(value / sigma);
    CHECK(std::abs(sum / n) < 4 * sigma / std::sqrt(n));
    CHECK(squares / n == Approx(law.variance).epsilon(4 * std::sqrt(2 / n)));
    CHECK(kolmogorov(normalised) < 1.95);
  }
}

TEST_CASE("the test of distributions sees a variance that is 5 % off and noise that is not Gaussian",
          "[crossbar][noise][statistics][bad]") {
  const Law law = laws().front();
  std::vector<double> wide, flat;
  for (const double value : noise_of(law.parameters)) {
    const double z = value / std::sqrt(law.variance);
    wide.push_back(1.05 * z);
    flat.push_back((normal_below(z) - 0.5) * std::sqrt(12.0));
  }
  CHECK(kolmogorov(wide) > 1.5);
  CHECK(kolmogorov(flat) > 1.95);
}

/// One-sided power spectral density at frequency k / (n dt), averaged over `bands` equal bands; radix-2 transform.
std::vector<double> spectrum(const std::vector<double>& signal, double dt_s, std::size_t bands) {
  const std::size_t n = signal.size();
  std::vector<std::complex<double>> a(signal.begin(), signal.end());
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(a[i], a[j]);
  }
  for (std::size_t length = 2; length <= n; length <<= 1) {
    const std::complex<double> turn = std::polar(1.0, -2 * 3.14159265358979323846 / static_cast<double>(length));
    for (std::size_t i = 0; i < n; i += length) {
      std::complex<double> w = 1;
      for (std::size_t k = 0; k < length / 2; ++k, w *= turn) {
        const auto u = a[i + k], v = a[i + k + length / 2] * w;
        a[i + k] = u + v;
        a[i + k + length / 2] = u - v;
      }
    }
  }
  std::vector<double> out(bands, 0.0);
  const std::size_t width = n / 2 / bands;
  for (std::size_t k = 1; k < n / 2; ++k)
    out[std::min(k / width, bands - 1)] +=
        2 * std::norm(a[k]) * dt_s / static_cast<double>(n) / static_cast<double>(width);
  return out;
}

TEST_CASE("the spectrum of thermal noise is 4kTG at every frequency up to the bandwidth of a read",
          "[crossbar][noise][statistics]") {
  CrossbarParameters p = exact_parameters();
  p.device.current_noise.has_thermal = true;
  const linear::LinearMap map = random_dense(1, 12, 5);
  const CrossbarStage stage(map, p, 1.0, kSeed, "layer");
  double conductance_s = 0;
  for (std::size_t k = 0; k < 12; ++k)
    conductance_s += stage.conductances(0, k).first + stage.conductances(0, k).second;
  std::vector<double> current_a;
  for (const double value : noise_of(p)) current_a.push_back(value * p.read_voltage_v / stage.weight_per_siemens());
  // Integrating for t_r passes noise up to 1 / (2 t_r): one read every t_r shows all of it.
  const std::vector<double> density = spectrum(current_a, p.read_time_s, 8);
  const double nyquist = 4 * support::kBoltzmann_J_per_K * p.temperature_k * conductance_s;
  for (const double band : density) CHECK(band == Approx(nyquist).epsilon(4 / std::sqrt(kSamples / 16.0)));
}

TEST_CASE("the spectrum of sampled charge is 2kTC a read at every frequency, and kT / C in all",
          "[crossbar][noise][statistics]") {
  CrossbarParameters p = exact_parameters();
  p.integration_capacitance_f = 50e-15;
  const CrossbarStage stage(random_dense(1, 12, 5), p, 1.0, kSeed, "layer");
  std::vector<double> volts;
  for (const double value : noise_of(p)) {
    volts.push_back(value * p.read_voltage_v / stage.weight_per_siemens() * p.read_time_s /
                    p.integration_capacitance_f);
  }
  const double kt_over_c = support::kBoltzmann_J_per_K * p.temperature_k / p.integration_capacitance_f;
  const std::vector<double> density = spectrum(volts, p.read_time_s, 8);
  double all = 0;
  for (const double band : density) {
    CHECK(band == Approx(2 * kt_over_c * p.read_time_s).epsilon(4 / std::sqrt(kSamples / 16.0)));
    all += band / (16 * p.read_time_s);
  }
  CHECK(all == Approx(kt_over_c).epsilon(4 * std::sqrt(2.0 / kSamples)));
}

TEST_CASE("thermal noise in the band that a line's capacitance leaves is kT / C on it, whatever the resistance",
          "[crossbar][noise][statistics]") {
  for (const double line_f : {20e-15, 500e-15}) {
    for (const double g_s : {5e-6, 40e-6}) {
      CrossbarParameters p = exact_parameters();
      p.signed_weights = SignedWeights::offset_column;
      p.device.minimum_conductance_s = 1e-12;
      p.device.maximum_conductance_s = g_s;
      linear::RowMatrix w(1, 1);
      w << 1;
      const linear::LinearMap map = linear::dense_map("one", w, {0.0});
      // 4kTG through G on C has a Lorentzian spectrum whose area is that of a band of G / (4C).
      p.device.current_noise = {true, false, {g_s / (4 * line_f), "equivalent band of the line", "choice"}};
      const support::SignalBlock x(0, kSamples, 1);
      const support::SignalBlock y = outputs_of(map, p, x, kSeed);
      const CrossbarStage stage(map, p, 1.0, kSeed, "layer");
      double square = 0;
      for (std::size_t s = 0; s < kSamples; ++s) {
        const double ampere = y.at(0, s) * p.read_voltage_v / stage.weight_per_siemens();
        square += ampere * ampere / g_s / g_s / kSamples;
      }
      const double wanted = support::kBoltzmann_J_per_K * p.temperature_k / line_f;
      INFO(line_f << " F, " << g_s << " S");
      // The cell and the half conductance of the offset column both are on the line.
      CHECK(square == Approx(1.5 * wanted).epsilon(4 * std::sqrt(2.0 / kSamples)));
    }
  }
}

}  // namespace
}  // namespace szilard::electronic
