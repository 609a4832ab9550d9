// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <systemc>
#include <vector>

#include "models/support/signal_block.hpp"
#include "sim/dataset/dataset.hpp"

namespace szilard::cosim {

/// The one source that feeds every platform: each through a FIFO of its own, so that none waits for another. Samples go
/// in blocks of `quantum`; sample s enters platform p at s x interval, the platform's own pace, so that nothing queues
/// inside.
class SampleSource : public sc_core::sc_module {
 public:
  SampleSource(sc_core::sc_module_name name, const dataset::Dataset& data, std::size_t samples, std::size_t quantum);

  /// Before elaboration ends: a platform's input and its pace.
  void feed(sc_core::sc_fifo<support::SignalBlock>& fifo, std::int64_t interval_ps);

 private:
  struct Feed {
    sc_core::sc_fifo<support::SignalBlock>* fifo;
    std::int64_t interval_ps;
    std::size_t next = 0;
  };
  void pump(std::size_t feed);

  const dataset::Dataset& data_;
  std::size_t samples_, quantum_;
  std::vector<Feed> feeds_;
};

}  // namespace szilard::cosim
