// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/support/parameter.hpp"

namespace szilard::electronic {

enum class SignedWeights {
  differential_pair,  ///< w ~ G+ - G-, two cells a weight, each side on a column of its own
  offset_column,      ///< w ~ G - G_0, what a weight of 0 is in one extra column a tile that is subtracted
  dummy_column,  ///< w + w_max ~ G - G_min, G_min in one extra column a tile; w_max sum x is subtracted as a number
};

/// How inputs stand on the word lines. One product takes one or several passes, each a read of its own with a
/// conversion of each output: y = sum_p scale_p W d_p, d_p the rows' drives of pass p.
enum class InputEncoding {
  amplitude,    ///< one pass, voltage ~ x
  bit_serial,   ///< digits of the DAC's resolution of a longer code, the least significant first, one a pass
  pulse_width,  ///< one pass at the read voltage, time ~ code: charges are integrated over the read time
};

/// What stands for a code's sign.
enum class SignedInputs {
  bipolar,    ///< voltages of both signs; the code is a sign and a magnitude
  two_phase,  ///< one polarity: all passes for the rows with x > 0, then for those with x < 0, subtracted as numbers
  twos_complement,  ///< one polarity, bits of the two's complement; the last pass counts negative. One-bit digits only
};

struct InputCoding {
  InputEncoding encoding = InputEncoding::amplitude;
  SignedInputs signed_inputs = SignedInputs::bipolar;  ///< of codes that may be negative
  int digit_bits =
      1;  ///< bit_serial: the DAC's resolution, 1 to the code's length; the quantiser's bits are the code's
};

enum class SlicePlacement {
  own_tiles,     ///< every slice stands on tiles of its own
  side_by_side,  ///< the slices of an output stand on neighbouring columns of one tile, the least significant first
};

/// Weights as integers in slices: cells of `bits_per_cell` bits, shifted and added.
struct WeightCoding {
  int weight_bits = 0;    ///< sign included, 2 to 16; 0: one cell (or pair) holds the weight as it is
  int bits_per_cell = 0;  ///< 1 to 8, where weight_bits > 0
  SlicePlacement placement =
      SlicePlacement::own_tiles;  ///< side_by_side: no offset column, whose level would be another for each slice
};

enum class PartialSums {
  analog,   ///< added ahead of the ADC, one conversion of the sum
  digital,  ///< converted one by one and added as numbers
};

/// What happens behind several conversions of one output.
///
/// Analog sums. Row tiles: currents meet in one node. Bits (of b-bit digits, least significant first): each pass's
/// charge is sampled on the integration capacitance C, which then shares it with C / (2^b - 1) that keeps the sum: V <-
/// (V + (2^b - 1) V_p) / 2^b, so that the last of n passes has the weight 1 - 2^-b and each earlier one 2^-b of the
/// next. The sign's bit of a two's complement is sampled with the plates exchanged. Slices: currents pass mirrors of
/// ratio 2^-(bits_per_cell (S - 1 - s)) and meet in one node. Each phase of two_phase has a sum of its own.
/// Mismatch `sum_mismatch` e, fixed: the ratio of the two capacitors of an output is (2^b - 1) (1 + e z), so that the
/// weights of its passes are a (1 - a)^(n-1-p), a = that / (1 + that); a mirror's ratio is (1 + e z) times the nominal
/// one. z Gaussian, one for each ADC's output and row part, and each slice beside (stream STREAM_NAME/analog_sums).
/// Noise with C > 0, as V^2: kT / C where a pass is sampled, kT / C_a - kT / (C + C_a) with C_a = C / (2^b - 1) where
/// it is shared, kT / C_a where the sum is reset: seen from pass p, the sampled kTC counts 1 + 2^b + [p = 0] / (2^b -
/// 1) times. Mirrors have none; a sum of slices is sampled once, the highest slice at ratio 1.
/// Bits by repetition instead of sharing: what pass p puts on the column is integrated 2^(b p) times, each time after
/// the settling time, so that counts weigh the passes, without mismatch; the integrated charge has kTC of each time,
/// independent.
/// Left out: leakage of held charge, charge injection, parasitic capacitances, noise and power of mirrors.
enum class BitWeighting {
  sharing,     ///< of charge with a second capacitor
  repetition,  ///< of the integration
};

struct Accumulation {
  PartialSums partial_sums = PartialSums::analog;      ///< of row tiles
  PartialSums bit_sums = PartialSums::digital;         ///< of the passes of a phase, bit_serial only
  BitWeighting bit_weighting = BitWeighting::sharing;  ///< of analog sums of bits
  PartialSums slice_sums = PartialSums::digital;       ///< of the slices of a weight, where it has some
  double sum_mismatch = 0;                             ///< [1] 0 to 0.5, of analog sums of bits and slices
  /// Range of the ADCs as a share of the largest current that full-scale inputs could cause in a row tile (or in all of
  /// them, analog), in (0, 1]; 0: what calibrate() sees.
  double range = 0;
  support::Parameter addition_j;       ///< [J] >= 0, of one shift and addition
  support::Parameter addition_time_s;  ///< [s] >= 0, of one that is not hidden behind the next conversion
};

/// How drivers bring a word line of capacitance C to its voltage V and back.
enum class Charging {
  none,       ///< takes no energy: what is left when the effect is switched off
  step,       ///< at once: C V^2 / 2 is lost on the way up and as much on the way down
  staircase,  ///< n equal steps, each until the line has settled: C V^2 / (2 n) is lost either way
  ramp,  ///< in a time T: C V^2 sum_m a_m f(tau_m / T) either way, f(z) = z (1 - z (1 - e^(-1/z))) over the modes of
         ///< the line
};

struct LineDrive {
  Charging charging = Charging::step;
  int steps = 1;                   ///< staircase: 1 to 1000
  support::Parameter ramp_time_s;  ///< ramp: T, [s] > 0
  support::Parameter recovery{1.0, "ideal supply",
                              "choice"};  ///< share of the returned energy that the supply keeps, 0 to 1
};

}  // namespace szilard::electronic
