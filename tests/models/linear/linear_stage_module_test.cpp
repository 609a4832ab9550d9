// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/linear/linear_stage_module.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "models/linear/apply.hpp"

using namespace szilard;
using namespace sc_core;
using support::SignalBlock;

namespace {

constexpr std::size_t kSamples = 150, kInputs = 12, kOutputs = 5;
constexpr std::int64_t kPeriod_ps = 1000, kDuration_ps = 1700;  // slower than its source, so samples queue

/// Costs sum |y| attojoules a sample, in one account.
class CostlyStage final : public linear::LinearStage {
 public:
  const linear::LinearMap& map() const override { return map_; }
  std::int64_t duration_ps() const override { return kDuration_ps; }
  void open_accounts(const std::string& component, energy::EnergySink& sink) override {
    account_ = sink.open({component, "joule_heating", energy::Fate::dissipated, energy::Origin::computed, "", "", {}});
  }
  SignalBlock forward(const SignalBlock& x, energy::EnergySink& sink) override {
    SignalBlock y = x.sibling(kOutputs);
    linear::apply(map_, x, y);
    for (std::size_t s = 0; s < x.samples(); ++s) {
      double sum = 0;
      for (std::size_t o = 0; o < kOutputs; ++o) sum += std::abs(y.at(o, s));
      sink.post_joules(account_, x.first_sample() + s, 1e-18 * sum, 1);
    }
    return y;
  }

 private:
  linear::LinearMap map_ = linear::dense_map(
      "fc",
      linear::RowMatrix::NullaryExpr(kOutputs, kInputs,
                                     [](Eigen::Index i, Eigen::Index j) { return 0.1 * double(i) - 0.03 * double(j); }),
      std::vector<double>(kOutputs, 0.5));
  energy::AccountId account_ = 0;
};

class RecordingSink final : public energy::EnergySink {
 public:
  energy::AccountId open(const energy::AccountInfo& account) override {
    components.push_back(account.component);
    return energy::AccountId(components.size() - 1);
  }
  void post(energy::AccountId, std::uint64_t sample, energy::Quanta amount, std::int64_t) override {
    rows[sample] += amount;
  }
  std::vector<std::string> components;
  std::map<std::uint64_t, energy::Quanta> rows;
};

/// Sample s enters at s x period; a block goes out when its last sample is there.
class Source : public sc_module {
 public:
  sc_fifo_out<SignalBlock> out;
  Source(sc_module_name name, std::size_t quantum) : sc_module(name), out("out"), quantum_(quantum) {
    SC_HAS_PROCESS(Source);
    SC_METHOD(step);
  }

 private:
  void step() {
    if (next_ >= kSamples) return;
    const std::size_t count = std::min(quantum_, kSamples - next_);
    const sc_time last(double(std::int64_t(next_ + count - 1) * kPeriod_ps), SC_PS);
    if (sc_time_stamp() < last) return next_trigger(last - sc_time_stamp());
    if (out.num_free() == 0) return next_trigger(out.data_read_event());
    SignalBlock block(next_, count, kInputs);
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t k = 0; k < kInputs; ++k) block.row(k)[s] = std::sin(double((next_ + s) * kInputs + k));
      block.entered_ps()[s] = block.ready_ps()[s] = std::int64_t(next_ + s) * kPeriod_ps;
    }
    REQUIRE(out.nb_write(block));
    next_ += count;
    next_trigger(SC_ZERO_TIME);
  }
  std::size_t quantum_, next_ = 0;
};

/// Reads at once, or only `pause` after a block came.
class Drain : public sc_module {
 public:
  sc_fifo_in<SignalBlock> in;
  std::vector<double> values;
  std::vector<std::int64_t> ready_ps, entered_ps;
  std::size_t blocks = 0;
  bool punctual = true;  ///< each block came at the time of its last sample or later

  Drain(sc_module_name name, sc_time pause) : sc_module(name), in("in"), pause_(pause) {
    SC_HAS_PROCESS(Drain);
    SC_METHOD(step);
  }

 private:
  void step() {
    SignalBlock block;
    if (!in.nb_read(block)) return next_trigger(in.data_written_event());
    ++blocks;
    punctual = punctual && sc_time_stamp() >= sc_time(double(block.ready_ps().back()), SC_PS);
    if (pause_ == SC_ZERO_TIME)
      punctual = punctual && sc_time_stamp() == sc_time(double(block.ready_ps().back()), SC_PS);
    for (std::size_t s = 0; s < block.samples(); ++s) {
      for (std::size_t o = 0; o < block.features(); ++o) values.push_back(block.at(o, s));
      ready_ps.push_back(block.ready_ps()[s]);
      entered_ps.push_back(block.entered_ps()[s]);
    }
    next_trigger(pause_);
  }
  sc_time pause_;
};

struct Bench {
  RecordingSink sink;
  Source source;
  sc_fifo<SignalBlock> before, after;
  linear::LinearStageModule stage;
  energy::EnergyChannel energy;
  Drain drain;

  Bench(const std::string& name, std::size_t quantum, sc_time pause)
      : source((name + "_source").c_str(), quantum),
        before((name + "_before").c_str(), 2),
        after((name + "_after").c_str(), 1),
        stage((name + "_stage").c_str(), std::make_unique<CostlyStage>(), "rram/fc"),
        energy((name + "_energy").c_str(), sink),
        drain((name + "_drain").c_str(), pause) {
    source.out(before);
    stage.in(before);
    stage.out(after);
    stage.energy(energy);
    drain.in(after);
  }
};

class BackwardStage final : public linear::LinearStage {
 public:
  const linear::LinearMap& map() const override { return map_; }
  std::int64_t duration_ps() const override { return -1; }
  void open_accounts(const std::string&, energy::EnergySink&) override {}
  SignalBlock forward(const SignalBlock& x, energy::EnergySink&) override { return x; }

 private:
  linear::LinearMap map_;
};

}  // namespace

// One case: SystemC's kernel is elaborated once a process.
TEST_CASE("a stage module used alone gives the same values, times and energies for every block size (bitwise)",
          "[linear][systemc][fast]") {
  CHECK_THROWS_AS(linear::LinearStageModule("no_stage", nullptr, "x"), std::logic_error);
  CHECK_THROWS_AS(linear::LinearStageModule("backward", std::make_unique<BackwardStage>(), "x"), std::logic_error);

  Bench one("one", 1, SC_ZERO_TIME), seven("seven", 7, SC_ZERO_TIME), many("many", 64, SC_ZERO_TIME);
  Bench slow_reader("slow", 7, sc_time(200, SC_NS));
  sc_start();

  REQUIRE(one.drain.ready_ps.size() == kSamples);
  for (std::size_t s = 0; s < kSamples; ++s) {
    CHECK(one.drain.ready_ps[s] == std::int64_t(s + 1) * kDuration_ps);
    CHECK(one.drain.entered_ps[s] == std::int64_t(s) * kPeriod_ps);
  }
  CHECK(one.drain.blocks == 150);
  CHECK(seven.drain.blocks == 22);
  CHECK(many.drain.blocks == 3);
  CHECK(one.sink.rows.size() == kSamples);
  CHECK(one.sink.components == std::vector<std::string>{"rram/fc"});
  for (const Bench* bench : {&one, &seven, &many, &slow_reader}) {
    INFO(bench->stage.name());
    CHECK(bench->drain.punctual);
    CHECK(bench->drain.values == one.drain.values);
    CHECK(bench->drain.ready_ps == one.drain.ready_ps);
    CHECK(bench->drain.entered_ps == one.drain.entered_ps);
    CHECK(bench->sink.rows == one.sink.rows);
  }
}
