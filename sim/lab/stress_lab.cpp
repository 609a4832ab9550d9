// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/stress_lab.hpp"

#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/support/diagnostics.hpp"

namespace szilard::lab {
namespace {

using Json = nlohmann::ordered_json;
using quasistatic::LayerGradient;
using support::DiagnosticCode;
using support::InputError;
using support::SignalBlock;

/// Targets come in the order of the graph's output, units in that of the last layer.
SignalBlock in_order_of_units(const SignalBlock& targets, const BenchNetwork& bench, const std::string& path) {
  const std::size_t units = bench.network.layers.back().delivered();
  if (bench.output_indices.empty()) return targets;
  if (bench.output_indices.size() != units)
    throw InputError(DiagnosticCode::unsupported_network, {path, 1, 1},
                     "the network's output leaves out units of its last layer");
  SignalBlock out = targets.sibling(units);
  for (std::size_t i = 0; i < units; ++i)
    std::copy(targets.row(i), targets.row(i) + targets.stride(), out.row(std::size_t(bench.output_indices[i])));
  return out;
}

Json weights_of(const std::vector<LayerGradient>& gradient) {
  Json layers = Json::array();
  for (const LayerGradient& layer : gradient) {
    Json rows = Json::array();
    for (Eigen::Index i = 0; i < layer.weights.rows(); ++i) {
      Json row = Json::array();
      for (Eigen::Index k = 0; k < layer.weights.cols(); ++k) row.push_back(layer.weights(i, k));
      rows.push_back(std::move(row));
    }
    layers.push_back(std::move(rows));
  }
  return layers;
}

Json biases_of(const std::vector<LayerGradient>& gradient) {
  Json layers = Json::array();
  for (const LayerGradient& layer : gradient) layers.push_back(layer.bias);
  return layers;
}

}  // namespace

StressResult run_stress(const StressRequest& request) {
  if (request.ratio && !(*request.ratio > 0 && std::isfinite(*request.ratio)))
    throw InputError(DiagnosticCode::out_of_range, {"command line", 1, 1},
                     "--stiffness-ratio must be positive and finite");
  if (!(request.kT >= 0 && std::isfinite(request.kT)))
    throw InputError(DiagnosticCode::out_of_range, {"command line", 1, 1}, "--kT must be finite and not negative");
  BenchNetwork bench = load_bench_network(request.network, request.stiffness, request.friction);
  if (request.ratio) bench.network = quasistatic::with_stiffness_ratio(std::move(bench.network), *request.ratio);
  const SignalBlock inputs = load_samples(request.input, bench.network.inputs(), "--input: inputs");
  SignalBlock targets = load_samples(request.target, bench.network.layers.back().delivered(), "--target: targets");
  if (targets.samples() != inputs.samples())
    throw InputError(
        DiagnosticCode::shape_mismatch, {request.target, 1, 1},
        std::to_string(targets.samples()) + " targets for " + std::to_string(inputs.samples()) + " inputs");
  targets = in_order_of_units(targets, bench, request.network);
  StressResult result;
  result.samples = inputs.samples();
  try {
    const quasistatic::ClampedState clamped = quasistatic::relax_clamped(bench.network, inputs, targets);
    result.relaxation = quasistatic::stress_gradient(bench.network, inputs, clamped);
    result.residual = clamped.residual;
    result.kinks = clamped.kinks.size();
    for (double energy : clamped.energy) result.energy_min += energy / double(result.samples);
    quasistatic::Backpropagation digital = quasistatic::backpropagate(bench.network, inputs, targets);
    result.backprop = std::move(digital.gradient);
    result.loss = digital.loss;
    result.deviation = quasistatic::relative_deviation(result.relaxation, result.backprop);
    if (request.kT > 0)
      result.warm = quasistatic::warm_stress(bench.network, inputs, targets, request.kT, request.paths, request.time,
                                             request.seed);
    double weights = 0;
    for (const quasistatic::Layer& layer : bench.network.layers) weights += double(layer.map.weights.size());
    result.operations_per_parameter = double(digital.operations) / (weights * double(result.samples));
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::unsupported_network, {request.network, 1, 1}, error.what());
  }
  return result;
}

std::string stress_json(const StressRequest& request, const StressResult& result) {
  Json out;
  out["samples"] = result.samples;
  out["stiffness_ratio"] = request.ratio ? Json(*request.ratio) : Json(nullptr);
  out["energy_min"] = result.energy_min;
  out["loss"] = result.loss;
  out["gradient_relaxation"] = weights_of(result.relaxation);
  out["gradient_backprop"] = weights_of(result.backprop);
  out["bias_gradient_relaxation"] = biases_of(result.relaxation);
  out["bias_gradient_backprop"] = biases_of(result.backprop);
  out["relative_deviation"] = result.deviation;
  out["relaxation_residual"] = result.residual;
  out["units_on_kinks"] = result.kinks;
  if (result.warm) {
    out["temperature_kT"] = request.kT;
    out["gradient_warm"] = result.warm->weights;
    out["gradient_warm_standard_error"] = result.warm->weights_error;
    out["bias_gradient_warm"] = result.warm->bias;
    out["bias_gradient_warm_standard_error"] = result.warm->bias_error;
  }
  out["operations_per_parameter"] = result.operations_per_parameter;
  return out.dump();
}

void print_stress(std::ostream& out, const StressResult& result) {
  const auto row = [&](const char* name, double value) {
    out << std::left << std::setw(44) << name << std::setprecision(7) << value << '\n';
  };
  out << result.samples << (result.samples == 1 ? " sample" : " samples") << ", means\n\n";
  row("energy of the clamped network, kT", result.energy_min);
  row("squared error of the free network, kT", result.loss);
  row("deviation of the stresses from the gradient", result.deviation);
  row("force left over the largest pull", result.residual);
  if (result.kinks > 0) row("units held at the kink of their ReLU", double(result.kinks));
  out << "\nlayer  |stress gradient|  |back-propagation|\n";
  for (std::size_t l = 0; l < result.relaxation.size(); ++l)
    out << std::left << std::setw(7) << l + 1 << std::setw(19) << result.relaxation[l].weights.norm()
        << result.backprop[l].weights.norm() << '\n';
}

}  // namespace szilard::lab
