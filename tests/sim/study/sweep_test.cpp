// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/sim/study/study_scenario.hpp"

using namespace szilard::test;
using Json = nlohmann::ordered_json;

namespace {

const std::string kGrid =
    "  axes:\n    - {key: temperature, list: [250 K, 350 K]}\n"
    "    - {key: platforms.rram.input.bits, list: [4, 8]}\n  seeds: 3\n";

std::string csv(const std::string& study) {
  const ProcessResult results = run_szilard({"results", study, "--csv"});
  INFO(results.err);
  REQUIRE(results.code == 0);
  return results.out;
}

ProcessResult sweep(const std::string& scenario, const std::string& output, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"sweep", scenario, "-o", output, "-q"});
  return run_szilard(more);
}

std::size_t lines(const std::string& text) { return std::size_t(std::count(text.begin(), text.end(), '\n')); }

/// A study started in the background.
pid_t start(const std::vector<std::string>& arguments) {
  const pid_t child = fork();
  if (child != 0) return child;
  const std::string program = std::string(SZILARD_BINARY_DIR) + "/bin/szilard";
  std::vector<char*> pointers = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) _exit(126);
  execv(program.c_str(), pointers.data());
  _exit(127);
}

int wait_for(pid_t process) {
  int status = 0;
  waitpid(process, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a point of a study says what a run of its own says", "[study][sweep]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario(kGrid));
  const ProcessResult run = sweep(folder.path("s.yaml"), folder.path("all"));
  INFO(run.err);
  REQUIRE(run.code == 0);
  const ProcessResult results = run_szilard({"results", folder.path("all"), "--json"});
  const Json rows = Json::parse(results.out).at("rows");
  REQUIRE(rows.size() == 12);
  const Json& row = rows.at(7);  // 350 K, 4 bits, seed 2
  CHECK(row.at("temperature") == "350 K");
  CHECK(row.at("platforms.rram.input.bits") == 4);
  CHECK(row.at("seed") == 2);
  const ProcessResult alone =
      run_szilard({"run", folder.path("s.yaml"), "-q", "--json", "-o", folder.path("one"), "--seed", "2", "--set",
                   "temperature=350 K", "--set", "platforms.rram.input.bits=4"});
  INFO(alone.err);
  REQUIRE(alone.code == 0);
  for (const Json& platform : Json::parse(alone.out).at("platforms")) {
    const std::string name = platform.at("name");
    CHECK(row.at(name + ".accuracy") == platform.at("accuracy"));
    CHECK(row.at(name + ".energy.per_inference_J") == platform.at("energy").at("per_inference_J"));
    CHECK(row.at(name + ".bounds.reset_per_neuron_J") == platform.at("bounds").at("reset_per_neuron_J"));
  }
}

TEST_CASE("results are the same bytes for one job, two and four, and for shards joined", "[study][sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.path("s.yaml");
  write_file(scenario, study_scenario(kGrid));
  REQUIRE(sweep(scenario, folder.path("one"), {"--jobs", "1"}).code == 0);
  REQUIRE(sweep(scenario, folder.path("two"), {"--jobs", "2"}).code == 0);
  REQUIRE(sweep(scenario, folder.path("four"), {"--jobs", "4"}).code == 0);
  for (const char* shard : {"3/3", "1/3", "2/3"})
    REQUIRE(sweep(scenario, folder.path("parts"), {"--shard", shard}).code == 0);
  const ProcessResult early = run_szilard({"results", folder.path("parts")});
  CHECK(early.code == 2);
  CHECK(early.err.find("szilard merge") != std::string::npos);
  REQUIRE(run_szilard({"merge", folder.path("parts")}).code == 0);
  const std::string whole = csv(folder.path("one"));
  CHECK(lines(whole) == 13);
  CHECK(whole == csv(folder.path("two")));
  CHECK(whole == csv(folder.path("four")));
  CHECK(whole == csv(folder.path("parts")));
}

TEST_CASE("results are the same bytes in whatever order the points run", "[study][sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.path("s.yaml");
  write_file(scenario, study_scenario(kGrid));
  REQUIRE(sweep(scenario, folder.path("one")).code == 0);
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::vector<int> order(12);
  std::iota(order.begin(), order.end(), 1);
  std::shuffle(order.begin(), order.end(), std::mt19937(seed));
  for (const int point : order)
    REQUIRE(sweep(scenario, folder.path("shuffled"), {"--shard", std::to_string(point) + "/12"}).code == 0);
  REQUIRE(run_szilard({"merge", folder.path("shuffled")}).code == 0);
  CHECK(csv(folder.path("shuffled")) == csv(folder.path("one")));
}

