// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

#include "models/neuron/reset_physics/two_level.hpp"
#include "models/support/units.hpp"
#include "sim/bounds/gate_entropy.hpp"
#include "sim/bounds/row_maker.hpp"

namespace szilard::bounds {
namespace {

constexpr double kFlopV2_j = 5e-13;  ///< v2, introduction: GPU, per 16-bit FLOP
constexpr double kFlopV1_j = 1e-11;  ///< v1, introduction: GPU, per 32-bit FLOP

// Printed in the papers: v1 = arXiv:2503.09980v1, v2 = "Thermodynamic bounds on energy use in Deep Neural Networks".
const std::map<std::string, double>& printed() {
  static const std::map<std::string, double> values = {
      {"R2.flop16", 5e-20},  // v2, introduction
      {"R3.flop32", 1e-19},  // v1, introduction
      {"R4.energy_v2", kFlopV2_j}, {"R4.energy_v1", kFlopV1_j},
      {"R4.ratio_v2", 1e7},      // v2: "at least 7 orders above Landauer's limit"
      {"R30.coefficient", 1e2},  // v2, Eq. 17
      {"D8.bits_per_flop", 16},  // v2, above Eq. 17
  };
  return values;
}

void landauer(RowMaker& rows, double t) {
  const std::string at = " at " + support::quantity_text(t, support::Dimension::temperature);
  const double bit = landauer_j(t);
  rows.add("R1.landauer", "erasure of one bit", "J", bit, "kT ln2" + at);
  rows.add("R2.flop16", "16-bit FLOP at Landauer's limit", "J", 16 * bit,
           "16 kT ln2" + at + "; 16 bits erased is an assumption (D8)");
  rows.add("R3.flop32", "32-bit FLOP at Landauer's limit", "J", 32 * bit, "32 kT ln2" + at);
  rows.add("R4.energy_v2", "energy of a 16-bit FLOP on a GPU, v2", "J", {}, {},
           "quoted by the paper, without a formula");
  rows.add("R4.energy_v1", "energy of a 32-bit FLOP on a GPU, v1", "J", {}, {},
           "quoted by the paper, without a formula");
  rows.add("R4.ratio_v2", "GPU over Landauer, 16-bit FLOP", "1", kFlopV2_j / (16 * bit),
           "5e-13 J per FLOP (v2) over 16 kT ln2" + at);
  rows.add("R4.ratio_v1", "GPU over Landauer, 32-bit FLOP", "1", kFlopV1_j / (32 * bit),
           "1e-11 J per FLOP (v1) over 32 kT ln2" + at);
  rows.add("R30.coefficient", "digital training bound over N_a D kT", "1", 6 * 16 * support::kLn2,
           "Eq. 17: 6 FLOP x 16 bit x ln2; printed rounded up by half (D21)");
  rows.add("R31.coefficient", "digital over analog training, times N / N_a", "1", 6 * 16 * support::kLn2 / 2,
           "Eq. 17 over Eq. 16; MoE in silico wins where this times N_a / N is below 1");
  rows.add("D29.energy_per_flop", "v1's over v2's energy per FLOP", "1", kFlopV1_j / kFlopV2_j,
           "1e-11 J (32 bit) over 5e-13 J (16 bit): the versions are not interchangeable");
  rows.add("D29.energy_per_bit", "the same per bit", "1", kFlopV1_j / 32 / (kFlopV2_j / 16),
           "as above, per bit of the operands");
}

void logic(RowMaker& rows, double t) {
  const double gates16 = multiplier_gate_loss_bit(16);
  rows.add("D8.bits_per_flop", "bits erased by a 16-bit multiplication", "bit", 16, gates16,
           "paper: one word; corrected: cell by cell in a ripple array, uniform operands, 1e5 samples");
  rows.add("D8.gate", "bits erased by an AND or NAND gate", "bit", and_gate_loss_bit(), "uniform inputs");
  rows.add("D8.full_adder", "bits erased by a full adder", "bit", full_adder_loss_bit(), "uniform inputs");
  rows.add("D8.multiplier_4_gates", "bits erased by a 4 x 4 array multiplier", "bit", multiplier_gate_loss_bit(4),
           "cell by cell, every operand pair");
  rows.add("D8.multiplier_8_gates", "bits erased by an 8 x 8 array multiplier", "bit", multiplier_gate_loss_bit(8),
           "cell by cell, every operand pair");
  rows.add("D8.multiplier_16_energy", "16 x 16 array multiplier at Landauer's limit", "J", 16 * landauer_j(t),
           gates16 * landauer_j(t), "formula: 16 kT ln2; corrected: bits of D8.bits_per_flop times kT ln2");
  rows.add("D8.multiplier_4_word", "bits erased by a 4 x 4 multiplication as one word", "bit",
           multiplier_word_loss_bit(4), "H(operands) - H(product), every operand pair");
  rows.add("D8.multiplier_8_word", "bits erased by an 8 x 8 multiplication as one word", "bit",
           multiplier_word_loss_bit(8), "H(operands) - H(product), every operand pair");
}

void cooling(RowMaker& rows, double t) {
  constexpr double kBits = 1e6, kEta = 0.1;
  const std::string ambient = support::quantity_text(t, support::Dimension::temperature);
  for (double cold : {4.0, 77.0, 150.0}) {
    if (cold >= t) continue;
    const std::string at = support::shortest(cold) + "K";
    // E(T*) = bits kT* ln2; Eq. 19 and, for a real machine, the work of Eq. 18 over eta.
    const double reset = kBits * landauer_j(cold);
    rows.add("R37.total_" + at, "1e6 bits erased at " + at + ", heat pumped to ambience", "J", t / cold * reset,
             reset + reset * (t / cold - 1),
             "Eq. 19: (T/T*) E(T*) with T = " + ambient + "; corrected: reset plus reversible pump");
    rows.add("D22.refrigerator_" + at, "the same with a refrigerator at 10 % of Carnot", "J", t / cold * reset,
             reset + reset * (t / cold - 1) / kEta,
             "Eq. 19 holds for reversible cooling; work over 0.1 in the corrected value");
  }
}

void negentropy(RowMaker& rows, double t) {
  using reset_physics::TwoLevelReset;
  rows.add("R38.bits_per_joule", "negentropy of one joule of free energy", "bit", 1 / landauer_j(t),
           "Eq. 20: F / (kT ln2)");
  // A bit without bias is at equilibrium: F = -kT ln2, F - F_eq = 0.
  rows.add("D23.free_bit", "negentropy of an unbiased bit", "bit", -support::kLn2 / support::kLn2, 0.0,
           "v2's Eq. 20 has F where F - F_eq belongs (v1, Eq. 7, has it)");
  TwoLevelReset reset;
  reset.duration = 100;
  const auto moments = reset_physics::solve(reset);
  const double consumed = moments.mean_work_kT / support::kLn2;
  const double gained = 1 - binary_entropy_nat(moments.end_occupation) / support::kLn2;
  rows.add("R39.reset_consumed", "negentropy consumed by the reset of a bit in 100 relaxation times", "bit", consumed,
           "two-level bit, gap 0 to 10 kT: work of the master equation over kT ln2");
  rows.add("R39.reset_gained", "Shannon entropy removed by the same reset", "bit", gained,
           "1 - H(error); Eq. 21: not above what is consumed");
}

}  // namespace

std::vector<BoundRow> general_rows(double temperature_k) {
  if (!(temperature_k > 0 && std::isfinite(temperature_k))) throw std::invalid_argument("temperature is above 0 K");
  RowMaker rows(printed());
  landauer(rows, temperature_k);
  logic(rows, temperature_k);
  cooling(rows, temperature_k);
  negentropy(rows, temperature_k);
  return rows.take();
}

}  // namespace szilard::bounds
