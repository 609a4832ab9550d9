// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/dataset/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "sim/dataset/reader_support.hpp"

namespace szilard::dataset {

using support::DiagnosticCode;
using support::SignalBlock;

namespace {

constexpr double kLargestLabel = 2147483647.0;

std::vector<std::int64_t> to_labels(const Array& array, std::size_t items, const std::string& path) {
  if (array.shape().empty() || array.size() != items || array.shape()[0] != static_cast<std::int64_t>(items)) {
    throw error_at(DiagnosticCode::label_count, path, 0,
                   std::to_string(array.size()) + " labels for " + std::to_string(items) + " items",
                   "labels are one integer per item, in the order of the items");
  }
  std::vector<double> numbers(items);
  array.read(0, items, numbers.data());
  std::vector<std::int64_t> labels(items);
  for (std::size_t i = 0; i < items; ++i) {
    const bool possible = numbers[i] >= 0 && numbers[i] <= kLargestLabel && numbers[i] == std::floor(numbers[i]);
    if (!possible) {
      throw error_at(
          DiagnosticCode::label_count, path, 0,
          "label " + std::to_string(i) + " is " + std::to_string(numbers[i]) + ", which is not a class number",
          "labels are integers from 0 to 2147483647");
    }
    labels[i] = static_cast<std::int64_t>(numbers[i]);
  }
  return labels;
}

}  // namespace

Dataset::Dataset(std::string inputs_path, Array inputs, double scale, std::optional<Array> labels,
                 std::string labels_path)
    : inputs_path_(std::move(inputs_path)), inputs_(std::move(inputs)), scale_(scale) {
  if (!std::isfinite(scale))
    throw error_at(DiagnosticCode::bad_number, inputs_path_, 0, "the scale of the data is not finite");
  if (inputs_.shape().empty() || inputs_.size() == 0) {
    throw error_at(DiagnosticCode::shape_mismatch, inputs_path_, 0, "the data hold no items",
                   "the first dimension counts the items, none may be 0");
  }
  items_ = static_cast<std::size_t>(inputs_.shape()[0]);
  features_ = inputs_.size() / items_;
  if (labels) labels_ = to_labels(*labels, items_, labels_path.empty() ? inputs_path_ : labels_path);
}

Dataset Dataset::load(const std::string& inputs_path, const std::string& labels_path, double scale) {
  Array inputs = read_array(inputs_path);
  std::optional<Array> labels;
  if (!labels_path.empty()) labels = read_array(labels_path, {"labels", "y"});
  return Dataset(inputs_path, std::move(inputs), scale, std::move(labels), labels_path);
}

SignalBlock Dataset::block(std::size_t first, std::size_t count) const {
  if (first > items_ || count > items_ - first) throw std::out_of_range("Dataset::block");
  SignalBlock block(first, count, features_);
  // Eight samples at a time, so that each write fills a cache line.
  std::vector<double> values(support::kSignalLanes * features_);
  for (std::size_t start = 0; start < count; start += support::kSignalLanes) {
    const std::size_t lanes = std::min(support::kSignalLanes, count - start);
    inputs_.read((first + start) * features_, lanes * features_, values.data());
    for (std::size_t f = 0; f < features_; ++f) {
      double* row = block.row(f) + start;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        row[lane] = values[lane * features_ + f] * scale_;
        if (!std::isfinite(row[lane])) {
          throw error_at(DiagnosticCode::non_finite, inputs_path_, 0,
                         "item " + std::to_string(first + start + lane) +
                             " has a value that is not finite, at position " + std::to_string(f));
        }
      }
    }
  }
  return block;
}

}  // namespace szilard::dataset
