// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include "models/neuron/neuron_bank_module.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace szilard::neuron {
namespace {

std::int64_t now_ps() { return std::llround(sc_core::sc_time_stamp() / sc_core::sc_time(1, sc_core::SC_PS)); }

/// At a time, or in the next delta cycle if it has passed: a block can come later than its stamps where a FIFO was
/// full.
void notify_at(sc_core::sc_event& event, std::int64_t time_ps) {
  const std::int64_t delay_ps = std::max<std::int64_t>(0, time_ps - now_ps());
  event.notify(sc_core::sc_time(static_cast<double>(delay_ps), sc_core::SC_PS));
}

std::size_t count_of(const std::vector<std::uint8_t>& flags) {
  return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), std::uint8_t{1}));
}

std::unique_ptr<NeuronBank> require_bank(std::unique_ptr<NeuronBank> bank) {
  if (bank == nullptr) throw std::invalid_argument("neurons: a module without a bank");
  return bank;
}

}  // namespace

NeuronBankModule::NeuronBankModule(sc_core::sc_module_name name, std::unique_ptr<NeuronBank> bank, std::int64_t hold_ps,
                                   std::string component)
    : sc_core::sc_module(name),
      in("in"),
      out("out"),
      energy("energy"),
      bank_(require_bank(std::move(bank))),
      hold_ps_(hold_ps),
      component_(std::move(component)),
      set_events_(bank_->neurons()),
      reset_events_(bank_->neurons()) {
  bank_->hold(hold_ps);
  SC_HAS_PROCESS(NeuronBankModule);
  SC_METHOD(accept);
  sensitive << in.data_written() << free_event_;
  SC_METHOD(deliver);
  sensitive << deliver_event_ << out.data_read();
  dont_initialize();
  SC_METHOD(finish);
  sensitive << finish_event_;
  dont_initialize();
}

void NeuronBankModule::end_of_elaboration() { bank_->open_accounts(component_, sink()); }

void NeuronBankModule::spawn_neuron_methods() {
  spawned_ = true;
  for (std::size_t i = 0; i < bank_->neurons(); ++i) {
    sc_core::sc_spawn_options at_set, at_reset;
    at_set.spawn_method();
    at_set.dont_initialize();
    at_set.set_sensitivity(&set_events_[i]);
    sc_core::sc_spawn([this, i] { on_set(i); }, sc_core::sc_gen_unique_name("set"), &at_set);
    at_reset.spawn_method();
    at_reset.dont_initialize();
    at_reset.set_sensitivity(&reset_events_[i]);
    sc_core::sc_spawn([this, i] { on_reset(i); }, sc_core::sc_gen_unique_name("reset"), &at_reset);
  }
}

void NeuronBankModule::accept() {
  support::SignalBlock input;
  if (has_pending_ || in_cycle_ || !in.nb_read(input)) return;
  if (input.samples() == 1) {
    start_events(input);
    return;
  }
  pending_ = bank_->forward(input, sink());
  stamp(input, pending_);
  has_pending_ = true;
  deliver_at_ps_ = pending_.ready_ps().empty() ? now_ps() : pending_.ready_ps().back();
  notify_at(deliver_event_, deliver_at_ps_);
}

void NeuronBankModule::stamp(const support::SignalBlock& input, support::SignalBlock& output) {
  const std::int64_t reset_ps = bank_->restore_ps();
  for (std::size_t s = 0; s < input.samples(); ++s) {
    const std::int64_t ready_ps = std::max(input.ready_ps()[s], free_at_ps_) + bank_->decision_ps(s);
    free_at_ps_ = ready_ps + hold_ps_ + reset_ps;
    output.ready_ps()[s] = ready_ps;
    output.cycle_end_ps()[s] = std::max(input.cycle_end_ps()[s], free_at_ps_);
  }
}

void NeuronBankModule::start_events(const support::SignalBlock& input) {
  if (!spawned_) spawn_neuron_methods();
  decision_ = &bank_->decide(input);
  pending_ = decision_->x;
  stamp(input, pending_);
  has_pending_ = in_cycle_ = true;
  deliver_at_ps_ = pending_.ready_ps().front();
  sets_left_ = count_of(decision_->is_set);
  resets_left_ = count_of(decision_->is_reset);
  for (std::size_t i = 0; i < bank_->neurons(); ++i)
    if (decision_->is_set[i] != 0) notify_at(set_events_[i], deliver_at_ps_);
  // Bits that were left at 1, or changed by themselves, are reset though nothing is set.
  if (bank_->parameters().policy == Policy::on_change || sets_left_ == 0) notify_resets();
  if (sets_left_ == 0) notify_at(deliver_event_, deliver_at_ps_);
  if (sets_left_ + resets_left_ == 0) notify_at(finish_event_, free_at_ps_);
}

void NeuronBankModule::notify_resets() {
  const bool at_end = bank_->parameters().policy != Policy::on_change;
  for (std::size_t i = 0; i < bank_->neurons(); ++i)
    if (decision_->is_reset[i] != 0) notify_at(reset_events_[i], deliver_at_ps_ + (at_end ? hold_ps_ : 0));
}

void NeuronBankModule::on_set(std::size_t neuron) {
  bank_->set(neuron, sink());
  if (--sets_left_ != 0) return;
  notify_at(deliver_event_, deliver_at_ps_);
  // Only now: at a hold time of 0 a reset must still follow its set.
  if (bank_->parameters().policy != Policy::on_change) notify_resets();
  if (resets_left_ == 0) notify_at(finish_event_, free_at_ps_);
}

void NeuronBankModule::on_reset(std::size_t neuron) {
  bank_->reset(neuron, sink());
  if (--resets_left_ + sets_left_ == 0) notify_at(finish_event_, free_at_ps_);
}

void NeuronBankModule::deliver() {
  if (!has_pending_ || sets_left_ != 0 || now_ps() < deliver_at_ps_ || !out.nb_write(pending_)) return;
  has_pending_ = false;
  pending_ = {};
  if (!in_cycle_) free_event_.notify(sc_core::SC_ZERO_TIME);
}

void NeuronBankModule::finish() {
  bank_->finish(sink());
  in_cycle_ = false;
  if (!has_pending_) free_event_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace szilard::neuron
