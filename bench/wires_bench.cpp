// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// The crossbar with wires against CHOLMOD on the same nodal equations, and against ngspice on the same array where it
// is installed, in one run on one thread. Each line prints what is needed to judge it: the error of the column currents
// against a solve at the tightest tolerance, iterations, and the ratio of the times, with what is asked of it in its
// label.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "models/electronic/wires/wire_network.hpp"

extern "C" {
#include <suitesparse/cholmod.h>
}

namespace {

using namespace szilard::wires;
struct Problem {
  std::size_t size;
  double ohm;
  std::vector<double> g, v;
  WireParameters wires;

  Problem(std::size_t n, double segment_ohm, std::size_t samples = 1)
      : size(n), ohm(segment_ohm), g(n * n), v(n * samples) {
    std::mt19937_64 engine(n);
    const auto uniform = [&](double from, double to) {
      return from + (to - from) * (static_cast<double>(engine() >> 11) * 0x1p-53);
    };
    for (double& value : g) value = uniform(1e-5, 1e-4);
    for (double& value : v) value = uniform(0.05, 0.3);
    wires.word_segment_ohm = wires.bit_segment_ohm = segment_ohm;
  }
};

/// The 2 n^2 nodal equations, sources and 0 V eliminated, factorised by CHOLMOD as it chooses (supernodal here).
class Cholmod {
 public:
  explicit Cholmod(const Problem& problem) : problem_(problem) {
    cholmod_start(&common_);
    common_.supernodal = CHOLMOD_AUTO;
    assemble();
  }
  ~Cholmod() {
    release();
    cholmod_free_sparse(&matrix_, &common_);
    cholmod_free_dense(&right_, &common_);
    cholmod_finish(&common_);
  }
  Cholmod(const Cholmod&) = delete;
  Cholmod& operator=(const Cholmod&) = delete;

  void factorise() {
    release();
    factor_ = cholmod_analyze(matrix_, &common_);
    cholmod_factorize(matrix_, factor_, &common_);
  }
  std::vector<double> solve(const double* v) {
    const std::size_t n = problem_.size;
    double* const right = static_cast<double*>(right_->x);
    std::fill(right, right + 2 * n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) right[i * n] = v[i] / problem_.ohm;
    cholmod_dense* x = cholmod_solve(CHOLMOD_A, factor_, right_, &common_);
    std::vector<double> currents(n);
    for (std::size_t j = 0; j < n; ++j)
      currents[j] = static_cast<double*>(x->x)[n * n + (n - 1) * n + j] / problem_.ohm;
    cholmod_free_dense(&x, &common_);
    return currents;
  }

 private:
  void release() {
    if (factor_ != nullptr) cholmod_free_factor(&factor_, &common_);
  }
  void assemble() {
    const std::size_t n = problem_.size, all = 2 * n * n;
    cholmod_triplet* triplet = cholmod_allocate_triplet(all, all, 6 * all, -1, CHOLMOD_REAL, &common_);
    const auto add = [&](std::size_t row, std::size_t column, double value) {
      static_cast<int*>(triplet->i)[triplet->nnz] = static_cast<int>(std::max(row, column));
      static_cast<int*>(triplet->j)[triplet->nnz] = static_cast<int>(std::min(row, column));
      static_cast<double*>(triplet->x)[triplet->nnz++] = value;
    };
    const auto branch = [&](std::size_t from, std::size_t to, double conductance) {
      add(from, from, conductance);
      add(to, to, conductance);
      add(from, to, -conductance);
    };
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        branch(i * n + j, n * n + i * n + j, problem_.g[i * n + j]);
        if (j + 1 < n) branch(i * n + j, i * n + j + 1, 1 / problem_.ohm);
        if (i + 1 < n) branch(n * n + i * n + j, n * n + (i + 1) * n + j, 1 / problem_.ohm);
        if (j == 0) add(i * n, i * n, 1 / problem_.ohm);
        if (i + 1 == n) add(n * n + i * n + j, n * n + i * n + j, 1 / problem_.ohm);
      }
    matrix_ = cholmod_triplet_to_sparse(triplet, triplet->nnz, &common_);
    cholmod_free_triplet(&triplet, &common_);
    right_ = cholmod_zeros(all, 1, CHOLMOD_REAL, &common_);
  }

  const Problem& problem_;
  cholmod_common common_;
  cholmod_sparse* matrix_ = nullptr;
  cholmod_factor* factor_ = nullptr;
  cholmod_dense* right_ = nullptr;
};

