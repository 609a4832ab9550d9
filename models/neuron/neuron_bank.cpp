// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/neuron_bank.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include "models/neuron/event_books.hpp"
#include "models/neuron/picoseconds.hpp"
#include "models/neuron/threshold.hpp"
#include "models/support/constants.hpp"
#include "models/support/tolerance.hpp"

namespace szilard::neuron {
namespace {

// Neurons whose noise is drawn together: even, so that a pair of Gaussians is never split.
constexpr std::size_t kNoiseRows = 16;
constexpr double kZeptojoules = 1e21;  ///< joules to zeptojoules: energies near kT are subnormal as floats of joules

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(std::string("neurons: ") + what);
}

bool finite_and_not_negative(double value) { return value >= 0 && std::isfinite(value); }

}  // namespace

NeuronBank::NeuronBank(std::size_t neurons, NeuronParameters parameters, std::unique_ptr<ResetPhysics> physics,
                       std::uint64_t seed, const std::string& stream_name, std::uint64_t first_sample,
                       std::size_t samples)
    : neurons_(neurons),
      parameters_(std::move(parameters)),
      physics_(std::move(physics)),
      least_decision_ps_(picoseconds(parameters_.decision_time_s, "neurons: the decision time") +
                         (physics_ ? physics_->set_duration_ps() : 0)),
      fallible_(parameters_.errors, parameters_.full_scale, parameters_.decision_time_s, seed, stream_name),
      noise_(seed, support::stream_of((stream_name + "/threshold_noise").c_str())),
      first_sample_(first_sample),
      next_sample_(first_sample),
      offsets_(neurons, 0.0),
      states_(neurons, 0),
      active_(neurons, 0),
      activity_(neurons, samples),
      reset_work_j_(samples, 0.0) {
  require(physics_ != nullptr, "no reset physics");
  longest_decision_ps_ = least_decision_ps_;
  if (parameters_.errors.is_self_timed)
    longest_decision_ps_ =
        std::max(longest_decision_ps_, picoseconds(fallible_.longest_decision_s(), "neurons: 36.8 regeneration times") +
                                           1 + physics_->set_duration_ps());
  require(physics_->neurons() == 0 || physics_->neurons() == neurons, "reset physics of another number of neurons");
  require(finite_and_not_negative(parameters_.threshold_offset), "threshold offset must be finite and not negative");
  require(finite_and_not_negative(parameters_.threshold_noise), "threshold noise must be finite and not negative");
  require(finite_and_not_negative(parameters_.decision_energy_j), "decision energy must be finite and not negative");
  require(finite_and_not_negative(parameters_.full_scale), "full scale must be finite and not negative");
  require(parameters_.policy != Policy::uncompute || physics_->is_reversible(),
          "only reversible physics can uncompute");
  const BitErrors& errors = parameters_.errors;
  require(parameters_.policy != Policy::uncompute ||
              !(errors.regeneration_time_s > 0 || errors.state_energy_j > 0 || errors.retention_time_s > 0),
          "a computation that errs by chance cannot be run backwards");
  if (physics_->is_drawn()) {
    require(parameters_.policy == Policy::every_cycle, "drawn resets know policy every_cycle only");
    left_at_1_ = std::make_unique<energy::ActivityTrace>(neurons, samples);
    expected_work_j_.assign(samples, 0.0);
    drawn_work_zj_.assign(samples * neurons, 0.0F);
  }
  if (parameters_.threshold_offset > 0) {
    const support::RandomStream stream(seed, support::stream_of((stream_name + "/threshold_offset").c_str()));
    stream.gaussians(0, 0, neurons, offsets_.data());
    for (double& offset : offsets_) offset *= parameters_.threshold_offset;
  }
  for (double offset : offsets_) fixed_thresholds_.push_back(parameters_.full_scale * offset);
  books_ = std::make_unique<EventBooks>(*physics_, parameters_.policy, neurons, parameters_.decision_energy_j, errors);
}

NeuronBank::~NeuronBank() = default;
NeuronBank::NeuronBank(NeuronBank&&) noexcept = default;

