// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/fields.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "sim/scenario/effects.hpp"
#include "sim/scenario/field_makers.hpp"
#include "sim/scenario/own_sections.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

constexpr std::uint64_t kMostSamples = 1'000'000'000'000;

Section top_section() {
  Section top{"top", "", "", "a scenario: a network, a data set, and the platforms that run it", {}, false, {}};
  top.fields = {
      integer("szilard", 1, std::numeric_limits<std::uint64_t>::max(), "version of the file format: 1"),
      FieldMaker("name", Kind::name, "names the run and its output folder"),
      quantity("temperature", Dimension::temperature, 1e-6, 1e4, "of everything that dissipates"),
      integer("seed", 0, std::numeric_limits<std::uint64_t>::max(), "of every random number").fallback("1"),
      FieldMaker("statistical", Kind::section,
                 "how `szilard run --statistical` estimates networks too large to simulate")
          .section("statistical")
          .optional(),
      FieldMaker("network", Kind::path, "trained network, ONNX; statistical.layers stand in its place")
          .unless_given("statistical"),
      FieldMaker("dataset", Kind::section, "what runs through the network; likewise")
          .section("dataset")
          .unless_given("statistical"),
      FieldMaker("calibration", Kind::section, "samples that set scales and activation probabilities")
          .section("calibration")
          .optional(),
      FieldMaker("compare", Kind::section, "platforms held against one another").section("compare").fallback("{}"),
      FieldMaker("cooling", Kind::section, "what it takes to run below the temperature of the ambience")
          .section("cooling")
          .optional(),
      FieldMaker("waves", Kind::section, "signals, events and power of some samples as waves")
          .section("waves")
          .optional(),
      choice("report", {"html"}, "a page written beside the results; left out: none").optional(),
      FieldMaker("training", Kind::section, "how the network trains itself: for `szilard train`, no part of a run")
          .section("training")
          .optional(),
      FieldMaker("platforms", Kind::sections, "hardware that runs the network").section("platform"),
      FieldMaker("sweep", Kind::section, "a study for `szilard sweep`; other commands check it and leave it out")
          .section("sweep")
          .optional()};
  return top;
}

std::vector<Section> data_sections() {
  Section dataset{"dataset", "", "", "samples of the run", {}, false, {}};
  dataset.fields = {
      FieldMaker("inputs", Kind::path, "samples: .npy, .npz (FILE.npz:NAME takes one array), IDX, .gz of it"),
      FieldMaker("labels", Kind::path, "labels, for the accuracy").optional(),
      number("scale", 1e-12, 1e12, "each input is multiplied by this").fallback("1"),
      integer("samples", 1, kMostSamples, "how many, from the first; all: every one").word("all").fallback("all")};
  Section calibration{
      "calibration", "", "", "reference activations are taken on these; without it on the data set itself", {},
      false,         {}};
  calibration.fields = {
      FieldMaker("inputs", Kind::path, "samples; left out: those of the data set").optional(),
      number("scale", 1e-12, 1e12, "each input is multiplied by this; left out: as the data set").optional(),
      integer("samples", 1, kMostSamples, "how many, from the first; left out: 1000, or all if there are fewer")
          .optional()};
  Section compare{"compare", "", "", "platforms whose outputs are held against one another", {}, false, {}};
  compare.fields = {
      FieldMaker("pairs", Kind::pairs, "names of two platforms each").fallback("[]"),
      number("tolerance", 0, 1e6, "largest deviation, relative to the reference's full scale in the layer; 0: equal")
          .fallback("0")};
  Section cooling{"cooling", "", "", "a pump that brings the platforms' heat to a warmer ambience", {}, true, {}};
  cooling.fields = {
      quantity("ambient", Dimension::temperature, 1e-6, 1e4, "where the heat goes, not below 'temperature'"),
      quantity("efficiency", Dimension::ratio, 1e-9, 1,
               "of the pump, as a share of Carnot's coefficient of performance")
          .preset()};
  Section waves{
      "waves", "",
      "",      "signals, events and power in waves.vcd and waves.fst beside the results; waves.gtkw opens them",
      {},      false,
      {}};
  waves.fields = {
      choice("format", {"vcd", "fst", "both"}, "which files").fallback("both"),
      integer("first_sample", 0, kMostSamples, "where the waves begin").fallback("0"),
      integer("samples", 1, kMostSamples, "how many, from first_sample; all: up to the last")
          .word("all")
          .fallback("10"),
      integer("signals", 1, kMostSamples, "of each layer, from its first; all: every one").word("all").fallback("64")};
  return {dataset, calibration, compare, cooling, waves};
}

