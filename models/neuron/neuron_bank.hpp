// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/energy/bounds.hpp"
#include "models/neuron/fallible_bit.hpp"
#include "models/neuron/reset.hpp"
#include "models/support/philox.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::neuron {

enum class Policy {
  every_cycle,  ///< every neuron is brought to 0 at the end of its cycle (v2)
  /// A neuron keeps its state until its input asks for another (v1's machine); the first sample finds all at 0.
  on_change,
  /// Every neuron is brought back to 0 by running the computation backwards while its input still stands: what set the
  /// bit is there to take it back, nothing is erased, and at the quasi-static limit neither direction costs anything
  /// (Bennett, IBM J. Res. Dev. 17, 525 (1973), DOI 10.1147/rd.176.0525). Takes as long as the computation did. Physics
  /// must be reversible, else std::invalid_argument.
  uncompute,
};

struct NeuronParameters {
  Policy policy = Policy::every_cycle;
  support::Parameter threshold_offset;   ///< sigma of each neuron's fixed offset, relative to full scale, >= 0
  support::Parameter threshold_noise;    ///< sigma of the noise per decision, relative to full scale, >= 0
  support::Parameter decision_energy_j;  ///< per decision (comparator), >= 0
  support::Parameter decision_time_s;    ///< from valid y to valid s, >= 0; self-timed: at least
  BitErrors errors;                      ///< all absent by default; policy uncompute takes hysteresis and reads only
  double full_scale = 1;  ///< of y, in the network's numbers, from calibration, >= 0 (0: a layer that never left 0)
};

/// What the event-wise interface decided for one sample.
struct Decision {
  std::vector<std::uint8_t> states;  ///< s of each neuron, as its reset finds it
  std::vector<std::uint8_t> is_set;  ///< neurons that go 0 -> 1 in this sample
  /// Neurons that go 1 -> 0: at the end of the cycle under every_cycle, with the sets under on_change.
  std::vector<std::uint8_t> is_reset;
  support::SignalBlock x;
};

class EventBooks;

/// A layer of ReLU neurons that are physical bits (v2, Eqs. 3 and 4):
///   s = Theta(y - threshold),  x = s y,  threshold = full_scale (offset_i + noise)
/// set when y exceeds the threshold, reset at the end of the cycle. Neuron i decides on row i of the block. Threshold
/// offset i is drawn once per neuron, noise once per decision, both Gaussian from the counter-based streams
/// stream_of(STREAM_NAME/threshold_offset) and stream_of(STREAM_NAME/threshold_noise).
/// Where resets are drawn (two_level, double_well, ...), one that failed leaves its bit at 1, or drives it there: in
/// the next cycle the neuron passes its input whatever its sign. Such physics knows policy every_cycle only.
/// Hysteresis, metastability, thermal errors, retention and reads are those of BitErrors (fallible_bit.hpp). Outputs
/// and activity are those of the state at the end of the hold; a state that changes by itself costs what the physics
/// says of it (ResetPhysics::flip), booked as neuron_retention, and every neuron is read once a sample, booked as
/// neuron_read.
///
/// Samples come in order, each once, from first_sample on; else std::logic_error. A NaN among y is a std::domain_error.
class NeuronBank {
 public:
  /// Throws std::invalid_argument for sizes of 0, parameters out of range, or physics made for another number of
  /// neurons or another policy.
  NeuronBank(std::size_t neurons, NeuronParameters parameters, std::unique_ptr<ResetPhysics> physics,
             std::uint64_t seed, const std::string& stream_name, std::uint64_t first_sample, std::size_t samples);
  ~NeuronBank();
  NeuronBank(NeuronBank&&) noexcept;

  std::size_t neurons() const { return neurons_; }
  /// From valid y to valid outputs; self-timed: the longest that it may take.
  std::int64_t decision_ps() const { return longest_decision_ps_; }
  /// The same of one sample of the block that was last given to forward() or decide(): self-timed, its slowest
  /// neuron's.
  std::int64_t decision_ps(std::size_t sample_of_block) const {
    return slowest_ps_.empty() ? longest_decision_ps_ : slowest_ps_.at(sample_of_block);
  }
  std::int64_t reset_ps() const { return physics_->reset_duration_ps(); }
  /// From the end of the hold until the bank takes its next sample: a reset, a decision undone, or nothing (on_change).
  std::int64_t restore_ps() const {
    return parameters_.policy == Policy::every_cycle ? reset_ps()
           : parameters_.policy == Policy::uncompute ? longest_decision_ps_
                                                     : 0;
  }
  /// How long a state stands between its decision and its reset, >= 0 (std::invalid_argument): for retention.
  void hold(std::int64_t hold_ps);
  const NeuronParameters& parameters() const { return parameters_; }
  const ResetPhysics& physics() const { return *physics_; }

  /// Opens the accounts of `component` ("rram/fc1/neurons") that can be other than zero: neuron_decision, neuron_set,
  /// neuron_reset, neuron_retention and neuron_read; supplied, dissipated and stored. Once, before the first sample.
  void open_accounts(const std::string& component, energy::EnergySink& sink);

