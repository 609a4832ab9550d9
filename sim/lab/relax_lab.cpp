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
#include "sim/plot/plot.hpp"

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
  ramp.shape = choice<Shape>(request.shape, "--shape",
                             {{"linear", Shape::linear}, {"smooth", Shape::smooth}, {"optimal", Shape::optimal}});
  ramp.integrator = choice<Integrator>(request.integrator, "--integrator",
                                       {{"automatic", Integrator::automatic},
                                        {"exact", Integrator::exact},
                                        {"heun", Integrator::heun},
                                        {"pieces", Integrator::pieces},
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
    case quasistatic::Integrator::exact:
      return "exact";
    case quasistatic::Integrator::pieces:
      return "pieces";
    case quasistatic::Integrator::euler_maruyama:
      return "euler_maruyama";
    default:
      return "heun";
  }
}

/// Weights, biases and springs move along with the inputs.
void run_change(const RelaxRequest& request, const BenchNetwork& bench, const support::SignalBlock& from,
                const support::SignalBlock& to, const quasistatic::RampRequest& ramp, RelaxResult& result) {
  const BenchNetwork other = load_bench_network(request.network_to, request.stiffness, request.friction);
  if (!(result.kT > 0))
    refuse(DiagnosticCode::conflict, "--network-to: a free energy needs a --temperature above 0 kT");
  if (request.reverse || request.shape != "linear" ||
      (request.integrator != "automatic" && request.integrator != "heun"))
    refuse(DiagnosticCode::conflict, "--network-to moves forwards and linearly, by Heun's steps",
           "leave out --reverse, --shape and --integrator");
  if (from.samples() != 1)
    refuse(DiagnosticCode::shape_mismatch,
           "--network-to takes one row of inputs, not " + std::to_string(from.samples()));
  quasistatic::ChangeRequest change;
  change.duration = request.duration;
  change.kT = result.kT;
  change.steps = ramp.steps;
  change.paths = ramp.paths;
  change.seed = request.seed;
  result.change = quasistatic::change_parameters(bench.network, other.network, from, to, change);
  result.ramp.work = result.change->work;
  result.ramp.heat = result.change->heat;
  result.ramp.energy_change = result.change->energy_change;
  result.ramp.steps = result.change->steps;
  result.ramp.step = request.duration / double(result.change->steps);
}

}  // namespace

RelaxResult run_relax(const RelaxRequest& request) {
  const double kT = temperature_of(request.temperature);
  quasistatic::RampRequest ramp = ramp_of(request, kT);
  if (!request.plot.empty()) plot::check_path(request.plot);
  const BenchNetwork bench = load_bench_network(request.network, request.stiffness, request.friction);
  const support::SignalBlock from = load_samples(request.input_from, bench.network.inputs(), "--input-from: inputs");
  const support::SignalBlock to = load_samples(request.input_to, bench.network.inputs(), "--input-to: inputs");
  if (from.samples() != to.samples())
    throw InputError(
        DiagnosticCode::shape_mismatch, {request.input_to, 1, 1},
        std::to_string(to.samples()) + " samples, " + request.input_from + " has " + std::to_string(from.samples()),
        "one ramp a row");
  if (double(from.samples()) * double(ramp.paths) > kMostLanes)
    refuse(DiagnosticCode::out_of_range, "--paths: samples x paths must not exceed 1e8");
  RelaxResult result;
  result.kT = kT;
  result.samples = from.samples();
  result.paths = ramp.paths;
  ramp.keep_units = bench.network.units() <= kMostCovariance && kT > 0 && request.network_to.empty();
  const auto start = std::chrono::steady_clock::now();
  try {
    if (request.step && ramp.integrator != quasistatic::Integrator::exact &&
        (ramp.integrator != quasistatic::Integrator::automatic || !bench.network.is_linear())) {
      const double largest = quasistatic::largest_stable_step(bench.network, kT);
      if (*request.step > largest) throw quasistatic::UnstableStep(*request.step, largest);
    }
    if (!request.network_to.empty()) run_change(request, bench, from, to, ramp, result);
    else result.ramp = quasistatic::ramp(bench.network, from, to, ramp);
    for (const quasistatic::Way& way : quasistatic::ways(bench.network, from, to)) {
      if (result.change) break;
      if (result.first_way.travelled.empty()) result.first_way = way;
      result.linear_cost += way.linear_cost / double(from.samples());
      result.squared_length += way.length * way.length / double(from.samples());
    }
  } catch (const quasistatic::UnstableStep& error) {
    refuse(DiagnosticCode::out_of_range, std::string("--step: ") + error.what(),
           "or leave --step out: it is chosen from the network's stiffest rate");
  } catch (const quasistatic::TooManySteps& error) {
    refuse(DiagnosticCode::out_of_range, std::string("--duration: ") + error.what(),
           "beyond some hundred relaxation times the work is slow_cost / duration");
  } catch (const std::invalid_argument& error) {
    throw InputError(DiagnosticCode::out_of_range, {request.network, 1, 1}, error.what());
  }
  result.statistics = quasistatic::summarise(result.ramp, ramp.paths, kT);
  if (ramp.keep_units) result.covariance = quasistatic::covariance(result.ramp.units, ramp.paths);
  else if (bench.network.units() <= kMostCovariance && !result.change)
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
  out["slow_cost"] = result.change ? Json(nullptr) : Json(result.linear_cost);
  out["squared_length"] = result.change ? Json(nullptr) : Json(result.squared_length);
  if (result.change) {
    out["free_energy_jarzynski_kT"] = result.change->jarzynski;
    out["free_energy_jarzynski_standard_error_kT"] = result.change->jarzynski_error;
    out["free_energy_integral_kT"] = result.change->integral;
    out["free_energy_integral_standard_error_kT"] = result.change->integral_error;
  }
  out["wall_s"] = result.wall_s;
  return out.dump();
}

