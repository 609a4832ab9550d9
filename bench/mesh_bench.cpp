// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Fields through an interferometer mesh beside the dense complex product with its matrix, both in float, one thread.
// The dense product is the faster of two: one real product of twice the size on szilard's kernels, and the peer's
// complex one. Ends with ratios and the time of a decomposition.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/mesh_peer.hpp"
#include "models/linear/product.hpp"
#include "models/optical/fused_mesh.hpp"
#include "models/optical/jittered_mesh.hpp"
#include "models/optical/shaken_mesh.hpp"
#include "tests/models/optical/random_matrices.hpp"
#include "tests/models/optical/stage_bench.hpp"

namespace szilard::bench {
namespace {

using optical::ComplexMatrix;
using support::AlignedVector;

constexpr std::size_t kFields = 1000, kStride = 1008;  // whole registers
constexpr std::size_t kShakenAtOnce = 96;              // samples, as stages send them

template <typename Real>
struct Rows {
  AlignedVector<Real> values;
  std::vector<Real*> at;
  std::vector<const Real*> from;
  explicit Rows(std::size_t rows) : values(rows * kStride, Real(0)) {
    for (std::size_t r = 0; r < rows; ++r) {
      at.push_back(values.data() + r * kStride);
      from.push_back(at.back());
    }
  }
};

struct Bench {
  explicit Bench(std::size_t modes)
      : n(modes),
        unitary(test::random_unitary(modes, 1)),
        mesh(optical::decompose(unitary, optical::Topology::clements)),
        in(2 * n),
        out(2 * n),
        stacked(4 * n * n),
        peer_matrix(n * n),
        peer_in(n * kFields),
        peer_out(n * kFields) {
    const support::RandomStream stream(2, 1);
    for (std::size_t m = 0; m < 2 * n; ++m)
      for (std::size_t s = 0; s < kFields; ++s) in.at[m][s] = float(stream.gaussian(s, std::uint32_t(m)));
    for (std::size_t o = 0; o < n; ++o) {
      for (std::size_t k = 0; k < n; ++k) {
        const auto entry = unitary(Eigen::Index(o), Eigen::Index(k));
        stacked[o * 2 * n + k] = stacked[(n + o) * 2 * n + n + k] = float(entry.real());
        stacked[o * 2 * n + n + k] = -float(entry.imag());
        stacked[(n + o) * 2 * n + k] = float(entry.imag());
        peer_matrix[o * n + k] = {float(entry.real()), float(entry.imag())};
      }
      for (std::size_t s = 0; s < kFields; ++s) peer_in[o * kFields + s] = {in.at[o][s], in.at[n + o][s]};
    }
  }