// Time of this thread's own, which a busy machine disturbs least; both sides run on one thread.
double thread_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <typename Work>
double seconds(const Work& work) {
  const double start = thread_seconds();
  work();
  return thread_seconds() - start;
}

/// The least disturbed of several runs, on both sides.
template <typename Work>
double best_seconds(int repetitions, const Work& work) {
  double best = seconds(work);
  for (int k = 1; k < repetitions; ++k) best = std::min(best, seconds(work));
  return best;
}

struct PeerTimes {
  double factor_s, solve_s;
  std::vector<double> currents;
};

const PeerTimes& cholmod_times(std::size_t n) {
  static std::map<std::size_t, PeerTimes> known;
  if (const auto found = known.find(n); found != known.end()) return found->second;
  const Problem problem(n, 1);
  Cholmod peer(problem);
  PeerTimes times;
  times.factor_s = best_seconds(n <= 128 ? 15 : 5, [&] { peer.factorise(); });
  times.solve_s = best_seconds(15, [&] { times.currents = peer.solve(problem.v.data()); });
  return known.emplace(n, times).first->second;
}

double relative_error(const std::vector<double>& found, const std::vector<double>& truth) {
  double worst = 0;
  for (std::size_t k = 0; k < truth.size(); ++k) worst = std::max(worst, std::abs(found[k] / truth[k] - 1));
  return worst;
}

SolveOptions options_for(double tolerance) {
  SolveOptions options;
  options.tolerance = tolerance;
  options.voltages = options.cell_currents = false;
  return options;
}

// Keep the largest relative error of a column current below 1e-9 (see the counter `error`).
constexpr double kTolerance = 1e-9, kHardTolerance = 3e-11, kMatrixTolerance = 5e-11;

std::vector<double> truth_of(const Problem& problem) {
  WireNetwork network(problem.size, problem.size, problem.g.data(), problem.wires);
  std::vector<double> currents(problem.size);
  network.column_currents(problem.v.data(), 1, currents.data(), options_for(1e-14));
  return currents;
}

void one_input(benchmark::State& state) {
  const Problem problem(static_cast<std::size_t>(state.range(0)), static_cast<double>(state.range(1)));
  std::vector<double> currents(problem.size);
  const SolveOptions options = options_for(problem.ohm > 10 ? kHardTolerance : kTolerance);
  int iterations = 0;
  std::vector<double> times;
  for (auto _ : state)
    times.push_back(seconds([&] {
      WireNetwork network(problem.size, problem.size, problem.g.data(), problem.wires);
      iterations = network.column_currents(problem.v.data(), 1, currents.data(), options);
    }));
  const double best = *std::min_element(times.begin(), times.end());
  state.counters["best_ms"] = 1e3 * best;
  state.counters["iterations"] = iterations;
  state.counters["error"] = relative_error(currents, truth_of(problem));
  if (problem.size == 128 && problem.ohm == 1)
    state.SetLabel("ratio to CHOLMOD, set-up included: at least 300, aim 500");
  if (problem.size == 512 && problem.ohm == 1)
    state.SetLabel("ratio to CHOLMOD, set-up included: at least 200, aim 400");
  if (problem.ohm == 100) state.SetLabel("hard wires: at most 20 iterations, aim 12");
  if (state.range(1) != 1 || problem.size > 512) return;
  const PeerTimes& peer = cholmod_times(problem.size);
  state.counters["cholmod_ms"] = 1e3 * (peer.factor_s + peer.solve_s);
  state.counters["ratio"] = (peer.factor_s + peer.solve_s) / best;
  state.counters["error_cholmod"] = relative_error(currents, peer.currents);
}

void thousand_inputs(benchmark::State& state) {
  constexpr std::size_t kInputs = 1000;
  const Problem problem(128, 1, kInputs);
  std::vector<double> currents(problem.size * kInputs), times;
  EffectiveMatrix matrix;
  for (auto _ : state)
    times.push_back(seconds([&] {
      WireNetwork network(problem.size, problem.size, problem.g.data(), problem.wires);
      matrix = network.effective_matrix(options_for(kMatrixTolerance));
      apply(matrix, problem.v.data(), kInputs, currents.data());
    }));
  const double best = *std::min_element(times.begin(), times.end());
  Cholmod peer(problem);
  // In ten blocks, the least disturbed of which counts ten times.
  constexpr std::size_t kBlocks = 10, kBlock = kInputs / kBlocks;
  const double factor_s = best_seconds(7, [&] { peer.factorise(); });
  double block_s = 1e300;
  for (std::size_t block = 0; block < kBlocks; ++block)
    block_s = std::min(block_s, seconds([&] {
                         for (std::size_t k = 0; k < kBlock; ++k)
                           benchmark::DoNotOptimize(peer.solve(problem.v.data() + (block * kBlock + k) * problem.size));
                       }));
  const double peer_s = factor_s + static_cast<double>(kBlocks) * block_s;
  const std::vector<double> truth = peer.solve(problem.v.data());
  state.counters["iterations"] = matrix.iterations;
  state.counters["error_cholmod"] =
      relative_error({currents.begin(), currents.begin() + static_cast<std::ptrdiff_t>(problem.size)}, truth);
  state.counters["cholmod_ms"] = 1e3 * peer_s;
  state.counters["best_ms"] = 1e3 * best;
  state.counters["ratio"] = peer_s / best;
  state.SetLabel("1,000 inputs, ratio to CHOLMOD: at least 150");
}

