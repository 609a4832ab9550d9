// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/joint_entropy.hpp"

#include <algorithm>
#include <cmath>

namespace szilard::energy {
namespace {

// A pair costs its words and about as much again as 200 words for the logarithms; the limit is about a second.
constexpr double kPairOverheadWords = 200;
constexpr double kLimitWords = 1.2e9;
constexpr double kForestErrorRate = 1e-3;

struct Node {
  std::size_t layer = 0;
  const std::uint64_t* words = nullptr;
  std::uint64_t active = 0;
};

std::uint64_t both_portable(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  std::uint64_t count = 0;
  for (std::size_t w = 0; w < words; ++w) count += __builtin_popcountll(a[w] & b[w]);
  return count;
}

#if defined(__x86_64__)
__attribute__((target("popcnt"))) std::uint64_t both_popcnt(const std::uint64_t* a, const std::uint64_t* b,
                                                            std::size_t words) {
  std::uint64_t count = 0;
  for (std::size_t w = 0; w < words; ++w) count += __builtin_popcountll(a[w] & b[w]);
  return count;
}
#endif

using CountBoth = std::uint64_t (*)(const std::uint64_t*, const std::uint64_t*, std::size_t);

CountBoth choose_count() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return both_popcnt;
#endif
  return both_portable;
}

/// Plug-in mutual information of two bits from counts, less its Miller-Madow bias; 0 where it is not significant.
double mutual_information_nat(std::uint64_t a, std::uint64_t b, std::uint64_t both, double samples, double least_nat) {
  const double cells[2][2] = {{samples - static_cast<double>(a) - static_cast<double>(b) + static_cast<double>(both),
                               static_cast<double>(b) - static_cast<double>(both)},
                              {static_cast<double>(a) - static_cast<double>(both), static_cast<double>(both)}};
  const double rows[2] = {samples - static_cast<double>(a), static_cast<double>(a)};
  const double columns[2] = {samples - static_cast<double>(b), static_cast<double>(b)};
  double sum = 0;
  int occupied = 0;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      if (cells[i][j] <= 0) continue;
      ++occupied;
      sum += cells[i][j] * std::log(cells[i][j] * samples / (rows[i] * columns[j]));
    }
  }
  const double plug_in = sum / samples;
  if (!(plug_in > least_nat)) return 0;
  // Bias of the plug-in entropies is -(K - 1) / 2N each, with K occupied cells: both marginals have two here.
  const double corrected = plug_in + (1 + 1 - (occupied - 1)) / (2 * samples);
  return std::max(corrected, 0.0);
}

std::vector<Node> nodes_that_vary(const std::vector<const ActivityTrace*>& layers) {
  std::vector<Node> nodes;
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    for (std::size_t i = 0; i < layers[layer]->neurons(); ++i) {
      const std::uint64_t active = layers[layer]->active(i);
      if (active > 0 && active < layers[layer]->samples()) nodes.push_back({layer, layers[layer]->words(i), active});
    }
  }
  return nodes;
}

double pair_count(const std::vector<Node>& nodes, std::size_t layers, bool across) {
  std::vector<double> sizes(layers, 0);
  for (const Node& node : nodes) sizes[node.layer] += 1;
  double pairs = 0;
  for (std::size_t l = 0; l < layers; ++l) {
    pairs += sizes[l] * (sizes[l] - 1) / 2;
    if (across && l + 1 < layers) pairs += sizes[l] * sizes[l + 1];
  }
  return pairs;
}

}  // namespace

TreeInformation tree_information(const std::vector<const ActivityTrace*>& layers) {
  const std::string estimator = "Chow-Liu forest over pairs of neurons, Miller-Madow corrected";
  if (layers.empty()) return {0.0, estimator};
  const std::vector<Node> nodes = nodes_that_vary(layers);
  const std::size_t words = layers.front()->words_per_neuron();
  const auto samples = static_cast<double>(layers.front()->samples());

  const double pair_limit = kLimitWords / (static_cast<double>(words) + kPairOverheadWords);
  bool across = true;
  double pairs = pair_count(nodes, layers.size(), across);
  if (pairs > pair_limit) {
    across = false;
    pairs = pair_count(nodes, layers.size(), across);
  }
  if (pairs > pair_limit) return {std::nullopt, "too many pairs of neurons for the estimate of their joint entropy"};

  // 2 N I of independent bits is chi-squared with one degree of freedom, P(> x) < exp(-x / 2).
  const double least_nat = std::log(std::max(pairs, 1.0) / kForestErrorRate) / samples;
  const CountBoth count_both = choose_count();

  // Prim's algorithm over all pairs, each looked at once; trees of layers without any dependence fall apart by
  // themselves, because edges of weight 0 add nothing.
  std::vector<double> best(nodes.size(), 0);
  std::vector<bool> taken(nodes.size(), false);
  double information = 0;
  std::size_t next = 0;
  for (std::size_t step = 0; step < nodes.size(); ++step) {
    taken[next] = true;
    information += best[next];
    const Node& node = nodes[next];
    std::size_t nearest = nodes.size();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (taken[i]) continue;
      const std::size_t distance =
          nodes[i].layer > node.layer ? nodes[i].layer - node.layer : node.layer - nodes[i].layer;
      if (distance <= (across ? 1 : 0)) {
        const std::uint64_t both = count_both(node.words, nodes[i].words, words);
        best[i] = std::max(best[i], mutual_information_nat(node.active, nodes[i].active, both, samples, least_nat));
      }
      if (nearest == nodes.size() || best[i] > best[nearest]) nearest = i;
    }
    next = nearest;
  }
  return {information, estimator + (across ? ", within layers and between successive ones" : ", within layers")};
}

}  // namespace szilard::energy
