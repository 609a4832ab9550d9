// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include "sim/cosim/sample_source.hpp"

#include <algorithm>

namespace szilard::cosim {

SampleSource::SampleSource(sc_core::sc_module_name name, const dataset::Dataset& data, std::size_t samples,
                           std::size_t quantum)
    : sc_core::sc_module(name), data_(data), samples_(samples), quantum_(quantum) {}

void SampleSource::feed(sc_core::sc_fifo<support::SignalBlock>& fifo, std::int64_t interval_ps) {
  const std::size_t index = feeds_.size();
  feeds_.push_back({&fifo, interval_ps});
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.set_sensitivity(&fifo.data_read_event());
  sc_core::sc_spawn([this, index] { pump(index); }, ("pump_" + std::to_string(index)).c_str(), &options);
}

void SampleSource::pump(std::size_t index) {
  Feed& feed = feeds_[index];
  while (feed.next < samples_ && feed.fifo->num_free() > 0) {
    const std::size_t count = std::min(quantum_, samples_ - feed.next);
    support::SignalBlock block = data_.block(feed.next, count);
    for (std::size_t s = 0; s < count; ++s)
      block.entered_ps()[s] = block.ready_ps()[s] = block.cycle_end_ps()[s] =
          std::int64_t(feed.next + s) * feed.interval_ps;
    feed.fifo->nb_write(block);
    feed.next += count;
  }
}

}  // namespace szilard::cosim