constexpr const char* kLayerKeys[] = {"linear", "input", "output", "precision", "disable"};

std::string disable_meaning() {
  std::string text = "effects and remedies that are switched off, whatever the other keys say";
  for (const Effect& one : effects()) text += "; " + one.name + ": " + one.meaning;
  return text;
}

Section platform_section() {
  Section platform{"platform", "",    "", "one piece of hardware: linear, input, output and neuron; or digital",
                   {},         false, {}};
  platform.fields = {
      FieldMaker("name", Kind::name, "stands in component paths; each platform its own"),
      FieldMaker("linear", Kind::section, "linear medium").section("linear").optional(),
      FieldMaker("input", Kind::section, "converter before the medium; left out: model none")
          .section("input")
          .optional(),
      FieldMaker("output", Kind::section, "converter behind the medium; left out: model none")
          .section("output")
          .optional(),
      FieldMaker("neuron", Kind::section, "nonlinearity").section("neuron").optional(),
      FieldMaker("digital", Kind::section, "digital baseline, instead of the four above").section("digital").optional(),
      FieldMaker("quasistatic", Kind::section,
                 "the network as springs that inputs strain slowly, instead of the five above")
          .section("quasistatic")
          .optional(),
      choice("precision", {"double", "single", "sixteen_bit"},
             "of the product inside an electronic crossbar, left out: double; sixteen_bit: exact sums of 16-bit "
             "weights times "
             "the codes of a DAC of at most 8 bits; other media have no such choice")
          .optional(),
      FieldMaker("disable", Kind::words, disable_meaning()).choices(effect_names()).optional(),
      FieldMaker("layers", Kind::sections, "layers that are built otherwise; left out: all alike")
          .section("layer")
          .optional(),
      FieldMaker("parts", Kind::sections, "what stands beside the signal path and is known by its figures")
          .section("part")
          .optional(),
      FieldMaker("fault", Kind::section, "an error put in on purpose").section("fault").optional()};
  return platform;
}

Section layer_section() {
  Section layer{"layer", "",    "", "one layer of the network, built otherwise than the rest of its platform",
                {},      false, {}};
  const Section platform = platform_section();
  layer.fields = {FieldMaker("name", Kind::text, "the layer's, as `szilard list layers` prints it")};
  for (const char* key : kLayerKeys) {
    Field field = *platform.find(key);
    field.need = Need::optional;
    field.meaning = std::string("instead of the platform's '") + key + "'; left out: the platform's";
    layer.fields.push_back(std::move(field));
  }
  return layer;
}

