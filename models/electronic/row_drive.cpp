// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/row_drive.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace szilard::electronic {

RowDrive::RowDrive(const CrossbarParameters& parameters, double input_full_scale)
    : encoding_(parameters.inputs.encoding),
      signed_inputs_(parameters.inputs.signed_inputs),
      takes_codes_(parameters.input && parameters.input->quantiser.bits > 0 && !parameters.input->imperfections.any()),
      has_one_polarity_(false),
      full_scale_(input_full_scale) {
  const bool is_signed = !parameters.input || parameters.input->quantiser.is_signed;
  has_one_polarity_ = !is_signed || signed_inputs_ != SignedInputs::bipolar;
  if (is_signed && signed_inputs_ == SignedInputs::two_phase) phases_ = 2;
  if (takes_codes_) step_ = parameters.input->quantiser.step();
  if (encoding_ == InputEncoding::amplitude) return;
  const Quantiser& quantiser = parameters.input->quantiser;
  full_scale_ = quantiser.full_scale;
  if (encoding_ == InputEncoding::pulse_width) return;
  // In two's complement the sign's bit is a pass of its own; a code without a sign has none to count negative.
  if (!is_signed) signed_inputs_ = SignedInputs::bipolar;
  code_bits_ = is_signed && signed_inputs_ != SignedInputs::twos_complement ? quantiser.bits - 1 : quantiser.bits;
  digit_bits_ = parameters.inputs.digit_bits;
  digits_ = static_cast<std::size_t>((code_bits_ + digit_bits_ - 1) / digit_bits_);
}

double RowDrive::scale(std::size_t pass) const {
  const double sign = pass / digits_ == 0 ? 1.0 : -1.0;
  if (encoding_ != InputEncoding::bit_serial) return sign;
  const std::size_t d = pass % digits_;
  const double digit_full = std::ldexp(1.0, digit_bits_) - 1;
  const double weight = step_ * std::ldexp(digit_full, digit_bits_ * static_cast<int>(d)) / full_scale_;
  const bool is_sign_bit = signed_inputs_ == SignedInputs::twos_complement && d + 1 == digits_;
  return is_sign_bit ? -weight : sign * weight;
}

void RowDrive::drive(std::size_t pass, const double* values, std::size_t n, double* out) const {
  const double side = pass / digits_ == 0 ? 1.0 : -1.0;
  const bool has_phases = phases_ == 2;
  if (encoding_ != InputEncoding::bit_serial) {
    for (std::size_t i = 0; i < n; ++i) {
      const double value = values[i] * step_;
      out[i] = has_phases ? std::max(side * value, 0.0) : value;
    }
    return;
  }
  const int shift = digit_bits_ * static_cast<int>(pass % digits_);
  const std::int64_t mask = (std::int64_t{1} << digit_bits_) - 1;
  const double unit = full_scale_ / static_cast<double>(mask);
  const bool is_complement = signed_inputs_ == SignedInputs::twos_complement;
  for (std::size_t i = 0; i < n; ++i) {
    const auto code = static_cast<std::int64_t>(values[i]);
    const std::int64_t magnitude = is_complement ? code : (code < 0 ? -code : code);
    const double value = static_cast<double>((magnitude >> shift) & mask) * unit;
    if (is_complement) {
      out[i] = value;
    } else if (has_phases) {
      out[i] = (side > 0) == (code > 0) ? value : 0.0;
    } else {
      out[i] = code < 0 ? -value : value;
    }
  }
}

}  // namespace szilard::electronic
