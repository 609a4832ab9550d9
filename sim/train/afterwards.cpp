// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "models/support/philox.hpp"
#include "models/training/drag.hpp"
#include "sim/train/parts.hpp"

namespace szilard::train {
namespace {

template <typename Visit>
void for_parameters(quasistatic::Network& network, bool biases, const Visit& visit) {
  for (quasistatic::Layer& layer : network.layers) {
    for (Eigen::Index i = 0; i < layer.map.weights.size(); ++i) visit(layer.map.weights.data()[i]);
    for (std::size_t o = 0; biases && o < layer.map.bias.size(); ++o) visit(layer.map.bias[o]);
  }
}

/// A free machine has no mean force on its parameters (its free energy does not depend on them): they only diffuse, by
/// 2 kT mu t.
std::vector<FreezePoint> drift(const scenario::TrainingSpec& spec, const training::TrainingRequest& request,
                               const quasistatic::Network& trained, const training::Entries& tests) {
  std::vector<FreezePoint> out;
  const support::RandomStream random(request.seed, support::stream_of("training/freeze"));
  for (double share : {1e-4, 1e-3, 1e-2, 1e-1, 1.0}) {
    FreezePoint point;
    point.time_tau = share * spec.freeze->time_tau;
    const double sigma = std::sqrt(2 * request.mobility * spec.freeze->mobility * point.time_tau);
    quasistatic::Network moved = trained;
    std::uint32_t index = 0;
    double squares = 0;
    for_parameters(moved, spec.biases, [&](double& parameter) {
      const double step = sigma * random.gaussian(0, index++);
      parameter += step;
      squares += step * step;
    });
    point.rms_move = std::sqrt(squares / double(index));
    point.accuracy = quality(moved, tests).accuracy;
    out.push_back(point);
  }
  return out;
}

}  // namespace

quasistatic::Network as_written(quasistatic::Network network) {
  for_parameters(network, true, [](double& parameter) { parameter = double(float(parameter)); });
  return network;
}

std::optional<Crossover> crossover_of(const Result& result) {
  const TemperatureResult* cold = nullptr;
  std::vector<const TemperatureResult*> warm;
  for (const TemperatureResult& one : result.temperatures) {
    if (one.temperature_k == 0) cold = &one;
    else warm.push_back(&one);
  }
  if (!cold) return std::nullopt;
  std::sort(warm.begin(), warm.end(), [](const auto* a, const auto* b) { return a->temperature_k < b->temperature_k; });
  warm.insert(warm.begin(), cold);
  const auto mean = [](const TemperatureResult& of, const auto& figure) {
    double sum = 0;
    for (const MachineResult& machine : of.machines) sum += figure(machine);
    return sum / double(of.machines.size());
  };
  const auto excess = [](const MachineResult& machine) { return machine.excess_loss; };
  const auto heat = [&](const MachineResult& machine) {
    return machine.stationary.ledger.parameters / double(machine.stationary.presentations);
  };
  const auto crossing = [&](const auto& excess_of, const auto& heat_of, Crossover& out) {
    const double least = 2 * excess_of(*cold);
    for (std::size_t i = 1; i < warm.size(); ++i) {
      const double low = excess_of(*warm[i - 1]), high = excess_of(*warm[i]);
      if (!(low <= least && high > least)) continue;
      const double share = (least - low) / (high - low);
      out.temperature_k = warm[i - 1]->temperature_k + share * (warm[i]->temperature_k - warm[i - 1]->temperature_k);
      const double there = heat_of(*warm[i - 1]) + share * (heat_of(*warm[i]) - heat_of(*warm[i - 1]));
      out.heat_per_NDkT = there / (double(result.parameters) * out.temperature_k / result.temperature_k);
      return true;
    }
    return false;
  };
  Crossover out;
  if (!crossing([&](const TemperatureResult& t) { return mean(t, excess); },
                [&](const TemperatureResult& t) { return mean(t, heat); }, out))
    return std::nullopt;
  // Leaving out one machine at a time gives the standard errors (jackknife).
  const std::size_t machines = cold->machines.size();
  double t_square = 0, h_square = 0;
  for (std::size_t left = 0; left < machines && machines > 1; ++left) {
    const auto without = [&](const TemperatureResult& t, const auto& figure) {
      return (mean(t, figure) * double(machines) - figure(t.machines[left])) / double(machines - 1);
    };
    Crossover one;
    if (!crossing([&](const TemperatureResult& t) { return without(t, excess); },
                  [&](const TemperatureResult& t) { return without(t, heat); }, one))
      return out;
    t_square += std::pow(one.temperature_k - out.temperature_k, 2);
    h_square += std::pow(one.heat_per_NDkT - out.heat_per_NDkT, 2);
  }
  const double factor = double(machines - 1) / double(machines);
  out.standard_error_k = std::sqrt(factor * t_square);
  out.heat_per_NDkT_error = std::sqrt(factor * h_square);
  return out;
}

void afterwards(const scenario::TrainingSpec& spec, const training::TrainingRequest& request,
                const quasistatic::Network& like, const training::Entries& tests, Result& result) {
  quasistatic::Network trained = result.temperatures.front().networks.front();
  double squares = 0, count = 0;
  for_parameters(trained, spec.biases, [&](double& parameter) { squares += parameter * parameter, ++count; });
  result.parameter_rms = std::sqrt(squares / count);
  if (spec.freeze) result.freeze = drift(spec, request, trained, tests);
  if (!spec.copy) return;
  quasistatic::Network other = request.random_start ? training::random_start(like, request.seed, spec.machines) : like;
  std::vector<double> from, to;
  for_parameters(other, spec.biases, [&](double& parameter) { from.push_back(parameter); });
  for_parameters(trained, spec.biases, [&](double& parameter) { to.push_back(parameter); });
  training::DragRequest drag;
  drag.mobility = request.mobility;
  drag.stiffness = 1 / (request.mobility * spec.parameter_tau);
  drag.time = spec.copy->time_tau;
  drag.seed = request.seed;
  const training::DragResult dragged = training::drag(from, to, drag);
  CopyResult copy;
  copy.drag_j = result.kT_j * dragged.work;
  copy.heat_j = result.kT_j * dragged.heat;
  copy.stored_j = result.kT_j * dragged.stored;
  double error = 0;
  for (std::size_t i = 0; i < to.size(); ++i) error += std::pow(dragged.parameters[i] - to[i], 2);
  copy.rms_error = std::sqrt(error / count);
  std::size_t next = 0;
  for_parameters(other, spec.biases, [&](double& parameter) { parameter = dragged.parameters[next++]; });
  if (tests.count > 0) copy.accuracy = quality(other, tests).accuracy;
  copy.writing_j = spec.copy->energy_j ? count * spec.copy->energy_j->value : 0;
  copy.digital_j = 16 * count * result.kT_j * std::log(2.0);
  result.copy = copy;
}

}  // namespace szilard::train
