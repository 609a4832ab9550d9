// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

const char* const kQuietNeuron = "{model: relu_bit, threshold_offset: 0, threshold_noise: 0}";

struct OpticsRun {
  TemporaryFolder folder;

  OpticsRun(const std::string& network, const std::string& linear, const std::string& neuron = kQuietNeuron,
            const std::string& converters = "") {
    const bool digits = network.find("digits") == 0;
    const std::string data = source("scenarios/data/") + (digits ? "digits_test" : "mnist_test");
    write_file(folder.path("scenario.yaml"),
               "szilard: 1\nname: optics\ntemperature: 300 K\nnetwork: " + source("scenarios/data/" + network) +
                   ".onnx\ndataset: {inputs: " + data + "_images.npy, labels: " + data +
                   "_labels.npy, scale: " + (digits ? "0.0625" : "0.00392156862745098") +
                   "}\ncalibration: {samples: 100}\nplatforms:\n  - name: light\n    linear: {" + linear + "}\n" +
                   converters + "    neuron: " + neuron + "\n");
  }
  Json run(const std::string& samples, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"run",  folder.path("scenario.yaml"), "-o", folder.path("out"), "--samples",
                                          samples};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProcessResult result = run_szilard(arguments);
    INFO(result.err);
    REQUIRE(result.code == 0);
    return Json::parse(read_file(folder.path("out/summary.json"))).at("platforms").at(0);
  }
};

const std::string kRings = "model: ring_bank, preset: ring_bank_silicon, drop_loss: 0 dB";
const std::string kAbsorbers = "model: absorptive_crossbar, preset: pcm_absorber_feldmann2021, levels: 0";

}  // namespace

TEST_CASE("rings and absorbers with all errors off give the reference's predictions on every shipped network",
          "[cli][optics]") {
  const std::pair<const char*, const char*> runs[] = {{"digits_mlp_64_32_10", "100"},
                                                      {"mnist_mlp_784_128_64_10", "50"},
                                                      {"mnist_mlp_sparse_784_128_64_10", "50"},
                                                      {"mnist_lenet5_relu", "5"}};
  for (const auto& [network, samples] : runs) {
    for (const std::string& linear : {kRings, kAbsorbers}) {
      INFO(network << ", " << linear);
      const Json platform = OpticsRun(network, linear).run(samples);
      CHECK(platform.at("agreement").get<double>() == 1.0);
      CHECK(platform.at("output_rms_error").get<double>() < 1e-9);
      CHECK(platform.at("energy").at("closure").get<double>() <= 1e-9);
      CHECK(platform.at("detected_photons_per_mac").get<double>() > 0);
    }
  }
}

TEST_CASE("a run on light reports its tiles, its photons and a link budget that adds up", "[cli][optics]") {
  const Json platform =
      OpticsRun("digits_mlp_64_32_10", kRings +
                                           ", modes: 16, light_power: solved, wanted_bits: 6, receiver_noise: "
                                           "shot_and_thermal, laser_sharing: 16, splitter_loss: 0.1 dB")
          .run("20");
  const Json& layers = platform.at("optical");
  REQUIRE(layers.size() == 2);
  CHECK(layers.at(0).at("tiles") == 8);
  CHECK(layers.at(0).at("elements") == 64 * 32);
  for (const Json& layer : layers) {
    const Json& link = layer.at("link");
    double rest = link.at("laser_W").get<double>() - link.at("detected_W").get<double>();
    for (const Json& part : link.at("light")) rest -= part.at("lost_W").get<double>();
    CHECK(std::abs(rest) <= 1e-12 * link.at("laser_W").get<double>());
    CHECK(link.at("bits").get<double>() == Approx(6).epsilon(1e-9));
    CHECK(link.at("light_power_W").get<double>() > 0);
  }
  CHECK(platform.at("area_by_component")
            .at("light/" + layers.at(0).at("name").get<std::string>() + "/medium")
            .get<double>() == Approx(64 * 32 * 23e-12));
}

TEST_CASE("converters around light cost what they do, and codes reach RTL neurons", "[cli][optics]") {
  const std::string converters =
      "    input: {model: dac, preset: dac_aimc28, bits: 8}\n    output: {model: adc, preset: adc_aimc28, bits: 8}\n";
  const Json analog = OpticsRun("digits_mlp_64_32_10", "model: mzi_mesh, preset: mzi_harris2014, insertion_loss: 0 dB",
                                kQuietNeuron, converters)
                          .run("100");
  CHECK(analog.at("agreement").get<double>() > 0.95);
  CHECK(analog.at("output_rms_error").get<double>() > 1e-4);
  CHECK(analog.at("energy").at("by_mechanism").at("dac").get<double>() > 0);
  CHECK(analog.at("energy").at("by_mechanism").at("adc").get<double>() > 0);
  CHECK(analog.at("energy").at("closure").get<double>() <= 1e-9);
  const Json plain =
      OpticsRun("digits_mlp_64_32_10", "model: mzi_mesh, preset: mzi_harris2014, insertion_loss: 0 dB").run("100");
  CHECK(analog.at("latency_s").get<double>() > plain.at("latency_s").get<double>());
  const Json hybrid = OpticsRun("digits_mlp_64_32_10", kRings, "{model: relu_rtl}", converters).run("40");
  CHECK(hybrid.at("kind") == "hybrid");
  CHECK(hybrid.at("agreement").get<double>() > 0.9);
}

