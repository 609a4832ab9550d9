// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <boost/process.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/cli/commands.hpp"

namespace szilard::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using support::DiagnosticCode;
using support::InputError;

constexpr const char *kSchema = "szilard.expected/1", *kExpected = "expected.json";

struct Arguments {
  std::vector<std::string> paths;
  std::string junit;
  std::size_t jobs = 1;
  bool update = false;
};

struct CaseResult {
  std::string scenario;
  double seconds = 0;
  std::vector<std::string> failures;
  std::vector<std::string> changes;  ///< made to expected.json
  std::string skipped;               ///< why it could not run here; empty if it did
};

/// What stands beside an expected.json, or that file itself where it holds bounds only.
fs::path case_of(const fs::path& expected) {
  const fs::path scenario = expected.parent_path() / "scenario.yaml";
  return fs::exists(scenario) ? scenario : expected;
}

std::vector<fs::path> find_scenarios(const std::vector<std::string>& paths) {
  std::vector<fs::path> found;
  for (const std::string& path : paths.empty() ? std::vector<std::string>{"scenarios"} : paths) {
    if (fs::is_regular_file(path)) {
      found.push_back(fs::path(path).filename() == kExpected ? case_of(path) : fs::path(path));
      continue;
    }
    if (!fs::is_directory(path))
      throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "no such scenario file or folder");
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.path().filename() == kExpected) found.push_back(case_of(entry.path()));
  }
  std::sort(found.begin(), found.end());
  if (found.empty())
    throw InputError(DiagnosticCode::file_not_found, {paths.empty() ? "scenarios" : paths.front(), 1, 1},
                     "no folder with expected.json here",
                     "a scenario is checked where an expected.json stands beside it, as in scenarios/digits-mlp");
  return found;
}

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw InputError(DiagnosticCode::file_not_found, {path.string(), 1, 1}, "cannot read this file");
  try {
    return Json::parse(file);
  } catch (const Json::parse_error& error) {
    throw InputError(DiagnosticCode::file_format, {path.string(), 1, int(error.byte)}, "not JSON");
  }
}

/// Follows one key of `path`, which may itself hold dots (layers are named "fc.0"): the longest that fits. Takes it off
/// the path.
const Json* step_down(const Json& node, std::string& path) {
  for (std::size_t end = path.size(); end != std::string::npos && end > 0; end = path.rfind('.', end - 1)) {
    const std::string key = path.substr(0, end);
    const Json* found = nullptr;
    if (node.is_object() && node.contains(key)) found = &node.at(key);
    if (node.is_array())
      for (const Json& entry : node)
        if (entry.is_object() && entry.value("name", std::string()) == key) found = &entry;
    if (found) {
      path = end < path.size() ? path.substr(end + 1) : "";
      return found;
    }
  }
  return nullptr;
}

/// "rram.energy.per_inference_J": a platform by name, else a key of the summary, then keys down to a number.
const Json* find_metric(const Json& summary, const std::string& metric) {
  const std::size_t dot = metric.find('.');
  const std::string head = metric.substr(0, dot);
  const Json* node = nullptr;
  if (summary.contains("platforms"))
    for (const Json& platform : summary.at("platforms"))
      if (platform.at("name") == head) node = &platform;
  if (!node && summary.contains(head)) node = &summary.at(head);
  std::string rest = dot == std::string::npos ? "" : metric.substr(dot + 1);
  while (node && !rest.empty()) node = step_down(*node, rest);
  return node;
}

std::string check_metric(const Json& entry, const Json& summary) {
  const std::string metric = entry.at("metric");
  const Json* found = find_metric(summary, metric);
  if (!found || !found->is_number()) return metric + ": the run has no such number";
  const double expected = entry.at("value"), value = *found;
  const double allowed = entry.value("absolute", 0.0) + entry.value("relative", 0.0) * std::abs(expected);
  if (std::abs(value - expected) <= allowed) return {};
  return metric + ": " + support::shortest(value) + ", expected " + support::shortest(expected) + " within " +
         support::shortest(allowed) + " (" + entry.value("reason", std::string("no reason given")) + ")";
}

std::string change_text(const std::string& metric, const Json& before, const Json& after) {
  std::string text = metric + ": " + before.dump() + " -> " + after.dump();
  if (!before.is_number() || before == 0) return text;
  char share[32];
  std::snprintf(share, sizeof share, " (%+.2g %%)", 100 * (after.get<double>() / before.get<double>() - 1));
  return text + share;
}

void update_expected(Json& expected, const Json& summary, const fs::path& path, CaseResult& result) {
  for (Json& entry : expected.at("metrics")) {
    const std::string metric = entry.at("metric");
    const Json* found = find_metric(summary, metric);
    if (!found || !found->is_number()) {
      result.failures.push_back(metric + ": the run has no such number");
      continue;
    }
    if (*found == entry.at("value")) continue;
    result.changes.push_back(change_text(metric, entry.at("value"), *found));
    entry["value"] = *found;
  }
  if (!result.changes.empty()) support::write_file(path.string(), expected.dump(2) + "\n");
}

