// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "models/energy/ledger.hpp"
#include "models/neuron/neuron_bank.hpp"
#include "models/support/constants.hpp"

namespace szilard::neuron::test {

inline constexpr double kTemperature_K = 300;
inline constexpr double kThermal_J = support::kBoltzmann_J_per_K * kTemperature_K;
inline constexpr const char* kPath = "p/fc1/neurons";

inline CmosLatch latch() { return {{0.9, "test"}, {1e-15, "test"}, {50e-12, "test"}}; }

/// Inputs [neuron][sample] with neuron i above 0 in a share p[i] of the samples.
inline std::vector<std::vector<double>> random_inputs(const std::vector<double>& p, std::size_t samples,
                                                      std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<std::vector<double>> inputs(p.size(), std::vector<double>(samples));
  for (std::size_t i = 0; i < p.size(); ++i)
    for (double& y : inputs[i]) y = p[i] - uniform(rng);
  return inputs;
}

inline support::SignalBlock block_of(const std::vector<std::vector<double>>& inputs, std::uint64_t origin,
                                     std::size_t first, std::size_t count) {
  support::SignalBlock block(origin + first, count, inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t s = 0; s < count; ++s) block.row(i)[s] = inputs[i][first + s];
  return block;
}

struct Run {
  std::unique_ptr<NeuronBank> bank;
  std::unique_ptr<energy::Ledger> ledger;
  std::vector<std::vector<double>> outputs;  ///< [neuron][sample]

  energy::Quanta total(const std::string& mechanism, energy::Fate fate) const {
    const auto sums = ledger->by_mechanism("p", fate);
    const auto found = sums.find(mechanism);
    return found == sums.end() ? energy::Quanta{} : found->second;
  }
};

inline constexpr std::uint64_t kFirstSample = 1000;

inline Run make_run(std::size_t neurons, std::size_t samples, NeuronParameters parameters,
                    std::unique_ptr<ResetPhysics> physics) {
  Run run;
  run.bank =
      std::make_unique<NeuronBank>(neurons, std::move(parameters), std::move(physics), 7, kPath, kFirstSample, samples);
  run.ledger = std::make_unique<energy::Ledger>(kFirstSample, samples);
  run.bank->open_accounts(kPath, *run.ledger);
  run.outputs.assign(neurons, std::vector<double>(samples));
  return run;
}

/// Runs all inputs in blocks of `quantum` samples; quantum 0 uses the event-wise interface.
inline Run run_bank(const std::vector<std::vector<double>>& inputs, NeuronParameters parameters,
                    std::unique_ptr<ResetPhysics> physics, std::size_t quantum) {
  const std::size_t samples = inputs.front().size();
  Run run = make_run(inputs.size(), samples, std::move(parameters), std::move(physics));
  for (std::size_t first = 0; first < samples;) {
    const std::size_t count = std::min(quantum == 0 ? 1 : quantum, samples - first);
    const support::SignalBlock y = block_of(inputs, kFirstSample, first, count);
    support::SignalBlock x;
    if (quantum == 0) {
      const Decision decision = run.bank->decide(y);
      for (std::size_t i = 0; i < inputs.size(); ++i)
        if (decision.is_set[i] != 0) run.bank->set(i, *run.ledger);
      for (std::size_t i = inputs.size(); i-- > 0;)
        if (decision.is_reset[i] != 0) run.bank->reset(i, *run.ledger);
      run.bank->finish(*run.ledger);
      x = decision.x;
    } else {
      x = run.bank->forward(y, *run.ledger);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i)
      for (std::size_t s = 0; s < count; ++s) run.outputs[i][first + s] = x.at(i, s);
    first += count;
  }
  return run;
}

/// Every row, count, observation and output of two runs.
inline bool same_books(const Run& a, const Run& b) {
  if (a.ledger->accounts().size() != b.ledger->accounts().size()) return false;
  for (energy::AccountId id = 0; id < a.ledger->accounts().size(); ++id) {
    if (a.ledger->accounts()[id].mechanism != b.ledger->accounts()[id].mechanism) return false;
    if (a.ledger->accounts()[id].fate != b.ledger->accounts()[id].fate) return false;
    if (a.ledger->count(id) != b.ledger->count(id)) return false;
    for (std::uint64_t s = kFirstSample; s < kFirstSample + a.ledger->samples(); ++s)
      if (a.ledger->at(id, s) != b.ledger->at(id, s)) return false;
  }
  for (std::size_t i = 0; i < a.bank->neurons(); ++i)
    if (a.bank->activity().active(i) != b.bank->activity().active(i)) return false;
  return a.bank->sets() == b.bank->sets() && a.bank->resets() == b.bank->resets() &&
         a.bank->reset_work_j() == b.bank->reset_work_j() && a.outputs == b.outputs;
}

}  // namespace szilard::neuron::test
