// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/drawn_reset.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include "models/energy/bounds.hpp"
#include "models/neuron/failing_reset.hpp"
#include "models/neuron/picoseconds.hpp"
#include "models/neuron/reset_physics/double_well.hpp"
#include "models/neuron/reset_physics/optimal_transport.hpp"
#include "models/neuron/reset_physics/two_level.hpp"
#include "models/support/constants.hpp"
#include "models/support/philox.hpp"

namespace szilard::neuron {
namespace {

using energy::Coefficient;
using energy::Quanta;
using reset_physics::DoubleWellReset;
using reset_physics::ResetPaths;
using reset_physics::TwoLevelReset;

constexpr std::size_t kTransportPoints = 8192;
constexpr double kLeastOccupation = 1e-15;

double kt_of(double temperature_k, const std::string& name) {
  if (!(temperature_k > 0) || !std::isfinite(temperature_k))
    throw std::invalid_argument(name + ": the temperature must be finite and above 0 K");
  return support::kBoltzmann_J_per_K * temperature_k;
}

void require_probabilities(const std::vector<double>& q, const std::string& name) {
  if (q.empty()) throw std::invalid_argument(name + ": no activation probabilities");
  if (!std::all_of(q.begin(), q.end(), [](double p) { return p > 0 && p < 1; }))
    throw std::invalid_argument(name + ": an activation probability must lie between 0 and 1, both excluded");
}

std::int64_t duration_ps_of(double duration_s, double relaxation_s, const std::string& name) {
  if (!(relaxation_s > 0) || !std::isfinite(relaxation_s))
    throw std::invalid_argument(name + ": the relaxation time must be above 0 s");
  if (!(duration_s > 0)) throw std::invalid_argument(name + ": the duration of a reset must be above 0 s");
  return picoseconds(duration_s, name + ": the duration of a reset");
}

/// ln(right / left) of the occupations of a tilted quartic double well, by Simpson's rule on either side.
double log_ratio(double barrier_kT, double tilt_kT) {
  constexpr int kIntervals = 2000;
  const double reach = 2.5 + std::cbrt(tilt_kT / barrier_kT) + std::pow(45 / barrier_kT, 0.25);
  const reset_physics::Potential potential = reset_physics::quartic(barrier_kT, tilt_kT, 1, 1);
  const double shift = potential.energy(1);  // within a few kT of the minimum
  const auto side = [&](double sign) {
    double sum = 0;
    for (int i = 0; i <= kIntervals; ++i) {
      const double weight = i == 0 || i == kIntervals ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * std::exp(shift - potential.energy(sign * reach * i / kIntervals));
    }
    return sum;
  };
  return std::log(side(1) / side(-1));
}

/// The tilt at which the left well has the occupation q: as reset_physics::tilt_of_occupation, whose fine grid takes
/// most of a second, where a bank needs one for each neuron.
double tilt_of(double barrier_kT, double q) {
  const double target = std::abs(std::log1p(-q) - std::log(q));
  double low = 0, high = 1;
  while (log_ratio(barrier_kT, high) < target)
    if ((high *= 2) > 300) throw std::invalid_argument("double_well: no tilt below 300 kT makes q an equilibrium");
  for (int i = 0; i < 50 && target > 0; ++i) {
    const double middle = (low + high) / 2;
    (log_ratio(barrier_kT, middle) < target ? low : high) = middle;
  }
  return q < 0.5 ? low : -low;
}

/// Squared distance that the particle goes from the occupation p of the left well to e.
double transport(const reset_physics::Equilibrium& before, double p, const reset_physics::Equilibrium& after,
                 double e) {
  return reset_physics::wasserstein_squared([&](double u) { return before.quantile(u, p); },
                                            [&](double u) { return after.quantile(u, e); }, kTransportPoints);
}

void add_probabilities(std::vector<Coefficient>& list, const std::vector<double>& q) {
  const auto [least, most] = std::minmax_element(q.begin(), q.end());
  if (*least == *most) {
    list.push_back({"activation probability q of the protocol", {*least, "protocol", "choice"}, ""});
    return;
  }
  list.push_back({"least activation probability q of the protocol", {*least, "calibration", "choice"}, ""});
  list.push_back({"largest activation probability q of the protocol", {*most, "calibration", "choice"}, ""});
}

class Simulated final : public ResetPhysics {
 public:
  Simulated(SimulatedReset reset, const DrawSeed& seed)
      : reset_(std::move(reset)),
        name_(reset_.model == SimulatedReset::Model::two_level ? "two_level" : "double_well"),
        kt_j_(kt_of(reset_.temperature_k, name_)),
        duration_ps_(duration_ps_of(reset_.duration_s, reset_.relaxation_s, name_)),
        draws_(draw_stream(seed, "/reset")) {
    require_probabilities(reset_.q, name_);
    if (!(reset_.tilt_j >= 0)) throw std::invalid_argument(name_ + ": the tilt must not be negative");
    if (reset_.schedule && !is_well()) throw std::invalid_argument(name_ + ": only a double_well takes a schedule");
    if (is_well() && !reset_.schedule && !(reset_.barrier_j > 0))
      throw std::invalid_argument(name_ + ": the barrier must be above 0 J");
    if (reset_.calibration_paths < 2) throw std::invalid_argument(name_ + ": a calibration needs at least two paths");
    std::map<double, std::size_t> known;
    for (double q : reset_.q) known.emplace(protocol_of(q), 0);
    if (is_well() && reset_.live && known.size() > 1)
      throw std::invalid_argument("double_well: live resets need one activation probability for all neurons");
    const support::RandomStream calibration = draw_stream(seed, "/reset_calibration");
    for (auto& [q, ensemble] : known) {
      ensemble = tables_.size();
      add_protocol(q);
      tables_.push_back(simulate_table(ensemble, calibration));
    }
    for (double q : reset_.q) ensemble_of_.push_back(known.at(protocol_of(q)));
  }

