// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/electronic/converters/converter_accounts.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/programmed_array.hpp"

namespace szilard::electronic {

/// The map as DACs with errors of their own see it. Every row of every position is a conversion, so each gets an input
/// feature of its own: gather indices count conversions. Where rows and features are one to one (dense layers) the
/// layer's map stays.
struct DrivenMap {
  std::optional<linear::LinearMap> map;  ///< none: the layer's
  std::vector<std::uint32_t> source;     ///< feature of the layer's input that an input of `map` takes; empty: the same
  std::vector<std::uint32_t> dac;        ///< row (group x terms + term) that drives it; empty where no DAC has errors

  DrivenMap(const linear::LinearMap& layer, const CrossbarParameters& parameters);
};

/// Of one sample, beside its positions.
struct ReadCounts {
  std::size_t slices = 1;  ///< groups of tiles that one row of DACs serves
  std::size_t passes = 1;  ///< reads of a product
  std::size_t parts = 1;   ///< conversions of an output in a read, each by an ADC of its own
  std::int64_t additions = 0, additions_of_output = 0;
  std::size_t rounds = 1;  ///< of conversions: passes, or fewer where these are added ahead of the ADCs
  std::size_t summed_groups = 1, summed_outputs = 1;  ///< of the map, whose currents are added ahead of one ADC
  double repetition_s = 0;                            ///< of a product: integrating more than once
};

/// The converters of one stage: a DAC a row, an ADC for every `columns_per_converter` outputs of a column tile, in
/// turn; and the adder behind them. `map` is that of the slices. Internal to this folder.
class StageConverters {
 public:
  /// `setup_s`: from one read's begin until lines have settled.
  StageConverters(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
                  const ReadCounts& counts, double setup_s, std::uint64_t seed, const std::string& stream_name);

  /// Null where there are none, or where they only round.
  ConverterBank* dacs() { return dacs_ ? &*dacs_ : nullptr; }
  ConverterBank* adcs() { return adcs_ ? &*adcs_ : nullptr; }
  /// The ADC of output q = group x outputs + o for one part of the rows; of those that are added the first group's and
  /// o over their number.
  std::size_t adc_of(std::size_t q, std::size_t part = 0) const { return part * adcs_of_part_ + adc_of_[q]; }
  /// Most outputs that one ADC converts in one read.
  std::size_t turns() const { return turns_; }
  /// Of one sample, all positions and passes.
  std::int64_t busy_ps() const { return busy_ps_; }
  const std::vector<std::size_t>& adcs_of_column_tiles() const { return adcs_of_column_tiles_; }

  void open_accounts(const std::string& component, energy::EnergySink& sink);
  /// Of the samples that the banks converted last, if they did.
  void post(std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink) const;

 private:
  std::optional<ConverterBank> dacs_, adcs_;
  std::vector<std::size_t> adc_of_, adcs_of_column_tiles_;
  std::size_t turns_ = 1, adcs_of_part_ = 0;
  std::int64_t busy_ps_ = 0;
  std::optional<ConverterAccounts> dac_accounts_, adc_accounts_;
  support::Parameter addition_j_;
  std::int64_t additions_ = 0;
  energy::AccountId add_supplied_ = 0, add_dissipated_ = 0;
};

}  // namespace szilard::electronic
