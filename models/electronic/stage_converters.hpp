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
/// feature of its own: gather indices count conversions. Where rows and features are one to one (dense layers) the layer's
/// map stays.
struct DrivenMap {
  std::optional<linear::LinearMap> map;  ///< none: the layer's
  std::vector<std::uint32_t> source;  ///< feature of the layer's input that an input of `map` takes; empty: the same
  std::vector<std::uint32_t> dac;     ///< row (group x terms + term) that drives it; empty where no DAC has errors

  DrivenMap(const linear::LinearMap& layer, const CrossbarParameters& parameters);
};

/// The converters of one stage: a DAC a row, an ADC for every `columns_per_converter` outputs of a column tile, in turn.
/// Internal to this folder.
class StageConverters {
 public:
  StageConverters(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
                  std::uint64_t seed, const std::string& stream_name);

  /// Null where there are none, or where they only round.
  ConverterBank* dacs() { return dacs_ ? &*dacs_ : nullptr; }
  ConverterBank* adcs() { return adcs_ ? &*adcs_ : nullptr; }
  /// The ADC of output q = group x outputs + o.
  std::size_t adc_of(std::size_t q) const { return adc_of_[q]; }
  /// Most outputs that one ADC converts in one read.
  std::size_t turns() const { return turns_; }
  /// Time of one read with its conversions, s.
  double read_s() const { return read_s_; }
  const std::vector<std::size_t>& adcs_of_column_tiles() const { return adcs_of_column_tiles_; }

  void open_accounts(const std::string& component, energy::EnergySink& sink);
  /// Of the samples that the banks converted last, if they did.
  void post(std::uint64_t first_sample, std::size_t samples, energy::EnergySink& sink) const;

 private:
  std::optional<ConverterBank> dacs_, adcs_;
  std::vector<std::size_t> adc_of_, adcs_of_column_tiles_;
  std::size_t turns_ = 1;
  double read_s_ = 0;
  std::optional<ConverterAccounts> dac_accounts_, adc_accounts_;
};

}  // namespace szilard::electronic
