// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

FieldMaker times(std::string key, std::string meaning, const std::string& example) {
  return FieldMaker(std::move(key), Kind::text, std::move(meaning)).hint("e.g. " + example);
}

Section freeze_section() {
  Section freeze{"freeze", "", "", "the trained parameters go on diffusing during later inference", {}, false, {}};
  freeze.fields = {number("mobility", 0, 1, "of the parameters from then on, as a share of the training's"),
                   times("time", "of later inference, in relaxation times: 1e6 tau", "time: 1e6 tau")};
  return freeze;
}

Section copy_section() {
  Section copy{"copy", "", "", "the trained parameters are brought into a second machine", {}, false, {}};
  copy.fields = {
      times("time", "in which they are dragged from the start's values to the trained ones: 1e6 tau", "time: 1e6 tau"),
      quantity("energy", Dimension::energy, 0, 1, "of writing one parameter, beside the drag").sourced().optional()};
  return copy;
}

}  // namespace

std::vector<Section> training_sections() {
  constexpr std::uint64_t kMostSamples = 1'000'000'000, kMostEpochs = 1'000'000'000, kMostMachines = 256;
  Section training{"training",
                   "",
                   "",
                   "the network trains itself: inputs and outputs are clamped to entry after entry, and the parameters "
                   "give way to the stress (`szilard train`)",
                   {},
                   true,
                   "training_choice"};
  training.fields = {
      FieldMaker("inputs", Kind::path, "entries' inputs: .npy, .npz, IDX, .gz of it"),
      FieldMaker("labels", Kind::path, "entries' classes: the target is 1 at the class and 0 elsewhere").optional(),
      FieldMaker("targets", Kind::path, "entries' outputs instead, entries x outputs").optional(),
      number("scale", 1e-12, 1e12, "each input is multiplied by this").fallback("1"),
      integer("samples", 1, kMostSamples, "how many entries, from the first; all: every one")
          .word("all")
          .fallback("all"),
      choice("start", {"random", "network"},
             "parameters at the start; random: Gaussian weights of variance 2 / inputs (ReLU) or 1 / inputs, no bias")
          .fallback("random"),
      choice("order", {"independent", "reshuffled", "cyclic"},
             "of the entries: drawn anew each time, each once a pass in an order of its own, or as in the file")
          .fallback("reshuffled"),
      integer("epochs", 1, kMostEpochs, "passes of as many entries as there are"),
      integer("machines", 1, kMostMachines,
              "trained side by side with random numbers of their own, for standard errors")
          .fallback("1"),
      quantity("stiffness", Dimension::energy, 1e-30, 1, "of output units, signals in the network's numbers"),
      number("stiffness_ratio", 1e-6, 1e12,
             "stiffness of hidden units over that of output units; the larger, the nearer stress to gradient"),
      quantity("relaxation_time", Dimension::time, 1e-15, 1e6, "tau of a free unit, friction / stiffness").preset(),
      times("exposure", "time for which an entry stays: 1000 tau", "exposure: 1000 tau"),
      times("parameter_time", "relaxation time of a parameter whose input is 1, 1 / (mobility x stiffness): 1e5 tau",
            "parameter_time: 1e5 tau"),
      times("switch", "time in which the clamps move from entry to entry; 0 tau: at once", "switch: 30 tau")
          .fallback("0 tau"),
      number("final_mobility", 1e-9, 1, "the parameters' mobility falls geometrically to this share of its start")
          .fallback("1"),
      choice("clamping", {"hard", "nudged"},
             "of the outputs: held at the target, or drawn to it by a weak spring (equilibrium propagation)")
          .fallback("hard"),
      number("nudge", 1e-9, 1, "stiffness of that spring over that of output units").optional(),
      choice("neurons", {"relaxed", "langevin"},
             "relaxed: they follow the minimum at once, without noise; langevin: they move in time and fluctuate at "
             "'temperature'")
          .fallback("relaxed"),
      FieldMaker("temperatures", Kind::quantities,
                 "of the parameters' bath, one training each; left out: 'temperature'")
          .range(Dimension::temperature, 0, 1e9)
          .most_items(32)
          .optional(),
      choice("biases", {"trained", "fixed"}, "fixed: they stay as at the start").fallback("trained"),
      number("measure_from", 0, 0.99, "share of the training after which stationary figures are taken").fallback("0.5"),
      FieldMaker("freeze", Kind::section, "what becomes of the parameters afterwards").section("freeze").optional(),
      FieldMaker("copy", Kind::section, "what a second machine with the same parameters costs")
          .section("copy")
          .optional()};
  return {training, freeze_section(), copy_section()};
}

}  // namespace szilard::scenario
