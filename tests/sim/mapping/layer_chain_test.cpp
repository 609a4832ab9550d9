// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping/layer_chain.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "models/linear/apply.hpp"
#include "models/support/philox.hpp"
#include "tests/sim/mapping/network_builder.hpp"

using namespace szilard;
using network::NodeKind;
using test::NetworkBuilder;

namespace {

linear::RowMatrix random_matrix(int rows, int columns, std::uint32_t stream) {
  const support::RandomStream random(11, stream);
  linear::RowMatrix m(rows, columns);
  for (Eigen::Index i = 0; i < m.size(); ++i) m.data()[i] = random.gaussian(0, std::uint32_t(i));
  return m;
}

support::SignalBlock random_block(std::size_t features, std::size_t samples) {
  const support::RandomStream random(12, 0);
  support::SignalBlock block(0, samples, features);
  for (std::size_t i = 0; i < features; ++i)
    for (std::size_t s = 0; s < samples; ++s) block.row(i)[s] = random.gaussian(s, std::uint32_t(i));
  return block;
}

/// What hardware would compute, layer by layer, must be what the network's own evaluation gives.
void chain_computes_the_network(const network::Network& network) {
  const mapping::LayerChain chain = mapping::make_chain(network);
  const support::SignalBlock input = random_block(network.values[network.inputs[0]].size, 9);
  support::SignalBlock x = input;
  for (const mapping::Layer& layer : chain.layers) {
    layer.map.check();
    REQUIRE(layer.map.inputs == x.features());
    support::SignalBlock y = x.sibling(layer.map.total_outputs());
    linear::apply(layer.map, x, y);
    x = layer.activate(y);
    if (layer.pool_after.window) x = layer.pool_after.apply(x);
  }
  const support::SignalBlock expected = network::evaluate(network, {input}, {network.output}).front();
  for (std::size_t i = 0; i < expected.features(); ++i)
    for (std::size_t s = 0; s < 9; ++s)
      CHECK(x.at(chain.output_indices.empty() ? i : std::size_t(chain.output_indices[i]), s) ==
            Approx(expected.at(i, s)).margin(1e-13));
}

std::string refusal(const network::Network& network) {
  try {
    mapping::make_chain(network);
  } catch (const support::InputError& error) {
    CHECK(error.diagnostics().front().code == support::DiagnosticCode::unsupported_network);
    return error.what();
  }
  FAIL("accepted");
  return {};
}

}  // namespace

TEST_CASE("a dense chain computes what the network computes", "[mapping]") {
  chain_computes_the_network(NetworkBuilder(6)
                                 .dense(random_matrix(5, 6, 1), {.1, .2, .3, .4, .5})
                                 .elementwise(NodeKind::relu, "Relu")
                                 .dense(random_matrix(3, 5, 2), {0, 1, 2})
                                 .build());
}

TEST_CASE("rearrangements fold into the next layer's gather", "[mapping]") {
  const network::Network network = NetworkBuilder(6)
                                       .rearrange({5, 4, 3, 2, 1, 0})
                                       .dense(random_matrix(4, 6, 3), {1, 2, 3, 4})
                                       .rearrange({3, 1, 0, 2})
                                       .elementwise(NodeKind::relu, "Relu")
                                       .rearrange({1, -1, 0, 2, 3, -1})
                                       .dense(random_matrix(2, 6, 4), {0, 0})
                                       .build();
  chain_computes_the_network(network);
  CHECK(mapping::make_chain(network).layers.size() == 2);
}

TEST_CASE("a pool after the ReLU comes after the neurons, one before it comes before", "[mapping]") {
  const std::vector<std::int32_t> windows = {0, 1, 2, 3, 4, 5};
  const network::Network after = NetworkBuilder(4)
                                     .dense(random_matrix(6, 4, 5), {0, 0, 0, 0, 0, 0})
                                     .elementwise(NodeKind::relu, "Relu")
                                     .max_pool(2, windows)
                                     .dense(random_matrix(2, 3, 6), {0, 0})
                                     .build();
  const network::Network before = NetworkBuilder(4)
                                      .dense(random_matrix(6, 4, 5), {0, 0, 0, 0, 0, 0})
                                      .max_pool(2, windows)
                                      .elementwise(NodeKind::relu, "Relu")
                                      .dense(random_matrix(2, 3, 6), {0, 0})
                                      .build();
  chain_computes_the_network(after);
  chain_computes_the_network(before);
  CHECK(mapping::make_chain(after).neurons() == 6);
  CHECK(mapping::make_chain(before).neurons() == 3);
}

