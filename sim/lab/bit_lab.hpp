// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace szilard::lab {

/// One bit on the bench: what its reset costs, in reduced units (kT = 1, rate or diffusion constant 1). State 1 is the
/// one that is erased: the upper level, or the left well. Devices (cmos_latch, memristive_threshold, optical_bistable)
/// have cited figures in SI: their bit is counted from its set to its reset, in kT at `temperature_k`, and costs
/// nothing where it is 0.
struct BitRequest {
  std::string model = "two_level";  ///< one of bit_models()
  std::optional<double> duration;   ///< default 100 (two_level), 10 (others)
  double bias = 0.5;                ///< start occupation of state 1: in (0, 1), with `blind` in [0, 1]
  std::string protocol = "known";   ///< known: the protocol starts in equilibrium with its `assumed`; blind: with 1/2
  std::optional<double> assumed;    ///< what a `known` protocol takes the bias for; default: the bias
  std::optional<double> barrier;    ///< kT; double_well and optimal_transport; default 10
  std::optional<double> tilt;       ///< kT; default 10 (two_level: the last gap), 16 (double_well)
  std::string
      schedule;  ///< file with a user's own protocol (sim/scenario/schedule_file.hpp) instead of barrier and tilt;
                 ///< double_well
  std::string preset;          ///< devices: whose figures; default: those of the scenarios' neurons
  double temperature_k = 300;  ///< devices: what their joules are held against
  std::uint64_t paths = 20000;
  std::uint64_t seed = 1;
};

/// An entry is absent where the model does not say it.
struct BitResult {
  /// Cited figures of a device, with what they come to.
  struct Device {
    std::string preset;
    double set_j = 0, reset_j = 0, set_time_s = 0, reset_time_s = 0, error_probability = 0;
  };
  std::optional<Device> device;
  double duration = 0;  ///< devices: 0, they have their own times
  double mean_work_kT = 0;
  std::optional<double> standard_error_kT, mean_heat_kT, variance_kT2, first_law_residual;
  double success_probability = 0;                  ///< share of paths that end in state 0, before the last quench
  std::optional<double> jarzynski_average;         ///< <e^(-W) pi(s0) / p(s0)>, pi = 1/2
  std::optional<double> jarzynski_standard_error;  ///< where it comes from paths
  std::string jarzynski_from;  ///< "paths", or the equation that takes their place where an end state is rare
  std::optional<double> jarzynski_success;  ///< the same over successful paths only, per success: 1 / (2 P_S)
  std::optional<double> jarzynski_success_expected;
  double floor_kT = 0;  ///< no mean may be below; double_well: whose wells have come to rest at the end
  std::optional<double>
      floor_any_end_kT;  ///< no mean may be below, however the end lies within its states; where there is a floor of
                         ///< duration
  std::string floor_from;
  double landauer_kT = 0;                                   ///< h(P) - h(error): the floor of infinite time
  std::optional<double> share_below_floor;                  ///< single events may be below
  std::optional<double> exact_work_kT, exact_variance_kT2;  ///< of the master equation, where that is cheap
};

/// Whether the mean work lies above the floor that holds for every end, by all but four standard errors.
bool keeps_floor(const BitResult& result);

const std::vector<std::string>& bit_models();
bool is_device(const std::string& model);

/// Throws support::InputError with everything that is wrong, naming the options ("--bias").
void check_bit(const BitRequest& request);
BitResult run_bit(const BitRequest& request);

/// "duration=1:1000:log:10": a variable (duration, bias, barrier, tilt), its first and last value, lin or log, how
/// many.
struct BitSweep {
  std::string variable;
  bool logarithmic = false;
  std::vector<double> values;
};
BitSweep parse_sweep(std::string_view text);
/// The request with the sweep's variable set.
BitRequest at_point(BitRequest request, const BitSweep& sweep, double value);

/// Keys of one result, in order; null where absent.
std::string bit_json(const BitRequest& request, const BitResult& result);
std::string sweep_json(const BitRequest& request, const BitSweep& sweep, const std::vector<BitResult>& results);
void print_bit(std::ostream& out, const BitRequest& request, const BitResult& result);
void print_sweep(std::ostream& out, const BitSweep& sweep, const std::vector<BitResult>& results);
/// Mean work with standard errors, its floor and kT ln2 over the sweep's variable; .svg or .png.
void plot_sweep(const std::string& path, const BitRequest& request, const BitSweep& sweep,
                const std::vector<BitResult>& results);

}  // namespace szilard::lab
