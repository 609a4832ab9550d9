// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "models/support/philox.hpp"
#include "sim/statistical/population.hpp"

namespace szilard::statistical {
namespace {

using scenario::DrawnLayer;
using scenario::WeightLaw;

constexpr std::size_t kCalibrationEntries =
    1000;  // for protocols that know activations: q = (n + 1/2) / (n + 1) of so many

double law_quantile(WeightLaw law, double u) {
  switch (law) {
    case WeightLaw::uniform:
      return std::sqrt(3.0) * (2 * u - 1);
    case WeightLaw::laplace:
      return (u < 0.5 ? std::log(2 * u) : -std::log(2 - 2 * u)) / std::sqrt(2.0);
    case WeightLaw::normal:
      break;
  }
  return boost::math::quantile(boost::math::normal(), u);
}

class DrawnPopulation final : public Population {
 public:
  explicit DrawnPopulation(const scenario::StatisticalSpec& spec) : spec_(spec) {
    for (const DrawnLayer& drawn : spec.layers) {
      LayerShape shape;
      shape.name = drawn.name;
      shape.inputs = drawn.inputs;
      shape.outputs = drawn.outputs;
      shape.count = drawn.count;
      shape.parallel = drawn.parallel;
      shape.has_relu = drawn.has_relu;
      shape.weights = double(drawn.inputs) * double(drawn.outputs);
      layers_.push_back(std::move(shape));
    }
  }

  std::size_t samples() const override { return 0; }
  Eigen::MatrixXd auxiliary(std::size_t) const override { return {}; }
  std::vector<double> reference(std::size_t, const std::vector<Block>&, const Draw&) const override { return {}; }

  Part part(std::size_t l, const std::vector<Block>& blocks, const Draw& draw, std::uint64_t seed,
            const DonorPairs&) const override {
    const DrawnLayer& drawn = spec_.layers[l];
    const std::string path = "statistical/" + drawn.name + "/" + std::to_string(draw.number);
    std::size_t outputs = 0;
    for (const Block& block : blocks) outputs += block.count;

    // Numbers of a block are functions of its place: blocks are the same alone and beside one another.
    linear::RowMatrix weights(Eigen::Index(outputs), Eigen::Index(drawn.inputs));
    std::vector<double> bias, probability;
    const double scale = 1 / std::sqrt(double(drawn.inputs)), limit = drawn.weight_limit * scale;
    const support::RandomStream stream(spec_.seed, support::stream_of((path + "/weights").c_str()));
    const support::RandomStream levels(spec_.seed, support::stream_of((path + "/activity").c_str()));
    const Moments moments = input_moments(drawn);
    Eigen::Index row = 0;
    for (const Block& block : blocks) {
      for (std::size_t o = block.first; o < block.first + block.count; ++o, ++row) {
        fill_row(stream, o, drawn, scale, limit, weights.row(row).data());
        probability.push_back(activity_of(drawn, levels.uniform(o, 0)));
        bias.push_back(bias_of(drawn, weights.row(row), probability.back(), moments));
      }
    }
    mapping::Layer layer;
    layer.map = linear::dense_map(drawn.name, std::move(weights), std::move(bias));
    layer.map.largest_elsewhere = limit;
    if (drawn.has_relu) layer.activation = mapping::Activation::relu;

    mapping::LayerRange range;
    range.input_max = drawn.input_limit;
    range.input_negative = drawn.signed_inputs;
    // Of the whole layer: what is drawn of it does not move the converters' scales.
    range.linear_max = drawn.input_limit * std::sqrt(moments.square);
    range.output_max = range.linear_max;
    if (drawn.has_relu)
      for (const double p : probability)
        range.active.push_back(std::uint64_t(std::llround(p * double(kCalibrationEntries))));
    return {workload_of(std::move(layer), true, inputs_of(drawn, draw, path), draw.samples.size(), std::move(range),
                        kCalibrationEntries),
            seed, true};
  }

 private:
  struct Moments {
    double mean = 0, square = 0;  ///< of one input, zeros included
  };

  /// Of the normal law cut at +-limit, half of it where inputs have no sign.
  static Moments input_moments(const DrawnLayer& drawn) {
    const boost::math::normal normal;
    const double limit = drawn.input_limit, inside = 2 * boost::math::cdf(normal, limit) - 1;
    const double density = boost::math::pdf(normal, limit);
    Moments moments;
    moments.square = drawn.input_activity * (inside - 2 * limit * density + limit * limit * (1 - inside));
    if (!drawn.signed_inputs)
      moments.mean = drawn.input_activity * (2 * (boost::math::pdf(normal, 0) - density) + limit * (1 - inside));
    return moments;
  }

  static void fill_row(const support::RandomStream& stream, std::size_t output, const DrawnLayer& drawn, double scale,
                       double limit, double* row) {
    if (drawn.weights == WeightLaw::normal) stream.gaussians(output, 0, drawn.inputs, row);
    for (std::size_t i = 0; i < drawn.inputs; ++i) {
      if (drawn.weights != WeightLaw::normal)
        row[i] = law_quantile(drawn.weights, stream.uniform(output, std::uint32_t(i)));
      row[i] = std::clamp(row[i] * scale, -limit, limit);
    }
  }

  static double activity_of(const DrawnLayer& drawn, double u) {
    const double p = drawn.activity, variance = drawn.activity_spread * drawn.activity_spread;
    if (!(variance > 0)) return p;
    const double sum = p * (1 - p) / variance - 1;
    return boost::math::quantile(boost::math::beta_distribution<>(p * sum, (1 - p) * sum), u);
  }

  /// Moves the output, nearly normal as a sum of many, so that it is above zero in a share p of the samples.
  template <typename Row>
  static double bias_of(const DrawnLayer& drawn, const Row& weights, double p, const Moments& moments) {
    if (!drawn.has_relu) return 0;
    const double deviation =
        std::sqrt(weights.squaredNorm() * std::max(0.0, moments.square - moments.mean * moments.mean));
    const double middle = -moments.mean * weights.sum();
    constexpr double kFar = 8;  // deviations at which a neuron counts as always off or on
    if (!(p > 0)) return middle - kFar * deviation;
    if (!(p < 1)) return middle + kFar * deviation;
    return middle + deviation * boost::math::quantile(boost::math::normal(), p);
  }

  std::vector<double> inputs_of(const DrawnLayer& drawn, const Draw& draw, const std::string& path) const {
    const support::RandomStream values(spec_.seed, support::stream_of((path + "/inputs").c_str()));
    const support::RandomStream chosen(spec_.seed, support::stream_of((path + "/active_inputs").c_str()));
    std::vector<double> inputs(draw.samples.size() * drawn.inputs);
    for (std::size_t s = 0; s < draw.samples.size(); ++s) {
      double* row = inputs.data() + s * drawn.inputs;
      values.gaussians(s, 0, drawn.inputs, row);
      for (std::size_t i = 0; i < drawn.inputs; ++i) {
        row[i] = std::clamp(row[i], -drawn.input_limit, drawn.input_limit);
        if (!drawn.signed_inputs) row[i] = std::abs(row[i]);
        if (drawn.input_activity < 1 && chosen.uniform(s, std::uint32_t(i)) >= drawn.input_activity) row[i] = 0;
      }
    }
    return inputs;
  }

  const scenario::StatisticalSpec spec_;
};

}  // namespace

std::unique_ptr<Population> make_drawn_population(const scenario::Scenario& scenario) {
  return std::make_unique<DrawnPopulation>(*scenario.statistical);
}

}  // namespace szilard::statistical
