// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/support/signal_block.hpp"

#include <ostream>

namespace szilard::support {

SignalBlock::SignalBlock(std::uint64_t first_sample, std::size_t samples, std::size_t features)
    : first_sample_(first_sample),
      samples_(samples),
      features_(features),
      stride_((samples + kSignalLanes - 1) / kSignalLanes * kSignalLanes),
      values_(std::make_shared<AlignedVector<double>>(features * stride_, 0.0)),
      entered_ps_(samples, 0),
      ready_ps_(samples, 0),
      cycle_end_ps_(samples, 0) {}

SignalBlock SignalBlock::sibling(std::size_t features) const {
  SignalBlock block(first_sample_, samples_, features);
  block.entered_ps_ = entered_ps_;
  block.ready_ps_ = ready_ps_;
  block.cycle_end_ps_ = cycle_end_ps_;
  return block;
}

std::ostream& operator<<(std::ostream& out, const SignalBlock& block) {
  return out << "samples " << block.first_sample() << ".." << block.first_sample() + block.samples() << " x "
             << block.features();
}

}  // namespace szilard::support
