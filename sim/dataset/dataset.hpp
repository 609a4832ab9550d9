// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/support/diagnostics.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::dataset {

/// An array as read: the file's own bytes in C order and native byte order, with its element type.
class Array {
 public:
  enum class Type { boolean, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64 };

  Array(std::vector<std::int64_t> shape, Type type, std::vector<unsigned char> bytes);
  const std::vector<std::int64_t>& shape() const { return shape_; }
  Type type() const { return type_; }
  std::size_t size() const { return size_; }
  double at(std::size_t index) const;  ///< C order
  void read(std::size_t first, std::size_t count, double* out) const;

 private:
  std::vector<std::int64_t> shape_;
  Type type_;
  std::size_t size_;
  std::vector<unsigned char> bytes_;
};

/// Reads FILE.npy (versions 1 to 3, C and Fortran order, both byte orders, all number types), FILE.npz or FILE.npz:NAME
/// (stored and deflated; without NAME the first there is of `preferred`, else the only array), or MNIST IDX (plain or
/// .gz, told by content). Throws support::InputError; never trusts a size in a header beyond the bytes that are there.
Array read_array(const std::string& path, const std::vector<std::string>& preferred = {"images", "x", "inputs"});
/// The same from bytes (fuzzing); `name` stands in diagnostics and its ending is not looked at.
Array parse_npy(const std::string& bytes, const std::string& name);
Array parse_npz(const std::string& bytes, const std::string& name, const std::string& member,
                const std::vector<std::string>& preferred);
Array parse_idx(const std::string& bytes, const std::string& name);

/// Complex numbers in C order.
struct ComplexArray {
  std::vector<std::int64_t> shape;
  bool is_complex = false;  ///< false: the file held real numbers
  std::vector<std::complex<double>> values;
};
/// As read_array, and complex types (c8, c16) too.
ComplexArray read_complex_array(const std::string& path, const std::vector<std::string>& preferred = {});

/// Samples with labels. Items are the first dimension, flattened row by row.
class Dataset {
 public:
  /// scale multiplies every number. Labels: one integer per item, not negative.
  Dataset(std::string inputs_path, Array inputs, double scale, std::optional<Array> labels,
          std::string labels_path = {});
  static Dataset load(const std::string& inputs_path, const std::string& labels_path, double scale);

  const std::string& inputs_path() const { return inputs_path_; }
  std::size_t items() const { return items_; }
  std::size_t features() const { return features_; }
  bool has_labels() const { return !labels_.empty(); }
  const std::vector<std::int64_t>& labels() const { return labels_; }
  /// Items first .. first + count - 1 as a block whose first_sample is `first`. Non-finite values throw InputError.
  support::SignalBlock block(std::size_t first, std::size_t count) const;

 private:
  std::string inputs_path_;
  Array inputs_;
  double scale_;
  std::vector<std::int64_t> labels_;
  std::size_t items_ = 0, features_ = 0;
};

/// Writes a version 1.0 .npy in C order, through a temporary file that is renamed when complete. Throws
/// EnvironmentError.
void write_npy(const std::string& path, const std::vector<std::int64_t>& shape, const double* values);
void write_npy(const std::string& path, const std::vector<std::int64_t>& shape, const std::int64_t* values);
void write_npy(const std::string& path, const std::vector<std::int64_t>& shape, const std::complex<double>* values);

}  // namespace szilard::dataset
