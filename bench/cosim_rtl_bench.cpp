// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// Clock cycles a second of the systolic array under the SystemC kernel (blocks in, RTL, energy accounts, blocks out)
// against a bare loop over the same verilated model and the same work. Both run in turns in one process and each takes
// its best turn, so that a busy machine disturbs the ratio little. Prints the ratio; exit code 1 below 0.8.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <systemc>
#include <vector>

#include "models/energy/energy_port.hpp"
#include "models/energy/ledger.hpp"
#include "rtl/baseline.hpp"
#include "rtl/golden/bfloat.hpp"
#include "rtl/systolic_int8/systolic_accelerator.hpp"
#include "rtl/systolic_module.hpp"

namespace {

using namespace szilard;
using support::SignalBlock;

constexpr int kSize = 16;
constexpr std::size_t kInputs = 784, kBatch = 32, kBlock = 64, kTurnSamples = 128, kTurns = 12;

rtl::IntegerLayer dense(const char* name, std::size_t inputs, std::size_t outputs, bool last) {
  rtl::IntegerLayer layer;
  layer.name = name;
  layer.inputs = layer.terms = inputs;
  layer.outputs = outputs;
  layer.bias.assign(outputs, 100);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < inputs * outputs; ++i) {
    state = state * 1664525u + 1013904223u;
    layer.weights.push_back(static_cast<std::int8_t>(static_cast<int>(state >> 24) % 255 - 127));
  }
  for (std::size_t k = 0; k < inputs; ++k) layer.gather.push_back(static_cast<std::int32_t>(k));
  layer.relu = layer.requantise = !last;
  layer.multiplier = 20000;
  layer.shift = 28;
  return layer;
}

rtl::IntegerNetwork network() {
  return {{dense("fc1", kInputs, 128, false), dense("fc2", 128, 64, false), dense("fc3", 64, 10, true)}};
}

double pixel(std::size_t sample, std::size_t k) {
  return static_cast<double>((sample * 7919 + k * 104729) % 251) / 250;
}

double processor_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The bare verilated loop: the same three layers' operations, clock after clock, on words that lie ready. No SystemC,
/// no attribution to samples, no gathering, no accounts.
struct Bare {
  struct Layer {
    rtl::ArrayOperation operation;
    std::vector<std::int8_t> words;
  };
  std::unique_ptr<rtl::ArrayModel> model = rtl::make_array_model(kSize, kSize);
  std::vector<Layer> layers;
  std::vector<std::uint32_t> owners = std::vector<std::uint32_t>(kBatch, 0);
  rtl::ArrayResults results;

  Bare() {
    std::uint32_t state = 1, base = 0;
    const auto random_words = [&state](std::size_t count, int lowest) {
      std::vector<std::int8_t> words(count * kSize);
      for (auto& w : words) {
        state = state * 1664525u + 1013904223u;
        w = static_cast<std::int8_t>(std::max(lowest, static_cast<int>(state >> 24) % 255 - 127));
      }
      return words;
    };
    const std::size_t tiles[3][2] = {{49, 8}, {8, 4}, {4, 1}};  // 784-128-64-10 in tiles of 16
    for (const auto& [terms, outputs] : tiles) {
      Layer layer;
      layer.operation.vectors = kBatch;
      layer.operation.term_tiles = static_cast<std::uint16_t>(terms);
      layer.operation.output_tiles = static_cast<std::uint16_t>(outputs);
      layer.operation.weight_base = base;
      layer.operation.relu = layer.operation.requantise = outputs > 1;
      layer.operation.multiplier = 20000;
      layer.operation.shift = 28;
      layer.operation.owner_of_vector = owners.data();
      const auto weights = random_words(terms * outputs * kSize, -127);
      model->write(rtl::HostTarget::weights, base, weights.data(), terms * outputs * kSize, 0);
      base += static_cast<std::uint32_t>(terms * outputs * kSize);
      layer.words = random_words(terms * kBatch, 0);
      layer.operation.activation_words = terms * kBatch;
      layers.push_back(std::move(layer));
      layers.back().operation.activations = layers.back().words.data();
    }
  }
  double turn() {
    const std::uint64_t before = model->counters().cycles;
    const double start_s = processor_s();
    for (std::size_t first = 0; first < kTurnSamples; first += kBatch) {
      for (const Layer& layer : layers) model->run(layer.operation, results);
    }
    return static_cast<double>(model->counters().cycles - before) / (processor_s() - start_s);
  }
};