Section part_section() {
  Section part{
      "part", "",   "", "parts of one kind, by their figures: buffers, buses, links, rows of a component table",
      {},     true, {}};
  part.fields = {
      FieldMaker("name", Kind::name, "stands in component paths behind PLATFORM/parts and what it stands in"),
      FieldMaker("in", Kind::name,
                 "an earlier part in which it stands: there are `count` in each of those; left out: in the platform")
          .optional(),
      integer("count", 1, 1'000'000'000, "how many").fallback("1").sourced(),
      FieldMaker("mechanism", Kind::name, "under which the ledger books it").fallback("part"),
      quantity("power", Dimension::power, 0, 1e6, "of one, while a sample keeps it busy: `time`, or `during`")
          .optional()
          .sourced(),
      quantity("time", Dimension::time, 1e-12, 1e6, "for which a sample keeps it busy; left out: as `during` says")
          .optional()
          .sourced(),
      choice("during", {"latency", "interval"},
             "latency: from a sample's entry to its end; interval: between samples where they follow one another as "
             "fast as they can")
          .fallback("latency"),
      quantity("energy", Dimension::energy, 0, 1, "of one event in one").optional().sourced(),
      choice("per", {"inference", "input", "output", "product", "mac"},
             "what an event is, in all linear layers; inference: one a sample; input: a value that enters; output: a "
             "value that leaves; product: "
             "of a matrix and a vector; mac: a multiplication and addition")
          .fallback("inference"),
      quantity("area", Dimension::area, 1e-20, 1, "chip area of one; left out: not counted").optional().sourced()};
  return part;
}

std::vector<Section> fault_sections() {
  Section lsb{"fault.one_lsb",
              "fault",
              "one_lsb",
              "adds one to one output of one layer and sample, for tests of the checks",
              {},
              false,
              {}};
  lsb.fields = {FieldMaker("layer", Kind::text, "the layer's name"),
                integer("sample", 0, 1'000'000'000'000, "sample, from 0"),
                integer("index", 0, 1'000'000'000'000, "output of the layer, from 0")};
  Section leak{"fault.energy_leak",
               "fault",
               "energy_leak",
               "books energy as supplied that is never dissipated, for tests of the checks",
               {},
               false,
               {}};
  leak.fields = {FieldMaker("component", Kind::text, "component below the platform, e.g. fc1/driver"),
                 integer("sample", 0, 1'000'000'000'000, "sample, from 0"),
                 quantity("energy", Dimension::energy, 1e-30, 1, "what leaks")};
  Section free{"fault.free_reset",
               "fault",
               "free_reset",
               "resets of one layer's neuron bits cost nothing, for tests of the checks",
               {},
               false,
               {}};
  free.fields = {FieldMaker("layer", Kind::text, "the layer's name")};
  return {lsb, leak, free};
}

std::vector<Section> build() {
  std::vector<Section> all{top_section()};
  const auto append = [&](std::vector<Section> more) { all.insert(all.end(), more.begin(), more.end()); };
  append(data_sections());
  all.push_back(platform_section());
  all.push_back(layer_section());
  all.push_back(part_section());
  append(linear_sections());
  append(optical_sections());
  all.push_back(capacitive_section());
  append(converter_sections());
  append(neuron_sections());
  append(digital_sections());
  all.push_back(quasistatic_section());
  append(training_sections());
  append(fault_sections());
  append(sweep_sections());
  append(statistical_sections());
  append(own_sections());
  return all;
}

std::string in_units(double value, Dimension dimension) {
  return dimension == Dimension::none || dimension == Dimension::ratio ? support::shortest(value)
                                                                       : support::quantity_text(value, dimension);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

Field area_field(const char* key, const char* meaning) {
  return quantity(key, Dimension::area, kLeastArea_m2, kMostArea_m2, meaning).optional().sourced();
}

const Field* Section::find(std::string_view key) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

const std::vector<Section>& sections() {
  static const std::vector<Section> all = build();
  return all;
}

const Section& section(std::string_view id) {
  for (const Section& candidate : sections()) {
    if (candidate.id == id) return candidate;
  }
  throw std::logic_error("no section " + std::string(id));
}

const Section* find_model(std::string_view part, std::string_view model) {
  for (const Section& candidate : sections()) {
    if (!candidate.part.empty() && candidate.part == part && candidate.model == model) return &candidate;
  }
  return nullptr;
}

std::vector<std::string> model_names(std::string_view part) {
  std::vector<std::string> names;
  for (const Section& candidate : sections()) {
    if (!candidate.part.empty() && candidate.part == part) names.push_back(candidate.model);
  }
  return names;
}

std::string selector_of(std::string_view part) { return part == "digital" ? "rtl" : "model"; }

std::string range_text(const Field& field) {
  switch (field.kind) {
    case Kind::integer: {
      if (!field.values.empty()) {
        std::vector<std::string> words;
        for (const auto value : field.values) words.push_back(std::to_string(value));
        return joined(words);
      }
      if (field.most == std::numeric_limits<std::uint64_t>::max()) return "at least " + std::to_string(field.least);
      return std::to_string(field.least) + " to " + std::to_string(field.most);
    }
    case Kind::number:
    case Kind::quantity:
    case Kind::quantities:
      return in_units(field.minimum, field.dimension) + " to " + in_units(field.maximum, field.dimension);
    default:
      return {};
  }
}

std::string type_text(const Field& field) {
  const auto measured = [&](const std::string& what) {
    if (field.dimension == Dimension::ratio) return what + " (plain, % or dB)";
    return what + " of " + std::string(support::dimension_name(field.dimension)) + " in " +
           std::string(support::si_unit(field.dimension));
  };
  const std::string alternative = field.word.empty() ? "" : ", or " + field.word;
  switch (field.kind) {
    case Kind::integer:
      return "integer" + alternative;
    case Kind::number:
      return "number" + alternative;
    case Kind::quantity:
      return measured("quantity") + alternative;
    case Kind::quantities:
      return measured("list of quantities") + alternative;
    case Kind::text:
      return "text";
    case Kind::name:
      return "name";
    case Kind::choice:
      return "one of: " + joined(field.choices);
    case Kind::path:
      return "file";
    case Kind::pairs:
      return "list of pairs of names";
    case Kind::words:
      return "list of: " + joined(field.choices);
    case Kind::scalar:
      return "value";
    case Kind::scalars:
      return "list of values";
    case Kind::section:
      return "section";
    case Kind::sections:
      return "list of sections";
  }
  return {};
}

}  // namespace szilard::scenario
