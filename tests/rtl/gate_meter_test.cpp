// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "models/support/diagnostics.hpp"
#include "rtl/baseline.hpp"
#include "rtl/gate_meter.hpp"
#include "rtl/relu_unit/relu_unit.hpp"
#include "rtl/sampling.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "tests/rtl/gate_level/external_tools.hpp"
#include "tests/rtl/random_network.hpp"

using namespace szilard;
using namespace szilard::rtl;
using namespace szilard::rtl::testing;

namespace {

/// The smallest baseline's netlist; made where the build has none that is newer than its sources, half a minute once,
/// by one of the tests.
std::optional<std::string> serial_netlist() {
  static bool is_there = false;
  if (!szilard::test::has_tools({"yosys"})) return {};
  const std::string root = SZILARD_SOURCE_DIR,
                    file = std::string(SZILARD_BINARY_DIR) + "/netlists/mac_serial_1x8_osu018_stdcells.json";
  if (!is_there) {
    std::string sources,
        command =
            root + "/script/map_netlist " + file + " " + szilard::test::kOsu018 +
            " stream_accelerator 'ROWS=1 COLUMNS=8 WEIGHT_DEPTH=16384 ACTIVATION_DEPTH=32768 ACCUMULATOR_DEPTH=1024 "
            "BIAS_DEPTH=512 RESULT_DEPTH=1024 HOST_ADDRESS_BITS=16 OUTPUT_STATIONARY=1' 'SZILARD_CORE=mac_serial'";
    for (const char* source : {"sram/sram", "bfloat/float_add", "bfloat/float_lane", "systolic_int8/requantise_lane",
                               "systolic_int8/accumulator_unit", "stream/mac_serial", "systolic_int8/tile_sequencer",
                               "stream/stream_sequencer", "stream/stream_accelerator"})
      sources += " " + root + "/rtl/" + source + ".sv";
    std::filesystem::create_directories(std::string(SZILARD_BINARY_DIR) + "/netlists");
    command = "flock '" + file + ".lock' sh -c \"[ -f '" + file + "' ] && [ -z \\\"\\$(find" + sources + " -newer '" +
              file + "')\\\" ] || " + command + sources + "\"";
    REQUIRE(std::system(command.c_str()) == 0);
    is_there = true;
  }
  return file;
}

struct Run {
  std::vector<std::vector<std::vector<GateEnergy>>> energies;
  std::vector<double> clocks_j;
  double total_j = 0, interval_j = 0, tree_j = 0;
  std::size_t clock_buffers = 0, net_buffers = 0;
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

Run run(const std::string& netlist, std::size_t samples, std::size_t batch, int amplitude,
        std::optional<double> share = {}, bool fault = false, bool buffered = false) {
  SystolicAccelerator accelerator(1, 8, "mac_serial");
  accelerator.load(small_network());
  GateLevelSettings settings;
  settings.library = szilard::test::kOsu018;
  settings.netlist = netlist;
  settings.rtl = rtl_fingerprint("mac_serial", 1, 8);
  settings.period_s = 10e-9;
  settings.sampled_share = share;
  if (buffered) {
    settings.clock_fanout = settings.net_fanout = 16;
    settings.clock_buffer = "CLKBUF1";
    settings.net_buffer = "BUFX4";
  }
  GateMeter meter(settings, 2, (samples + batch - 1) / batch,
                  [&](const std::string& name) { return accelerator.find_signal(name); });
  accelerator.set_meter(&meter);
  meter.keep_clocks();
  if (fault) accelerator.inject_fault(0, 1, 3);
  Dice dice(8);
  BatchResult result;
  Run out;
  for (std::size_t first = 0; first < samples; first += batch) {
    std::vector<std::vector<std::int8_t>> inputs;
    std::vector<const std::int8_t*> pointers;
    for (std::size_t s = first; s < std::min(samples, first + batch); ++s)
      inputs.push_back(dice.codes(12, -amplitude, amplitude));
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
  out.clocks_j = meter.clock_energies_j();
  out.tree_j = meter.clock_tree_j_per_cycle();
  out.clock_buffers = meter.clock_buffers();
  out.net_buffers = meter.net_buffers();
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

TEST_CASE("draws of batches hold the exact energy of a real run 95 times in 100", "[rtl][tools][sampling]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  const Run exact = run(*netlist, 60, 1, 127);
  std::vector<BatchEnergy> batches;
  double total_j = 0;
  for (const auto& batch : exact.energies) {
    batches.emplace_back();
    for (const GateEnergy& layer : batch.front()) {
      batches.back().clocks.push_back(static_cast<double>(layer.cycles));
      batches.back().energy_j.push_back(layer.total_j());
      total_j += layer.total_j();
    }
  }
  constexpr int kDraws = 2000;
  int held = 0;
  for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
    const SampledEnergy found = sampled_energy(batches, chosen_batches(draw, batches.size(), 0.25));
    held += std::abs(found.total_j - total_j) <= found.half_width_j;
  }
  INFO("held " << held << " of " << kDraws);
  CHECK(held > 0.92 * kDraws);
  CHECK(held < 0.98 * kDraws);
}

TEST_CASE("the clocks' energies sum to the samples', simulated or estimated", "[rtl][tools]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  for (const std::optional<double> share : {std::optional<double>(), std::optional<double>(0.4)}) {
    const Run found = run(*netlist, 30, 1, 127, share);
    CHECK(found.clocks_j.size() == found.cycles);
    double sum_j = 0, least_j = 1;
    for (const double clock_j : found.clocks_j) {
      sum_j += clock_j;
      least_j = std::min(least_j, clock_j);
    }
    CHECK(sum_j == Approx(found.total_j).epsilon(1e-11));
    CHECK(least_j > 0);
  }
}

TEST_CASE("a modelled clock tree and modelled buffers of nets cost what they are made of", "[rtl][tools]") {
  const auto netlist = serial_netlist();
  if (!netlist) return;
  const Run bare = run(*netlist, 4, 2, 127), buffered = run(*netlist, 4, 2, 127, {}, false, true);
  CHECK(bare.tree_j == 0);
  CHECK(bare.clock_buffers + bare.net_buffers == 0);
  CHECK(buffered.disagreement.empty());
  CHECK(buffered.net_buffers > 0);
  // ~1,000 flip-flops: 1/16 of them, and 1/16 of these, and so on
  CHECK(buffered.clock_buffers > 30);
  CHECK(buffered.tree_j > 0);
  double bare_clock_j = 0, buffered_clock_j = 0;
  for (std::size_t b = 0; b < bare.energies.size(); ++b)
    for (std::size_t s = 0; s < bare.energies[b].size(); ++s)
      for (std::size_t l = 0; l < 2; ++l) {
        bare_clock_j += bare.energies[b][s][l].clock_j;
        buffered_clock_j += buffered.energies[b][s][l].clock_j;
      }
  CHECK(buffered_clock_j ==
        Approx(bare_clock_j + buffered.tree_j * static_cast<double>(buffered.cycles)).epsilon(1e-9));
}

TEST_CASE("the ReLU unit's gates do what its RTL does, and zeros cost less than random codes", "[rtl][tools]") {
  if (!szilard::test::has_tools({"yosys"})) return;
  const szilard::test::ToolFolder folder;
  const std::string root = SZILARD_SOURCE_DIR, file = folder.path("relu.json");
  REQUIRE(std::system((root + "/script/map_netlist " + file + " " + szilard::test::kOsu018 +
                       " relu_unit 'LANES=8 WIDTH=16' '' " + root + "/rtl/relu_unit/relu_unit.sv")
                          .c_str()) == 0);
  double energy_j[2];
  for (const int amplitude : {0, 1}) {
    ReluUnit unit(8);
    GateLevelSettings settings;
    settings.library = szilard::test::kOsu018;
    settings.netlist = file;
    settings.rtl = rtl_fingerprint("relu_unit", 1, 8);
    GateMeter meter(settings, 1, 1, [&](const std::string& name) { return unit.find_signal(name); });
    meter.begin_batch(1, 500 * unit.cycles(64));
    meter.begin_layer(0);
    unit.set_meter(&meter);
    Dice dice(9);
    std::vector<std::int16_t> codes(64), out(64);
    for (int sample = 0; sample < 500; ++sample) {
      for (auto& code : codes) code = static_cast<std::int16_t>(amplitude * dice.integer(-32768, 32767));
      unit.run(codes.data(), codes.size(), out.data());
    }
    meter.end_batch();
    meter.finish();
    CHECK(meter.disagreement().empty());
    CHECK(meter.registers() == 8 * 15 + 1);  // the sign of a result is always 0
    CHECK(meter.energies().front().front().front().cycles == 500 * unit.cycles(64));
    energy_j[amplitude] = meter.energies().front().front().front().total_j();
  }
  CHECK(energy_j[0] > 0);
  CHECK(energy_j[0] < 0.7 * energy_j[1]);
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
  CHECK_THROWS_AS(GateMeter(settings, 2, 1, [&](const std::string& name) { return accelerator.find_signal(name); }),
                  support::InputError);
}

TEST_CASE("a netlist of other sources than the RTL's is refused with the command that makes it anew",
          "[rtl][tools][bad]") {
  if (!szilard::test::has_tools({})) return;
  const szilard::test::ToolFolder folder;
  const auto refusal = [&](const std::string& attributes, const std::string& rtl) {
    folder.write("mac_serial_1x8_osu018_stdcells.json",
                 "{\"modules\": {\"stream_accelerator\": {\"attributes\": {" + attributes +
                     "}, \"ports\": {\"clock\": {\"direction\": \"input\", \"bits\": [2]}, \"unheard_of\": "
                     "{\"direction\": \"input\", \"bits\": [3]}, \"busy\": {\"direction\": \"output\", \"bits\": "
                     "[4]}}, \"cells\": {\"f\": {\"type\": \"DFFPOSX1\", \"connections\": {\"CLK\": [2], \"D\": [3], "
                     "\"Q\": [4]}}}, \"netnames\": {}}}}");
    SystolicAccelerator accelerator(1, 8, "mac_serial");
    accelerator.load(small_network());
    GateLevelSettings settings;
    settings.library = szilard::test::kOsu018;
    settings.netlist = folder.path("mac_serial_1x8_osu018_stdcells.json");
    settings.rtl = rtl;
    try {
      GateMeter(settings, 2, 1, [&](const std::string& name) { return accelerator.find_signal(name); });
    } catch (const support::InputError& error) {
      CHECK(error.diagnostics().front().code == support::DiagnosticCode::unsupported_version);
      CHECK_THAT(error.diagnostics().front().hint,
                 Catch::EndsWith("cmake --build build/release --target netlist_mac_serial_1x8_osu018_stdcells"));
      return error.diagnostics().front().message;
    }
    return std::string();
  };
  const std::string now = rtl_fingerprint("mac_serial", 1, 8), other = "0123456789abcdef";
  REQUIRE(now.size() == 16);
  CHECK(rtl_fingerprint("mac_serial", 1, 3).empty());
  CHECK(rtl_fingerprint("relu_unit", 1, 8) != now);
  CHECK_THAT(refusal("\"szilard_rtl\": \"" + other + "\"", now), Catch::Contains(other) && Catch::Contains(now));
  // what bears no fingerprint, or the right one, is known by its names
  CHECK_THAT(refusal("\"szilard_rtl\": \"" + now + "\"", now), Catch::Contains("RTL has no input 'unheard_of'"));
  CHECK_THAT(refusal("", now), Catch::Contains("RTL has no input 'unheard_of'"));
  CHECK_THAT(refusal("\"szilard_rtl\": \"" + other + "\"", ""), Catch::Contains("RTL has no input 'unheard_of'"));
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
    CHECK(error.diagnostics().front().where.line == 1);
    CHECK_THAT(error.diagnostics().front().hint, Catch::Contains("--target netlist_mac_serial_1x8_cells"));
  }
}
