// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "models/support/constants.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/lab/bit_lab.hpp"
#include "sim/plot/plot.hpp"

namespace szilard::lab {
namespace {

using Json = nlohmann::ordered_json;
using support::DiagnosticCode;
using support::InputError;

constexpr std::size_t kMostPoints = 1000;

Json value(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json to_json(const BitRequest& request, const BitResult& r) {
  Json out;
  out["model"] = request.model;
  out["protocol"] = request.protocol;
  out["duration"] = r.device ? Json(nullptr) : Json(r.duration);
  out["bias"] = request.bias;
  out["assumed"] = value(request.assumed);
  out["barrier_kT"] = value(request.barrier);
  out["tilt_kT"] = value(request.tilt);
  if (!request.schedule.empty()) out["schedule"] = request.schedule;
  out["paths"] = request.paths;
  out["seed"] = request.seed;
  out["mean_work_kT"] = r.mean_work_kT;
  out["standard_error_kT"] = value(r.standard_error_kT);
  out["mean_heat_kT"] = value(r.mean_heat_kT);
  out["variance_kT2"] = value(r.variance_kT2);
  out["success_probability"] = r.success_probability;
  out["jarzynski_average"] = value(r.jarzynski_average);
  out["jarzynski_standard_error"] = value(r.jarzynski_standard_error);
  out["jarzynski_from"] = r.jarzynski_from;
  out["jarzynski_success"] = value(r.jarzynski_success);
  out["jarzynski_success_expected"] = value(r.jarzynski_success_expected);
  out["floor_kT"] = r.floor_kT;
  out["floor_any_end_kT"] = value(r.floor_any_end_kT);
  out["floor_from"] = r.floor_from;
  out["landauer_kT"] = r.landauer_kT;
  out["share_below_floor"] = value(r.share_below_floor);
  out["exact_work_kT"] = value(r.exact_work_kT);
  out["exact_variance_kT2"] = value(r.exact_variance_kT2);
  out["first_law_residual"] = value(r.first_law_residual);
  if (r.device) {
    out["temperature_K"] = request.temperature_k;
    out["device"] = {{"preset", r.device->preset.empty() ? Json(nullptr) : Json(r.device->preset)},
                     {"set_J", r.device->set_j},
                     {"reset_J", r.device->reset_j},
                     {"set_time_s", r.device->set_time_s},
                     {"reset_time_s", r.device->reset_time_s},
                     {"error_probability", r.device->error_probability}};
  }
  return out;
}

std::string digits(double number) {
  std::ostringstream text;
  text << std::setprecision(6) << number;
  return text.str();
}
std::string digits(const std::optional<double>& number) { return number ? digits(*number) : "-"; }

[[noreturn]] void bad_sweep(DiagnosticCode code, const std::string& what) {
  throw InputError(code, {"command line", 1, 1}, "--sweep: " + what, "e.g. --sweep duration=1:1000:log:10");
}

double number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
    bad_sweep(DiagnosticCode::bad_number, "'" + std::string(text) + "' is not a number");
  return number;
}

}  // namespace

BitSweep parse_sweep(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) bad_sweep(DiagnosticCode::usage, "VARIABLE=FROM:TO:lin|log:POINTS is needed");
  BitSweep sweep;
  sweep.variable = text.substr(0, equals);
  const std::vector<std::string> variables = {"duration", "bias", "barrier", "tilt"};
  if (std::find(variables.begin(), variables.end(), sweep.variable) == variables.end())
    bad_sweep(DiagnosticCode::unknown_choice, "'" + sweep.variable + "' is none of duration, bias, barrier, tilt");
  std::vector<std::string_view> parts;
  for (std::string_view rest = text.substr(equals + 1);;) {
    const std::size_t colon = rest.find(':');
    parts.push_back(rest.substr(0, colon));
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (parts.size() != 4 || (parts[2] != "lin" && parts[2] != "log"))
    bad_sweep(DiagnosticCode::usage, "FROM:TO:lin|log:POINTS is needed after '='");
  const double from = number_of(parts[0]), to = number_of(parts[1]), points = number_of(parts[3]);
  sweep.logarithmic = parts[2] == "log";
  if (!(points >= 2 && points <= double(kMostPoints) && points == std::floor(points)))
    bad_sweep(DiagnosticCode::out_of_range, "the number of points is whole, 2 to 1000");
  if (sweep.logarithmic && !(from > 0 && to > 0))
    bad_sweep(DiagnosticCode::out_of_range, "a logarithmic range lies above 0");
  const std::size_t count = std::size_t(points);
  for (std::size_t i = 0; i < count; ++i) {
    const double s = double(i) / double(count - 1);
    const double inner =
        sweep.logarithmic ? std::exp(std::log(from) + s * (std::log(to) - std::log(from))) : from + s * (to - from);
    sweep.values.push_back(i == 0 ? from : i + 1 == count ? to : inner);
  }
  return sweep;
}

BitRequest at_point(BitRequest request, const BitSweep& sweep, double number) {
  if (sweep.variable == "duration") request.duration = number;
  else if (sweep.variable == "bias") request.bias = number;
  else if (sweep.variable == "barrier") request.barrier = number;
  else request.tilt = number;
  return request;
}

std::string bit_json(const BitRequest& request, const BitResult& result) { return to_json(request, result).dump(2); }

std::string sweep_json(const BitRequest& request, const BitSweep& sweep, const std::vector<BitResult>& results) {
  Json points = Json::array();
  for (std::size_t i = 0; i < results.size(); ++i)
    points.push_back(to_json(at_point(request, sweep, sweep.values[i]), results[i]));
  return Json{{"sweep", sweep.variable}, {"points", points}}.dump(2);
}

void print_bit(std::ostream& out, const BitRequest& request, const BitResult& r) {
  const auto row = [&](const char* name, const std::string& text) {
    if (text != "-") out << "  " << std::left << std::setw(26) << name << text << '\n';
  };
  if (r.device)
    out << request.model << ", P = " << digits(request.bias) << ", cited figures, kT at "
        << digits(request.temperature_k) << " K\n";
  else
    out << request.model << ", " << request.protocol << " protocol, P = " << digits(request.bias) << ", duration "
        << digits(r.duration) << " (kT = 1, rate or diffusion constant 1)\n";
  row("mean work", digits(r.mean_work_kT) + " kT" + (r.standard_error_kT ? " +- " + digits(*r.standard_error_kT) : ""));
  row("mean heat", r.mean_heat_kT ? digits(*r.mean_heat_kT) + " kT" : "-");
  row(r.device ? "work, P x energy of a 1" : "work, master equation",
      r.exact_work_kT ? digits(*r.exact_work_kT) + " kT" : "-");
  row("variance of work", r.variance_kT2 ? digits(*r.variance_kT2) + " kT^2" : "-");
  row("finite-time floor", digits(r.floor_kT) + " kT  (" + r.floor_from + ")");
  row("Landauer, h(P) - h(error)", digits(r.landauer_kT) + " kT");
  row("events below the floor", r.share_below_floor ? digits(*r.share_below_floor * 100) + " %" : "-");
  row("success probability", digits(r.success_probability));
  row("Jarzynski average", !r.jarzynski_average
                               ? "-"
                               : digits(r.jarzynski_average) +
                                     (r.jarzynski_standard_error ? " +- " + digits(*r.jarzynski_standard_error) : "") +
                                     "  (" + r.jarzynski_from + ")");
  row("of successful paths",
      r.jarzynski_success
          ? digits(*r.jarzynski_success) +
                (r.jarzynski_success_expected ? ", expected " + digits(*r.jarzynski_success_expected) : "")
          : "-");
  row("first-law residual", digits(r.first_law_residual));
  if (!r.device) return;
  row("set, reset", support::engineering(r.device->set_j, "J") + ", " + support::engineering(r.device->reset_j, "J"));
  row("set time, reset time",
      support::engineering(r.device->set_time_s, "s") + ", " + support::engineering(r.device->reset_time_s, "s"));
  row("error probability", digits(r.device->error_probability));
}

void print_sweep(std::ostream& out, const BitSweep& sweep, const std::vector<BitResult>& results) {
  const int width = 14;
  out << std::left << std::setw(width) << sweep.variable;
  for (const char* name : {"work [kT]", "+- [kT]", "floor [kT]", "Landauer [kT]", "success", "Jarzynski", "first law"})
    out << std::setw(width) << name;
  out << '\n';
  for (std::size_t i = 0; i < results.size(); ++i) {
    const BitResult& r = results[i];
    for (const std::string& cell : {digits(sweep.values[i]), digits(r.mean_work_kT), digits(r.standard_error_kT),
                                    digits(r.floor_kT), digits(r.landauer_kT), digits(r.success_probability),
                                    digits(r.jarzynski_average), digits(r.first_law_residual)})
      out << std::setw(width) << cell;
    out << '\n';
  }
}

void plot_sweep(const std::string& path, const BitRequest& request, const BitSweep& sweep,
                const std::vector<BitResult>& results) {
  plot::Chart chart;
  chart.title = "Reset of a bit: " + request.model + ", " + request.protocol;
  const bool has_unit = sweep.variable == "barrier" || sweep.variable == "tilt";
  chart.x = {sweep.variable + (has_unit                       ? " (kT)"
                               : sweep.variable == "duration" ? " (reduced)"
                                                              : ""),
             sweep.logarithmic ? plot::Scale::logarithmic : plot::Scale::linear,
             {},
             {}};
  chart.y = {"mean work (kT)", plot::Scale::linear, {}, {}};
  plot::Series work{"simulated", sweep.values, {}, {}, true, true, false};
  plot::Series floor{"finite-time floor", sweep.values, {}, {}, true, false, false};
  plot::Series landauer{"h(P) - h(error)", sweep.values, {}, {}, true, false, true};
  for (const BitResult& r : results) {
    work.y.push_back(r.mean_work_kT);
    work.y_error.push_back(r.standard_error_kT.value_or(0));
    floor.y.push_back(r.floor_kT);
    landauer.y.push_back(r.landauer_kT);
  }
  const plot::Series ln2{"ln 2", sweep.values, std::vector<double>(sweep.values.size(), support::kLn2), {}, true,
                         false,  true};
  chart.series = {work, floor, landauer, ln2};
  plot::draw({chart}, path);
}

}  // namespace szilard::lab
