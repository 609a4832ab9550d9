// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

Section quasistatic_section() {
  constexpr std::size_t kMostSpringLayers = 1000;
  Section machine{"quasistatic",
                  "",
                  "",
                  "every unit of the network one overdamped spring at the scenario's temperature",
                  {},
                  true,
                  "quasistatic_choice"};
  machine.fields = {
      FieldMaker("layer_stiffness", Kind::quantities,
                 "of each layer's units, from the first layer, instead of 'stiffness'")
          .range(Dimension::energy, 1e-30, 1)
          .most_items(kMostSpringLayers)
          .optional(),
      quantity("stiffness", Dimension::energy, 1e-30, 1,
               "of every unit, signals in the network's numbers: noise of variance kT / stiffness")
          .unless_given("layer_stiffness"),
      FieldMaker("layer_relaxation", Kind::quantities,
                 "relaxation time of each layer's free units; left out: that of all")
          .range(Dimension::time, 1e-15, 1e6)
          .most_items(kMostSpringLayers)
          .optional(),
      FieldMaker("ramp", Kind::text,
                 "time in which the inputs move from one sample to the next, in relaxation times: 100 tau")
          .hint("e.g. ramp: 100 tau"),
      FieldMaker("read", Kind::text,
                 "time over which the outputs are averaged afterwards, inputs held; 0 tau: read at once")
          .fallback("0 tau"),
      FieldMaker("read_every", Kind::text,
                 "time between two readings of the outputs while they are averaged; 0 tau: at every step")
          .fallback("0 tau"),
      quantity("read_energy", Dimension::energy, 0, 1,
               "of one reading of one output: detector, converter, register; left out: reading is free")
          .optional()
          .sourced(),
      choice("shape", {"linear", "smooth", "optimal"},
             "of the ramp in time; optimal: at constant speed in thermodynamic length")
          .fallback("linear"),
      choice("integrator", {"automatic", "heun", "exact"},
             "of the units' motion; exact: the law of Ornstein and Uhlenbeck on every linear piece of linear and ReLU "
             "units; automatic: exact "
             "for linear networks of at most 512 units, else heun")
          .fallback("automatic"),
      number("step", 1e-3, 2, "of time, as a share of the fastest relaxation time of the coupled units")
          .fallback("0.2"),
      quantity("relaxation_time", Dimension::time, 1e-15, 1e6,
               "tau of a free unit, friction / stiffness; the unit of the times above")
          .preset()};
  return machine;
}

}  // namespace szilard::scenario
