// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
//
// What a study adds to its points: bench_study OUTPUT_DIRECTORY [POINTS [SAMPLES]]. A sweep of 2,000 points of about
// 100 ms, by one job and by two. Overhead is what remains beside the sum of the points' own times: by the clock, and in
// processor time (coordinator, forks, ends of processes), which other work on the machine does not inflate. Speed-up by
// the clock, and the one that two idle processors would give: the share of the time in which both jobs have a point,
// times what a point costs alone over what it costs beside another.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sim/study/study.hpp"

namespace {

using namespace szilard;

struct Measured {
  study::SweepEnd end;
  double loading_cpu_s = 0;                  ///< of this process, before the first point: once a study
  double own_cpu_s = 0, children_cpu_s = 0;  ///< of this process since then, and of all points' processes
};

double cpu_s(int who) {
  rusage usage = {};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string scenario(std::size_t points, std::size_t samples) {
  const std::string data = std::string(SZILARD_SOURCE_DIR) + "/scenarios/data/";
  return "szilard: 1\nname: bench-study\ntemperature: 300 K\nnetwork: " + data +
         "mnist_mlp_784_128_64_10.onnx\ndataset: {inputs: " + data + "mnist_test_images.npy, labels: " + data +
         "mnist_test_labels.npy, scale: 0.00392156862745098, samples: " + std::to_string(samples) +
         "}\nplatforms:\n  - name: rram\n    linear: {model: electronic_crossbar, preset: rram_wan2022}\n"
         "    input: {model: dac, bits: 8}\n    neuron: {model: relu_bit, reset: landauer_ideal}\nsweep:\n  limit: " +
         std::to_string(points + 1) +
         "\n  axes:\n    - {key: temperature, linear: {from: 250 K, to: 350 K, steps: " + std::to_string(points) +
         "}}\n";
}

Measured sweep(const std::string& folder, const std::string& name, std::size_t points, std::size_t samples,
               std::size_t jobs) {
  const std::string path = folder + "/" + name + ".yaml";
  std::ofstream(path) << scenario(points, samples);
  study::SweepOptions options;
  options.directory = folder + "/" + name;
  options.jobs = jobs;
  std::filesystem::remove_all(options.directory);
  const double own_before = cpu_s(RUSAGE_SELF), children_before = cpu_s(RUSAGE_CHILDREN);
  Measured measured;
  double loaded = own_before;
  measured.end = study::sweep(path, {}, options, [&](const study::SweepProgress&) {
    if (loaded == own_before) loaded = cpu_s(RUSAGE_SELF);
  });
  measured.loading_cpu_s = loaded - own_before;
  measured.own_cpu_s = cpu_s(RUSAGE_SELF) - loaded;
  measured.children_cpu_s = cpu_s(RUSAGE_CHILDREN) - children_before;
  if (measured.end.done != points) throw std::runtime_error("points failed: " + measured.end.messages.front());
  return measured;
}

void print(const char* label, std::size_t jobs, const Measured& m) {
  const double points = double(m.end.done);
  std::printf(
      "%-8s %6.0f points of %.1f ms (%.1f ms of processor), %.1f s by the clock: overhead %.2f %% by the clock; of "
      "processor time %.2f %% (%.2f ms a point) in the coordinator, %.2f %% (%.2f ms) in beginning and ending "
      "processes, "
      "%.2f s once before\n",
      label, points, 1e3 * m.end.points_s / points, 1e3 * m.end.points_cpu_s / points, m.end.wall_s,
      100 * (double(jobs) * m.end.wall_s / m.end.points_s - 1), 100 * m.own_cpu_s / m.end.points_cpu_s,
      1e3 * m.own_cpu_s / points, 100 * (m.children_cpu_s / m.end.points_cpu_s - 1),
      1e3 * (m.children_cpu_s - m.end.points_cpu_s) / points, m.loading_cpu_s);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_study OUTPUT_DIRECTORY [POINTS [SAMPLES]]\n");
    return 2;
  }
  const std::size_t points = argc > 2 ? std::size_t(std::atoi(argv[2])) : 2000;
  std::filesystem::create_directories(argv[1]);
  std::size_t samples = argc > 3 ? std::size_t(std::atoi(argv[3])) : 1000;
  for (int trial = 0; trial < 3 && argc <= 3; ++trial) {
    const Measured some = sweep(argv[1], "trial", 8, samples, 1);
    samples = std::min<std::size_t>(10000, std::size_t(double(samples) * 0.1 * 8 / some.end.points_cpu_s));
  }
  const Measured one = sweep(argv[1], "one", points, samples, 1), two = sweep(argv[1], "two", points, samples, 2);
  print("1 job", 1, one);
  print("2 jobs", 2, two);
  const double slots = two.end.points_s / two.end.wall_s, slowed = two.end.points_cpu_s / one.end.points_cpu_s;
  std::printf(
      "speed-up of two jobs: %.3f by the clock; %.3f points at a time, each of %.3f times the processor time: %.3f\n",
      one.end.wall_s / two.end.wall_s, slots, slowed, slots / slowed);
  std::printf("limits: overhead 2 %%, speed-up 1.9\n");
}
