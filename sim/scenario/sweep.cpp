// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "sim/scenario/field_makers.hpp"
#include "sim/scenario/load_parts.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

const char* const kForms[] = {"list", "linear", "log"};

const Reading* below(const Reading& reading, const char* key) {
  const Value* value = reading.find(key);
  return value && !value->below.empty() ? &value->below.front() : nullptr;
}

bool draws_points(const Reading& sweep) { return !sweep.is("combine", "grid") && !sweep.is("combine", "zip"); }

std::size_t given_forms(const Reading& axis) {
  return std::size_t(std::count_if(std::begin(kForms), std::end(kForms),
                                   [&](const char* form) { return axis.find(form) || axis.failed.count(form); }));
}

void check_axis(const Reading& axis, const Node& root, bool needs_steps, std::set<std::string>& keys, Reader& reader) {
  const Value* key = axis.find("key");
  if (key) {
    std::string hint;
    const Field* field = field_of(root, key->text, hint);
    if (!field)
      reader.error(DiagnosticCode::unknown_key, key->where, "the scenario has no key '" + key->text + "'", hint);
    if (key->text == "seed")
      reader.error(DiagnosticCode::conflict, key->where, "seeds are no axis", "write sweep.seeds: N");
    if (!keys.insert(key->text).second)
      reader.error(DiagnosticCode::conflict, key->where, "'" + key->text + "' varies twice");
    const bool is_number =
        field && (field->kind == Kind::integer || field->kind == Kind::number || field->kind == Kind::quantity);
    if (field && !is_number && (axis.find("linear") || axis.find("log")))
      reader.error(DiagnosticCode::conflict, key->where, "'" + key->text + "' is no number: it takes no range",
                   "write list: [...]");
  }
  if (given_forms(axis) != 1)
    reader.error(DiagnosticCode::conflict, axis.where, "an axis takes one of list, linear and log");
  for (const char* form : {"linear", "log"}) {
    const Reading* range = below(axis, form);
    if (range && needs_steps && !range->find("steps") && !range->failed.count("steps"))
      reader.error(DiagnosticCode::missing_key, range->where, "key 'steps' is missing in range",
                   "only studies that draw their points do without");
  }
}

TextAt text_of(const Node& node) { return {node.text, node.quoted, node.where()}; }

SweepAxis axis_of(const Reading& reading) {
  SweepAxis axis;
  axis.key = reading.at("key").text;
  axis.where = reading.at("key").where;
  if (const Value* list = reading.find("list")) {
    for (const Node& node : list->nodes) axis.list.push_back(text_of(node));
    return axis;
  }
  axis.form = reading.find("linear") ? SweepAxis::Form::linear : SweepAxis::Form::log;
  const Reading& range = *below(reading, axis.form == SweepAxis::Form::linear ? "linear" : "log");
  axis.from = text_of(range.at("from").nodes.front());
  axis.to = text_of(range.at("to").nodes.front());
  if (const Value* steps = range.find("steps")) axis.steps = steps->integer;
  return axis;
}

std::size_t values_of(const Reading& axis) {
  if (const Value* list = axis.find("list")) return list->nodes.size();
  const Reading* range = below(axis, axis.find("linear") ? "linear" : "log");
  const Value* steps = range ? range->find("steps") : nullptr;
  return steps ? std::size_t(steps->integer) : 0;
}

// Without overflow: stops above the limit.
std::size_t product(const std::vector<std::size_t>& factors) {
  constexpr std::size_t kEnough = std::size_t(1) << 60;
  std::size_t total = 1;
  for (const std::size_t factor : factors) total = factor && total > kEnough / factor ? kEnough : total * factor;
  return total;
}

