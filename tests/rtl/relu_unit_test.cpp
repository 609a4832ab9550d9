// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/relu_unit/relu_unit.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "rtl/baseline.hpp"

using namespace szilard::rtl;

namespace {

std::uint64_t changed_bits(std::uint16_t a, std::uint16_t b) {
  std::uint64_t bits = 0;
  for (unsigned change = a ^ b; change; change >>= 1) bits += change & 1;
  return bits;
}

}  // namespace

TEST_CASE("the ReLU unit is max(code, 0) for every code and lane count, and counts its toggles", "[rtl][relu]") {
  std::vector<std::int16_t> codes(65536);
  for (int i = 0; i < 65536; ++i)
    codes[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(std::int64_t(i) * 40503 - 32768);
  for (const int lanes : relu_unit_lanes()) {
    INFO("lanes " << lanes);
    ReluUnit unit(lanes);
    const ReluActivity before = unit.activity();
    std::vector<std::int16_t> out(codes.size(), -1);
    unit.run(codes.data(), codes.size(), out.data());
    const ReluActivity activity = unit.activity() - before;
    std::uint64_t toggles = 2;  // the valid bit rises once and falls once
    for (std::size_t i = 0; i < codes.size(); ++i) {
      REQUIRE(out[i] == (codes[i] > 0 ? codes[i] : 0));
      const std::int16_t last =
          i < static_cast<std::size_t>(lanes) ? std::int16_t{0} : out[i - static_cast<std::size_t>(lanes)];
      toggles += changed_bits(static_cast<std::uint16_t>(out[i]), static_cast<std::uint16_t>(last));
    }
    CHECK(activity.bits_toggled == toggles);
    CHECK(activity.cycles == unit.cycles(codes.size()));
    CHECK(activity.bits_written == 65536 * 16 + activity.cycles);
    CHECK(unit.register_bits() == static_cast<std::uint64_t>(lanes) * 16 + 1);
  }
}

TEST_CASE("the ReLU unit takes any number of codes", "[rtl][relu]") {
  ReluUnit unit(8);
  const std::int16_t codes[11] = {-1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6};
  for (std::size_t count = 0; count <= 11; ++count) {
    std::int16_t out[12] = {};
    out[count] = 99;
    const ReluActivity before = unit.activity();
    unit.run(codes, count, out);
    for (std::size_t i = 0; i < count; ++i) CHECK(out[i] == (codes[i] > 0 ? codes[i] : 0));
    CHECK(out[count] == 99);
    if (count > 0) CHECK((unit.activity() - before).cycles == (count + 7) / 8 + 1);
  }
}

TEST_CASE("a ReLU unit that was not built is refused with the list of those that were", "[rtl][relu][bad]") {
  CHECK_THROWS_WITH(ReluUnit(7), Catch::Contains("7 lanes") && Catch::Contains("8, 16, 32"));
  CHECK_THROWS_AS(ReluUnit(0), std::invalid_argument);
  CHECK_THROWS_AS(ReluUnit(-8), std::invalid_argument);
}
