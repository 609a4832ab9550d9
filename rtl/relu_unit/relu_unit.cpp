// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/relu_unit/relu_unit.hpp"

#include <stdexcept>
#include <string>

#include "rtl/baseline.hpp"

namespace szilard::rtl {

ReluUnit::ReluUnit(int lanes) : model_(make_relu_model(lanes)) {
  if (model_) return;
  std::string built;
  for (const int l : relu_unit_lanes()) built += (built.empty() ? "" : ", ") + std::to_string(l);
  throw std::invalid_argument("relu_unit with " + std::to_string(lanes) + " lanes was not built; built are " + built +
                              " (CMake: SZILARD_RELU_LANES)");
}

ReluUnit::~ReluUnit() = default;
ReluUnit::ReluUnit(ReluUnit&&) noexcept = default;
ReluUnit& ReluUnit::operator=(ReluUnit&&) noexcept = default;

int ReluUnit::lanes() const { return model_->lanes(); }
std::uint64_t ReluUnit::register_bits() const { return model_->register_bits(); }
std::uint64_t ReluUnit::cycles(std::size_t count) const {
  const auto lanes = static_cast<std::size_t>(model_->lanes());
  return (count + lanes - 1) / lanes + 1;
}
void ReluUnit::run(const std::int16_t* codes, std::size_t count, std::int16_t* out) { model_->run(codes, count, out); }
ReluActivity ReluUnit::activity() const { return model_->activity(); }
std::vector<std::string> ReluUnit::signal_names() const {
  std::vector<std::string> names = {"valid", "valid_q"};
  for (int lane = 0; lane < lanes(); ++lane)
    for (const char* word : {"codes_", "codes_q_"}) names.push_back(word + std::to_string(lane));
  return names;
}
std::optional<SignalView> ReluUnit::find_signal(const std::string& name) const { return model_->find_signal(name); }
void ReluUnit::set_meter(ClockMeter* meter) { model_->set_meter(meter); }

}  // namespace szilard::rtl