void NeuronBank::hold(std::int64_t hold_ps) {
  require(hold_ps >= 0, "the hold time must not be negative");
  hold_s_ = static_cast<double>(hold_ps) * 1e-12;
}

void NeuronBank::open_accounts(const std::string& component, energy::EnergySink& sink) {
  books_->open(component, sink);
}

void NeuronBank::check_block(const support::SignalBlock& y) const {
  if (pending_) throw std::logic_error("neurons: the last sample is not finished");
  if (y.features() != neurons_)
    throw std::invalid_argument("neurons: a block of " + std::to_string(y.features()) + " signals for " +
                                std::to_string(neurons_) + " neurons");
  if (y.first_sample() != next_sample_)
    throw std::logic_error("neurons: sample " + std::to_string(next_sample_) + " is due, not " +
                           std::to_string(y.first_sample()));
  if (y.samples() > activity_.samples() - (next_sample_ - first_sample_))
    throw std::out_of_range("neurons: more samples than the bank was made for");
}

void NeuronBank::draw_thresholds(std::uint64_t sample, std::size_t samples, std::size_t first, std::size_t count,
                                 double* out) const {
  noise_.gaussians_block(sample, samples, kRun, static_cast<std::uint32_t>(first), count, out);
  for (std::size_t i = 0; i < count; ++i) {
    double* threshold = out + i * kRun;
    for (std::size_t s = 0; s < samples; ++s)
      threshold[s] = parameters_.full_scale * (offsets_[first + i] + parameters_.threshold_noise * threshold[s]);
  }
}

void NeuronBank::decide_neurons(const support::SignalBlock& y, std::size_t offset, std::size_t count,
                                support::SignalBlock& x, std::vector<std::uint64_t>& active) const {
  const bool noisy = parameters_.threshold_noise > 0;
  std::array<double, kNoiseRows * kRun> thresholds;
  if (noisy) thresholds.fill(0);
  for (std::size_t i = 0; i < neurons_; ++i) {
    if (noisy && i % kNoiseRows == 0)
      draw_thresholds(y.first_sample() + offset, count, i, std::min(kNoiseRows, neurons_ - i), thresholds.data());
    const double* input = y.row(i) + offset;
    double* output = x.row(i) + offset;
    const RunDecision run = noisy ? decide_run(input, thresholds.data() + i % kNoiseRows * kRun, count, output)
                                  : decide_run(input, fixed_thresholds_[i], count, output);
    if (run.not_a_number != 0) {
      const auto sample = y.first_sample() + offset + static_cast<std::uint64_t>(__builtin_ctzll(run.not_a_number));
      throw std::domain_error("neurons: the input of neuron " + std::to_string(i) + " in sample " +
                              std::to_string(sample) + " is not a number");
    }
    active[i] = run.active;
  }
}

support::SignalBlock NeuronBank::forward(const support::SignalBlock& y, energy::EnergySink& sink) {
  check_block(y);
  support::SignalBlock x = y.sibling(neurons_);
  if (parameters_.errors.is_self_timed) slowest_ps_.assign(y.samples(), least_decision_ps_);
  if (parameters_.errors.any()) {
    forward_events(y, x, sink);
    return x;
  }
  const bool keeps_state = parameters_.policy == Policy::on_change;
  for (std::size_t offset = 0; offset < y.samples(); offset += kRun) {
    const std::size_t count = std::min(kRun, y.samples() - offset);
    const std::uint64_t samples = ~std::uint64_t{0} >> (kRun - count);
    const std::size_t row = next_sample_ - first_sample_;
    decide_neurons(y, offset, count, x, active_);
    books_->begin_run(count);
    if (physics_->is_drawn()) {
      reset_run(y, offset, count, x, sink);
      next_sample_ += count;
      continue;
    }
    for (std::size_t i = 0; i < neurons_; ++i) {
      const std::uint64_t active = active_[i];
      std::uint64_t sets = active, resets = active;
      if (keeps_state) {
        const std::uint64_t before = (active << 1 | states_[i]) & samples;
        sets = active & ~before;
        resets = before & ~active;
        states_[i] = static_cast<std::uint8_t>(active >> (count - 1) & 1);
      }
      activity_.set_run(i, row, count, active);
      sets_ += static_cast<std::uint64_t>(__builtin_popcountll(sets));
      resets_ += static_cast<std::uint64_t>(__builtin_popcountll(resets));
      books_->add(i, sets, resets);
    }
    books_->post_run(next_sample_, sink, reset_work_j_.data() + row);
    next_sample_ += count;
  }
  return x;
}

