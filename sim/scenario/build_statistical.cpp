// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "sim/scenario/build.hpp"
#include "sim/scenario/statistical.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

DrawnLayer layer_of(const Reading& reading) {
  DrawnLayer layer;
  layer.name = reading.at("name").text;
  layer.where = reading.where;
  layer.inputs = reading.at("inputs").integer;
  layer.outputs = reading.at("outputs").integer;
  layer.count = reading.at("count").integer;
  layer.parallel = reading.at("parallel").integer;
  layer.has_relu = reading.is("relu", "true");
  if (const Value* activity = reading.find("activity")) layer.activity = activity->number;
  if (const Value* spread = reading.find("activity_spread")) layer.activity_spread = spread->number;
  if (const Value* active = reading.find("input_activity")) layer.input_activity = active->number;
  layer.signed_inputs = reading.is("signed_inputs", "true");
  layer.input_limit = reading.at("input_limit").number;
  if (reading.is("weights", "uniform")) layer.weights = WeightLaw::uniform;
  if (reading.is("weights", "laplace")) layer.weights = WeightLaw::laplace;
  layer.weight_limit = reading.at("weight_limit").number;
  return layer;
}

void check_layer(const Reading& layer, Reader& reader) {
  const bool has_relu = layer.is("relu", "true");
  const Value* activity = layer.find("activity");
  const Value* spread = layer.find("activity_spread");
  if (has_relu && !activity && !layer.failed.count("activity"))
    reader.error(DiagnosticCode::missing_key, layer.where, "key 'activity' is missing in drawn_layer",
                 "relu: true needs it");
  if (!has_relu && activity && !layer.failed.count("relu"))
    reader.error(DiagnosticCode::conflict, activity->where, "'activity' is that of neurons", "relu: true");
  if (!activity || !spread || !has_relu) return;
  const double p = activity->number, deviation = spread->number;
  if (deviation > 0 && !(deviation * deviation < p * (1 - p)))
    reader.error(DiagnosticCode::out_of_range, spread->where,
                 "'activity_spread' must stay below the root of p (1 - p), p the activity",
                 "at that spread every neuron would be always on or always off");
}

}  // namespace

void check_statistical(const Reading& scenario, Reader& reader) {
  const Value* statistical = scenario.find("statistical");
  if (!statistical) return;
  const Reading& section = statistical->below.front();
  const Value* layers = section.find("layers");
  if (!layers) {
    if (section.failed.count("layers")) return;
    for (const char* key : {"network", "dataset"})
      if (!scenario.find(key) && !scenario.failed.count(key))
        reader.error(DiagnosticCode::missing_key, scenario.where,
                     std::string("key '") + key + "' is missing at the top level",
                     "only statistical.layers do without");
    return;
  }
  for (const char* key : {"network", "dataset", "calibration", "compare", "training"}) {
    const Value* other = scenario.find(key);
    if (!other) continue;
    const Value* pairs =
        key == std::string("compare") && !other->below.empty() ? other->below.front().find("pairs") : nullptr;
    const bool is_empty = pairs && pairs->pairs.empty();  // as a resolved scenario writes it out
    if (!is_empty)
      reader.error(DiagnosticCode::conflict, other->where,
                   std::string("'") + key + "' and statistical.layers exclude one another",
                   "layers are drawn, not read");
  }
  std::set<std::string> names;
  for (const Reading& layer : layers->below) {
    check_layer(layer, reader);
    const Value* name = layer.find("name");
    if (name && !names.insert(name->text).second)
      reader.error(DiagnosticCode::duplicate_key, name->where, "two layers are named '" + name->text + "'");
  }
  if (const Value* platforms = scenario.find("platforms"))
    for (const Reading& platform : platforms->below)
      if (const Value* springs = platform.find("quasistatic"))
        reader.error(DiagnosticCode::conflict, springs->where, "a quasi-static network cannot be cut into layers",
                     "leave statistical.layers out, or the platform");
}

std::shared_ptr<const StatisticalSpec> statistical_of(const Reading& reading) {
  const auto spec = std::make_shared<StatisticalSpec>();
  spec->always = reading.is("always", "true");
  spec->draws = reading.at("draws").integer;
  spec->samples = reading.at("samples").integer;
  if (const Value* block = reading.find("block")) spec->block = block->integer;
  if (const Value* confidence = reading.find("confidence")) spec->confidence = confidence->number;
  spec->seed = reading.at("seed").integer;
  if (const Value* layers = reading.find("layers"))
    for (const Reading& layer : layers->below) spec->layers.push_back(layer_of(layer));
  return spec;
}

}  // namespace szilard::scenario
