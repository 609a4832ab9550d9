// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "models/optical/amplifier_row.hpp"
#include "models/support/constants.hpp"
#include "tests/models/optical/random_matrices.hpp"
#include "tests/models/optical/stage_bench.hpp"

using namespace szilard;
using namespace szilard::test;
using Catch::Matchers::Contains;
using energy::Fate;
using optical::AmplifierKind;
using optical::AmplifierParameters;
using optical::CoherentParameters;
using optical::CoherentStage;

namespace {

constexpr double kPhoton_J = support::kPlanck_J_s * support::kSpeedOfLight_m_per_s / 1.55e-6;

AmplifierParameters semiconductor() {
  AmplifierParameters p;
  p.gain = 100;
  p.noise_figure = 5;
  p.saturation_w = 10e-3;
  p.drive_current_a = 0.2;
  p.drive_voltage_v = 1.5;
  return p;
}

AmplifierParameters fibre() {
  AmplifierParameters p = semiconductor();
  p.kind = AmplifierKind::erbium_fibre;
  p.gain = 1000;
  p.noise_figure = 2.5;
  p.pump_w = 0.2;
  p.pump_efficiency = 0.3;
  p.pump_wavelength_m = 980e-9;
  return p;
}

/// So bright and so strong that neither noise nor saturation is seen.
AmplifierParameters strong(double gain = 100) {
  AmplifierParameters p = semiconductor();
  p.gain = gain;
  p.saturation_w = 1e4;
  p.drive_current_a = 1e5;
  return p;
}

struct Moments {
  double mean = 0, variance = 0;
};
Moments moments(const std::vector<double>& x) {
  Moments m;
  for (const double v : x) m.mean += v / double(x.size());
  for (const double v : x) m.variance += (v - m.mean) * (v - m.mean) / double(x.size() - 1);
  return m;
}

}  // namespace

TEST_CASE("gain saturates as G exp(-(g - 1) P / P_s), and is halved where the saturation power leaves",
          "[optical][amplifier]") {
  for (const AmplifierParameters& p : {semiconductor(), fibre()}) {
    for (const double dialled : {1.5, 20.0, p.gain.value}) {
      CHECK(p.saturated(dialled, 0) == dialled);
      double before = dialled;
      for (const double in_w : {1e-7, 1e-5, 1e-4, 1e-3, 1e-1}) {
        const double g = p.saturated(dialled, in_w);
        CHECK(g == Approx(dialled * std::exp(-(g - 1) * in_w / p.saturation_scale_w())).epsilon(1e-11));
        CHECK(g < before);
        CHECK((g - 1) * in_w <= p.saturation_scale_w() * std::log(dialled) * (1 + 1e-12));
        CHECK(p.saturated_by_output(dialled, g * in_w) == Approx(g).epsilon(1e-11));
        before = g;
      }
    }
    CHECK(p.saturated_by_output(p.gain, p.saturation_w) == Approx(p.gain / 2).epsilon(1e-12));
  }
  CHECK(fibre().saturated(fibre().dialled_for(100, 1e-5), 1e-5) == Approx(100));
}

TEST_CASE("spontaneous emission has the density n_sp (g - 1) h nu that the noise figure says, in either quadrature",
          "[optical][amplifier]") {
  const AmplifierParameters p = strong();
  // F = 2 n_sp (G - 1) / G + 1 / G.
  CHECK(2 * p.inversion() * (p.gain - 1) / p.gain + 1 / p.gain == Approx(p.noise_figure.value));
  constexpr std::size_t kSamples = 40000;
  constexpr double kBand_Hz = 5e8, kIn_W = 1e-6;
  const optical::AmplifierRow row(p, {p.gain}, {0}, {kPhoton_J, kBand_Hz}, 11, "a");
  std::vector<double> re(kSamples, std::sqrt(kIn_W)), im(kSamples, 0.0), added(kSamples, 0.0);
  row.amplify(0, 0, kSamples, 0, 1.0, re.data(), im.data(), added.data());
  const double wanted = p.inversion() * (p.gain - 1) * kPhoton_J * kBand_Hz;
  INFO("seed 11");
  for (const auto& [field, mean] : {std::pair(re, std::sqrt(p.gain * kIn_W)), std::pair(im, 0.0)}) {
    const Moments m = moments(field);
    CHECK(std::abs(m.variance - wanted) < 4 * wanted * std::sqrt(2.0 / kSamples));
    CHECK(std::abs(m.mean - mean) < 4 * std::sqrt(wanted / kSamples));
  }
  for (std::size_t s = 0; s < 100; ++s) CHECK(re[s] * re[s] + im[s] * im[s] - kIn_W == Approx(added[s]).epsilon(1e-12));
}

