// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/double_well.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

#include "models/neuron/reset_physics/langevin_kernel.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/instruction_set.hpp"

namespace szilard::reset_physics {
namespace {

constexpr double kLargestZ = 0.08;
constexpr double kLeastSteps = 50;
constexpr std::size_t kGroups = 16;  ///< that share one look at the schedule; their state stays in the first cache

std::vector<std::uint32_t> steps_of_segments(const DoubleWellReset& reset) {
  const double step = reset.step > 0 ? reset.step : chosen_step(reset);
  std::vector<std::uint32_t> out;
  double total = 0;
  for (std::size_t i = 0; i + 1 < reset.schedule.knots.size(); ++i) {
    const double length = (reset.schedule.knots[i + 1].at - reset.schedule.knots[i].at) * reset.duration;
    const double steps = length > 0 ? std::ceil(length / step) : 0;
    total += steps;
    if (!(total < double(std::numeric_limits<std::uint32_t>::max())))
      throw std::invalid_argument("the reset takes more than 2^32 steps: duration times stiffness is too large");
    out.push_back(std::uint32_t(steps));
  }
  return out;
}

/// The steps of the schedule one after another. The potential during a step is that of its middle; each change from the
/// one before stands at the step's beginning.
class StepSource {
 public:
  StepSource(const DoubleWellReset& reset, std::vector<std::uint32_t> counts)
      : reset_(reset), counts_(std::move(counts)), before_(reset.schedule.first()) {}

  std::size_t fill(LangevinStep* out, std::size_t limit) {
    std::size_t filled = 0;
    while (filled < limit && segment_ < counts_.size()) {
      if (next_ == counts_[segment_]) {
        ++segment_;
        next_ = 0;
        continue;
      }
      const double count = counts_[segment_];
      const auto& knots = reset_.schedule.knots;
      LangevinStep& step = out[filled++];
      const Potential now = reset_.schedule.at(segment_, (next_ + 0.5) / count);
      for (std::size_t k = 0; k < 6; ++k) {
        step.change[k] = now.c[k] - before_.c[k];
        step.force[k] = -double(k + 1) * now.c[k];
      }
      step.dt = (knots[segment_ + 1].at - knots[segment_].at) * reset_.duration / count;
      step.noise = std::sqrt(2 * step.dt);
      before_ = now;
      ++next_;
    }
    return filled;
  }
  const Potential& before() const { return before_; }

 private:
  const DoubleWellReset& reset_;
  std::vector<std::uint32_t> counts_;
  std::size_t segment_ = 0;
  std::uint32_t next_ = 0;
  Potential before_;
};

void (*kernel_for(const Schedule& schedule))(const LangevinRun&) {
  bool quartic = true, tilted = true;
  const auto& fixed = schedule.first().c;
  for (const Schedule::Knot& knot : schedule.knots) {
    const auto& c = knot.potential.c;
    quartic = quartic && c[4] == 0 && c[5] == 0;
    tilted = tilted && c[2] == fixed[2] && c[3] == fixed[3];
  }
  const LangevinKernels& kernels = langevin_kernels();
  return !quartic ? kernels.sextic : tilted ? kernels.tilted_quartic : kernels.quartic;
}

double change_at(const Potential& from, const Potential& to, double x) {
  Potential change;
  for (std::size_t k = 0; k < 6; ++k) change.c[k] = to.c[k] - from.c[k];
  return change.energy(x);
}

}  // namespace

const LangevinKernels& langevin_kernels() {
  static const LangevinKernels chosen = [] {
    switch (support::instruction_set()) {
      case support::InstructionSet::v2:
        return langevin_kernels_v2();
      case support::InstructionSet::v3:
        return langevin_kernels_v3();
      case support::InstructionSet::v4:
        return langevin_kernels_v4();
    }
    throw std::logic_error("instruction set without kernels");
  }();
  return chosen;
}

void validate(const DoubleWellReset& reset) {
  validate(reset.schedule);
  if (!(reset.duration > 0 && std::isfinite(reset.duration)))
    throw std::invalid_argument("duration is positive and finite");
  if (!(reset.start_occupation >= 0 && reset.start_occupation <= 1))
    throw std::invalid_argument("start_occupation lies in [0, 1]");
  if (!(reset.step >= 0 && std::isfinite(reset.step))) throw std::invalid_argument("step is not negative and finite");
  if (!std::isfinite(reset.divide)) throw std::invalid_argument("divide is finite");
  const double left = Equilibrium(reset.schedule.first(), reset.divide).left_occupation();
  if (!(left > 0 && left < 1)) throw std::invalid_argument("the first potential has no well on one side of divide");
}

double chosen_step(const DoubleWellReset& reset) {
  double curvature = 0, shortest = 1;
  const auto& knots = reset.schedule.knots;
  for (std::size_t i = 0; i < knots.size(); ++i) {
    curvature = std::max(curvature, Equilibrium(knots[i].potential).mean_curvature());
    if (i > 0 && knots[i].at > knots[i - 1].at) shortest = std::min(shortest, knots[i].at - knots[i - 1].at);
  }
  return std::min(kLargestZ / curvature, shortest * reset.duration / kLeastSteps);
}

std::uint64_t step_count(const DoubleWellReset& reset) {
  std::uint64_t total = 0;
  for (std::uint32_t steps : steps_of_segments(reset)) total += steps;
  return total;
}

DoubleWellSimulator::DoubleWellSimulator(DoubleWellReset reset)
    : reset_((validate(reset), std::move(reset))),
      start_(reset_.schedule.first(), reset_.divide),
      counts_(steps_of_segments(reset_)) {}

std::uint64_t DoubleWellSimulator::steps() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t(0));
}