/// One SC_METHOD that clocks the verilated array `clocks` times an activation (words written through the host port) and
/// comes back so many periods later; K clocks of nothing but the model are the bare loop.
class Stepper : public sc_core::sc_module {
 public:
  Stepper(sc_core::sc_module_name name, rtl::ArrayModel& model)
      : sc_core::sc_module(name), model_(model), words_(4096 * kSize, 3) {
    SC_HAS_PROCESS(Stepper);
    SC_METHOD(step);
    sensitive << go;
    dont_initialize();
  }
  sc_core::sc_event go;
  std::size_t clocks = 1, left = 0;

 private:
  void step() {
    if (left == 0) return;
    model_.write(rtl::HostTarget::activations, 0, words_.data(), std::min(clocks, left), 0);
    left -= std::min(clocks, left);
    if (left > 0) next_trigger(sc_core::sc_time(static_cast<double>(clocks), sc_core::SC_NS));
  }
  rtl::ArrayModel& model_;
  std::vector<std::int8_t> words_;
};

constexpr std::size_t kStepClocks = 1 << 18;

double stepped_rate(Stepper& stepper, std::size_t clocks) {
  stepper.clocks = clocks;
  stepper.left = kStepClocks;
  const double start_s = processor_s();
  stepper.go.notify(sc_core::SC_ZERO_TIME);
  sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_SEC));
  return static_cast<double>(kStepClocks) / (processor_s() - start_s);
}

double bare_rate(rtl::ArrayModel& model) {
  const std::vector<std::int8_t> words(4096 * kSize, 3);
  const double start_s = processor_s();
  for (std::size_t done = 0; done < kStepClocks; done += 2048)
    model.write(rtl::HostTarget::activations, 0, words.data(), 2048, 0);
  return static_cast<double>(kStepClocks) / (processor_s() - start_s);
}

/// Samples a second of each baseline's smallest size on 784-128-64-10, and that of its golden model in the same turn.
void print_baselines() {
  std::puts(
      "784-128-64-10 in batches of 8, clock cycles and samples a second of processor time, the smallest size of each");
  std::string last;
  for (const rtl::BaselineSize& one : rtl::baselines()) {
    if (one.name == last) continue;
    last = one.name;
    rtl::SystolicAccelerator accelerator(one.rows, one.columns, one.name);
    const rtl::IntegerNetwork integers = network();
    rtl::BfloatNetwork floats;
    for (const rtl::IntegerLayer& layer : integers.layers) {
      floats.layers.emplace_back();
      static_cast<rtl::LayerShape&>(floats.layers.back()) = layer;
      for (const std::int8_t w : layer.weights) floats.layers.back().weights.push_back(rtl::bf16_of(w / 127.0));
      floats.layers.back().bias.assign(layer.bias.size(), 0);
      floats.layers.back().round = layer.requantise;
    }
    if (one.floating) accelerator.load(floats);
    else accelerator.load(integers);
    std::vector<std::int8_t> codes(8 * kInputs);
    std::vector<std::uint16_t> halves(8 * kInputs);
    std::vector<const std::int8_t*> code_rows;
    std::vector<const std::uint16_t*> half_rows;
    for (std::size_t s = 0; s < 8; ++s) {
      for (std::size_t k = 0; k < kInputs; ++k) {
        const double x = k % 5 ? 0 : pixel(s, k);
        codes[s * kInputs + k] = static_cast<std::int8_t>(127 * x);
        halves[s * kInputs + k] = rtl::bf16_of(x);
      }
      code_rows.push_back(codes.data() + s * kInputs);
      half_rows.push_back(halves.data() + s * kInputs);
    }
    rtl::BatchResult result;
    double best_rtl_s = 1e9, best_golden_s = 1e9;
    for (int turn = 0; turn < 3; ++turn) {
      double start_s = processor_s();
      if (one.floating) accelerator.run_batch(half_rows.data(), 8, result);
      else accelerator.run_batch(code_rows.data(), 8, result);
      best_rtl_s = std::min(best_rtl_s, processor_s() - start_s);
      start_s = processor_s();
      for (std::size_t s = 0; s < 8; ++s) {
        if (one.floating) rtl::bfloat_forward(floats, half_rows[s]);
        else rtl::integer_forward(integers, code_rows[s]);
      }
      best_golden_s = std::min(best_golden_s, processor_s() - start_s);
    }
    std::printf("  %-18s %2dx%-2d %10.1f k clocks/s %9.1f samples/s   golden model / RTL, time %7.4f\n",
                one.name.c_str(), one.rows, one.columns, 1e-3 * static_cast<double>(result.cycles) / best_rtl_s,
                8 / best_rtl_s, best_golden_s / best_rtl_s);
  }
}

