// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "models/support/philox.hpp"
#include "models/training/machines.hpp"

namespace szilard::training {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

bool positive(double x) { return x > 0 && std::isfinite(x); }
bool not_negative(double x) { return x >= 0 && std::isfinite(x); }

MachineOptions options_of(const TrainingRequest& request) {
  MachineOptions out;
  out.exposure = request.exposure;
  out.mobility = request.mobility;
  out.switch_time = request.switch_time;
  out.nudge = request.nudge;
  out.biases = request.biases;
  out.langevin = request.langevin;
  out.kT_parameters = request.kT_parameters;
  out.kT_neurons = request.langevin ? request.kT_neurons : 0;
  out.seed = request.seed;
  return out;
}

void check(const quasistatic::Network& network, const Entries& entries, const TrainingRequest& request) {
  require(entries.count > 0, "there is no entry to train with");
  require(entries.count <= std::numeric_limits<std::uint32_t>::max(), "there are more than 2^32 entries");
  require(entries.inputs == network.inputs() && entries.outputs == network.layers.back().units(),
          "entries do not fit the network");
  require(entries.input.size() == entries.count * entries.inputs &&
              entries.target.size() == entries.count * entries.outputs,
          "entries are incomplete");
  const auto finite = [](double x) { return std::isfinite(x); };
  require(std::all_of(entries.input.begin(), entries.input.end(), finite) &&
              std::all_of(entries.target.begin(), entries.target.end(), finite),
          "an entry is not finite");
  require(request.machines >= 1 && request.machines <= 256, "between 1 and 256 machines are trained side by side");
  require(request.presentations >= 1 && request.presentations < std::uint64_t(1) << 36,
          "between 1 and 2^36 - 1 presentations are possible");
  require(request.measure_from < request.presentations, "stationary figures need presentations");
  require(positive(request.exposure) && positive(request.mobility), "exposure and mobility are positive and finite");
  require(not_negative(request.switch_time) && not_negative(request.nudge),
          "switch time and nudge are not negative and finite");
  require(not_negative(request.kT_parameters) && not_negative(request.kT_neurons),
          "temperatures are not negative and finite");
  require(positive(request.final_mobility) && request.final_mobility <= 1,
          "the mobility falls to a share above 0 and at most 1");
}

}  // namespace

Sequence::Sequence(Order order, std::size_t entries, std::uint64_t seed, std::size_t machine)
    : order_(order), entries_(entries), seed_(seed), machine_(machine) {}

std::size_t Sequence::at(std::uint64_t presentation) {
  if (order_ == Order::cyclic) return std::size_t(presentation % entries_);
  const support::RandomStream random(seed_, support::stream_of("training/order"));
  if (order_ == Order::independent) {
    const double u = random.uniform(presentation << 8 | machine_, 0);
    return std::min(std::size_t(u * double(entries_)), entries_ - 1);
  }
  const std::uint64_t pass = presentation / entries_;
  if (pass != pass_) {
    pass_ = pass;
    shuffled_.resize(entries_);
    std::iota(shuffled_.begin(), shuffled_.end(), 0u);
    for (std::size_t i = entries_ - 1; i > 0; --i) {
      const double u = random.uniform(pass << 8 | machine_, std::uint32_t(i));
      std::swap(shuffled_[i], shuffled_[std::min(std::size_t(u * double(i + 1)), i)]);
    }
  }
  return shuffled_[std::size_t(presentation % entries_)];
}

quasistatic::Network random_start(quasistatic::Network network, std::uint64_t seed, std::size_t machine) {
  const support::RandomStream random(seed, support::stream_of("training/start"));
  std::uint32_t index = 0;
  for (quasistatic::Layer& layer : network.layers) {
    const double gain = layer.activation == quasistatic::Activation::relu ? 2 : 1;
    const double sigma = std::sqrt(gain / double(layer.map.inputs));
    for (Eigen::Index i = 0; i < layer.map.weights.size(); ++i)
      layer.map.weights.data()[i] = sigma * random.gaussian(machine, index++);
    std::fill(layer.map.bias.begin(), layer.map.bias.end(), 0.0);
  }
  return network;
}

double mobility_share(const TrainingRequest& request, std::uint64_t presentation) {
  if (request.final_mobility == 1 || request.presentations == 1) return 1;
  return std::pow(request.final_mobility, double(presentation) / double(request.presentations - 1));
}

