// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/ring_bank.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/support/checks.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kWellProgrammed = 1e-13;
constexpr int kMostSweeps = 200, kMostSpans = 20;

/// The rings of one bus.
class Bus {
 public:
  Bus(const RingBankParameters& p, std::size_t inputs, double spacing_hz)
      : parameters_(p),
        inputs_(inputs),
        spacing_hz_(spacing_hz),
        detuning_hz_(inputs, 0.0),
        sine_(inputs, 0.0),
        cosine_(inputs, 1.0) {
    const double half = 2 * p.finesse / kPi;
    sharpness_ = half * half;
    dropped_ = 1 / p.drop_loss;
    taken_ = 1 - 1 / p.through_extinction;
    rho_ = dropped_ / taken_;
    for (std::size_t k = 0; k < inputs; ++k) {
      const double turn = kPi * static_cast<double>(k) * spacing_hz / p.free_spectral_range_hz;
      between_sine_.push_back(std::sin(turn));
      between_cosine_.push_back(std::cos(turn));
    }
  }

  double rho() const { return rho_; }
  double least_peak() const { return peak(spacing_hz_ / 2); }
  /// Extremes of drop - through of one ring alone.
  double most() const { return rho_ - (1 + rho_) * (1 - taken_); }
  double least() const { return rho_ - (1 + rho_) * (1 - taken_ * least_peak()); }

  void tune(std::size_t k, double detuning_hz) {
    detuning_hz_[k] = detuning_hz;
    const double turn = kPi * detuning_hz / parameters_.free_spectral_range_hz;
    sine_[k] = std::sin(turn);
    cosine_[k] = std::cos(turn);
  }
  double detuning_hz(std::size_t k) const { return detuning_hz_[k]; }

  /// What ring k takes of light m.
  double taken(std::size_t k, std::size_t m) const {
    // The light stands m - k spacings and the detuning above the resonance.
    const double s = between_sine_[m > k ? m - k : k - m] * (m >= k ? 1.0 : -1.0),
                 c = between_cosine_[m > k ? m - k : k - m];
    const double sine = s * cosine_[k] + c * sine_[k];
    return taken_ / (1 + sharpness_ * sine * sine);
  }

  /// Share of light m that passes all rings but its own.
  double others(std::size_t m) const {
    if (parameters_.crosstalk == RingCrosstalk::none) return 1;
    double passed = 1;
    for (std::size_t k = 0; k < inputs_; ++k)
      if (k != m) passed *= 1 - taken(k, m);
    return passed;
  }

  /// Tunes ring m so that, the others letting `passed` through, drop - through is `weight`. False where it cannot.
  bool set(std::size_t m, double weight, double passed) {
    const double wanted = (1 - (rho_ - weight) / (1 + rho_) / passed) / taken_, lowest = least_peak();
    const double peak_of_it = std::clamp(wanted, lowest, 1.0);
    tune(m, parameters_.free_spectral_range_hz / kPi * std::asin(std::sqrt((1 / peak_of_it - 1) / sharpness_)));
    return wanted >= lowest * (1 - 1e-12) && wanted <= 1 + 1e-12;
  }

  double weight(std::size_t m) const { return rho_ - (1 + rho_) * others(m) * (1 - taken(m, m)); }

  bool program(const double* weights, double span) {
    bool reached = true;
    for (std::size_t m = 0; m < inputs_; ++m) reached = set(m, span * weights[m], 1) && reached;
    if (parameters_.crosstalk != RingCrosstalk::compensated) return true;
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
      reached = true;
      for (std::size_t m = 0; m < inputs_; ++m) reached = set(m, span * weights[m], others(m)) && reached;
      double off = 0;
      for (std::size_t m = 0; m < inputs_; ++m) off = std::max(off, std::abs(weight(m) - span * weights[m]));
      if (reached && off <= kWellProgrammed * span) return true;
    }
    return false;
  }

  /// Where light m goes, ring after ring.
  void follow(std::size_t m, double& dropped, double& through, double& absorbed) const {
    dropped = absorbed = 0;
    through = 1;
    for (std::size_t k = 0; k < inputs_; ++k) {
      if (k != m && parameters_.crosstalk == RingCrosstalk::none) continue;
      const double here = taken(k, m);
      dropped += through * rho_ * here;
      absorbed += through * (1 - rho_) * here;
      through *= 1 - here;
    }
  }

 private:
  double peak(double detuning_hz) const {
    const double sine = std::sin(kPi * detuning_hz / parameters_.free_spectral_range_hz);
    return 1 / (1 + sharpness_ * sine * sine);
  }

  const RingBankParameters& parameters_;
  std::size_t inputs_;
  double spacing_hz_, sharpness_ = 0, dropped_ = 1, taken_ = 1, rho_ = 1;
  std::vector<double> detuning_hz_, sine_, cosine_, between_sine_, between_cosine_;
};

double in_range(double shift_hz, double range_hz) {
  const double rest = std::fmod(shift_hz, range_hz);
  return rest < 0 ? rest + range_hz : rest;
}

}  // namespace

