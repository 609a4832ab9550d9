// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/bit_lab.hpp"

#include <algorithm>
#include <cmath>

#include "models/neuron/reset_physics/double_well.hpp"
#include "models/neuron/reset_physics/fokker_planck.hpp"
#include "models/neuron/reset_physics/optimal_transport.hpp"
#include "models/neuron/reset_physics/two_level.hpp"
#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/lab/bit_lab_device.hpp"
#include "sim/scenario/schedule_file.hpp"

namespace szilard::lab {
namespace {

using namespace reset_physics;
using support::Diagnostic;
using support::DiagnosticCode;

constexpr double kLongest = 1e9;
constexpr double kHighestBarrier_kT = 500, kSteepestTilt_kT = 10000;
constexpr std::uint64_t kMostPaths = 100000000;
constexpr double kRare = 100;  ///< paths in an end state below which its average comes from the tilted equation

double entropy(double p) { return (p > 0 ? -p * std::log(p) : 0) - (p < 1 ? (1 - p) * std::log1p(-p) : 0); }

double duration_of(const BitRequest& r) { return r.duration.value_or(r.model == "two_level" ? 100 : 10); }
double tilt_of(const BitRequest& r) { return r.tilt.value_or(r.model == "two_level" ? 10 : 16); }
double barrier_of(const BitRequest& r) { return r.barrier.value_or(10); }
double assumed_of(const BitRequest& r) { return r.protocol == "blind" ? 0.5 : r.assumed.value_or(r.bias); }

/// What the protocol and its bath have in common for every model.
void fill(BitResult& out, const ResetPaths& paths, const ResetStatistics& statistics) {
  out.mean_work_kT = statistics.mean_work_kT;
  out.standard_error_kT = statistics.standard_error_kT;
  out.mean_heat_kT = statistics.mean_heat_kT;
  out.variance_kT2 = statistics.variance_kT2;
  out.success_probability = statistics.success_probability;
  out.first_law_residual = statistics.first_law_residual;
  if (statistics.success_probability > 0) out.jarzynski_success = statistics.jarzynski_success;
  out.share_below_floor = share_below(paths, out.floor_kT);
  if (out.jarzynski_from == "paths") out.jarzynski_standard_error = statistics.jarzynski_standard_error;
}

bool rare(const BitRequest& request, double end_occupation, const ResetStatistics& statistics) {
  const double end = std::min(end_occupation, 1 - end_occupation);
  return std::min(end, statistics.rarest_start) * double(request.paths) < kRare;
}

TwoLevelReset two_level(const BitRequest& request) {
  return {request.bias, request.protocol == "blind" ? 0 : TwoLevelReset::equilibrium_gap(assumed_of(request)),
          tilt_of(request), duration_of(request)};
}

BitResult run_two_level(const BitRequest& request) {
  const TwoLevelReset reset = two_level(request);
  const TwoLevelMoments exact = solve(reset);
  const ResetPaths paths = simulate(reset, request.paths, {request.seed, support::stream_of("lab/bit/two_level")});
  const ResetStatistics statistics = summarise(paths, request.bias);
  BitResult out;
  out.landauer_kT = entropy(request.bias) - entropy(exact.end_occupation);
  out.floor_kT = two_level_floor_kT(request.bias, exact.end_occupation, reset.duration);
  out.floor_any_end_kT = out.floor_kT;
  out.floor_from = "optimal drive of the gap between the same occupations in the same time";
  out.exact_work_kT = exact.mean_work_kT;
  out.exact_variance_kT2 = exact.variance_kT2;
  const bool tilted = rare(request, exact.end_occupation, statistics);
  out.jarzynski_average = tilted ? exact.jarzynski_average : statistics.jarzynski_average;
  out.jarzynski_from = tilted ? "tilted master equation" : "paths";
  fill(out, paths, statistics);
  out.jarzynski_success_expected = 0.5 / statistics.success_probability;
  return out;
}

DoubleWellReset double_well(const BitRequest& request) {
  DoubleWellReset reset;
  if (request.schedule.empty()) {
    const double barrier = barrier_of(request);
    reset.schedule = four_stage(barrier, tilt_of(request), tilt_of_occupation(barrier, assumed_of(request)));
  } else {
    scenario::UserSchedule user = scenario::load_schedule(request.schedule);
    reset.schedule = std::move(user.schedule);
    reset.divide = user.divide;
  }
  reset.duration = duration_of(request);
  reset.start_occupation = request.bias;
  return reset;
}

/// What the wells themselves differ by, before and after, belongs to the floor as much as the entropy of which one it
/// is.
TransportFloor double_well_floor(const DoubleWellReset& reset, double error) {
  const Potential &first = reset.schedule.first(), &last = reset.schedule.last();
  TransportFloor floor = transport_floor(first, last, reset.start_occupation, error, reset.divide);
  const Equilibrium before(first, reset.divide), after(last, reset.divide);
  floor.quasi_static_kT += after.free_energy_kT(error) - before.free_energy_kT(reset.start_occupation);
  return floor;
}

BitResult run_double_well(const BitRequest& request) {
  const DoubleWellReset reset = double_well(request);
  const ResetPaths paths = simulate(reset, request.paths, {request.seed, support::stream_of("lab/bit/double_well")});
  const double equilibrium = Equilibrium(reset.schedule.first(), reset.divide).left_occupation();
  const ResetStatistics statistics = summarise(paths, request.bias, equilibrium);
  const double error = 1 - statistics.success_probability;
  BitResult out;
  const TransportFloor floor = double_well_floor(reset, error);
  out.landauer_kT = floor.quasi_static_kT;
  out.floor_kT = floor.at(reset.duration);
  out.floor_any_end_kT = floor.quasi_static_kT + least_transport(Equilibrium(reset.schedule.first(), reset.divide),
                                                                 reset.start_occupation, error, reset.divide) /
                                                     reset.duration;
  out.floor_from = "optimal transport: h(P) - h(error) + W2^2 / duration";
  out.jarzynski_average = statistics.jarzynski_average;
  out.jarzynski_from = "paths";
  if (rare(request, error, statistics)) {
    FokkerPlanckOptions options;
    options.moments = false;
    options.largest_step = 0.01;
    options.most_steps = 4000;
    out.jarzynski_average = solve(reset, options).jarzynski_average;
    out.jarzynski_from = "tilted Fokker-Planck equation";
  }
  fill(out, paths, statistics);
  if (request.schedule.empty()) out.jarzynski_success_expected = 0.5 / statistics.success_probability;
  return out;
}

/// The quasi-static protocol for an occupation q: state s costs -ln q(s), without a model of the drive, so there is no
/// heat to be had independently.
BitResult run_ideal(const BitRequest& request) {
  const double p = request.bias, q = assumed_of(request);
  const double one = -std::log(q), zero = -std::log1p(-q);
  BitResult out;
  out.mean_work_kT = (p > 0 ? p * one : 0) + (p < 1 ? (1 - p) * zero : 0);
  out.variance_kT2 = p * (1 - p) * (one - zero) * (one - zero);
  out.success_probability = 1;
  // <e^(-W) pi / p> = sum of q(s) / 2 over the start states that occur: 1/2, since no path ends in state 1.
  out.jarzynski_average = 0.5 * ((p > 0 ? q : 0) + (p < 1 ? 1 - q : 0));
  out.jarzynski_from = "closed form; one half since no path fails";
  out.landauer_kT = entropy(p);
  out.floor_kT = out.landauer_kT;
  out.floor_from = "h(P)";
  return out;
}

/// A drive on the optimal path between the two-well distribution and the right well: its mean is the floor itself.
BitResult run_transport(const BitRequest& request) {
  const double barrier = barrier_of(request), error = std::exp(-barrier);
  const Potential potential = quartic(barrier, 0, 1, 0);
  const TransportFloor floor = transport_floor(potential, potential, request.bias, error);
  BitResult out;
  out.landauer_kT = floor.quasi_static_kT;
  out.floor_kT = out.mean_work_kT = floor.at(duration_of(request));
  const double q = assumed_of(request);
  if (request.bias > 0 && request.bias < 1)
    out.mean_work_kT +=
        request.bias * std::log(request.bias / q) + (1 - request.bias) * std::log((1 - request.bias) / (1 - q));
  else out.mean_work_kT -= std::log(request.bias > 0 ? q : 1 - q);
  out.floor_from = "optimal transport with error e^-barrier";
  out.success_probability = 1 - error;
  out.jarzynski_average = 1;
  out.jarzynski_from = "closed form";
  return out;
}

class Checker {
 public:
  explicit Checker(const BitRequest& request) : r_(request) {}

