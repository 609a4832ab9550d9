// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <verilated.h>

#include <cstring>
#include <memory>

#include "rtl/systolic_int8/array_model.hpp"

namespace szilard::rtl {

/// ArrayModel on a verilated class. Ports of up to 64 bits are integers and wider ones word arrays, both little-endian, so
/// words are moved by memcpy for every size.
template <class Verilated>
class VerilatedArray final : public ArrayModel {
 public:
  explicit VerilatedArray(ArrayGeometry geometry)
      : geometry_(geometry), model_(std::make_unique<Verilated>(&context_, "systolic_int8")) {
    model_->reset = 1;
    edge();
    edge();
    model_->reset = 0;
    geometry_.register_bits = model_->register_bits;
  }
  ~VerilatedArray() override { model_->final(); }

  ArrayGeometry geometry() const override { return geometry_; }

  ActivityCounts counters() const override {
    ActivityCounts counts;
    std::memcpy(static_cast<void*>(&counts), &model_->activity, sizeof counts);
    return counts;
  }

  void attribute(ActivityCounts* owners, const ClockObserver* observer) override {
    owners_ = owners;
    observer_ = observer;
    last_ = counters();
  }

  void write(HostTarget target, std::uint32_t address, const void* words, std::size_t count,
             std::uint32_t owner) override {
    const std::size_t bytes = target == HostTarget::biases ? 4 * geometry_.columns
                              : target == HostTarget::weights ? geometry_.columns
                                                              : geometry_.rows;
    const auto* from = static_cast<const std::uint8_t*>(words);
    begin_owner(owner);
    for (std::size_t i = 0; i < count; ++i) {
      present(target, static_cast<std::uint32_t>(address + i), from + i * bytes, bytes);
      tick(owner);
    }
    model_->host_write = 0;
    flush();
  }

  void run(const ArrayOperation& operation, ArrayResults& out) override {
    const std::size_t columns = geometry_.columns;
    describe(operation);
    out.results.clear();
    out.pooled.clear();
    std::size_t words_written = 0, pooled_seen = 0, pooled_stored = 0, reads_issued = 0;
    bool reading = false;
    model_->start = 1;
    begin_owner(operation.first_owner);
    do {
      if (words_written < operation.activation_words) {
        present(HostTarget::activations, static_cast<std::uint32_t>(words_written),
                operation.activations + words_written * geometry_.rows, geometry_.rows);
        ++words_written;
      } else {
        model_->host_write = 0;
      }
      reading = operation.requantise && reads_issued < pooled_stored;
      model_->host_read = reading;
      model_->host_read_address = static_cast<std::uint32_t>(reads_issued) & (geometry_.result_depth - 1);
      pooled_stored = pooled_seen;
      tick(owner_now(operation));
      model_->start = 0;
      if (reading) {
        std::int8_t word[kMostColumns];
        std::memcpy(word, &model_->host_read_word, columns);
        out.pooled.insert(out.pooled.end(), word, word + columns);
        ++reads_issued;
      }
      if (model_->result_valid) append(out.results, &model_->result);
      if (model_->pooled_valid) {
        ++pooled_seen;
        if (!operation.requantise) append(out.pooled, &model_->pooled);
      }
    } while (model_->busy || words_written < operation.activation_words ||
             (operation.requantise && reads_issued < pooled_seen));
    model_->host_read = 0;
    model_->host_write = 0;
    flush();
  }

 private:
  static constexpr std::size_t kMostColumns = 256;

  void edge() {
    model_->clock = 0;
    model_->eval();
    model_->clock = 1;
    model_->eval();
  }

  void tick(std::uint32_t owner) {
    if (owner != owner_) {
      flush();
      owner_ = owner;
    }
    edge();
    if (observer_) {
      const ActivityCounts now = counters();
      (*observer_)(owner, now - observed_);
      observed_ = now;
    }
  }

  void begin_owner(std::uint32_t owner) {
    owner_ = owner;
    last_ = counters();
    observed_ = last_;
  }

  void flush() {
    if (!owners_) return;
    const ActivityCounts now = counters();
    owners_[owner_] += now - last_;
    last_ = now;
  }

  void present(HostTarget target, std::uint32_t address, const void* word, std::size_t bytes) {
    model_->host_write = 1;
    model_->host_target = static_cast<std::uint8_t>(target);
    model_->host_write_address = static_cast<std::uint16_t>(address);
    void* port = target == HostTarget::activations ? static_cast<void*>(&model_->host_activation_word)
                                                   : static_cast<void*>(&model_->host_weight_bias_word);
    std::memcpy(port, word, bytes);
  }

  void describe(const ArrayOperation& operation) {
    model_->vectors = operation.vectors;
    model_->term_tiles = operation.term_tiles;
    model_->output_tiles = operation.output_tiles;
    model_->pool = operation.pool;
    model_->weight_base = static_cast<std::uint16_t>(operation.weight_base);
    model_->activation_base = 0;
    model_->bias_base = static_cast<std::uint16_t>(operation.bias_base);
    model_->from_bias = operation.from_bias;
    model_->finish = operation.finish;
    model_->relu = operation.relu;
    model_->requantise = operation.requantise;
    model_->multiplier = operation.multiplier;
    model_->shift = operation.shift;
    model_->fault_enable = operation.fault;
    model_->fault_result = operation.fault_result;
    model_->fault_column = operation.fault_column;
  }

  std::uint32_t owner_now(const ArrayOperation& operation) const {
    if (model_->vector_entering) return operation.owner_of_vector[model_->active_vector];
    return model_->draining ? operation.last_owner : operation.first_owner;
  }

  void append(std::vector<std::int32_t>& to, const void* port) const {
    const std::size_t have = to.size();
    to.resize(have + geometry_.columns);
    std::memcpy(to.data() + have, port, 4 * geometry_.columns);
  }

  ArrayGeometry geometry_;
  VerilatedContext context_;
  std::unique_ptr<Verilated> model_;
  ActivityCounts* owners_ = nullptr;
  const ClockObserver* observer_ = nullptr;
  ActivityCounts last_, observed_;
  std::uint32_t owner_ = 0;
};

}  // namespace szilard::rtl
