// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <sim/cli/program.hpp>
#include <szilard/own_baselines.hpp>
#include <utility>

#include "charge_crossbar.hpp"
#include "ramped_latch.hpp"

int main(int argc, char** argv) {
  szilard::scenario::OwnParts parts;
  parts.media.push_back(own::charge_crossbar());
  parts.neurons.push_back(own::ramped_latch());
  parts.baselines = szilard::own_baselines();
  return szilard::cli::program(argc, argv, std::move(parts));
}
