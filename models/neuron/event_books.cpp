// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/event_books.hpp"

#include <algorithm>
#include <stdexcept>

namespace szilard::neuron {
namespace {

using energy::Fate;
using energy::Quanta;

constexpr Fate kFateOf[] = {Fate::supplied, Fate::dissipated, Fate::stored};
constexpr std::size_t kDissipated = 1;
constexpr std::size_t kSet = 0, kReset = 1;
constexpr const char* kMechanismName[] = {"neuron_set", "neuron_reset"};
constexpr const char* kCountedName[] = {"sets", "resets"};

Quanta part(const EventEnergy& energy, std::size_t fate) {
  return fate == 0 ? energy.supplied : fate == 1 ? energy.dissipated : energy.stored;
}

template <typename Visit>
void for_each_bit(std::uint64_t word, Visit visit) {
  for (; word != 0; word &= word - 1) visit(static_cast<std::size_t>(__builtin_ctzll(word)));
}

}  // namespace

EventBooks::EventBooks(const ResetPhysics& physics, Policy policy, std::size_t neurons,
                       const support::Parameter& decision_energy_j, const BitErrors& errors)
    : physics_(physics),
      policy_(policy),
      neurons_(neurons),
      decision_energy_j_(decision_energy_j),
      errors_(errors),
      decision_(Quanta::from_joules(decision_energy_j)),
      read_(Quanta::from_joules(errors.read_energy_j)) {}

EventEnergy EventBooks::energy_of(Event event, std::size_t neuron) const {
  if (policy_ == Policy::uncompute) return {};
  if (policy_ == Policy::on_change)
    return event == Event::rest ? EventEnergy{} : physics_.change(neuron, event == Event::reset);
  return event == Event::set ? physics_.set(neuron) : physics_.reset(neuron, event == Event::reset);
}

std::size_t EventBooks::mechanism_of(Event event) const {
  if (event != Event::set) return kReset;
  return policy_ == Policy::on_change && physics_.change_to_one_erases() ? kReset : kSet;
}

void EventBooks::tabulate_event(Account& account, Event event, std::size_t fate) {
  std::vector<Quanta> energies(neurons_);
  Quanta largest;
  for (std::size_t i = 0; i < neurons_; ++i) {
    energies[i] = part(energy_of(event, i), fate);
    if (event == Event::reset) {
      const Quanta rest = part(energy_of(Event::rest, i), fate);
      account.base += rest;
      energies[i] -= rest;
    }
    largest = std::max(largest, energies[i] < Quanta{} ? -energies[i] : energies[i]);
  }
  // Throws here if it must, so that the sums over a run need no check.
  static_cast<void>(largest * static_cast<std::int64_t>(neurons_));
  const bool sets = event == Event::set;
  if (std::all_of(energies.begin(), energies.end(), [&](Quanta q) { return q == energies.front(); })) {
    (sets ? account.per_set : account.per_reset) = energies.front();
    return;
  }
  // Under every_cycle the neurons that are set are those that are reset.
  const auto same = std::find_if(tables_.begin(), tables_.end(), [&](const Table& table) {
    return (table.sets == sets || policy_ != Policy::on_change) && table.energies == energies;
  });
  account.tables.push_back(static_cast<std::size_t>(same - tables_.begin()));
  if (same == tables_.end()) tables_.push_back({sets, std::move(energies), {}});
}

void EventBooks::tabulate(Account& account, std::size_t mechanism, std::size_t fate) {
  account.counts_sets = mechanism_of(Event::set) == mechanism;
  account.counts_resets = mechanism == kReset;
  if (physics_.is_drawn() && mechanism == kReset) return;
  if (account.counts_sets) tabulate_event(account, Event::set, fate);
  if (account.counts_resets) tabulate_event(account, Event::reset, fate);
}

EventBooks::PairOfAccounts EventBooks::open_table(const std::string& component, const char* mechanism,
                                                  const char* counted, const energy::Coefficient& coefficient,
                                                  energy::EnergySink& sink) {
  energy::AccountInfo info;
  info.component = component;
  info.mechanism = mechanism;
  info.origin = energy::Origin::table;
  info.law = "count x " + coefficient.name;
  info.counted = counted;
  info.coefficients = {coefficient};
  info.fate = Fate::supplied;
  const energy::AccountId supplied = sink.open(info);
  info.fate = Fate::dissipated;
  return {supplied, sink.open(info)};
}

void EventBooks::open_flips(const std::string& component, energy::EnergySink& sink) {
  for (std::size_t fate = 0; fate < kFates; ++fate) {
    bool used = false;
    for (std::size_t i = 0; i < neurons_ && !used; ++i)
      used = part(physics_.flip(i, false), fate) != Quanta{} || part(physics_.flip(i, true), fate) != Quanta{};
    if (!used) continue;
    energy::AccountInfo info;
    info.component = component;
    info.mechanism = "neuron_retention";
    info.fate = kFateOf[fate];
    info.origin = physics_.origin();
    info.law = "a state that changed by itself; " + physics_.law();
    info.counted = "changes of state";
    info.coefficients = physics_.coefficients();
    info.coefficients.push_back({"retention time", errors_.retention_time_s, "s"});
    flip_accounts_[fate] = sink.open(info);
  }
}

void EventBooks::open(const std::string& component, energy::EnergySink& sink) {
  if (open_) throw std::logic_error(component + ": the neurons' accounts are open already");
  open_ = true;
  if (decision_ != Quanta{})
    decision_accounts_ =
        open_table(component, "neuron_decision", "decisions", {"energy per decision", decision_energy_j_, "J"}, sink);
  if (read_ != Quanta{})
    read_accounts_ =
        open_table(component, "neuron_read", "reads", {"energy per probe", errors_.read_energy_j, "J"}, sink);
  if (errors_.retention_time_s > 0) open_flips(component, sink);
  for (std::size_t mechanism = 0; mechanism < kMechanisms; ++mechanism) {
    for (std::size_t fate = 0; fate < kFates; ++fate) {
      bool used = false;
      for (Event event : {Event::set, Event::reset, Event::rest})
        for (std::size_t i = 0; i < neurons_ && !used && mechanism_of(event) == mechanism; ++i)
          used = part(energy_of(event, i), fate) != Quanta{};
      if (!used) continue;
      Account account;
      tabulate(account, mechanism, fate);
      energy::AccountInfo info;
      info.component = component;
      info.mechanism = kMechanismName[mechanism];
      info.fate = kFateOf[fate];
      info.origin = physics_.origin();
      info.law = physics_.law();
      info.counted = account.counts_sets && account.counts_resets ? "changes of state" : kCountedName[mechanism];
      info.coefficients = physics_.coefficients();
      account.id = sink.open(info);
      accounts_[mechanism][fate] = std::move(account);
    }
  }
}

std::array<std::int64_t, kRun> EventBooks::Counter::counts() const {
  std::array<std::int64_t, kRun> counts{};
  for (std::size_t b = 0; b < planes_.size(); ++b)
    for (std::size_t s = 0; planes_[b] != 0 && s < kRun; ++s)
      counts[s] += static_cast<std::int64_t>(planes_[b] >> s & 1) << b;
  return counts;
}

void EventBooks::begin_run(std::size_t count) {
  if (!open_) throw std::logic_error("the neurons' accounts are not open");
  run_ = count;
  sets_.clear();
  resets_.clear();
  for (Table& table : tables_) std::fill_n(table.sums.begin(), count, Quanta{});
}

void EventBooks::add(std::size_t neuron, std::uint64_t sets, std::uint64_t resets) {
  sets_.add(sets);
  if (policy_ == Policy::on_change) resets_.add(resets);
  for (Table& table : tables_) {
    const Quanta energy = table.energies[neuron];
    for_each_bit(table.sets ? sets : resets, [&](std::size_t s) { table.sums[s].count += energy.count; });
  }
}

void EventBooks::post_run(std::uint64_t first_sample, energy::EnergySink& sink, double* reset_work_j) {
  const std::array<std::int64_t, kRun> sets = sets_.counts();
  const std::array<std::int64_t, kRun> resets = policy_ == Policy::on_change ? resets_.counts() : sets;
  for (std::size_t s = 0; s < run_; ++s) {
    post_decisions(first_sample + s, sink);
    reset_work_j[s] = 0;
  }
  for (std::size_t mechanism = 0; mechanism < kMechanisms; ++mechanism) {
    for (std::size_t fate = 0; fate < kFates; ++fate) {
      if (!accounts_[mechanism][fate] || (mechanism == kReset && physics_.is_drawn())) continue;
      const Account& account = *accounts_[mechanism][fate];
      for (std::size_t s = 0; s < run_; ++s) {
        Quanta sum = account.base + account.per_set * sets[s] + account.per_reset * resets[s];
        for (std::size_t table : account.tables) sum += tables_[table].sums[s];
        const std::int64_t count = (account.counts_sets ? sets[s] : 0) + (account.counts_resets ? resets[s] : 0);
        sink.post(account.id, first_sample + s, sum, count);
        if (mechanism == kReset && fate == kDissipated) reset_work_j[s] = sum.joules();
      }
    }
  }
}

void EventBooks::post_resets(const EventEnergy& sum, std::int64_t resets, std::uint64_t sample,
                             energy::EnergySink& sink) const {
  if (!open_) throw std::logic_error("the neurons' accounts are not open");
  for (std::size_t fate = 0; fate < kFates; ++fate)
    if (const std::optional<Account>& account = accounts_[kReset][fate])
      sink.post(account->id, sample, part(sum, fate), resets);
}

Quanta EventBooks::post(Event event, std::size_t neuron, std::uint64_t sample, energy::EnergySink& sink) const {
  if (!open_) throw std::logic_error("the neurons' accounts are not open");
  const EventEnergy energy = energy_of(event, neuron);
  const std::size_t mechanism = mechanism_of(event);
  for (std::size_t fate = 0; fate < kFates; ++fate) {
    const std::optional<Account>& account = accounts_[mechanism][fate];
    if (account) sink.post(account->id, sample, part(energy, fate), event == Event::rest ? 0 : 1);
  }
  return mechanism == kReset ? energy.dissipated : Quanta{};
}

void EventBooks::post_table(const PairOfAccounts& accounts, Quanta one, std::uint64_t sample,
                            energy::EnergySink& sink) const {
  if (one == Quanta{}) return;
  const auto count = static_cast<std::int64_t>(neurons_);
  for (energy::AccountId account : accounts) sink.post(account, sample, one * count, count);
}

void EventBooks::post_decisions(std::uint64_t sample, energy::EnergySink& sink) const {
  post_table(decision_accounts_, decision_, sample, sink);
}

void EventBooks::post_reads(std::uint64_t sample, energy::EnergySink& sink) const {
  post_table(read_accounts_, read_, sample, sink);
}

void EventBooks::post_flip(std::size_t neuron, bool from, std::uint64_t sample, energy::EnergySink& sink) const {
  if (!open_) throw std::logic_error("the neurons' accounts are not open");
  const EventEnergy energy = physics_.flip(neuron, from);
  for (std::size_t fate = 0; fate < kFates; ++fate)
    if (flip_accounts_[fate]) sink.post(*flip_accounts_[fate], sample, part(energy, fate), 1);
}

}  // namespace szilard::neuron
