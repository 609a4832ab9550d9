// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/optical/amplifier.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {

/// Like amplifiers side by side, one a mode, on fields in sqrt(W) of any unit; law in amplifier.hpp. Internal to this
/// folder.
///
/// Numbers of the stream: sample, and index (symbol x modes + mode) x 2 for the spontaneous field in phase, + 1 in
/// quadrature.
class AmplifierRow {
 public:
  struct Noise {
    double photon_energy_j = 0, bandwidth_hz = 0;
  };
  /// Gain that each has in faint light, 1: it is passed by and draws nothing; and the steady power into each, which
  /// erbium fibres reckon with.
  AmplifierRow(const AmplifierParameters& amplifier, std::vector<double> dialled,
               const std::vector<double>& steady_in_w, Noise noise, std::uint64_t seed, const std::string& stream_name);

  std::size_t modes() const { return dialled_.size(); }
  std::size_t in_use() const;
  double electrical_w() const { return static_cast<double>(in_use()) * amplifier_.electrical_w(); }
  /// The gain that those behind reckon with: in faint light, erbium: the steady one.
  double reference(std::size_t mode) const { return reference_[mode]; }
  /// Density of spontaneous emission behind that gain, W/Hz.
  double spontaneous_w_per_hz(std::size_t mode) const;

  /// Fields of one mode in place; light in units of watts_per_square. `added`, by the gain and the field that is added:
  /// apart from the fields.
  void amplify(std::size_t mode, std::uint64_t first_sample, std::size_t samples, std::uint32_t symbol,
               double watts_per_square, double* re, double* im, double* added) const;

 private:
  AmplifierParameters amplifier_;
  std::vector<double> dialled_, reference_;
  Noise noise_;
  support::RandomStream stream_;
};

/// What stands between the two meshes of a matrix: attenuators, and amplifiers where a singular value asks for more
/// than 1.
struct MiddleRow {
  std::vector<double> transmissions;          ///< of amplitudes
  std::vector<AmplifierRow> amplifiers = {};  ///< one of all modes, or none

  void pass(std::size_t mode, std::uint64_t first_sample, std::size_t samples, std::uint32_t symbol,
            double watts_per_square, double* re, double* im, double* auxiliary, double* added) const;
};

}  // namespace szilard::optical