TEST_CASE("an optical bistable element follows a mesh, and every layer pays laser and modulators anew",
          "[cli][optics]") {
  const Json platform = OpticsRun("digits_mlp_64_32_10", "model: mzi_mesh, preset: mzi_mems, insertion_loss: 0 dB",
                                  "{model: relu_bit, reset: optical_bistable, preset: nanocavity_haret2009, "
                                  "threshold_offset: 0, threshold_noise: 0}")
                            .run("50");
  CHECK(platform.at("agreement").get<double>() > 0.9);
  for (const Json& layer : platform.at("optical")) {
    const std::string path = "light/" + layer.at("name").get<std::string>();
    CHECK(platform.at("energy").at("by_component").at(path + "/laser").at("laser").get<double>() > 0);
    CHECK(platform.at("energy").at("by_component").at(path + "/modulator").at("modulation").get<double>() > 0);
  }
}

TEST_CASE("fewer tiles than a network needs take rounds, which latency and energy show", "[cli][optics]") {
  const std::string mesh = "model: mzi_mesh, preset: mzi_harris2014, insertion_loss: 0 dB, modes: 16";
  const Json all = OpticsRun("digits_mlp_64_32_10", mesh).run("10");
  const Json one = OpticsRun("digits_mlp_64_32_10", mesh + ", tiles_built: 1, programming_energy: 1 pJ").run("10");
  // Eight tiles of the first layer and two of the second, 1.2 us x ln(pi / 1 mrad) each.
  const double settling_s = 1.2e-6 * std::log(3.14159265358979 / 1e-3);
  CHECK(one.at("latency_s").get<double>() - all.at("latency_s").get<double>() == Approx(10 * settling_s).epsilon(2e-3));
  CHECK(one.at("throughput_per_s").get<double>() < all.at("throughput_per_s").get<double>() / 1000);
  CHECK(one.at("energy").at("by_mechanism").at("programming").get<double>() ==
        Approx(10 * 10 * 240 * 1e-12).epsilon(1e-6));
  CHECK(one.at("agreement").get<double>() == 1.0);
}

TEST_CASE("what was programmed is exported tile by tile, for every medium", "[cli][optics][export]") {
  const std::tuple<std::string, std::string, std::string> media[] = {
      {"model: mzi_mesh, preset: mzi_harris2014, insertion_loss: 0 dB", "phases", ".json"},
      {"model: scattering_medium, preset: scatterer_elastic", "scattering_matrix_real", ".npy"},
      {"model: scattering_medium, preset: scatterer_elastic, embedding: random, scatterer_modes: 64",
       "input_phases_rad", ".npy"},
      {kRings, "detuning_Hz", ".npy"},
      {kAbsorbers, "transmission_minus", ".npy"}};
  for (const auto& [linear, quantity, suffix] : media) {
    INFO(linear);
    OpticsRun one("digits_mlp_64_32_10", linear);
    one.run("2", {"--export", one.folder.path("programs")});
    const Json manifest = Json::parse(read_file(one.folder.path("programs/manifest.json")));
    const Json& layer = manifest.at("platforms").at(0).at("layers").at(0);
    CHECK(layer.at("tiles").size() == 1);
    const std::string file = layer.at("tiles").at(0).at("files").at(quantity);
    CHECK(std::filesystem::file_size(one.folder.path("programs/" + file)) > 100);
    CHECK(file.substr(file.size() - suffix.size()) == suffix);
    if (suffix == ".json")
      CHECK(Json::parse(read_file(one.folder.path("programs/" + file))).at("transmissions").size() == 64);
  }
}

TEST_CASE("lab link prints a budget for people and for programs", "[cli][lab][optics]") {
  OpticsRun one("digits_mlp_64_32_10", kAbsorbers + ", modes: 16, receiver_noise: shot");
  const ProcessResult table = run_szilard({"lab", "link", one.folder.path("scenario.yaml")});
  INFO(table.err);
  REQUIRE(table.code == 0);
  CHECK_THAT(table.out, Contains("worst path"));
  CHECK_THAT(table.out, Contains("splitting among cells"));
  const ProcessResult text =
      run_szilard({"lab", "link", one.folder.path("scenario.yaml"), "--platform", "light", "--json"});
  REQUIRE(text.code == 0);
  const Json json = Json::parse(text.out);
  CHECK(json.at("platforms").at(0).at("layers").size() == 2);
  CHECK(json.at("platforms").at(0).at("layers").at(0).at("worst_loss_dB").get<double>() > 20);
}

