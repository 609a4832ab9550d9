// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

std::vector<Section> sweep_sections() {
  constexpr std::size_t kMostValues = 100'000;
  Section sweep{"sweep", "", "", "a study: the scenario at many points", {}, false, {}};
  sweep.fields = {
      FieldMaker("axes", Kind::sections, "what varies; rows of results run through the last axis fastest")
          .section("axis"),
      choice("combine", {"grid", "zip", "random", "latin_hypercube", "sobol"},
             "grid: every combination; zip: the first values of all axes, then the second ones; the others draw "
             "`points` points, "
             "by the scenario's seed")
          .fallback("grid"),
      integer("points", 1, 100'000'000, "how many points random, latin_hypercube and sobol draw").optional(),
      integer("seeds", 1, 1'000'000, "Monte-Carlo repetitions of each point: the scenario's seed, and those after it")
          .fallback("1"),
      integer("limit", 1, 100'000'000, "a study of more points is refused").fallback("100000"),
      FieldMaker("iso", Kind::section, "at each point a free parameter is searched that holds a metric")
          .section("iso")
          .optional()};
  Section axis{"axis", "", "", "one key and the values it takes: list, linear or log", {}, false, {}};
  axis.fields = {
      FieldMaker("key", Kind::text, "key path as `--set` takes it, e.g. platforms.rram.linear.rows"),
      FieldMaker("list", Kind::scalars, "its values, written as in the scenario").most_items(kMostValues).optional(),
      FieldMaker("linear", Kind::section, "values at equal distances").section("range").optional(),
      FieldMaker("log", Kind::section, "values at equal ratios").section("range").optional()};
  Section range{"range", "",    "", "values between two ends; a key of integers takes the nearest integers",
                {},      false, {}};
  range.fields = {
      FieldMaker("from", Kind::scalar, "first value"), FieldMaker("to", Kind::scalar, "last value"),
      integer("steps", 1, kMostValues, "number of values, both ends included; not needed where points are drawn")
          .optional()};
  Section iso{"iso", "", "", "what is held equal from point to point", {}, false, {}};
  iso.fields = {
      choice("hold", {"accuracy", "energy", "area", "latency"},
             "accuracy: at least `at`; energy (per inference), area and latency: at most"),
      FieldMaker("platform", Kind::name, "whose metric it is"),
      FieldMaker("at", Kind::scalar, "share, or quantity in J, m2 or s"),
      FieldMaker("vary", Kind::section,
                 "the free parameter, from the value that is wanted least to the one that is wanted most; the last "
                 "one that holds is taken, by bisection")
          .section("axis")};
  return {sweep, axis, range, iso};
}

}  // namespace szilard::scenario
