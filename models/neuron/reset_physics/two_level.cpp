// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/neuron/reset_physics/two_level.hpp"

#include <cmath>
#include <stdexcept>

namespace szilard::reset_physics {
namespace {

double softplus(double u) { return u > 0 ? u + std::log1p(std::exp(-u)) : std::log1p(std::exp(u)); }
double inverse_softplus(double y) { return y > 1 ? y + std::log1p(-std::exp(-y)) : std::log(std::expm1(y)); }

/// Gap at which the state is left, or `end` if it survives the rest of the ramp; in the units of the ramp, threshold is
/// -ln(uniform) times the slope. `u` is the gap counted upwards along the ramp.
double leave_rising(double u, double end, double threshold) {  // hazard 1 / (1 + e^-u)
  const double y = softplus(u) + threshold;
  return y >= softplus(end) ? end : std::fmin(inverse_softplus(y), end);
}
double leave_falling(double u, double end, double threshold) {  // hazard 1 / (1 + e^u)
  const double y = softplus(-u) - threshold;
  return y <= softplus(-end) ? end : std::fmin(-inverse_softplus(y), end);
}

class Path {
 public:
  Path(const TwoLevelReset& reset, const support::RandomStream& random, std::uint64_t number)
      : reset_(reset), random_(random), number_(number) {
    state_ = uniform() < reset.start_occupation;
    start_state = state_;
  }

  void run() {
    if (state_) work += reset_.start_gap_kT;
    if (reset_.start_gap_kT == reset_.end_gap_kT) hold();
    else ramp();
    end_state = state_;
    if (state_) work -= reset_.end_gap_kT;
  }

  double work = 0, heat = 0;
  bool start_state = false, end_state = false;

 private:
  double uniform() { return random_.uniform(number_, index_++); }

  void jump(double gap) {
    heat += state_ ? gap : -gap;
    state_ = !state_;
  }

  void hold() {
    const double gap = reset_.end_gap_kT;
    const double rate_down = 1 / (1 + std::exp(-gap)), rate_up = 1 / (1 + std::exp(gap));
    double left = reset_.duration;
    while ((left += std::log(uniform()) / (state_ ? rate_down : rate_up)) > 0) jump(gap);
  }

  void ramp() {
    // A falling ramp is a rising one of the negative gap with the states' rates exchanged.
    const double sign = reset_.end_gap_kT > reset_.start_gap_kT ? 1 : -1;
    const double end = sign * reset_.end_gap_kT;
    double u = sign * reset_.start_gap_kT;
    const double slope = (end - u) / reset_.duration;
    while (true) {
      const double threshold = -std::log(uniform()) * slope;
      const double next = state_ == (sign > 0) ? leave_rising(u, end, threshold) : leave_falling(u, end, threshold);
      if (state_) work += sign * (next - u);
      u = next;
      if (next >= end) return;
      jump(sign * u);
    }
  }

  const TwoLevelReset& reset_;
  const support::RandomStream& random_;
  std::uint64_t number_;
  std::uint32_t index_ = 0;
  bool state_ = false;
};

}  // namespace

double TwoLevelReset::equilibrium_gap(double q) {
  if (!(q > 0 && q < 1)) throw std::invalid_argument("an occupation that a protocol knows lies in (0, 1)");
  return std::log1p(-q) - std::log(q);
}

void validate(const TwoLevelReset& reset) {
  if (!(reset.start_occupation >= 0 && reset.start_occupation <= 1))
    throw std::invalid_argument("start_occupation lies in [0, 1]");
  if (!(reset.duration > 0 && std::isfinite(reset.duration)))
    throw std::invalid_argument("duration is positive and finite");
  if (!(std::abs(reset.start_gap_kT) <= kLargestGap_kT)) throw std::invalid_argument("start_gap lies within 700 kT");
  if (!(std::abs(reset.end_gap_kT) <= kLargestGap_kT)) throw std::invalid_argument("end_gap lies within 700 kT");
}

ResetPaths simulate(const TwoLevelReset& reset, std::size_t paths, const support::RandomStream& random,
                    std::uint64_t first_path) {
  validate(reset);
  ResetPaths out(paths);
  for (std::size_t i = 0; i < paths; ++i) {
    Path path(reset, random, first_path + i);
    path.run();
    // The gap is 0 before and after, so the bit's energy does not change.
    out.work_kT[i] = path.work;
    out.heat_kT[i] = path.heat;
    out.start_state[i] = path.start_state;
    out.end_state[i] = path.end_state;
  }
  return out;
}

}  // namespace szilard::reset_physics
