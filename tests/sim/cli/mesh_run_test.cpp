// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

struct PhotonicRun {
  TemporaryFolder folder;

  PhotonicRun(const std::string& network, const std::string& linear) {
    const std::string data = source("scenarios/data/") + (network.find("digits") == 0 ? "digits_test" : "mnist_test");
    const std::string scale = network.find("digits") == 0 ? "0.0625" : "0.00392156862745098";
    write_file(folder.path("scenario.yaml"),
               "szilard: 1\nname: photonic\ntemperature: 300 K\nnetwork: " + source("scenarios/data/" + network) +
                   ".onnx\ndataset: {inputs: " + data + "_images.npy, labels: " + data +
                   "_labels.npy, scale: " + scale +
                   "}\ncalibration: {samples: 100}\nplatforms:\n  - name: photonic\n    linear: {model: mzi_mesh, "
                   "preset: mzi_harris2014" +
                   linear + "}\n    neuron: {model: relu_bit, threshold_offset: 0, threshold_noise: 0}\n");
  }
  Json run(const std::string& samples) {
    const ProcessResult result =
        run_szilard({"run", folder.path("scenario.yaml"), "-o", folder.path("out"), "--samples", samples});
    INFO(result.err);
    REQUIRE(result.code == 0);
    return Json::parse(read_file(folder.path("out/summary.json"))).at("platforms").at(0);
  }
};

}  // namespace

TEST_CASE("a mesh with all errors off gives the reference's predictions on every shipped network", "[cli][mesh]") {
  const std::pair<const char*, const char*> runs[] = {{"digits_mlp_64_32_10", "200"},
                                                      {"mnist_mlp_784_128_64_10", "100"},
                                                      {"mnist_mlp_sparse_784_128_64_10", "100"},
                                                      {"mnist_lenet5_relu", "10"}};
  for (const auto& [network, samples] : runs) {
    INFO(network);
    const Json platform = PhotonicRun(network, ", insertion_loss: 0 dB").run(samples);
    CHECK(platform.at("agreement").get<double>() == 1.0);
    CHECK(platform.at("output_rms_error").get<double>() < 1e-9);
    CHECK(platform.at("energy").at("closure").get<double>() <= 1e-9);
    const Json mechanisms = platform.at("energy").at("by_mechanism");
    CHECK(mechanisms.at("detection").get<double>() > 0);
    CHECK((!mechanisms.contains("mesh_loss") || mechanisms.at("mesh_loss").get<double>() == 0));
  }
}

TEST_CASE("a mesh with all errors off gives the reference's predictions on every shipped network at full length",
          "[.nightly][cli][mesh]") {
  const std::pair<const char*, const char*> runs[] = {{"digits_mlp_64_32_10", "360"},
                                                      {"mnist_mlp_784_128_64_10", "10000"},
                                                      {"mnist_mlp_sparse_784_128_64_10", "10000"},
                                                      {"mnist_lenet5_relu", "10000"}};
  for (const auto& [network, samples] : runs) {
    INFO(network);
    const Json platform = PhotonicRun(network, ", insertion_loss: 0 dB").run(samples);
    CHECK(platform.at("agreement").get<double>() == 1.0);
    CHECK(platform.at("output_rms_error").get<double>() < 1e-9);
    CHECK(platform.at("energy").at("closure").get<double>() <= 1e-9);
  }
}

TEST_CASE("loss, errors and receiver noise hurt a mesh, and its light still balances", "[cli][mesh]") {
  const Json platform =
      PhotonicRun("digits_mlp_64_32_10",
                  ", modes: 16, insertion_loss: 0.1 dB, phase_error: 10 mrad, receiver_noise: shot_and_thermal")
          .run("200");
  CHECK(platform.at("output_rms_error").get<double>() > 1e-3);
  CHECK(platform.at("accuracy").get<double>() > 0.8);
  CHECK(platform.at("energy").at("closure").get<double>() <= 1e-9);
  CHECK(platform.at("energy").at("by_mechanism").at("mesh_loss").get<double>() > 0);
}

TEST_CASE("lab mesh runs as in its help and refuses a gain with exit code 2", "[cli][lab][mesh][bad]") {
  TemporaryFolder folder;
  const std::string npy =
      std::string("\x93NUMPY\x01\x00\x76\x00", 10) + "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }";
  std::string padded = npy;
  padded.append(127 - padded.size(), ' ');
  const double values[2] = {3, 4};
  padded += '\n';
  padded.append(reinterpret_cast<const char*>(values), sizeof values);
  write_file(folder.path("M.npy"), padded);
  const ProcessResult good = run_szilard({"lab", "mesh", "--matrix", folder.path("M.npy"), "--drawing",
                                          folder.path("m.svg"), "--json", "-o", folder.path("out")});
  INFO(good.err);
  REQUIRE(good.code == 0);
  const Json json = Json::parse(good.out);
  CHECK(json.at("scale").get<double>() == Approx(5).epsilon(1e-14));
  CHECK(json.at("auxiliary_W").get<double>() == Approx(1).epsilon(1e-12));
  for (const char* file : {"out/phases.json", "out/outputs.npy", "out/summary.json", "m.svg"})
    CHECK_FALSE(read_file(folder.path(file)).empty());
  CHECK(run_szilard({"lab", "mesh", "--matrix", folder.path("M.npy"), "--insertion-loss=-1 dB"}).code == 2);
  CHECK(run_szilard({"lab", "mesh", "--matrix", folder.path("M.npy"), "--scale", "1"}).code == 2);
  CHECK(run_szilard({"lab", "mesh", "--matrix", folder.path("none.npy")}).code == 2);
}
