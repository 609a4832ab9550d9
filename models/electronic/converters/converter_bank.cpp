// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/electronic/converters/error_curve.hpp"
#include "models/electronic/converters/kernels.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/checks.hpp"
#include "models/support/philox.hpp"

namespace szilard::electronic {
namespace {

constexpr std::uint32_t kOffset = 0, kGain = 1;  // numbers of a converter ahead of its elements
/// Conversions whose noise is drawn at once: one Philox counter serves two.
constexpr std::uint32_t kDrawn = 16;

support::RandomStream stream(std::uint64_t seed, const std::string& name) {
  return {seed, support::stream_of(name.c_str())};
}

/// Thresholds of one converter and where to look for them.
struct Thresholds {
  std::vector<double> values;
  std::vector<std::int32_t> below;
  double origin = 0;
  int probes = 0;

  Thresholds(std::vector<double> sorted, double lowest, double highest) : values(std::move(sorted)) {
    // A cell's edges are found by subtraction, which may round: thresholds near an edge count to both cells.
    constexpr double kEdge = 1e-6;
    origin = std::floor(std::min(lowest, values.front() - 1));
    const auto cells = static_cast<std::size_t>(std::ceil(std::max(highest, values.back()) - origin)) + 1;
    for (std::size_t c = 0; c < cells; ++c) {
      const double left = origin + double(c);
      const auto first = std::lower_bound(values.begin(), values.end(), left - kEdge);
      const auto last = std::upper_bound(first, values.end(), left + 1 + kEdge);
      below.push_back(static_cast<std::int32_t>(first - values.begin()));
      probes = std::max(probes, static_cast<int>(last - first));
    }
    values.insert(values.end(), static_cast<std::size_t>(probes), std::numeric_limits<double>::quiet_NaN());
  }

  ThresholdSearch search() const { return {origin, double(below.size() - 1), probes, below.data(), values.data()}; }
};

}  // namespace

struct ConverterBank::Impl {
  Converter converter;
  Direction direction;
  Rounding rounding;
  bool is_plain;
  double noise_lsb;
  std::vector<double> offset, gain;
  std::vector<Thresholds> thresholds;
  std::vector<std::vector<double>> levels;
  support::RandomStream noise;
  std::vector<double> energy_of_code_j;

  std::uint64_t first_sample = 0;
  std::size_t lanes = 0;
  std::uint32_t first_drawn = 0;
  bool has_drawn = false;
  support::AlignedVector<double> signal, codes, gaussians, energies_j;
  std::vector<std::int32_t> place;

  Impl(const Converter& c, Direction d, std::size_t count, std::uint64_t seed, const std::string& name)
      : converter(c),
        direction(d),
        rounding(rounding_of(c.quantiser)),
        is_plain(!c.has_errors() && !c.energy_follows_code()),
        noise_lsb(c.noise_lsb()),
        noise(stream(seed, name + "/noise")) {
    const Imperfections& errors = c.imperfections;
    const support::RandomStream own = stream(seed, name + "/mismatch");
    for (std::uint64_t i = 0; i < count; ++i) {
      offset.push_back(errors.offset_lsb + errors.offset_spread_lsb * own.gaussian(i, kOffset));
      gain.push_back(1 + errors.gain_error + errors.gain_spread * own.gaussian(i, kGain));
      if (errors.mismatch == Mismatch::none) continue;
      if (d == Direction::to_analog) {
        levels.push_back(levels_of(c, own, i));
      } else if (auto values = thresholds_of(c, own, i); !values.empty()) {
        thresholds.emplace_back(std::move(values), c.quantiser.lowest_code(), c.quantiser.highest_code());
      }
    }
    if (!c.energy_follows_code()) return;
    for (double code = c.quantiser.lowest_code(); code <= c.quantiser.highest_code(); ++code) {
      energy_of_code_j.push_back(c.energy_j(code));
    }
  }

  const double* gaussian(std::uint32_t conversion) {
    if (noise_lsb == 0) return nullptr;
    const std::uint32_t first = conversion / kDrawn * kDrawn;
    if (!has_drawn || first != first_drawn) {
      noise.gaussians_block(first_sample, lanes, lanes, first, kDrawn, gaussians.data());
      first_drawn = first;
      has_drawn = true;
    }
    return &gaussians[(conversion - first) * lanes];
  }

