// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/field_makers.hpp"

namespace szilard::scenario {

using support::Dimension;

namespace {

constexpr double kMostPower_W = 10, kLeastPower_W = 1e-21;
constexpr double kMostLoss = 1e6;  // 60 dB
constexpr double kLeastShare = 1e-6;

Field loss(const char* key, const char* meaning) {
  return quantity(key, Dimension::ratio, 1, kMostLoss, meaning).preset().hint("losses are written in dB, from 0 dB to 60 dB");
}
Field light(const char* key, const char* meaning) {
  return quantity(key, Dimension::power, kLeastPower_W, kMostPower_W, meaning).preset();
}
Field power(const char* key, const char* meaning) {
  return quantity(key, Dimension::power, 0, kMostPower_W, meaning).preset();
}
Field share(const char* key, const char* meaning) {
  return quantity(key, Dimension::ratio, kLeastShare, 1, meaning).preset();
}

Field tile_size(const char* meaning) { return integer("modes", 1, 1024, meaning).fallback("64").sourced(); }

/// Light, its source and its receivers: of every coherent medium.
std::vector<Field> light_fields() {
  return {
      choice("receiver_noise", {"none", "shot", "thermal", "shot_and_thermal"},
             "white noise of the receivers: 2 q I B of all that is detected and of the dark currents, 4 k T B / R; none: ideal "
             "detection")
          .fallback("none"),
      quantity("symbol_rate", Dimension::frequency, 1, 1e12, "of modulators and receivers: one symbol a product").preset(),
      light("light_power", "in a mode behind its modulator, at full scale of the layer's input"),
      light("local_oscillator", "power at the receiver of each output"),
      share("laser_efficiency", "wall plug to light"),
      loss("coupling_loss", "from the laser onto the chip"),
      loss("modulator_loss", "of a modulator at full transmission"),
      quantity("modulator_energy", Dimension::energy, 0, 1e-3, "drive of one symbol").preset(),
      power("heater_power", "of a phase shifter, or a pixel of a mask, that holds pi; proportional to the phase"),
      share("quantum_efficiency", "of the photodiodes: electrons a photon"),
      quantity("wavelength", Dimension::length, 1e-8, 1e-4, "of the light").preset(),
      quantity("dark_current", Dimension::current, 0, 1, "of a photodiode").preset(),
      quantity("receiver_resistance", Dimension::resistance, 1e-3, 1e12, "that sets the thermal noise").preset(),
      quantity("receiver_bandwidth", Dimension::frequency, 1, 1e13, "of the noise").preset(),
      power("receiver_power", "of the amplifier of one output"),
      quantity("auxiliary_recovery", Dimension::ratio, 0, 1,
               "share of the light on auxiliary ports that is turned back into work; left out: 0")
          .optional()
          .sourced()};
}

}  // namespace

std::vector<Section> optical_sections() {
  Section mesh{"linear.mzi_mesh",
               "linear",
               "mzi_mesh",
               "meshes of 2x2 interferometers, two a tile (singular values), with homodyne receivers",
               {},
               true,
               {}};
  mesh.fields = {
      tile_size("of a mesh: inputs and outputs of a tile"),
      choice("topology", {"clements", "reck"}, "clements: rectangle; reck: triangle").fallback("clements"),
      loss("insertion_loss", "of an interferometer, into heat"),
      quantity("splitting_error", Dimension::angle, 0, 1.6,
               "standard deviation of a coupler's angle from 45 degrees; left out: 0")
          .optional()
          .sourced(),
      quantity("phase_error", Dimension::angle, 0, 7, "standard deviation of each phase, fixed for a run; left out: 0")
          .optional()
          .sourced(),
      integer("phase_bits", 0, 24, "phases are rounded to 2^bits steps of a turn; 0: continuous").fallback("0").sourced(),
      quantity("thermal_crosstalk", Dimension::ratio, 0, 0.5,
               "share of a heater's phase that its neighbours in the column get; left out: 0")
          .optional()
          .sourced()};
  Section scatterer{"linear.scattering_medium",
                    "linear",
                    "scattering_medium",
                    "an elastic scatterer, which loses no light on the way, with homodyne receivers",
                    {},
                    true,
                    {}};
  scatterer.fields = {
      tile_size("inputs and outputs of a tile"),
      choice("embedding", {"dilation", "random"},
             "dilation: made for its matrix, which it holds exactly as a block of a lossless unitary; random: fixed and random "
             "(Haar), programmed by masks of phases before and behind it, which is an approximation")
          .fallback("dilation"),
      integer("scatterer_modes", 1, 4096, "embedding random: modes of the scatterer, at least those of a tile")
          .fallback("256")
          .sourced()};
  for (Section* medium : {&mesh, &scatterer})
    for (Field& field : light_fields()) medium->fields.push_back(std::move(field));
  return {mesh, scatterer};
}

}  // namespace szilard::scenario
