// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/systolic_int8/systolic_accelerator.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "rtl/baseline.hpp"
#include "rtl/systolic_int8/layer_plan.hpp"

namespace szilard::rtl {
namespace {

struct Fault {
  bool armed = false;
  std::size_t layer = 0, index = 0;
  std::uint64_t sample = 0;
};

}  // namespace

struct SystolicAccelerator::State {
  std::unique_ptr<ArrayModel> model;
  ArrayGeometry geometry;
  std::vector<LayerPlan> plans;
  bool resident = false;
  ActivityCounts load_activity;
  std::uint64_t samples_run = 0;
  Fault fault;
  Observer observer;
  GateMeter* meter = nullptr;
  ClockMeter* watcher = nullptr;

  // of the batch that runs
  std::size_t count = 0;
  std::size_t layer_index = 0;
  std::vector<ActivityCounts> owners;
  std::vector<std::uint32_t> owner_of_vector;
  std::vector<std::int8_t> activation_words;
  std::vector<std::int32_t> pooled;  // [sample][channel][pool group]
  ArrayResults results;

  // Part of a layer that one operation runs.
  struct Piece {
    std::size_t group, first_vector, vectors, first_term_tile, term_tiles, first_output_tile, output_tiles;
  };

  void place_weights();
  void run_layer(const std::vector<const std::int32_t*>& inputs, BatchResult& out);
  // Calls visit(piece, with_activations) for every operation of the layer, in order.
  template <class Visit>
  void for_each_piece(const LayerPlan& p, std::size_t samples, Visit&& visit) const;
  std::uint64_t piece_cycles(const LayerPlan& p, const Piece& piece, bool with_activations) const;
  void gather(const Piece& piece, const std::vector<const std::int32_t*>& inputs);
  void run_piece(const Piece& piece, bool with_activations, BatchResult& out);
  void collect(const Piece& piece, BatchResult& out);
  void deliver(BatchResult& out);
  void aim_fault(const Piece& piece, ArrayOperation& operation) const;