  std::size_t n;
  ComplexMatrix unitary;
  optical::Mesh mesh;
  Rows<float> in, out;
  AlignedVector<float> stacked;  // [Re, -Im; Im, Re]
  std::vector<std::complex<float>> peer_matrix, peer_in, peer_out;
};

Bench& bench(std::size_t modes) {
  static std::map<std::size_t, std::unique_ptr<Bench>> all;
  std::unique_ptr<Bench>& one = all[modes];
  if (!one) one = std::make_unique<Bench>(modes);
  return *one;
}

void dense(benchmark::State& state) {
  Bench& b = bench(std::size_t(state.range(0)));
  for (auto _ : state) {
    linear::product(b.stacked.data(), 2 * b.n, nullptr, b.in.from.data(), 2 * b.n, 2 * b.n, kStride, b.out.at.data());
    benchmark::DoNotOptimize(b.out.values.data());
  }
}

void dense_peer(benchmark::State& state) {
  Bench& b = bench(std::size_t(state.range(0)));
  for (auto _ : state) {
    complex_product(b.peer_matrix.data(), b.peer_in.data(), b.n, kFields, b.peer_out.data());
    benchmark::DoNotOptimize(b.peer_out.data());
  }
}

void mesh(benchmark::State& state) {
  Bench& b = bench(std::size_t(state.range(0)));
  const optical::FusedMesh<float> fused(b.mesh);
  for (auto _ : state) {
    fused.propagate(b.in.from.data(), b.in.from.data() + b.n, kFields, b.out.at.data(), b.out.at.data() + b.n);
    benchmark::DoNotOptimize(b.out.values.data());
  }
  state.counters["plain_share"] = fused.plain_share();
}

void jittered_mesh(benchmark::State& state) {
  Bench& b = bench(std::size_t(state.range(0)));
  const optical::JitteredMesh jittered(b.mesh, 0.01, 1, "bench");
  for (auto _ : state) {
    jittered.propagate(0, b.in.from.data(), b.in.from.data() + b.n, kFields, b.out.at.data(), b.out.at.data() + b.n);
    benchmark::DoNotOptimize(b.out.values.data());
  }
}

/// As stages have it: double precision, power kept to rounding. Phases shake by state.range(1) milliradians.
void shaken_mesh(benchmark::State& state) {
  Bench& b = bench(std::size_t(state.range(0)));
  const optical::ShakenMesh shaken(b.mesh, double(state.range(1)) * 1e-3, 1, "bench");
  Rows<double> fields(2 * b.n);
  std::vector<double> absorbed(kFields);
  for (auto _ : state) {
    for (std::size_t m = 0; m < 2 * b.n; ++m) std::copy(b.in.at[m], b.in.at[m] + kStride, fields.at[m]);
    for (std::size_t first = 0; first < kFields; first += kShakenAtOnce)
      shaken.propagate(first, std::min(kShakenAtOnce, kFields - first), kStride, 0, fields.at[0] + first,
                       fields.at[b.n] + first, absorbed.data());
    benchmark::DoNotOptimize(fields.values.data());
  }
}

/// A whole stage, its two meshes, books and receivers.
void shaken_stage(benchmark::State& state) {
  const auto modes = std::size_t(state.range(0));
  optical::CoherentParameters p = test::mesh_parameters(modes);
  p.phase_jitter_rad = 0.01;
  optical::CoherentStage stage(test::dense_layer(modes, modes, 3), p, 1.0, 1, "bench");
  const support::SignalBlock x = test::signals(modes, kFields, 7, -1);
  for (auto _ : state) {
    energy::Ledger ledger(0, kFields);
    stage.open_accounts("photonic/fc", ledger);
    benchmark::DoNotOptimize(stage.forward(x, ledger));
  }
}

void dense_double(benchmark::State& state) {
  Bench& b = bench(std::size_t(state.range(0)));
  AlignedVector<double> stacked(b.stacked.begin(), b.stacked.end());
  Rows<double> in(2 * b.n), out(2 * b.n);
  for (std::size_t m = 0; m < 2 * b.n; ++m) std::copy(b.in.at[m], b.in.at[m] + kStride, in.at[m]);
  for (auto _ : state) {
    linear::product(stacked.data(), 2 * b.n, nullptr, in.from.data(), 2 * b.n, 2 * b.n, kStride, out.at.data());
    benchmark::DoNotOptimize(out.values.data());
  }
}

void decomposition(benchmark::State& state) {
  Bench& b = bench(std::size_t(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(optical::decompose(b.unitary, optical::Topology::clements));
}

BENCHMARK(dense)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->Repetitions(5);
BENCHMARK(dense_peer)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->Repetitions(5);
BENCHMARK(mesh)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->Repetitions(5);
BENCHMARK(jittered_mesh)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(shaken_mesh)
    ->Args({64, 10})
    ->Args({256, 10})
    ->Args({256, 100})
    ->Unit(benchmark::kMillisecond)
    ->Repetitions(3);
BENCHMARK(shaken_stage)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(dense_double)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->Repetitions(3);
BENCHMARK(decomposition)->Arg(256)->Unit(benchmark::kMillisecond)->Repetitions(3);

/// Keeps the best time of each benchmark: other programs on the machine only ever make it longer.
class Reporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const std::string name = run.run_name.function_name + "/" + run.run_name.args;
      const double ms = run.GetAdjustedCPUTime();
      const auto found = best_ms.find(name);
      best_ms[name] = found == best_ms.end() ? ms : std::min(found->second, ms);
    }
    benchmark::ConsoleReporter::ReportRuns(runs);
  }
  std::map<std::string, double> best_ms;
};

void print_ratios(const std::map<std::string, double>& best_ms) {
  const auto time = [&](const std::string& name) {
    const auto found = best_ms.find(name);
    return found == best_ms.end() ? 0.0 : found->second;
  };
  for (const std::string modes : {"64", "256"}) {
    const double own = time("dense/" + modes), peer = time("dense_peer/" + modes), through = time("mesh/" + modes);
    if (own == 0 || peer == 0 || through == 0) continue;
    std::cout << modes << " modes, " << kFields << " fields: mesh " << through << " ms, dense " << std::min(own, peer)
              << " ms, ratio " << through / std::min(own, peer) << '\n';
    if (time("jittered_mesh/" + modes) > 0)
      std::cout << modes << " modes, phases jittering in each shot: " << time("jittered_mesh/" + modes) << " ms, ratio "
                << time("jittered_mesh/" + modes) / std::min(own, peer) << '\n';
    const double dense_double = time("dense_double/" + modes);
    const auto beside_double = [&](const std::string& what, const std::string& name, double meshes = 1) {
      if (time(name) > 0 && dense_double > 0)
        std::cout << modes << " modes, " << what << ": " << time(name) << " ms, dense " << meshes * dense_double
                  << " ms, ratio " << time(name) / (meshes * dense_double) << '\n';
    };
    beside_double("jitter in double precision, 10 mrad", "shaken_mesh/" + modes + "/10");
    beside_double("jitter in double precision, 100 mrad", "shaken_mesh/" + modes + "/100");
    beside_double("a whole stage with jitter, 10 mrad, two meshes beside two products", "shaken_stage/" + modes, 2);
  }
  if (time("decomposition/256") > 0)
    std::cout << "decomposition of 256 x 256: " << time("decomposition/256") << " ms\n";
}

}  // namespace
}  // namespace szilard::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  szilard::bench::Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  szilard::bench::print_ratios(reporter.best_ms);
}
