// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/fit/device_fit.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/electronic/device.hpp"
#include "models/support/diagnostics.hpp"

using namespace szilard;
using namespace szilard::fit;
using electronic::Device;

namespace {

/// The laws of Nandakumar et al., ICECS 2019, with a read noise of 1 %.
Device phase_change() {
  Device device;
  device.minimum_conductance_s = 0.5e-6;
  device.maximum_conductance_s = 25e-6;
  device.programming_error_s = {0.26348e-6, 1.965e-6, -1.1731e-6};
  device.read_noise = electronic::ReadNoise::proportional;
  device.read_noise_sigma = 0.01;
  device.drift.is_on = true;
  device.drift.mean = {-0.0155, 0.0244, 0.049, 0.1};
  device.drift.spread = {-0.0125, -0.0059, 0.008, 0.045};
  device.drift.reference_time_s = 20;
  return device;
}

/// What an experimenter would read of cells that follow the model: targets evenly over the range.
Measurements measure(Device device, std::size_t cells, const std::vector<double>& times_s, std::size_t reads,
                     std::uint64_t seed) {
  const support::RandomStream programming(seed, 1), fixed(seed, 2), noise(seed, 3);
  Measurements data;
  data.file = "cells.csv";
  for (std::size_t i = 0; i < cells; ++i) {
    Cell cell;
    const double share = static_cast<double>(i) / static_cast<double>(cells - 1);
    cell.target_s =
        device.minimum_conductance_s + share * (device.maximum_conductance_s - device.minimum_conductance_s);
    const double programmed = programmed_conductance_s(device, cell.target_s, programming, i);
    for (std::size_t t = 0; t < times_s.size(); ++t) {
      device.age_s = times_s[t];
      const double now = aged_conductance(device, programmed, fixed, i).now_s;
      Reading reading{times_s[t], {}};
      for (std::size_t r = 0; r < reads; ++r) {
        const double sigma = read_sigma_s(device, now, 250e-9);
        reading.conductances_s.push_back(
            std::max(0.0, now + sigma * noise.gaussian(i, static_cast<std::uint32_t>(t * reads + r))));
      }
      data.rows += reads;
      cell.readings.push_back(reading);
    }
    data.cells.push_back(cell);
  }
  return data;
}

double off_by(const Estimate& estimate, double truth) {
  return std::abs(estimate.value - truth) / estimate.standard_error;
}

double sigma_of(const Device& device, double g) {
  return programming_sigma_s(device, g * device.maximum_conductance_s);
}

}  // namespace

TEST_CASE("the fit recovers the programming error within its stated errors", "[fit]") {
  const Device device = phase_change();
  const std::uint64_t seed = GENERATE(1u, 2u, 3u);
  INFO("seed " << seed);
  const DeviceFit fit = fit_device(measure(device, 4000, {0}, 1, seed));
  for (const double g : {0.05, 0.2, 0.5, 0.8, 1.0}) {
    INFO("g " << g);
    CHECK(off_by(fit.programming_sigma_s(g), sigma_of(device, g)) < 4);
    CHECK(fit.programming_sigma_s(g).standard_error < 0.1 * sigma_of(device, g));
  }
  CHECK(fit.programming_chi2 < 2);
  CHECK(fit.normal_probability > 1e-4);
  CHECK(fit.outliers == 0);
  CHECK(std::abs(fit.mean_error.value) < 4 * fit.mean_error.standard_error);
  CHECK(fit.minimum_conductance_s == 0.5e-6);
  CHECK(fit.maximum_conductance_s == 25e-6);
}

TEST_CASE("the fit's standard errors are those of its scatter over many experiments", "[fit]") {
  const Device device = phase_change();
  constexpr int kExperiments = 60;
  double square = 0, noise_square = 0;
  for (int i = 0; i < kExperiments; ++i) {
    const DeviceFit fit = fit_device(measure(device, 600, {0}, 2, 100 + static_cast<std::uint64_t>(i)));
    const double z =
        (fit.programming_sigma_s(0.5).value - sigma_of(device, 0.5)) / fit.programming_sigma_s(0.5).standard_error;
    const double read = (fit.read_noise_sigma.value - 0.01) / fit.read_noise_sigma.standard_error;
    square += z * z / kExperiments, noise_square += read * read / kExperiments;
  }
  // Chi-squared of 60: from 0.55 to 1.6 but for one in ten thousand. Choosing the degree adds a little.
  CHECK(square > 0.5);
  CHECK(square < 1.9);
  CHECK(noise_square > 0.5);
  CHECK(noise_square < 1.7);
}

TEST_CASE("repeated reads tell read noise from programming error, and its law", "[fit]") {
  Device device = phase_change();
  const bool is_proportional = GENERATE(true, false);
  device.read_noise = is_proportional ? electronic::ReadNoise::proportional : electronic::ReadNoise::independent;
  device.read_noise_sigma = 0.03;
  device.minimum_conductance_s = 5e-6;
  const DeviceFit fit = fit_device(measure(device, 1500, {0}, 5, 11));
  CHECK(fit.read_noise == (is_proportional ? DeviceFit::ReadNoise::proportional : DeviceFit::ReadNoise::independent));
  CHECK(off_by(fit.read_noise_sigma, 0.03) < 4);
  CHECK(fit.read_noise_evidence > 10);
  for (const double g : {0.3, 0.6, 1.0}) CHECK(off_by(fit.programming_sigma_s(g), sigma_of(device, g)) < 4);
}

