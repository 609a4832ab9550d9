// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "charge_crossbar.hpp"
#include "ramped_latch.hpp"
#include "sim/cli/program.hpp"

int main(int argc, char** argv) {
  szilard::scenario::OwnParts parts;
  parts.media.push_back(own::charge_crossbar());
  parts.neurons.push_back(own::ramped_latch());
  return szilard::cli::program(argc, argv, std::move(parts));
}
