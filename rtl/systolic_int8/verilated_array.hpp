// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <verilated.h>
#include <verilated_syms.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "rtl/systolic_int8/array_model.hpp"

namespace szilard::rtl {

/// ArrayModel on a verilated class. Ports of up to 64 bits are integers and wider ones word arrays, both little-endian,
/// so words are moved by memcpy for every size.
template <class Verilated>
class VerilatedArray final : public ArrayModel {
 public:
  VerilatedArray(ArrayGeometry geometry, std::string name) : geometry_(geometry), name_(std::move(name)) {
    // scopes enter and leave the table of the thread's context, whichever model that belongs to
    ::Verilated::threadContextp(&context_);
    context_.threads(1);  // else each model starts a worker that it never uses
    model_ = std::make_unique<Verilated>(&context_, name_.c_str());
    model_->reset = 1;
    edge();
    edge();
    model_->reset = 0;
    geometry_.register_bits = model_->register_bits;
  }
  ~VerilatedArray() override {
    ::Verilated::threadContextp(&context_);
    model_->final();
    model_.reset();
  }

  ArrayGeometry geometry() const override { return geometry_; }
  const std::string& name() const override { return name_; }

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
    const std::size_t bytes = target == HostTarget::biases    ? 4 * geometry_.columns
                              : target == HostTarget::weights ? geometry_.columns * geometry_.word_bytes()
                                                              : geometry_.rows * geometry_.word_bytes();
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
    const std::size_t columns = geometry_.columns, row_bytes = geometry_.rows * geometry_.word_bytes();
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
                operation.activations + words_written * row_bytes, row_bytes);
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
        append_word(out.pooled, &model_->host_read_word);
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

  void set_meters(ClockMeter* first, ClockMeter* second) override {
    meter_ = first;
    watcher_ = second;
  }

  std::vector<std::string> signal_names() const override {
    std::vector<std::string> names;
    const std::string top = name_ + ".stream_accelerator";
    const VerilatedScopeNameMap* scopes = context_.scopeNameMap();
    for (const auto& [name, scope] : *scopes) {
      const std::string path = name;
      if (path.compare(0, top.size(), top) != 0 || !scope->varsp()) continue;
      const std::string prefix = path.size() > top.size() ? path.substr(top.size() + 1) + "." : "";
      for (const auto& variable : *scope->varsp()) names.push_back(prefix + variable.first);
    }
    return names;
  }

  std::optional<SignalView> find_signal(const std::string& name) const override {
    if (const auto port = find_port(name)) return port;
    // what the deskew shows of all lanes but the last is its last stage; yosys keeps either name
    if (name == "core.array.output_deskew.data_out")
      return find_signal("core.array.output_deskew.g_stage[" + std::to_string(geometry_.columns - 1) + "].held");
    // scopes are named MODEL.TOP.PATH, of which only PATH is in the netlist
    const std::size_t dot = name.rfind('.');
    const std::string path = dot == std::string::npos ? std::string() : "." + name.substr(0, dot);
    const VerilatedScope* scope = context_.scopeFind((name_ + ".stream_accelerator" + path).c_str());
    const VerilatedVar* variable =
        scope ? scope->varFind(name.substr(dot == std::string::npos ? 0 : dot + 1).c_str()) : nullptr;
    if (!variable) return {};
    SignalView view;
    view.data = static_cast<const std::uint8_t*>(variable->datap());
    view.bits = static_cast<unsigned>(variable->packed().elements());
    view.low = variable->packed().low();
    view.elements = variable->udims() > 0 ? static_cast<unsigned>(variable->unpacked().elements()) : 1;
    view.element_bytes = variable->entSize();
    return view;
  }