// Draws the whole run as if no reset failed, and then again the samples that find a bit left at 1: a draw is a function
// of the state it starts from, so both ways give the same.
void NeuronBank::reset_run(const support::SignalBlock& y, std::size_t offset, std::size_t count,
                           support::SignalBlock& x, energy::EnergySink& sink) {
  begun_states_.resize(count * neurons_);
  drawn_.resize(count * neurons_);
  for (std::size_t s = 0; s < count; ++s)
    for (std::size_t i = 0; i < neurons_; ++i)
      begun_states_[s * neurons_ + i] = static_cast<std::uint8_t>(active_[i] >> s & 1);
  physics_->draw(next_sample_, count, begun_states_.data(), drawn_.data());
  std::vector<std::uint64_t> sets = active_;
  for (std::size_t s = 0; s < count; ++s) {
    std::uint8_t* states = begun_states_.data() + s * neurons_;
    DrawnReset* drawn = drawn_.data() + s * neurons_;
    bool again = false;
    for (std::size_t i = 0; i < neurons_; ++i) {
      if (states_[i] == 0) continue;
      sets[i] &= ~(std::uint64_t{1} << s);
      if (states[i] != 0) continue;
      states[i] = 1;
      active_[i] |= std::uint64_t{1} << s;
      x.row(i)[offset + s] = y.row(i)[offset + s];
      again = true;
    }
    if (again) physics_->draw(next_sample_ + s, 1, states, drawn);
    observe_drawn(next_sample_ + s - first_sample_, states, drawn);
  }
  for (std::size_t i = 0; i < neurons_; ++i) {
    activity_.set_run(i, next_sample_ - first_sample_, count, active_[i]);
    sets_ += static_cast<std::uint64_t>(__builtin_popcountll(sets[i]));
    resets_ += static_cast<std::uint64_t>(__builtin_popcountll(active_[i]));
    books_->add(i, sets[i], active_[i]);
  }
  std::vector<double> set_work(count);
  books_->post_run(next_sample_, sink, set_work.data());
  for (std::size_t s = 0; s < count; ++s) {
    EventEnergy sum;
    std::int64_t resets = 0;
    for (std::size_t i = 0; i < neurons_; ++i) {
      const EventEnergy& one = drawn_[s * neurons_ + i].energy;
      sum.supplied += one.supplied;
      sum.dissipated += one.dissipated;
      sum.stored += one.stored;
      resets += begun_states_[s * neurons_ + i];
    }
    books_->post_resets(sum, resets, next_sample_ + s, sink);
  }
}

void NeuronBank::observe_drawn(std::size_t row, const std::uint8_t* states, const DrawnReset* drawn) {
  energy::Quanta work;
  double expected_j = 0;
  for (std::size_t i = 0; i < neurons_; ++i) {
    work += drawn[i].energy.supplied;
    drawn_work_zj_[row * neurons_ + i] = static_cast<float>(drawn[i].energy.supplied.joules() * kZeptojoules);
    expected_j += physics_->calibrated_work(i, states[i] != 0).mean_j;
    states_[i] = static_cast<std::uint8_t>(drawn[i].failed);
    failed_resets_ += states_[i];
    if (states_[i] != 0) left_at_1_->set(i, row, true);
  }
  reset_work_j_[row] = work.joules();
  expected_work_j_[row] = expected_j;
}

double NeuronBank::calibration_error_j() const {
  if (!physics_->is_drawn()) return 0;
  std::map<std::size_t, double> ensembles;
  for (std::size_t i = 0; i < neurons_; ++i) {
    const double p = static_cast<double>(activity_.active(i)) / static_cast<double>(activity_.samples());
    for (const bool state : {false, true}) {
      const CalibratedWork work = physics_->calibrated_work(i, state);
      ensembles[2 * work.ensemble + (state ? 1 : 0)] += (state ? p : 1 - p) * work.standard_error_j;
    }
  }
  double square = 0;
  for (const auto& [ensemble, error_j] : ensembles) square += error_j * error_j;
  return std::sqrt(square);
}

