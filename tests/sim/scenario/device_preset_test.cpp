// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// What the sources of the device presets print, typed anew, held against cells that are programmed, aged and read.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "models/electronic/device.hpp"
#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;
using electronic::Device;

namespace {

constexpr std::size_t kCells = 20000;
constexpr double kDay_s = 86400;

electronic::CrossbarParameters crossbar(const std::string& preset, const std::string& more = {}) {
  use_shipped_presets();
  return load_here(kTop + "platforms: [{name: p, linear: {model: electronic_crossbar, preset: " + preset +
                   (more.empty() ? "" : ", " + more) + "}, neuron: {model: relu_bit}}]\n")
      .platforms[0]
      .linear.crossbar;
}

struct Moments {
  double mean = 0, sigma = 0;
};

Moments moments(const std::vector<double>& values) {
  Moments out;
  for (const double v : values) out.mean += v / static_cast<double>(values.size());
  for (const double v : values) out.sigma += (v - out.mean) * (v - out.mean);
  out.sigma = std::sqrt(out.sigma / static_cast<double>(values.size() - 1));
  return out;
}

/// Deviations of cells from one target, programmed once and read at the device's age.
Moments deviations(const Device& device, double target_s) {
  const support::RandomStream programming(9, 1), fixed(9, 2);
  std::vector<double> values;
  for (std::size_t i = 0; i < kCells; ++i) {
    const double programmed = programmed_conductance_s(device, target_s, programming, i);
    values.push_back(aged_conductance(device, programmed, fixed, i, target_s).now_s - target_s);
  }
  return moments(values);
}

double wan_uS(double g, const std::vector<double>& c) { return c[0] + g * (c[1] + g * (c[2] + g * (c[3] + g * c[4]))); }

}  // namespace

TEST_CASE("cells of Wan 2022 spread as measured after a second, a day and two days", "[scenario][preset][device]") {
  struct Time {
    double age_s;
    std::vector<double> printed_uS;
  };
  const std::vector<Time> times = {{0, {0.348, 16.030, -43.853, 45.393, -16.815}},
                                   {kDay_s, {0.701, 22.086, -50.773, 47.095, -16.458}},
                                   {2 * kDay_s, {0.782, 20.274, -43.507, 37.062, -11.934}}};
  for (const Time& time : times) {
    const std::string age =
        time.age_s > 0 ? ", relaxation: measured, age: " + std::to_string(int(time.age_s)) + " s" : "";
    const Device device = crossbar("rram_wan2022", "verify_tries: 1" + age).device;
    // Below 0.3 of the maximum conductances are cut off at 0.
    for (const double g : {0.4, 0.5, 0.75, 1.0}) {
      INFO(g << " after " << time.age_s << " s");
      CHECK(deviations(device, g * 40e-6).sigma == Approx(1e-6 * wan_uS(g, time.printed_uS)).epsilon(0.03));
    }
  }
  CHECK(crossbar("rram_wan2022").read_voltage_v.value == 0.5);
  const Device device = crossbar("rram_wan2022").device;
  CHECK(read_sigma_s(device, 20e-6, 1e-8) == Approx(0.2e-6));  // 1 %
}

TEST_CASE("write-verify narrows what relaxation starts from", "[scenario][preset][device]") {
  const std::string aged = "relaxation: measured, age: 86400 s";
  const double once = deviations(crossbar("rram_wan2022", "verify_tries: 1, " + aged).device, 20e-6).sigma;
  const double verified = deviations(crossbar("rram_wan2022", aged).device, 20e-6).sigma;
  CHECK(verified < once);
  CHECK(verified > 0.85 * once);  // most of the spread is relaxation
}