  void to_digital(std::size_t i, std::uint32_t conversion, const double* in, double* out) {
    const ConverterKernels& kernels = converter_kernels();
    kernels.affine(in, lanes, rounding.inverse_step * gain[i], offset[i], noise_lsb, gaussian(conversion),
                   signal.data());
    if (thresholds.empty()) {
      kernels.codes(signal.data(), lanes, {1, 1, rounding.lowest, rounding.highest, false, rounding.raise},
                    codes.data());
    } else {
      kernels.count(signal.data(), lanes, thresholds[i].search(), rounding.lowest, place.data(), codes.data());
    }
    if (!energy_of_code_j.empty()) {
      kernels.tally(codes.data(), lanes, rounding.lowest, energy_of_code_j.data(), energies_j.data());
    }
    kernels.affine(codes.data(), lanes, rounding.step, 0, 0, nullptr, out);
  }

  void to_analog(std::size_t i, std::uint32_t conversion, const double* in, double* out) {
    const ConverterKernels& kernels = converter_kernels();
    kernels.codes(in, lanes, rounding, codes.data());
    if (!levels.empty()) kernels.look_up(codes.data(), lanes, rounding.lowest, levels[i].data(), codes.data());
    const double step = rounding.step;
    kernels.affine(codes.data(), lanes, gain[i] * step, offset[i] * step, noise_lsb * step, gaussian(conversion), out);
  }
};

ConverterBank::ConverterBank(const Converter& converter, Direction direction, std::size_t converters,
                             std::uint64_t seed, const std::string& stream_name) {
  converter.check();
  support::require(direction == Direction::to_digital || !converter.has_steps(), "energy_model",
                   double(converter.energy_model), "that of a DAC: cited, walden or schreier");
  support::require(direction == Direction::to_digital || !converter.quantiser.is_comparator(), "quantiser.bits", 1,
                   "2 or more in a DAC of signed values");
  support::require(direction == Direction::to_digital || converter.sampling.capacitance_f == 0,
                   "sampling.capacitance_f", converter.sampling.capacitance_f, "0 in a DAC");
  impl_ = std::make_unique<Impl>(converter, direction, converters, seed, stream_name);
}

ConverterBank::~ConverterBank() = default;
ConverterBank::ConverterBank(ConverterBank&&) noexcept = default;
ConverterBank& ConverterBank::operator=(ConverterBank&&) noexcept = default;

const Converter& ConverterBank::converter() const { return impl_->converter; }
std::size_t ConverterBank::converters() const { return impl_->offset.size(); }
bool ConverterBank::is_plain() const { return impl_->is_plain; }

void ConverterBank::start(std::uint64_t first_sample, std::size_t lanes) {
  impl_->first_sample = first_sample;
  impl_->lanes = lanes;
  impl_->has_drawn = false;
  impl_->signal.resize(lanes);
  impl_->codes.resize(lanes);
  impl_->place.resize(lanes);
  if (impl_->noise_lsb > 0) impl_->gaussians.resize(kDrawn * lanes);
  impl_->energies_j.assign(lanes, 0.0);
}

void ConverterBank::convert(std::size_t converter, std::uint32_t conversion, const double* in, double* out) {
  if (impl_->rounding.is_identity) {
    std::copy_n(in, impl_->lanes, out);
  } else if (impl_->direction == Direction::to_digital) {
    impl_->to_digital(converter, conversion, in, out);
  } else {
    impl_->to_analog(converter, conversion, in, out);
  }
}

const double* ConverterBank::energies_j() const {
  return impl_->energy_of_code_j.empty() ? nullptr : impl_->energies_j.data();
}

double ConverterBank::offset_lsb(std::size_t converter) const { return impl_->offset.at(converter); }
double ConverterBank::gain(std::size_t converter) const { return impl_->gain.at(converter); }

std::vector<double> ConverterBank::curve_lsb(std::size_t converter) const {
  if (impl_->direction == Direction::to_analog) {
    return impl_->levels.empty() ? std::vector<double>() : impl_->levels.at(converter);
  }
  if (impl_->thresholds.empty()) return {};
  const Thresholds& found = impl_->thresholds.at(converter);
  return {found.values.begin(), found.values.end() - found.probes};
}

}  // namespace szilard::electronic
