// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "models/optical/amplifier.hpp"
#include "models/support/parameter.hpp"

namespace szilard::optical {

/// White noise of the receivers; none: ideal detection.
struct DetectorNoise {
  bool has_shot = false, has_thermal = false;
};

/// Setting what a medium remembers (phases, rings, absorbers) and holding it.
///
/// Law. An element relaxes to its new setting as e^{-t/tau}; light is let in when half a turn has come to within
/// settling_error: t = tau ln(pi / settling_error). Where a layer has more tiles than are built, each sample passes all
/// tiles in rounds = ceil(tiles / built), and before each round the tiles that stand there are set anew: that takes t,
/// while the elements are held, and programming_energy an element. Lasers, modulators and receivers are off meanwhile;
/// partial sums of the rounds are kept without cost. Where all tiles are built they are set once, for `inferences`
/// samples, each of which pays its share (0: it is not booked).
struct Reprogramming {
  std::size_t tiles_built = 0;            ///< of one layer; 0: all
  support::Parameter time_constant_s;     ///< [s] >= 0
  support::Parameter settling_error_rad;  ///< [rad] > 0 where tiles_built is, < pi
  support::Parameter energy_j;            ///< [J] >= 0, of one element
  double inferences = 0;                  ///< >= 0

  double settling_s() const;
};

/// Chip area of one of each part, where a source gives it.
struct OpticalArea {
  std::optional<support::Parameter> element_m2;  ///< interferometer, pixel of a mask, ring, absorbing cell
  std::optional<support::Parameter> modulator_m2, receiver_m2, laser_m2;
};

/// What stands around every optical medium: light sources, the way to the medium, receivers.
///
/// Law of the way from a laser to an input of the medium, as powers: light_power is what enters the medium at full
/// scale; before it stand crossings (crossing_loss each), a waveguide (waveguide_loss a centimetre), the modulator
/// (modulator_loss), a tree of splitters that feeds laser_sharing inputs from one laser (splitter_loss for each of its
/// ceil(log2 laser_sharing) stages, beside the even splitting itself), and the coupler from the laser (coupling_loss).
/// The laser draws 1 / laser_efficiency times its light.
///
/// An input_amplifier stands between that way and the medium, on every mode: light_power is what leaves it at full
/// scale, and all that stands before it needs less by its saturated gain. An output_amplifier stands behind the medium
/// on every output, dialled to its largest gain; receivers reckon with that gain (erbium: the saturated one), so that
/// saturation shows as an error. Law: amplifier.hpp.
///
/// An extinction ratio leaves light in a modulator's dark state: law at each medium's stage.
struct LightParameters {
  std::size_t modes = 64;  ///< inputs and outputs of a tile, 1 .. 1024
  DetectorNoise noise;
  double temperature_k = 300;              ///< [K] > 0, of thermal noise
  support::Parameter symbol_rate_hz;       ///< [Hz] > 0, of modulators and receivers
  support::Parameter light_power_w;        ///< [W] > 0, in an input of the medium at full scale
  support::Parameter wanted_error;         ///< > 0: light_power_w is solved for it (link_budget.hpp); 0: as given
  support::Parameter laser_efficiency;     ///< wall plug, (0, 1]
  support::Parameter coupling_loss;        ///< power of the laser over power on the chip, >= 1
  std::size_t laser_sharing = 1;           ///< inputs fed from one laser, >= 1
  support::Parameter splitter_loss = 1.0;  ///< >= 1, of a stage, beside the splitting
  support::Parameter
      intensity_noise_per_hz;         ///< [1/Hz] >= 0: one-sided density of the laser's relative power fluctuations
  support::Parameter modulator_loss;  ///< power into a modulator over power out of it at full scale, >= 1
  support::Parameter extinction_ratio = std::numeric_limits<double>::infinity();  ///< > 1, brightest over darkest power
  support::Parameter modulator_energy_j;                                          ///< [J] >= 0, drive of one symbol
  support::Parameter driver_power_w;               ///< [W] >= 0, of one modulator's driver
  support::Parameter waveguide_loss_per_cm = 1.0;  ///< >= 1
  support::Parameter waveguide_length_m;           ///< [m] >= 0
  support::Parameter crossing_loss = 1.0;          ///< >= 1, of one
  std::size_t crossings = 0;                       ///< on the way to the medium
  std::optional<AmplifierParameters> input_amplifier, output_amplifier;
  support::Parameter quantum_efficiency;       ///< of photodiodes, (0, 1]
  support::Parameter wavelength_m;             ///< [m] > 0
  support::Parameter dark_current_a;           ///< [A] >= 0, of one photodiode
  support::Parameter receiver_resistance_ohm;  ///< [ohm] > 0, that sets the thermal noise
  support::Parameter receiver_bandwidth_hz;    ///< [Hz] > 0, of the noise
  support::Parameter receiver_power_w;         ///< [W] >= 0, of the amplifier of one output
  support::Parameter
      auxiliary_recovery;  ///< efficiency of the photovoltaic that auxiliary light is led to; 0: there is none
  Reprogramming reprogramming;
  OpticalArea area;

  void check_light() const;     ///< throws std::invalid_argument that names the field
  double responsivity() const;  ///< A/W: quantum efficiency x q wavelength / (h c)
  double photon_energy_j() const;
  double splitting_loss() const;                                           ///< of the whole tree
  double waveguide_loss() const;                                           ///< of the whole length
  double crossings_loss() const;                                           ///< of all crossings
  double way_loss() const { return waveguide_loss() * crossings_loss(); }  ///< from modulator to medium
};

/// Power into the travelling-wave electrodes of a modulator, each a line of impedance Z that ends in a resistor, driven
/// to +V_pp / 2 and -V_pp / 2: electrodes (V_pp / 2)^2 / Z, whatever the symbol rate, so that a figure in J a bit holds
/// at the rate of its measurement alone and E of a symbol is power / symbol rate. (Lumped electrodes, shorter than the
/// waves on them, charge instead: C V^2 a symbol.) Drivers that steer a constant current draw it for all symbols alike.
/// Two cited devices with two electrodes of 50 ohm are met: 200 fJ a bit at 20 Gb/s and 0.63 V (T. Baehr-Jones et al.,
/// Opt. Express 20, 12014 (2012), DOI 10.1364/OE.20.012014), 450 fJ at 50 Gb/s and 1.5 V (M. Streshinsky et al., Opt.
/// Express 21, 30350 (2013), DOI 10.1364/OE.21.030350; recall).
inline double terminated_line_w(double peak_to_peak_v, double impedance_ohm, double electrodes) {
  return electrodes * peak_to_peak_v * peak_to_peak_v / (4 * impedance_ohm);
}

/// Variance of a receiver's current, A^2: shot noise 2 q I B of everything that is detected and of both dark currents,
/// thermal noise 4 k T B / R.
double receiver_variance_a2(const LightParameters& parameters, double detected_w);

}  // namespace szilard::optical