TEST_CASE("a row of gain spares weights their scale: singular values above 1 are realised as they are",
          "[optical][amplifier][stage]") {
  const auto map = dense_layer(6, 8, 3);
  const auto x = signals(8, 100, 7, -1);
  for (const double jitter : {0.0, 1e-9}) {
    CoherentParameters p = mesh_parameters(8);
    p.light_power_w = 1.0;
    p.phase_jitter_rad = jitter;
    CoherentStage passive(map, p, 1.0, 1, "l");
    REQUIRE(passive.tiles()[0].scale > 1);
    p.gain_row = strong();
    CoherentStage active(map, p, 1.0, 1, "l");
    CHECK(active.tiles()[0].scale == 1.0);
    const StageRun with(active, x), without(passive, x);
    INFO("seeds 3 and 7, jitter " << jitter);
    CHECK(deviation(with.y, exactly(map, x)) < 3e-3);
    CHECK(with.closes());
    const double scale = passive.tiles()[0].scale;
    CHECK(with.total_j("photonic/layer/receiver", Fate::received) - 6 * 100 * 1e-12 ==
          Approx(scale * scale * (without.total_j("photonic/layer/receiver", Fate::received) - 6 * 100 * 1e-12))
              .epsilon(3e-3));
    // What the medium gives more than it takes, the pump supplied.
    const double pump_j = with.total_j("photonic/layer/tile_0_0", Fate::supplied);
    CHECK(pump_j > 0);
    std::size_t amplified = 0;
    for (const double t : active.programs()[0].phases->transmissions) amplified += t > 1;
    CHECK(amplified >= 1);
    CHECK(amplified <= 6);
  }
  CoherentParameters p = mesh_parameters(8);
  p.gain_row = strong(4);
  CoherentStage weak(map, p, 1.0, 1, "l");
  const StageRun run(weak, x);
  CHECK(weak.tiles()[0].scale > 1);
  CHECK(deviation(run.y, exactly(map, x)) < 3e-3);
}

TEST_CASE("books close with every amplifier, whatever it is made of, lossy, saturated and noisy",
          "[optical][amplifier][stage]") {
  const auto map = dense_layer(6, 8, 3);
  const auto x = signals(8, 60, 7, -1);
  for (const AmplifierParameters& amplifier : {semiconductor(), fibre()}) {
    for (int places = 1; places < 8; ++places) {
      CoherentParameters p = mesh_parameters(5);
      p.imperfections.insertion_loss = 1.1;
      p.imperfections.phase_error_rad = 0.02;
      p.extinction_ratio = 1000;
      p.noise = {true, true};
      p.waveguide_loss_per_cm = 1.5;
      p.waveguide_length_m = 0.01;
      p.auxiliary_recovery = 0.5;
      if (places & 1) p.input_amplifier = amplifier;
      if (places & 2) p.output_amplifier = amplifier;
      if (places & 4) p.gain_row = amplifier;
      CoherentStage stage(map, p, 1.0, 1, "l");
      const StageRun run(stage, x);
      INFO("seeds 3 and 7, places " << places);
      CHECK(run.closes());
      CHECK(deviation(run.y, exactly(map, x)) < 1.0);
      const auto link = stage.link();
      double lost = 0;
      for (const auto& part : link.light) lost += part.lost_w;
      CHECK(link.laser_w == Approx(lost + link.detected_w).epsilon(1e-12));
      CHECK(link.error() > 0);
    }
  }
}