/// A run of this program in a process of its own, since SystemC's kernel is process-wide. Exit code and what stderr
/// says.
std::pair<int, std::string> run_self(const std::vector<std::string>& arguments, const fs::path& out) {
  namespace process = boost::process;
  // Into a file: a pipe's ends would be inherited by the runs that start meanwhile, and end with them.
  const std::string errors = out.string() + ".errors";
  process::child child(fs::read_symlink("/proc/self/exe").string(), process::args(arguments),
                       process::std_out > out.string(), process::std_err > errors);
  child.wait();
  std::ifstream file(errors);
  return {child.exit_code(), std::string(std::istreambuf_iterator<char>(file), {})};
}

/// One row of `szilard bounds --json` against {id, paper, from_formula, corrected, relative}; null is held against
/// null.
std::string check_row(const Json& wanted, const Json& rows) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Json& row) { return row.at("id") == wanted.at("id"); });
  const std::string id = wanted.at("id");
  if (found == rows.end()) return id + ": szilard bounds prints no such row";
  for (const char* key : {"paper", "from_formula", "corrected"}) {
    const Json &expected = wanted.at(key), &value = found->at(key);
    const bool numbers = expected.is_number() && value.is_number();
    const double share = std::string(key) == "paper" ? 0 : wanted.value("relative", 0.0);
    if (numbers && std::abs(value.get<double>() - expected.get<double>()) <= share * std::abs(expected.get<double>()))
      continue;
    if (!numbers && expected == value) continue;
    return id + "." + key + ": " + value.dump() + ", expected " + expected.dump() + " within a share of " +
           support::shortest(share);
  }
  return {};
}

void check_run(const fs::path& scenario, Json& expected, const fs::path& output, bool update, CaseResult& result) {
  // "command": "train" holds training.json against the expected values instead of a run's summary.json.
  const std::string command = expected.value("command", std::string("run"));
  if (command != "run" && command != "train")
    throw InputError(DiagnosticCode::unknown_choice, {(scenario.parent_path() / kExpected).string(), 1, 1},
                     "command takes one of: run, train; not '" + command + "'");
  const auto [code, text] = run_self({command, scenario.string(), "-o", output.string(), "--quiet"}, output / "stdout");
  // "needs": "netlists" says that a run takes netlists, or a cell library, which a build may not have.
  if (code == 2 && expected.value("needs", std::string()) == "netlists" &&
      (text.find("no netlist of ") != std::string::npos || text.find("cell library") != std::string::npos)) {
    result.skipped = text.substr(0, text.find('\n'));
    return;
  }
  if (code != 0) result.failures.push_back("exit code " + std::to_string(code) + "\n" + text);
  if (code > 1) return;
  const Json summary = read_json(output / (command == "run" ? "summary.json" : "training.json"));
  if (update) return update_expected(expected, summary, scenario.parent_path() / kExpected, result);
  for (const Json& entry : expected.at("metrics"))
    if (std::string failure = check_metric(entry, summary); !failure.empty()) result.failures.push_back(failure);
}

/// The figures of the papers are derived by hand, so that they are never updated from what the program prints.
void check_bounds(const Json& expected, const fs::path& output, CaseResult& result) {
  std::vector<std::string> arguments = expected.at("arguments");
  arguments.insert(arguments.begin(), "bounds");
  arguments.push_back("--json");
  const auto [code, text] = run_self(arguments, output / "bounds.json");
  if (code != 0) {
    result.failures.push_back("szilard bounds: exit code " + std::to_string(code) + "\n" + text);
    return;
  }
  const Json rows = read_json(output / "bounds.json").at("rows");
  for (const Json& wanted : expected.at("rows"))
    if (std::string failure = check_row(wanted, rows); !failure.empty()) result.failures.push_back(failure);
}

