// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/converted_stage.hpp"

namespace szilard::optical {

ConvertedStage::ConvertedStage(std::unique_ptr<OpticalStage> inner, std::optional<electronic::Converter> input,
                               std::optional<electronic::Converter> output, std::uint64_t seed,
                               const std::string& stream_name)
    : inner_(std::move(inner)),
      edges_(inner_->map(), inner_->duration_ps(), std::move(input), std::move(output), seed, stream_name) {}

const linear::LinearMap& ConvertedStage::map() const { return inner_->map(); }
std::int64_t ConvertedStage::duration_ps() const { return edges_.duration_ps(); }
void ConvertedStage::open_accounts(const std::string& component, energy::EnergySink& sink) {
  edges_.open_accounts(*inner_, component, sink);
}
support::SignalBlock ConvertedStage::forward(const support::SignalBlock& x, energy::EnergySink& sink) {
  return edges_.forward(*inner_, x, sink);
}

const char* ConvertedStage::medium() const { return inner_->medium(); }
const LightParameters& ConvertedStage::light() const { return inner_->light(); }
std::vector<OpticalTileReport> ConvertedStage::tiles() const { return inner_->tiles(); }
std::vector<TileProgram> ConvertedStage::programs() const { return inner_->programs(); }
LinkBudget ConvertedStage::link() const { return inner_->link(); }
std::vector<support::AreaPart> ConvertedStage::areas(const std::string& component) const {
  return inner_->areas(component);
}
double ConvertedStage::detected_photons() const { return inner_->detected_photons(); }
std::size_t ConvertedStage::dacs() const { return edges_.dacs(); }
std::size_t ConvertedStage::adcs() const { return edges_.adcs(); }

}  // namespace szilard::optical
