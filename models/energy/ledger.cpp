// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/ledger.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

#include "models/support/tolerance.hpp"

namespace szilard::energy {
namespace {

bool lies_below(const std::string& path, const std::string& component) {
  if (component.empty() || path == component) return true;
  return path.size() > component.size() && path[component.size()] == '/' &&
         path.compare(0, component.size(), component) == 0;
}

bool is_income(Fate fate) { return fate == Fate::supplied || fate == Fate::received; }

Quanta absolute(Quanta amount) { return amount.count < 0 ? -amount : amount; }

}  // namespace

Ledger::Ledger(std::uint64_t first_sample, std::size_t samples) : first_sample_(first_sample), samples_(samples) {
  if (samples == 0) throw std::invalid_argument("a ledger needs at least one sample");
  if (first_sample > std::numeric_limits<std::uint64_t>::max() - samples)
    throw std::invalid_argument("the ledger's samples exceed 64 bits");
}

AccountId Ledger::open(const AccountInfo& account) {
  if (account.component.empty() || account.mechanism.empty())
    throw std::invalid_argument("an account needs a component and a mechanism");
  for (const AccountInfo& other : infos_) {
    if (other.component == account.component && other.mechanism == account.mechanism && other.fate == account.fate &&
        other.origin == account.origin) {
      throw std::logic_error("account opened twice: " + account.component + ", " + account.mechanism + ", " +
                             std::string(fate_name(account.fate)) + ", " + std::string(origin_name(account.origin)));
    }
  }
  infos_.push_back(account);
  rows_.emplace_back(samples_);
  counts_.push_back(0);
  return static_cast<AccountId>(infos_.size() - 1);
}

void Ledger::throw_outside(AccountId account, std::uint64_t sample) const {
  if (account >= infos_.size()) throw std::out_of_range("account " + std::to_string(account) + " was never opened");
  throw std::out_of_range("sample " + std::to_string(sample) + " lies outside the ledger's " +
                          std::to_string(first_sample_) + " to " + std::to_string(first_sample_ + samples_ - 1) + " (" +
                          infos_[account].component + ", " + infos_[account].mechanism + ")");
}

Quanta Ledger::at(AccountId account, std::uint64_t sample) const {
  const std::uint64_t row = sample - first_sample_;
  if (account >= rows_.size() || row >= samples_) throw_outside(account, sample);
  return rows_[account][row];
}

Quanta Ledger::total(AccountId account) const {
  Quanta sum;
  for (Quanta amount : rows_.at(account)) sum += amount;
  return sum;
}

std::vector<AccountId> Ledger::below(const std::string& component) const {
  std::vector<AccountId> accounts;
  for (AccountId id = 0; id < infos_.size(); ++id)
    if (lies_below(infos_[id].component, component)) accounts.push_back(id);
  return accounts;
}

Quanta Ledger::total(const std::string& component, Fate fate) const {
  Quanta sum;
  for (AccountId id : below(component))
    if (infos_[id].fate == fate) sum += total(id);
  return sum;
}

Quanta Ledger::total(const std::string& component, Fate fate, std::uint64_t sample) const {
  Quanta sum;
  for (AccountId id : below(component))
    if (infos_[id].fate == fate) sum += at(id, sample);
  return sum;
}

std::map<std::string, std::map<std::string, Quanta>> Ledger::by_component(const std::string& component,
                                                                          Fate fate) const {
  std::map<std::string, std::map<std::string, Quanta>> sums;
  for (AccountId id : below(component))
    if (infos_[id].fate == fate) sums[infos_[id].component][infos_[id].mechanism] += total(id);
  return sums;
}

std::map<std::string, Quanta> Ledger::by_mechanism(const std::string& component, Fate fate) const {
  std::map<std::string, Quanta> sums;
  for (AccountId id : below(component))
    if (infos_[id].fate == fate) sums[infos_[id].mechanism] += total(id);
  return sums;
}

Ledger::Closure Ledger::closure(const std::string& component) const {
  std::map<std::string, std::vector<AccountId>> groups;
  for (AccountId id : below(component)) groups[infos_[id].component].push_back(id);

  Closure closure;
  std::vector<Quanta> balance, largest;
  for (const auto& [path, accounts] : groups) {
    balance.assign(samples_, Quanta{});
    largest.assign(samples_, Quanta{});
    for (AccountId id : accounts) {
      const bool income = is_income(infos_[id].fate);
      const std::vector<Quanta>& row = rows_[id];
      for (std::size_t s = 0; s < samples_; ++s) {
        if (income) balance[s] += row[s];
        else balance[s] -= row[s];
        largest[s] = std::max(largest[s], absolute(row[s]));
      }
    }
    for (std::size_t s = 0; s < samples_; ++s) {
      if (balance[s] == Quanta{}) continue;
      const double imbalance_j = balance[s].joules();
      const double ratio = std::fabs(imbalance_j) / std::max(largest[s].joules(), support::kLedgerFloor_J);
      if (ratio > closure.worst) closure = {ratio, path, first_sample_ + s, imbalance_j};
    }
  }
  return closure;
}

Quanta Ledger::worst_transfer_mismatch(const std::string& component) const {
  std::vector<Quanta> mismatch(samples_);
  for (AccountId id : below(component)) {
    const Fate fate = infos_[id].fate;
    if (fate != Fate::exported && fate != Fate::received) continue;
    for (std::size_t s = 0; s < samples_; ++s) {
      if (fate == Fate::exported) mismatch[s] += rows_[id][s];
      else mismatch[s] -= rows_[id][s];
    }
  }
  Quanta worst;
  for (Quanta m : mismatch)
    if (absolute(worst) < absolute(m)) worst = m;
  return worst;
}

void Ledger::for_each_row(const std::function<void(std::uint64_t, AccountId, Quanta)>& row) const {
  std::vector<AccountId> order(infos_.size());
  for (AccountId id = 0; id < order.size(); ++id) order[id] = id;
  const auto key = [this](AccountId id) {
    const AccountInfo& info = infos_[id];
    return std::make_tuple(std::string_view(info.component), std::string_view(info.mechanism), fate_name(info.fate),
                           origin_name(info.origin));
  };
  std::sort(order.begin(), order.end(), [&](AccountId a, AccountId b) { return key(a) < key(b); });
  for (std::size_t s = 0; s < samples_; ++s) {
    for (AccountId id : order) {
      const Quanta amount = rows_[id][s];
      if (amount != Quanta{}) row(first_sample_ + s, id, amount);
    }
  }
}

}  // namespace szilard::energy