  std::vector<Diagnostic> check() {
    const auto& models = bit_models();
    if (std::find(models.begin(), models.end(), r_.model) == models.end()) {
      const std::string near = support::nearest(r_.model, models);
      add(DiagnosticCode::unknown_choice, "--model '" + r_.model + "' is not a model of a bit",
          near.empty() ? "two_level, double_well, landauer_ideal, optimal_transport or a device: cmos_latch, "
                         "memristive_threshold, optical_bistable"
                       : "did you mean " + near + "?");
    }
    if (r_.protocol != "known" && r_.protocol != "blind")
      add(DiagnosticCode::unknown_choice, "--protocol '" + r_.protocol + "' is neither known nor blind");
    const bool known = r_.protocol != "blind" && !is_device(r_.model);
    range("--bias", r_.bias, r_.bias >= 0 && r_.bias <= 1 && !(known && (r_.bias == 0 || r_.bias == 1)),
          known ? "(0, 1) for a protocol that knows it" : "[0, 1]");
    if (!r_.preset.empty() && !is_device(r_.model))
      add(DiagnosticCode::conflict, "--preset needs a device: cmos_latch, memristive_threshold or optical_bistable");
    range("--temperature", r_.temperature_k, r_.temperature_k > 0 && r_.temperature_k <= 1e4, "(0, 10000] K");
    if (problems_.empty() && is_device(r_.model)) device_neuron(r_);  // says itself what is wrong
    if (r_.assumed) {
      range("--assumed", *r_.assumed, *r_.assumed > 0 && *r_.assumed < 1, "(0, 1)");
      if (r_.protocol == "blind")
        add(DiagnosticCode::conflict, "--assumed needs --protocol known: a blind protocol assumes 1/2");
    }
    if (r_.duration) range("--duration", *r_.duration, *r_.duration > 0 && *r_.duration <= kLongest, "(0, 1e9]");
    if (r_.barrier)
      range("--barrier", *r_.barrier, *r_.barrier > 0 && *r_.barrier <= kHighestBarrier_kT, "(0, 500] kT");
    if (r_.tilt) {
      const double most = r_.model == "two_level" ? kLargestGap_kT : kSteepestTilt_kT;
      range("--tilt", *r_.tilt, std::abs(*r_.tilt) <= most,
            "-" + support::shortest(most) + " ... " + support::shortest(most) + " kT, beyond which e^tilt overflows");
    }
    if (r_.paths < 2 || r_.paths > kMostPaths)
      add(DiagnosticCode::out_of_range, "--paths " + std::to_string(r_.paths) + " lies outside 2 ... 100000000",
          "a standard error needs at least two paths");
    if (!r_.schedule.empty() && r_.model != "double_well")
      add(DiagnosticCode::conflict, "--schedule needs --model double_well");
    if (!r_.schedule.empty() && (r_.barrier || r_.tilt || r_.assumed))
      add(DiagnosticCode::conflict, "--schedule stands instead of --barrier, --tilt and --assumed");
    if (problems_.empty() && r_.model == "double_well") check_double_well();
    return std::move(problems_);
  }