const Decision& NeuronBank::decide(const support::SignalBlock& y) {
  check_block(y);
  if (y.samples() != 1) throw std::invalid_argument("neurons: events are decided one sample at a time");
  decision_.x = y.sibling(neurons_);
  if (parameters_.errors.is_self_timed) slowest_ps_.assign(1, least_decision_ps_);
  decide_sample(y, 0, decision_.x);
  return decision_;
}

void NeuronBank::decide_sample(const support::SignalBlock& y, std::size_t offset, support::SignalBlock& x) {
  if (parameters_.errors.any()) decide_fallible(y, offset, x);
  else decide_neurons(y, offset, 1, x, active_);
  decision_.states.assign(active_.begin(), active_.end());
  decision_.is_set = decision_.is_reset = decision_.states;
  if (parameters_.policy == Policy::on_change) {
    for (std::size_t i = 0; i < neurons_; ++i) {
      decision_.is_set[i] = static_cast<std::uint8_t>(decision_.states[i] > states_[i]);
      decision_.is_reset[i] = static_cast<std::uint8_t>(decision_.states[i] < states_[i]);
    }
  }
  if (physics_->is_drawn()) {
    for (std::size_t i = 0; i < neurons_; ++i) {
      if (states_[i] == 0) continue;
      decision_.states[i] = decision_.is_reset[i] = 1;
      decision_.is_set[i] = 0;
      x.row(i)[offset] = y.row(i)[offset];
    }
  }
  flips_.assign(neurons_, 0);
  for (std::size_t i = 0; i < neurons_ && parameters_.errors.retention_time_s > 0; ++i) {
    if (!fallible_.flips(hold_s_, next_sample_, static_cast<std::uint32_t>(i))) continue;
    flips_[i] = 1;
    ++(decision_.states[i] != 0 ? error_counts_.lost : error_counts_.gained);
    decision_.states[i] ^= 1;
    x.row(i)[offset] = decision_.states[i] != 0 ? y.row(i)[offset] : 0;
    if (parameters_.policy != Policy::on_change) decision_.is_reset[i] = decision_.states[i];
  }
  if (physics_->is_drawn()) {
    drawn_.resize(neurons_);
    physics_->draw(next_sample_, 1, decision_.states.data(), drawn_.data());
  }
  for (std::size_t i = 0; i < neurons_ && parameters_.errors.read_energy_j > 0; ++i) {
    const bool state = decision_.states[i] != 0;
    ++error_counts_.reads;
    error_counts_.wrong_reads +=
        fallible_.read(state, y.row(i)[offset], next_sample_, static_cast<std::uint32_t>(i)) != state;
  }
  sets_left_ = decision_.is_set;
  resets_left_ = decision_.is_reset;
  decided_work_ = {};
  pending_ = true;
}

void NeuronBank::decide_fallible(const support::SignalBlock& y, std::size_t offset, support::SignalBlock& x) {
  const bool noisy = parameters_.threshold_noise > 0;
  double slowest_s = 0;
  for (std::size_t i = 0; i < neurons_; ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const double input = y.row(i)[offset];
    if (std::isnan(input))
      throw std::domain_error("neurons: the input of neuron " + std::to_string(i) + " in sample " +
                              std::to_string(next_sample_) + " is not a number");
    const double threshold = noisy ? parameters_.full_scale * (offsets_[i] + parameters_.threshold_noise *
                                                                                 noise_.gaussian(next_sample_, index))
                                   : fixed_thresholds_[i];
    active_[i] = fallible_.decide(input, threshold, states_[i] != 0, next_sample_, index, error_counts_, slowest_s);
    x.row(i)[offset] = active_[i] != 0 ? input : 0;
  }
  if (parameters_.errors.is_self_timed)
    slowest_ps_[offset] = std::max(
        least_decision_ps_, static_cast<std::int64_t>(std::ceil(slowest_s * 1e12)) + physics_->set_duration_ps());
}

