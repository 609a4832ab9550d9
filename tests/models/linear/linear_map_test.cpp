// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/linear_map.hpp"

#include <catch2/catch.hpp>

using namespace szilard::linear;

namespace {

LinearMap small_convolution() {
  LinearMap map;
  map.name = "conv";
  map.inputs = 4;
  map.groups = 2;
  map.outputs = 1;
  map.terms = 2;
  map.positions = 3;
  map.weights = RowMatrix::Ones(2, 2);
  map.bias = {0.5, -0.5};
  map.gather = {-1, 0, 0, 1, 1, -1, -1, 2, 2, 3, 3, -1};
  return map;
}

void refuse(void (*spoil)(LinearMap&)) {
  LinearMap map = small_convolution();
  spoil(map);
  CHECK_THROWS_AS(map.check(), std::logic_error);
}

}  // namespace

TEST_CASE("a dense map reads its inputs in order at one position", "[linear][fast]") {
  const LinearMap map = dense_map("fc1", RowMatrix::Ones(3, 5), {1, 2, 3});
  CHECK(map.is_dense());
  CHECK(map.inputs == 5);
  CHECK(map.total_outputs() == 3);
  CHECK(map.macs() == 15);
  CHECK(map.parameters() == 18);
  CHECK(map.gather == std::vector<std::int32_t>{0, 1, 2, 3, 4});
}

TEST_CASE("a map of groups and positions counts each product", "[linear][fast]") {
  const LinearMap map = small_convolution();
  CHECK_NOTHROW(map.check());
  CHECK_FALSE(map.is_dense());
  CHECK(map.total_outputs() == 6);
  CHECK(map.macs() == 12);
  CHECK(map.parameters() == 6);
}

TEST_CASE("maps whose sizes do not fit are refused", "[linear][bad]") {
  refuse([](LinearMap& map) { map.groups = 0; });
  refuse([](LinearMap& map) { map.outputs = 2; });
  refuse([](LinearMap& map) { map.terms = 3; });
  refuse([](LinearMap& map) { map.positions = 0; });
  refuse([](LinearMap& map) { map.positions = 4; });
  refuse([](LinearMap& map) { map.bias.pop_back(); });
  refuse([](LinearMap& map) { map.gather.push_back(0); });
  CHECK_THROWS_AS(dense_map("fc", RowMatrix::Ones(3, 5), {1, 2}), std::logic_error);
}

TEST_CASE("gather indices outside the inputs are refused, -1 is not", "[linear][bad]") {
  refuse([](LinearMap& map) { map.gather[3] = 4; });
  refuse([](LinearMap& map) { map.gather[3] = -2; });
  refuse([](LinearMap& map) { map.inputs = 3; });
}
