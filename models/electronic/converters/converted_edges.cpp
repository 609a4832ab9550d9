// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/electronic/converters/converted_edges.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "models/electronic/converters/converter_accounts.hpp"

namespace szilard::electronic {

struct ConvertedEdges::Impl {
  Impl(const linear::LinearMap& of, std::int64_t stage_duration_ps, std::optional<Converter> dac,
       std::optional<Converter> adc, std::uint64_t seed, const std::string& stream_name);

  std::size_t turns() const { return std::min(shared_, map.outputs); }
  double converting_s() const;  ///< of one position
  void convert_inputs(const support::SignalBlock& x, support::SignalBlock& driven, energy::EnergySink& sink);
  void convert_outputs(support::SignalBlock& y, energy::EnergySink& sink);

  const linear::LinearMap& map;
  std::int64_t stage_ps;
  std::optional<Converter> input, output;
  std::size_t shared_ = 1;
  std::vector<std::size_t> dac_of_;  // of each input
  std::optional<ConverterBank> dacs, adcs;
  std::optional<ConverterAccounts> dac_accounts, adc_accounts;
};

ConvertedEdges::Impl::Impl(const linear::LinearMap& of, std::int64_t stage_duration_ps, std::optional<Converter> dac,
                           std::optional<Converter> adc, std::uint64_t seed, const std::string& stream_name)
    : map(of), stage_ps(stage_duration_ps), input(std::move(dac)), output(std::move(adc)) {
  if (output) shared_ = output->columns_per_converter;
  const auto positions = static_cast<std::int64_t>(map.positions);
  const double busy_s = static_cast<double>(stage_ps) * 1e-12 + converting_s() * static_cast<double>(positions);
  if (input) {
    const std::size_t count = map.groups * map.terms;
    const auto conversions = std::count_if(map.gather.begin(), map.gather.end(), [](std::int32_t f) { return f >= 0; });
    constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    dac_of_.assign(map.inputs, kNone);
    for (std::size_t i = 0; i < map.gather.size(); ++i)
      if (map.gather[i] >= 0 && dac_of_[std::size_t(map.gather[i])] == kNone)
        dac_of_[std::size_t(map.gather[i])] = i / (map.positions * map.terms) * map.terms + i % map.terms;
    for (std::size_t& one : dac_of_)
      if (one == kNone) one = 0;
    dacs.emplace(*input, ConverterBank::Direction::to_analog, count, seed, stream_name + "/dac");
    dac_accounts.emplace(*input, "dac", ConverterPlace{count, 0, conversions, positions, busy_s});
  }
  if (output) {
    const std::size_t count = map.groups * ((map.outputs + shared_ - 1) / shared_);
    adcs.emplace(*output, ConverterBank::Direction::to_digital, count, seed, stream_name + "/adc");
    adc_accounts.emplace(*output, "adc",
                         ConverterPlace{count, map.groups, static_cast<std::int64_t>(map.total_outputs()),
                                        positions * static_cast<std::int64_t>(turns()), busy_s});
  }
}

double ConvertedEdges::Impl::converting_s() const {
  return (input ? input->time_s() : 0.0) + (output ? static_cast<double>(turns()) * output->time_s() : 0.0);
}

void ConvertedEdges::Impl::convert_inputs(const support::SignalBlock& x, support::SignalBlock& driven,
                                          energy::EnergySink& sink) {
  dacs->start(x.first_sample(), x.stride());
  for (std::size_t f = 0; f < x.features(); ++f)
    dacs->convert(dac_of_[f], static_cast<std::uint32_t>(f), x.row(f), driven.row(f));
  dac_accounts->post(x.first_sample(), x.samples(), dacs->energies_j(), sink);
}

void ConvertedEdges::Impl::convert_outputs(support::SignalBlock& y, energy::EnergySink& sink) {
  const std::size_t in_group = (map.outputs + shared_ - 1) / shared_;
  adcs->start(y.first_sample(), y.stride());
  for (std::size_t q = 0; q < map.groups * map.outputs; ++q) {
    const std::size_t adc = q / map.outputs * in_group + q % map.outputs / shared_;
    for (std::size_t p = 0; p < map.positions; ++p) {
      double* const row = y.row(q * map.positions + p);
      adcs->convert(adc, static_cast<std::uint32_t>(p * shared_ + q % map.outputs % shared_), row, row);
    }
  }
  adc_accounts->post(y.first_sample(), y.samples(), adcs->energies_j(), sink);
}

ConvertedEdges::ConvertedEdges(const linear::LinearMap& map, std::int64_t stage_ps, std::optional<Converter> input,
                               std::optional<Converter> output, std::uint64_t seed, const std::string& stream_name)
    : impl_(std::make_unique<Impl>(map, stage_ps, std::move(input), std::move(output), seed, stream_name)) {}

ConvertedEdges::~ConvertedEdges() = default;

std::int64_t ConvertedEdges::duration_ps() const {
  return impl_->stage_ps + std::llround(impl_->converting_s() * 1e12) * static_cast<std::int64_t>(impl_->map.positions);
}

void ConvertedEdges::open_accounts(linear::LinearStage& stage, const std::string& component, energy::EnergySink& sink) {
  if (impl_->dac_accounts) impl_->dac_accounts->open(component, sink);
  stage.open_accounts(component, sink);
  if (impl_->adc_accounts) impl_->adc_accounts->open(component, sink);
}

support::SignalBlock ConvertedEdges::forward(linear::LinearStage& stage, const support::SignalBlock& x,
                                             energy::EnergySink& sink) {
  support::SignalBlock y;
  if (impl_->dacs && x.features() == impl_->map.inputs) {
    support::SignalBlock driven = x.sibling(x.features());
    impl_->convert_inputs(x, driven, sink);
    y = stage.forward(driven, sink);
  } else {
    y = stage.forward(x, sink);
  }
  if (impl_->adcs) impl_->convert_outputs(y, sink);
  return y;
}

std::size_t ConvertedEdges::dacs() const { return impl_->dacs ? impl_->dacs->converters() : 0; }
std::size_t ConvertedEdges::adcs() const { return impl_->adcs ? impl_->adcs->converters() : 0; }

ConvertedLinearStage::ConvertedLinearStage(std::unique_ptr<linear::LinearStage> inner, std::optional<Converter> input,
                                           std::optional<Converter> output, std::uint64_t seed,
                                           const std::string& stream_name)
    : inner_(std::move(inner)),
      edges_(inner_->map(), inner_->duration_ps(), std::move(input), std::move(output), seed, stream_name) {}

}  // namespace szilard::electronic