  std::string name() const override { return name_; }
  EventEnergy set(std::size_t) const override { return {}; }
  EventEnergy reset(std::size_t neuron, bool state) const override { return table(neuron, state).mean; }
  EventEnergy change(std::size_t, bool) const override { throw std::logic_error(name_ + ": resets every cycle only"); }
  std::int64_t reset_duration_ps() const override { return duration_ps_; }
  energy::Origin origin() const override { return energy::Origin::computed; }
  std::size_t neurons() const override { return ensemble_of_.size(); }
  bool is_drawn() const override { return true; }
  bool draws_from_calibration() const override { return !reset_.live; }
  CalibratedWork calibrated_work(std::size_t neuron, bool state) const override {
    const Table& entries = table(neuron, state);
    return {entries.mean_work_j, entries.standard_error_j, ensemble_of_.at(neuron)};
  }

  void draw(std::uint64_t first_sample, std::size_t count, const std::uint8_t* states, DrawnReset* out) const override {
    const std::size_t n = neurons();
    if (!reset_.live) {
      for (std::size_t k = 0; k < count * n; ++k) {
        const std::vector<DrawnReset>& drawn = table(k % n, states[k] != 0).entries;
        const double u = draws_.uniform(first_sample + k / n, static_cast<std::uint32_t>(k % n));
        out[k] = drawn[std::min(drawn.size() - 1, static_cast<std::size_t>(u * static_cast<double>(drawn.size())))];
      }
    } else if (is_well()) {
      const ResetPaths paths =
          wells_.front().simulate(std::vector<std::uint8_t>(states, states + count * n), draws_, first_sample * n);
      for (std::size_t k = 0; k < count * n; ++k) out[k] = entry(paths, k);
    } else {
      for (std::size_t k = 0; k < count * n; ++k)
        out[k] = entry(simulate_levels(ensemble_of_[k % n], states[k] != 0, 1, draws_, first_sample * n + k), 0);
    }
  }

  std::optional<FiniteTimeFloor> finite_time_floor(double p, double e) const override {
    const double duration = reset_.duration_s / reset_.relaxation_s;
    if (is_well()) {
      const reset_physics::DoubleWellReset& reset = wells_.front().reset();
      const reset_physics::Equilibrium before(reset.schedule.first(), reset.divide),
          after(reset.schedule.last(), reset.divide);
      return FiniteTimeFloor{kt_j_ * (after.free_energy_kT(e) - before.free_energy_kT(p)),
                             kt_j_ * transport(before, p, after, e) / duration,
                             kt_j_ * reset_physics::least_transport(before, p, e, reset.divide) / duration};
    }
    if (e >= p) return FiniteTimeFloor{};
    // Nearer to what the duration can reach the floor grows without bound.
    const double reachable = std::max({e, p * std::exp(-duration) * (1 + 1e-6), kLeastOccupation});
    if (reachable >= p) return FiniteTimeFloor{};
    const double slow_kT = energy::binary_entropy_nat(p) - energy::binary_entropy_nat(reachable);
    // Two levels have no inner state: any end is the end.
    const double duration_j =
        kt_j_ * std::max(0.0, reset_physics::two_level_floor_kT(p, reachable, duration) - slow_kT);
    return FiniteTimeFloor{0, duration_j, duration_j};
  }