TEST_CASE("two sweeps on one folder share its points", "[study][sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.path("s.yaml");
  write_file(scenario,
             study_scenario("  axes:\n    - {key: temperature, linear: {from: 200 K, to: 400 K, steps: 40}}\n"));
  REQUIRE(sweep(scenario, folder.path("alone")).code == 0);
  const pid_t first = start({"sweep", scenario, "-o", folder.path("shared"), "-q", "--resume", "--jobs", "1"});
  const pid_t second = start({"sweep", scenario, "-o", folder.path("shared"), "-q", "--resume", "--jobs", "1"});
  CHECK(wait_for(first) == 0);
  CHECK(wait_for(second) == 0);
  CHECK(csv(folder.path("shared")) == csv(folder.path("alone")));
  const Json rows = Json::parse(run_szilard({"results", folder.path("shared"), "--json", "--all"}).out).at("rows");
  for (const Json& row : rows) CHECK(row.at("attempts") == 1);
  CHECK(sweep(scenario, folder.path("shared")).code == 2);  // a third that does not say --resume is refused
}

TEST_CASE("nothing is computed twice, and a changed input is", "[study][sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.path("s.yaml");
  write_file(scenario, study_scenario("  axes:\n    - {key: temperature, list: [250 K, 0.25 kK, 350 K]}\n"));
  const Json first = Json::parse(sweep(scenario, folder.path("d"), {"--json", "--jobs", "1"}).out);
  CHECK(first.at("done") == 3);
  CHECK(first.at("reused") == 1);  // 0.25 kK is 250 K
  const Json together = Json::parse(sweep(scenario, folder.path("together"), {"--json", "--jobs", "3"}).out);
  CHECK(together.at("reused") == 1);  // also where the two begin at once
  const Json again = Json::parse(sweep(scenario, folder.path("d"), {"--json", "--resume"}).out);
  CHECK(again.at("ran") == 0);
  write_file(scenario, study_scenario("  axes:\n    - {key: temperature, list: [250 K, 350 K, 400 K]}\n"));
  const Json longer = Json::parse(sweep(scenario, folder.path("d"), {"--json", "--resume"}).out);
  CHECK(longer.at("ran") == 3);
  CHECK(longer.at("reused") == 2);
  const Json changed = Json::parse(sweep(scenario, folder.path("d"), {"--json", "--resume", "--samples", "39"}).out);
  CHECK(changed.at("ran") == 3);
  CHECK(changed.at("reused") == 0);
}

TEST_CASE("kill -9 of workers and coordinator loses nothing and does nothing twice", "[study][sweep][crash]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.path("s.yaml");
  write_file(
      scenario,
      study_scenario("  axes:\n    - {key: temperature, linear: {from: 200 K, to: 400 K, steps: 30}}\n  seeds: 4\n"));
  REQUIRE(sweep(scenario, folder.path("calm")).code == 0);
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const int wanted = std::getenv("SZILARD_KILLS") ? std::atoi(std::getenv("SZILARD_KILLS")) : 50;
  const std::string calm = csv(folder.path("calm"));
  int kills = 0, finished = 0;
  std::string wild = folder.path("wild0");
  while (kills < wanted) {
    const pid_t coordinator = start({"sweep", scenario, "-o", wild, "-q", "--resume", "--jobs", "2"});
    std::this_thread::sleep_for(std::chrono::milliseconds(30 + random() % 200));
    if (random() % 2 == 0) {  // a worker: a child of the coordinator
      const std::string children = "pkill -9 -P " + std::to_string(coordinator);
      if (std::system(children.c_str()) == 0) ++kills;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    kill(coordinator, SIGKILL);
    const int code = wait_for(coordinator);
    if (code == 128 + SIGKILL) {
      ++kills;
      continue;
    }
    REQUIRE(code == 0);  // it had ended before: the next kills need a study that still runs
    CHECK(csv(wild) == calm);
    wild = folder.path("wild" + std::to_string(++finished));
  }
  const ProcessResult end = sweep(scenario, wild, {"--resume"});
  INFO(end.err);
  REQUIRE(end.code == 0);
  CHECK(csv(wild) == calm);
}

TEST_CASE("an interrupted study ends within two seconds and goes on", "[study][sweep]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.path("s.yaml");
  write_file(scenario,
             study_scenario("  axes:\n    - {key: temperature, linear: {from: 200 K, to: 400 K, steps: 500}}\n"));
  for (const int number : {SIGINT, SIGTERM}) {
    const pid_t process = start({"sweep", scenario, "-o", folder.path("d"), "-q", "--resume", "--jobs", "1"});
    for (int tries = 0; tries < 200 && !std::filesystem::exists(folder.path("d/study.sqlite-wal")); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto before = std::chrono::steady_clock::now();
    kill(process, number);
    CHECK(wait_for(process) == 128 + number);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(2));
  }
  const ProcessResult rows = run_szilard({"results", folder.path("d"), "--csv", "--all"});
  CHECK(rows.code == 0);
  CHECK(lines(rows.out) == 501);
  CHECK(rows.out.find(",running,") == std::string::npos);
}

TEST_CASE("a point that cannot be fails by itself, with exit code 3", "[study][sweep][bad]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: dataset.samples, list: [10, 1000000]}\n"));
  const ProcessResult run = sweep(folder.path("s.yaml"), folder.path("d"));
  CHECK(run.code == 3);
  CHECK(run.out.find("1 of 2 points done, 1 failed") != std::string::npos);
  CHECK(run.err.find("1000000 asked for") != std::string::npos);
  CHECK(lines(csv(folder.path("d"))) == 3);
}