void print_relax(std::ostream& out, const RelaxRequest& request, const RelaxResult& result) {
  const quasistatic::RampStatistics& seen = result.statistics;
  const auto row = [&](const char* name, double value, const std::string& rest = {}) {
    out << std::left << std::setw(34) << name << std::setprecision(7) << value << rest << '\n';
  };
  const auto with_error = [](double error) {
    return error > 0 ? " +- " + support::engineering(error, "", 3) : std::string();
  };
  out << result.samples << (result.samples == 1 ? " ramp" : " ramps") << " of " << support::shortest(request.duration)
      << ", " << result.paths << (result.paths == 1 ? " path" : " paths") << " each, " << result.ramp.steps
      << " steps (" << name_of(result.ramp.integrator) << ")\n\n";
  row("mean work, kT", seen.mean_work, with_error(seen.standard_error));
  row("mean heat, kT", seen.mean_heat);
  row("variance of work, kT^2", seen.work_variance);
  if (result.kT > 0) row("<exp(-W/kT)>", seen.jarzynski_average, with_error(seen.jarzynski_standard_error));
  row("first-law residual", seen.first_law_residual);
  if (result.change) {
    row("free energy by work, kT", result.change->jarzynski, with_error(result.change->jarzynski_error));
    row("free energy by integration, kT", result.change->integral, with_error(result.change->integral_error));
  } else if (request.duration > 0) {
    row("slow linear ramp would cost, kT", result.linear_cost / request.duration);
    row("least cost of a slow ramp, kT", result.squared_length / request.duration);
  }
}

void plot_relax(const RelaxRequest& request, const RelaxResult& result) {
  constexpr std::size_t kBins = 60, kPoints = 200;
  const std::vector<double>& work = result.ramp.work;
  const auto [low, high] = std::minmax_element(work.begin(), work.end());
  const double width = *high > *low ? (*high - *low) / double(kBins) : 1;
  plot::Chart works{"work of the ramp", {"work (kT)", {}, {}, {}}, {"probability density (1/kT)", {}, {}, {}}, {}};
  plot::Series seen{"paths", {}, std::vector<double>(kBins, 0.0), {}, true, true, false},
      normal{"Gaussian of the same mean and variance", {}, {}, {}, true, false, true};
  for (double w : work)
    seen.y[std::min(std::size_t((w - *low) / width), kBins - 1)] += 1 / (double(work.size()) * width);
  const double variance = result.statistics.work_variance;
  for (std::size_t i = 0; i < kBins; ++i) {
    const double x = *low + (double(i) + 0.5) * width, away = x - result.statistics.mean_work;
    seen.x.push_back(x);
    if (!(variance > 0)) continue;
    normal.x.push_back(x);
    normal.y.push_back(std::exp(-away * away / (2 * variance)) / std::sqrt(2 * 3.14159265358979 * variance));
  }
  works.series.push_back(std::move(seen));
  if (!normal.x.empty()) works.series.push_back(std::move(normal));
  plot::Chart schedule{
      "schedule of the first row", {"time / duration", {}, {}, {}}, {"share of the inputs' way", {}, {}, {}}, {}};
  for (const auto& [name, shape] : {std::pair<const char*, quasistatic::Shape>{"linear", quasistatic::Shape::linear},
                                    {"smooth", quasistatic::Shape::smooth},
                                    {"optimal", quasistatic::Shape::optimal}}) {
    if (shape == quasistatic::Shape::optimal && result.first_way.travelled.empty()) continue;
    plot::Series line{name, {}, {}, {}, true, false, name != request.shape};
    for (std::size_t i = 0; i <= kPoints; ++i) {
      line.x.push_back(double(i) / double(kPoints));
      line.y.push_back(quasistatic::position(shape, line.x.back(), result.first_way));
    }
    schedule.series.push_back(std::move(line));
  }
  plot::draw({works, schedule}, request.plot);
}

}  // namespace szilard::lab
