// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/signal_block.hpp"

#include <catch2/catch.hpp>
#include <cstdint>

using namespace szilard::support;

TEST_CASE("rows are padded to eight lanes of zeros and begin on cache lines", "[support][fast]") {
  for (std::size_t samples : {1, 7, 8, 9, 64}) {
    SignalBlock block(100, samples, 3);
    CHECK(block.stride() % kSignalLanes == 0);
    CHECK(block.stride() >= samples);
    CHECK(block.stride() < samples + kSignalLanes);
    for (std::size_t f = 0; f < 3; ++f) {
      CHECK(reinterpret_cast<std::uintptr_t>(block.row(f)) % 64 == 0);
      for (std::size_t s = 0; s < block.stride(); ++s) CHECK(block.row(f)[s] == 0);
    }
    CHECK(block.ready_ps().size() == samples);
  }
}

TEST_CASE("a sibling has other signals and the same samples and times", "[support][fast]") {
  SignalBlock block(100, 5, 3);
  block.ready_ps()[4] = 77;
  block.entered_ps()[0] = 5;
  block.cycle_end_ps()[1] = 6;
  SignalBlock sibling = block.sibling(2);
  CHECK(sibling.first_sample() == 100);
  CHECK(sibling.features() == 2);
  CHECK(sibling.ready_ps() == block.ready_ps());
  CHECK(sibling.entered_ps() == block.entered_ps());
  CHECK(sibling.cycle_end_ps() == block.cycle_end_ps());
  sibling.row(0)[0] = 1;
  CHECK(block.at(0, 0) == 0);
}
