// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "models/support/atomic_file.hpp"
#include "models/support/units.hpp"
#include "sim/network/write_onnx.hpp"
#include "sim/scenario/training.hpp"
#include "sim/train/train.hpp"

namespace szilard::train {
namespace {

using Json = nlohmann::ordered_json;
using support::shortest;

struct Mean {
  double value = 0, error = 0;
};

template <typename Items, typename Figure>
Mean mean_of(const Items& items, const Figure& figure) {
  Mean out;
  const double n = double(items.size());
  for (const auto& item : items) out.value += figure(item) / n;
  for (const auto& item : items) out.error += std::pow(figure(item) - out.value, 2);
  out.error = n > 1 ? std::sqrt(out.error / (n - 1) / n) : 0;
  return out;
}

void put(Json& out, const std::string& key, const Mean& mean) {
  out[key] = mean.value;
  out[key + "_standard_error"] = mean.error;
}

double presentations_of(const MachineResult& machine) { return double(machine.stationary.presentations); }

/// kT at which the parameters' own noise is as strong as that of the entries, Eq. 12 = Eq. 14 summed over parameters;
/// in kT.
double crossover_kT(const Result& result, double variance) {
  return result.mobility * result.stationary_share * result.exposure_tau * variance / (2 * double(result.parameters));
}

double heat_rate(const MachineResult& machine) {
  return machine.stationary.ledger.parameters / presentations_of(machine);
}

Json energies_json(const Result& result, const TemperatureResult& temperature) {
  Json out;
  const auto joules = [&](double training::MachineLedger::*entry) {
    return mean_of(temperature.machines, [&](const MachineResult& m) { return result.kT_j * (m.ledger.*entry); });
  };
  put(out, "supplied_J", joules(&training::MachineLedger::supplied));
  put(out, "parameters_J", joules(&training::MachineLedger::parameters));
  put(out, "neurons_J", joules(&training::MachineLedger::neurons));
  put(out, "stored_J", joules(&training::MachineLedger::stored));
  double closure = 0;
  for (const MachineResult& m : temperature.machines) {
    const double scale =
        std::max({std::abs(m.ledger.supplied), std::abs(m.ledger.parameters), std::abs(m.ledger.neurons), 1e-300});
    closure = std::max(closure,
                       std::abs(m.ledger.supplied - m.ledger.parameters - m.ledger.neurons - m.ledger.stored) / scale);
  }
  out["closure"] = closure;
  const double kT = temperature.temperature_k / result.temperature_k;
  const double NDkT = double(result.parameters) * double(result.presentations) * kT;
  const auto per_NDkT = [&](const auto& energy) -> Json {
    return kT > 0 ? Json(mean_of(temperature.machines, energy).value / NDkT) : Json(nullptr);
  };
  out["parameters_per_NDkT"] = per_NDkT([](const MachineResult& m) { return m.ledger.parameters; });
  out["all_per_NDkT"] = per_NDkT([](const MachineResult& m) { return m.ledger.parameters + m.ledger.neurons; });
  return out;
}

Json stationary_json(const Result& result, const TemperatureResult& temperature) {
  Json out;
  out["presentations"] = temperature.machines.front().stationary.presentations;
  put(out, "parameters_J_per_presentation",
      mean_of(temperature.machines, [&](const MachineResult& m) { return result.kT_j * heat_rate(m); }));
  put(out, "neurons_J_per_presentation", mean_of(temperature.machines, [&](const MachineResult& m) {
        return result.kT_j * m.stationary.ledger.neurons / presentations_of(m);
      }));
  put(out, "excess_loss_J",
      mean_of(temperature.machines, [&](const MachineResult& m) { return result.kT_j * m.excess_loss; }));
  put(out, "force_square_over_variance", mean_of(temperature.machines, [](const MachineResult& m) {
        return m.stationary.force_square / m.stationary.force_variance;
      }));
  put(out, "parameter_variance",
      mean_of(temperature.machines, [](const MachineResult& m) { return m.stationary.parameter_variance; }));
  put(out, "noise_crossover_K", mean_of(temperature.machines, [&](const MachineResult& m) {
        return result.temperature_k * crossover_kT(result, m.stationary.force_variance);
      }));
  put(out, "heat_per_NDkT_at_noise_crossover", mean_of(temperature.machines, [&](const MachineResult& m) {
        return heat_rate(m) / (double(result.parameters) * crossover_kT(result, m.stationary.force_variance));
      }));
  // Every single parameter's noise below its data's: the least variance decides. Null where some parameter feels no
  // entry.
  const bool all = std::all_of(temperature.machines.begin(), temperature.machines.end(),
                               [](const MachineResult& m) { return m.stationary.least_force_variance > 0; });
  out["heat_per_NDkT_at_strictest_crossover"] =
      all ? Json(mean_of(temperature.machines,
                         [&](const MachineResult& m) {
                           const double kT = result.mobility * result.stationary_share * result.exposure_tau *
                                             m.stationary.least_force_variance / 2;
                           return heat_rate(m) / (double(result.parameters) * kT);
                         })
                     .value)
          : Json(nullptr);
  return out;
}

Json temperature_json(const Result& result, const TemperatureResult& temperature) {
  Json out;
  out["name"] = temperature.name;
  out["temperature_K"] = temperature.temperature_k;
  if (result.has_tests)
    put(out, "test_accuracy", mean_of(temperature.machines, [](const MachineResult& m) { return m.tested.accuracy; }));
  put(out, "train_accuracy", mean_of(temperature.machines, [](const MachineResult& m) { return m.trained.accuracy; }));
  put(out, "train_loss_J",
      mean_of(temperature.machines, [&](const MachineResult& m) { return result.kT_j * m.trained.loss; }));
  out["energy"] = energies_json(result, temperature);
  out["stationary"] = stationary_json(result, temperature);
  out["steps_per_presentation"] =
      double(temperature.steps) / double(result.presentations) / double((result.machines + 7) / 8 * 8);
  return out;
}

Json baseline_json(const Result& result) {
  Json out;
  const training::Operations& counted = result.baseline.operations;
  const double weights = double(result.parameters), samples = double(counted.samples);
  out["rate"] = result.baseline.rate;
  if (result.has_tests)
    put(out, "test_accuracy", mean_of(result.baseline.tested, [](const training::Quality& q) { return q.accuracy; }));
  put(out, "train_accuracy", mean_of(result.baseline.trained, [](const training::Quality& q) { return q.accuracy; }));
  put(out, "train_loss_J",
      mean_of(result.baseline.trained, [&](const training::Quality& q) { return result.kT_j * q.loss; }));
  out["operations"] = {
      {"forward", counted.forward}, {"gradient", counted.gradient}, {"errors", counted.errors}, {"bias", counted.bias}};
  out["operations_per_weight_and_sample"] = double(counted.products()) / (double(counted.forward) / 2);
  out["operations_per_parameter_and_sample"] = double(counted.products() + counted.bias) / (weights * samples);
  out["active_parameters"] = double(counted.touched) / samples;
  return out;
}

/// Eqs. 16 and 17 at the scenario's temperature, for this many parameters and presentations.
Json bounds_json(const Result& result) {
  Json out;
  const double n = double(result.parameters), d = double(result.presentations), kT = result.kT_j, ln2 = std::log(2.0);
  const training::Operations& counted = result.baseline.operations;
  const double active = double(counted.touched) / double(counted.samples);
  out["analog_eq16_J"] = 2 * n * d * kT;
  out["digital_eq17_paper_J"] = 1e2 * active * d * kT;
  out["digital_eq17_formula_J"] = 6 * 16 * ln2 * active * d * kT;
  out["digital_dense_J"] = 6 * 16 * ln2 * n * d * kT;
  out["digital_counted_J"] = 16 * ln2 * kT * double(counted.products() + counted.bias);
  out["digital_over_analog"] = 6 * 16 * ln2 * active / (2 * n);
  return out;
}

void write_ledger(const std::string& path, const Result& result) {
  support::AtomicFile file(path);
  file.write("sample,component,mechanism,fate,origin,joules\n");
  for (const TemperatureResult& temperature : result.temperatures) {
    training::MachineLedger before;
    for (std::size_t pass = 0; pass < temperature.passes.size(); ++pass) {
      const training::MachineLedger& after = temperature.passes[pass];
      const auto row = [&](const char* component, const char* mechanism, const char* fate,
                           double training::MachineLedger::*entry) {
        file.write(std::to_string(pass) + "," + temperature.name + "/" + component + "," + mechanism + "," + fate +
                   ",computed," + shortest(result.kT_j * (after.*entry - before.*entry)) + "\n");
      };
      row("clamps", "entry_switch", "supplied", &training::MachineLedger::supplied);
      row("neurons", "relaxation", "dissipated", &training::MachineLedger::neurons);
      row("parameters", "annealing", "dissipated", &training::MachineLedger::parameters);
      row("springs", "strain", "stored", &training::MachineLedger::stored);
      before = after;
    }
  }
  file.commit();
}

std::string onnx_text(const quasistatic::Network& network, const std::string& name) {
  std::vector<network::DenseLayer> layers;
  for (const quasistatic::Layer& layer : network.layers) {
    const char* const operators[] = {"", "Relu", "Tanh", "Sigmoid"};
    layers.push_back({layer.map.name, layer.map.weights, layer.map.bias, operators[int(layer.activation)]});
  }
  return network::onnx_of(layers, name);
}

}  // namespace

std::string result_json(const scenario::Scenario& scenario, const Result& result) {
  Json out;
  out["schema"] = "szilard.training/1";
  out["scenario"] = {{"name", scenario.name}, {"seed", scenario.seed}, {"temperature_K", scenario.temperature_k}};
  out["entries"] = result.entries;
  out["presentations"] = result.presentations;
  out["machines"] = result.machines;
  out["parameters"] = result.parameters;
  out["mobility_tau_kT"] = result.mobility;
  out["baseline"] = baseline_json(result);
  out["bounds"] = bounds_json(result);
  out["temperatures"] = Json::array();
  for (const TemperatureResult& temperature : result.temperatures)
    out["temperatures"].push_back(temperature_json(result, temperature));
  out["crossover"] = nullptr;
  if (result.crossover) {
    const Crossover& seen = *result.crossover;
    out["crossover"] = {{"temperature_K", seen.temperature_k},
                        {"temperature_K_standard_error", seen.standard_error_k},
                        {"heat_per_NDkT", seen.heat_per_NDkT},
                        {"heat_per_NDkT_standard_error", seen.heat_per_NDkT_error}};
  }
  out["parameter_rms"] = result.parameter_rms;
  out["freeze"] = Json::array();
  for (const FreezePoint& point : result.freeze)
    out["freeze"].push_back({{"name", shortest(point.time_tau) + "tau"},
                             {"time_tau", point.time_tau},
                             {"rms_move", point.rms_move},
                             {"accuracy", point.accuracy}});
  out["copy"] = nullptr;
  if (result.copy)
    out["copy"] = {{"drag_J", result.copy->drag_j},
                   {"drag_heat_J", result.copy->heat_j},
                   {"stored_J", result.copy->stored_j},
                   {"rms_error", result.copy->rms_error},
                   {"accuracy", result.copy->accuracy ? Json(*result.copy->accuracy) : Json()},
                   {"writing_J", result.copy->writing_j},
                   {"digital_landauer_J", result.copy->digital_j}};
  return out.dump(2) + "\n";
}

void print(std::ostream& out, const scenario::Scenario& scenario, const Result& result) {
  const auto joules = [](double energy_j) { return support::engineering(energy_j, "J", 3); };
  const auto percent = [](const Mean& mean) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(2) << 100 * mean.value << (mean.error > 0 ? " +- " : "");
    if (mean.error > 0) text << 100 * mean.error;
    return text.str() + " %";
  };
  out << scenario.name << ": " << result.machines << (result.machines == 1 ? " machine" : " machines") << " of "
      << result.parameters << " parameters, " << result.presentations << " presentations of " << result.entries
      << " entries\n\n";
  out << std::left << std::setw(12) << "bath" << std::setw(20) << "right, test" << std::setw(20) << "right, training"
      << std::setw(14) << "loss" << std::setw(14) << "parameters" << std::setw(14) << "neurons"
      << "heat/(N D kT)\n";
  for (const TemperatureResult& t : result.temperatures) {
    const Json energy = energies_json(result, t);
    out << std::setw(12) << t.name;
    out << std::setw(20)
        << (result.has_tests ? percent(mean_of(t.machines, [](const MachineResult& m) { return m.tested.accuracy; }))
                             : "-");
    out << std::setw(20) << percent(mean_of(t.machines, [](const MachineResult& m) { return m.trained.accuracy; }));
    out << std::setw(14)
        << joules(mean_of(t.machines, [&](const MachineResult& m) { return result.kT_j * m.trained.loss; }).value);
    out << std::setw(14) << joules(energy["parameters_J"]) << std::setw(14) << joules(energy["neurons_J"]);
    if (energy["parameters_per_NDkT"].is_null()) out << "-\n";
    else out << std::setprecision(4) << double(energy["parameters_per_NDkT"]) << '\n';
  }
  const Json baseline = baseline_json(result), bounds = bounds_json(result);
  out << std::setw(12) << "software";
  out << std::setw(20)
      << (result.has_tests
              ? percent(mean_of(result.baseline.tested, [](const training::Quality& q) { return q.accuracy; }))
              : "-");
  out << std::setw(20)
      << percent(mean_of(result.baseline.trained, [](const training::Quality& q) { return q.accuracy; }));
  out << joules(baseline["train_loss_J"]) << "\n\n";
  out << "software: " << shortest(double(baseline["operations_per_weight_and_sample"]))
      << " operations a weight and sample counted, "
      << shortest(std::round(10 * double(baseline["active_parameters"])) / 10) << " parameters active a sample\n";
  out << "least of this training: analog, Eq. 16, " << joules(bounds["analog_eq16_J"]) << "; digital, Eq. 17, "
      << joules(bounds["digital_eq17_formula_J"])
      << " (1e2 N D kT as printed: " << joules(bounds["digital_eq17_paper_J"]) << ")\n";
  if (result.crossover)
    out << "noise of the bath doubles the excess loss at " << std::setprecision(4) << result.crossover->temperature_k
        << " +- " << result.crossover->standard_error_k << " K; heat/(N D kT) there " << result.crossover->heat_per_NDkT
        << " +- " << result.crossover->heat_per_NDkT_error << '\n';
  const Json stationary = stationary_json(result, result.temperatures.front());
  out << "Eq. 12 = Eq. 14 at " << std::setprecision(4) << double(stationary["noise_crossover_K"])
      << " K; heat/(N D kT) there " << double(stationary["heat_per_NDkT_at_noise_crossover"]) << ", "
      << double(stationary["force_square_over_variance"]) << " = <|grad F|^2> / var(grad F)\n";
  for (const FreezePoint& point : result.freeze)
    out << "frozen for " << shortest(point.time_tau) << " tau: parameters moved by " << std::setprecision(3)
        << point.rms_move << " (their size " << result.parameter_rms << "), right " << std::setprecision(4)
        << 100 * point.accuracy << " %\n";
  if (result.copy)
    out << "a copy: dragged " << joules(result.copy->drag_j) << ", right to " << std::setprecision(3)
        << result.copy->rms_error << ", written " << joules(result.copy->writing_j) << "; digital, at Landauer's limit "
        << joules(result.copy->digital_j) << '\n';
}

void write(const std::string& directory, const scenario::Scenario& scenario, const Result& result) {
  for (const TemperatureResult& temperature : result.temperatures) {
    for (std::size_t m = 0; m < temperature.networks.size(); ++m) {
      const bool plain = &temperature == &result.temperatures.front() && m == 0;
      const std::string suffix = plain ? "" : "-" + temperature.name + "-" + std::to_string(m + 1);
      support::write_file(directory + "/trained" + suffix + ".onnx", onnx_text(temperature.networks[m], scenario.name));
    }
  }
  write_ledger(directory + "/ledger.csv", result);
  support::write_file(directory + "/scenario.resolved.yaml", scenario.resolved_yaml);
  support::write_file(directory + "/training.json", result_json(scenario, result));
  std::filesystem::remove(directory + "/checkpoint");
}

}  // namespace szilard::train