TEST_CASE("lab link and runs refuse what cannot be with one error and exit code 2", "[cli][lab][optics][bad]") {
  OpticsRun one("digits_mlp_64_32_10", kAbsorbers);
  const ProcessResult none = run_szilard({"lab", "link", one.folder.path("scenario.yaml"), "--platform", "dark"});
  CHECK(none.code == 2);
  CHECK_THAT(none.err, Contains("no platform is named 'dark'"));
  const ProcessResult ideal =
      run_szilard({"lab", "link", OpticsRun("digits_mlp_64_32_10", "model: ideal").folder.path("scenario.yaml")});
  CHECK(ideal.code == 2);
  CHECK(run_szilard({"lab", "link"}).code == 2);
  OpticsRun coarse("digits_mlp_64_32_10", kRings + ", finesse: 1.2");
  const ProcessResult broad =
      run_szilard({"run", coarse.folder.path("scenario.yaml"), "-o", coarse.folder.path("out")});
  CHECK(broad.code == 2);
  CHECK_THAT(broad.err, Contains("leaves no span around 0"));
  OpticsRun weak("digits_mlp_64_32_10",
                 "model: mzi_mesh, preset: mzi_mems, local_oscillator: 1 pW, light_power: solved, wanted_error: 0.1 %, "
                 "receiver_noise: shot_and_thermal");
  const ProcessResult unreachable = run_szilard({"lab", "link", weak.folder.path("scenario.yaml")});
  CHECK(unreachable.code == 2);
  CHECK_THAT(unreachable.err, Contains("oscillator is too weak"));
}

TEST_CASE("accuracy falls off below one detected photon a multiplication, and is whole above three", "[cli][optics]") {
  TemporaryFolder folder;
  const auto run = [&](const std::string& power) {
    const ProcessResult result =
        run_szilard({"run", source("scenarios/photons-per-mac/scenario.yaml"), "-o", folder.path("out"), "--samples",
                     "200", "--set", "platforms.photons_0_64.linear.light_power=" + power});
    INFO(result.err);
    REQUIRE(result.code == 0);
    return Json::parse(read_file(folder.path("out/summary.json"))).at("platforms");
  };
  const Json few = run("100 pW"), many = run("7.9 nW");
  CHECK(few.at(0).at("detected_photons_per_mac").get<double>() < 0.05);
  CHECK(few.at(0).at("accuracy").get<double>() < 0.5);
  CHECK(many.at(0).at("detected_photons_per_mac").get<double>() == Approx(0.64).epsilon(0.05));
  CHECK(many.at(0).at("accuracy").get<double>() > 0.85);
  CHECK(many.at(1).at("detected_photons_per_mac").get<double>() == Approx(3.2).epsilon(0.05));
  CHECK(many.at(1).at("accuracy").get<double>() > 0.96);
}

TEST_CASE("of as many photons a multiplication, those of cells that cannot be dark carry no signal", "[cli][optics]") {
  TemporaryFolder folder;
  const ProcessResult result =
      run_szilard({"run", source("scenarios/photons-per-mac/scenario.yaml"), "-o", folder.path("out"), "--samples",
                   "200", "--set", "platforms.photons_0_64.linear.minimum_transmission=0.45", "--set",
                   "platforms.photons_0_64.linear.light_power=0.62 nW"});
  INFO(result.err);
  REQUIRE(result.code == 0);
  const Json platform = Json::parse(read_file(folder.path("out/summary.json"))).at("platforms").at(0);
  CHECK(platform.at("detected_photons_per_mac").get<double>() == Approx(0.64).epsilon(0.05));
  CHECK(platform.at("accuracy").get<double>() < 0.4);
}

TEST_CASE("light handed over is solved for the bits behind the last layer, and its lasers may fluctuate",
          "[cli][lab][optics]") {
  const std::string scenario = source("scenarios/all-optical/scenario.yaml");
  const std::vector<std::string> wanted = {"--set", "platforms.fading.linear.light_power=solved",
                                           "--set", "platforms.fading.linear.wanted_bits=5",
                                           "--set", "platforms.fading.linear.relative_intensity_noise=-150 dB"};
  std::vector<std::string> arguments = {"lab", "link", scenario, "--platform", "fading", "--json"};
  arguments.insert(arguments.end(), wanted.begin(), wanted.end());
  const ProcessResult link = run_szilard(arguments);
  INFO(link.err);
  REQUIRE(link.code == 0);
  const Json layers = Json::parse(link.out).at("platforms").at(0).at("layers");
  CHECK(layers.at(1).at("bits").get<double>() == Approx(5).epsilon(1e-9));
  CHECK(layers.at(0).at("light_power_W").get<double>() > layers.at(1).at("light_power_W").get<double>());
  TemporaryFolder folder;
  arguments = {"run", scenario, "--samples", "100", "-o", folder.path("out")};
  arguments.insert(arguments.end(), wanted.begin(), wanted.end());
  const ProcessResult run = run_szilard(arguments);
  INFO(run.err);
  REQUIRE(run.code == 0);
  for (const Json& platform : Json::parse(read_file(folder.path("out/summary.json"))).at("platforms")) {
    if (platform.at("name") != "fading") continue;
    CHECK(platform.at("energy").at("closure").get<double>() <= 1e-9);
    CHECK(platform.at("accuracy").get<double>() > 0.8);
  }
}