 private:
  std::optional<SignalView> find_port(const std::string& name) const {
    const auto bits_of = [](std::size_t depth) {
      unsigned bits = 0;
      while ((std::size_t{1} << bits) < depth) ++bits;
      return bits;
    };
    const unsigned lane = static_cast<unsigned>(geometry_.columns);
    const unsigned row_bits = static_cast<unsigned>(8 * geometry_.rows * geometry_.word_bytes());
    struct Entry {
      const char* name;
      const void* data;
      unsigned bits;
    };
    const Verilated& m = *model_;
    const Entry entries[] = {{"reset", &m.reset, 1},
                             {"host_write", &m.host_write, 1},
                             {"host_target", &m.host_target, 2},
                             {"host_write_address", &m.host_write_address, 16},
                             {"host_weight_bias_word", &m.host_weight_bias_word, 32 * lane},
                             {"host_activation_word", &m.host_activation_word, row_bits},
                             {"host_read", &m.host_read, 1},
                             {"host_read_address", &m.host_read_address, bits_of(geometry_.result_depth)},
                             {"start", &m.start, 1},
                             {"vectors", &m.vectors, 16},
                             {"term_tiles", &m.term_tiles, 16},
                             {"output_tiles", &m.output_tiles, 16},
                             {"weight_base", &m.weight_base, bits_of(geometry_.weight_depth)},
                             {"activation_base", &m.activation_base, bits_of(geometry_.activation_depth)},
                             {"bias_base", &m.bias_base, bits_of(geometry_.bias_depth)},
                             {"from_bias", &m.from_bias, 1},
                             {"finish", &m.finish, 1},
                             {"relu", &m.relu, 1},
                             {"requantise", &m.requantise, 1},
                             {"multiplier", &m.multiplier, 15},
                             {"shift", &m.shift, 5},
                             {"pool", &m.pool, 16},
                             {"busy", &m.busy, 1},
                             {"done", &m.done, 1},
                             {"result_valid", &m.result_valid, 1},
                             {"result", &m.result, 32 * lane},
                             {"pooled_valid", &m.pooled_valid, 1},
                             {"pooled", &m.pooled, 32 * lane},
                             {"vector_entering", &m.vector_entering, 1},
                             {"active_vector", &m.active_vector, 16},
                             {"draining", &m.draining, 1},
                             {"fault_enable", &m.fault_enable, 1},
                             {"fault_result", &m.fault_result, 32},
                             {"fault_column", &m.fault_column, 16}};
    for (const Entry& entry : entries)
      if (name == entry.name) return SignalView{static_cast<const std::uint8_t*>(entry.data), entry.bits, 0, 1, 0};
    return {};
  }

  void edge() {
    model_->clock = 0;
    model_->eval();
    if (meter_) meter_->sample(owner_);
    if (watcher_) watcher_->sample(owner_);
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

  /// A word of the result memory: 8-bit integers, or the upper halves of floating point numbers.
  void append_word(std::vector<std::int32_t>& to, const void* port) const {
    const auto* bytes = static_cast<const std::uint8_t*>(port);
    for (std::size_t c = 0; c < geometry_.columns; ++c) {
      if (geometry_.floating)
        to.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(bytes[2 * c]) << 16 |
                                               static_cast<std::uint32_t>(bytes[2 * c + 1]) << 24));
      else to.push_back(static_cast<std::int8_t>(bytes[c]));
    }
  }

  void append(std::vector<std::int32_t>& to, const void* port) const {
    const std::size_t have = to.size();
    to.resize(have + geometry_.columns);
    std::memcpy(to.data() + have, port, 4 * geometry_.columns);
  }

  ArrayGeometry geometry_;
  std::string name_;
  mutable VerilatedContext context_;
  std::unique_ptr<Verilated> model_;
  ActivityCounts* owners_ = nullptr;
  const ClockObserver* observer_ = nullptr;
  ClockMeter *meter_ = nullptr, *watcher_ = nullptr;
  ActivityCounts last_, observed_;
  std::uint32_t owner_ = 0;
};

}  // namespace szilard::rtl
