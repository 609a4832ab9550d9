// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "baseline_list.hpp"
#include "sim/scenario/field_makers.hpp"
#include "sim/scenario/own_sections.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

FieldMaker energy_field(const char* key, const char* meaning) {
  return quantity(key, Dimension::energy, 0, kMostEnergy_J, meaning).preset();
}

}  // namespace

Field clock_field() {
  return quantity("clock", Dimension::frequency, 1, 1e11, "clock frequency, a choice of the design")
      .fallback("500 MHz");
}

Field digital_energy_field() {
  return FieldMaker("energy", Kind::section, "energy per counted event: a preset's name, or the coefficients")
      .section("energy.digital")
      .fallback("cmos45_horowitz2014");
}

std::vector<KnownBaseline> known_baselines() {
  std::vector<KnownBaseline> known;
  for (const BuiltBaseline& built : kBuiltBaselines)
    known.push_back({built.name, built.rows, built.columns, built.title, false});
  for (const rtl::OwnBaseline& own : own_parts().baselines)
    known.push_back(
        {own.name, static_cast<std::uint64_t>(own.rows), static_cast<std::uint64_t>(own.columns), own.title, true});
  return known;
}

std::vector<Section> digital_sections() {
  std::vector<Section> all;
  for (const KnownBaseline& built : known_baselines()) {
    if (!all.empty() && all.back().model == built.name) continue;
    Section baseline{"digital." + built.name, "digital", built.name, built.title, {}, false, {}};
    const bool one_row = built.rows == 1;
    // 16 where that was built, else the smallest
    std::string usual = std::to_string(built.columns);
    for (const KnownBaseline& other : known_baselines())
      if (other.name == built.name && other.columns == 16) usual = "16";
    baseline.fields = {
        integer("rows", 1, 1024, one_row ? "vectors side by side" : "rows of the array; square sizes that were built")
            .fallback(one_row ? "1" : usual),
        integer("columns", 1, 1024, one_row ? "outputs side by side; sizes that were built" : "columns of the array")
            .fallback(usual),
        integer("batch", 1, 65536, "samples that run on one load of the weights").fallback("1"), clock_field(),
        digital_energy_field()};
    all.push_back(std::move(baseline));
  }
  Section energy{"energy.digital",     "energy", "digital", "energy coefficients of clocked digital parts", {}, true,
                 "cmos45_horowitz2014"};
  energy.fields = {
      FieldMaker("library", Kind::path,
                 "Liberty file of the cells that the baseline's logic is mapped to (docs/gate-level.md). Energy of all "
                 "logic is then "
                 "that of its gates, clock cycle by clock cycle; the memories keep the coefficients below")
          .optional()
          .sourced()
          .hint("osu018, osu035 and osu050 are in Debian's packages qflow-tech-osu018, qflow-tech-osu035 and "
                "qflow-tech-osu050"),
      quantity("wire_per_load", Dimension::capacitance, 0, 1e-9,
               "library: capacitance of a wire for each pin that it drives")
          .optional(),
      number("sampled_share", 1e-6, 1,
             "library: share of the batches that are simulated gate by gate, 8 of them or more; left out: all, with no "
             "sampling error")
          .optional(),
      integer("clock_tree_fanout", 2, 1000,
              "library: most loads of one buffer of a clock tree that is modelled between the clock port and the clock "
              "pins; left out: none")
          .optional(),
      FieldMaker("clock_tree_buffer", Kind::text, "library: its buffer cell").optional().hint("e.g. CLKBUF1 in osu018"),
      integer("net_fanout", 2, 1000,
              "library: most loads of one driver; a tree of buffers is modelled behind every net that has more; left "
              "out: none")
          .optional(),
      FieldMaker("net_buffer", Kind::text, "library: the buffer cell of these nets")
          .optional()
          .hint("e.g. BUFX4 in osu018"),
      quantity("multiply_bf16", Dimension::energy, 0, kMostEnergy_J,
               "rtl: mac_bf16: one multiplication of 16-bit floating point numbers whose operands changed")
          .optional()
          .sourced(),
      quantity("add_float32", Dimension::energy, 0, kMostEnergy_J,
               "rtl: mac_bf16: one 32-bit floating point addition whose result changed")
          .optional()
          .sourced(),
      energy_field("multiply", "one int8 x int8 multiplication whose operands changed").unless_given("library"),
      energy_field("add", "one 32-bit addition whose operands changed").unless_given("library"),
      energy_field("register_toggle", "one register bit that changed").unless_given("library"),
      energy_field("sram_read_per_bit", "reading one bit of weight, activation or accumulator memory"),
      energy_field("sram_write_per_bit", "writing one bit of these memories"),
      energy_field("clock_per_register_bit", "clock load of one register bit in one clock cycle")
          .unless_given("library"),
      quantity("leakage_per_register_bit", Dimension::power, 0, 1, "leakage power of one register bit")
          .preset()
          .unless_given("library")};
  all.push_back(std::move(energy));
  return all;
}

}  // namespace szilard::scenario
