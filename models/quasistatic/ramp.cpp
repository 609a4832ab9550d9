// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/ramp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/quasistatic/relaxation.hpp"

namespace szilard::quasistatic {
namespace {

using support::SignalBlock;

// Default steps, in units of the inverse stiffest rate r. Jumps of the inputs cost (r dt)^2 / 12 too much, Heun's
// variance is short of (r dt)^2 / 4: with noise both vanish behind the sampling error of some ten thousand paths;
// without noise the step shrinks until a ramp takes kColdSteps.
constexpr double kWarmStep = 0.05, kColdStep = 0.005, kColdSteps = 2e5;
constexpr double kLeastWarmSteps = 200, kLeastColdSteps = 2000, kMostSteps = 4e9;
constexpr std::size_t kWorkingSet = 384 << 10;  ///< bytes that the rows of a block may take: half a second-level cache
constexpr std::size_t kLaneQuantum = 24;        ///< the product kernels' favourite width

void check(const Network& network, const SignalBlock& from, const SignalBlock& to, const RampRequest& request) {
  network.check();
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(what);
  };
  require(from.features() == network.inputs() && to.features() == network.inputs(), "inputs do not fit the network");
  require(from.samples() == to.samples() && from.samples() > 0, "a ramp needs as many end inputs as start inputs");
  require(request.duration >= 0 && std::isfinite(request.duration), "the duration is not negative and finite");
  require(request.hold >= 0 && std::isfinite(request.hold), "the hold time is not negative and finite");
  require(request.read_every >= 0 && request.read_every <= request.hold,
          "readings are no further apart than the hold time is long");
  require(request.kT >= 0 && std::isfinite(request.kT), "kT is not negative and finite");
  require(request.paths > 0, "at least one path is needed");
}

/// Steps of equal length for the ramp and what follows.
struct Grid {
  std::size_t ramp = 0, readings = 1, steps_a_reading = 0;
  double step = 0;
};

std::size_t steps_of(double time, double step, double least) {
  if (time == 0) return 0;
  const double steps = std::max(std::ceil(time / step - 1e-9), least);
  if (steps > kMostSteps) throw TooManySteps("the ramp would take more than 4e9 steps");
  return std::size_t(steps);
}

Grid grid_of(const Network& network, const RampRequest& request, Integrator integrator) {
  const bool moves = request.duration > 0 || request.hold > 0;
  if (!moves) return {};
  const double rate = stiffest_rate(network, request.kT);
  Grid grid;
  if (request.steps > 0 && request.duration > 0) {
    grid.ramp = request.steps;
    grid.step = request.duration / double(grid.ramp);
  } else {
    const double time = request.duration > 0 ? request.duration : request.hold;
    const double share = request.kT > 0 ? kWarmStep : std::clamp(time * rate / kColdSteps, kColdStep, kWarmStep);
    const std::size_t steps = steps_of(time, share / rate, request.kT > 0 ? kLeastWarmSteps : kLeastColdSteps);
    grid.step = time / double(steps);
    if (request.duration > 0) grid.ramp = steps;
  }
  const std::size_t hold = steps_of(request.hold, grid.step, 1);
  if (hold > 0) {
    grid.steps_a_reading = std::size_t(std::max(1.0, std::round(request.read_every / grid.step)));
    grid.readings = std::max<std::size_t>(1, (hold + grid.steps_a_reading / 2) / grid.steps_a_reading);
  }
  if (integrator != Integrator::exact && grid.step * rate > 2) throw UnstableStep(grid.step, 2 / rate);
  return grid;
}

std::size_t block_lanes(std::size_t units, std::size_t lanes) {
  const std::size_t quantum = lanes < kLaneQuantum ? support::kSignalLanes : kLaneQuantum;
  const std::size_t fit = kWorkingSet / (units * 8 * sizeof(double));
  const std::size_t most = std::clamp<std::size_t>(fit / quantum * quantum, quantum, 16 * kLaneQuantum);
  return std::min(most, (lanes + quantum - 1) / quantum * quantum);
}

/// Paths side by side, from start to end.
class Block {
 public:
  Block(const Network& network, const SignalBlock& from, const SignalBlock& to, const RampRequest& request,
        const std::vector<Way>& ways, const Grid& grid, Integrator integrator, std::size_t lanes)
      : network_(network),
        from_(from),
        to_(to),
        request_(request),
        ways_(ways),
        grid_(grid),
        integrator_(integrator),
        noise_(request.seed, network.units()),
        relaxation_(network, lanes, grid.step, request.kT, integrator),
        start_(network.layers[0].map.total_outputs(), lanes),
        end_(start_),
        z_(request.kT > 0 ? network.units() : 0, lanes),
        part_(lanes, 0.0),
        work_(lanes),
        heat_(lanes),
        change_(lanes) {}

