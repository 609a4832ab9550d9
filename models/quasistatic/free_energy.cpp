// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/free_energy.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "models/quasistatic/clamped.hpp"
#include "models/quasistatic/relaxation.hpp"
#include "models/quasistatic/stability.hpp"

namespace szilard::quasistatic {
namespace {

using support::SignalBlock;

constexpr double kStep = 0.05, kMostSteps = 1e7;
constexpr std::size_t kLeastSteps = 200;
/// Gauss and Legendre on [0, 1].
constexpr double kNode[8] = {0.0198550717512319, 0.1016667612931866, 0.2372337950418355, 0.4082826787521751,
                             0.5917173212478249, 0.7627662049581645, 0.8983332387068134, 0.9801449282487681};
constexpr double kWeight[8] = {0.0506142681451881, 0.1111905172266872, 0.1568533229389437, 0.1813418916891810,
                               0.1813418916891810, 0.1568533229389437, 0.1111905172266872, 0.0506142681451881};

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

Network between(const Network& a, const Network& b, double s) {
  Network out = a;
  for (std::size_t l = 0; l < out.layers.size(); ++l) {
    const auto mix = [s](std::vector<double>& x, const std::vector<double>& y) {
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += s * (y[i] - x[i]);
    };
    out.layers[l].map.weights += s * (b.layers[l].map.weights - a.layers[l].map.weights);
    mix(out.layers[l].map.bias, b.layers[l].map.bias);
    mix(out.layers[l].stiffness, b.layers[l].stiffness);
    mix(out.layers[l].friction, b.layers[l].friction);
  }
  return out;
}

SignalBlock spread(const SignalBlock& a, const SignalBlock& b, double s, std::size_t lanes) {
  SignalBlock out(0, lanes, a.features());
  for (std::size_t i = 0; i < a.features(); ++i)
    std::fill(out.row(i), out.row(i) + lanes, a.row(i)[0] + s * (b.row(i)[0] - a.row(i)[0]));
  return out;
}

/// All paths at one place of the line.
class Place {
 public:
  Place(const Network& network, const SignalBlock& inputs, std::size_t lanes)
      : layout_(network, lanes), driven_(network.layers[0].map.total_outputs(), lanes) {
    Field u(inputs.features(), lanes);
    for (std::size_t i = 0; i < u.rows; ++i) std::copy(inputs.row(i), inputs.row(i) + lanes, u.row(i));
    layout_.drive(u, driven_);
  }
  const Layout& layout() const { return layout_; }
  void set_arguments(States& states) const {
    layout_.set_first_arguments(driven_, states);
    layout_.set_arguments(states);
  }
  void add_energy(States& states, double sign, double* sum) const {
    set_arguments(states);
    layout_.add_energy(states, sign, sum);
  }

 private:
  Layout layout_;
  Field driven_;
};

/// Heun's steps at kT > 0; rows from `held` on do not move.
class Walker {
 public:
  Walker(const Network& network, std::size_t lanes, std::size_t held, std::uint64_t seed)
      : held_(held),
        noise_(seed, network.units()),
        z_(network.units(), lanes),
        pull_(z_),
        strain_(z_),
        back_(z_),
        half_(z_) {}

  void step(const Place& place, States& states, States& trial, double dt, double kT, std::uint64_t number,
            double* heat) {
    const Network& network = place.layout().network();
    noise_.draw(number, 0, z_.lanes, z_);
    place.layout().set_forces(states, pull_, strain_, back_);
    move(network, states, trial, dt, kT);
    place.set_arguments(trial);
    place.layout().set_forces(trial, pull_, strain_, back_);
    std::size_t i = 0;
    for (const Layer& layer : network.layers)
      for (double gamma : layer.friction) {
        for (std::size_t s = 0; i < held_ && s < z_.lanes; ++s)
          trial.x.row(i)[s] = half_.row(i)[s] + dt / gamma / 2 * (pull_.row(i)[s] + back_.row(i)[s]);
        ++i;
      }
    place.set_arguments(trial);
    if (heat) place.layout().add_heat(states, trial, heat);
    std::swap(states, trial);
  }

 private:
  void move(const Network& network, const States& states, States& trial, double dt, double kT) {
    std::size_t i = 0;
    for (const Layer& layer : network.layers)
      for (double gamma : layer.friction) {
        const double kick = std::sqrt(2 * kT * dt / gamma);
        for (std::size_t s = 0; s < z_.lanes; ++s) {
          if (i >= held_) {
            trial.x.row(i)[s] = states.x.row(i)[s];
            continue;
          }
          const double drift = dt / gamma * (pull_.row(i)[s] + back_.row(i)[s]),
                       kicked = states.x.row(i)[s] + kick * z_.row(i)[s];
          trial.x.row(i)[s] = kicked + drift;
          half_.row(i)[s] = kicked + drift / 2;
        }
        ++i;
      }
  }