TEST_CASE("SONOS cells spread, shift and fluctuate as the source's laws say for each day",
          "[scenario][preset][device]") {
  const double a_nA[] = {19.88665, 25.59102, 28.72753, 31.04318, 33.76214, 34.57909};
  const double b_nA[] = {176.3115, 186.85544, 193.56834, 198.90332, 204.77023, 207.34309};
  // Values of the polynomials of tenth degree at 160, 800 and 1440 nA, nA.
  const double shift_nA[][3] = {{0, 0, 0},
                                {-2.3832, -24.852, -43.392},
                                {-1.4347, -28.901, -47.174},
                                {-1.1615, -32.754, -58.317},
                                {-0.45262, -35.404, -62.257},
                                {-0.40491, -37.862, -60.971}};
  for (int day = 0; day <= 5; ++day) {
    const std::string age = day > 0 ? "relaxation: measured, age: " + std::to_string(day * int(kDay_s)) + " s" : "";
    const Device device = crossbar("sonos_agrawal2022", age).device;
    int which = 0;
    for (const double current_nA : {160.0, 800.0, 1440.0}) {
      INFO("day " << day << ", " << current_nA << " nA");
      const double shift = shift_nA[day][which++], drifted = current_nA + shift;
      const double sigma_nA = a_nA[day] * (1 - std::exp(-drifted / b_nA[day]));
      const Moments found = deviations(device, current_nA * 1e-9 / 0.1);
      CHECK(found.sigma * 0.1e9 == Approx(sigma_nA).epsilon(0.03));
      CHECK(found.mean * 0.1e9 ==
            Approx(shift).margin(0.03 * std::abs(shift) + 4 * sigma_nA / std::sqrt(double(kCells))));
    }
  }
  const Device device = crossbar("sonos_agrawal2022").device;
  for (const double current_nA : {80.0, 400.0, 1600.0}) {
    const double printed_nA = 12.58037 * (1 - std::exp(-current_nA / 215.36557));
    CHECK(read_sigma_s(device, current_nA * 1e-8, 1e-7) * 0.1e9 == Approx(printed_nA).epsilon(0.01));
  }
}

TEST_CASE("phase-change cells have the programming error, drift and 1/f noise that their sources print",
          "[scenario][preset][device]") {
  const Device joshi = crossbar("pcm_joshi2020").device;
  for (const double g_uS : {5.0, 12.5, 25.0})
    CHECK(deviations(joshi, g_uS * 1e-6).sigma ==
          Approx(1e-6 * (-0.00178767 * g_uS * g_uS + 0.07585724 * g_uS + 0.28638599)).epsilon(0.03));
  const Device nandakumar =
      crossbar("pcm_nandakumar2019", "read_noise: flicker, drift: power_law, age: 20000 s").device;
  CHECK(programming_sigma_s(nandakumar, 12.5e-6) == Approx(0.95e-6).epsilon(0.01));
  for (const double g : {0.05, 0.2, 0.8}) {
    CHECK(nandakumar.drift.mean.at(g) == Approx(std::clamp(-0.0155 * std::log(g) + 0.0244, 0.049, 0.1)));
    CHECK(nandakumar.drift.spread.at(g) == Approx(std::clamp(-0.0125 * std::log(g) - 0.0059, 0.008, 0.045)));
    const double q = std::min(0.2, 0.0088 / std::pow(g, 0.65));
    CHECK(read_sigma_s(nandakumar, g * 25e-6, 250e-9) ==
          Approx(g * 25e-6 * q * std::sqrt(std::log((20000 + 250e-9) / 500e-9))).epsilon(1e-9));
  }
  // A thousand times the reference time leaves 1000^-nu.
  const support::RandomStream fixed(3, 2);
  std::vector<double> exponents;
  for (std::size_t i = 0; i < kCells; ++i)
    exponents.push_back(-std::log(aged_conductance(nandakumar, 20e-6, fixed, i).now_s / 20e-6) / std::log(1000.0));
  CHECK(moments(exponents).mean == Approx(0.049).epsilon(0.01));
  CHECK(moments(exponents).sigma == Approx(0.008).epsilon(0.03));
}

