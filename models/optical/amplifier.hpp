// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "models/support/parameter.hpp"

namespace szilard::optical {

enum class AmplifierKind {
  semiconductor,  ///< carriers answer within a symbol: each symbol saturates its own gain
  erbium_fibre,   ///< ions live for 10 ms: the gain is that of a steady light of full scale, whatever a symbol brings
};

/// An amplifier of light, one mode in and out.
///
/// Law. Power gain g of a dialled (small-signal) gain G at the power P into it:
///   g = G exp(-(g - 1) P / P_s),  P_s = P_3dB (G_0 - 2) / (G_0 ln 2),
/// G_0 the largest gain and P_3dB the power out of it at which g = G_0 / 2. Light added: (g - 1) P <= P_s ln G.
/// Spontaneous emission into the mode has the density n_sp (g - 1) h nu [W/Hz], n_sp = (F G_0 - 1) / (2 (G_0 - 1)) from
/// the noise figure F: a Gaussian of variance density x bandwidth in either quadrature is added to the field (sqrt(W)),
/// bandwidth that of the receivers. A filter behind the amplifier passes the symbols' band, twice that, and no more.
/// The pump draws electrical_w() all the while: drive current x voltage, or pump light / its efficiency. What does not
/// become signal is heat.
///
/// Left out: the other polarisation, patterns (carriers that remember the symbol before), wavelength, phase shifts by
/// carriers, noise of the pump; n_sp does not change with saturation.
///
/// Sources: G. P. Agrawal and N. A. Olsson, IEEE J. Quantum Electron. 25, 2297 (1989), DOI 10.1109/3.42059
/// (saturation); N. A. Olsson, J. Lightwave Technol. 7, 1071 (1989), DOI 10.1109/50.29634 (noise). Both recall.
struct AmplifierParameters {
  AmplifierKind kind = AmplifierKind::semiconductor;
  support::Parameter gain;                              ///< G_0, 4 .. 1e6
  support::Parameter noise_figure;                      ///< F, at least 2 - 1 / G_0
  support::Parameter saturation_w;                      ///< [W] P_3dB > 0
  support::Parameter drive_current_a, drive_voltage_v;  ///< semiconductor: [A], [V] > 0
  support::Parameter pump_w;                            ///< erbium_fibre: [W] light of the pump, > 0
  support::Parameter pump_efficiency;                   ///< erbium_fibre: wall plug to that light, (0, 1]
  support::Parameter pump_wavelength_m;                 ///< erbium_fibre: [m] below the signal's
  std::optional<support::Parameter> area_m2;

  /// Throws std::invalid_argument that names the field, below `name`; also where the pump cannot supply P_s ln G_0 (of
  /// an erbium fibre at one photon of the signal for one of the pump).
  void check(const std::string& name, double wavelength_m) const;
  double electrical_w() const;
  double inversion() const;                                                                         ///< n_sp
  double saturation_scale_w() const { return saturation_w * (gain - 2) / (gain * std::log(2.0)); }  ///< P_s
  double most_added_w() const { return saturation_scale_w() * std::log(gain); }                     ///< P_s ln G_0
  double most_supplied_w(double wavelength_m) const;  ///< light that the pump can add

  double saturated(double dialled_gain, double in_w) const;  ///< g at the power P into it
  /// What to dial for a gain of `wanted` at a steady power in, where the ions remember it; at most the largest.
  double dialled_for(double wanted_gain, double steady_in_w) const;
  double saturated_by_output(double dialled_gain, double out_w) const;  ///< g where g P is given
  /// Density of spontaneous emission, W/Hz.
  double spontaneous_w_per_hz(double gain, double photon_energy_j) const;
};

}  // namespace szilard::optical