double RingBankParameters::spacing_hz(std::size_t modes) const {
  return channel_spacing_hz > 0 ? channel_spacing_hz.value : free_spectral_range_hz / static_cast<double>(modes);
}

void RingBankParameters::check(std::size_t modes) const {
  support::require(std::isfinite(finesse) && finesse > 1, "finesse", finesse, "finite and above 1");
  support::require_positive(free_spectral_range_hz, "free_spectral_range_hz");
  support::require_not_negative(channel_spacing_hz, "channel_spacing_hz");
  support::require(spacing_hz(modes) * static_cast<double>(modes) <= free_spectral_range_hz * (1 + 1e-12),
                   "channel_spacing_hz", channel_spacing_hz, "at most the free spectral range over the tile's modes");
  support::require(std::isfinite(drop_loss) && drop_loss >= 1, "drop_loss", drop_loss, "finite and at least 1");
  support::require(through_extinction > 1, "through_extinction", through_extinction, "above 1");
  support::require(
      1 / drop_loss + 1 / through_extinction <= 1 + 1e-12, "through_extinction", through_extinction,
      "so large that no more light leaves a ring than enters it: 1 / drop_loss + 1 / through_extinction <= 1");
  support::require_not_negative(locking_error_hz, "locking_error_hz");
  support::require_not_negative(resonance_spread_hz, "resonance_spread_hz");
  support::require_not_negative(resonance_bias_hz, "resonance_bias_hz");
  support::require_not_negative(tuning_power_w, "tuning_power_w");
  support::require_not_negative(locking_power_w, "locking_power_w");
}

RingBank program_ring_bank(const linear::RowMatrix& weights, const RingBankParameters& parameters, std::size_t modes,
                           std::uint64_t seed, const std::string& stream_name) {
  parameters.check(modes);
  const std::size_t outputs = static_cast<std::size_t>(weights.rows()),
                    inputs = static_cast<std::size_t>(weights.cols());
  Bus bus(parameters, inputs, parameters.spacing_hz(modes));
  const double range = std::min(bus.most(), -bus.least());
  if (!(range > 0))
    throw std::invalid_argument("rings of this finesse, spacing and loss reach weights of " +
                                support::shortest(bus.least()) + " to " + support::shortest(bus.most()) +
                                ", which leaves no span around 0");
  RingBank bank;
  bool programmed = false;
  for (int step = 0; step < kMostSpans && !programmed; ++step) {
    bank.span = range * (1 - 0.05 * step);
    programmed = true;
    for (std::size_t j = 0; j < outputs && programmed; ++j)
      programmed = bus.program(weights.row(Eigen::Index(j)).data(), bank.span);
  }
  if (!programmed)
    throw std::invalid_argument("channels this close let no weights through: raise finesse or channel_spacing");

  const support::RandomStream made(seed, support::stream_of((stream_name + "/resonance").c_str()));
  const support::RandomStream locked(seed, support::stream_of((stream_name + "/locking").c_str()));
  const double share = 1 / static_cast<double>(outputs);
  const Eigen::Index rows = weights.rows(), columns = weights.cols();
  bank.detuning_hz.resize(rows, columns);
  bank.shares.plus.resize(rows, columns);
  bank.shares.minus.resize(rows, columns);
  bank.shares.absorbed.assign(inputs, 0.0);
  bank.shares.auxiliary.assign(inputs, 0.0);
  for (std::size_t j = 0; j < outputs; ++j) {
    const double* row = weights.row(Eigen::Index(j)).data();
    bus.program(row, bank.span);
    for (std::size_t k = 0; k < inputs; ++k) {
      bank.residual = std::max(bank.residual, std::abs(bus.weight(k) / bank.span - row[k]));
      bank.detuning_hz(Eigen::Index(j), Eigen::Index(k)) = bus.detuning_hz(k);
    }
    for (std::size_t k = 0; k < inputs; ++k) {
      const auto index = static_cast<std::uint32_t>(j * inputs + k);
      const double tuned = bus.detuning_hz(k);
      const double deviation =
          parameters.resonance_spread_hz > 0 ? parameters.resonance_spread_hz * made.gaussian(0, index) : 0.0;
      bank.holding_w += parameters.locking_power_w + parameters.tuning_power_w *
                                                         in_range(tuned + deviation + parameters.resonance_bias_hz,
                                                                  parameters.free_spectral_range_hz) /
                                                         parameters.free_spectral_range_hz;
      if (parameters.locking_error_hz > 0) bus.tune(k, tuned + parameters.locking_error_hz * locked.gaussian(0, index));
    }
    for (std::size_t k = 0; k < inputs; ++k) {
      double dropped = 0, through = 0, absorbed = 0;
      bus.follow(k, dropped, through, absorbed);
      bank.shares.plus(Eigen::Index(j), Eigen::Index(k)) = share * dropped;
      bank.shares.minus(Eigen::Index(j), Eigen::Index(k)) = share * through;
      bank.shares.absorbed[k] += share * absorbed;
    }
  }
  bank.worst_share = share * bank.span;
  return bank;
}

}  // namespace szilard::optical