TEST_CASE("an input amplifier spares the lasers its gain, and saturates", "[optical][amplifier][stage]") {
  const auto map = dense_layer(6, 8, 3);
  const auto x = signals(8, 200, 7, -1);
  CoherentParameters p = mesh_parameters(8);
  p.local_oscillator_w = 1e-9;
  CoherentStage plain(map, p, 1.0, 1, "l");
  p.input_amplifier = strong();
  CoherentStage boosted(map, p, 1.0, 1, "l");
  p.input_amplifier = semiconductor();
  p.input_amplifier->saturation_w = 0.2e-3;
  CoherentStage saturated(map, p, 1.0, 1, "l");
  const StageRun without(plain, x), with(boosted, x), bent(saturated, x);
  const double light_j = without.total_j("photonic/layer/laser", Fate::exported);
  CHECK(with.total_j("photonic/layer/laser", Fate::exported) == Approx(light_j / 100).epsilon(1e-2));
  CHECK(deviation(with.y, exactly(map, x)) < 1e-2);
  CHECK(bent.closes());
  CHECK(deviation(bent.y, exactly(map, x)) > 0.05);
  CHECK(bent.total_j("photonic/layer/laser", Fate::exported) > 2 * light_j / 100);
  p.input_amplifier->kind = AmplifierKind::erbium_fibre;
  p.input_amplifier->pump_w = 10;
  p.input_amplifier->pump_efficiency = 0.5;
  p.input_amplifier->pump_wavelength_m = 980e-9;
  CoherentStage steady(map, p, 1.0, 1, "l");
  const StageRun straight(steady, x);
  INFO("the ions of a fibre remember: its gain is the same in every symbol");
  CHECK(deviation(straight.y, exactly(map, x)) < 1e-2);
}

TEST_CASE("powers are amplified as fields are: books close, outputs stay, and the noise is what the link says",
          "[optical][amplifier][stage]") {
  const auto map = dense_layer(6, 8, 3);
  const auto x = signals(8, 200, 7);
  for (const AmplifierParameters& amplifier : {semiconductor(), fibre()}) {
    for (int places = 1; places < 4; ++places) {
      optical::IncoherentParameters p = absorber_parameters(8);
      p.extinction_ratio = 100;
      p.noise = {true, true};
      p.light_power_w = 1e-3;
      if (places & 1) p.input_amplifier = amplifier;
      if (places & 2) p.output_amplifier = amplifier;
      optical::IncoherentStage stage(map, p, 1.0, false, 1, "l");
      const StageRun run(stage, x);
      INFO("seeds 3 and 7, places " << places);
      CHECK(run.closes());
      CHECK(deviation(run.y, exactly(map, x)) < 0.2);
      const auto link = stage.link();
      double lost = 0;
      for (const auto& part : link.light) lost += part.lost_w;
      CHECK(link.laser_w == Approx(lost + link.detected_w).epsilon(1e-12));
    }
  }
  optical::IncoherentParameters p = absorber_parameters(8);
  p.input_amplifier = strong();
  p.output_amplifier = strong();
  optical::IncoherentStage stage(map, p, 1.0, false, 1, "l");
  CHECK(deviation(StageRun(stage, x).y, exactly(map, x)) < 0.05);
}

