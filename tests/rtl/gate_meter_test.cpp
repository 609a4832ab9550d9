// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "models/support/diagnostics.hpp"
#include "rtl/gate_meter.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "tests/rtl/gate_level/external_tools.hpp"
#include "tests/rtl/random_network.hpp"

using namespace szilard;
using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

/// The smallest baseline's netlist; made where the build has none, half a minute once, by one of the tests.
std::optional<std::string> serial_netlist() {
  if (!szilard::test::has_tools({"yosys"})) return {};
  const std::string root = SZILARD_SOURCE_DIR, file = std::string(SZILARD_BINARY_DIR) + "/netlists/mac_serial_1x8_osu018_stdcells.json";
  if (!std::filesystem::exists(file)) {
    std::string command = root + "/script/map_netlist " + file + " " + szilard::test::kOsu018 +
                          " stream_accelerator 'ROWS=1 COLUMNS=8 WEIGHT_DEPTH=16384 ACTIVATION_DEPTH=32768 ACCUMULATOR_DEPTH=1024 "
                          "BIAS_DEPTH=512 RESULT_DEPTH=1024 HOST_ADDRESS_BITS=16 OUTPUT_STATIONARY=1' 'SZILARD_CORE=mac_serial'";
    for (const char* source : {"sram/sram", "systolic_int8/requantise_lane", "systolic_int8/accumulator_unit", "stream/mac_serial",
                               "stream/stream_sequencer", "stream/stream_accelerator"})
      command += " " + root + "/rtl/" + source + ".sv";
    std::filesystem::create_directories(std::string(SZILARD_BINARY_DIR) + "/netlists");
    command = "flock '" + file + ".lock' sh -c \"[ -f '" + file + "' ] || " + command + "\"";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  return file;
}

struct Run {
  std::vector<std::vector<std::vector<GateEnergy>>> energies;
  double total_j = 0, interval_j = 0;
  std::uint64_t cycles = 0, rtl_cycles = 0, joins = 0;
  std::string disagreement;
};

IntegerNetwork small_network() {
  Dice dice(7);
  IntegerNetwork network{{dense(12, 10, dice), dense(10, 4, dice)}};
  network.layers[0].relu = true;
  network.layers[1].requantise = false;
  return network;
}

Run run(const std::string& netlist, std::size_t samples, std::size_t batch, int amplitude, std::optional<double> share = {},
        bool fault = false) {
  SystolicAccelerator accelerator(1, 8, "mac_serial");
  accelerator.load(small_network());
  GateLevelSettings settings;
  settings.library = szilard::test::kOsu018;
  settings.netlist = netlist;
  settings.period_s = 10e-9;
  settings.sampled_share = share;
  GateMeter meter(settings, 2, (samples + batch - 1) / batch, [&](const std::string& name) { return accelerator.find_signal(name); });
  accelerator.set_meter(&meter);
  if (fault) accelerator.inject_fault(0, 1, 3);
  Dice dice(8);
  BatchResult result;
  Run out;
  for (std::size_t first = 0; first < samples; first += batch) {
    std::vector<std::vector<std::int8_t>> inputs;
    std::vector<const std::int8_t*> pointers;
    for (std::size_t s = first; s < std::min(samples, first + batch); ++s) inputs.push_back(dice.codes(12, -amplitude, amplitude));
    for (const auto& input : inputs) pointers.push_back(input.data());
    accelerator.run_batch(pointers.data(), inputs.size(), result);
    out.rtl_cycles += result.cycles;
  }
  meter.finish();
  out.energies = meter.energies();
  for (const auto& b : out.energies)
    for (const auto& sample : b)
      for (const GateEnergy& layer : sample) {
        out.total_j += layer.total_j();
        out.cycles += layer.cycles;
      }
  out.interval_j = meter.interval_j();
  out.joins = meter.windows_joined();
  out.disagreement = meter.disagreement();
  return out;
}

}  // namespace

