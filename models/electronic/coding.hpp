// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/support/parameter.hpp"

namespace szilard::electronic {

enum class SignedWeights {
  differential_pair,  ///< w ~ G+ - G-, two cells a weight, each side on a column of its own
  offset_column,      ///< w ~ G - G_0, what a weight of 0 is in one extra column a tile that is subtracted
  dummy_column,       ///< w + w_max ~ G - G_min, G_min in one extra column a tile; w_max sum x is subtracted as a number
};

/// How inputs stand on the word lines. One product takes one or several passes, each a read of its own with a conversion of
/// each output: y = sum_p scale_p W d_p, d_p the rows' drives of pass p.
enum class InputEncoding {
  amplitude,    ///< one pass, voltage ~ x
  bit_serial,   ///< digits of the DAC's resolution of a longer code, the least significant first, one a pass
  pulse_width,  ///< one pass at the read voltage, time ~ code: charges are integrated over the read time
};

/// What stands for a code's sign.
enum class SignedInputs {
  bipolar,          ///< voltages of both signs; the code is a sign and a magnitude
  two_phase,        ///< one polarity: all passes for the rows with x > 0, then for those with x < 0, subtracted as numbers
  twos_complement,  ///< one polarity, bits of the two's complement; the last pass counts negative. One-bit digits only
};

struct InputCoding {
  InputEncoding encoding = InputEncoding::amplitude;
  SignedInputs signed_inputs = SignedInputs::bipolar;  ///< of codes that may be negative
  int digit_bits = 1;  ///< bit_serial: the DAC's resolution, 1 to the code's length; the quantiser's bits are the code's
};

/// Weights as integers in slices: cells of `bits_per_cell` bits, each slice on tiles of its own, shifted and added after
/// conversion.
struct WeightCoding {
  int weight_bits = 0;    ///< sign included, 2 to 16; 0: one cell (or pair) holds the weight as it is
  int bits_per_cell = 0;  ///< 1 to 8, where weight_bits > 0
};

enum class PartialSums {
  analog,   ///< currents of a layer's row tiles are added, one conversion an output
  digital,  ///< every row tile has converters of its own, their results are added as numbers
};

/// What happens behind several conversions of one output.
struct Accumulation {
  PartialSums partial_sums = PartialSums::analog;
  /// Range of the ADCs as a share of the largest current that full-scale inputs could cause in a row tile (or in all of them,
  /// analog), in (0, 1]; 0: what calibrate() sees.
  double range = 0;
  support::Parameter addition_j;     ///< [J] >= 0, of one shift and addition
  support::Parameter addition_time_s;  ///< [s] >= 0, of one that is not hidden behind the next conversion
};

/// How drivers bring a word line of capacitance C to its voltage V and back.
enum class Charging {
  step,       ///< at once: C V^2 / 2 is lost on the way up and as much on the way down
  staircase,  ///< n equal steps, each until the line has settled: C V^2 / (2 n) is lost either way
  ramp,       ///< in a time T: C V^2 sum_m a_m f(tau_m / T) either way, f(z) = z (1 - z (1 - e^(-1/z))) over the modes of the line
};

struct LineDrive {
  Charging charging = Charging::step;
  int steps = 1;                   ///< staircase: 1 to 1000
  support::Parameter ramp_time_s;  ///< ramp: T, [s] > 0
  support::Parameter recovery{1.0, "ideal supply", "choice"};  ///< share of the returned energy that the supply keeps, 0 to 1
};

}  // namespace szilard::electronic
