// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "models/energy/energy_sink.hpp"

namespace szilard::energy {

/// The ledger: every joule of a run, by (sample, component, mechanism, fate, origin), in exact sums.
///
/// Law checked by closure(): in every sample and component
///   supplied + received = dissipated + recovered + exported + stored.
/// Supplied is posted by models from the terminals of sources, dissipated from the elements; neither is derived from
/// the other, so closure can fail.
class Ledger final : public EnergySink {
 public:
  /// Rows for samples [first_sample, first_sample + samples), samples >= 1. Posting to a sample outside or to an
  /// account that was never opened throws std::out_of_range; sums beyond the range of Quanta throw std::overflow_error.
  Ledger(std::uint64_t first_sample, std::size_t samples);

  AccountId open(const AccountInfo& account) override;
  void post(AccountId account, std::uint64_t sample, Quanta amount, std::int64_t count) override {
    // One unsigned comparison covers samples before the first, too.
    const std::uint64_t row = sample - first_sample_;
    if (account >= rows_.size() || row >= samples_) throw_outside(account, sample);
    rows_[account][row] += amount;
    if (__builtin_add_overflow(counts_[account], count, &counts_[account])) Quanta::throw_overflow();
  }

  std::size_t samples() const { return samples_; }
  std::uint64_t first_sample() const { return first_sample_; }
  const std::vector<AccountInfo>& accounts() const { return infos_; }
  std::int64_t count(AccountId account) const { return counts_.at(account); }
  Quanta at(AccountId account, std::uint64_t sample) const;
  Quanta total(AccountId account) const;

  /// Sum over all accounts of a fate whose component is `component` or lies below it ("rram" takes "rram/fc1/dac").
  Quanta total(const std::string& component, Fate fate) const;
  Quanta total(const std::string& component, Fate fate, std::uint64_t sample) const;
  /// Whole-run sums of a fate below `component`: by component path and mechanism, and by mechanism.
  std::map<std::string, std::map<std::string, Quanta>> by_component(const std::string& component, Fate fate) const;
  std::map<std::string, Quanta> by_mechanism(const std::string& component, Fate fate) const;

  struct Closure {
    double worst = 0;       ///< max over samples and components of |imbalance| / max(largest |entry|, 1e-30 J)
    std::string component;  ///< where the worst is
    std::uint64_t sample = 0;
    double imbalance_j = 0;  ///< supplied side minus spent side there
  };
  /// Below `component` (everything if empty).
  Closure closure(const std::string& component = {}) const;
  /// Exported minus received over all components below `component`, per sample worst; 0 where transfers cancel exactly.
  Quanta worst_transfer_mismatch(const std::string& component) const;

  /// Calls row(sample, account id, amount) for every non-zero row, samples ascending, then component path, mechanism,
  /// fate and origin in lexical order of their names: the row order of ledger.csv.
  void for_each_row(const std::function<void(std::uint64_t, AccountId, Quanta)>& row) const;

 private:
  [[noreturn]] void throw_outside(AccountId account, std::uint64_t sample) const;
  std::vector<AccountId> below(const std::string& component) const;

  std::uint64_t first_sample_;
  std::size_t samples_;
  std::vector<AccountInfo> infos_;
  std::vector<std::vector<Quanta>> rows_;  // [account][sample]
  std::vector<std::int64_t> counts_;
};

}  // namespace szilard::energy
