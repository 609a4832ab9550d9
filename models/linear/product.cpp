// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/product.hpp"

#include <stdexcept>

#include "models/linear/product_kernel.hpp"
#include "models/support/instruction_set.hpp"
#include "models/support/signal_block.hpp"

namespace szilard::linear {
namespace {

const ProductKernels& kernels() {
  static const ProductKernels chosen = [] {
    switch (support::instruction_set()) {
      case support::InstructionSet::v2:
        return product_kernels_v2();
      case support::InstructionSet::v3:
        return product_kernels_v3();
      case support::InstructionSet::v4:
        return product_kernels_v4();
    }
    throw std::logic_error("instruction set without kernels");
  }();
  return chosen;
}

void check_lanes(std::size_t lanes) {
  if (lanes % support::kSignalLanes != 0) throw std::logic_error("product: lanes must be a multiple of 8");
}

}  // namespace

void product(const double* weights, std::size_t weight_stride, const double* start, const double* const* x,
             std::size_t outputs, std::size_t terms, std::size_t lanes, double* const* out) {
  check_lanes(lanes);
  kernels().of_double(weights, weight_stride, start, x, outputs, terms, lanes, out);
}

void product(const float* weights, std::size_t weight_stride, const float* start, const float* const* x,
             std::size_t outputs, std::size_t terms, std::size_t lanes, float* const* out) {
  check_lanes(lanes);
  kernels().of_float(weights, weight_stride, start, x, outputs, terms, lanes, out);
}

std::string_view instruction_set() { return support::instruction_set_name(support::instruction_set()); }

}  // namespace szilard::linear
