// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "models/linear/apply.hpp"
#include "models/linear/linear_stage.hpp"

namespace szilard::linear {
namespace {

class IdealStage final : public LinearStage {
 public:
  explicit IdealStage(LinearMap map) : map_(std::move(map)) { map_.check(); }

  const LinearMap& map() const override { return map_; }
  std::int64_t duration_ps() const override { return 0; }
  void open_accounts(const std::string&, energy::EnergySink&) override {}
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink&) override {
    support::SignalBlock y = x.sibling(map_.total_outputs());
    apply(map_, x, y);
    return y;
  }

 private:
  LinearMap map_;
};

}  // namespace

std::unique_ptr<LinearStage> make_ideal_stage(LinearMap map) { return std::make_unique<IdealStage>(std::move(map)); }

}  // namespace szilard::linear
