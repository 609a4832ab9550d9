// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "models/optical/shares.hpp"
#include "models/support/parameter.hpp"

namespace szilard::optical {

/// What light of one wavelength meets of the rings that are tuned to others.
enum class RingCrosstalk {
  none,           ///< nothing
  uncompensated,  ///< they drop some of it, and the weights do not know of it
  compensated,    ///< they drop some of it, and all rings of a bank are tuned together so that the weights are right
};

struct RingBankParameters {
  support::Parameter finesse;                 ///< > 1: free spectral range over full width at half maximum
  support::Parameter free_spectral_range_hz;  ///< [Hz] > 0
  support::Parameter channel_spacing_hz;      ///< [Hz] > 0; 0: the free spectral range over the tile's modes
  support::Parameter drop_loss;               ///< >= 1: power into a ring at resonance over power at its drop port
  support::Parameter through_extinction =
      1e300;  ///< > 1: power into a ring at resonance over power at its through port
  RingCrosstalk crosstalk = RingCrosstalk::none;
  support::Parameter locking_error_hz;  ///< [Hz] >= 0, standard deviation of each ring's resonance, fixed for a run
  support::Parameter
      resonance_spread_hz;  ///< [Hz] >= 0, standard deviation of resonances as made, that heaters make up for
  support::Parameter resonance_bias_hz;  ///< [Hz] >= 0, by which rings are made higher than the light they are for
  support::Parameter tuning_power_w;     ///< [W] >= 0, of a heater that shifts a ring by one free spectral range
  support::Parameter locking_power_w;    ///< [W] >= 0, of one ring's control loop

  double spacing_hz(std::size_t modes) const;
  /// The bias of least mean shift for this spread s: where FSR p(bias) = 1, p the Gaussian density, s sqrt(2 ln(FSR /
  /// (s sqrt(2 pi)))); 0 where even at 0 more bias costs more than rounds saved.
  double least_power_bias_hz() const {
    const double ratio = resonance_spread_hz > 0
                             ? free_spectral_range_hz / (resonance_spread_hz * std::sqrt(2 * 3.14159265358979323846))
                             : 0.0;
    return ratio > 1 ? resonance_spread_hz * std::sqrt(2 * std::log(ratio)) : 0.0;
  }
  void check(std::size_t modes) const;  ///< throws std::invalid_argument that names the field
};

/// One tile of a weight bank: each output has a bus with one add-drop ring an input, all dropped light going to one
/// photodiode and what passes all rings to the other.
///
/// Law. A ring whose resonance lies f beside the light drops D0 L and absorbs A0 L of it,
///   L(f) = 1 / (1 + (2 F / pi)^2 sin^2(pi f / FSR)),
/// F the finesse: near resonance the Lorentzian 1 / (1 + (2 f / FWHM)^2) of width FWHM = FSR / F. D0 = 1 / drop_loss,
/// A0 = 1 - D0 - 1 / through_extinction. Input k has the frequency k x spacing, and its ring is tuned d_k below it, 0
/// <= d_k <= spacing / 2. On the bus light of input m meets the rings in the order of their inputs: it leaves in the
/// shares
///   through = prod_k (1 - (D0 + A0) L_k(m)),  drop = rho (1 - through),  rho = D0 / (D0 + A0),
/// and counts as drop - through. A bus gets 1 / outputs of every input's light. Weights W / scale, at most 1 in
/// magnitude, are realised times `span`, which both extremes reach: D0 - 1 / through_extinction at resonance, half a
/// spacing beside it at the other end.
/// Programming: through_m gives L_m in closed form once the others' rings are known; sweeps over the bank until no
/// weight is off by more than 1e-13 of the span (compensated), or one sweep without the others. A span that the sweeps
/// do not reach is made smaller by steps of a twentieth.
///
/// Power to hold: tuning_power x shift / FSR, shift = d_k + deviation as made + bias, brought into [0, FSR) by whole
/// ranges; and locking_power.
/// Heaters lower resonances only: without bias every other ring goes nearly once round, with one of a few deviations
/// almost none does.
///
/// Streams: STREAM_NAME/resonance with index output x inputs + input for the deviation as made, STREAM_NAME/locking
/// likewise.
///
/// Left out: light on the drop waveguide that meets other rings, nonlinear absorption, thermal crosstalk between rings,
/// loss of the bus.
/// Sources: A. N. Tait et al., J. Lightwave Technol. 32, 4029 (2014), DOI 10.1109/JLT.2014.2345652 (broadcast and
/// weight; recall);
/// W. Bogaerts et al., Laser Photonics Rev. 6, 47 (2012), DOI 10.1002/lpor.201100017 (rings; recall).
struct RingBank {
  LightShares shares;
  linear::RowMatrix detuning_hz;  ///< outputs x inputs, d_k as tuned to
  double span = 0;                ///< weight W / scale = 1 stands for plus - minus = span / outputs
  double residual =
      0;  ///< largest deviation of (drop - through) / span from W / scale, as programmed, without locking errors
  double holding_w = 0;
  double worst_share = 0;  ///< a weight of 1: span / outputs
};

/// `weights`: W / scale.
RingBank program_ring_bank(const linear::RowMatrix& weights, const RingBankParameters& parameters, std::size_t modes,
                           std::uint64_t seed, const std::string& stream_name);

}  // namespace szilard::optical
