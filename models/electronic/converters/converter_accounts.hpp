// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "models/electronic/converters/converter.hpp"
#include "models/energy/energy_sink.hpp"

namespace szilard::electronic {

/// What stands around the conversions of one stage.
struct ConverterPlace {
  std::size_t converters = 0;    ///< built
  std::size_t shared_parts = 0;  ///< ramp generators
  std::int64_t conversions = 0;  ///< of one sample
  std::int64_t slots = 0;        ///< of one sample: conversions that each converter does in turn
  double busy_s = 0;             ///< how long the stage is busy with one sample
};

/// The ledger's accounts of one stage's converters: mechanism `dac` or `adc` at COMPONENT/MECHANISM for what
/// conversions and steps cost, MECHANISM_static for static power x converters x time busy, and of a ramp its power x
/// generators x time it runs. All of it is supplied and dissipated there.
class ConverterAccounts {
 public:
  ConverterAccounts(const Converter& converter, std::string mechanism, ConverterPlace place);

  void open(const std::string& component, energy::EnergySink& sink);
  /// `energies_j`: dynamic energy of each sample where codes decide it, else null.
  void post(std::uint64_t first_sample, std::size_t samples, const double* energies_j, energy::EnergySink& sink) const;

 private:
  energy::AccountInfo dynamic_info() const;
  energy::AccountInfo static_info() const;
  bool has_static() const { return static_j_ > 0; }

  Converter converter_;
  std::string mechanism_;
  ConverterPlace place_;
  energy::Quanta constant_;  // of a sample
  double static_j_ = 0;      // likewise
  energy::AccountId supplied_ = 0, dissipated_ = 0, static_supplied_ = 0, static_dissipated_ = 0;
};

}  // namespace szilard::electronic
