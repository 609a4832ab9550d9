// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/quantised_stage.hpp"

#include <cmath>

#include "models/linear/apply.hpp"

namespace szilard::cosim {
namespace {

class QuantisedIdealStage final : public linear::LinearStage {
 public:
  QuantisedIdealStage(linear::LinearMap map, const mapping::QuantisedChain& chain, std::size_t layer)
      : map_(std::move(map)),
        integer_(chain.network.layers[layer]),
        input_scale_(chain.input_scale[layer]),
        output_scale_(chain.output_scale[layer]) {
    for (Eigen::Index i = 0; i < map_.weights.size(); ++i) map_.weights.data()[i] = integer_.weights[std::size_t(i)];
    map_.bias.assign(integer_.bias.begin(), integer_.bias.end());
  }

  const linear::LinearMap& map() const override { return map_; }
  std::int64_t duration_ps() const override { return 0; }
  void open_accounts(const std::string&, energy::EnergySink&) override {}

  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink&) override {
    support::SignalBlock codes = x.sibling(x.features());
    for (std::size_t i = 0; i < x.features(); ++i)
      for (std::size_t s = 0; s < x.stride(); ++s)
        codes.row(i)[s] = std::clamp(std::round(x.row(i)[s] / input_scale_), -127.0, 127.0);
    support::SignalBlock y = x.sibling(map_.total_outputs());
    linear::apply(map_, codes, y);  // exact: sums of integers below 2^53
    for (std::size_t i = 0; i < y.features(); ++i)
      for (std::size_t s = 0; s < y.stride(); ++s) {
        double code = y.row(i)[s];
        if (integer_.requantise) code = rtl::requantise(std::int64_t(code), integer_.multiplier, integer_.shift);
        y.row(i)[s] = code * output_scale_;
      }
    return y;
  }

 private:
  linear::LinearMap map_;
  rtl::IntegerLayer integer_;
  double input_scale_, output_scale_;
};

}  // namespace

std::unique_ptr<linear::LinearStage> make_quantised_ideal_stage(linear::LinearMap map,
                                                                const mapping::QuantisedChain& chain,
                                                                std::size_t layer) {
  return std::make_unique<QuantisedIdealStage>(std::move(map), chain, layer);
}

}  // namespace szilard::cosim
