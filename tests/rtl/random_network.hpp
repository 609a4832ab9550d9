// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "models/support/philox.hpp"
#include "rtl/golden/integer_network.hpp"

namespace szilard::rtl::testing {

/// Random integers from one Philox stream, one after another.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : stream_(seed, 17) {}
  int integer(int lowest, int highest) {
    const double u = stream_.uniform(0, next_++);
    return static_cast<int>(lowest + std::floor(u * (double(highest) - lowest + 1)));
  }
  std::vector<std::int8_t> codes(std::size_t count, int lowest = -127, int highest = 127) {
    std::vector<std::int8_t> out(count);
    for (auto& v : out) v = static_cast<std::int8_t>(integer(lowest, highest));
    return out;
  }

 private:
  support::RandomStream stream_;
  std::uint32_t next_ = 0;
};

inline void fill(IntegerLayer& layer, Dice& dice) {
  layer.weights = dice.codes(layer.groups * layer.outputs * layer.terms);
  layer.bias.resize(layer.groups * layer.outputs);
  for (auto& b : layer.bias) b = dice.integer(-20000, 20000);
  layer.multiplier = dice.integer(1, 32767);
  // brings sums of `terms` random products near the range of a code
  int bits = 0;
  while ((std::int64_t{1} << bits) <
         static_cast<std::int64_t>(layer.multiplier) * 60 * static_cast<std::int64_t>(layer.terms + 8)) {
    ++bits;
  }
  layer.shift = bits < 1 ? 1 : bits > 31 ? 31 : bits;
}

inline IntegerLayer dense(std::size_t inputs, std::size_t outputs, Dice& dice) {
  IntegerLayer layer;
  layer.name = "dense" + std::to_string(inputs) + "x" + std::to_string(outputs);
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.terms = inputs;
  for (std::size_t k = 0; k < inputs; ++k) layer.gather.push_back(static_cast<std::int32_t>(k));
  layer.relu = dice.integer(0, 1) == 1;
  fill(layer, dice);
  return layer;
}

struct ConvolutionShape {
  int channels = 1, side = 8, kernel = 3, padding = 1, stride = 1, outputs = 4, groups = 1;
  int out_side() const { return (side + 2 * padding - kernel) / stride + 1; }
};

inline IntegerLayer convolution(const ConvolutionShape& shape, Dice& dice) {
  IntegerLayer layer;
  layer.name = "convolution";
  layer.inputs = static_cast<std::size_t>(shape.channels * shape.side * shape.side);
  layer.groups = static_cast<std::size_t>(shape.groups);
  layer.outputs = static_cast<std::size_t>(shape.outputs / shape.groups);
  const int channels = shape.channels / shape.groups;
  layer.terms = static_cast<std::size_t>(channels * shape.kernel * shape.kernel);
  layer.positions = static_cast<std::size_t>(shape.out_side() * shape.out_side());
  for (int g = 0; g < shape.groups; ++g) {
    for (int py = 0; py < shape.out_side(); ++py) {
      for (int px = 0; px < shape.out_side(); ++px) {
        for (int c = 0; c < channels; ++c) {
          for (int ky = 0; ky < shape.kernel; ++ky) {
            for (int kx = 0; kx < shape.kernel; ++kx) {
              const int y = py * shape.stride + ky - shape.padding, x = px * shape.stride + kx - shape.padding;
              const bool inside = y >= 0 && y < shape.side && x >= 0 && x < shape.side;
              layer.gather.push_back(inside ? ((g * channels + c) * shape.side + y) * shape.side + x : -1);
            }
          }
        }
      }
    }
  }
  layer.relu = dice.integer(0, 1) == 1;
  fill(layer, dice);
  return layer;
}

/// Max pool of `window` x `window` with `stride` over the layer's square feature maps; the last rows may be left over.
inline void add_pool(IntegerLayer& layer, int side, int window, int stride) {
  layer.pool_window = static_cast<std::size_t>(window * window);
  const int out_side = (side - window) / stride + 1;
  for (int channel = 0; channel < static_cast<int>(layer.groups * layer.outputs); ++channel) {
    for (int py = 0; py < out_side; ++py) {
      for (int px = 0; px < out_side; ++px) {
        for (int ky = 0; ky < window; ++ky) {
          for (int kx = 0; kx < window; ++kx) {
            layer.pool_indices.push_back((channel * side + py * stride + ky) * side + px * stride + kx);
          }
        }
      }
    }
  }
}

}  // namespace szilard::rtl::testing