ResetPaths DoubleWellSimulator::simulate(std::size_t paths, const support::RandomStream& random,
                                         std::uint64_t first_path) const {
  const support::RandomStream states(random.seed(), random.stream() ^ support::stream_of("double_well/start_state"));
  std::vector<std::uint8_t> start_state(paths);
  for (std::size_t i = 0; i < paths; ++i) start_state[i] = states.uniform(first_path + i, 0) < reset_.start_occupation;
  return simulate(start_state, random, first_path);
}

ResetPaths DoubleWellSimulator::simulate(const std::vector<std::uint8_t>& start_state,
                                         const support::RandomStream& random, std::uint64_t first_path,
                                         std::vector<double>* end_x) const {
  const support::RandomStream places(random.seed(), random.stream() ^ support::stream_of("double_well/start_place"));
  const Schedule& schedule = reset_.schedule;
  const auto kernel = kernel_for(schedule);
  ResetPaths out(start_state.size());
  if (end_x) end_x->resize(start_state.size());
  support::AlignedVector<double> gaussians(kLangevinPaths * kLangevinSteps);
  support::AlignedVector<LangevinState> states(kGroups);
  std::vector<double> start_x(kGroups * kLangevinPaths);
  LangevinStep steps[kLangevinSteps];

  for (std::size_t first = 0; first < start_state.size(); first += start_x.size()) {
    const std::size_t used = std::min(start_x.size(), start_state.size() - first);
    const std::size_t groups = (used + kLangevinPaths - 1) / kLangevinPaths;
    for (std::size_t i = 0; i < groups * kLangevinPaths; ++i) {
      const bool one = start_state[first + std::min(i, used - 1)] != 0;
      const double u = places.uniform(first_path + first + i, 0), left = start_.left_occupation();
      start_x[i] = start_.quantile(one ? u * left : left + u * (1 - left));
      LangevinState& state = states[i / kLangevinPaths];
      const std::size_t lane = i % kLangevinPaths;
      state.x[lane] = start_x[i];
      state.work[lane] = state.heat[lane] = 0;
    }
    StepSource source(reset_, counts_);
    std::uint32_t index = 0;
    while (const std::size_t count = source.fill(steps, kLangevinSteps)) {
      for (std::size_t group = 0; group < groups; ++group) {
        random.gaussians_block(first_path + first + group * kLangevinPaths, kLangevinPaths, kLangevinPaths, index,
                               count, gaussians.data());
        kernel({steps, count, gaussians.data(), &states[group]});
      }
      index += std::uint32_t(count);
    }
    for (std::size_t i = 0; i < used; ++i) {
      const LangevinState& state = states[i / kLangevinPaths];
      const std::size_t lane = i % kLangevinPaths;
      const double x = state.x[lane];
      if (!std::isfinite(x)) throw std::runtime_error("a path left the potential: the step is too large");
      out.work_kT[first + i] = state.work[lane] + change_at(source.before(), schedule.last(), x);
      out.heat_kT[first + i] = state.heat[lane];
      out.energy_change_kT[first + i] = schedule.last().energy(x) - schedule.first().energy(start_x[i]);
      out.start_state[first + i] = start_state[first + i];
      out.end_state[first + i] = x < reset_.divide;
      if (end_x) (*end_x)[first + i] = x;
    }
  }
  return out;
}

ResetPaths simulate(const DoubleWellReset& reset, std::size_t paths, const support::RandomStream& random,
                    std::uint64_t first_path) {
  return DoubleWellSimulator(reset).simulate(paths, random, first_path);
}

ResetPaths simulate(const DoubleWellReset& reset, const std::vector<std::uint8_t>& start_state,
                    const support::RandomStream& random, std::uint64_t first_path, std::vector<double>* end_x) {
  return DoubleWellSimulator(reset).simulate(start_state, random, first_path, end_x);
}

}  // namespace szilard::reset_physics
