// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/wave_recorder.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace szilard::cosim {

WaveRecorder::WaveRecorder(const scenario::WavesSpec& spec, std::size_t samples, std::vector<std::string> layers)
    : first_(spec.first_sample),
      end_(std::min<std::uint64_t>(samples, spec.first_sample + spec.samples.value_or(samples))),
      signals_(spec.signals.value_or(std::numeric_limits<std::size_t>::max())),
      layers_(std::move(layers)) {}

std::size_t WaveRecorder::shown(std::size_t signals) const { return std::min(signals, signals_); }

std::vector<std::string> WaveRecorder::scope_of(const std::string& platform, const std::string& component) const {
  std::vector<std::string> scope{platform};
  if (component.size() <= platform.size()) return scope;
  std::string below = component.substr(platform.size() + 1);
  // A layer is one step, whatever its network called it.
  for (const std::string& layer : layers_) {
    if (below.compare(0, layer.size(), layer) != 0 || (below.size() > layer.size() && below[layer.size()] != '/'))
      continue;
    scope.push_back(layer);
    below.erase(0, layer.size() + 1);
    break;
  }
  while (!below.empty()) {
    const std::size_t end = std::min(below.find('/'), below.size());
    scope.push_back(below.substr(0, end));
    below.erase(0, end + 1);
  }
  return scope;
}

std::vector<waves::Signal*>& WaveRecorder::row_of(const std::string& platform, const std::string& layer,
                                                  const std::string& name, std::size_t size, waves::Kind kind,
                                                  unsigned width) {
  const std::string path = layer.empty() ? platform : platform + "/" + layer;
  std::vector<waves::Signal*>& signals = rows_[path + "/" + name];
  for (std::size_t i = signals.size(); i < shown(size); ++i)
    signals.push_back(&recording_->add(scope_of(platform, path), name + "_" + std::to_string(i), kind, width));
  return signals;
}

void WaveRecorder::values(const std::string& platform, const std::string& layer, const std::string& name,
                          const support::SignalBlock& block, bool at_entry) {
  const std::string path = layer.empty() ? platform : platform + "/" + layer;
  const std::vector<waves::Signal*>& signals = row_of(platform, layer, name, block.features(), waves::Kind::real, 1);
  for (std::size_t s = 0; s < block.samples(); ++s) {
    const std::uint64_t sample = block.first_sample() + s;
    if (!wants(sample)) continue;
    const std::int64_t time_ps = at_entry ? block.entered_ps()[s] : block.ready_ps()[s];
    if (name == "x") decided_ps_[path][sample] = time_ps;
    for (std::size_t i = 0; i < signals.size(); ++i) signals[i]->at(time_ps, block.row(i)[s]);
  }
}

void WaveRecorder::window(const std::string& platform, const std::string& part, std::uint64_t sample,
                          std::int64_t begin_ps, std::int64_t end_ps) {
  if (wants(sample)) windows_[part.empty() ? platform : platform + "/" + part][sample] = {begin_ps, end_ps};
}

const WaveRecorder::Window& WaveRecorder::window_of(const std::string& platform, const std::string& component,
                                                    std::uint64_t sample) const {
  for (std::string path = component;; path.erase(path.rfind('/'))) {
    const auto found = windows_.find(path);
    if (found != windows_.end()) {
      const auto at = found->second.find(sample);
      if (at != found->second.end()) return at->second;
    }
    if (path.size() <= platform.size()) throw std::logic_error("waves: no window for " + component);
  }
}