void check_size(const Reading& sweep, Reader& reader) {
  const Value* axes = sweep.find("axes");
  if (!axes || !reader.problems().empty()) return;
  std::vector<std::size_t> counts;
  for (const Reading& axis : axes->below) counts.push_back(values_of(axis));
  if (sweep.is("combine", "zip")) {
    for (std::size_t a = 1; a < counts.size(); ++a)
      if (counts[a] != counts[0])
        return reader.error(DiagnosticCode::conflict, axes->below[a].where,
                            "zip needs axes of equal length: this one has " + std::to_string(counts[a]) +
                                " values, the first " + std::to_string(counts[0]));
    counts.resize(1);
  }
  if (draws_points(sweep)) counts = {std::size_t(sweep.at("points").integer)};
  counts.push_back(std::size_t(sweep.at("seeds").integer));
  const std::size_t total = product(counts);
  if (total > sweep.at("limit").integer)
    reader.error(DiagnosticCode::out_of_range, sweep.where,
                 "the study has " + std::to_string(total) + " points, more than its limit of " +
                     std::to_string(sweep.at("limit").integer),
                 "thin out its axes, or raise sweep.limit");
}

support::Dimension dimension_of_hold(const std::string& hold) {
  if (hold == "energy") return support::Dimension::energy;
  if (hold == "area") return support::Dimension::area;
  return hold == "latency" ? support::Dimension::time : support::Dimension::ratio;
}

void check_iso(const Reading& iso, const Reading& scenario, const Node& root, std::set<std::string>& keys,
               Reader& reader) {
  if (const Value* name = iso.find("platform")) {
    const Value* platforms = scenario.find("platforms");
    const auto is_named = [&](const Reading& platform) {
      const Value* own = platform.find("name");
      return own && own->text == name->text;
    };
    if (platforms && std::none_of(platforms->below.begin(), platforms->below.end(), is_named))
      reader.error(DiagnosticCode::conflict, name->where, "iso: no platform is named '" + name->text + "'");
  }
  const Value* hold = iso.find("hold");
  const Value* at = iso.find("at");
  if (hold && at) {
    const auto parsed = support::parse_quantity(at->nodes.front().text, dimension_of_hold(hold->text));
    if (!parsed.error.empty())
      reader.error(parsed.unit_error ? DiagnosticCode::wrong_unit : DiagnosticCode::bad_number, at->where,
                   "'at': " + parsed.error);
    else if (!(parsed.value > 0) || (hold->text == "accuracy" && parsed.value > 1))
      reader.error(DiagnosticCode::out_of_range, at->where, "'at' cannot be held: " + at->nodes.front().text,
                   hold->text == "accuracy" ? "accuracy lies above 0 and goes to 100 %" : "it lies above 0");
  }
  const Reading* dataset = below(scenario, "dataset");
  if (hold && hold->text == "accuracy" && dataset && !dataset->find("labels") && !dataset->failed.count("labels"))
    reader.error(DiagnosticCode::conflict, hold->where, "iso: accuracy cannot be held without labels",
                 "dataset.labels names their file");
  if (const Reading* vary = below(iso, "vary")) check_axis(*vary, root, true, keys, reader);
}

}  // namespace

// What the table holds apart: the key that selects a model, and the name of a preset.
const Field kChoosing = FieldMaker("model or preset", Kind::text, "which one");

