// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/cosim/run.hpp"
#include "sim/scenario/statistical.hpp"
#include "sim/statistical/estimator.hpp"

/// What can be drawn of a layer. Internal to this folder.
namespace szilard::statistical {

/// Outputs first .. first + count - 1 of a layer.
struct Block {
  std::size_t first = 0, count = 0;
};

/// A layer as it is cut for one platform.
struct Cut {
  std::size_t full_blocks = 0, width = 0, rest = 0;
  bool is_whole() const { return full_blocks + (rest > 0) <= 2; }
};

/// What one draw simulates: samples as indices of the data set, ascending, whole batches and then the shorter last one.
struct Draw {
  std::size_t number = 0;
  std::vector<std::size_t> samples;
  std::size_t last_batch = 0;  ///< how many of them are of the shorter last batch
  Block first, second;         ///< blocks a and b; second is empty for layers simulated whole
};

/// A part of a layer as a workload of its own, and what its platform needs to be the layer's.
struct Part {
  cosim::Workload workload;
  std::uint64_t seed = 0;  ///< of devices and noise
  bool has_input_converter = true;
};

struct LayerShape {
  std::string name;
  std::size_t inputs = 0, outputs = 0, positions = 1;  ///< of one product
  std::size_t count = 1, parallel = 1;
  bool can_be_cut = true;
  bool has_relu = false;
  double weights = 0;  ///< and biases, of one
};

/// Values of a layer's neurons on the platform beside the reference's.
using DonorPairs = std::vector<std::pair<double, double>>;

class Population {
 public:
  virtual ~Population() = default;
  const std::vector<LayerShape>& layers() const { return layers_; }
  /// Samples it is for; 0: drawn anew each time.
  virtual std::size_t samples() const = 0;
  /// Figures of every sample that regression knows: (samples) x (figures); empty: none.
  virtual Eigen::MatrixXd auxiliary(std::size_t layer) const = 0;
  /// The layer's outputs in `blocks` for the samples of a draw. `donors` are those of the layer before; empty: none.
  virtual Part part(std::size_t layer, const std::vector<Block>& blocks, const Draw& draw, std::uint64_t seed,
                    const DonorPairs& donors) const = 0;
  /// The reference's values of what part() gives: [sample][output], as the platform's outputs; empty: not known.
  virtual std::vector<double> reference(std::size_t layer, const std::vector<Block>& blocks,
                                        const Draw& draw) const = 0;

 protected:
  std::vector<LayerShape> layers_;
};

/// `workload` must outlive it.
std::unique_ptr<Population> make_network_population(const scenario::Scenario& scenario,
                                                    const cosim::Workload& workload);
std::unique_ptr<Population> make_drawn_population(const scenario::Scenario& scenario);

/// A workload of one layer; `inputs` are its samples, row by row.
cosim::Workload workload_of(mapping::Layer layer, bool goes_on, std::vector<double> inputs, std::size_t samples,
                            mapping::LayerRange range, std::size_t entries);

}  // namespace szilard::statistical
