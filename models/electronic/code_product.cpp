// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/code_product.hpp"

#include <cmath>

#include "models/electronic/code_product_kernel.hpp"
#include "models/support/instruction_set.hpp"

namespace szilard::electronic {
namespace {

constexpr double kHighest = 32639;  // 127 x 256 + 127

}  // namespace

CodeWeights::CodeWeights(const linear::RowMatrix& weights)
    : terms_(static_cast<std::size_t>(weights.cols())),
      quads_((terms_ + 3) / 4),
      scales_(static_cast<std::size_t>(weights.rows())),
      sums_(scales_.size()),
      integers_(scales_.size() * terms_),
      high_(scales_.size() * 4 * quads_),
      low_(high_.size()) {
  for (std::size_t q = 0; q < scales_.size(); ++q) {
    const double largest = weights.row(static_cast<Eigen::Index>(q)).cwiseAbs().maxCoeff();
    scales_[q] = largest > 0 ? largest / kHighest : 1.0;
    for (std::size_t k = 0; k < terms_; ++k) {
      const double integer = std::round(weights(q, k) / scales_[q]);
      const double high = std::floor((integer + 128) / 256);
      integers_[q * terms_ + k] = integer;
      sums_[q] += integer;
      high_[q * 4 * quads_ + k] = static_cast<std::int8_t>(high);
      low_[q * 4 * quads_ + k] = static_cast<std::int8_t>(integer - 256 * high);
    }
  }
}

bool has_code_product() {
  return support::instruction_set() == support::InstructionSet::v4 && __builtin_cpu_supports("avx512vnni");
}

void code_product(const CodeWeights& weights, std::size_t first, std::size_t outputs, const std::uint8_t* const* codes,
                  int zero_code, std::size_t lanes, std::uint8_t* panel, double* const* out) {
  for (std::size_t lane = 0; lane < lanes; lane += kCodeLanes) {
    interleave_codes(codes, weights.quads(), lane, panel);
    std::size_t o = 0;
    for (; o + kTileOutputs <= outputs; o += kTileOutputs) {
      multiply_codes(weights.high(first + o), weights.low(first + o), weights.quads(), kTileOutputs, panel, lane,
                     out + o);
    }
    if (o < outputs) {
      multiply_codes(weights.high(first + o), weights.low(first + o), weights.quads(), outputs - o, panel, lane,
                     out + o);
    }
  }
  if (zero_code == 0) return;
  for (std::size_t o = 0; o < outputs; ++o) {
    const double shift = weights.sum(first + o) * zero_code;
    for (std::size_t s = 0; s < lanes; ++s) out[o][s] -= shift;
  }
}

}  // namespace szilard::electronic
