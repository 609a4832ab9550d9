// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/relax_lab.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"

namespace szilard::lab {
namespace {

using Json = nlohmann::ordered_json;
using support::DiagnosticCode;
using support::InputError;

constexpr std::uint64_t kDefaultPaths = 20000;
constexpr double kMostLanes = 1e8;

[[noreturn]] void refuse(DiagnosticCode code, const std::string& message, const std::string& hint = {}) {
  throw InputError(code, {"command line", 1, 1}, message, hint);
}

template <typename T>
T choice(const std::string& text, const char* option, const std::vector<std::pair<std::string, T>>& choices) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names += (names.empty() ? "" : ", ") + name;
  }
  refuse(DiagnosticCode::unknown_choice, std::string(option) + " '" + text + "' is not one of " + names);
}

double temperature_of(const std::string& text) {
  const std::size_t unit = text.find("kT");
  const bool reduced = unit != std::string::npos && text.substr(unit) == "kT";
  std::string number = reduced ? text.substr(0, unit) : text;
  while (!number.empty() && number.back() == ' ') number.pop_back();
  const auto parsed = support::parse_quantity(number, support::Dimension::none);
  if (!reduced)
    refuse(DiagnosticCode::wrong_unit, "--temperature '" + text + "': the network is in reduced units",
           "write it in kT: \"1 kT\", or \"0 kT\" for no noise");
  if (!parsed.error.empty()) refuse(DiagnosticCode::bad_number, "--temperature '" + text + "': " + parsed.error);
  if (parsed.value < 0) refuse(DiagnosticCode::out_of_range, "--temperature '" + text + "' must not be negative");
  return parsed.value;
}

quasistatic::RampRequest ramp_of(const RelaxRequest& request, double kT) {
  using quasistatic::Integrator;
  using quasistatic::Shape;
  quasistatic::RampRequest ramp;
  ramp.kT = kT;
  ramp.duration = request.duration;
  if (!(request.duration >= 0 && std::isfinite(request.duration)))
    refuse(DiagnosticCode::out_of_range, "--duration must be finite and not negative");
  ramp.shape = choice<Shape>(request.shape, "--shape", {{"linear", Shape::linear}, {"smooth", Shape::smooth}, {"optimal", Shape::optimal}});
  ramp.integrator = choice<Integrator>(request.integrator, "--integrator",
                                       {{"automatic", Integrator::automatic}, {"exact", Integrator::exact}, {"heun", Integrator::heun},
                                        {"euler_maruyama", Integrator::euler_maruyama}});
  ramp.reverse = request.reverse;
  ramp.seed = request.seed;
  if (request.paths == std::uint64_t(0)) refuse(DiagnosticCode::out_of_range, "--paths must be at least 1");
  ramp.paths = std::size_t(kT > 0 ? request.paths.value_or(kDefaultPaths) : 1);
  if (request.step) {
    if (!(*request.step > 0 && std::isfinite(*request.step)))
      refuse(DiagnosticCode::out_of_range, "--step must be positive and finite");
    const double steps = std::ceil(request.duration / *request.step - 1e-9);
    if (steps > 4e9) refuse(DiagnosticCode::out_of_range, "--step: the ramp would take more than 4e9 steps");
    ramp.steps = std::size_t(std::max(steps, 1.0));
  }
  return ramp;
}

const char* name_of(quasistatic::Integrator integrator) {
  switch (integrator) {
    case quasistatic::Integrator::exact: return "exact";
    case quasistatic::Integrator::euler_maruyama: return "euler_maruyama";
    default: return "heun";
  }
}

}  // namespace

