// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "models/electronic/crossbar_stage.hpp"
#include "models/energy/ledger.hpp"
#include "models/linear/linear_map.hpp"
#include "models/support/philox.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::electronic::testing {

/// Continuous, exactly programmed, noiseless cells and no converters.
inline CrossbarParameters exact_parameters() {
  CrossbarParameters p;
  p.rows = p.columns = 16;
  p.device.minimum_conductance_s = 1e-6;
  p.device.maximum_conductance_s = 40e-6;
  p.read_voltage_v = 0.5;
  p.read_time_s = 10e-9;
  p.settling_time_s = 2e-9;
  p.row_capacitance_per_cell_f = 0.1e-15;
  return p;
}

inline double uniform(std::uint64_t seed, std::uint64_t sample, std::uint32_t index, double low, double high) {
  return low + (high - low) * support::RandomStream(seed, 99).uniform(sample, index);
}

inline linear::LinearMap random_dense(std::size_t outputs, std::size_t inputs, std::uint64_t seed) {
  linear::RowMatrix w(outputs, inputs);
  std::vector<double> bias(outputs);
  for (std::size_t i = 0; i < outputs * inputs; ++i)
    w.data()[i] = uniform(seed, 1, static_cast<std::uint32_t>(i), -1, 1);
  for (std::size_t o = 0; o < outputs; ++o) bias[o] = uniform(seed, 2, static_cast<std::uint32_t>(o), -1, 1);
  return linear::dense_map("dense", w, bias);
}

/// A grouped 3 x 3 convolution of size x size images, padded by one all round.
inline linear::LinearMap random_convolution(std::size_t groups, std::size_t channels, std::size_t outputs, int size,
                                            std::uint64_t seed) {
  linear::LinearMap map;
  map.name = "convolution";
  map.groups = groups;
  map.outputs = outputs;
  map.terms = channels * 9;
  map.positions = static_cast<std::size_t>(size * size);
  map.inputs = groups * channels * map.positions;
  map.weights.resize(groups * outputs, map.terms);
  for (Eigen::Index i = 0; i < map.weights.size(); ++i) {
    map.weights.data()[i] = uniform(seed, 1, static_cast<std::uint32_t>(i), -1, 1);
  }
  for (std::size_t q = 0; q < groups * outputs; ++q)
    map.bias.push_back(uniform(seed, 2, static_cast<std::uint32_t>(q), -1, 1));
  for (int g = 0; g < static_cast<int>(groups); ++g) {
    for (int row = 0; row < size; ++row) {
      for (int column = 0; column < size; ++column) {
        for (int k = 0; k < static_cast<int>(map.terms); ++k) {
          const int channel = g * static_cast<int>(channels) + k / 9, y = row + k % 9 / 3 - 1, x = column + k % 3 - 1;
          const bool inside = y >= 0 && y < size && x >= 0 && x < size;
          map.gather.push_back(inside ? (channel * size + y) * size + x : -1);
        }
      }
    }
  }
  return map;
}

inline support::SignalBlock random_block(const linear::LinearMap& map, std::uint64_t first, std::size_t samples,
                                         std::uint64_t seed, double low = -1, double high = 1) {
  support::SignalBlock block(first, samples, map.inputs);
  for (std::size_t f = 0; f < map.inputs; ++f) {
    for (std::size_t s = 0; s < samples; ++s)
      block.row(f)[s] = uniform(seed, first + s, static_cast<std::uint32_t>(f), low, high);
  }
  return block;
}

/// The definition of LinearMap, term by term.
inline double reference(const linear::LinearMap& map, const support::SignalBlock& x, std::size_t g, std::size_t o,
                        std::size_t p, std::size_t s) {
  double y = map.bias[g * map.outputs + o];
  for (std::size_t k = 0; k < map.terms; ++k) {
    const std::int32_t f = map.gather[(g * map.positions + p) * map.terms + k];
    if (f >= 0) y += map.weights(g * map.outputs + o, k) * x.at(f, s);
  }
  return y;
}

inline double worst_error(const linear::LinearMap& map, const support::SignalBlock& x, const support::SignalBlock& y) {
  double worst = 0, largest = 0;
  for (std::size_t g = 0; g < map.groups; ++g) {
    for (std::size_t o = 0; o < map.outputs; ++o) {
      for (std::size_t p = 0; p < map.positions; ++p) {
        for (std::size_t s = 0; s < x.samples(); ++s) {
          const double wanted = reference(map, x, g, o, p, s);
          const double got = y.at((g * map.outputs + o) * map.positions + p, s);
          largest = std::max(largest, std::abs(wanted));
          worst = std::max(worst, std::isfinite(got) ? std::abs(got - wanted) : 1e300);
        }
      }
    }
  }
  return worst / largest;
}

/// Bit for bit, as far as signs of zero do not count.
inline bool same_values(const support::SignalBlock& a, const support::SignalBlock& b) {
  if (a.features() != b.features() || a.samples() != b.samples()) return false;
  for (std::size_t f = 0; f < a.features(); ++f) {
    if (!std::equal(a.row(f), a.row(f) + a.samples(), b.row(f))) return false;
  }
  return true;
}

class NullSink final : public energy::EnergySink {
 public:
  energy::AccountId open(const energy::AccountInfo&) override { return next_++; }
  void post(energy::AccountId, std::uint64_t, energy::Quanta, std::int64_t) override {}

 private:
  energy::AccountId next_ = 0;
};

inline support::SignalBlock outputs_of(linear::LinearMap map, CrossbarParameters parameters,
                                       const support::SignalBlock& x, std::uint64_t seed = 1,
                                       double input_full_scale = 1.0) {
  CrossbarStage stage(std::move(map), std::move(parameters), input_full_scale, seed, "test/layer");
  NullSink sink;
  stage.open_accounts("test/layer", sink);
  return stage.forward(x, sink);
}

}  // namespace szilard::electronic::testing