TEST_CASE("a value that cannot be is refused where it stands, before anything runs", "[study][sweep][bad]") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"  axes:\n    - {key: platforms.rram.input.bits, list: [4, 8, 40]}\n", ":53: error: 'bits' is 40"},
      {"  axes:\n    - {key: temperature, list: [300 K, 3 V]}\n",
       ":40: error: 'temperature': 'V' is a unit of voltage"},
      {"  axes:\n    - {key: temperature, list: [300 K, warm]}\n", ":40: error: 'temperature': 'warm' is not a number"},
      {"  axes:\n    - {key: platforms.rram.neuron.reset, list: [landauer_ideal, never]}\n", "[unknown_choice]"},
      {"  axes:\n    - {key: platforms.rram.linear.preset, list: [rram_wan2022, rram_wan2021]}\n", "[unknown_preset]"},
      {"  combine: random\n  points: 2\n  axes:\n    - {key: temperature, linear: {from: 300 K, to: -10 K}}\n",
       ":52: error: 'temperature' is -10 K"},
      {"  combine: sobol\n  points: 1\n  axes:\n    - {key: platforms.rram.input.bits, list: [4, 8, 0]}\n",
       ":53: error: 'bits' is 0"}};
  for (const auto& [text, message] : wrong) {
    INFO(text);
    write_file(folder.path("s.yaml"), study_scenario(text));
    const ProcessResult run = sweep(folder.path("s.yaml"), folder.path("d"));
    INFO(run.err);
    CHECK(run.code == 2);
    CHECK(run.err.find(message) != std::string::npos);
    CHECK(run.err.find("error:") == run.err.rfind("error:"));
    CHECK(!std::filesystem::exists(folder.path("d")));
  }
}

TEST_CASE("a held metric is searched by the free parameter", "[study][sweep]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [300 K]}\n"
                                                   "  iso: {hold: energy, platform: rram, at: 1 nJ, vary: {key: "
                                                   "platforms.rram.input.bits, list: [4, 5, 6, 7, 8]}}\n"));
  const ProcessResult run = sweep(folder.path("s.yaml"), folder.path("d"));
  INFO(run.err);
  REQUIRE(run.code == 0);
  const Json row = Json::parse(run_szilard({"results", folder.path("d"), "--json"}).out).at("rows").at(0);
  CHECK(row.at("iso.held") == 1);
  CHECK(row.at("iso.platforms.rram.input.bits") == 8);
  write_file(folder.path("t.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [300 K]}\n"
                                                   "  iso: {hold: energy, platform: rram, at: 0.001 fJ, vary: {key: "
                                                   "platforms.rram.input.bits, list: [4, 8]}}\n"));
  REQUIRE(sweep(folder.path("t.yaml"), folder.path("e")).code == 0);
  CHECK(Json::parse(run_szilard({"results", folder.path("e"), "--json"}).out).at("rows").at(0).at("iso.held") == 0);
}