RelaxResult run_relax(const RelaxRequest& request) {
  const double kT = temperature_of(request.temperature);
  quasistatic::RampRequest ramp = ramp_of(request, kT);
  const BenchNetwork bench = load_bench_network(request.network, request.stiffness, request.friction);
  const support::SignalBlock from = load_samples(request.input_from, bench.network.inputs(), "--input-from: inputs");
  const support::SignalBlock to = load_samples(request.input_to, bench.network.inputs(), "--input-to: inputs");
  if (from.samples() != to.samples())
    throw InputError(DiagnosticCode::shape_mismatch, {request.input_to, 1, 1},
                     std::to_string(to.samples()) + " samples, " + request.input_from + " has " + std::to_string(from.samples()),
                     "one ramp a row");
  if (double(from.samples()) * double(ramp.paths) > kMostLanes)
    refuse(DiagnosticCode::out_of_range, "--paths: samples x paths must not exceed 1e8");
  RelaxResult result;
  result.kT = kT;
  result.samples = from.samples();
  result.paths = ramp.paths;
  ramp.keep_units = bench.network.units() <= kMostCovariance && kT > 0;
  const auto start = std::chrono::steady_clock::now();
  try {
    if (request.step && ramp.integrator != quasistatic::Integrator::exact &&
        (ramp.integrator != quasistatic::Integrator::automatic || !bench.network.is_linear())) {
      const double largest = quasistatic::largest_stable_step(bench.network, kT);
      if (*request.step > largest) throw quasistatic::UnstableStep(*request.step, largest);
    }
    result.ramp = quasistatic::ramp(bench.network, from, to, ramp);
    for (const quasistatic::Way& way : quasistatic::ways(bench.network, from, to)) {
      result.linear_cost += way.linear_cost / double(from.samples());
      result.squared_length += way.length * way.length / double(from.samples());
    }
  } catch (const quasistatic::UnstableStep& error) {
    refuse(DiagnosticCode::out_of_range, std::string("--step: ") + error.what(),
           "or leave --step out: it is chosen from the network's stiffest rate");
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::out_of_range, {request.network, 1, 1}, error.what());
  }
  result.statistics = quasistatic::summarise(result.ramp, ramp.paths, kT);
  if (ramp.keep_units) result.covariance = quasistatic::covariance(result.ramp.units, ramp.paths);
  else if (bench.network.units() <= kMostCovariance)
    result.covariance.assign(bench.network.units(), std::vector<double>(bench.network.units(), 0.0));
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::string relax_json(const RelaxRequest& request, const RelaxResult& result) {
  const quasistatic::RampStatistics& seen = result.statistics;
  const bool warm = result.kT > 0;
  Json out;
  out["duration"] = request.duration;
  out["temperature_kT"] = result.kT;
  out["shape"] = request.shape;
  out["reverse"] = request.reverse;
  out["samples"] = result.samples;
  out["paths"] = result.paths;
  out["seed"] = request.seed;
  out["integrator"] = name_of(result.ramp.integrator);
  out["steps"] = result.ramp.steps;
  out["step"] = result.ramp.step;
  out["mean_work_kT"] = seen.mean_work;
  out["standard_error_kT"] = seen.standard_error;
  out["mean_heat_kT"] = seen.mean_heat;
  out["variance_kT2"] = seen.work_variance;
  out["jarzynski_average"] = warm ? Json(seen.jarzynski_average) : Json(nullptr);
  out["jarzynski_standard_error"] = warm ? Json(seen.jarzynski_standard_error) : Json(nullptr);
  out["covariance"] = result.covariance.empty() ? Json(nullptr) : Json(result.covariance);
  out["first_law_residual"] = seen.first_law_residual;
  out["slow_cost"] = result.linear_cost;
  out["squared_length"] = result.squared_length;
  out["wall_s"] = result.wall_s;
  return out.dump();
}

void print_relax(std::ostream& out, const RelaxRequest& request, const RelaxResult& result) {
  const quasistatic::RampStatistics& seen = result.statistics;
  const auto row = [&](const char* name, double value, const std::string& rest = {}) {
    out << std::left << std::setw(34) << name << std::setprecision(7) << value << rest << '\n';
  };
  const auto with_error = [](double error) { return error > 0 ? " +- " + support::engineering(error, "", 3) : std::string(); };
  out << result.samples << (result.samples == 1 ? " ramp" : " ramps") << " of " << support::shortest(request.duration) << ", "
      << result.paths << (result.paths == 1 ? " path" : " paths") << " each, " << result.ramp.steps << " steps ("
      << name_of(result.ramp.integrator) << ")\n\n";
  row("mean work, kT", seen.mean_work, with_error(seen.standard_error));
  row("mean heat, kT", seen.mean_heat);
  row("variance of work, kT^2", seen.work_variance);
  if (result.kT > 0) row("<exp(-W/kT)>", seen.jarzynski_average, with_error(seen.jarzynski_standard_error));
  row("first-law residual", seen.first_law_residual);
  if (request.duration > 0) {
    row("slow linear ramp would cost, kT", result.linear_cost / request.duration);
    row("least cost of a slow ramp, kT", result.squared_length / request.duration);
  }
}

}  // namespace szilard::lab
