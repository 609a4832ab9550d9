// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <regex>

#include "tests/sim/cli/szilard_process.hpp"

using namespace szilard::test;
using Catch::Contains;

namespace {

// What bash would offer for the last of `words`, as one line.
std::string offered(const std::string& words, int position) {
  const TemporaryFolder folder;
  write_file(folder.path("szilard.bash"), run_szilard({"completion", "bash"}).out);
  const std::string script = "source szilard.bash; touch a_file.yaml; COMP_WORDS=(" + words +
                             "); COMP_CWORD=" + std::to_string(position) + "; _szilard; echo \"${COMPREPLY[*]}\"";
  const ProcessResult result = run_program("/bin/bash", {"-uc", script}, {}, folder.path());
  INFO(result.err);
  REQUIRE(result.err.empty());
  return result.out;
}

std::vector<std::string> commands() {
  std::vector<std::string> names;
  const std::string help = run_szilard({"--help"}).out;
  const std::regex line("\n  ([a-z]+)  +");
  for (std::sregex_iterator at(help.begin() + static_cast<std::ptrdiff_t>(help.find("Subcommands:")), help.end(), line),
       end;
       at != end; ++at)
    names.push_back((*at)[1]);
  return names;
}

}  // namespace

TEST_CASE("bash offers commands, options, the words of a choice, and files where a file is meant",
          "[cli][completion]") {
  CHECK(offered("szilard ru", 1) == "run\n");
  CHECK(offered("szilard run --led", 2) == "--ledger\n");
  CHECK(offered("szilard run --ledger ''", 3) == "csv npy\n");
  CHECK(offered("szilard run a_f", 2) == "a_file.yaml\n");
  CHECK(offered("szilard run --output a_f", 3) == "a_file.yaml\n");
  CHECK(offered("szilard list pre", 2) == "presets\n");
  CHECK(offered("szilard lab cross", 2) == "crossbar\n");
  CHECK(offered("szilard lab bit --pres", 3) == "--preset\n");
  CHECK(offered("szilard completion ''", 2) == "bash zsh fish\n");
}

TEST_CASE("every command stands in the completions of every shell and in the manual page", "[cli][completion]") {
  const std::vector<std::string> names = commands();
  REQUIRE(names.size() > 15);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string text = run_szilard({"completion", shell}).out;
    for (const std::string& name : names) CHECK_THAT(text, Contains(name));
    CHECK_THAT(text, Contains("set"));
  }
  const std::string manual = run_szilard({"manual"}).out;
  for (const std::string& name : names) CHECK_THAT(manual, Contains(".SS szilard " + name));
}

TEST_CASE("the shells themselves read the completions", "[cli][completion]") {
  const TemporaryFolder folder;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string program = std::string("/usr/bin/") + shell;
    if (!std::filesystem::exists(program)) continue;
    write_file(folder.path(shell), run_szilard({"completion", shell}).out);
    const ProcessResult result = run_program(program, {"-n", folder.path(shell)});
    INFO(shell << ": " << result.err);
    CHECK(result.code == 0);
    CHECK(result.err.empty());
  }
}

TEST_CASE("the manual page is set without a warning, and its date can be fixed", "[cli][completion]") {
  const TemporaryFolder folder;
  const ProcessResult manual = run_szilard({"manual"}, {{"SOURCE_DATE_EPOCH", "86400"}});
  CHECK_THAT(manual.out, Contains(".TH SZILARD 1 1970-01-02"));
  if (!std::filesystem::exists("/usr/bin/groff")) return;
  write_file(folder.path("szilard.1"), manual.out);
  const ProcessResult set = run_program("/usr/bin/groff", {"-man", "-Tascii", "-ww", "-b", folder.path("szilard.1")});
  CHECK(set.err.empty());
  CHECK_THAT(set.out, Contains("NAME"));
}

TEST_CASE("bad: no completions of a shell that is not known, none without a shell, no date that is none",
          "[cli][completion]") {
  ProcessResult result = run_szilard({"completion", "tcsh"});
  CHECK(result.code == 2);
  CHECK_THAT(result.err, Contains("tcsh") && Contains("bash"));
  CHECK(result.out.empty());
  CHECK(run_szilard({"completion"}).code == 2);
  CHECK(run_szilard({"manual", "extra"}).code == 2);
  result = run_szilard({"manual"}, {{"SOURCE_DATE_EPOCH", "yesterday"}});
  CHECK(result.code == 2);
  CHECK_THAT(result.err, Contains("'yesterday' is no number of seconds"));
  CHECK(run_szilard({"list", "models", "--markdown"}).code == 2);
}