  void run(std::size_t first, std::size_t count, RampResult& result) {
    prepare(first, count);
    Layout const& layout = relaxation_.layout();
    std::fill(work_.begin(), work_.end(), 0.0);
    std::fill(heat_.begin(), heat_.end(), 0.0);
    std::fill(change_.begin(), change_.end(), 0.0);
    relaxation_.set_drive(start_, end_, part_.data());
    layout.set_arguments(relaxation_.states());
    layout.add_energy(relaxation_.states(), -1, change_.data());
    for (std::size_t n = 0; n < grid_.ramp; ++n) {
      move_inputs(first, (double(n) + 0.5) / double(grid_.ramp));
      relax(n, first, count);
    }
    move_inputs(first, 1);
    read_out(first, count, result);
    layout.add_energy(relaxation_.states(), 1, change_.data());
    for (std::size_t s = 0; s < count; ++s) {
      result.work[first + s] = work_[s];
      result.heat[first + s] = heat_[s];
      result.energy_change[first + s] = change_[s];
    }
    for (std::size_t i = 0; request_.keep_units && i < layout.units(); ++i)
      std::copy(relaxation_.states().x.row(i), relaxation_.states().x.row(i) + count, result.units.row(i) + first);
  }

 private:
  void spread(const SignalBlock& samples, std::size_t first, std::size_t count, Field& out) const {
    for (std::size_t i = 0; i < out.rows; ++i)
      for (std::size_t s = 0; s < out.lanes; ++s)
        out.row(i)[s] = samples.row(i)[std::min(first + s, first + count - 1) / request_.paths];
  }

  void prepare(std::size_t first, std::size_t count) {
    const Layout& layout = relaxation_.layout();
    const std::size_t lanes = layout.lanes();
    Field inputs(network_.inputs(), lanes);
    SignalBlock at_start(0, lanes, network_.inputs());
    spread(to_, first, count, inputs);
    layout.drive(inputs, end_);
    if (integrator_ == Integrator::exact) minimum_of(inputs, minimum_end_);
    spread(from_, first, count, inputs);
    layout.drive(inputs, start_);
    if (integrator_ == Integrator::exact) minimum_of(inputs, minimum_start_);
    for (std::size_t i = 0; i < inputs.rows; ++i) std::copy(inputs.row(i), inputs.row(i) + lanes, at_start.row(i));
    const SignalBlock x =
        draw_equilibrium(network_, at_start, request_.kT, noise_.start(), request_.first_path + first);
    for (std::size_t i = 0; i < layout.units(); ++i)
      std::copy(x.row(i), x.row(i) + lanes, relaxation_.states().x.row(i));
    std::fill(part_.begin(), part_.end(), 0.0);
  }

  void minimum_of(const Field& inputs, Field& minimum) const {
    SignalBlock block(0, inputs.lanes, inputs.rows);
    for (std::size_t i = 0; i < inputs.rows; ++i) std::copy(inputs.row(i), inputs.row(i) + inputs.lanes, block.row(i));
    const SignalBlock x = feed_forward(network_, block);
    minimum = Field(network_.units(), inputs.lanes);
    for (std::size_t i = 0; i < minimum.rows; ++i) std::copy(x.row(i), x.row(i) + inputs.lanes, minimum.row(i));
  }

  /// Work is what the inputs' move does to H at fixed units: only the first layer's springs see it.
  void move_inputs(std::size_t first, double t) {
    States& states = relaxation_.states();
    const std::size_t last_path = from_.samples() * request_.paths - 1;
    const double shared = request_.shape == Shape::optimal ? 0 : share(t, {});
    for (std::size_t s = 0; s < part_.size(); ++s)
      part_[s] =
          request_.shape == Shape::optimal ? share(t, ways_[std::min(first + s, last_path) / request_.paths]) : shared;
    relaxation_.layout().add_energy_of(0, states, -1, work_.data());
    relaxation_.set_drive(start_, end_, part_.data());
    relaxation_.layout().add_energy_of(0, states, 1, work_.data());
    if (integrator_ == Integrator::exact) relaxation_.set_minimum(minimum_start_, minimum_end_, part_.data());
  }