TEST_CASE("photons counted behind an amplifier have Mandel's variance, below and above one photon of signal",
          "[optical][amplifier][stage]") {
  const std::size_t samples = 20000;
  linear::LinearMap map = dense_layer(1, 1, 1);
  map.weights(0, 0) = 1;
  map.bias = {0.0};
  for (const double signal : {0.0, 0.5, 20.0}) {  // photons into the amplifier
    optical::IncoherentParameters p = absorber_parameters(1);
    p.detection = optical::Detection::counting;
    p.quantum_efficiency = 1.0;
    p.dark_current_a = 0.0;
    p.output_amplifier = strong();
    p.output_amplifier->gain = 100;
    const double light_w = 80 * p.photon_energy_j() * p.symbol_rate_hz;
    p.light_power_w = light_w;
    optical::IncoherentStage stage(map, p, 1.0, false, 1, "l");
    support::SignalBlock x(0, samples, 1);
    const double share = signal / 40;
    for (std::size_t s = 0; s < samples; ++s) x.row(0)[s] = share;
    const StageRun run(stage, x);
    CHECK(run.closes());
    std::vector<double> counted;  // difference of both photodiodes, in photons of the signal before the amplifier
    for (std::size_t s = 0; s < samples; ++s) counted.push_back(40 * run.y.at(0, s));
    const double gain = 100, added = p.output_amplifier->inversion() * (gain - 1);
    const auto mandel = [&](double photons) {
      return gain * photons + added + added * added + 2 * gain * photons * added;
    };
    // The other photodiode sees spontaneous emission only.
    const double law = (mandel(signal) + mandel(0)) / (gain * gain);
    const auto found = moments(counted);
    INFO("seed 1, signal " << signal << ", mean " << found.mean << ", variance " << found.variance << ", law " << law);
    CHECK(std::abs(found.mean - signal) <= 4 * std::sqrt(law / samples));
    // Of chaotic light: excess kurtosis up to 6.
    CHECK(std::abs(found.variance / law - 1) <= 4 * std::sqrt(8.0 / samples));
  }
}

TEST_CASE("an amplifier before a noisy receiver wins bits, one with its noise behind a good signal cannot",
          "[optical][amplifier][stage]") {
  const auto map = dense_layer(6, 8, 3);
  CoherentParameters p = mesh_parameters(8);
  p.noise = {true, true};
  p.light_power_w = 1e-9;
  p.local_oscillator_w = 1e-6;
  const auto error = [&] { return CoherentStage(map, p, 1.0, 1, "l").link().error(); };
  const double plain = error();
  p.output_amplifier = semiconductor();
  const double amplified = error();
  CHECK(amplified < plain / 3);
  // The stated error is that of the outputs.
  const auto x = signals(8, 4000, 7, -1);
  CoherentStage stage(map, p, 1.0, 1, "l");
  const StageRun run(stage, x);
  const auto exact = exactly(map, x);
  std::vector<double> off;
  for (std::size_t o = 0; o < 6; ++o)
    for (std::size_t s = 0; s < 4000; ++s) off.push_back((run.y.at(o, s) - exact.at(o, s)) / stage.tiles()[0].scale);
  const double observed = std::sqrt(moments(off).variance);
  INFO("seeds 3 and 7");
  CHECK(observed == Approx(amplified).epsilon(4 / std::sqrt(2.0 * 24000)));
  // With as much light as one likes, spontaneous emission is all that is left.
  p.light_power_w = 1e-6;
  p.local_oscillator_w = 1;
  const double limited = error();
  p.output_amplifier.reset();
  CHECK(error() < limited);
}

TEST_CASE("amplifiers that nature does not allow are refused by name", "[optical][amplifier][bad]") {
  const auto refused = [](AmplifierParameters p, const std::string& what) {
    CHECK_THROWS_WITH(p.check("gain_row", 1.55e-6), Contains(what));
  };
  AmplifierParameters p = semiconductor();
  p.noise_figure = 1.9;
  refused(p, "gain_row.noise_figure");
  p = semiconductor();
  p.gain = 3;
  refused(p, "gain_row.gain");
  p = semiconductor();
  p.saturation_w = 1;
  refused(p, "its pump supplies at most 0.3");
  p = semiconductor();
  p.drive_current_a = 0.0;
  refused(p, "gain_row.drive_current_a");
  p = fibre();
  p.pump_efficiency = 1.5;
  refused(p, "gain_row.pump_efficiency");
  p = fibre();
  p.pump_wavelength_m = 1.6e-6;
  refused(p, "gain_row.pump_wavelength_m");
  p = fibre();
  p.saturation_w = 0.05;
  refused(p, "saturated it would add");
  CoherentParameters medium = mesh_parameters(8);
  medium.gain_row = semiconductor();
  medium.medium = optical::Medium::dilation;
  CHECK_THROWS_WITH(medium.check(), Contains("gain_row"));
  CHECK_THROWS_WITH(optical::program_matrix(3 * random_matrix(4, 4, 1), optical::Topology::clements, 1.0, 2.0),
                    Contains("amplifiers of a gain of 2"));
}
