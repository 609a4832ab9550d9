// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/waves/recording.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>

#include "models/support/diagnostics.hpp"

using namespace szilard;
using namespace szilard::waves;

namespace {

std::string written(const Recording& recording) {
  const std::string path = (std::filesystem::temp_directory_path() / "szilard_recording.vcd").string();
  write_vcd(recording, path);
  std::ifstream file(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  return text;
}

std::string changes_of(const std::string& text) { return text.substr(text.find("$enddefinitions $end\n") + 21); }

double integral_j(const Signal& signal) {
  double sum = 0;
  for (std::size_t c = 0; c + 1 < signal.changes.size(); ++c)
    sum += signal.changes[c].real * double(signal.changes[c + 1].time_ps - signal.changes[c].time_ps) * 1e-12;
  return sum;
}

}  // namespace

TEST_CASE("power integrates to the energies whose windows overlap", "[waves]") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  PowerTrack track;
  double sum = 0;
  for (int i = 0; i < 200; ++i) {
    const auto begin = std::int64_t(random() % 10000), length = std::int64_t(random() % 300);
    const double joules = double(random() % 1000 + 1) * 1e-15;
    track.add(begin, begin + length, joules);
    sum += joules;
  }
  Signal signal;
  track.write(signal);
  CHECK(integral_j(signal) == Approx(sum).epsilon(1e-12));
  CHECK(signal.changes.back().real == 0);
}

TEST_CASE("a window without duration takes a picosecond, and one without energy no time", "[waves]") {
  PowerTrack track;
  track.add(5, 9, 0);
  CHECK(track.empty());
  track.add(7, 7, 2e-12);
  Signal signal;
  track.write(signal);
  REQUIRE(signal.changes.size() == 2);
  CHECK(signal.changes[0].real == Approx(2));
  CHECK(signal.changes[1].time_ps == 8);
}

TEST_CASE("the order in which windows come changes no bit of the power", "[waves]") {
  PowerTrack one, other;
  one.add(0, 10, 0.1e-12);
  one.add(2, 8, 0.2e-12);
  other.add(2, 8, 0.2e-12);
  other.add(0, 10, 0.1e-12);
  Signal first, second;
  one.write(first);
  other.write(second);
  REQUIRE(first.changes.size() == second.changes.size());
  for (std::size_t c = 0; c < first.changes.size(); ++c) CHECK(first.changes[c].time_ps == second.changes[c].time_ps);
  CHECK(first.changes.back().real == 0);
}

TEST_CASE("a dump lists scopes once and changes by time, the last of several at one time", "[waves]") {
  Recording recording;
  Signal& word = recording.add({"p", "rtl"}, "count", Kind::bits, 4);
  Signal& power = recording.add({"p"}, "power_W", Kind::real, 1, "W");
  Signal& event = recording.add({"p", "rtl"}, "tick", Kind::event);
  word.at(20, std::uint64_t{5});
  word.at(0, std::uint64_t{1});
  word.at(0, std::uint64_t{2});
  word.at(30, std::uint64_t{5});
  power.at(10, 0.1);
  event.happens(20);
  event.happens(30);
  const std::string text = written(recording);
  CHECK(text.find("$timescale 1 ps $end\n$scope module p $end\n$var real 64 \" power_W $end\n$scope module rtl "
                  "$end\n$var wire 4 ! count [3:0] $end\n"
                  "$var event 1 # tick $end\n$upscope $end\n$upscope $end\n") != std::string::npos);
  CHECK(changes_of(text) == "#0\nb0010 !\n#10\nr0.1 \"\n#20\nb0101 !\n1#\n#30\n1#\n");
}

TEST_CASE("names that the format cannot hold become identifiers, each its own", "[waves][bad]") {
  Recording recording;
  recording.add({"a b", "$end"}, "x.y", Kind::bits).at(0, std::uint64_t{1});
  recording.add({"a b", "$end"}, "x y", Kind::bits).at(0, std::uint64_t{1});
  recording.add({"a_b", "_end"}, "", Kind::bits).at(0, std::uint64_t{1});
  const std::string text = written(recording);
  CHECK(text.find("$scope module a_b $end\n$scope module _end $end\n") != std::string::npos);
  CHECK(text.find(" x_y $end") != std::string::npos);
  CHECK(text.find(" x_y_2 $end") != std::string::npos);
}

TEST_CASE("sorted signals stand by scope and name, numbers by value, whatever came first", "[waves]") {
  Recording recording;
  for (const char* const name : {"x_10", "x_9", "power_W"}) recording.add({"p", "fc.1"}, name, Kind::real);
  recording.add({"p"}, "in_0", Kind::real);
  recording.add({"p", "fc.0", "neurons"}, "s_0", Kind::bits);
  recording.sort();
  std::string order;
  for (const Signal& signal : recording.signals()) order += signal.scope.back() + "/" + signal.name + " ";
  CHECK(order == "p/in_0 neurons/s_0 fc.1/power_W fc.1/x_9 fc.1/x_10 ");
}

TEST_CASE("codes of many signals are all different", "[waves]") {
  Recording recording;
  for (int i = 0; i < 9000; ++i) recording.add({"p"}, "s" + std::to_string(i), Kind::bits).at(i, std::uint64_t{1});
  const std::string changes = changes_of(written(recording));
  std::set<std::string> codes;
  std::istringstream lines(changes);
  for (std::string line; std::getline(lines, line);)
    if (line[0] == '1') codes.insert(line.substr(1));
  CHECK(codes.size() == 9000);
}

TEST_CASE("waves refuse words too wide, times before 0, and files that cannot be", "[waves][bad]") {
  Recording recording;
  CHECK_THROWS_AS(recording.add({"p"}, "wide", Kind::bits, 65), std::invalid_argument);
  CHECK_THROWS_AS(recording.add({"p"}, "none", Kind::bits, 0), std::invalid_argument);
  PowerTrack track;
  CHECK_THROWS_AS(track.add(-1, 5, 1), std::invalid_argument);
  recording.add({"p"}, "early", Kind::bits).at(-1, std::uint64_t{1});
  CHECK_THROWS_AS(written(recording), std::invalid_argument);
  CHECK_THROWS_AS(write_vcd(Recording{}, "/no/such/folder/waves.vcd"), support::EnvironmentError);
  CHECK_THROWS_AS(write_fst(Recording{}, "/no/such/folder/waves.fst"), support::EnvironmentError);
  CHECK_THROWS_AS(write_gtkw(Recording{}, "waves.fst", "/no/such/folder/waves.gtkw"), support::EnvironmentError);
}
