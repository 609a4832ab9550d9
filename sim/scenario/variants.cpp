// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/variants.hpp"

#include <functional>
#include <utility>

#include "sim/scenario/load_parts.hpp"
#include "sim/scenario/override.hpp"

namespace szilard::scenario {

using support::Diagnostic;
using support::DiagnosticCode;
using support::InputError;

struct Variants::Parts {
  explicit Parts(const std::string& file) : path(file), store(technology_folder()) {}

  std::string path;
  PresetStore store;
  FileHashes hashes;
  Node root;
  Scenario base;
  std::optional<Sweep> sweep;
};

Variants::Variants(const std::string& path, const LoadOptions& options) : parts_(std::make_unique<Parts>(path)) {
  std::vector<Diagnostic> problems;
  parts_->root = root_of(read_yaml_file(path), path, options, problems);
  parts_->base = scenario_of(parts_->root, path, parts_->store, parts_->hashes, std::move(problems), &parts_->sweep);
}

Variants::~Variants() = default;

const Scenario& Variants::base() const { return parts_->base; }
const std::optional<Sweep>& Variants::sweep() const { return parts_->sweep; }

KeyInfo Variants::key(const std::string& path, const support::SourceLocation& where) const {
  std::string hint;
  const Field* field = field_of(parts_->root, path, hint);
  if (!field) throw InputError(DiagnosticCode::unknown_key, where, "the scenario has no key '" + path + "'", hint);
  KeyInfo info;
  info.is_integer = field->kind == Kind::integer;
  info.is_number = info.is_integer || field->kind == Kind::number || field->kind == Kind::quantity;
  info.is_path = field->kind == Kind::path;
  info.dimension = field->dimension;
  return info;
}

std::vector<NumberAt> Variants::numbers() const {
  std::vector<NumberAt> numbers;
  const std::function<void(const Node&, const std::string&)> collect = [&](const Node& node, const std::string& path) {
    if (node.kind == Node::Kind::map && !node.find("value")) {
      for (const Entry& entry : node.entries) collect(entry.value, path.empty() ? entry.key : path + "." + entry.key);
    } else if (node.kind == Node::Kind::list) {
      for (const Node& item : node.items)
        if (const Entry* name = item.find("name")) collect(item, path + "." + name->value.text);
    } else {
      const Node& leaf = node.kind == Node::Kind::map ? node.find("value")->value : node;
      std::string hint;
      const Field* field = leaf.kind == Node::Kind::scalar ? field_of(parts_->root, path, hint) : nullptr;
      if (!field || leaf.text == field->word) return;
      const KeyInfo info = key(path, {});
      if (info.is_number) numbers.push_back({path, leaf.text, info});
    }
  };
  collect(parse_yaml(parts_->base.resolved_yaml, parts_->path), "");
  return numbers;
}

Scenario Variants::load(const std::vector<Setting>& settings, std::uint64_t seed) const {
  Node root = parts_->root;
  std::vector<Diagnostic> problems;
  const auto set = [&](const std::string& key, const support::SourceLocation& where, const TextAt& text) {
    Node value;
    value.kind = Node::Kind::scalar;
    value.text = text.text;
    value.quoted = text.quoted;
    value.file = std::make_shared<const std::string>(text.where.file);
    value.line = text.where.line, value.column = text.where.column;
    try {
      apply_setting(root, key, std::move(value), where);
    } catch (const InputError& refused) {
      problems.insert(problems.end(), refused.diagnostics().begin(), refused.diagnostics().end());
    }
  };
  for (const Setting& setting : settings) set(setting.key, setting.where, setting.value);
  const support::SourceLocation here{parts_->path, 1, 1};
  set("seed", here, {std::to_string(seed), false, here});
  return scenario_of(root, parts_->path, parts_->store, parts_->hashes, std::move(problems), nullptr);
}

}  // namespace szilard::scenario
