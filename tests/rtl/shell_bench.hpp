// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <systemc>
#include <vector>

#include "models/energy/energy_port.hpp"
#include "models/energy/ledger.hpp"
#include "models/support/signal_block.hpp"
#include "rtl/digital_coefficients.hpp"

namespace szilard::rtl::testing {

inline DigitalCoefficients some_coefficients() {
  DigitalCoefficients c;
  c.multiply_j = 0.2e-12;
  c.add_j = 0.1e-12;
  c.register_toggle_j = 1.7e-15;
  c.sram_read_j_per_bit = 0.15e-12;
  c.sram_write_j_per_bit = 0.17e-12;
  c.clock_j_per_register_bit = 0.6e-15;
  c.leakage_w_per_register_bit = 3e-9;
  return c;
}

using InputValue = std::function<double(std::uint64_t sample, std::size_t signal)>;

/// Sample s is ready at s x period; a block goes out when its last sample is.
class BlockSource : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_out<support::SignalBlock> out;
  BlockSource(sc_core::sc_module_name name, std::size_t samples, std::size_t signals, std::size_t quantum,
              std::int64_t period_ps, InputValue value)
      : sc_core::sc_module(name),
        out("out"),
        samples_(samples),
        signals_(signals),
        quantum_(quantum),
        period_ps_(period_ps),
        value_(std::move(value)) {
    SC_HAS_PROCESS(BlockSource);
    SC_METHOD(step);
  }

 private:
  void step() {
    using namespace sc_core;
    if (next_ >= samples_) return;
    const std::size_t count = std::min(quantum_, samples_ - next_);
    const sc_time last(static_cast<double>(static_cast<std::int64_t>(next_ + count - 1) * period_ps_), SC_PS);
    if (sc_time_stamp() < last) return next_trigger(last - sc_time_stamp());
    if (out.num_free() == 0) return next_trigger(out.data_read_event());
    support::SignalBlock block(next_, count, signals_);
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t k = 0; k < signals_; ++k) block.row(k)[s] = value_(next_ + s, k);
      block.entered_ps()[s] = block.ready_ps()[s] = static_cast<std::int64_t>(next_ + s) * period_ps_;
    }
    out.nb_write(block);
    next_ += count;
    next_trigger(SC_ZERO_TIME);
  }

  std::size_t samples_, signals_, quantum_, next_ = 0;
  std::int64_t period_ps_;
  InputValue value_;
};

/// Keeps what comes, and whether each block came at the time of its last sample.
class BlockDrain : public sc_core::sc_module {
 public:
  sc_core::sc_fifo_in<support::SignalBlock> in;
  std::vector<std::vector<double>> values;  ///< [sample][signal]
  std::vector<std::int64_t> ready_ps, entered_ps;
  bool punctual = true;

  explicit BlockDrain(sc_core::sc_module_name name) : sc_core::sc_module(name), in("in") {
    SC_HAS_PROCESS(BlockDrain);
    SC_METHOD(step);
  }

 private:
  void step() {
    using namespace sc_core;
    support::SignalBlock block;
    while (in.nb_read(block)) {
      punctual = punctual && block.first_sample() == values.size() &&
                 sc_time_stamp() == sc_time(static_cast<double>(block.ready_ps().back()), SC_PS);
      for (std::size_t s = 0; s < block.samples(); ++s) {
        values.emplace_back();
        for (std::size_t f = 0; f < block.features(); ++f) values.back().push_back(block.at(f, s));
        ready_ps.push_back(block.ready_ps()[s]);
        entered_ps.push_back(block.entered_ps()[s]);
      }
    }
    next_trigger(in.data_written_event());
  }
};

/// A user's own top level around one shell: source, FIFOs, shell, drain and ledger.
template <class Module>
struct ShellBench {
  template <class... Arguments>
  ShellBench(const std::string& name, std::size_t samples, std::size_t signals, std::size_t quantum, InputValue value,
             Arguments&&... arguments)
      : ledger(0, samples),
        energy((name + "_energy").c_str(), ledger),
        source((name + "_source").c_str(), samples, signals, quantum, 1000, std::move(value)),
        before((name + "_before").c_str(), 2),
        after((name + "_after").c_str(), 1),
        shell((name + "_shell").c_str(), std::forward<Arguments>(arguments)...),
        drain((name + "_drain").c_str()) {
    source.out(before);
    shell.in(before);
    shell.out(after);
    shell.energy(energy);
    drain.in(after);
  }

  double spent_j(const std::string& component) const {
    return ledger.total(component, energy::Fate::dissipated).joules();
  }

  std::vector<std::string> rows() const {
    std::vector<std::string> all;
    ledger.for_each_row([&](std::uint64_t sample, energy::AccountId account, energy::Quanta amount) {
      const energy::AccountInfo& info = ledger.accounts()[account];
      all.push_back(std::to_string(sample) + ' ' + info.component + ' ' + info.mechanism + ' ' +
                    std::string(energy::fate_name(info.fate)) + ' ' +
                    std::to_string(static_cast<long long>(amount.count % 1000000007)) + ' ' +
                    std::to_string(amount.joules() * 1e15));
    });
    return all;
  }

  energy::Ledger ledger;
  energy::EnergyChannel energy;
  BlockSource source;
  sc_core::sc_fifo<support::SignalBlock> before, after;
  Module shell;
  BlockDrain drain;
};

}  // namespace szilard::rtl::testing
