// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/training/trainer.hpp"

namespace szilard::training {

/// Operations as the loops below carry them out, one multiplication or addition each.
struct Operations {
  std::uint64_t forward = 0;   ///< weights times signals
  std::uint64_t gradient = 0;  ///< errors times signals, each moved into its weight at once: batches of one
  std::uint64_t errors =
      0;  ///< errors back through the weights, to the inputs of the first layer too (which nobody needs)
  std::uint64_t bias = 0;  ///< biases moved
  std::uint64_t touched =
      0;  ///< parameters whose input was not zero, biases among them: active parameters, summed over samples
  std::uint64_t samples = 0;

  /// Of the products: what is commonly counted.
  std::uint64_t products() const { return forward + gradient + errors; }
};

/// Training in software: stochastic gradient descent on sum_o kappa_o / 2 (x_o - target_o)^2 with one entry an update,
/// errors back-propagated in plain loops that count what they do. Same entries in the same order, same start as machine
/// m of a Trainer. `rate`: the step along the gradient of the loss over kappa_o at the first presentation; it falls as
/// the mobility does.
class Descent {
 public:
  Descent(const quasistatic::Network& network, const Entries& entries, const TrainingRequest& request, double rate,
          std::size_t machine);
  bool done() const { return presented_ == request_.presentations; }
  void advance();
  const quasistatic::Network& network() const { return network_; }
  const Operations& operations() const { return operations_; }

 private:
  quasistatic::Network network_;
  const Entries& entries_;
  TrainingRequest request_;
  double rate_;
  Sequence sequence_;
  Operations operations_;
  std::uint64_t presented_ = 0;
  std::vector<std::vector<double>> arguments_, values_;
  std::vector<double> error_, before_;
};

}  // namespace szilard::training