/// A number behind a label in ngspice's output; not a number where the label is missing.
double number_after(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  return at == std::string::npos ? std::nan("") : std::strtod(text.c_str() + at + label.size(), nullptr);
}

/// The analysis alone as ngspice times it, without reading the deck; ours with set-up.
void against_ngspice(benchmark::State& state) {
  if (std::system("command -v ngspice > /dev/null 2>&1") != 0) {
    state.SkipWithError("ngspice is not installed");
    return;
  }
  const Problem problem(static_cast<std::size_t>(state.range(0)), 1);
  std::vector<double> currents(problem.size), times;
  for (auto _ : state)
    times.push_back(seconds([&] {
      WireNetwork network(problem.size, problem.size, problem.g.data(), problem.wires);
      network.column_currents(problem.v.data(), 1, currents.data(), options_for(kTolerance));
    }));
  // the shortest of thousands of times that are not far above the clock's step may be 0
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  const double median = times[times.size() / 2];
  std::string deck =
      spice_deck(problem.size, problem.size, problem.g.data(), problem.wires, problem.v.data(), *linear_cell());
  deck.replace(deck.find("\nop\n"), 4, "\nop\nrusage all\n");
  const std::string name =
      (std::filesystem::temp_directory_path() / ("wires_bench_" + std::to_string(getpid()))).string();
  std::ofstream(name + ".cir") << deck;
  const int status = std::system(("ngspice -b " + name + ".cir > " + name + ".out 2>&1").c_str());
  std::ifstream in(name + ".out");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::remove((name + ".cir").c_str());
  std::remove((name + ".out").c_str());
  const double analysis_s = number_after(text, "Total analysis time (seconds) =");
  if (status != 0 || !(analysis_s > 0)) {
    state.SkipWithError("ngspice failed");
    return;
  }
  std::vector<double> truth;
  for (std::size_t j = 0; j < problem.size; ++j)
    truth.push_back(number_after(text, "i(vs" + std::to_string(j) + ") ="));
  state.counters["error_ngspice"] = relative_error(currents, truth);
  state.counters["ngspice_ms"] = 1e3 * analysis_s;
  state.counters["median_ms"] = 1e3 * median;
  state.counters["ratio"] = analysis_s / median;
  state.SetLabel("ratio to ngspice's own analysis");
}

void memory_1024(benchmark::State& state) {
  const auto peak_mib = [] {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
  };
  const Problem problem(1024, 1);
  const double before = peak_mib();
  std::vector<double> currents(problem.size);
  for (auto _ : state) {
    WireNetwork network(problem.size, problem.size, problem.g.data(), problem.wires);
    const Solution solution = network.solve(problem.v.data(), 1);
    benchmark::DoNotOptimize(solution.column_currents_a.data());
  }
  state.counters["before_MiB"] = before;
  state.counters["peak_MiB"] = peak_mib();
  state.SetLabel("peak below 300 MiB, results included");
}

}  // namespace

int main(int argc, char** argv) {
  using benchmark::RegisterBenchmark;
  // First, so that the process's peak is its own.
  RegisterBenchmark("memory_1024", memory_1024)->Iterations(1)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("one_input", one_input)
      ->ArgNames({"lines", "ohm"})
      ->Args({128, 1})
      ->Args({512, 1})
      ->Args({128, 100})
      ->Args({512, 10})
      ->Args({512, 100})
      ->Unit(benchmark::kMillisecond);
  RegisterBenchmark("thousand_inputs", thousand_inputs)->Unit(benchmark::kMillisecond);
  RegisterBenchmark("against_ngspice", against_ngspice)
      ->ArgNames({"lines"})
      ->Arg(32)
      ->Arg(64)
      ->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
