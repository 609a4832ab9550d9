// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/fit/device_fit.hpp"
#include "sim/plot/plot.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::fit {
namespace {

using Json = nlohmann::ordered_json;
using support::Dimension;
using support::engineering;

constexpr int kPointsOfCurve = 200;

std::string with_error(const Estimate& estimate, const std::string& unit) {
  return engineering(estimate.value, unit, 4) + " +- " + engineering(estimate.standard_error, unit, 2);
}

std::string percent(const Estimate& share) {
  return support::shortest(std::round(share.value * 1e6) / 1e4) + " % +- " +
         engineering(share.standard_error * 100, "", 2) + " %";
}

// Further digits of an estimate say nothing.
double rounded(double value) {
  constexpr int kDigits = 7;
  const std::string text = engineering(value, "", kDigits);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

const char* noise_name(DeviceFit::ReadNoise noise) {
  return noise == DeviceFit::ReadNoise::proportional ? "proportional" : "independent";
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class PresetWriter {
 public:
  explicit PresetWriter(const DeviceFit& fit) : file_(std::filesystem::path(fit.file).filename().string()) {}

  void line(const std::string& text) { text_ += text + "\n"; }
  void measured(const std::string& key, const std::string& value, const std::string& how) {
    value_of(key, value, file_ + ": " + how, "user");
  }
  void value_of(const std::string& key, const std::string& value, const std::string& source,
                const std::string& status) {
    keys_.insert(key);
    line(key + ":\n  value: " + value + "\n  source: " + quoted(source) + "\n  status: " + status);
  }
  bool has(const std::string& key) const { return keys_.count(key) > 0; }
  const std::string& file() const { return file_; }
  std::string take() { return std::move(text_); }

 private:
  std::string file_, text_;
  std::set<std::string> keys_;
};

std::string listed(const std::vector<double>& values, Dimension dimension) {
  std::string list;
  for (const double value : values) {
    list += list.empty() ? "[" : ", ";
    list += dimension == Dimension::none ? support::shortest(value) : support::quantity_text(value, dimension);
  }
  return list + "]";
}

std::string law_text(const FittedLogLaw& law) {
  return listed({rounded(law.slope), rounded(law.offset), rounded(law.lowest), rounded(law.highest)}, Dimension::none);
}

std::string law_source(const FittedLogLaw& law, std::size_t cells) {
  return "maximum likelihood over " + std::to_string(cells) + " cells, slope " + with_error(law.slope_error, "") +
         ", offset " + with_error(law.offset_error, "");
}

void write_programming(PresetWriter& out, const DeviceFit& fit) {
  if (fit.programming_error_s.empty()) {
    out.measured("programming_error", "none", "every cell was read at its target");
    return;
  }
  std::vector<double> coefficients;
  std::string errors;
  for (const Estimate& one : fit.programming_error_s) {
    coefficients.push_back(rounded(one.value));
    errors += (errors.empty() ? "" : ", ") + engineering(one.standard_error, "S", 2);
  }
  out.measured("programming_error", listed(coefficients, Dimension::conductance),
               "maximum likelihood over " + std::to_string(fit.programmed_cells) + " cells " +
                   engineering(fit.programming_time_s, "s") + " after programming, standard errors " + errors +
                   "; chi-squared a point " + engineering(fit.programming_chi2, "", 3) +
                   ", Kolmogorov-Smirnov probability of Gaussian residuals " +
                   engineering(fit.normal_probability, "", 3));
  out.measured("verify_tolerance", "1",
               "the spread was measured after the user's own programming: no verification is added");
  out.measured("verify_tries", "1", "the spread was measured after the user's own programming: it is not repeated");
}

void write_shares(PresetWriter& out, const DeviceFit& fit) {
  for (const auto& [key, share] :
       {std::pair<const char*, Estimate>{"stuck_on", fit.stuck_on}, {"stuck_off", fit.stuck_off}})
    if (share.value > 0)
      out.measured(key, support::shortest(rounded(share.value)),
                   "cells at this end farther than 4.5 sigma from their target: " + percent(share));
}

void write_drift(PresetWriter& out, const DeviceFit::Drift& drift) {
  out.measured("drift_exponent", law_text(drift.mean), law_source(drift.mean, drift.cells));
  out.measured("drift_exponent_spread", law_text(drift.spread),
               law_source(drift.spread, drift.cells) +
                   (drift.has_read_noise ? "; errors of the slopes by read noise taken off"
                                         : "; errors of the slopes by read noise are in it: no read was repeated"));
  out.measured("drift_reference_time", support::quantity_text(drift.reference_time_s, Dimension::time),
               "first time above 0");
}

Json json_of(const Estimate& estimate) {
  return {{"value", estimate.value}, {"standard_error", estimate.standard_error}};
}

Json json_of(const FittedLogLaw& law) {
  return {{"slope", json_of(law.slope_error)},
          {"offset", json_of(law.offset_error)},
          {"covariance", law.covariance},
          {"lowest", law.lowest},
          {"highest", law.highest}};
}

plot::Series points(const std::string& name, const std::vector<Point>& data, double scale) {
  plot::Series series{name, {}, {}, {}, false, true, false};
  for (const Point& point : data) {
    series.x.push_back(point.g);
    series.y.push_back(point.y.value * scale);
    series.y_error.push_back(point.y.standard_error * scale);
  }
  return series;
}

template <typename Law>
plot::Series curve(const std::string& name, double from, const Law& law, bool dashed = false) {
  plot::Series series{name, {}, {}, {}, true, false, dashed};
  for (int i = 0; i <= kPointsOfCurve; ++i) {
    const double g = from + (1 - from) * i / kPointsOfCurve;
    series.x.push_back(g);
    series.y.push_back(law(g));
  }
  return series;
}

}  // namespace

std::string preset_yaml(const DeviceFit& fit, const std::string& base) {
  const std::vector<scenario::PresetInfo> all = scenario::presets();
  const auto from = std::find_if(all.begin(), all.end(), [&](const scenario::PresetInfo& p) { return p.name == base; });
  if (from == all.end() || from->model != "linear.electronic_crossbar") {
    std::string names;
    for (const scenario::PresetInfo& preset : all)
      if (preset.model == "linear.electronic_crossbar") names += (names.empty() ? "" : ", ") + preset.name;
    throw support::InputError(support::DiagnosticCode::unknown_preset, {"command line", 1, 1},
                              "--base: no preset '" + base + "' of crossbar cells", "there are: " + names);
  }
  PresetWriter out(fit);
  out.line("# Fitted to " + out.file() + ": " + std::to_string(fit.rows) + " reads of " + std::to_string(fit.cells) +
           " cells. Keys with another source are those of the preset " + base + ".");
  out.line("title: " + quoted("Measured cells of " + out.file()));
  out.line("for: linear.electronic_crossbar");
  out.line("technology: \"unspecified\"");
  out.measured("minimum_conductance", support::quantity_text(fit.minimum_conductance_s, Dimension::conductance),
               "smallest target");
  out.measured("maximum_conductance", support::quantity_text(fit.maximum_conductance_s, Dimension::conductance),
               "largest target");
  out.measured("levels", "0", "targets of measurements say nothing of levels: continuous");
  write_programming(out, fit);
  if (fit.read_noise != DeviceFit::ReadNoise::unknown) {
    out.measured("read_noise", noise_name(fit.read_noise),
                 std::to_string(fit.repeated_reads) +
                     " repeated reads; the other law is less likely by a factor of exp(" +
                     engineering(fit.read_noise_evidence, "", 3) + ")");
    out.measured("read_noise_sigma", support::shortest(rounded(fit.read_noise_sigma.value)),
                 std::to_string(fit.repeated_reads) + " repeated reads: " + with_error(fit.read_noise_sigma, ""));
  } else {
    out.measured("read_noise", "none", "no read was repeated: what there is is part of the programming error");
  }
  write_shares(out, fit);
  if (fit.drift) write_drift(out, *fit.drift);
  for (const scenario::PresetKey& key : from->keys) {
    const bool is_of_cells = key.key.rfind("verify", 0) == 0 || key.key.rfind("programming", 0) == 0 ||
                             key.key.rfind("read_noise", 0) == 0 || key.key.rfind("flicker", 0) == 0 ||
                             key.key.rfind("drift", 0) == 0 || key.key.rfind("stuck", 0) == 0 ||
                             key.key.rfind("relaxation", 0) == 0 || key.key == "device_spread" ||
                             key.key == "retention_time" || key.key == "read_disturb";
    if (!is_of_cells && !out.has(key.key)) out.value_of(key.key, key.value, base + ": " + key.source, key.status);
  }
  return out.take();
}

void print(std::ostream& out, const DeviceFit& fit) {
  out << fit.file << ": " << fit.rows << " reads of " << fit.cells << " cells, targets from "
      << engineering(fit.minimum_conductance_s, "S") << " to " << engineering(fit.maximum_conductance_s, "S") << "\n";
  if (fit.programming_error_s.empty()) {
    out << "programming error     none: every cell was read at its target\n";
  } else {
    out << "programming error     sigma(g) = sum c_n g^n, from " << fit.programmed_cells << " cells "
        << engineering(fit.programming_time_s, "s") << " after programming\n";
    for (std::size_t n = 0; n < fit.programming_error_s.size(); ++n)
      out << "  c" << n << "                  " << with_error(fit.programming_error_s[n], "S") << '\n';
    out << "  sigma(0.5)          " << with_error(fit.programming_sigma_s(0.5), "S") << '\n'
        << "  chi-squared a point " << engineering(fit.programming_chi2, "", 3) << " (" << fit.programming_points.size()
        << " points)\n  Gaussian residuals  Kolmogorov-Smirnov distance " << engineering(fit.normal_distance, "", 3)
        << ", probability " << engineering(fit.normal_probability, "", 3) << '\n'
        << "  mean error          " << with_error(fit.mean_error, "") << " sigma"
        << (std::abs(fit.mean_error.value) > 4 * fit.mean_error.standard_error
                ? "; the model has no mean error: it is not in the preset"
                : "")
        << '\n';
  }
  if (fit.stuck_on.value > 0) out << "stuck on              " << percent(fit.stuck_on) << '\n';
  if (fit.stuck_off.value > 0) out << "stuck off             " << percent(fit.stuck_off) << '\n';
  if (fit.outliers > 0)
    out << "left out as outliers  " << fit.outliers << " cells farther than 4.5 sigma from their target\n";
  if (fit.read_noise == DeviceFit::ReadNoise::unknown) {
    out << "read noise            not known: no read was repeated\n";
  } else {
    out << "read noise            " << noise_name(fit.read_noise) << ", relative sigma "
        << with_error(fit.read_noise_sigma, "") << " from " << fit.repeated_reads << " reads\n";
  }
  if (!fit.drift) {
    out << "drift                 not known: it needs two times above 0\n";
    return;
  }
  const DeviceFit::Drift& drift = *fit.drift;
  out << "drift                 nu(g) of " << drift.cells << " cells from " << engineering(drift.reference_time_s, "s")
      << " on\n"
      << "  mean                " << law_text(drift.mean) << ", at g = 0.5 " << with_error(drift.mean.at(0.5), "")
      << '\n'
      << "  spread              " << law_text(drift.spread) << ", at g = 0.5 " << with_error(drift.spread.at(0.5), "")
      << (drift.has_read_noise ? "" : "; with the slopes' errors, as no read was repeated") << '\n';
  if (drift.residual > 0) out << "  about the power law " << engineering(drift.residual, "", 3) << " rms of ln G\n";
  out << "  Gaussian exponents  probability " << engineering(drift.normal_probability, "", 3) << '\n';
}

std::string fit_json(const DeviceFit& fit) {
  Json json;
  json["schema"] = "szilard.device_fit/1";
  json["reads"] = fit.rows;
  json["cells"] = fit.cells;
  json["minimum_conductance_S"] = fit.minimum_conductance_s;
  json["maximum_conductance_S"] = fit.maximum_conductance_s;
  Json programming = nullptr;
  if (!fit.programming_error_s.empty()) {
    programming = {
        {"coefficients_S", Json::array()}, {"time_s", fit.programming_time_s}, {"cells", fit.programmed_cells}};
    for (const Estimate& one : fit.programming_error_s) programming["coefficients_S"].push_back(json_of(one));
    programming["chi2_per_point"] = fit.programming_chi2;
    programming["normal_distance"] = fit.normal_distance;
    programming["normal_probability"] = fit.normal_probability;
    programming["mean_error_sigma"] = json_of(fit.mean_error);
    programming["outliers"] = fit.outliers;
  }
  json["programming_error"] = programming;
  json["stuck_on"] = json_of(fit.stuck_on);
  json["stuck_off"] = json_of(fit.stuck_off);
  json["read_noise"] = nullptr;
  if (fit.read_noise != DeviceFit::ReadNoise::unknown)
    json["read_noise"] = {
        {"law", noise_name(fit.read_noise)}, {"sigma", json_of(fit.read_noise_sigma)}, {"reads", fit.repeated_reads}};
  json["drift"] = nullptr;
  if (fit.drift)
    json["drift"] = {{"reference_time_s", fit.drift->reference_time_s},
                     {"cells", fit.drift->cells},
                     {"mean", json_of(fit.drift->mean)},
                     {"spread", json_of(fit.drift->spread)},
                     {"has_read_noise", fit.drift->has_read_noise},
                     {"residual_rms", fit.drift->residual},
                     {"normal_probability", fit.drift->normal_probability}};
  return json.dump(2);
}

void plot_fit(const std::string& path, const DeviceFit& fit) {
  constexpr double kMicro = 1e6;
  const double lowest = fit.minimum_conductance_s / fit.maximum_conductance_s;
  const plot::Axis g{"target / maximum conductance", plot::Scale::linear, {}, {}};
  std::vector<plot::Panel> panels;
  if (!fit.programming_error_s.empty()) {
    plot::Chart chart{"Programming error", g, {"standard deviation (uS)", plot::Scale::linear, 0.0, {}}, {}};
    chart.series = {points("measured", fit.programming_points, kMicro),
                    curve("fit", lowest, [&](double x) { return fit.programming_sigma_s(x).value * kMicro; })};
    panels.push_back(chart);
  }
  if (fit.read_noise != DeviceFit::ReadNoise::unknown) {
    plot::Chart chart{"Read noise", g, {"standard deviation / maximum conductance", plot::Scale::linear, 0.0, {}}, {}};
    const double sigma = fit.read_noise_sigma.value;
    const bool rises = fit.read_noise == DeviceFit::ReadNoise::proportional;
    chart.series = {points("measured", fit.read_noise_points, 1),
                    curve("fit", lowest, [&](double x) { return rises ? sigma * x : sigma; })};
    panels.push_back(chart);
  }
  if (fit.drift) {
    plot::Chart chart{"Drift exponent", g, {"nu", plot::Scale::linear, {}, {}}, {}};
    const double from = std::max(lowest, std::exp(fit.drift->mean.first_break));
    chart.series = {points("mean", fit.drift->mean_points, 1),
                    curve("fit", from, [&](double x) { return fit.drift->mean.at(x).value; }),
                    points("spread", fit.drift->spread_points, 1),
                    curve(
                        "fit of the spread", from, [&](double x) { return fit.drift->spread.at(x).value; }, true)};
    panels.push_back(chart);
  }
  if (panels.empty())
    throw support::InputError(support::DiagnosticCode::conflict, {"command line", 1, 1},
                              "--plot: there is nothing to draw, every cell was read at its target");
  plot::draw(panels, path);
}

}  // namespace szilard::fit
