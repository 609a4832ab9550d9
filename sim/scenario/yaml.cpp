// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>

#include "sim/scenario/yaml_text.hpp"

namespace szilard::scenario {

using support::Diagnostic;
using support::DiagnosticCode;
using support::InputError;
using support::Severity;

const Entry* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

Entry* Node::find(std::string_view key) { return const_cast<Entry*>(static_cast<const Node*>(this)->find(key)); }

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return "'" + node.text + "'";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
  }
  return {};
}

namespace {

// Builds the tree from the parser's events. Limits are checked as the events come, so that a hostile text is given up
// before the parser has recursed or copied much.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const CheckedText& text, std::string file, int first_column)
      : text_(text), file_(std::make_shared<const std::string>(std::move(file))), first_column_(first_column) {}

  Node take_root() { return std::move(root_); }
  std::vector<Diagnostic>& problems() { return problems_; }
  support::SourceLocation place(const YAML::Mark& mark) const {
    if (mark.is_null()) return {*file_, 1, 1};
    return text_.place(*file_, static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column),
                       first_column_);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) syntax_error(mark, "a second document begins", "one file holds one document");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) syntax_error(mark, "a key has no name");
    deliver(new_node(mark, Node::Kind::null), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) syntax_error(mark, "an alias stands inside its own value");
    if (expects_key()) syntax_error(mark, "an alias stands as a key", "write the key out");
    account(mark, found->second);
    Node copy = found->second;
    const auto where = place(mark);
    copy.line = where.line, copy.column = where.column;
    deliver(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    if (tag == "!") check_closed(mark);
    if (expects_key()) {
      if (tag == "?" && value == "<<") syntax_error(mark, "merge keys are not taken", "write the keys out");
      const auto where = place(mark);
      Frame& frame = frames_.back();
      frame.node.entries.push_back({value, where.line, where.column, {}});
      frame.has_key = true;
      count(mark, 1, value.size());
      return;
    }
    Node node = new_node(mark, Node::Kind::scalar);
    node.quoted = tag == "!";
    node.text = value;
    deliver(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override {
    report_duplicates(frames_.back().node);
    close();
  }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;  // map: a key waits for its value
  };

  [[noreturn]] void fail(DiagnosticCode code, const YAML::Mark& mark, std::string message,
                         std::string hint = {}) const {
    throw InputError(code, place(mark), std::move(message), std::move(hint));
  }
  [[noreturn]] void syntax_error(const YAML::Mark& mark, std::string message, std::string hint = {}) const {
    fail(DiagnosticCode::yaml_syntax, mark, std::move(message), std::move(hint));
  }
  void check_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") syntax_error(mark, "tags are not taken", "values need none here");
  }
  // yaml-cpp takes a quote that is never closed as closed at the end of the text.
  void check_closed(const YAML::Mark& mark) const {
    const std::string& text = text_.text;
    std::size_t at = text_.line_starts[static_cast<std::size_t>(mark.line)] + static_cast<std::size_t>(mark.column);
    while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
      at = text.find_first_not_of(" \n", std::min(text.find_first_of(" \n", at), text.size()));
    }
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return;
    const char quote = text[at];
    for (std::size_t i = at + 1; i < text.size(); ++i) {
      if (quote == '"' && text[i] == '\\') {
        ++i;
      } else if (text[i] == quote) {
        if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) return;
        ++i;
      }
    }
    syntax_error(mark, "the quote is not closed");
  }
  bool expects_key() const {
    return !frames_.empty() && frames_.back().node.kind == Node::Kind::map && !frames_.back().has_key;
  }

  void count(const YAML::Mark& mark, std::size_t nodes, std::size_t bytes) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > kMaximumYamlNodes || bytes_ > kMaximumYamlBytes) {
      fail(DiagnosticCode::yaml_depth, mark, "more than 250000 values or 16 MiB of text, counting what aliases repeat");
    }
  }
  void account(const YAML::Mark& mark, const Node& node, int depth = 0) {
    check_depth(mark, depth);
    count(mark, 1 + node.entries.size(), node.text.size());
    for (const Node& item : node.items) account(mark, item, depth + 1);
    for (const Entry& entry : node.entries) account(mark, entry.value, depth + 1);
  }
  void check_depth(const YAML::Mark& mark, int below) const {
    if (static_cast<int>(frames_.size()) + below > kMaximumYamlDepth) {
      fail(DiagnosticCode::yaml_depth, mark, "nested more than 64 deep");
    }
  }

  Node new_node(const YAML::Mark& mark, Node::Kind kind) {
    Node node;
    node.kind = kind;
    node.file = file_;
    const auto where = place(mark);
    node.line = where.line, node.column = where.column;
    last_mark_ = mark;
    return node;
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    check_tag(mark, tag);
    if (expects_key()) syntax_error(mark, "a list or a map stands as a key", "keys are words; is a bracket left open?");
    frames_.push_back({new_node(mark, kind), anchor, false});
    check_depth(mark, 0);
  }
  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    deliver(std::move(frame.node), frame.anchor);
  }
  void deliver(Node node, YAML::anchor_t anchor) {
    count(last_mark_, 1, node.text.size());
    if (anchor != 0) {
      account(last_mark_, node);
      anchors_[anchor] = node;
    }
    if (frames_.empty()) {
      root_ = std::move(node);
    } else if (frames_.back().node.kind == Node::Kind::list) {
      frames_.back().node.items.push_back(std::move(node));
    } else {
      frames_.back().node.entries.back().value = std::move(node);
      frames_.back().has_key = false;
    }
  }
  void report_duplicates(Node& map) {
    std::vector<std::size_t> order(map.entries.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return map.entries[a].key < map.entries[b].key; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      const Entry& first = map.entries[order[i - 1]];
      const Entry& second = map.entries[order[i]];
      if (first.key != second.key) continue;
      problems_.push_back({Severity::error,
                           DiagnosticCode::duplicate_key,
                           second.where(),
                           "key '" + second.key + "' stands twice (also on line " + std::to_string(first.line) + ")",
                           {}});
    }
  }

  const CheckedText& text_;
  std::shared_ptr<const std::string> file_;
  int first_column_;
  Node root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::vector<Diagnostic> problems_;
  YAML::Mark last_mark_;
  int documents_ = 0;
  std::size_t nodes_ = 0, bytes_ = 0;
};

}  // namespace

Node parse_yaml(std::string_view text, const std::string& file, int first_column, std::vector<Diagnostic>* duplicates) {
  const CheckedText checked = check_text(text, file, first_column);
  TreeBuilder builder(checked, file, first_column);
  try {
    std::istringstream stream(checked.text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    throw InputError(DiagnosticCode::yaml_syntax, builder.place(error.mark), "not YAML: " + error.msg);
  }
  if (duplicates) {
    *duplicates = std::move(builder.problems());
  } else if (!builder.problems().empty()) {
    throw InputError(std::move(builder.problems()));
  }
  Node root = builder.take_root();
  if (!root.file) root.file = std::make_shared<const std::string>(file);
  return root;
}

std::string read_yaml_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "a folder, not a file", "name the .yaml file in it");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "the file cannot be opened");
  std::string text;
  for (std::string chunk(64 << 10, '\0'); stream && text.size() <= kMaximumYamlBytes;) {
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "the file cannot be read");
  if (text.size() > kMaximumYamlBytes) {
    throw InputError(DiagnosticCode::file_too_large, {path, 1, 1}, "the file is larger than 16 MiB",
                     "keep large data in .npy files");
  }
  return text;
}

}  // namespace szilard::scenario
