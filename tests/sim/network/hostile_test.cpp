// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <onnx/onnx_pb.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <iterator>

#include "models/support/philox.hpp"
#include "tests/sim/network/model_builder.hpp"

using namespace szilard::network;
using namespace szilard::network::test;
using szilard::support::InputError;

namespace {

std::string digits_model() {
  std::ifstream in(SZILARD_SOURCE_DIR "/scenarios/data/digits_mlp_64_32_10.onnx", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// True if it is a network, false if it is refused; anything else fails the test.
bool survives(const std::string& bytes) {
  try {
    const Network net = parse_onnx(bytes, "hostile.onnx");
    REQUIRE(net.output < net.values.size());
    return true;
  } catch (const InputError& error) {
    REQUIRE(!error.diagnostics().empty());
    return false;
  }
}

}  // namespace

TEST_CASE("a model cut short anywhere is refused") {
  const std::string whole = digits_model();
  REQUIRE(whole.size() > 10000);
  std::size_t accepted = 0;
  // Every length near both ends, where the structure is; a step of 7 through the weights.
  for (std::size_t length = 0; length < whole.size(); length += length < 700 || length + 700 > whole.size() ? 1 : 7) {
    accepted += survives(whole.substr(0, length)) ? 1 : 0;
  }
  CHECK(accepted == 0);
}

TEST_CASE("a model with any one byte changed is read or refused, never worse") {
  const std::string whole = digits_model();
  const std::uint64_t seed = 20240117;
  INFO("seed " << seed);
  const szilard::support::RandomStream random(seed, 1);
  std::size_t accepted = 0, refused = 0;
  for (std::size_t offset = 0; offset < whole.size(); ++offset) {
    std::string changed = whole;
    changed[offset] = static_cast<char>(changed[offset] ^ static_cast<int>(1 + random.uniform(offset, 0) * 255));
    ++(survives(changed) ? accepted : refused);
  }
  CHECK(accepted > whole.size() / 2);  // most bytes are weights
  CHECK(refused > 100);
}

TEST_CASE("a model of countless empty parts is refused before they are built") {
  // Two bytes for each empty node: protobuf would take some hundred each.
  std::string nodes;
  for (int i = 0; i < 2000000; ++i) nodes += std::string("\x0a\x00", 2);
  std::string bytes = "\x3a";
  for (std::size_t length = nodes.size(); length > 0; length >>= 7)
    bytes += static_cast<char>((length & 127) | (length > 127 ? 128 : 0));
  const szilard::support::Diagnostic diagnostic = refusal(bytes + nodes);
  CHECK(diagnostic.code == szilard::support::DiagnosticCode::file_too_large);
}

TEST_CASE("a long chain of re-orderings with a constant after each takes time in proportion") {
  ModelBuilder model;
  model.input("x", {kBatch, 2, 2}).reals("c", {2, 2}, {1, 2, 3, 4}).output("y");
  std::string last = "x";
  const int length = 3000;
  for (int i = 0; i < length; ++i) {
    const std::string turned = "t" + std::to_string(i), shifted = i + 1 == length ? "y" : "a" + std::to_string(i);
    model.node("Transpose", {last}, {turned}).integers("perm", {0, 2, 1});
    model.node("Add", {turned, "c"}, {shifted});
    last = shifted;
  }
  const auto start = std::chrono::steady_clock::now();
  const Network net = parse_onnx(model.bytes(), "m");
  CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 5);
  // Each pair of turns adds c and its transpose.
  const std::vector<double> y = run(net, std::vector<double>{0, 0, 0, 0});
  CHECK(difference(y, {length * 1.0, length * 2.5, length * 2.5, length * 4.0}) < length);
  CHECK(y[0] == length);
  CHECK(y[3] == 4 * length);
}

TEST_CASE("a small model cannot ask for much memory by sharing one constant among many nodes") {
  ModelBuilder model;
  std::vector<double> weights(1 << 16, 0.5);
  model.input("x", {kBatch, 256}).reals("w", {256, 256}, weights).output("y");
  std::string last = "x";
  for (int i = 0; i < 3000; ++i) {
    const std::string next = i == 2999 ? "y" : "h" + std::to_string(i);
    model.node("MatMul", {last, "w"}, {next});
    last = next;
  }
  CHECK(refusal(model).code == szilard::support::DiagnosticCode::file_too_large);
}
