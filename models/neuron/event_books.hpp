// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/neuron/neuron_bank.hpp"
#include "models/neuron/threshold.hpp"

namespace szilard::neuron {

/// What can happen to a neuron in a sample. `rest` is the end of a cycle in state 0.
enum class Event { set, reset, rest };

/// Books the energy of a bank's events: single ones from the physics directly, runs of samples from tables of sums.
/// Both ways give the same integers.
class EventBooks {
 public:
  EventBooks(const ResetPhysics& physics, Policy policy, std::size_t neurons,
             const support::Parameter& decision_energy_j, const BitErrors& errors);

  void open(const std::string& component, energy::EnergySink& sink);

  /// A run of `count` <= kRun successive samples: begin, add every neuron's words, post.
  void begin_run(std::size_t count);
  void add(std::size_t neuron, std::uint64_t sets, std::uint64_t resets);
  void post_run(std::uint64_t first_sample, energy::EnergySink& sink, double* reset_work_j);

  /// Drawn resets of one sample: the sum of their energies, and how many of them began in state 1.
  void post_resets(const EventEnergy& sum, std::int64_t resets, std::uint64_t sample, energy::EnergySink& sink) const;

  /// One event; returns its reset work.
  energy::Quanta post(Event event, std::size_t neuron, std::uint64_t sample, energy::EnergySink& sink) const;
  void post_decisions(std::uint64_t sample, energy::EnergySink& sink) const;
  /// A state that changed by itself, from `from`.
  void post_flip(std::size_t neuron, bool from, std::uint64_t sample, energy::EnergySink& sink) const;
  void post_reads(std::uint64_t sample, energy::EnergySink& sink) const;

 private:
  static constexpr std::size_t kMechanisms = 2, kFates = 3;
  using Word = std::array<energy::Quanta, kRun>;
  /// Counts for the samples of a run, bit-sliced: plane b holds bit b of all 64 counts, so that a word is counted at
  /// once.
  class Counter {
   public:
    void clear() { planes_.fill(0); }
    void add(std::uint64_t word) {
      for (std::size_t b = 0; word != 0; ++b) {
        const std::uint64_t carry = planes_[b] & word;
        planes_[b] ^= word;
        word = carry;
      }
    }
    std::array<std::int64_t, kRun> counts() const;

   private:
    std::array<std::uint64_t, 33> planes_{};  // neurons are indexed with 32 bits
  };
  /// Energies of one event and fate that differ between neurons, and their sums over a run.
  struct Table {
    bool sets = false;  ///< goes by the words of sets, else of resets
    std::vector<energy::Quanta> energies;
    Word sums{};
  };
  /// What an account gets in a sample: base + per_set sets + per_reset resets + sums of tables.
  struct Account {
    energy::AccountId id = 0;
    energy::Quanta base, per_set, per_reset;
    std::vector<std::size_t> tables;
    bool counts_sets = false, counts_resets = false;
  };

  EventEnergy energy_of(Event event, std::size_t neuron) const;
  std::size_t mechanism_of(Event event) const;
  void tabulate(Account& account, std::size_t mechanism, std::size_t fate);
  void tabulate_event(Account& account, Event event, std::size_t fate);
  using PairOfAccounts = std::array<energy::AccountId, 2>;  // supplied, dissipated
  static PairOfAccounts open_table(const std::string& component, const char* mechanism, const char* counted,
                                   const energy::Coefficient& coefficient, energy::EnergySink& sink);
  void open_flips(const std::string& component, energy::EnergySink& sink);
  void post_table(const PairOfAccounts& accounts, energy::Quanta one, std::uint64_t sample,
                  energy::EnergySink& sink) const;

  const ResetPhysics& physics_;
  Policy policy_;
  std::size_t neurons_;
  support::Parameter decision_energy_j_;
  BitErrors errors_;
  energy::Quanta decision_, read_;
  PairOfAccounts decision_accounts_{}, read_accounts_{};
  std::array<std::optional<energy::AccountId>, kFates> flip_accounts_;
  std::array<std::array<std::optional<Account>, kFates>, kMechanisms> accounts_;
  std::vector<Table> tables_;
  std::size_t run_ = 0;
  Counter sets_, resets_;
  bool open_ = false;
};

}  // namespace szilard::neuron
