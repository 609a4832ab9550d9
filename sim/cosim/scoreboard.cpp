// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cosim/scoreboard.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::cosim {

Scoreboard::Scoreboard(const mapping::LayerChain& chain, ReferenceStore& reference, std::size_t samples,
                       std::vector<std::string> platforms, std::vector<std::pair<std::string, std::string>> pairs,
                       double tolerance)
    : chain_(chain), reference_(reference), samples_(samples), names_(std::move(platforms)), tolerance_(tolerance) {
  const auto index = [&](const std::string& name) {
    return std::size_t(std::find(names_.begin(), names_.end(), name) - names_.begin());
  };
  std::vector<bool> keep(names_.size(), false);
  for (const auto& [first, second] : pairs) {
    pairs_.emplace_back(index(first), index(second));
    keep.at(pairs_.back().first) = keep.at(pairs_.back().second) = true;
  }
  const std::size_t outputs =
      chain.output_indices.empty() ? chain.layers.back().delivered() : chain.output_indices.size();
  errors_.resize(names_.size());
  for (std::size_t p = 0; p < names_.size(); ++p) {
    for (const mapping::Layer& layer : chain.layers) {
      LayerErrors errors;
      errors.squared.assign(samples, 0.0);
      if (keep[p]) errors.kept.assign(layer.outputs() * samples, 0.0);
      errors_[p].push_back(std::move(errors));
    }
    predictions_.emplace_back(samples, -1);
    outputs_.emplace_back(samples * outputs, 0.0);
    done_.push_back(0);
  }
}

void Scoreboard::observe(std::size_t platform, std::size_t layer, const support::SignalBlock& outputs) {
  LayerErrors& errors = errors_[platform][layer];
  const std::size_t first = std::size_t(outputs.first_sample()), count = outputs.samples();
  const ReferenceStore::Rows reference = reference_.rows(layer, first, count);
  double* squared = errors.squared.data() + first;
  double largest = errors.largest;
  for (std::size_t i = 0; i < outputs.features(); ++i) {
    const double* value = outputs.row(i);
    const double* expected = reference.data + i * reference.stride;
    for (std::size_t s = 0; s < count; ++s) {
      const double difference = value[s] - expected[s];
      squared[s] += difference * difference;
      largest = std::abs(difference) > largest ? std::abs(difference) : largest;
    }
    if (!errors.kept.empty()) std::copy(value, value + count, errors.kept.data() + i * samples_ + first);
  }
  errors.largest = largest;
  if (layer + 1 < chain_.layers.size()) return;

  const mapping::Pool& pool = chain_.layers.back().pool_after;
  const support::SignalBlock delivered = pool.window ? pool.apply(outputs) : outputs;
  const std::size_t width = outputs_[platform].size() / samples_;
  for (std::size_t s = 0; s < count; ++s) {
    predictions_[platform][first + s] = prediction(chain_, delivered, s);
    for (std::size_t i = 0; i < width; ++i)
      outputs_[platform][(first + s) * width + i] =
          delivered.at(chain_.output_indices.empty() ? i : std::size_t(chain_.output_indices[i]), s);
  }
  done_[platform] += count;
  if (on_progress) on_progress(platform, done_[platform]);
}

double Scoreboard::rms_error(std::size_t platform, std::size_t layer) const {
  double sum = 0;
  for (double squared : errors_[platform][layer].squared) sum += squared;
  const double n = double(chain_.layers[layer].outputs()) * double(samples_);
  const double scale = reference_.rms(layer);
  return scale > 0 ? std::sqrt(sum / n) / scale : std::sqrt(sum / n);
}

double Scoreboard::max_error(std::size_t platform, std::size_t layer) const {
  const double scale = reference_.rms(layer);
  return scale > 0 ? errors_[platform][layer].largest / scale : errors_[platform][layer].largest;
}

std::vector<PairResult> Scoreboard::compare_pairs() const {
  std::vector<PairResult> results;
  for (const auto& [a, b] : pairs_)
    for (std::size_t l = 0; l < chain_.layers.size(); ++l) {
      PairResult result{names_[a], names_[b], chain_.layers[l].map.name, 0, {}};
      const double full_scale = reference_.full_scale(l) > 0 ? reference_.full_scale(l) : 1;
      const std::vector<double>&x = errors_[a][l].kept, &y = errors_[b][l].kept;
      for (std::size_t i = 0; i < chain_.layers[l].outputs(); ++i)
        for (std::size_t s = 0; s < samples_; ++s) {
          const double u = x[i * samples_ + s], v = y[i * samples_ + s];
          const double error = std::abs(u - v) / full_scale;
          result.max_error = std::max(result.max_error, error);
          if (error <= tolerance_) continue;  // a difference that is not a number goes on
          if (!result.first_mismatch || s < result.first_mismatch->sample ||
              (s == result.first_mismatch->sample && i < result.first_mismatch->index))
            result.first_mismatch = Mismatch{s, i, u, v};
        }
      results.push_back(std::move(result));
    }
  return results;
}

}  // namespace szilard::cosim