  /// A whole block: states, outputs and energy of every neuron and sample. Times are those of y.
  support::SignalBlock forward(const support::SignalBlock& y, energy::EnergySink& sink);

  /// The same, one event at a time, for the SystemC shell at one sample a block. decide() says which neurons change
  /// state, without energy; set() and reset() book one event each; finish() books what is left of the sample: the
  /// decisions, and under every_cycle the neurons that stayed at 0. Events that were not decided, and events left out
  /// at finish(), are a std::logic_error. Books and results are those of forward(), bit for bit.
  const Decision& decide(const support::SignalBlock& y);
  void set(std::size_t neuron, energy::EnergySink& sink);
  void reset(std::size_t neuron, energy::EnergySink& sink);
  void finish(energy::EnergySink& sink);

  /// Bits that a failed reset left at 1 at the end of a sample; null where every reset succeeds.
  const energy::ActivityTrace* left_at_1() const { return left_at_1_.get(); }
  /// What was observed.
  const energy::ActivityTrace& activity() const { return activity_; }
  std::uint64_t sets() const { return sets_; }      ///< 0 -> 1 events
  std::uint64_t resets() const { return resets_; }  ///< 1 -> 0 events, begun
  /// Drawn resets, from either state, that ended in state 1.
  std::uint64_t failed_resets() const { return failed_resets_; }
  /// Of fallible bits; all 0 where parameters().errors has none.
  const BitErrorCounts& errors() const { return error_counts_; }
  /// Reset work of each sample in joules (sum over neurons of what neuron_reset dissipates; of what it is supplied with
  /// where resets are drawn), for the bound check.
  const std::vector<double>& reset_work_j() const { return reset_work_j_; }
  /// Drawn resets: what the calibration expects of the same states, sample by sample; empty otherwise.
  const std::vector<double>& expected_work_j() const { return expected_work_j_; }
  /// Drawn resets: standard error of the mean of expected_work_j() that stems from the calibration's ensembles.
  double calibration_error_j() const;
  /// Share of all (neuron, sample) ends of a cycle whose reset work lay below kT h(p_i), p_i as observed, by more than
  /// the tolerance of the bound check. 0 under the other policies, where reset work is not held against a bound.
  double below_bound_fraction(double temperature_k) const;

 private:
  /// Thresholds of neurons [first, first + count) for the samples of a run, kRun values a neuron.
  void draw_thresholds(std::uint64_t sample, std::size_t samples, std::size_t first, std::size_t count,
                       double* out) const;
  void check_block(const support::SignalBlock& y) const;
  void decide_neurons(const support::SignalBlock& y, std::size_t offset, std::size_t count, support::SignalBlock& x,
                      std::vector<std::uint64_t>& active) const;
  void decide_sample(const support::SignalBlock& y, std::size_t offset, support::SignalBlock& x);
  void decide_fallible(const support::SignalBlock& y, std::size_t offset, support::SignalBlock& x);
  void forward_events(const support::SignalBlock& y, support::SignalBlock& x, energy::EnergySink& sink);
  void require_pending() const;
  void reset_run(const support::SignalBlock& y, std::size_t offset, std::size_t count, support::SignalBlock& x,
                 energy::EnergySink& sink);
  void observe_drawn(std::size_t row, const std::uint8_t* states, const DrawnReset* drawn);

  std::size_t neurons_;
  NeuronParameters parameters_;
  std::unique_ptr<ResetPhysics> physics_;
  std::int64_t least_decision_ps_, longest_decision_ps_ = 0;
  double hold_s_ = 0;
  FallibleBit fallible_;
  support::RandomStream noise_;
  std::uint64_t first_sample_, next_sample_;
  std::vector<double> offsets_;           // relative to full scale
  std::vector<double> fixed_thresholds_;  // where there is no noise
  std::vector<std::uint8_t> states_;      // after the last sample: on_change, or a reset failed
  std::vector<std::uint64_t> active_;     // of the present run
  energy::ActivityTrace activity_;
  std::uint64_t sets_ = 0, resets_ = 0;
  std::uint64_t failed_resets_ = 0;
  BitErrorCounts error_counts_;
  std::vector<std::int64_t> slowest_ps_;  // of the last block's samples; self-timed only
  std::vector<std::uint8_t> flips_;       // of the pending sample
  std::vector<double> reset_work_j_, expected_work_j_;
  std::vector<float> drawn_work_zj_;        // [sample][neuron], 1e-21 J, for the share below the bound
  std::vector<std::uint8_t> begun_states_;  // of the present run, [sample][neuron]
  std::vector<DrawnReset> drawn_;
  std::unique_ptr<energy::ActivityTrace> left_at_1_;  // drawn resets: those that failed
  std::unique_ptr<EventBooks> books_;
  Decision decision_;
  std::vector<std::uint8_t> sets_left_, resets_left_;
  energy::Quanta decided_work_;
  bool pending_ = false;
};

}  // namespace szilard::neuron
