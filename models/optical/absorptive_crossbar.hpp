// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "models/optical/shares.hpp"
#include "models/support/parameter.hpp"

namespace szilard::optical {

/// How the light of a row's cells comes onto its output waveguide.
enum class Combining {
  couplers,      ///< one broadband coupler a cell: of n cells each gets in with 1 / n, the rest leaves by idle ports
  multiplexers,  ///< elements that are selective in wavelength, without loss
};

struct AbsorptiveCrossbarParameters {
  support::Parameter minimum_transmission = 0.0;  ///< [0, 1), of power
  support::Parameter maximum_transmission = 1.0;  ///< above minimum_transmission, at most 1
  int levels = 0;                                 ///< states from minimum to maximum, evenly spaced; 0: continuous
  support::Parameter programming_error;           ///< >= 0, standard deviation of a transmission
  Combining combining = Combining::couplers;
  support::Parameter cell_loss = 1.0;  ///< >= 1: of passing one cell's crossing
  std::size_t wavelengths = 1;         ///< sets of wavelengths: inputs of so many positions at once, >= 1

  void check() const;  ///< throws std::invalid_argument that names the field
};

/// One tile of cells that absorb part of the light, phase-change patches on waveguides for instance.
///
/// Law. The power of input k is split evenly among the 2 J cells of its column, two for each of J outputs (two-sided
/// encoding); on the way to output j it passes j crossings, and behind the cell, on the output's waveguide, K - 1 - k.
/// A cell lets the share t of power through and absorbs the rest. Of what passes, c = 1 / K (couplers) or 1
/// (multiplexers) gets onto the waveguide:
///   A(+-)_jk = c g_jk t(+-)_jk / (2 J),  g_jk = cell_loss^-(j + K - 1 - k).
/// A weight w, |w| <= scale, takes t+ = t_min + max(w, 0) / scale (t_max - t_min) g_min / g_jk and t- likewise for -w:
/// cells on shorter ways are darker, so that all weights are right. Transmissions are rounded to levels, then
/// programmed with a Gaussian error, and stay in [0, 1].
///
/// Stream: STREAM_NAME/programming with index 2 (j K + k) for t+, + 1 for t-.
///
/// Left out: crosstalk at crossings, drift, heating by the light itself.
/// Source of the arrangement: J. Feldmann et al., Nature 589, 52 (2021), DOI 10.1038/s41586-020-03070-1 (recall).
struct AbsorptiveCrossbar {
  LightShares shares;
  linear::RowMatrix plus, minus;  ///< transmissions, outputs x inputs
  double worst_share = 0;         ///< a weight of 1: plus - minus
  double worst_path = 1;          ///< g_min
};

/// `weights`: W / scale.
AbsorptiveCrossbar program_absorptive_crossbar(const linear::RowMatrix& weights,
                                               const AbsorptiveCrossbarParameters& parameters, std::uint64_t seed,
                                               const std::string& stream_name);

}  // namespace szilard::optical
