// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/platform.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::cosim {

void Platform::record_passage(const support::SignalBlock& block) {
  for (std::size_t s = 0; s < block.samples(); ++s) {
    const std::size_t sample = std::size_t(block.first_sample()) + s;
    entered_ps_[sample] = block.entered_ps()[s];
    ended_ps_[sample] = std::max(block.cycle_end_ps()[s], block.ready_ps()[s]);
  }
}

void Platform::record_waves(const std::string& name, WaveRecorder& waves) const {
  for (std::size_t s = 0; s < entered_ps_.size(); ++s) waves.window(name, "", s, entered_ps_[s], ended_ps_[s]);
}

std::int64_t clock_period_ps(double clock_hz) { return std::max<std::int64_t>(1, std::llround(1e12 / clock_hz)); }

OutputActivity::OutputActivity(const mapping::LayerChain& chain, std::size_t samples) {
  for (const mapping::Layer& layer : chain.layers)
    layers_.push_back(layer.neurons() ? std::make_unique<energy::ActivityTrace>(layer.neurons(), samples) : nullptr);
}

void OutputActivity::observe(std::size_t layer, const support::SignalBlock& outputs) {
  if (!layers_[layer]) return;
  for (std::size_t i = 0; i < outputs.features(); ++i)
    for (std::size_t s = 0; s < outputs.samples(); ++s)
      layers_[layer]->set(i, std::size_t(outputs.first_sample()) + s, outputs.row(i)[s] > 0);
}

std::vector<const energy::ActivityTrace*> OutputActivity::traces() const {
  std::vector<const energy::ActivityTrace*> traces;
  for (const auto& layer : layers_)
    if (layer) traces.push_back(layer.get());
  return traces;
}

namespace {

ActivityExcerpt excerpt(const std::string& layer, const energy::ActivityTrace& trace) {
  constexpr std::size_t kNeurons = 128, kSamples = 200;
  ActivityExcerpt excerpt{layer, trace.neurons(), std::min(trace.samples(), kSamples), {}, {}};
  const std::size_t shown = std::min(trace.neurons(), kNeurons);
  for (std::size_t i = 0; i < shown; ++i) {
    excerpt.shown.push_back(i * trace.neurons() / shown);
    for (std::size_t s = 0; s < excerpt.samples; ++s) excerpt.active.push_back(trace.at(excerpt.shown.back(), s));
  }
  return excerpt;
}

}  // namespace

void report_activity(const std::vector<const energy::ActivityTrace*>& traces, const mapping::LayerChain& chain,
                     double temperature_k, PlatformResult& result) {
  if (traces.empty()) return;
  auto trace = traces.begin();
  double all = 0;
  for (const mapping::Layer& layer : chain.layers) {
    if (!layer.neurons()) continue;
    double active = 0;
    for (std::size_t i = 0; i < (*trace)->neurons(); ++i) {
      active += double((*trace)->active(i));
      result.neurons.transitions_1_0 += (*trace)->transitions_1_0(i);
    }
    const double cells = double((*trace)->neurons()) * double((*trace)->samples());
    result.neurons.active_by_layer.emplace_back(layer.map.name, active / cells);
    result.neurons.count += (*trace)->neurons();
    result.activity.push_back(excerpt(layer.map.name, **trace));
    all += active;
    ++trace;
  }
  result.neurons.active_mean = all / (double(result.neurons.count) * double(traces.front()->samples()));
  result.reset_bounds = energy::reset_bounds(traces, temperature_k);
  result.cycle_bounds = energy::cycle_bounds(traces, temperature_k);
  result.has_reset_bounds = true;
}

}  // namespace szilard::cosim
