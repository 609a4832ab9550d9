// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "models/support/units.hpp"
#include "sim/scenario/build.hpp"

namespace szilard::scenario {

using support::DiagnosticCode;

namespace {

const Reading* below(const Reading& reading, const char* key) {
  const Value* value = reading.find(key);
  return value && !value->below.empty() ? &value->below.front() : nullptr;
}

}  // namespace

void check_capacitive(const Reading& platform, const Reading& linear, Reader& reader) {
  const Reading* input = below(platform, "input");
  if (input && input->section->model != "none") {
    reader.error(DiagnosticCode::conflict, platform.at("input").where,
                 "rows of a capacitive_crossbar take bits, which need no '" + input->section->model + "'",
                 "leave input out: input_bits says how many");
  }
  const Reading* output = below(platform, "output");
  if (output && output->section->model == "none") {
    reader.error(DiagnosticCode::conflict, linear.where,
                 "columns of a capacitive_crossbar are converted bit by bit, which needs ADCs",
                 "add output: {model: adc}");
  }
  const Value* range = output ? output->find("range") : nullptr;
  if (range && range->text != "maximum") {
    reader.error(DiagnosticCode::conflict, range->where,
                 "'range' of the ADCs has no meaning where an output takes several conversions",
                 "columns have one of their own: conversion_range");
  }
  const Value *bits = linear.find("weight_bits"), *columns = linear.find("columns");
  if (bits && columns && bits->integer > columns->integer) {
    reader.error(DiagnosticCode::conflict, bits->where,
                 "a weight of " + std::to_string(bits->integer) + " bits takes as many columns, and a tile has " +
                     std::to_string(columns->integer));
  }
  for (const char* key : {"input_bits", "weight_bits"}) {
    const Value* value = linear.find(key);
    if (value && value->integer == 1 && linear.find("product") && linear.is("product", "and")) {
      reader.error(DiagnosticCode::conflict, value->where,
                   std::string("'") + key + "' of 1 leaves no bit beside the sign", "take 2 or more, or product: xnor");
    }
  }
}

void check_parts(const Value& parts, Reader& reader) {
  constexpr double kMostParts = 1e9;
  std::map<std::string, double> counts;
  for (const Reading& part : parts.below) {
    const Value *name = part.find("name"), *in = part.find("in"), *count = part.find("count");
    double all = count ? static_cast<double>(count->integer) : 1.0;
    if (in) {
      const auto whole = counts.find(in->text);
      if (whole == counts.end()) {
        std::vector<std::string> known;
        for (const auto& one : counts) known.push_back(one.first);
        const std::string near = support::nearest(in->text, known);
        reader.error(DiagnosticCode::unknown_choice, in->where, "no earlier part is named '" + in->text + "'",
                     near.empty() ? "parts stand in ones that come before them" : "did you mean '" + near + "'?");
      } else {
        all *= whole->second;
      }
    }
    if (all > kMostParts && count)
      reader.error(DiagnosticCode::out_of_range, count->where, "more than 1e9 parts, those that it stands in counted");
    if (name && !counts.emplace(name->text, all).second)
      reader.error(DiagnosticCode::duplicate_key, name->where, "two parts are named '" + name->text + "'");
    if (const Value* time = part.find("time"); time && !part.find("power") && !part.failed.count("power"))
      reader.error(DiagnosticCode::conflict, time->where, "'time' has no meaning without 'power'",
                   "an event's energy takes no time");
  }
}

}  // namespace szilard::scenario