  std::string law() const override {
    return std::string("work and heat of simulated paths, ") +
           (reset_.live ? "each reset simulated" : "drawn from a calibrated ensemble") +
           (reset_.schedule ? "; overdamped particle under the user's own schedule"
            : is_well()     ? "; overdamped particle, lower barrier, tilt, raise, untilt"
                            : "; two levels, gap ramped, then quenched");
  }
  std::vector<Coefficient> coefficients() const override {
    std::vector<Coefficient> list = {
        {"Boltzmann constant", {support::kBoltzmann_J_per_K, "CODATA 2018, exact", "read"}, "J/K"},
        {"temperature", {reset_.temperature_k, "scenario", "user"}, "K"},
        {"relaxation time", reset_.relaxation_s, "s"},
        {"duration of a reset", reset_.duration_s, "s"}};
    if (!reset_.schedule) list.push_back({is_well() ? "tilt" : "gap at the end of the ramp", reset_.tilt_j, "J"});
    if (is_well() && !reset_.schedule) list.push_back({"barrier", reset_.barrier_j, "J"});
    list.push_back(
        {"calibration paths a start state", {static_cast<double>(reset_.calibration_paths), "scenario", "choice"}, ""});
    if (!reset_.schedule) add_probabilities(list, reset_.q);
    return list;
  }

 private:
  struct Table {
    std::vector<DrawnReset> entries;
    EventEnergy mean;
    double mean_work_j = 0, standard_error_j = 0;
  };

  bool is_well() const { return reset_.model == SimulatedReset::Model::double_well; }
  const Table& table(std::size_t neuron, bool state) const { return tables_[ensemble_of_.at(neuron)][state ? 1 : 0]; }

  /// Protocols are told apart by the q that they are built for; a user's own is built for none.
  double protocol_of(double q) const { return reset_.schedule ? 0.5 : q; }

  void add_protocol(double q) {
    const double duration = reset_.duration_s / reset_.relaxation_s, tilt_kT = reset_.tilt_j / kt_j_;
    if (reset_.schedule) {
      DoubleWellReset well;
      well.schedule = *reset_.schedule;
      well.divide = reset_.divide;
      well.duration = duration;
      wells_.emplace_back(std::move(well));
      return;
    }
    if (is_well()) {
      const double barrier_kT = reset_.barrier_j / kt_j_;
      DoubleWellReset well;
      well.schedule = reset_physics::four_stage(barrier_kT, tilt_kT, tilt_of(barrier_kT, q));
      well.duration = duration;
      wells_.emplace_back(std::move(well));
      return;
    }
    TwoLevelReset levels;
    levels.start_gap_kT = TwoLevelReset::equilibrium_gap(q);
    levels.end_gap_kT = tilt_kT;
    levels.duration = duration;
    validate(levels);
    levels_.push_back(levels);
  }

  ResetPaths simulate_levels(std::size_t protocol, bool state, std::size_t paths, const support::RandomStream& random,
                             std::uint64_t first_path) const {
    TwoLevelReset levels = levels_[protocol];
    levels.start_occupation = state ? 1 : 0;
    return reset_physics::simulate(levels, paths, random, first_path);
  }

  DrawnReset entry(const ResetPaths& paths, std::size_t k) const {
    return {{Quanta::from_joules(kt_j_ * paths.work_kT[k]), Quanta::from_joules(kt_j_ * paths.heat_kT[k]),
             Quanta::from_joules(kt_j_ * paths.energy_change_kT[k])},
            paths.end_state[k] != 0};
  }

  std::array<Table, 2> simulate_table(std::size_t protocol, const support::RandomStream& random) const {
    std::array<Table, 2> tables;
    const std::size_t n = reset_.calibration_paths;
    for (const bool state : {false, true}) {
      const std::uint64_t first = (2 * protocol + (state ? 1 : 0)) * n;
      const ResetPaths paths = is_well() ? wells_[protocol].simulate(std::vector<std::uint8_t>(n, state), random, first)
                                         : simulate_levels(protocol, state, n, random, first);
      Table& table = tables[state ? 1 : 0];
      EventEnergy sum;
      for (std::size_t k = 0; k < n; ++k) {
        table.entries.push_back(entry(paths, k));
        sum.supplied += table.entries.back().energy.supplied;
        sum.dissipated += table.entries.back().energy.dissipated;
        sum.stored += table.entries.back().energy.stored;
      }
      const double count = static_cast<double>(n);
      table.mean = {Quanta::from_joules(sum.supplied.joules() / count),
                    Quanta::from_joules(sum.dissipated.joules() / count),
                    Quanta::from_joules(sum.stored.joules() / count)};
      table.mean_work_j = sum.supplied.joules() / count;
      double squares = 0;
      for (const DrawnReset& drawn : table.entries) {
        const double deviation = drawn.energy.supplied.joules() - table.mean_work_j;
        squares += deviation * deviation;
      }
      table.standard_error_j = std::sqrt(squares / (count - 1) / count);
    }
    return tables;
  }

