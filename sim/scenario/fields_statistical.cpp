// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

std::vector<Section> statistical_sections() {
  constexpr std::uint64_t kMost = 1'000'000;
  Section statistical{"statistical", "", "", "estimates from a sample: for `szilard run --statistical`", {}, false, {}};
  statistical.fields = {
      choice("always", {"false", "true"}, "true: estimate without --statistical too, and in studies; layers imply it")
          .fallback("false"),
      integer("draws", 3, 10'000, "independent draws of each layer: blocks of its outputs, and samples").fallback("8"),
      integer("samples", 1, kMost, "samples of each draw; whole batches where a platform takes batches").fallback("32"),
      integer("block", 1, kMost,
              "outputs (channels) of a block, rounded up to whole tiles of the platform; left out: one tile")
          .optional(),
      quantity("confidence", Dimension::ratio, 0.5, 0.9999,
               "with which an interval is to hold the true value; left out: 95 %")
          .optional(),
      integer("seed", 0, std::numeric_limits<std::uint64_t>::max(),
              "of what is drawn for the estimate: another seed, another sample of the same scenario")
          .fallback("1"),
      FieldMaker("layers", Kind::sections, "shapes and statistics, instead of network and dataset")
          .section("drawn_layer")
          .optional()};
  Section layer{"drawn_layer", "", "", "layers of one shape, whose weights and inputs are drawn", {}, false, {}};
  layer.fields = {
      FieldMaker("name", Kind::name, "stands in component paths; each kind of layer its own"),
      integer("inputs", 1, kMost, "of one matrix-vector product"),
      integer("outputs", 1, 100 * kMost, "likewise"),
      integer("count", 1, kMost, "how many stand one after another: their times add up").fallback("1"),
      integer("parallel", 1, kMost, "how many of each stand side by side: their times do not add up").fallback("1"),
      choice("relu", {"false", "true"}, "whether neurons follow").fallback("false"),
      quantity("activity", Dimension::ratio, 0, 1, "mean share of outputs above zero; only with relu, and needed there")
          .optional(),
      quantity("activity_spread", Dimension::ratio, 0, 0.5,
               "standard deviation of that share between neurons, beta-distributed; only with relu; left out: 0")
          .optional(),
      quantity("input_activity", Dimension::ratio, 1e-6, 1, "share of inputs that are not zero; left out: all")
          .optional(),
      choice("signed_inputs", {"false", "true"}, "true: normal inputs; false: half-normal ones, as behind a ReLU")
          .fallback("false"),
      number("input_limit", 0.1, 100,
             "largest input, in standard deviations of the normal law: full scale; what is drawn beyond is cut to it")
          .fallback("4"),
      choice("weights", {"normal", "uniform", "laplace"}, "law of the weights, of zero mean and variance 1 / inputs")
          .fallback("normal"),
      number("weight_limit", 0.1, 100, "largest weight, in standard deviations: what is drawn beyond is cut to it")
          .fallback("4")};
  return {statistical, layer};
}

}  // namespace szilard::scenario