SC_MODULE(Feeder) {
  sc_core::sc_fifo_out<SignalBlock> out;
  sc_core::sc_fifo_in<SignalBlock> results;
  std::size_t allowed = 0, sent = 0, received = 0;
  sc_core::sc_event go;

  SC_CTOR(Feeder) : out("out"), results("results") {
    SC_METHOD(send);
    sensitive << go;
    SC_METHOD(receive);
  }
  void send() {
    if (sent >= allowed) return;
    if (out.num_free() == 0) return next_trigger(out.data_read_event());
    SignalBlock block(sent, kBlock, kInputs);
    for (std::size_t k = 0; k < kInputs; ++k) {
      for (std::size_t s = 0; s < kBlock; ++s) block.row(k)[s] = pixel((sent + s) % kTurnSamples, k);
    }
    out.nb_write(block);
    sent += kBlock;
    next_trigger(sc_core::SC_ZERO_TIME);
  }
  void receive() {
    SignalBlock block;
    while (results.nb_read(block)) received += block.samples();
    next_trigger(results.data_written_event());
  }
};

}  // namespace

int main() {
  if (!rtl::systolic_size_is_built(kSize, kSize)) {
    std::puts(rtl::systolic_size_message(kSize, kSize).c_str());
    return 4;
  }
  rtl::SystolicSettings settings;
  settings.rows = settings.columns = kSize;
  settings.batch = kBatch;
  settings.samples = kTurnSamples * kTurns;
  settings.input_scale = 1.0 / 127;
  settings.coefficients.multiply_j = 0.2e-12;
  settings.coefficients.register_toggle_j = 1e-15;
  settings.coefficients.sram_read_j_per_bit = 0.15e-12;

  energy::Ledger ledger(0, settings.samples);
  energy::EnergyChannel channel("channel", ledger);
  rtl::SystolicModule array("array", network(), settings, "systolic");
  Feeder feeder("feeder");
  sc_core::sc_fifo<SignalBlock> before("before", 2), after("after", 2);
  feeder.out(before);
  array.in(before);
  array.out(after);
  feeder.results(after);
  array.energy(channel);

  const std::unique_ptr<rtl::ArrayModel> stepped = rtl::make_array_model(kSize, kSize);
  Stepper stepper("stepper", *stepped);

  Bare bare;
  bare.turn();
  double best_bare = 0, best_kernel = 0;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    const std::uint64_t before_turn = array.cycles();
    feeder.allowed += kTurnSamples;
    const double start_s = processor_s();
    feeder.go.notify(sc_core::SC_ZERO_TIME);
    sc_core::sc_start(sc_core::sc_time(1, sc_core::SC_SEC));
    best_kernel = std::max(best_kernel, static_cast<double>(array.cycles() - before_turn) / (processor_s() - start_s));
    best_bare = std::max(best_bare, bare.turn());
  }
  if (feeder.received != settings.samples) {
    std::printf("only %zu of %zu samples came through\n", feeder.received, settings.samples);
    return 1;
  }
  const double ratio = best_kernel / best_bare;
  std::printf("systolic_int8 %dx%d, batch %zu, thousand clock cycles a second of processor time\n", kSize, kSize,
              kBatch);
  std::printf(
      "  under the SystemC kernel  %8.1f\n  bare verilated loop       %8.1f\n  ratio                     %8.3f  (goal "
      "0.80, aim 0.95)\n",
      best_kernel * 1e-3, best_bare * 1e-3, ratio);
  std::puts("K clocks an activation of one SC_METHOD, rate against a loop without the kernel");
  double at_16 = 0;
  for (const std::size_t clocks : {1, 2, 4, 16, 64, 256}) {
    double best_stepped = 0, best_loop = 0;
    for (int turn = 0; turn < 5; ++turn) {
      best_stepped = std::max(best_stepped, stepped_rate(stepper, clocks));
      best_loop = std::max(best_loop, bare_rate(*stepped));
    }
    std::printf("  K %4zu  %8.1f k clocks/s   ratio %6.3f%s\n", clocks, best_stepped * 1e-3, best_stepped / best_loop,
                clocks == 16 ? "  (goal 0.9, aim 0.99)" : "");
    if (clocks == 16) at_16 = best_stepped / best_loop;
  }
  print_baselines();
  return ratio >= 0.8 && at_16 >= 0.9 ? 0 : 1;
}