/// Machines in blocks of kLanes, with what the stationary part adds up.
class Trainer::Blocks {
 public:
  Blocks(const quasistatic::Network& like, const Entries& data, const TrainingRequest& wanted)
      : network(like), entries(data), request(wanted), shape(like) {
    for (std::size_t m = 0; m < (request.machines + kLanes - 1) / kLanes * kLanes; ++m)
      sequences.emplace_back(request.order, entries.count, request.seed, m);
    for (std::size_t first = 0; first < sequences.size(); first += kLanes) {
      blocks.emplace_back(shape, options_of(request), first);
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        blocks.back().machines.parameters().set(
            request.random_start ? training::random_start(network, request.seed, first + lane) : network, lane);
      point(first, 0);
      blocks.back().machines.begin(inputs, targets);
    }
  }

  struct Block {
    Block(const Shape& of, const MachineOptions& options, std::uint64_t first)
        : machines(of, options, first),
          force_sum(of),
          force_square(of),
          away_sum(of),
          away_square(of),
          reference(of),
          strain_energy(kLanes, 0.0),
          measured_strain_energy(kLanes, 0.0),
          at_measure(kLanes) {}
    Machines machines;
    Parameters force_sum, force_square, away_sum, away_square, reference;
    std::vector<double> strain_energy, measured_strain_energy;
    std::vector<Energies> at_measure;
  };

  void advance() {
    const double share = mobility_share(request, presented);
    const bool measured = presented >= request.measure_from;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      Block& block = blocks[b];
      if (presented == request.measure_from) start_measuring(block);
      point(b * kLanes, presented);
      block.machines.present(presented, inputs, targets, share);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        block.strain_energy[lane] += block.machines.settled_energy()[lane];
        if (measured) block.measured_strain_energy[lane] += block.machines.settled_energy()[lane];
      }
      if (!measured) continue;
      for (std::size_t l = 0; l < shape.layers.size(); ++l) {
        lane_kernels().add_moments(trained(block.force_sum, l), trained(block.force_square, l),
                                   block.machines.strain(l), block.machines.signal(l));
        lane_kernels().add_deviations(trained(block.away_sum, l), trained(block.away_square, l),
                                      block.machines.parameters().layer(l), block.reference.layer(l));
      }
    }
    ++presented;
  }

  LaneMatrix trained(const Parameters& parameters, std::size_t l) const {
    LaneMatrix m = parameters.layer(l);
    if (!request.biases) m.bias = nullptr;
    return m;
  }

  /// Whether number k of a lane is trained.
  std::vector<bool> trained() const {
    std::vector<bool> out;
    for (const Shape::Layer& layer : shape.layers) {
      out.insert(out.end(), layer.inputs * layer.outputs, true);
      out.insert(out.end(), layer.outputs, request.biases);
    }
    return out;
  }

  void start_measuring(Block& block) const {
    block.reference = block.machines.parameters();
    for (std::size_t lane = 0; lane < kLanes; ++lane) block.at_measure[lane] = block.machines.energies(lane);
  }

  void point(std::size_t first, std::uint64_t presentation) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t entry = sequences[first + lane].at(presentation);
      inputs[lane] = entries.input_of(entry);
      targets[lane] = entries.target_of(entry);
    }
  }

  const quasistatic::Network network;
  const Entries& entries;
  const TrainingRequest request;
  const Shape shape;
  std::vector<Sequence> sequences;
  std::vector<Block> blocks;
  std::uint64_t presented = 0;
  const double *inputs[kLanes], *targets[kLanes];
};

Trainer::Trainer(const quasistatic::Network& network, const Entries& entries, const TrainingRequest& request) {
  check(network, entries, request);
  blocks_ = std::make_unique<Blocks>(network, entries, request);
}
Trainer::~Trainer() = default;

std::uint64_t Trainer::presented() const { return blocks_->presented; }
bool Trainer::done() const { return blocks_->presented == blocks_->request.presentations; }
void Trainer::advance() {
  if (done()) throw std::logic_error("the training is over");
  blocks_->advance();
}
std::size_t Trainer::parameters() const {
  std::size_t sum = blocks_->shape.parameters();
  for (const Shape::Layer& layer : blocks_->shape.layers) sum -= blocks_->request.biases ? 0 : layer.outputs;
  return sum;
}
std::uint64_t Trainer::steps() const {
  std::uint64_t sum = 0;
  for (const Blocks::Block& block : blocks_->blocks) sum += block.machines.steps();
  return sum;
}

quasistatic::Network Trainer::machine(std::size_t m) const {
  return blocks_->blocks[m / kLanes].machines.parameters().network(blocks_->network, m % kLanes);
}

quasistatic::Network Trainer::mean_machine(std::size_t m) const {
  const Blocks::Block& block = blocks_->blocks[m / kLanes];
  const std::uint64_t measured =
      presented() > blocks_->request.measure_from ? presented() - blocks_->request.measure_from : 0;
  if (measured == 0) return machine(m);
  Parameters mean = block.reference;
  for (std::size_t i = 0; i < mean.values().size(); ++i)
    mean.values()[i] += block.away_sum.values()[i] / double(measured);
  return mean.network(blocks_->network, m % kLanes);
}