TEST_CASE("a pool of a pool is one larger window", "[mapping]") {
  const network::Network network = NetworkBuilder(4)
                                       .dense(random_matrix(8, 4, 7), std::vector<double>(8, .5))
                                       .elementwise(NodeKind::relu, "Relu")
                                       .max_pool(2, {0, 1, 2, 3, 4, 5, 6, 7})
                                       .max_pool(2, {0, 1, 2, 3})
                                       .dense(random_matrix(2, 2, 8), {0, 0})
                                       .build();
  chain_computes_the_network(network);
  CHECK(mapping::make_chain(network).layers[0].pool_after.window == 4);
}

TEST_CASE("padding zeros drop out of a pool over ReLU outputs", "[mapping]") {
  chain_computes_the_network(NetworkBuilder(4)
                                 .dense(random_matrix(4, 4, 9), {0, 0, 0, 0})
                                 .elementwise(NodeKind::relu, "Relu")
                                 .rearrange({-1, 0, 1, 2, 3, -1})
                                 .max_pool(2, {0, 1, 2, 3, 4, 5})
                                 .dense(random_matrix(2, 3, 10), {0, 0})
                                 .build());
}

TEST_CASE("a final Softmax is left out, a rearranged output keeps its order", "[mapping]") {
  const mapping::LayerChain chain = mapping::make_chain(NetworkBuilder(3)
                                                            .dense(random_matrix(3, 3, 11), {0, 0, 0})
                                                            .rearrange({2, 0, 1})
                                                            .elementwise(NodeKind::softmax, "Softmax")
                                                            .build());
  CHECK(chain.softmax_dropped);
  CHECK(chain.output_indices == std::vector<std::int32_t>{2, 0, 1});
}

TEST_CASE("activations that a bit neuron cannot be are refused by name", "[mapping][bad]") {
  const auto with = [](NodeKind kind, const std::string& name) {
    return NetworkBuilder(3)
        .dense(random_matrix(3, 3, 12), {0, 0, 0})
        .elementwise(kind, name)
        .dense(random_matrix(2, 3, 13), {0, 0})
        .build();
  };
  CHECK(refusal(with(NodeKind::leaky_relu, "LeakyRelu")).find("LeakyRelu") != std::string::npos);
  CHECK(refusal(with(NodeKind::sigmoid, "Sigmoid")).find("Sigmoid") != std::string::npos);
  CHECK(refusal(with(NodeKind::tanh, "Tanh")).find("Tanh") != std::string::npos);
  CHECK(refusal(with(NodeKind::softmax, "Softmax")).find("Softmax") != std::string::npos);
  network::Network clip = with(NodeKind::clip, "Clip");
  clip.nodes[1].maximum = 6;
  CHECK(refusal(clip).find("Clip") != std::string::npos);
  clip.nodes[1].maximum = std::numeric_limits<double>::infinity();
  CHECK(mapping::make_chain(clip).layers[0].activation == mapping::Activation::relu);
}

TEST_CASE("networks that are no chain are refused, naming the node", "[mapping][bad]") {
  network::Network branch =
      NetworkBuilder(3).dense(random_matrix(3, 3, 14), {0, 0, 0}).elementwise(NodeKind::relu, "Relu").build();
  branch.nodes[1].kind = NodeKind::add;
  branch.nodes[1].operator_name = "Add";
  CHECK(refusal(branch).find("Add") != std::string::npos);
  network::Network two = NetworkBuilder(3).dense(random_matrix(3, 3, 15), {0, 0, 0}).build();
  two.inputs.push_back(0);
  CHECK(refusal(two).find("2 inputs") != std::string::npos);
  CHECK(refusal(NetworkBuilder(3).elementwise(NodeKind::relu, "Relu").build()).find("before the first linear layer") !=
        std::string::npos);
  CHECK(refusal(NetworkBuilder(3).rearrange({0, 1}).build()).find("no linear layer") != std::string::npos);
  CHECK(
      refusal(
          NetworkBuilder(2).dense(random_matrix(2, 2, 16), {0, 0}).rearrange({-1, 0, 1}).max_pool(3, {0, 1, 2}).build())
          .find("padding") != std::string::npos);
}