 private:
  void add(DiagnosticCode code, std::string message, std::string hint = {}) {
    problems_.push_back({support::Severity::error, code, {"command line", 1, 1}, std::move(message), std::move(hint)});
  }
  void range(const std::string& option, double value, bool well, const std::string& allowed) {
    if (!well) add(DiagnosticCode::out_of_range, option + " " + support::shortest(value) + " lies outside " + allowed);
  }
  void check_double_well() {
    if (!r_.schedule.empty()) scenario::load_schedule(r_.schedule);  // says itself what is wrong
    DoubleWellReset reset;
    try {
      reset = double_well(r_);
    } catch (const std::invalid_argument& error) {
      return add(DiagnosticCode::out_of_range, std::string(r_.assumed ? "--assumed: " : "--bias: ") + error.what());
    }
    if (!r_.schedule.empty() && deepest_fall_kT(reset.schedule) > kDeepestFall_kT)
      return add(DiagnosticCode::out_of_range,
                 "--schedule " + r_.schedule + " falls more than 650 kT below its start, where e^-V overflows");
    if (deepest_fall_kT(reset.schedule) > kDeepestFall_kT)
      return add(DiagnosticCode::out_of_range,
                 "--tilt " + support::shortest(tilt_of(r_)) + " takes the potential " +
                     support::shortest(std::floor(deepest_fall_kT(reset.schedule))) +
                     " kT below its start, where e^-V overflows",
                 "a higher --barrier keeps the wells nearer, a smaller --tilt shallower");
    try {
      step_count(reset);
    } catch (const std::invalid_argument&) {
      add(DiagnosticCode::out_of_range,
          "--duration " + support::shortest(reset.duration) + " takes more than 2^32 steps of this potential");
    }
  }

  const BitRequest& r_;
  std::vector<Diagnostic> problems_;
};

}  // namespace

const std::vector<std::string>& bit_models() {
  static const std::vector<std::string> models = {"two_level",         "double_well", "landauer_ideal",
                                                  "optimal_transport", "cmos_latch",  "memristive_threshold",
                                                  "optical_bistable"};
  return models;
}

bool keeps_floor(const BitResult& result) {
  return !result.floor_any_end_kT ||
         result.mean_work_kT >= *result.floor_any_end_kT - 4 * result.standard_error_kT.value_or(0);
}

bool is_device(const std::string& model) {
  return model == "cmos_latch" || model == "memristive_threshold" || model == "optical_bistable";
}

void check_bit(const BitRequest& request) {
  std::vector<Diagnostic> problems = Checker(request).check();
  if (!problems.empty()) throw support::InputError(std::move(problems));
}

BitResult run_bit(const BitRequest& request) {
  check_bit(request);
  BitResult result;
  if (is_device(request.model)) return run_device(request);
  if (request.model == "two_level") result = run_two_level(request);
  else if (request.model == "double_well") result = run_double_well(request);
  else if (request.model == "landauer_ideal") result = run_ideal(request);
  else result = run_transport(request);
  result.duration = duration_of(request);
  return result;
}

}  // namespace szilard::lab
