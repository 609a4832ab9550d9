// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <vector>

#include "models/support/aligned_vector.hpp"

namespace szilard::support {

/// Samples of one signal are padded to a multiple of this, so that kernels need no tails.
inline constexpr std::size_t kSignalLanes = 8;

/// A run of consecutive samples on its way through a platform: `features` signals, each with the values of all samples
/// side by side (row f holds signal f; padding lanes are finite and meaningless). Times are integer picoseconds of
/// simulated time, one a sample. Copies share the values; a stage writes a new block.
class SignalBlock {
 public:
  SignalBlock() = default;
  SignalBlock(std::uint64_t first_sample, std::size_t samples, std::size_t features);

  std::uint64_t first_sample() const { return first_sample_; }
  std::size_t samples() const { return samples_; }
  std::size_t features() const { return features_; }
  std::size_t stride() const { return stride_; }  ///< samples rounded up to kSignalLanes

  double* row(std::size_t feature) { return values_->data() + feature * stride_; }
  const double* row(std::size_t feature) const { return values_->data() + feature * stride_; }
  double at(std::size_t feature, std::size_t sample) const { return row(feature)[sample]; }

  /// When sample s entered the platform, when its signals here are valid, when the last neuron that it set was reset.
  std::vector<std::int64_t>& entered_ps() { return entered_ps_; }
  const std::vector<std::int64_t>& entered_ps() const { return entered_ps_; }
  std::vector<std::int64_t>& ready_ps() { return ready_ps_; }
  const std::vector<std::int64_t>& ready_ps() const { return ready_ps_; }
  std::vector<std::int64_t>& cycle_end_ps() { return cycle_end_ps_; }
  const std::vector<std::int64_t>& cycle_end_ps() const { return cycle_end_ps_; }

  /// A block of other signals for the same samples, with the same times.
  SignalBlock sibling(std::size_t features) const;

  bool operator==(const SignalBlock& other) const { return values_ == other.values_; }

 private:
  std::uint64_t first_sample_ = 0;
  std::size_t samples_ = 0, features_ = 0, stride_ = 0;
  std::shared_ptr<AlignedVector<double>> values_;
  std::vector<std::int64_t> entered_ps_, ready_ps_, cycle_end_ps_;
};

/// What sc_fifo wants of its element type.
std::ostream& operator<<(std::ostream& out, const SignalBlock& block);

}  // namespace szilard::support
