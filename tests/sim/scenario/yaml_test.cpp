// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>

#include "tests/sim/scenario/scenario_test.hpp"

using namespace szilard;
using namespace szilard::scenario;
using support::DiagnosticCode;

namespace {

DiagnosticCode refusal(const std::string& text) {
  try {
    parse_yaml(text, "t.yaml");
  } catch (const support::InputError& error) {
    return error.diagnostics().front().code;
  }
  FAIL("accepted: " << text.substr(0, 80));
  return {};
}

void check_same(const Node& ours, const YAML::Node& theirs, bool with_lines = true) {
  INFO("line " << ours.line << " column " << ours.column);
  switch (ours.kind) {
    case Node::Kind::null:
      CHECK(theirs.IsNull());
      break;
    case Node::Kind::scalar:
      CHECK(ours.text == theirs.Scalar());
      break;
    case Node::Kind::list:
      REQUIRE(theirs.IsSequence());
      REQUIRE(ours.items.size() == theirs.size());
      for (std::size_t i = 0; i < ours.items.size(); ++i) check_same(ours.items[i], theirs[i], with_lines);
      break;
    case Node::Kind::map:
      REQUIRE(theirs.IsMap());
      REQUIRE(ours.entries.size() == theirs.size());
      for (const Entry& entry : ours.entries) check_same(entry.value, theirs[entry.key], with_lines);
      break;
  }
  if (with_lines && ours.kind != Node::Kind::null) CHECK(ours.line == theirs.Mark().line + 1);
}

}  // namespace

TEST_CASE("the tree holds what yaml-cpp's own tree holds", "[scenario][yaml]") {
  for (const auto& entry : std::filesystem::directory_iterator(SZILARD_SOURCE_DIR "/scenarios/technology")) {
    const std::string text = file_text(entry.path().string());
    INFO(entry.path());
    check_same(parse_yaml(text, "t.yaml"), YAML::Load(text));
  }
  const std::string mixed =
      "a: &x [1, 'two', \"thr\\u0065e\", ~]\nb:\n  - {c: d, e: }\n  - *x\nf: |\n  line\n  line\ng: >-\n  folded\n  "
      "text\n";
  check_same(parse_yaml(mixed, "t.yaml"), YAML::Load(mixed),
             false);  // an alias stands where it is used, not where it is from
}

TEST_CASE("lines and columns count from one, columns in characters", "[scenario][yaml]") {
  const Node root = parse_yaml("a: 1\nµµ: {b: 10 µS, c: [x, y]}\n", "t.yaml");
  REQUIRE(root.entries.size() == 2);
  CHECK(root.entries[0].line == 1);
  CHECK(root.entries[0].value.column == 4);
  const Entry& second = root.entries[1];
  CHECK(second.line == 2);
  CHECK(second.column == 1);
  CHECK(second.value.column == 5);
  CHECK(second.value.find("b")->column == 6);
  CHECK(second.value.find("b")->value.column == 9);
  CHECK(second.value.find("c")->column == 16);
  CHECK(second.value.find("c")->value.items[1].column == 23);
}

TEST_CASE("a byte order mark and CR LF change nothing", "[scenario][yaml]") {
  const Node plain = parse_yaml("a: b\nc:\n  - d\n", "t.yaml");
  const Node windows = parse_yaml(
      "\xEF\xBB\xBF"
      "a: b\r\nc:\r\n  - d\r\n",
      "t.yaml");
  REQUIRE(windows.entries.size() == 2);
  CHECK(windows.entries[0].value.text == plain.entries[0].value.text);
  CHECK(windows.entries[1].value.items[0].line == 3);
  CHECK(windows.entries[1].value.items[0].column == plain.entries[1].value.items[0].column);
  CHECK(windows.entries[1].value.items[0].text == "d");
}

TEST_CASE("scalars stay text whatever they look like", "[scenario][yaml]") {
  const Node root = parse_yaml("[010, 0x10, 1_000, .nan, no, 1e400, '7']", "t.yaml");
  const std::vector<std::string> texts = {"010", "0x10", "1_000", ".nan", "no", "1e400", "7"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(root.items[i].text == texts[i]);
    CHECK(root.items[i].quoted == (i == 6));
  }
}

TEST_CASE("keys that stand twice are all reported, the first one counts", "[scenario][yaml]") {
  std::vector<support::Diagnostic> twice;
  const Node root = parse_yaml("a: 1\nb: {c: 1, c: 2}\na: 2\na: 3\n", "t.yaml", 1, &twice);
  CHECK(twice.size() == 3);
  CHECK(root.find("a")->value.text == "1");
  CHECK(refusal("a: 1\na: 2\n") == DiagnosticCode::duplicate_key);
}

TEST_CASE("nesting of 64 is taken, of 65 refused, of 100000 refused without overflowing the stack",
          "[scenario][yaml]") {
  const auto nested = [](int depth) { return std::string(depth, '[') + "x" + std::string(depth, ']'); };
  CHECK_NOTHROW(parse_yaml("- " + nested(63), "t.yaml"));
  CHECK(refusal("- " + nested(64)) == DiagnosticCode::yaml_depth);
  for (const char* open : {"[", "{", "- ", "? ", "a: {b: ", "{a: ", "[a, ", "&a [", "!x [", "'a': ["}) {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += open;
    INFO(open);
    const DiagnosticCode code = refusal(text);
    CHECK((code == DiagnosticCode::yaml_depth || code == DiagnosticCode::yaml_syntax));
  }
}

TEST_CASE("aliases copy values but not without bound", "[scenario][yaml]") {
  const Node root = parse_yaml("a: &x {b: 1}\nc: *x\n", "t.yaml");
  CHECK(root.find("c")->value.find("b")->value.text == "1");
  CHECK(root.find("c")->value.line == 2);
  const std::string word(1 << 16, 'w');
  std::string repeated = "a: &x " + word + "\nb: [";
  for (int i = 0; i < 300; ++i) repeated += "*x, ";
  CHECK(refusal(repeated + "]") == DiagnosticCode::yaml_depth);
  std::string many = "[";
  for (int i = 0; i < 260000; ++i) many += "1,";
  CHECK(refusal(many + "]") == DiagnosticCode::yaml_depth);
}

TEST_CASE("quotes must be closed", "[scenario][yaml]") {
  for (const char* text : {"a: \"b", "a: 'b", "a: \"b\\\"", "a: 'b''", "a: &x \"b\nc", "\"a: b\n"}) {
    INFO(text);
    CHECK(refusal(text) == DiagnosticCode::yaml_syntax);
  }
  CHECK(parse_yaml("a: 'it''s'", "t.yaml").find("a")->value.text == "it's");
  CHECK(parse_yaml("a: \"\\\"\"", "t.yaml").find("a")->value.text == "\"");
}

TEST_CASE("a long line takes time in proportion to its length", "[scenario][yaml]") {
  const auto seconds = [](int items) {
    std::string text = "[";
    for (int i = 0; i < items; ++i) text += "é,";
    const auto start = std::chrono::steady_clock::now();
    parse_yaml(text + "]", "t.yaml");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double one = seconds(20000);
  CHECK(seconds(200000) < 40 * one + 0.5);
}