void NeuronBank::forward_events(const support::SignalBlock& y, support::SignalBlock& x, energy::EnergySink& sink) {
  for (std::size_t offset = 0; offset < y.samples(); ++offset) {
    decide_sample(y, offset, x);
    for (std::size_t i = 0; i < neurons_; ++i) {
      if (decision_.is_set[i] != 0) set(i, sink);
      if (decision_.is_reset[i] != 0) reset(i, sink);
    }
    finish(sink);
  }
}

void NeuronBank::require_pending() const {
  if (!pending_) throw std::logic_error("neurons: no sample was decided");
}

void NeuronBank::set(std::size_t neuron, energy::EnergySink& sink) {
  require_pending();
  if (sets_left_.at(neuron) == 0)
    throw std::logic_error("neurons: neuron " + std::to_string(neuron) + " is not to be set");
  decided_work_ += books_->post(Event::set, neuron, next_sample_, sink);
  sets_left_[neuron] = 0;
  ++sets_;
}

void NeuronBank::reset(std::size_t neuron, energy::EnergySink& sink) {
  require_pending();
  if (resets_left_.at(neuron) == 0 || sets_left_[neuron] != 0)
    throw std::logic_error("neurons: neuron " + std::to_string(neuron) + " is not to be reset");
  if (physics_->is_drawn()) books_->post_resets(drawn_[neuron].energy, 1, next_sample_, sink);
  else decided_work_ += books_->post(Event::reset, neuron, next_sample_, sink);
  resets_left_[neuron] = 0;
  ++resets_;
}

void NeuronBank::finish(energy::EnergySink& sink) {
  require_pending();
  for (std::size_t i = 0; i < neurons_; ++i)
    if (sets_left_[i] != 0 || resets_left_[i] != 0)
      throw std::logic_error("neurons: an event of neuron " + std::to_string(i) + " is missing");
  books_->post_decisions(next_sample_, sink);
  const std::size_t row = next_sample_ - first_sample_;
  for (std::size_t i = 0; i < neurons_; ++i) {
    if (physics_->is_drawn() && decision_.states[i] == 0) books_->post_resets(drawn_[i].energy, 0, next_sample_, sink);
    else if (parameters_.policy == Policy::every_cycle && decision_.states[i] == 0)
      decided_work_ += books_->post(Event::rest, i, next_sample_, sink);
    if (flips_[i] != 0) books_->post_flip(i, decision_.states[i] == 0, next_sample_, sink);
    activity_.set(i, row, decision_.states[i] != 0);
  }
  books_->post_reads(next_sample_, sink);
  if (parameters_.policy == Policy::on_change) states_ = decision_.states;
  if (physics_->is_drawn()) observe_drawn(row, decision_.states.data(), drawn_.data());
  else reset_work_j_[row] = decided_work_.joules();
  ++next_sample_;
  pending_ = false;
}

double NeuronBank::below_bound_fraction(double temperature_k) const {
  if (!(temperature_k > 0) || !std::isfinite(temperature_k))
    throw std::invalid_argument("neurons: the temperature must be finite and above 0 K");
  if (parameters_.policy != Policy::every_cycle) return 0;
  const double kt_j = support::kBoltzmann_J_per_K * temperature_k;
  const auto samples = static_cast<std::uint64_t>(activity_.samples());
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < neurons_; ++i) {
    const std::uint64_t active = activity_.active(i);
    const double p = static_cast<double>(active) / static_cast<double>(samples);
    const double least_j = kt_j * energy::binary_entropy_nat(p) * (1 - support::kBoundRelative);
    if (physics_->is_drawn()) {
      for (std::size_t s = 0; s < activity_.samples(); ++s)
        below += static_cast<double>(drawn_work_zj_[s * neurons_ + i]) < least_j * kZeptojoules;
      continue;
    }
    if (physics_->reset(i, true).dissipated.joules() < least_j) below += active;
    if (physics_->reset(i, false).dissipated.joules() < least_j) below += samples - active;
  }
  return static_cast<double>(below) / (static_cast<double>(samples) * static_cast<double>(neurons_));
}

}  // namespace szilard::neuron