  double share(double t, const Way& way) const {
    return request_.reverse ? 1 - position(request_.shape, 1 - t, way) : position(request_.shape, t, way);
  }

  void relax(std::size_t step, std::size_t first, std::size_t count) {
    if (request_.kT > 0) noise_.draw(step, request_.first_path + first, count, z_);
    relaxation_.step(z_, heat_.data());
  }

  void read_out(std::size_t first, std::size_t count, RampResult& result) {
    const Layout& layout = relaxation_.layout();
    const std::size_t lanes = layout.lanes(), outputs = network_.layers.back().delivered();
    std::vector<double> sum(outputs * lanes, 0.0);
    for (std::size_t n = 0; n < grid_.readings; ++n) {
      for (std::size_t step = 0; step < grid_.steps_a_reading; ++step)
        relax(grid_.ramp + n * grid_.steps_a_reading + step, first, count);
      SignalBlock x(0, lanes, layout.units());
      const std::size_t from = layout.first_unit(network_.layers.size() - 1);
      for (std::size_t i = from; i < layout.units(); ++i)
        std::copy(relaxation_.states().x.row(i), relaxation_.states().x.row(i) + lanes, x.row(i));
      const SignalBlock y = quasistatic::outputs(network_, x);
      for (std::size_t i = 0; i < outputs; ++i)
        for (std::size_t s = 0; s < lanes; ++s) sum[i * lanes + s] += y.row(i)[s];
    }
    for (std::size_t i = 0; i < outputs; ++i)
      for (std::size_t s = 0; s < count; ++s)
        result.outputs.row(i)[first + s] = sum[i * lanes + s] / double(grid_.readings);
  }

  const Network& network_;
  const SignalBlock &from_, &to_;
  const RampRequest& request_;
  const std::vector<Way>& ways_;
  const Grid& grid_;
  Integrator integrator_;
  PathNoise noise_;
  Relaxation relaxation_;
  Field start_, end_, z_, minimum_start_, minimum_end_;
  support::AlignedVector<double> part_, work_, heat_, change_;
};

}  // namespace

RampResult ramp(const Network& network, const SignalBlock& from, const SignalBlock& to, const RampRequest& request) {
  check(network, from, to, request);
  const bool solvable = network.is_linear() && network.units() <= kExactUnits;
  if (request.integrator == Integrator::exact && !solvable)
    throw std::invalid_argument("only linear networks of at most " + std::to_string(kExactUnits) +
                                " units are stepped exactly");
  const bool in_pieces = is_piecewise_linear(network);
  if (request.integrator == Integrator::pieces && !in_pieces)
    throw std::invalid_argument("only networks of linear units and ReLUs without maxima are stepped in pieces");
  RampResult result;
  result.integrator = request.integrator != Integrator::automatic ? request.integrator
                      : solvable                                  ? Integrator::exact
                      : in_pieces                                 ? Integrator::pieces
                                                                  : Integrator::heun;
  const SignalBlock &start = request.reverse ? to : from, &end = request.reverse ? from : to;
  const Grid grid = grid_of(network, request, result.integrator);
  result.steps = grid.ramp;
  result.hold_steps = grid.readings * grid.steps_a_reading;
  result.readings = grid.readings;
  result.step = grid.step;
  const std::vector<Way> travelled = request.shape == Shape::optimal ? ways(network, from, to) : std::vector<Way>();
  const std::size_t paths = from.samples() * request.paths;
  result.work.resize(paths);
  result.heat.resize(paths);
  result.energy_change.resize(paths);
  result.outputs = SignalBlock(0, paths, network.layers.back().delivered());
  if (request.keep_units) result.units = SignalBlock(0, paths, network.units());
  const std::size_t lanes = block_lanes(network.units(), paths);
  Block block(network, start, end, request, travelled, grid, result.integrator, lanes);
  for (std::size_t first = 0; first < paths; first += lanes) block.run(first, std::min(lanes, paths - first), result);
  return result;
}

}  // namespace szilard::quasistatic
