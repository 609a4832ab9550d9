// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/override.hpp"

#include <algorithm>
#include <memory>

namespace szilard::scenario {

using support::DiagnosticCode;
using support::InputError;

namespace {

const char* const kFile = "--set";

[[noreturn]] void refuse(std::size_t position, std::string message, std::string hint = {}) {
  throw InputError(DiagnosticCode::bad_override, {kFile, 1, static_cast<int>(position) + 1}, std::move(message),
                   std::move(hint));
}

bool begins_with_step(const std::string& path, std::size_t at, const std::string& step) {
  return path.compare(at, step.size(), step) == 0 && (at + step.size() == path.size() || path[at + step.size()] == '.');
}

// Names of list entries may hold dots: the longest that fits counts.
Node* named_entry(Node& list, const std::string& path, std::size_t at, std::size_t& length,
                  std::vector<std::string>& names) {
  Node* best = nullptr;
  for (Node& item : list.items) {
    const Entry* name = item.find("name");
    if (!name || name->value.kind != Node::Kind::scalar || name->value.text.empty()) continue;
    names.push_back(name->value.text);
    if (begins_with_step(path, at, name->value.text) && (!best || name->value.text.size() > length)) {
      best = &item;
      length = name->value.text.size();
    }
  }
  return best;
}

}  // namespace

void apply_override(Node& root, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) refuse(text.size(), "'=' is missing in '" + text + "'", "write KEY.PATH=VALUE");
  const std::string path = text.substr(0, equals);
  Node value = parse_yaml(std::string_view(text).substr(equals + 1), kFile, static_cast<int>(equals) + 2);
  if (value.kind == Node::Kind::null) value.line = 1, value.column = static_cast<int>(equals) + 2;

  Node* node = &root;
  for (std::size_t at = 0;;) {
    std::size_t length = std::min(path.find('.', at), path.size()) - at;
    const std::string step = path.substr(at, length);
    if (step.empty()) refuse(at, "an empty step in the key path '" + path + "'", "write KEY.PATH=VALUE");
    if (node->kind == Node::Kind::list) {
      std::vector<std::string> names;
      Node* item = named_entry(*node, path, at, length, names);
      if (!item) {
        const std::string near = support::nearest(step, names);
        refuse(at, "no entry named '" + step + "' in '" + path.substr(0, at ? at - 1 : 0) + "'",
               near.empty() ? "entries of a list are addressed by their name" : "did you mean '" + near + "'?");
      }
      if (at + length == path.size()) refuse(at, "'" + path + "' is a whole entry of a list", "name one of its keys");
      node = item;
    } else if (node->kind == Node::Kind::map) {
      Entry* entry = node->find(step);
      if (at + length == path.size()) {
        if (!entry) {
          node->entries.push_back({step, 1, static_cast<int>(at) + 1, {}});
          entry = &node->entries.back();
        }
        entry->value = std::move(value);
        entry->line = 1, entry->column = static_cast<int>(at) + 1;
        return;
      }
      if (!entry) {
        std::vector<std::string> keys;
        for (const Entry& other : node->entries) keys.push_back(other.key);
        const std::string near = support::nearest(step, keys);
        refuse(at, "the scenario has no '" + path.substr(0, at + length) + "'",
               near.empty() ? "only the last key of a path is made anew" : "did you mean '" + near + "'?");
      }
      node = &entry->value;
    } else {
      refuse(at, "'" + path.substr(0, at ? at - 1 : 0) + "' holds no keys");
    }
    at += length + 1;
  }
}

}  // namespace szilard::scenario
