// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/neuron/neuron_bank.hpp"
#include "sim/cosim/result.hpp"

namespace szilard::cosim {

/// A bank after its run.
struct BankAt {
  const neuron::NeuronBank* bank;
  std::string layer;      ///< "fc1"
  std::string component;  ///< "rram/fc1/neurons"
};

/// Fills what the banks' bits and resets say: counts, bounds by layer, finite-time floors, drawn resets, bound checks
/// and negentropy. Checks that fail are told as sentences.
void report_banks(const std::vector<BankAt>& banks, const std::string& platform, double temperature_k,
                  PlatformResult& result, std::vector<std::string>& failures);

}  // namespace szilard::cosim
