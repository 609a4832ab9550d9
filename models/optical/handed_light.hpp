// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "models/energy/quanta.hpp"

namespace szilard::optical {

/// The light between two layers that hand it over without detection: fields of each sample from one stage, until the
/// next takes them.
class LightWay {
 public:
  /// Fields in the network's numbers, a sample; light as it was booked when it left; and the power of all lasers of the
  /// chain in that symbol over its mean.
  struct Fields {
    std::vector<double> re, im;
    energy::Quanta light;
    double laser_factor = 1;
  };

  /// wanted_watts_per_square: power that the next layer wants for an input of 1, as far as there are amplifiers.
  explicit LightWay(double wanted_watts_per_square) : wanted_watts_per_square_(wanted_watts_per_square) {}

  double wanted_watts_per_square() const { return wanted_watts_per_square_; }
  /// Power of a field of 1 behind an open element, in faint light's full saturation: known once the stage before it is
  /// built.
  double watts_per_square() const { return watts_per_square_; }
  void set_watts_per_square(double watts) { watts_per_square_ = watts; }

  void put(std::uint64_t sample, Fields fields);
  /// Each sample once; std::logic_error if it is not there.
  Fields take(std::uint64_t sample);

 private:
  double wanted_watts_per_square_, watts_per_square_ = 0;
  std::map<std::uint64_t, Fields> waiting_;
};

/// Where a stage's light comes from and goes to instead of modulators and receivers; null: these.
struct LightWays {
  std::shared_ptr<LightWay> from, to;
};

}  // namespace szilard::optical