MachineLedger Trainer::ledger(std::size_t m) const {
  const Blocks::Block& block = blocks_->blocks[m / kLanes];
  const Energies& e = block.machines.energies(m % kLanes);
  return {e.supplied, e.parameters, e.neurons, e.stored, block.strain_energy[m % kLanes]};
}

Stationary Trainer::stationary(std::size_t m) const {
  const Blocks::Block& block = blocks_->blocks[m / kLanes];
  const std::size_t lane = m % kLanes;
  Stationary out;
  if (presented() <= blocks_->request.measure_from) return out;
  out.presentations = presented() - blocks_->request.measure_from;
  const double count = double(out.presentations);
  const std::vector<bool> trained = blocks_->trained();
  const Energies &now = block.machines.energies(lane), &then = block.at_measure[lane];
  out.ledger = {now.supplied - then.supplied, now.parameters - then.parameters, now.neurons - then.neurons,
                now.stored - then.stored, block.measured_strain_energy[lane]};
  out.least_force_variance = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < block.reference.count(); ++k) {
    const std::size_t i = k * kLanes + lane;
    const double mean = block.force_sum.values()[i] / count, square = block.force_square.values()[i] / count;
    const double variance = std::max(square - mean * mean, 0.0);
    out.force_square += square;
    out.force_variance += variance;
    if (trained[k]) out.least_force_variance = std::min(out.least_force_variance, variance);
    const double away = block.away_sum.values()[i] / count;
    out.mean.push_back(block.reference.values()[i] + away);
    out.parameter_variance += std::max(block.away_square.values()[i] / count - away * away, 0.0);
  }
  return out;
}

std::vector<double> Trainer::save() const {
  std::vector<double> out{double(blocks_->presented)};
  for (const Blocks::Block& block : blocks_->blocks) {
    block.machines.save(out);
    for (const Parameters* parameters :
         {&block.force_sum, &block.force_square, &block.away_sum, &block.away_square, &block.reference})
      out.insert(out.end(), parameters->values().begin(), parameters->values().end());
    out.insert(out.end(), block.strain_energy.begin(), block.strain_energy.end());
    out.insert(out.end(), block.measured_strain_energy.begin(), block.measured_strain_energy.end());
    for (const Energies& e : block.at_measure) out.insert(out.end(), {e.supplied, e.parameters, e.neurons, e.stored});
  }
  return out;
}

void Trainer::load(const std::vector<double>& saved) {
  std::size_t at = 0;
  const auto take = [&] {
    if (at >= saved.size()) throw std::invalid_argument("the checkpoint is too short");
    return saved[at++];
  };
  blocks_->presented = std::uint64_t(take());
  for (Blocks::Block& block : blocks_->blocks) {
    block.machines.load(saved, at);
    for (Parameters* parameters :
         {&block.force_sum, &block.force_square, &block.away_sum, &block.away_square, &block.reference})
      for (double& value : parameters->values()) value = take();
    for (double& value : block.strain_energy) value = take();
    for (double& value : block.measured_strain_energy) value = take();
    for (Energies& e : block.at_measure) {
      e.supplied = take();
      e.parameters = take();
      e.neurons = take();
      e.stored = take();
    }
  }
  if (at != saved.size() || presented() > blocks_->request.presentations)
    throw std::invalid_argument("the checkpoint does not fit the training");
}

Quality quality(const quasistatic::Network& network, const Entries& entries) {
  support::SignalBlock inputs(0, entries.count, entries.inputs);
  for (std::size_t s = 0; s < entries.count; ++s)
    for (std::size_t k = 0; k < entries.inputs; ++k) inputs.row(k)[s] = entries.input_of(s)[k];
  const support::SignalBlock outputs = quasistatic::outputs(network, quasistatic::feed_forward(network, inputs));
  Quality out;
  for (std::size_t s = 0; s < entries.count; ++s) {
    std::size_t best = 0, wanted = 0;
    for (std::size_t o = 0; o < entries.outputs; ++o) {
      const double away = outputs.row(o)[s] - entries.target_of(s)[o];
      out.loss += network.layers.back().stiffness[o] / 2 * away * away;
      if (outputs.row(o)[s] > outputs.row(best)[s]) best = o;
      if (entries.target_of(s)[o] > entries.target_of(s)[wanted]) wanted = o;
    }
    out.accuracy += best == wanted;
  }
  out.loss /= double(entries.count);
  out.accuracy /= double(entries.count);
  return out;
}

}  // namespace szilard::training
