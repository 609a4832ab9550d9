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

/// Where a path stands: on the command line each of its characters has a column, in a file the path has one.
struct PathPlace {
  support::SourceLocation where;
  bool by_character = false;

  support::SourceLocation at(std::size_t position) const {
    support::SourceLocation place = where;
    if (by_character) place.column += static_cast<int>(position);
    return place;
  }
  [[noreturn]] void refuse(std::size_t position, std::string message, std::string hint = {}) const {
    throw InputError(DiagnosticCode::bad_override, at(position), std::move(message), std::move(hint));
  }
};

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

void apply(Node& root, const std::string& path, Node value, const PathPlace& place) {
  Node* node = &root;
  for (std::size_t at = 0;;) {
    std::size_t length = std::min(path.find('.', at), path.size()) - at;
    const std::string step = path.substr(at, length);
    if (step.empty()) place.refuse(at, "an empty step in the key path '" + path + "'", "write KEY.PATH=VALUE");
    if (node->kind == Node::Kind::list) {
      std::vector<std::string> names;
      Node* item = named_entry(*node, path, at, length, names);
      if (!item) {
        const std::string near = support::nearest(step, names);
        place.refuse(at, "no entry named '" + step + "' in '" + path.substr(0, at ? at - 1 : 0) + "'",
                     near.empty() ? "entries of a list are addressed by their name" : "did you mean '" + near + "'?");
      }
      if (at + length == path.size())
        place.refuse(at, "'" + path + "' is a whole entry of a list", "name one of its keys");
      node = item;
    } else if (node->kind == Node::Kind::map) {
      Entry* entry = node->find(step);
      if (at + length == path.size()) {
        if (!entry) {
          node->entries.push_back({step, 1, 1, {}});
          entry = &node->entries.back();
        }
        entry->value = std::move(value);
        entry->line = place.at(at).line, entry->column = place.at(at).column;
        return;
      }
      if (!entry) {
        std::vector<std::string> keys;
        for (const Entry& other : node->entries) keys.push_back(other.key);
        const std::string near = support::nearest(step, keys);
        place.refuse(at, "the scenario has no '" + path.substr(0, at + length) + "'",
                     near.empty() ? "only the last key of a path is made anew" : "did you mean '" + near + "'?");
      }
      node = &entry->value;
    } else {
      place.refuse(at, "'" + path.substr(0, at ? at - 1 : 0) + "' holds no keys");
    }
    at += length + 1;
  }
}

}  // namespace

void apply_override(Node& root, const std::string& text) {
  const PathPlace place{{kFile, 1, 1}, true};
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos)
    place.refuse(text.size(), "'=' is missing in '" + text + "'", "write KEY.PATH=VALUE");
  Node value = parse_yaml(std::string_view(text).substr(equals + 1), kFile, static_cast<int>(equals) + 2);
  if (value.kind == Node::Kind::null) value.line = 1, value.column = static_cast<int>(equals) + 2;
  apply(root, text.substr(0, equals), std::move(value), place);
}

void apply_setting(Node& root, const std::string& path, Node value, const support::SourceLocation& where) {
  apply(root, path, std::move(value), {where, false});
}

}  // namespace szilard::scenario