  std::size_t held_;
  PathNoise noise_;
  Field z_, pull_, strain_, back_, half_;
};

void set_units(States& states, const SignalBlock& units) {
  for (std::size_t i = 0; i < states.x.rows; ++i)
    std::copy(units.row(i), units.row(i) + states.x.lanes, states.x.row(i));
}

void mean_and_error(const std::vector<double>& values, double& mean, double& error) {
  mean = error = 0;
  for (double value : values) mean += value / double(values.size());
  for (double value : values) error += (value - mean) * (value - mean);
  error = std::sqrt(error / double(values.size() - 1) / double(values.size()));
}

}  // namespace

Change change_parameters(const Network& from, const Network& to, const SignalBlock& input_from,
                         const SignalBlock& input_to, const ChangeRequest& request) {
  from.check();
  to.check();
  require(from.layers.size() == to.layers.size(), "the two networks have different layers");
  for (std::size_t l = 0; l < from.layers.size(); ++l) {
    const Layer &a = from.layers[l], &b = to.layers[l];
    require(a.map.gather == b.map.gather && a.map.weights.rows() == b.map.weights.rows() &&
                a.map.weights.cols() == b.map.weights.cols() && a.activation == b.activation &&
                a.of_units.indices == b.of_units.indices && a.of_arguments.indices == b.of_arguments.indices,
            "the two networks have different layers");
  }
  require(input_from.features() == from.inputs() && input_to.features() == from.inputs(),
          "inputs do not fit the network");
  require(input_from.samples() == 1 && input_to.samples() == 1, "one input is changed at a time");
  require(request.kT > 0 && std::isfinite(request.kT), "a free energy needs kT above 0");
  require(request.duration > 0 && std::isfinite(request.duration), "the duration is positive and finite");
  require(request.paths >= 2, "at least two paths are needed");
  const double rate = std::max(stiffest_rate(from, request.kT), stiffest_rate(to, request.kT));
  const double wanted =
      request.steps ? double(request.steps) : std::max(std::ceil(request.duration * rate / kStep), double(kLeastSteps));
  require(wanted <= kMostSteps, "the change would take more than 1e7 steps");
  Change out;
  out.steps = std::size_t(wanted);
  const double dt = request.duration / wanted;
  if (dt * rate > 2) throw UnstableStep(dt, 2 / rate);
  const std::size_t lanes = (request.paths + 7) / 8 * 8;
  const auto at = [&](double s) {
    return std::make_unique<Place>(between(from, to, s), spread(input_from, input_to, s, lanes), lanes);
  };

  Field work(1, lanes), heat(1, lanes), energy(1, lanes);
  Walker walker(from, lanes, from.units(), request.seed);
  const support::RandomStream start = PathNoise(request.seed, from.units()).start();
  auto place = at(0);
  States states = place->layout().make_states(), trial = states;
  set_units(states, draw_equilibrium(from, spread(input_from, input_to, 0, lanes), request.kT, start, 0));
  place->add_energy(states, -1, energy.row(0));
  for (std::size_t n = 0; n <= out.steps; ++n) {
    place->add_energy(states, -1, work.row(0));
    place = at(n < out.steps ? (double(n) + 0.5) / double(out.steps) : 1);
    place->add_energy(states, 1, work.row(0));
    if (n < out.steps) walker.step(*place, states, trial, dt, request.kT, n, heat.row(0));
  }
  place->add_energy(states, 1, energy.row(0));
  out.work.assign(work.row(0), work.row(0) + request.paths);
  out.heat.assign(heat.row(0), heat.row(0) + request.paths);
  out.energy_change.assign(energy.row(0), energy.row(0) + request.paths);
  std::vector<double> weights;
  for (double w : out.work) weights.push_back(std::exp(-w / request.kT));
  double mean, error;
  mean_and_error(weights, mean, error);
  out.jarzynski = -request.kT * std::log(mean);
  out.jarzynski_error = request.kT * error / mean;

  constexpr double kNear = 1e-4;
  std::vector<double> integral(request.paths, 0.0);
  for (int node = 0; node < 8; ++node) {
    const Network here = between(from, to, kNode[node]);
    const auto middle = at(kNode[node]), low = at(kNode[node] - kNear), high = at(kNode[node] + kNear);
    set_units(states, draw_equilibrium(here, spread(input_from, input_to, kNode[node], lanes), request.kT, start,
                                       std::uint64_t(node + 1) << 32));
    middle->set_arguments(states);
    Field slope(1, lanes);
    States copy = states;
    for (std::size_t n = 0; n < out.steps; ++n) {
      walker.step(*middle, states, trial, dt, request.kT, (std::uint64_t(node) + 1) * out.steps + n + 1, nullptr);
      copy.x = states.x;
      low->add_energy(copy, -1, slope.row(0));
      high->add_energy(copy, 1, slope.row(0));
    }
    for (std::size_t p = 0; p < request.paths; ++p)
      integral[p] += kWeight[node] * slope.row(0)[p] / (2 * kNear * double(out.steps));
  }
  mean_and_error(integral, out.integral, out.integral_error);
  return out;
}

WarmStress warm_stress(const Network& network, const SignalBlock& inputs, const SignalBlock& targets, double kT,
                       std::size_t paths, double time, std::uint64_t seed) {
  network.check();
  require(kT > 0 && std::isfinite(kT), "warm stresses need kT above 0");
  require(time > 0 && std::isfinite(time), "the time is positive and finite");
  require(paths >= 2, "at least two paths are needed");
  require(targets.samples() == inputs.samples() && targets.features() == network.layers.back().units() &&
              inputs.features() == network.inputs(),
          "inputs and targets do not fit the network");
  const double rate = stiffest_rate(network, kT);
  const double wanted = std::max(std::ceil(time * rate / kStep), double(kLeastSteps));
  require(wanted <= kMostSteps, "the stresses would take more than 1e7 steps");
  const std::size_t steps = std::size_t(wanted), lanes = (paths + 7) / 8 * 8,
                    held = network.first_unit(network.layers.size() - 1);
  const double dt = time / wanted;
  const ClampedState cold = relax_clamped(network, inputs, targets);
  WarmStress out;
  std::vector<std::vector<double>> weights, bias;  // of each path
  for (std::size_t p = 0; p < paths; ++p) weights.emplace_back(), bias.emplace_back();
  for (std::size_t sample = 0; sample < inputs.samples(); ++sample) {
    SignalBlock u(0, 1, inputs.features());
    for (std::size_t i = 0; i < u.features(); ++i) u.row(i)[0] = inputs.row(i)[sample];
    const SignalBlock here = spread(u, u, 0, lanes);
    const Place place(network, here, lanes);
    Walker walker(network, lanes, held, seed + sample);
    States states = place.layout().make_states(), trial = states;
    for (std::size_t i = 0; i < network.units(); ++i)
      std::fill(states.x.row(i), states.x.row(i) + lanes, cold.units.row(i)[sample]);
    place.set_arguments(states);
    SignalBlock units(0, lanes, network.units());
    for (std::size_t n = 0; n < 2 * steps; ++n) {
      walker.step(place, states, trial, dt, kT, n, nullptr);
      // The first half forgets the start; stresses change over a relaxation time, some twenty steps.
      if (n < steps || n % 8 != 0) continue;
      for (std::size_t i = 0; i < network.units(); ++i)
        std::copy(states.x.row(i), states.x.row(i) + lanes, units.row(i));
      const Evaluation seen = evaluate(network, here, units);
      const double share = 8.0 / double(steps) / double(inputs.samples());
      for (std::size_t p = 0; p < paths; ++p) {
        std::size_t w = 0, b = 0;
        const auto add = [](std::vector<double>& to, std::size_t& at, double value) {
          if (at == to.size()) to.push_back(0);
          to[at++] += value;
        };
        for (std::size_t l = 0; l < network.layers.size(); ++l) {
          const linear::LinearMap& map = network.layers[l].map;
          require(map.is_dense() && !network.layers[l].of_units.window && !network.layers[l].of_arguments.window,
                  "warm stresses are taken of chains of dense layers");
          for (std::size_t o = 0; o < map.outputs; ++o) {
            const double stress = seen.stresses.row(network.first_unit(l) + o)[p];
            add(bias[p], b, share * stress);
            for (std::size_t k = 0; k < map.terms; ++k)
              add(weights[p], w,
                  share * stress * (l == 0 ? here.row(k)[p] : units.row(network.first_unit(l - 1) + k)[p]));
          }
        }
      }
    }
  }
  const auto summarise = [&](const std::vector<std::vector<double>>& of, std::vector<double>& mean,
                             std::vector<double>& error) {
    for (std::size_t i = 0; i < of[0].size(); ++i) {
      std::vector<double> column;
      for (const auto& path : of) column.push_back(path[i]);
      mean.emplace_back();
      error.emplace_back();
      mean_and_error(column, mean.back(), error.back());
    }
  };
  summarise(weights, out.weights, out.weights_error);
  summarise(bias, out.bias, out.bias_error);
  return out;
}

}  // namespace szilard::quasistatic