const Field* field_of(const Node& root, const std::string& path, std::string& hint) {
  const Section* here = &section("top");
  const Node* node = &root;
  for (std::size_t at = 0;;) {
    const std::size_t length = std::min(path.find('.', at), path.size()) - at;
    const std::string step = path.substr(at, length);
    const bool is_last = at + length >= path.size();
    const bool chooses = is_last && ((here->takes_preset && step == "preset") ||
                                     (!here->part.empty() && step == selector_of(here->part)));
    const Field* field = chooses ? &kChoosing : here->find(step);
    if (!field) {
      std::vector<std::string> keys;
      for (const Field& other : here->fields) keys.push_back(other.key);
      const std::string near = support::nearest(step, keys);
      hint = near.empty() ? std::string() : "did you mean '" + path.substr(0, at) + near + "'?";
      return nullptr;
    }
    const bool is_below = field->kind == Kind::section || field->kind == Kind::sections;
    if (is_last || !is_below) {
      if (!is_last || is_below) hint = "name one single value";
      return is_last && !is_below ? field : nullptr;
    }
    at += length + 1;
    const Entry* entry = node->find(step);
    if (!entry) {
      hint = "the scenario has no '" + path.substr(0, at - 1) + "'";
      return nullptr;
    }
    node = &entry->value;
    if (field->kind == Kind::sections) {
      const Node* named = nullptr;
      std::size_t taken = 0;
      std::vector<std::string> names;
      for (const Node& item : node->items) {
        const Entry* name = item.find("name");
        if (!name) continue;
        const std::string& text = name->value.text;
        names.push_back(text);
        const bool fits = path.compare(at, text.size() + 1, text + ".") == 0 && text.size() >= taken;
        if (fits) named = &item, taken = text.size();
      }
      if (!named) {
        const std::string near = support::nearest(path.substr(at, path.find('.', at) - at), names);
        hint = near.empty() ? "entries of a list are addressed by their name" : "did you mean '" + near + "'?";
        return nullptr;
      }
      node = named;
      at += taken + 1;
    }
    if (model_names(field->section).empty()) {
      here = &section(field->section);
      continue;
    }
    const Entry* model = node->find(selector_of(field->section));
    here = model ? find_model(field->section, model->value.text) : nullptr;
    if (!here) return nullptr;
  }
}

void check_sweep(const Reading& scenario, const Node& root, Reader& reader) {
  const Reading* sweep = below(scenario, "sweep");
  if (!sweep) return;
  std::set<std::string> keys;
  const bool draws = draws_points(*sweep);
  const Value* points = sweep->find("points");
  if (draws && !points && !sweep->failed.count("points"))
    reader.error(DiagnosticCode::missing_key, sweep->where,
                 "key 'points' is missing in sweep: how many points are drawn");
  if (!draws && points)
    reader.error(DiagnosticCode::conflict, points->where, "'points' is for studies that draw their points",
                 "combine: random, latin_hypercube or sobol");
  if (const Value* axes = sweep->find("axes"))
    for (const Reading& axis : axes->below) check_axis(axis, root, !draws, keys, reader);
  if (const Reading* iso = below(*sweep, "iso")) check_iso(*iso, scenario, root, keys, reader);
  check_size(*sweep, reader);
}

std::optional<Sweep> sweep_of(const Reading& scenario) {
  const Reading* reading = below(scenario, "sweep");
  if (!reading) return std::nullopt;
  Sweep sweep;
  sweep.where = reading->where;
  for (const Reading& axis : reading->at("axes").below) sweep.axes.push_back(axis_of(axis));
  const std::pair<const char*, Sweep::Combine> kinds[] = {{"grid", Sweep::Combine::grid},
                                                          {"zip", Sweep::Combine::zip},
                                                          {"random", Sweep::Combine::random},
                                                          {"latin_hypercube", Sweep::Combine::latin_hypercube},
                                                          {"sobol", Sweep::Combine::sobol}};
  for (const auto& [name, kind] : kinds)
    if (reading->is("combine", name)) sweep.combine = kind;
  if (const Value* points = reading->find("points")) sweep.points = points->integer;
  sweep.seeds = reading->at("seeds").integer;
  sweep.limit = reading->at("limit").integer;
  if (const Reading* iso = below(*reading, "iso")) {
    IsoSpec spec;
    const std::string hold = iso->at("hold").text;
    spec.hold = hold == "accuracy" ? IsoSpec::Hold::accuracy
                : hold == "energy" ? IsoSpec::Hold::energy
                : hold == "area"   ? IsoSpec::Hold::area
                                   : IsoSpec::Hold::latency;
    spec.platform = iso->at("platform").text;
    spec.at = support::parse_quantity(iso->at("at").nodes.front().text, dimension_of_hold(hold)).value;
    spec.vary = axis_of(*below(*iso, "vary"));
    sweep.iso = std::move(spec);
  }
  return sweep;
}

}  // namespace szilard::scenario