/// `metrics` are those of a run or training of scenario.yaml, `bounds` those of szilard bounds; a folder may have
/// either or both.
CaseResult run_case(const fs::path& scenario, std::size_t number, bool update) {
  CaseResult result{scenario.string(), 0, {}, {}, {}};
  const auto start = std::chrono::steady_clock::now();
  const fs::path expected_path = scenario.parent_path() / kExpected;
  Json expected = read_json(expected_path);
  const fs::path output =
      fs::temp_directory_path() / ("szilard-regress-" + std::to_string(::getpid()) + "-" + std::to_string(number));
  fs::create_directories(output);
  try {
    if (expected.at("schema") != kSchema)
      throw InputError(DiagnosticCode::unsupported_version, {expected_path.string(), 1, 1},
                       std::string("schema is not ") + kSchema);
    if (!expected.contains("metrics") && !expected.contains("bounds"))
      throw InputError(DiagnosticCode::file_format, {expected_path.string(), 1, 1}, "has neither metrics nor bounds");
    if (expected.contains("metrics") && scenario.filename() == kExpected)
      throw InputError(DiagnosticCode::file_format, {expected_path.string(), 1, 1},
                       "has metrics, but there is no scenario.yaml beside it");
    if (expected.contains("metrics")) check_run(scenario, expected, output, update, result);
    if (expected.contains("bounds")) check_bounds(expected.at("bounds"), output, result);
  } catch (const Json::exception& error) {
    throw InputError(DiagnosticCode::file_format, {expected_path.string(), 1, 1}, error.what());
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fs::remove_all(output);
  return result;
}

std::string xml(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else if (static_cast<unsigned char>(c) >= 32 || c == '\n') out += c;
  }
  return out;
}

void write_junit(const std::string& path, const std::vector<CaseResult>& results) {
  std::size_t failed = 0;
  double seconds = 0;
  for (const CaseResult& result : results) failed += !result.failures.empty(), seconds += result.seconds;
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"szilard regress\" tests=\"" +
      std::to_string(results.size()) + "\" failures=\"" + std::to_string(failed) + "\" time=\"" +
      support::shortest(seconds) + "\">\n";
  for (const CaseResult& result : results) {
    text += "<testcase classname=\"scenarios\" name=\"" + xml(result.scenario) + "\" time=\"" +
            support::shortest(result.seconds) + "\">";
    if (!result.skipped.empty()) text += "<skipped message=\"" + xml(result.skipped) + "\"/>";
    for (const std::string& failure : result.failures)
      text += "<failure message=\"" + xml(failure.substr(0, failure.find('\n'))) + "\">" + xml(failure) + "</failure>";
    text += "</testcase>\n";
  }
  support::write_file(path, text + "</testsuite>\n</testsuites>\n");
}

void print(const CaseResult& result) {
  std::cout << (!result.skipped.empty()   ? "SKIPPED "
                : result.failures.empty() ? "well    "
                                          : "FAILED  ")
            << support::engineering(result.seconds, "s", 3) << "  " << result.scenario << '\n';
  if (!result.skipped.empty()) std::cout << "  " << result.skipped << '\n';
  for (const std::string& failure : result.failures) std::cout << "  " << failure << '\n';
  for (const std::string& change : result.changes) std::cout << "  changed: " << change << '\n';
  std::cout.flush();
}

/// Runs all cases, `jobs` at a time, and hands them over in order.
class Cases {
 public:
  Cases(const std::vector<fs::path>& scenarios, std::size_t jobs, bool update) : results_(scenarios.size()) {
    for (std::size_t j = 0; j < std::min(jobs, scenarios.size()); ++j)
      workers_.emplace_back([this, &scenarios, update] {
        for (std::size_t c = next_++; c < scenarios.size(); c = next_++) {
          try {
            results_[c].set_value(run_case(scenarios[c], c, update));
          } catch (...) {
            results_[c].set_exception(std::current_exception());
          }
        }
      });
  }
  ~Cases() {
    next_ = results_.size();  // what has not begun is left out
    for (std::thread& worker : workers_) worker.join();
  }
  Cases(const Cases&) = delete;
  Cases& operator=(const Cases&) = delete;

  CaseResult wait_for(std::size_t number) { return results_[number].get_future().get(); }

 private:
  std::vector<std::promise<CaseResult>> results_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::thread> workers_;
};

int regress(const Arguments& arguments) {
  const std::vector<fs::path> scenarios = find_scenarios(arguments.paths);
  std::vector<CaseResult> results;
  bool well = true;
  Cases cases(scenarios, arguments.jobs, arguments.update);
  for (std::size_t c = 0; c < scenarios.size(); ++c) {
    results.push_back(cases.wait_for(c));
    print(results.back());
    well = well && results.back().failures.empty();
  }
  if (!arguments.junit.empty()) write_junit(arguments.junit, results);
  return well ? kOk : kCheckFailed;
}

}  // namespace

std::function<int()> add_regress(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("regress", "runs scenarios and holds them against their expected.json");
  command->footer("Example: szilard regress scenarios --jobs 2 --junit report.xml");
  command->add_option("paths", arguments->paths, "scenario files or folders (default scenarios)");
  command->add_option("--junit", arguments->junit, "JUnit XML report");
  command->add_option("--jobs", arguments->jobs, "scenarios at a time (default 1)")->check(CLI::Range(1, 1024));
  command->add_flag("--update", arguments->update, "writes the values found into expected.json and shows each change");
  return [arguments] { return regress(*arguments); };
}

}  // namespace szilard::cli