  const LayerShape& layer() const { return plans[layer_index].shape; }
  std::size_t weight_word_bytes() const { return geometry.columns * geometry.word_bytes(); }
  const LayerPlan& plan() const { return plans[layer_index]; }
  std::size_t sample_of(std::size_t vector) const { return vector / plan().positions.size(); }
};

void SystolicAccelerator::State::place_weights() {
  std::size_t weight_words = 0, bias_words = 0;
  for (LayerPlan& p : plans) {
    p.weight_base = static_cast<std::uint32_t>(weight_words);
    p.bias_base = static_cast<std::uint32_t>(bias_words);
    weight_words += p.weights.size() / weight_word_bytes();
    bias_words += p.biases.size() / geometry.columns;
  }
  resident = weight_words <= geometry.weight_depth && bias_words <= geometry.bias_depth;
  ActivityCounts written;
  model->attribute(&written, nullptr);
  if (resident) {
    for (const LayerPlan& p : plans) {
      model->write(HostTarget::weights, p.weight_base, p.weights.data(), p.weights.size() / weight_word_bytes(), 0);
      model->write(HostTarget::biases, p.bias_base, p.biases.data(), p.biases.size() / geometry.columns, 0);
    }
  }
  model->attribute(nullptr, nullptr);
  load_activity = written;
}

void SystolicAccelerator::State::gather(const Piece& piece, const std::vector<const std::int32_t*>& inputs) {
  const LayerShape& l = layer();
  const LayerPlan& p = plan();
  const std::size_t rows = geometry.rows, terms = piece.term_tiles * rows;
  activation_words.assign(geometry.activation_words(piece.vectors, piece.term_tiles) * rows * geometry.word_bytes(), 0);
  for (std::size_t m = 0; m < piece.vectors; ++m) {
    const std::size_t vector = piece.first_vector + m;
    const std::int32_t* x = inputs[sample_of(vector)];
    const std::size_t position = p.positions[vector % p.positions.size()];
    const std::int32_t* indices = l.gather.data() + (piece.group * l.positions + position) * l.terms;
    const std::size_t first = piece.first_term_tile * rows;
    const std::size_t end = std::min(l.terms, first + piece.term_tiles * rows);
    for (std::size_t k = first; k < end; ++k) {
      if (indices[k] < 0) continue;
      const std::size_t tile = (k - first) / rows, row = (k - first) % rows;
      const std::size_t place = geometry.output_stationary ? (m / rows * terms + k - first) * rows + m % rows
                                                           : (tile * piece.vectors + m) * rows + row;
      const std::int32_t value = x[indices[k]];
      if (geometry.floating) {
        activation_words[2 * place] = static_cast<std::int8_t>(value >> 16);
        activation_words[2 * place + 1] = static_cast<std::int8_t>(value >> 24);
      } else {
        activation_words[place] = static_cast<std::int8_t>(value);
      }
    }
  }
}

void SystolicAccelerator::State::aim_fault(const Piece& piece, ArrayOperation& operation) const {
  if (!fault.armed || fault.layer != layer_index || !operation.finish) return;
  if (fault.sample < samples_run || fault.sample >= samples_run + count) return;
  const LayerShape& l = layer();
  const std::size_t channel = fault.index / l.positions, position = fault.index % l.positions;
  const std::size_t vector = (fault.sample - samples_run) * plan().positions.size() + plan().first_index[position];
  const std::size_t output_tile = channel % l.outputs / geometry.columns;
  if (channel / l.outputs != piece.group || vector < piece.first_vector ||
      vector >= piece.first_vector + piece.vectors || output_tile < piece.first_output_tile ||
      output_tile >= piece.first_output_tile + piece.output_tiles) {
    return;
  }
  operation.fault = true;
  operation.fault_result =
      static_cast<std::uint32_t>((output_tile - piece.first_output_tile) * piece.vectors + vector - piece.first_vector);
  operation.fault_column = static_cast<std::uint16_t>(channel % l.outputs % geometry.columns);
}

void SystolicAccelerator::State::run_piece(const Piece& piece, bool with_activations, BatchResult& out) {
  const LayerShape& l = layer();
  const LayerPlan& p = plan();
  ArrayOperation operation;
  operation.vectors = static_cast<std::uint16_t>(piece.vectors);
  operation.term_tiles = static_cast<std::uint16_t>(piece.term_tiles);
  operation.output_tiles = static_cast<std::uint16_t>(piece.output_tiles);
  operation.pool = static_cast<std::uint16_t>(p.pool);
  operation.from_bias = piece.first_term_tile == 0;
  operation.finish = piece.first_term_tile + piece.term_tiles == p.term_tiles;
  operation.relu = l.relu;
  operation.requantise = p.requantise;
  operation.multiplier = static_cast<std::uint16_t>(p.multiplier);
  operation.shift = static_cast<std::uint8_t>(p.shift);
  const std::size_t weight_word = piece.group * p.weight_words_per_group +
                                  (piece.first_output_tile * p.term_tiles + piece.first_term_tile) * geometry.rows;
  const std::size_t bias_word = piece.group * p.output_tiles + piece.first_output_tile;
  if (resident) {
    operation.weight_base = static_cast<std::uint32_t>(p.weight_base + weight_word);
    operation.bias_base = static_cast<std::uint32_t>(p.bias_base + bias_word);
  } else {
    model->write(HostTarget::weights, 0, p.weights.data() + weight_word * weight_word_bytes(),
                 piece.output_tiles * piece.term_tiles * geometry.rows, 0);
    model->write(HostTarget::biases, 0, p.biases.data() + bias_word * geometry.columns, piece.output_tiles, 0);
  }
  if (with_activations) {
    operation.activations = activation_words.data();
    operation.activation_words = geometry.activation_words(piece.vectors, piece.term_tiles);
  }
  owner_of_vector.resize(piece.vectors);
  for (std::size_t m = 0; m < piece.vectors; ++m) {
    owner_of_vector[m] = static_cast<std::uint32_t>(sample_of(piece.first_vector + m));
  }
  operation.owner_of_vector = owner_of_vector.data();
  operation.last_owner = owner_of_vector.back();
  aim_fault(piece, operation);
  model->run(operation, results);
  if (operation.finish) collect(piece, out);
}

void SystolicAccelerator::State::collect(const Piece& piece, BatchResult& out) {
  const LayerShape& l = layer();
  const LayerPlan& p = plan();
  const std::size_t columns = geometry.columns, groups_here = piece.vectors / p.pool;
  const std::size_t all_groups = p.pool_groups, channels = l.groups * l.outputs;
  if (results.results.size() != piece.output_tiles * piece.vectors * columns ||
      results.pooled.size() != piece.output_tiles * groups_here * columns) {
    throw std::logic_error(model->name() + " delivered a wrong number of results in layer '" + l.name + "'");
  }
  for (std::size_t tile = 0; tile < piece.output_tiles; ++tile) {
    const std::size_t first_output = (piece.first_output_tile + tile) * columns;
    const std::size_t used = std::min(columns, l.outputs - first_output);
    const std::size_t first_channel = piece.group * l.outputs + first_output;
    for (std::size_t m = 0; m < piece.vectors; ++m) {
      const std::size_t vector = piece.first_vector + m, place = vector % p.positions.size();
      if (!p.first_use[place]) continue;
      std::int32_t* outputs = out.samples[sample_of(vector)][layer_index].outputs.data();
      const std::int32_t* values = results.results.data() + (tile * piece.vectors + m) * columns;
      for (std::size_t c = 0; c < used; ++c)
        outputs[(first_channel + c) * l.positions + p.positions[place]] = values[c];
    }
    for (std::size_t q = 0; q < groups_here; ++q) {
      const std::size_t group = piece.first_vector / p.pool + q;
      const std::int32_t* values = results.pooled.data() + (tile * groups_here + q) * columns;
      std::int32_t* to =
          pooled.data() + (group / all_groups * channels + first_channel) * all_groups + group % all_groups;
      for (std::size_t c = 0; c < used; ++c) to[c * all_groups] = values[c];
    }
  }
}

template <class Visit>
void SystolicAccelerator::State::for_each_piece(const LayerPlan& p, std::size_t samples, Visit&& visit) const {
  const std::size_t all = samples * p.positions.size();
  for (std::size_t group = 0; group < p.shape.groups; ++group) {
    for (std::size_t v = 0; v < all; v += p.most_vectors) {
      const std::size_t vectors = std::min(p.most_vectors, all - v);
      std::size_t output_span = 1;
      if (p.term_span == p.term_tiles) {
        output_span = p.output_tiles;
        if (p.requantise) output_span = std::min(output_span, geometry.result_depth / (vectors / p.pool));
        if (!resident) {
          output_span =
              std::min({output_span, geometry.weight_depth / (p.term_tiles * geometry.rows), geometry.bias_depth});
        }
      }
      for (std::size_t tile = 0; tile < p.output_tiles; tile += output_span) {
        for (std::size_t term = 0; term < p.term_tiles; term += p.term_span) {
          // activations stay in their memory for all output tiles unless the terms take turns
          visit(Piece{group, v, vectors, term, std::min(p.term_span, p.term_tiles - term), tile,
                      std::min(output_span, p.output_tiles - tile)},
                tile == 0 || p.term_span < p.term_tiles);
        }
      }
    }
  }
}

// Two clocks to take the descriptor, tiles of max(rows, vectors) clocks of which the last counts only its vectors, the
// way through array and post-processing, the last read of the result memory; or the host's writes where they are
// longer.
std::uint64_t SystolicAccelerator::State::piece_cycles(const LayerPlan& p, const Piece& piece,
                                                       bool with_activations) const {
  const std::uint64_t tiles = piece.term_tiles * piece.output_tiles;
  const bool finish = piece.first_term_tile + piece.term_tiles == p.term_tiles;
  constexpr std::uint64_t kTakeAndPostProcess = 7;
  std::uint64_t cycles = kTakeAndPostProcess + (tiles - 1) * std::max(geometry.rows, piece.vectors) + piece.vectors +
                         geometry.rows + geometry.columns + (finish && p.requantise ? 1 : 0);
  if (geometry.output_stationary) {
    const std::uint64_t blocks = (piece.vectors + geometry.rows - 1) / geometry.rows;
    cycles = kTakeAndPostProcess +
             piece.output_tiles * blocks * (piece.term_tiles * geometry.rows + 2 * geometry.rows + geometry.columns);
  }
  if (with_activations)
    cycles = std::max<std::uint64_t>(cycles, geometry.activation_words(piece.vectors, piece.term_tiles));
  if (!resident) cycles += tiles * geometry.rows + piece.output_tiles;
  return cycles;
}

void SystolicAccelerator::State::deliver(BatchResult& out) {
  const LayerPlan& p = plan();
  const std::size_t channels = layer().groups * layer().outputs;
  for (std::size_t s = 0; s < count; ++s) {
    LayerRun& run = out.samples[s][layer_index];
    for (std::size_t i = 0; i < run.delivered.size(); ++i) {
      run.delivered[i] = pooled[(s * channels + p.delivered[i].channel) * p.pool_groups + p.delivered[i].group];
    }
  }
}

void SystolicAccelerator::State::run_layer(const std::vector<const std::int32_t*>& inputs, BatchResult& out) {
  const LayerShape& l = layer();
  const LayerPlan& p = plan();
  owners.assign(count, ActivityCounts{});
  ClockObserver clock_observer;
  if (observer) {
    clock_observer = [this](std::uint32_t owner, const ActivityCounts& activity) {
      observer(samples_run + owner, layer_index, activity);
    };
  }
  model->attribute(owners.data(), observer ? &clock_observer : nullptr);
  if (meter) meter->begin_layer(layer_index);
  model->set_meters(meter, watcher);
  pooled.assign(count * l.groups * l.outputs * p.pool_groups, 0);
  for (std::vector<LayerRun>& sample : out.samples) {
    sample[layer_index].outputs.assign(l.total_outputs(), 0);
    sample[layer_index].delivered.assign(l.delivered(), 0);
  }
  for_each_piece(p, count, [&](const Piece& piece, bool with_activations) {
    if (with_activations) gather(piece, inputs);
    run_piece(piece, with_activations, out);
  });
  model->attribute(nullptr, nullptr);
  model->set_meters(nullptr, nullptr);
  deliver(out);
  for (std::size_t s = 0; s < count; ++s) {
    out.samples[s][layer_index].activity = owners[s];
    out.cycles += owners[s].cycles;
  }
}

SystolicAccelerator::SystolicAccelerator(int rows, int columns, const std::string& baseline)
    : state_(std::make_unique<State>()) {
  state_->model = make_array_model(baseline, rows, columns);
  state_->geometry = state_->model->geometry();
}

SystolicAccelerator::~SystolicAccelerator() = default;
SystolicAccelerator::SystolicAccelerator(SystolicAccelerator&&) noexcept = default;
SystolicAccelerator& SystolicAccelerator::operator=(SystolicAccelerator&&) noexcept = default;

template <class Network>
void SystolicAccelerator::load_network(const Network& network) {
  validate(network);
  std::vector<LayerPlan> plans;
  for (const auto& layer : network.layers) plans.emplace_back(layer, state_->geometry, state_->model->name());
  state_->plans = std::move(plans);
  state_->samples_run = 0;
  state_->fault = {};
  state_->place_weights();
}

void SystolicAccelerator::load(const IntegerNetwork& network) { load_network(network); }
void SystolicAccelerator::load(const BfloatNetwork& network) { load_network(network); }

void SystolicAccelerator::run_batch(const std::int8_t* const* inputs, std::size_t count, BatchResult& out) {
  run_inputs(inputs, count, out);
}

void SystolicAccelerator::run_batch(const std::uint16_t* const* inputs, std::size_t count, BatchResult& out) {
  run_inputs(inputs, count, out);
}

template <class Input>
void SystolicAccelerator::run_inputs(const Input* const* inputs, std::size_t count, BatchResult& out) {
  State& state = *state_;
  if (state.plans.empty()) throw std::invalid_argument(state.model->name() + ": no network is loaded");
  if (count == 0) throw std::invalid_argument(state.model->name() + ": a batch has at least one sample");
  constexpr bool floating = sizeof(Input) == 2;
  if (floating != state.geometry.floating)
    throw std::invalid_argument(state.model->name() + ": inputs are of another kind of number");
  state.count = count;
  out.cycles = 0;
  out.samples.resize(count);
  for (auto& sample : out.samples) sample.resize(state.plans.size());
  const std::size_t input_size = this->inputs();
  std::vector<std::int32_t> first(count * input_size);
  std::vector<const std::int32_t*> x(count);
  for (std::size_t s = 0; s < count; ++s) {
    for (std::size_t i = 0; i < input_size; ++i) {
      const auto value = static_cast<std::int32_t>(inputs[s][i]);
      first[s * input_size + i] = floating ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << 16) : value;
    }
    x[s] = first.data() + s * input_size;
  }
  if (state.meter) state.meter->begin_batch(count, batch_cycles(count));
  for (state.layer_index = 0; state.layer_index < state.plans.size(); ++state.layer_index) {
    state.run_layer(x, out);
    for (std::size_t s = 0; s < count; ++s) x[s] = out.samples[s][state.layer_index].delivered.data();
  }
  if (state.meter) state.meter->end_batch();
  state.samples_run += count;
}

