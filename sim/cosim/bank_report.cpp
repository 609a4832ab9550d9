// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/bank_report.hpp"

#include <algorithm>
#include <cmath>

#include "models/support/constants.hpp"
#include "models/support/tolerance.hpp"
#include "models/support/units.hpp"

namespace szilard::cosim {
namespace {

struct MeanError {
  double mean = 0, standard_error = 0;
};

MeanError mean_error(const std::vector<double>& values) {
  MeanError out;
  const double n = double(values.size());
  for (double v : values) out.mean += v;
  out.mean /= n;
  for (double v : values) out.standard_error += (v - out.mean) * (v - out.mean);
  out.standard_error = n > 1 ? std::sqrt(out.standard_error / (n - 1) / n) : 0;
  return out;
}

/// Failed resets of a bank, and how far their rate may be off.
struct ErrorRate {
  double e = 0, standard_error = 0;
  double most = 0;  ///< four standard errors up, counting at least a few failures
};

ErrorRate error_rate(const neuron::NeuronBank& bank) {
  const double resets = double(bank.activity().samples()) * double(bank.neurons());
  const double failed = double(bank.failed_resets());
  ErrorRate rate;
  rate.e = failed / resets;
  rate.standard_error = std::sqrt(rate.e * (1 - rate.e) / resets);
  rate.most = std::min(1.0, (failed + 8 + support::kBoundStandardErrors * std::sqrt(failed + 4)) / resets);
  return rate;
}

double mean_activity(const neuron::NeuronBank& bank) {
  double active = 0;
  for (std::size_t i = 0; i < bank.neurons(); ++i) active += double(bank.activity().active(i));
  return active / (double(bank.neurons()) * double(bank.activity().samples()));
}

/// Mean reset work of a bank, and what it must not lie below apart from kT sum h(p_i).
struct BankWork {
  double mean_j = 0, standard_error_j = 0;
  double left_j = 0;    ///< kT n h(e): what failures leave need not be paid for
  double states_j = 0;  ///< by which the states' own free energies differ
  double duration_j = 0;
  bool is_deterministic = true;
};

BankWork work_of(const neuron::NeuronBank& bank, double kt_j) {
  const MeanError work = mean_error(bank.reset_work_j());
  BankWork out{work.mean, work.standard_error, 0, 0, 0, true};
  if (!bank.physics().is_drawn()) return out;
  // One rate for the whole bank: entropy is concave, so this asks for no more than each neuron's own would; so do the
  // terms of the duration at the mean occupations, which are convex.
  const double neurons = double(bank.neurons()), p = mean_activity(bank);
  const ErrorRate rate = error_rate(bank);
  out.left_j = kt_j * neurons * energy::binary_entropy_nat(rate.e);
  double slope_j = rate.e > 0 && rate.e < 1 ? kt_j * (std::log1p(-rate.e) - std::log(rate.e)) : 0;
  if (const auto floor = bank.physics().finite_time_floor(p, rate.e)) {
    out.states_j = neurons * floor->states_j;
    slope_j +=
        std::abs(bank.physics().finite_time_floor(p, 1)->states_j - bank.physics().finite_time_floor(p, 0)->states_j);
    out.duration_j = neurons * bank.physics().finite_time_floor(p, rate.most)->any_end_j;
  }
  const double of_errors_j = neurons * slope_j * rate.standard_error;
  const double of_ensembles_j = bank.physics().draws_from_calibration() ? bank.calibration_error_j() : 0;
  out.standard_error_j = std::sqrt(out.standard_error_j * out.standard_error_j + of_errors_j * of_errors_j +
                                   of_ensembles_j * of_ensembles_j);
  out.is_deterministic = false;
  return out;
}

void check_bank(const BankAt& at, const BankWork& work, double per_neuron_j, PlatformResult& result,
                std::vector<std::string>& failures) {
  energy::BoundCheck check;
  check.component = at.component;
  check.mean_j = work.mean_j;
  check.standard_error_j = work.standard_error_j;
  check.bound_j = per_neuron_j - work.left_j + work.states_j + work.duration_j;
  check.deterministic = work.is_deterministic;
  if (!check.holds())
    failures.push_back("the mean reset work of " + check.component + ", " + support::engineering(check.mean_j, "J") +
                       ", lies below its bound of " + support::engineering(check.bound_j, "J"));
  result.bound_checks.push_back(check);
}

std::optional<double> finite_time_floor(const neuron::NeuronBank& bank, double per_neuron_j, double kt_j) {
  const double neurons = double(bank.neurons()), p = mean_activity(bank);
  const ErrorRate rate = error_rate(bank);
  const auto floor = bank.physics().finite_time_floor(p, rate.e);
  if (!floor) return std::nullopt;
  // As many failures as the observed number allows make the least demand on the duration.
  const double duration_j = bank.physics().finite_time_floor(p, std::max(rate.e, std::min(rate.most, p)))->duration_j;
  return per_neuron_j + neurons * (floor->states_j + duration_j - kt_j * energy::binary_entropy_nat(rate.e));
}

void check_negentropy(const std::string& component, const BankWork& work, double ensemble_bit, double bit_j,
                      PlatformResult& result, std::vector<std::string>& failures) {
  NegentropyResult out;
  out.component = component;
  out.consumed_bit = (work.mean_j - work.states_j) / bit_j;
  out.standard_error_bit = work.standard_error_j / bit_j;
  out.shannon_reduction_bit = std::max(0.0, ensemble_bit - work.left_j / bit_j);
  out.holds = energy::BoundCheck{component, out.consumed_bit, out.standard_error_bit, out.shannon_reduction_bit,
                                 work.is_deterministic}
                  .holds();
  if (!out.holds)
    failures.push_back("the negentropy that the resets of " + component + " consume, " +
                       support::shortest(out.consumed_bit) + " bit an inference, lies below the Shannon entropy of " +
                       support::shortest(out.shannon_reduction_bit) + " bit that they take away");
  result.negentropy.push_back(out);
}

void report_drawn(const std::vector<BankAt>& banks, PlatformResult& result) {
  DrawnResetResult resets;
  double neurons = 0, samples = 0, square_j2 = 0, ensembles_j2 = 0;
  for (const BankAt& at : banks) {
    const neuron::NeuronBank& bank = *at.bank;
    if (!bank.physics().is_drawn()) return;
    const std::vector<double>&work = bank.reset_work_j(), &expected = bank.expected_work_j();
    std::vector<double> difference(work.size());
    for (std::size_t s = 0; s < work.size(); ++s) difference[s] = work[s] - expected[s];
    const MeanError error = mean_error(difference);
    resets.failed += bank.failed_resets();
    resets.duration_s = double(bank.reset_ps()) * 1e-12;
    resets.mean_work_j += mean_error(work).mean;
    resets.calibrated_work_j += mean_error(expected).mean;
    square_j2 += error.standard_error * error.standard_error;
    const double ensembles_j = bank.calibration_error_j();
    ensembles_j2 += ensembles_j * ensembles_j;
    if (!bank.physics().draws_from_calibration()) square_j2 += ensembles_j * ensembles_j;
    neurons += double(bank.neurons());
    samples = double(work.size());
  }
  if (banks.empty()) return;
  resets.error_probability = double(resets.failed) / (neurons * samples);
  resets.mean_work_j /= neurons;
  resets.calibrated_work_j /= neurons;
  resets.calibrated_standard_error_j = std::sqrt(ensembles_j2) / neurons;
  resets.difference_standard_error_j = std::sqrt(square_j2) / neurons;
  result.drawn_resets = resets;
}

}  // namespace

void report_banks(const std::vector<BankAt>& banks, const std::string& platform, double temperature_k,
                  PlatformResult& result, std::vector<std::string>& failures) {
  if (banks.empty()) return;
  const double kt_j = support::kBoltzmann_J_per_K * temperature_k, bit_j = kt_j * support::kLn2;
  std::vector<const energy::ActivityTrace*> traces;
  for (const BankAt& at : banks) traces.push_back(&at.bank->activity());
  const energy::EnsembleEntropy ensemble = energy::ensemble_entropy(traces);
  const bool every_cycle = banks.front().bank->parameters().policy == neuron::Policy::every_cycle;
  double below = 0, neurons = 0, square_j2 = 0;
  BankWork all;
  for (std::size_t b = 0; b < banks.size(); ++b) {
    const neuron::NeuronBank& bank = *banks[b].bank;
    result.neurons.sets += bank.sets();
    result.neurons.resets += bank.resets();
    result.neurons.errors.add(bank.errors());
    below += bank.below_bound_fraction(temperature_k) * double(bank.neurons());
    neurons += double(bank.neurons());
    const energy::ResetBounds bounds = energy::reset_bounds({&bank.activity()}, temperature_k);
    result.reset_bounds_by_layer.emplace_back(banks[b].layer, bounds);
    result.finite_time_by_layer_j.push_back(finite_time_floor(bank, bounds.reset_per_neuron_j, kt_j));
    if (!every_cycle) continue;
    const BankWork work = work_of(bank, kt_j);
    check_bank(banks[b], work, bounds.reset_per_neuron_j, result, failures);
    check_negentropy(banks[b].component, work, ensemble.by_layer_bit[b], bit_j, result, failures);
    all.mean_j += work.mean_j;
    all.left_j += work.left_j;
    all.states_j += work.states_j;
    all.is_deterministic = all.is_deterministic && work.is_deterministic;
    square_j2 += work.standard_error_j * work.standard_error_j;
  }
  all.standard_error_j = std::sqrt(square_j2);
  if (every_cycle) check_negentropy(platform, all, ensemble.joint_bit, bit_j, result, failures);
  result.neurons.below_bound_fraction = below / neurons;
  const auto& floors = result.finite_time_by_layer_j;
  if (std::all_of(floors.begin(), floors.end(), [](const auto& floor) { return floor.has_value(); })) {
    result.finite_time_j = 0;
    for (const auto& floor : floors) *result.finite_time_j += *floor;
  }
  report_drawn(banks, result);
}

}  // namespace szilard::cosim