TEST_CASE("several times give the drift exponent's mean and spread with their limits", "[fit]") {
  const Device device = phase_change();
  const DeviceFit fit = fit_device(measure(device, 3000, {20, 200, 2000, 20000}, 3, 21));
  REQUIRE(fit.drift);
  CHECK(fit.drift->reference_time_s == 20);
  CHECK(fit.drift->has_read_noise);
  CHECK(fit.drift->residual == Approx(0.01 / std::sqrt(3)).epsilon(0.05));
  for (const double g : {0.05, 0.1, 0.6, 1.0}) {
    INFO("g " << g);
    CHECK(fit.drift->mean.at(g).value == Approx(device.drift.mean.at(g)).epsilon(0.04));
    CHECK(fit.drift->spread.at(g).value == Approx(device.drift.spread.at(g)).epsilon(0.12));
  }
  CHECK(off_by(fit.drift->mean.at(0.8), 0.049) < 4);
  CHECK(off_by(fit.drift->spread.at(0.8), 0.008) < 4);
  CHECK(fit.drift->mean.lowest == Approx(0.049).epsilon(0.02));
}

TEST_CASE("cells stuck at an end are counted and do not widen the programming error", "[fit]") {
  Device device = phase_change();
  device.stuck_on = 0.02;
  device.stuck_off = 0.03;
  const DeviceFit fit = fit_device(measure(device, 4000, {0}, 1, 31));
  CHECK(off_by(fit.stuck_on, 0.02) < 4);
  CHECK(off_by(fit.stuck_off, 0.03) < 4);
  for (const double g : {0.4, 0.6}) CHECK(fit.programming_sigma_s(g).value == Approx(sigma_of(device, g)).epsilon(0.1));
}

TEST_CASE("conductances cut off at 0 do not make the programming error look smaller", "[fit]") {
  Device device = phase_change();
  device.minimum_conductance_s = 0;
  device.programming_error_s = {1e-6};
  const DeviceFit fit = fit_device(measure(device, 6000, {0}, 1, 41));
  CHECK(off_by(fit.programming_sigma_s(0.02), 1e-6) < 4);
}

TEST_CASE("the written preset gives the fitted laws back to the scenario reader", "[fit]") {
  setenv("SZILARD_TECHNOLOGY", SZILARD_SOURCE_DIR "/scenarios/technology", 1);
  const DeviceFit fit = fit_device(measure(phase_change(), 500, {20, 2000}, 3, 51));
  const std::string preset = preset_yaml(fit, "crosssim_default");
  CHECK(preset.find("drift_exponent:") != std::string::npos);
  CHECK(preset.find("read_noise_sigma:") != std::string::npos);
  CHECK(preset.find("status: user") != std::string::npos);
  CHECK(preset.find("read_voltage:") != std::string::npos);
  const nlohmann::json json = nlohmann::json::parse(fit_json(fit));
  CHECK(json.at("programming_error").at("coefficients_S").size() == fit.programming_error_s.size());
  CHECK(json.at("drift").at("mean").at("lowest") == fit.drift->mean.lowest);
  std::ostringstream text;
  print(text, fit);
  CHECK(text.str().find("sigma(0.5)") != std::string::npos);
}

TEST_CASE("cells that all stand at their targets have no programming error", "[fit]") {
  Device device = phase_change();
  device.programming_error_s.clear();
  device.read_noise = electronic::ReadNoise::none;
  setenv("SZILARD_TECHNOLOGY", SZILARD_SOURCE_DIR "/scenarios/technology", 1);
  const DeviceFit fit = fit_device(measure(device, 50, {0}, 1, 61));
  CHECK(fit.programming_error_s.empty());
  CHECK(preset_yaml(fit, "crosssim_default").find("value: none") != std::string::npos);
  CHECK_THROWS_AS(plot_fit("nothing.svg", fit), support::InputError);
}

TEST_CASE("too few cells and a single target are refused", "[fit][bad]") {
  CHECK_THROWS_AS(fit_device(measure(phase_change(), 7, {0}, 1, 1)), support::InputError);
  Measurements one = measure(phase_change(), 20, {0}, 1, 1);
  for (Cell& cell : one.cells) cell.target_s = 5e-6;
  CHECK_THROWS_AS(fit_device(one), support::InputError);
}

TEST_CASE("an unknown base preset is refused and the known ones are named", "[fit][bad]") {
  setenv("SZILARD_TECHNOLOGY", SZILARD_SOURCE_DIR "/scenarios/technology", 1);
  const DeviceFit fit = fit_device(measure(phase_change(), 100, {0}, 1, 71));
  for (const char* base : {"no_such_preset", "adc_isaac8", ""}) {
    try {
      preset_yaml(fit, base);
      FAIL("no error");
    } catch (const support::InputError& error) {
      CHECK(error.diagnostics().at(0).code == support::DiagnosticCode::unknown_preset);
      CHECK(error.diagnostics().at(0).hint.find("rram_wan2022") != std::string::npos);
    }
  }
}