std::uint64_t SystolicAccelerator::batch_cycles(std::size_t count) const {
  std::uint64_t cycles = 0;
  for (std::size_t l = 0; l < state_->plans.size(); ++l) {
    const LayerPlan& plan = state_->plans[l];
    state_->for_each_piece(plan, count, [&](const State::Piece& piece, bool with_activations) {
      cycles += state_->piece_cycles(plan, piece, with_activations);
    });
  }
  return cycles;
}

void SystolicAccelerator::inject_fault(std::size_t layer, std::uint64_t sample, std::size_t index) {
  if (layer >= state_->plans.size()) throw std::invalid_argument("fault: no layer " + std::to_string(layer));
  const LayerShape& l = state_->plans[layer].shape;
  if (index >= l.total_outputs()) {
    throw std::invalid_argument("fault: layer '" + l.name + "' has no output " + std::to_string(index));
  }
  state_->fault = {true, layer, index, sample};
}

void SystolicAccelerator::set_observer(Observer observer) { state_->observer = std::move(observer); }
void SystolicAccelerator::set_meter(GateMeter* meter) { state_->meter = meter; }
void SystolicAccelerator::set_watcher(ClockMeter* watcher) { state_->watcher = watcher; }
std::vector<std::string> SystolicAccelerator::signal_names() const { return state_->model->signal_names(); }
std::optional<SignalView> SystolicAccelerator::find_signal(const std::string& name) const {
  return state_->model->find_signal(name);
}
std::uint64_t SystolicAccelerator::samples_run() const { return state_->samples_run; }
const ActivityCounts& SystolicAccelerator::load_activity() const { return state_->load_activity; }
bool SystolicAccelerator::weights_resident() const { return state_->resident; }
const ArrayGeometry& SystolicAccelerator::geometry() const { return state_->geometry; }
std::size_t SystolicAccelerator::inputs() const { return state_->plans.front().shape.inputs; }

}  // namespace szilard::rtl
