// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/study/rows.hpp"

#include <cmath>
#include <filesystem>
#include <limits>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"

namespace szilard::study {

namespace fs = std::filesystem;
using support::DiagnosticCode;
using support::InputError;

Rows::Rows(const std::string& directory) {
  const std::string path = fs::is_regular_file(directory) ? directory : store_path(directory, {});
  if (!fs::exists(path)) {
    bool has_shards = false;
    if (fs::is_directory(directory))
      for (const auto& entry : fs::directory_iterator(directory))
        has_shards = has_shards || entry.path().filename().string().rfind("study.shard-", 0) == 0;
    throw InputError(
        DiagnosticCode::file_not_found, {path, 1, 1}, "no study is here",
        has_shards ? "there are shards: szilard merge " + directory + " joins them" : "szilard sweep makes one");
  }
  store_ = std::make_unique<Store>(path, Database::Mode::read);
  std::map<std::string, std::size_t> known;
  const auto layouts = store_->layouts();
  for (const std::size_t layout : store_->layouts_in_use())
    for (const std::string& name : layouts.at(layout)) {
      const auto [entry, is_new] = known.emplace(name, metrics_.size());
      if (is_new) metrics_.push_back(name);
      columns_[layout].push_back(entry->second);
    }
}

void Rows::for_each(const std::function<void(const Store::Row&, const std::vector<double>&)>& visit) {
  std::vector<double> values(metrics_.size());
  store_->for_each([&](const Store::Row& row) {
    std::fill(values.begin(), values.end(), std::numeric_limits<double>::quiet_NaN());
    if (row.state == Store::Row::State::done && !row.metrics.empty()) {
      const std::vector<std::size_t>& columns = columns_.at(row.layout);
      for (std::size_t m = 0; m < row.metrics.size(); ++m) values[columns[m]] = row.metrics[m];
    }
    visit(row, values);
  });
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

nlohmann::ordered_json value_json(const std::string& text) {
  const support::ParsedQuantity parsed = support::parse_quantity(text, support::Dimension::none);
  if (!parsed.error.empty()) return text;
  if (text.find_first_of(".eE") == std::string::npos && std::abs(parsed.value) < 1e15)
    return std::int64_t(parsed.value);
  return parsed.value;
}

}  // namespace szilard::study