TEST_CASE("the gates do what RTL does, clock by clock and at every join", "[rtl][tools]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  const Run exact = run(*netlist, 6, 2, 127);
  CHECK(exact.disagreement.empty());
  CHECK(exact.joins >= 60);
  CHECK(exact.cycles == exact.rtl_cycles);
  CHECK(exact.total_j > 0);
  for (const auto& batch : exact.energies)
    for (const auto& sample : batch)
      for (const GateEnergy& layer : sample) {
        CHECK(layer.switching_j > 0);
        CHECK(layer.internal_j > 0);
        CHECK(layer.clock_j > 0);
        CHECK(layer.leakage_j > 0);
        CHECK(layer.wire_j == 0);
      }
}

TEST_CASE("inputs of zero cost less than random ones, at the gates too", "[rtl][tools]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  const Run random = run(*netlist, 4, 2, 127), zero = run(*netlist, 4, 2, 0);
  CHECK(zero.disagreement.empty());
  CHECK(zero.cycles == random.cycles);
  CHECK(zero.total_j < random.total_j);
}

TEST_CASE("sampled batches give the exact energy within their interval", "[rtl][tools]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  const Run exact = run(*netlist, 60, 1, 127), sampled = run(*netlist, 60, 1, 127, 0.25);
  INFO("exact " << exact.total_j << " J, sampled " << sampled.total_j << " +- " << sampled.interval_j);
  CHECK(exact.interval_j == 0);
  CHECK(sampled.interval_j > 0);
  CHECK(sampled.interval_j < 0.05 * exact.total_j);
  // twice the half-width: wrong once in 10,000 draws, and the stimulus is fixed
  CHECK(std::abs(sampled.total_j - exact.total_j) < 2 * sampled.interval_j);
  CHECK(sampled.cycles == exact.cycles);
}

TEST_CASE("a fault in RTL that the gates do not have is found", "[rtl][tools][bad]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  const Run faulty = run(*netlist, 4, 2, 127, {}, true);
  CHECK_THAT(faulty.disagreement, Catch::Contains("is not its RTL") && Catch::Contains("clock cycle"));
}

TEST_CASE("too few sampled batches are refused", "[rtl][tools][bad]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  CHECK_THROWS_WITH(run(*netlist, 8, 2, 127, 0.3), Catch::Contains("sampled_share") && Catch::Contains("of 4 batches"));
}

TEST_CASE("the netlist of another design is refused by the name that is missing", "[rtl][tools][bad]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  SystolicAccelerator accelerator(8, 8, "zero_skip_int8");
  accelerator.load(small_network());
  GateLevelSettings settings;
  settings.library = szilard::test::kOsu018;
  settings.netlist = *netlist;
  CHECK_THROWS_WITH(GateMeter(settings, 2, 1, [&](const std::string& name) { return accelerator.find_signal(name); }),
                    Catch::Contains("RTL has no"));
  settings.netlist = "no_such_netlist.json";
  CHECK_THROWS_AS(GateMeter(settings, 2, 1, [&](const std::string& name) { return accelerator.find_signal(name); }), support::InputError);
}

TEST_CASE("a library or netlist that is not there is named with what brings it", "[rtl][bad]") {
  CHECK_THROWS_WITH(netlist_file("mac_serial", 1, 8, "/nowhere/cells.lib"), Catch::Contains("/nowhere/cells.lib"));
  const szilard::test::ToolFolder folder;
  folder.write("cells.lib", "library (x) {}");
  try {
    netlist_file("mac_serial", 1, 8, folder.path("cells.lib"));
    FAIL("found");
  } catch (const support::InputError& error) {
    CHECK_THAT(error.diagnostics().front().message, Catch::Contains("mac_serial 1x8"));
    CHECK_THAT(error.diagnostics().front().hint, Catch::Contains("--target netlist_mac_serial_1x8_cells"));
  }
}
