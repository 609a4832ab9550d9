// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rtl/gate_meter.hpp"
#include "rtl/golden/bfloat_network.hpp"
#include "rtl/golden/integer_network.hpp"
#include "rtl/systolic_int8/activity_counts.hpp"
#include "rtl/systolic_int8/array_model.hpp"

namespace szilard::rtl {

/// What one layer did for one sample.
struct LayerRun {
  std::vector<std::int32_t>
      outputs;  ///< before pooling, from the RTL's result port; order of LayerShape; floating ones as bits
  std::vector<std::int32_t>
      delivered;  ///< after pooling, as the RTL wrote it to its result memory (last layer: the port)
  ActivityCounts activity;
};

/// A batch: samples[s][layer].
struct BatchResult {
  std::vector<std::vector<LayerRun>> samples;
  std::uint64_t cycles = 0;  ///< clocks of the whole batch; equals the sum over samples and layers
};

/// A verilated baseline (a core behind the stream interface, rtl/stream/stream_accelerator.sv) with the host that feeds
/// it: places weights and biases, gathers activation vectors (im2col; -1 reads 0), cuts layers into operations that fit
/// the memories, and puts results in order. All arithmetic is the RTL's.
///
/// Attribution of clocks and activity: a clock in which a vector enters the array belongs to the sample of that vector;
/// clocks in which weights are loaded and no vector enters, and writes before the first vector, belong to the batch's
/// first sample; draining belongs to the last sample of its operation.
///
/// Weights stay in the weight memory where the whole network fits; otherwise they are written anew for every batch,
/// and those clocks and accesses are part of the batch. The host is a DMA engine that holds what it moves: each result
/// word is read once, each activation word written once per use of its layer; its own energy is left out.
class SystolicAccelerator {
 public:
  /// Called for every clock: absolute sample index, layer, activity of that clock.
  using Observer = std::function<void(std::uint64_t sample, std::size_t layer, const ActivityCounts& activity)>;

  /// Throws std::invalid_argument listing the built sizes if this one was not built.
  SystolicAccelerator(int rows, int columns, const std::string& baseline = "systolic_int8");
  ~SystolicAccelerator();
  SystolicAccelerator(SystolicAccelerator&&) noexcept;
  SystolicAccelerator& operator=(SystolicAccelerator&&) noexcept;

  /// Validates the network (std::invalid_argument names the layer) and writes weights and biases that fit.
  void load(const IntegerNetwork& network);
  void load(const BfloatNetwork& network);
  /// The writes of load().
  const ActivityCounts& load_activity() const;
  bool weights_resident() const;

  /// Runs `count` samples through all layers, layer by layer, so that weights are loaded once a batch.
  void run_batch(const std::int8_t* const* inputs, std::size_t count, BatchResult& out);
  /// 16-bit floating point inputs, as bits.
  void run_batch(const std::uint16_t* const* inputs, std::size_t count, BatchResult& out);
  std::uint64_t samples_run() const;
  /// Clocks that a batch of `count` samples takes. (What run_batch() reports is counted.) Those of systolic_int8 do not
  /// depend on the data; of other baselines this is an estimate for the pace of a source: each beat one clock.
  std::uint64_t batch_cycles(std::size_t count) const;

  /// For tests: one result moves by one least significant bit in RTL, downwards where it is 127. `index` as in
  /// LayerRun::outputs, `sample` counted from load(). A later call replaces an earlier one.
  void inject_fault(std::size_t layer, std::uint64_t sample, std::size_t index);
  void set_observer(Observer observer);
  /// Meters the logic gate by gate from the next batch on; the meter must outlive the runs. Look-ups for its
  /// constructor.
  void set_meter(GateMeter* meter);
  std::optional<SignalView> find_signal(const std::string& name) const;
  std::vector<std::string> signal_names() const;
  /// Called before every rising edge of a batch from the next one on; null: nobody.
  void set_watcher(ClockMeter* watcher);

  const ArrayGeometry& geometry() const;
  std::size_t inputs() const;  ///< of the network that is loaded

 private:
  template <class Network>
  void load_network(const Network& network);
  template <class Input>
  void run_inputs(const Input* const* inputs, std::size_t count, BatchResult& out);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace szilard::rtl
