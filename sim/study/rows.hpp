// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/study/store.hpp"

namespace szilard::study {

/// The rows of a finished or running study under one set of metric columns.
class Rows {
 public:
  /// Throws InputError if the folder holds no study, or shards only.
  explicit Rows(const std::string& directory);

  const StudyHeader& header() const { return store_->header(); }
  /// Names of metrics, in the order in which rows bring them.
  const std::vector<std::string>& metrics() const { return metrics_; }
  /// Each row with its metrics by column: NaN where it has none.
  void for_each(const std::function<void(const Store::Row& row, const std::vector<double>& metrics)>& visit);

 private:
  std::unique_ptr<Store> store_;
  std::vector<std::string> metrics_;
  std::map<std::size_t, std::vector<std::size_t>> columns_;  ///< [layout][place in the row] -> column
};

/// A field of a CSV file, in quotes where it needs them.
std::string csv_text(const std::string& text);
/// A plain number as a number, everything else as text.
nlohmann::ordered_json value_json(const std::string& text);

}  // namespace szilard::study
