// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "models/electronic/crossbar_stage.hpp"

namespace szilard::electronic {

/// Input encodings as passes (coding.hpp). Drives are in the network's numbers: full_scale() stands for the read
/// voltage, and with pulse_width for the whole read time as well. Internal to this folder.
class RowDrive {
 public:
  RowDrive(const CrossbarParameters& parameters, double input_full_scale);

  std::size_t passes() const { return phases_ * digits_; }
  std::size_t phases() const { return phases_; }
  /// Of a phase, and the bits of one.
  std::size_t digits() const { return digits_; }
  int digit_bits() const { return digit_bits_; }
  double full_scale() const { return full_scale_; }
  /// y = sum over passes of scale x (W drive).
  double scale(std::size_t pass) const;
  /// What drives are made from: the DAC's codes; without one the inputs as they are; of one with errors what it gives.
  bool takes_codes() const { return takes_codes_; }
  /// Input that a code of 1 stands for.
  double step() const { return step_; }
  bool is_pulse() const { return encoding_ == InputEncoding::pulse_width; }
  /// Whether no drive is ever negative.
  bool has_one_polarity() const { return has_one_polarity_; }

  void drive(std::size_t pass, const double* values, std::size_t n, double* out) const;

 private:
  InputEncoding encoding_;
  SignedInputs signed_inputs_;
  bool takes_codes_, has_one_polarity_;
  double full_scale_, step_ = 1;
  int code_bits_ = 0, digit_bits_ = 1;
  std::size_t phases_ = 1, digits_ = 1;
};

}  // namespace szilard::electronic
