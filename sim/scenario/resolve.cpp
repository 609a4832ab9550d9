// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve.hpp"

#include "models/support/sha256.hpp"

namespace szilard::scenario {

namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string quantity(double value, support::Dimension dimension) {
  const bool plain = dimension == support::Dimension::none || dimension == support::Dimension::ratio;
  return plain ? support::shortest(value) : support::quantity_text(value, dimension);
}

class Writer {
 public:
  /// With `hashes`, the canonical form.
  explicit Writer(FileHashes* hashes) : hashes_(hashes) {}

  void section(const Reading& reading, const std::string& indent, std::string first_indent) {
    const auto line = [&](const std::string& key, const std::string& value) {
      text_ += first_indent + key + ": " + value + "\n";
      first_indent = indent;
    };
    if (!reading.section->model.empty() && reading.section->part != "energy") {
      line(selector_of(reading.section->part), reading.section->model);
    }
    if (!reading.from_preset.empty()) line("from_preset", quoted(reading.from_preset));
    if (!reading.technology.empty()) line("technology", quoted(reading.technology));
    for (const Field& field : reading.section->fields) {
      const Value* value = reading.find(field.key);
      if (!value || field.section == "sweep") continue;  // a study is no part of a run
      if (field.kind == Kind::section || field.kind == Kind::sections) {
        text_ += first_indent + field.key + ":\n";
        first_indent = indent;
        for (const Reading& below : value->below) {
          const bool item = field.kind == Kind::sections;
          section(below, indent + (item ? "    " : "  "), indent + (item ? "  - " : "  "));
        }
      } else {
        line(field.key, sourced(*value));
      }
    }
  }

  std::string text_;

 private:
  std::string sourced(const Value& value) const {
    const std::string plain = scalar(value);
    const bool by_user = value.source.empty() && (value.status.empty() || value.status == "user");
    if (!value.field->sourced || by_user) return plain;
    std::string out = "{value: " + plain;
    if (!value.source.empty()) out += ", source: " + quoted(value.source);
    return out + ", status: " + value.status + "}";
  }

  std::string scalar(const Value& value) const {
    if (value.is_word) return value.text;
    const Field& field = *value.field;
    std::string list;
    switch (field.kind) {
      case Kind::integer:
        return std::to_string(value.integer);
      case Kind::number:
      case Kind::quantity:
        return quantity(value.number, field.dimension);
      case Kind::quantities:
        for (const double c : value.numbers) list += (list.empty() ? "" : ", ") + quantity(c, field.dimension);
        return "[" + list + "]";
      case Kind::words:
        for (const NameAt& word : value.words) list += (list.empty() ? "" : ", ") + word.name;
        return "[" + list + "]";
      case Kind::pairs:
        for (const auto& [first, second] : value.pairs) {
          list += (list.empty() ? "[" : ", [") + quoted(first.name) + ", " + quoted(second.name) + "]";
        }
        return "[" + list + "]";
      case Kind::choice:
        return value.text;
      case Kind::path:
        return quoted(hashes_ ? content(value.text) : value.text);
      default:
        return quoted(value.text);
    }
  }

  std::string content(const std::string& path) const {
    const auto [file, array] = split_array_name(path);
    return "sha256:" + hashes_->of(file) + array;
  }

  FileHashes* hashes_;
};

std::string written(const Reading& scenario, FileHashes* hashes) {
  Writer writer(hashes);
  if (!hashes) {
    writer.text_ =
        "# The scenario with every default and preset value written out: it alone reproduces the run.\n"
        "# from_preset tells where values came from; the preset itself is not needed.\n";
    if (!scenario.find("calibration")) {
      writer.text_ +=
          "# No calibration: reference activations on the first 1000 samples of the data set, or all if fewer.\n";
    }
  }
  writer.section(scenario, "", "");
  return std::move(writer.text_);
}

}  // namespace

const std::string& FileHashes::of(const std::string& path) {
  const auto found = known_.find(path);
  return found != known_.end() ? found->second : known_.emplace(path, support::sha256_of_file(path)).first->second;
}

std::string resolved_text(const Reading& scenario) { return written(scenario, nullptr); }

std::string canonical_text(const Reading& scenario, FileHashes& hashes) { return written(scenario, &hashes); }

}  // namespace szilard::scenario