void WaveRecorder::bits(const std::string& platform, const std::string& layer, const neuron::NeuronBank& bank,
                        std::int64_t hold_ps) {
  const std::string path = platform + "/" + layer;
  const auto decided = decided_ps_.find(path);
  if (decided == decided_ps_.end()) return;
  const energy::ActivityTrace& activity = bank.activity();
  const energy::ActivityTrace* left = bank.left_at_1();
  const neuron::Policy policy = bank.parameters().policy;
  for (std::size_t i = 0; i < shown(bank.neurons()); ++i) {
    const std::vector<std::string> scope = scope_of(platform, path + "/neurons");
    const std::string number = std::to_string(i);
    waves::Signal& bit = recording_->add(scope, "s_" + number, waves::Kind::bits);
    waves::Signal& set = recording_->add(scope, "set_" + number, waves::Kind::event);
    waves::Signal& reset = recording_->add(scope, "reset_" + number, waves::Kind::event);
    for (const auto& [sample, ready_ps] : decided->second) {
      const std::size_t s = std::size_t(sample);
      const bool active = activity.at(i, s);
      const bool before = s > 0 && (policy == neuron::Policy::on_change ? activity.at(i, s - 1)
                                                                        : left != nullptr && left->at(i, s - 1));
      if (sample == first_) bit.at(0, std::uint64_t(before));
      bit.at(ready_ps, std::uint64_t(active));
      if (active && !before) set.happens(ready_ps);
      if (policy == neuron::Policy::on_change) {
        if (before && !active) reset.happens(ready_ps);
        continue;
      }
      if (active) reset.happens(ready_ps + hold_ps);
      // A reset that fails leaves 1 behind, whatever it began with. One that takes no time still follows what it ends.
      bit.at(std::max(ready_ps + 1, ready_ps + hold_ps + bank.restore_ps()),
             std::uint64_t(left != nullptr && left->at(i, s)));
    }
  }
}

void WaveRecorder::words(const std::string& platform, const std::string& layer, const std::string& name, unsigned width,
                         std::int64_t time_ps, const std::vector<std::uint64_t>& values) {
  const std::vector<waves::Signal*>& signals = row_of(platform, layer, name, values.size(), waves::Kind::bits, width);
  for (std::size_t i = 0; i < signals.size(); ++i) signals[i]->at(time_ps, values[i]);
}

waves::Signal& WaveRecorder::register_at(const std::string& platform, const std::string& layer, const std::string& path,
                                         unsigned width) {
  std::vector<std::string> scope{platform};
  if (!layer.empty()) scope.push_back(layer);
  scope.push_back("rtl");
  std::size_t at = 0;
  for (std::size_t dot; (dot = path.find('.', at)) != std::string::npos; at = dot + 1)
    scope.push_back(path.substr(at, dot - at));
  return recording_->add(std::move(scope), path.substr(at), waves::Kind::bits, width);
}

void WaveRecorder::clock_power(const std::string& platform, const std::string& component,
                               const std::vector<std::int64_t>& begins_ps, const std::vector<double>& joules,
                               std::int64_t period_ps) {
  waves::PowerTrack track;
  for (std::size_t c = 0; c < joules.size(); ++c) track.add(begins_ps.at(c), begins_ps[c] + period_ps, joules[c]);
  waves::Signal& signal = recording_->add(scope_of(platform, component), "clock_power_W", waves::Kind::real, 1, "W");
  signal.at(0, 0.0);
  track.write(signal);
}

void WaveRecorder::power(const std::string& platform, const energy::Ledger& ledger) {
  std::map<std::string, waves::PowerTrack> tracks;
  std::vector<std::string> order;
  const std::string below = platform + "/";
  for (energy::AccountId id = 0; id < ledger.accounts().size(); ++id) {
    const energy::AccountInfo& account = ledger.accounts()[id];
    if (account.fate != energy::Fate::dissipated ||
        (account.component != platform && account.component.compare(0, below.size(), below) != 0))
      continue;
    if (!tracks.count(account.component)) order.push_back(account.component);
    waves::PowerTrack& own = tracks[account.component];
    for (std::uint64_t sample = first_; sample < end_; ++sample) {
      const double joules = ledger.at(id, sample).joules();
      if (joules == 0) continue;
      const Window& window = window_of(platform, account.component, sample);
      own.add(window.begin_ps, window.end_ps, joules);
      if (account.component != platform) tracks[platform].add(window.begin_ps, window.end_ps, joules);
    }
  }
  if (!tracks.count(platform) || std::find(order.begin(), order.end(), platform) == order.end())
    order.insert(order.begin(), platform);
  for (const std::string& component : order) {
    waves::Signal& signal = recording_->add(scope_of(platform, component), "power_W", waves::Kind::real, 1, "W");
    signal.at(0, 0.0);
    tracks[component].write(signal);
  }
}

}  // namespace szilard::cosim