TEST_CASE("a metric that cannot be held is told with the nearest that was reached, where, and what to change",
          "[study][sweep][bad]") {
  const TemporaryFolder folder;
  write_file(folder.path("s.yaml"), study_scenario("  axes:\n    - {key: temperature, list: [250 K, 300 K]}\n"
                                                   "  iso: {hold: energy, platform: rram, at: 0.001 fJ, vary: {key: "
                                                   "platforms.rram.input.bits, list: [8, 6, 4]}}\n"));
  const ProcessResult run = sweep(folder.path("s.yaml"), folder.path("d"));
  CHECK(run.code == 0);
  const Json rows = Json::parse(run_szilard({"results", folder.path("d"), "--json"}).out).at("rows");
  double nearest = 1;
  for (const Json& row : rows) {
    CHECK(row.at("iso.held") == 0);
    CHECK(row.at("iso.platforms.rram.input.bits") == 4);  // the better of both ends
    nearest = std::min(nearest, row.at("rram.energy.per_inference_J").get<double>());
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", nearest);
  for (const std::string& out : {run.err, run_szilard({"results", folder.path("d")}).out}) {
    INFO(out);
    CHECK(out.find("iso: rram.energy.per_inference_J does not come down to 1e-18 in 2 of 2 searches; the nearest is " +
                   std::string(text) + ", with platforms.rram.input.bits 4 at temperature 2") != std::string::npos);
    CHECK(out.find("hint: let sweep.iso.vary begin with a value that gives less, or ask for more in sweep.iso.at") !=
          std::string::npos);
  }
  const ProcessResult held =
      sweep(folder.path("s.yaml"), folder.path("e"), {"--set", "sweep.iso.at=1 nJ", "--set", "temperature=310 K"});
  CHECK(held.code == 0);
  CHECK(held.err.find("iso:") == std::string::npos);
}

TEST_CASE("the last value is found even where only it holds", "[study][sweep]") {
  const TemporaryFolder folder;
  const std::string text =
      "  axes:\n    - {key: dataset.samples, list: [20]}\n"
      "  iso: {hold: energy, platform: ideal, at: 1 J, vary: {key: temperature, list: [400 K, 300 K, 200 K]}}\n";
  write_file(folder.path("s.yaml"), study_scenario(text));
  REQUIRE(sweep(folder.path("s.yaml"), folder.path("a")).code == 0);
  const auto row = [&](const char* name) {
    return Json::parse(run_szilard({"results", folder.path(name), "--json"}).out).at("rows").at(0);
  };
  CHECK(row("a").at("iso.temperature") == 200);
  // Between the energies at 200 K and 300 K, which are in proportion to the temperature.
  char between[48];
  std::snprintf(between, sizeof between, "%.9g J", 1.2 * row("a").at("ideal.energy.per_inference_J").get<double>());
  REQUIRE(sweep(folder.path("s.yaml"), folder.path("b"), {"--set", std::string("sweep.iso.at=") + between}).code == 0);
  CHECK(row("b").at("iso.temperature") == 200);
  CHECK(row("b").at("iso.held") == 1);
}

TEST_CASE("a folder with a study, a scenario without one, and shards that are none are refused",
          "[study][sweep][bad]") {
  const TemporaryFolder folder;
  const std::string scenario = folder.path("s.yaml");
  write_file(scenario, study_scenario("  axes:\n    - {key: dataset.samples, list: [10]}\n"));
  REQUIRE(sweep(scenario, folder.path("d")).code == 0);
  CHECK(sweep(scenario, folder.path("d")).code == 2);
  CHECK(sweep(scenario, folder.path("d"), {"--resume"}).code == 0);
  for (const char* shard : {"0/3", "4/3", "1", "a/b", "-1/2", "1/0", ""}) {
    INFO(shard);
    CHECK(sweep(scenario, folder.path("x"), {"--shard", shard}).code == 2);
  }
  const ProcessResult none = sweep(source("scenarios/digits-mlp/scenario.yaml"), folder.path("y"));
  CHECK(none.code == 2);
  CHECK(none.err.find("declares no study") != std::string::npos);
  CHECK(run_szilard({"merge", folder.path("d")}).code == 2);
  CHECK(run_szilard({"results", folder.path("nowhere")}).code == 2);
  write_file(scenario, study_scenario("  axes:\n    - {key: dataset.samples, list: [10]}\n", "another"));
  const ProcessResult other = sweep(scenario, folder.path("d"), {"--resume"});
  CHECK(other.code == 2);
  CHECK(other.err.find("holds the study 'study', not 'another'") != std::string::npos);
  REQUIRE(sweep(scenario, folder.path("p"), {"--shard", "1/2"}).code == 0);
  const ProcessResult half = run_szilard({"merge", folder.path("p")});
  CHECK((half.code == 0 || half.err.find("shards are missing") != std::string::npos));
}