  SimulatedReset reset_;
  std::string name_;
  double kt_j_;
  std::int64_t duration_ps_;
  support::RandomStream draws_;
  std::vector<TwoLevelReset> levels_;  // of each distinct q
  std::vector<reset_physics::DoubleWellSimulator> wells_;
  std::vector<std::array<Table, 2>> tables_;
  std::vector<std::size_t> ensemble_of_;
};

class OptimalTransport final : public FailingReset {
 public:
  OptimalTransport(TransportReset reset, const DrawSeed& seed)
      : FailingReset(seed, duration_ps_of(reset.duration_s, reset.relaxation_s, "optimal_transport")),
        reset_(std::move(reset)),
        well_(reset_physics::quartic(checked_barrier_kT(), 0, 1, 0)) {
    const double kt_j = kt_of(reset_.temperature_k, name());
    require_probabilities(reset_.q, name());
    if (!(reset_.error >= 0 && reset_.error < 1))
      throw std::invalid_argument("optimal_transport: the error probability must lie in [0, 1)");
    const double left_kT = energy_of_error();
    std::map<double, double> extra_kT;
    for (double q : reset_.q) {
      auto [found, is_new] = extra_kT.emplace(q, 0.0);
      if (is_new) {
        found->second = transport(well_, q, well_, reset_.error) * reset_.relaxation_s / reset_.duration_s - left_kT;
      }
      mean_transport_j_ += kt_j * (found->second + left_kT) / double(reset_.q.size());
      from_one_.push_back(Quanta::from_joules(kt_j * (found->second - std::log(q))));
      from_zero_.push_back(Quanta::from_joules(kt_j * (found->second - std::log1p(-q))));
    }
  }

  std::string name() const override { return "optimal_transport"; }
  EventEnergy set(std::size_t) const override { return {}; }
  EventEnergy reset(std::size_t neuron, bool state) const override {
    const Quanta work = state ? from_one_.at(neuron) : from_zero_.at(neuron);
    return {work, work, {}};
  }
  energy::Origin origin() const override { return energy::Origin::computed; }
  std::size_t neurons() const override { return reset_.q.size(); }
  std::string law() const override {
    return "E = kT [-ln q or -ln(1 - q) - h(e) + W2^2 / duration], the least of all protocols";
  }
  std::vector<Coefficient> coefficients() const override {
    std::vector<Coefficient> list = {
        {"Boltzmann constant", {support::kBoltzmann_J_per_K, "CODATA 2018, exact", "read"}, "J/K"},
        {"temperature", {reset_.temperature_k, "scenario", "user"}, "K"},
        {"relaxation time", reset_.relaxation_s, "s"},
        {"duration of a reset", reset_.duration_s, "s"},
        {"barrier", reset_.barrier_j, "J"},
        {"error probability", reset_.error, ""}};
    add_probabilities(list, reset_.q);
    return list;
  }

 private:
  std::optional<FiniteTimeFloor> finite_time_floor(double p, double e) const override {
    const double kt_j = kt_of(reset_.temperature_k, name());
    return FiniteTimeFloor{
        0, mean_transport_j_,
        kt_j * reset_physics::least_transport(well_, p, e, 0) * reset_.relaxation_s / reset_.duration_s};
  }

  double checked_barrier_kT() const {
    if (!(reset_.barrier_j > 0) || !std::isfinite(reset_.barrier_j))
      throw std::invalid_argument("optimal_transport: the barrier must be above 0 J");
    return reset_.barrier_j / kt_of(reset_.temperature_k, name());
  }
  double energy_of_error() const {
    const double e = reset_.error;
    return e > 0 ? -e * std::log(e) - (1 - e) * std::log1p(-e) : 0;
  }
  double error(bool) const override { return reset_.error; }

  TransportReset reset_;
  reset_physics::Equilibrium well_;
  double mean_transport_j_ = 0;
  std::vector<Quanta> from_one_, from_zero_;
};

}  // namespace

std::unique_ptr<ResetPhysics> make_simulated_reset(SimulatedReset reset, const DrawSeed& seed) {
  return std::make_unique<Simulated>(std::move(reset), seed);
}

std::unique_ptr<ResetPhysics> make_optimal_transport_reset(TransportReset reset, const DrawSeed& seed) {
  return std::make_unique<OptimalTransport>(std::move(reset), seed);
}

}  // namespace szilard::neuron