TEST_CASE("HERMES cells have the programming error, drift and 1/f noise of their fits", "[scenario][preset][device]") {
  const Device device = crossbar("pcm_hermes2023", "read_noise: flicker, drift: power_law, age: 86400 s").device;
  CHECK(device.maximum_conductance_s.value == Approx(20.7e-6));
  CHECK(device.drift.reference_time_s.value == 300);
  for (const double g : {0.01, 0.025, 0.05, 0.08, 0.15, 0.3, 0.35, 0.55, 0.75, 1.0}) {
    INFO(g);
    const double mean =
        g < 0.0945 ? std::clamp(-0.0387 * std::log(g) - 0.0182, 0.072, 0.13) : -0.0436 * g * g - 0.0126 * g + 0.0736;
    const double spread =
        g < 0.3055 ? std::clamp(-0.0117 * std::log(g) - 0.0057, 0.0091, 0.04) : -0.0118 * g * g + 0.0093 * g + 0.0073;
    const double q = g < 0.16 ? std::clamp(-0.0117 * std::log(g) - 0.0069, 0.015, 0.04)
                              : 0.0069 * g * g * g - 0.0280 * g * g + 0.0211 * g + 0.0123;
    CHECK(device.drift.mean.at(g) == Approx(mean).margin(6e-4));
    CHECK(device.drift.spread.at(g) == Approx(spread).margin(6e-4));
    CHECK(device.flicker.at(g) == Approx(q).margin(6e-4));
    CHECK(programming_sigma_s(device, g * 20.7e-6) == Approx(1e-6 * (0.166 + g * (4.718 + g * (-8.481 + g * 4.690)))));
  }
}

TEST_CASE("the other presets hold the ranges, levels and errors of their sources", "[scenario][preset][device]") {
  const Device milo = crossbar("rram_milo2021").device;
  for (const double g_uS : {50.0, 100.0, 225.0})
    CHECK(deviations(milo, g_uS * 1e-6).sigma == Approx(1e-6 * (4.782321 - 0.009107 * g_uS)).epsilon(0.03));
  const Device mnsim = crossbar("rram_mnsim2").device;
  CHECK(programming_sigma_s(mnsim, 50e-6) == Approx(0.5e-6));  // 1 %
  CHECK(mnsim.stuck_on.value == 0.001);
  CHECK(mnsim.stuck_off.value == 0.001);
  struct Range {
    const char* preset;
    double lowest_ohm, highest_ohm;
    int levels;
  };
  for (const Range& range :
       {Range{"rram_isaac2016_crosssim", 2e3, 2e6, 4}, Range{"rram_isaac2016_cimloop", 1333, 20e3, 4},
        Range{"rram_prime2016", 1e3, 20e3, 16}, Range{"rram_mnsim2", 10e3, 1e6, 2},
        Range{"crosssim_default", 1e3, 10e3, 0}, Range{"rram_neurosim14", 100e3, 1.7e6, 2}}) {
    INFO(range.preset);
    const Device device = crossbar(range.preset).device;
    CHECK(1 / device.maximum_conductance_s.value == Approx(range.lowest_ohm));
    CHECK(1 / device.minimum_conductance_s.value == Approx(range.highest_ohm));
    CHECK(device.levels == range.levels);
  }
}

TEST_CASE("between two measurements a spread lies between theirs, and beyond the last there is none",
          "[scenario][preset][device][bad]") {
  const auto sigma = [](const char* age) {
    const Device device = crossbar("rram_wan2022", std::string("relaxation: measured, age: ") + age).device;
    return deviation_at_age(device, 20e-6).sigma_s;
  };
  CHECK(sigma("43200 s") == Approx((wan_uS(0.5, {0.348, 16.030, -43.853, 45.393, -16.815}) +
                                    wan_uS(0.5, {0.701, 22.086, -50.773, 47.095, -16.458})) /
                                   2 * 1e-6));
  CHECK_THROWS_AS(sigma("172801 s"), support::InputError);
  CHECK_THROWS_AS(sigma("0 s"), support::InputError);  // no effect at this age
  Device device = crossbar("rram_wan2022", "relaxation: measured, age: 86400 s").device;
  device.relaxation.error_s.pop_back();
  CHECK_THROWS_AS(device.check(), std::invalid_argument);
  device.relaxation.times_s = {5, 3};
  CHECK_THROWS_AS(device.check(), std::invalid_argument);
}
