// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/models/electronic/crossbar_fixture.hpp"

namespace szilard::electronic::testing {

/// One way to code a layer, in the words of coding.hpp.
struct Coding {
  InputEncoding encoding = InputEncoding::amplitude;
  SignedInputs signed_inputs = SignedInputs::bipolar;
  SignedWeights sign = SignedWeights::differential_pair;
  int input_bits = 8, digit_bits = 1;
  int weight_bits = 0, bits_per_cell = 0;
  bool digital = false;
  double low = -1;  ///< least input
  bool sums_bits = false, sums_slices = false, side_by_side = false;

  std::string name() const {
    const char* encodings[] = {"amplitude", "bit_serial", "pulse_width"};
    const char* inputs[] = {"bipolar", "two_phase", "twos_complement"};
    const char* signs[] = {"pair", "offset", "dummy"};
    return std::string(encodings[int(encoding)]) + " " + inputs[int(signed_inputs)] + " " + signs[int(sign)] + " " +
           std::to_string(digit_bits) + "-bit digits, weights " + std::to_string(weight_bits) + " by " +
           std::to_string(bits_per_cell) + (digital ? " digital" : " analog") + (low < 0 ? " signed" : " unsigned") +
           (sums_bits ? " analog bits" : "") + (sums_slices ? " analog slices" : "") +
           (side_by_side ? " side by side" : "");
  }
};

inline std::vector<Coding> all_codings() {
  std::vector<Coding> codings;
  for (const SignedWeights sign :
       {SignedWeights::differential_pair, SignedWeights::offset_column, SignedWeights::dummy_column}) {
    for (const int slicing : {0, 1, 2}) {
      for (const bool digital : {false, true}) {
        for (const double low : {-1.0, 0.0}) {
          Coding coding;
          coding.sign = sign;
          coding.digital = digital;
          coding.low = low;
          if (slicing > 0) coding.weight_bits = slicing == 1 ? 8 : 5;
          if (slicing > 0) coding.bits_per_cell = slicing == 1 ? 2 : 3;
          codings.push_back(coding);
          coding.encoding = InputEncoding::pulse_width;
          codings.push_back(coding);
          coding.encoding = InputEncoding::bit_serial;
          codings.push_back(coding);
          coding.digit_bits = 3;
          codings.push_back(coding);
          if (low >= 0) continue;
          coding.signed_inputs = SignedInputs::two_phase;
          codings.push_back(coding);
          coding.encoding = InputEncoding::pulse_width;
          codings.push_back(coding);
          coding.encoding = InputEncoding::bit_serial;
          coding.digit_bits = 1;
          coding.signed_inputs = SignedInputs::twos_complement;
          codings.push_back(coding);
        }
      }
    }
  }
  const std::vector<Coding> plain = codings;
  for (const Coding& coding : plain) {
    for (int which = 1; which < 8; ++which) {
      Coding more = coding;
      more.sums_bits = which & 1, more.sums_slices = which & 2, more.side_by_side = which & 4;
      if (more.sums_bits && more.encoding != InputEncoding::bit_serial) continue;
      if ((more.sums_slices || more.side_by_side) && more.weight_bits == 0) continue;
      if (more.side_by_side && more.sign == SignedWeights::offset_column) continue;
      codings.push_back(more);
    }
  }
  return codings;
}

/// Exact cells on tiles of 16 x 16, DAC of the coding's bits, the given ADC with a range that clips nothing.
inline CrossbarParameters coded_parameters(const Coding& coding, Quantiser output) {
  CrossbarParameters p = exact_parameters();
  p.inputs = {coding.encoding, coding.signed_inputs, coding.digit_bits};
  p.weights = {coding.weight_bits, coding.bits_per_cell,
               coding.side_by_side ? SlicePlacement::side_by_side : SlicePlacement::own_tiles};
  if (coding.sums_bits) p.accumulation.bit_sums = PartialSums::analog;
  if (coding.sums_slices) p.accumulation.slice_sums = PartialSums::analog;
  p.signed_weights = coding.sign;
  p.accumulation.partial_sums = coding.digital ? PartialSums::digital : PartialSums::analog;
  p.accumulation.range = 1;
  p.accumulation.addition_j = 0.1e-12;
  p.input = Converter{{coding.input_bits, 1.0, coding.low < 0}, 0.3e-12, 1e-9};
  p.output = Converter{output, 1.7e-12, 5e-9};
  return p;
}

/// Weights as rounded to codes of `bits`, or as they are.
inline linear::RowMatrix coded_weights(const linear::LinearMap& map, int bits) {
  if (bits == 0) return map.weights;
  const double step = map.weights.cwiseAbs().maxCoeff() / (std::ldexp(1.0, bits - 1) - 1);
  return map.weights.unaryExpr([step](double w) { return std::round(w / step) * step; });
}

inline support::SignalBlock quantised(const support::SignalBlock& x, const Quantiser& quantiser) {
  support::SignalBlock out = x.sibling(x.features());
  for (std::size_t f = 0; f < x.features(); ++f) {
    for (std::size_t s = 0; s < x.samples(); ++s) out.row(f)[s] = quantiser.value(quantiser.code(x.at(f, s)));
  }
  return out;
}

inline support::SignalBlock run_coded(const linear::LinearMap& map, const CrossbarParameters& parameters,
                                      const support::SignalBlock& x, std::uint64_t seed = 1) {
  CrossbarStage stage(map, parameters, 1.0, seed, "test/layer");
  NullSink sink;
  stage.open_accounts("test/layer", sink);
  stage.calibrate(x);
  return stage.forward(x, sink);
}

}  // namespace szilard::electronic::testing
