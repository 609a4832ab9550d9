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
  return quantity(key, Dimension::ratio, 1, kMostLoss, meaning)
      .preset()
      .hint("losses are written in dB, from 0 dB to 60 dB");
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
Field optional_loss(const char* key, const char* meaning) {
  return quantity(key, Dimension::ratio, 1, kMostLoss, meaning)
      .optional()
      .sourced()
      .hint("losses are written in dB, from 0 dB to 60 dB");
}
Field optional_area(const char* key, const char* meaning) {
  return quantity(key, Dimension::area, 1e-20, 1, meaning).optional().sourced();
}

FieldMaker amplifier(const char* key, const char* meaning) {
  return FieldMaker(key, Kind::section, meaning).section("amplifier").optional();
}

/// Light sources and the way to the medium.
std::vector<Field> source_fields() {
  return {
      quantity("symbol_rate", Dimension::frequency, 1, 1e12, "of modulators and receivers: one symbol a product")
          .preset(),
      quantity("light_power", Dimension::power, kLeastPower_W, kMostPower_W,
               "in an input of the medium, behind its modulator, at full scale of the layer's input; solved: found "
               "from the worst path for "
               "wanted_bits or wanted_error")
          .preset()
          .word("solved"),
      number("wanted_bits", 0.5, 24,
             "light_power solved: the receivers' noise on the worst path is that of as many bits over [-full scale, "
             "full scale]; left out: "
             "wanted_error")
          .optional()
          .sourced(),
      quantity("wanted_error", Dimension::ratio, 1e-7, 1,
               "light_power solved: standard deviation of an output on the worst path, relative to its full scale; "
               "left out: wanted_bits")
          .optional()
          .sourced(),
      share("laser_efficiency", "wall plug to light"),
      quantity("relative_intensity_noise", Dimension::ratio, 1e-30, 1e-3,
               "of the lasers: one-sided density of relative power fluctuations in 1 Hz, so that -150 dB is -150 "
               "dB/Hz; left out: none")
          .optional()
          .sourced(),
      integer("laser_sharing", 1, 1024, "inputs that are fed from one laser through a tree of splitters")
          .fallback("1")
          .sourced(),
      optional_loss("splitter_loss", "excess loss of one stage of that tree; left out: 0 dB"),
      loss("coupling_loss", "from the laser onto the chip"),
      loss("modulator_loss", "of a modulator at full transmission"),
      quantity("extinction_ratio", Dimension::ratio, 1.001, 1e12,
               "of a modulator: brightest over darkest power; left out: it can be dark")
          .optional()
          .sourced(),
      quantity("modulator_energy", Dimension::energy, 0, 1e-3,
               "drive of one symbol; modulator_line terminated: of one bit at modulator_test_rate")
          .preset(),
      choice("modulator_line", {"lumped", "terminated"},
             "electrodes of a modulator; lumped: modulator_energy is charged for each symbol; terminated: travelling "
             "waves end in a resistor, and "
             "power flows whatever the symbol rate: modulator_energy x modulator_test_rate, or drive_electrodes "
             "(drive_voltage / 2)^2 / drive_impedance")
          .fallback("lumped")
          .sourced(),
      quantity("modulator_test_rate", Dimension::frequency, 1, 1e13,
               "modulator_line terminated: bits a second at which modulator_energy was measured")
          .optional()
          .sourced(),
      quantity("drive_voltage", Dimension::voltage, 1e-6, 100,
               "modulator_line terminated: peak to peak on one electrode")
          .optional()
          .sourced(),
      quantity("drive_impedance", Dimension::resistance, 1e-3, 1e6,
               "of one electrode and its termination, with drive_voltage")
          .optional()
          .sourced(),
      integer("drive_electrodes", 1, 4, "that are driven, with drive_voltage").fallback("2").sourced(),
      quantity("driver_power", Dimension::power, 0, kMostPower_W,
               "of one modulator's driver while symbols last; left out: 0 W")
          .optional()
          .sourced(),
      optional_loss("waveguide_loss", "of one centimetre of waveguide between modulator and medium; left out: 0 dB"),
      quantity("waveguide_length", Dimension::length, 0, 10, "of that waveguide; left out: 0 m").optional().sourced(),
      optional_loss("crossing_loss", "of one crossing of waveguides on that way; left out: 0 dB"),
      integer("crossings", 0, 100000, "on that way").fallback("0").sourced(),
      amplifier("input_amplifier",
                "of light, between that way and the medium, one an input of the medium; light_power is what leaves it "
                "at full scale; left out: none")};
}

/// Receivers, and what becomes of other light.
std::vector<Field> receiver_fields() {
  return {amplifier("output_amplifier", "of light, behind the medium, one an output; left out: none"),
          choice("receiver_noise", {"none", "shot", "thermal", "shot_and_thermal"},
                 "white noise of the receivers: 2 q I B of all that is detected and of the dark currents, 4 k T B / R; "
                 "none: ideal "
                 "detection")
              .fallback("none"),
          share("quantum_efficiency", "of the photodiodes: electrons a photon"),
          quantity("wavelength", Dimension::length, 1e-8, 1e-4, "of the light").preset(),
          quantity("dark_current", Dimension::current, 0, 1, "of a photodiode").preset(),
          quantity("receiver_resistance", Dimension::resistance, 1e-3, 1e12, "that sets the thermal noise").preset(),
          quantity("receiver_bandwidth", Dimension::frequency, 1, 1e13, "of the noise").preset(),
          power("receiver_power", "of the amplifier of one output"),
          quantity("auxiliary_recovery", Dimension::ratio, 0, 1,
                   "efficiency of a photovoltaic to which all light on auxiliary ports is led; left out: there is "
                   "none, and that light is lost")
              .optional()
              .sourced()};
}

/// Setting the medium, and what its parts cover.
std::vector<Field> programming_fields() {
  return {
      quantity("time_constant", Dimension::time, 0, 1,
               "of an element (phase shifter, ring, cell) on its way to a new setting; left out: 0 s")
          .optional()
          .sourced(),
      quantity("settling_error", Dimension::angle, 1e-9, 3,
               "left of a turn by pi when light is let in after new settings; needed by tiles_built")
          .optional()
          .sourced(),
      quantity("programming_energy", Dimension::energy, 0, 1, "of setting one element anew; left out: 0 J")
          .optional()
          .sourced(),
      integer("tiles_built", 1, 1000000,
              "tiles that there are for a layer; where it needs more, every sample passes in rounds, and what stands "
              "is set anew before each; "
              "all: as many as it needs")
          .word("all")
          .fallback("all"),
      FieldMaker("programming", Kind::section,
                 "share of setting all elements once, with programming_energy, that each inference pays; left out: "
                 "none. With tiles_built every "
                 "inference pays in full")
          .section("programming")
          .optional(),
      optional_area(
          "element_area",
          "of one element: interferometer, mode of a made scatterer, pixel of a mask, ring, cell; left out: no figure"),
      optional_area("modulator_area", "of one modulator; left out: no figure"),
      optional_area("receiver_area", "of the receiver of one output; left out: no figure"),
      optional_area("laser_area", "of one laser; left out: no figure")};
}

std::vector<Field> coherent_fields() {
  return {choice("modulation", {"amplitude", "iq"},
                 "amplitude: one signed input a mode; iq: two inputs a mode, in phase and in quadrature, at twice the "
                 "modulator's loss")
              .fallback("amplitude"),
          FieldMaker("hand_over", Kind::section,
                     "light goes from layer to layer without detection, through elements that the neurons' bits open "
                     "and close: modulators stand "
                     "before the first layer only, receivers behind the last; each layer must fit into one tile; left "
                     "out: every layer's light is "
                     "detected and modulated anew")
              .section("hand_over")
              .optional(),
          light("local_oscillator", "power at the receiver of each output"),
          power("heater_power", "of a phase shifter, or a pixel of a mask, that holds pi; proportional to the phase")};
}

Field detection_field() {
  return choice("detection", {"current", "counting"},
                "current: photocurrents, subtracted, with receiver_noise; counting: the photons of each symbol on "
                "either photodiode, drawn from "
                "Poisson's distribution")
      .fallback("current");
}

std::vector<Section> amplifier_sections() {
  const std::vector<Field> common = {
      quantity("gain", Dimension::ratio, 4, 1e6, "largest, of faint light")
          .preset()
          .hint("gains are written in dB, from 6.03 dB to 60 dB"),
      quantity("noise_figure", Dimension::ratio, 1.75, 1e4,
               "from which the spontaneous emission follows; at least 2 - 1 / gain")
          .preset(),
      light("saturation_power", "that leaves the amplifier when its gain has fallen to half the largest")};
  Section semiconductor{"amplifier.semiconductor",
                        "amplifier",
                        "semiconductor",
                        "semiconductor optical amplifier, which each symbol saturates anew",
                        common,
                        true,
                        {}};
  semiconductor.fields.push_back(quantity("drive_current", Dimension::current, 1e-9, 100, "all the while").preset());
  semiconductor.fields.push_back(quantity("drive_voltage", Dimension::voltage, 1e-3, 100, "at that current").preset());
  Section fibre{"amplifier.erbium_fibre",
                "amplifier",
                "erbium_fibre",
                "erbium-doped fibre amplifier, whose gain is that of steady light at full scale",
                common,
                true,
                {}};
  fibre.fields.push_back(light("pump_power", "light of the pump, all the while"));
  fibre.fields.push_back(share("pump_efficiency", "of the pump: wall plug to light"));
  fibre.fields.push_back(
      quantity("pump_wavelength", Dimension::length, 1e-8, 1e-4, "of the pump, below the signal's").preset());
  for (Section* section : {&semiconductor, &fibre})
    section->fields.push_back(optional_area("area", "of one amplifier; left out: no figure"));
  return {semiconductor, fibre};
}

Section hand_over_section() {
  Section section{
      "hand_over", "",
      "",          "elements between the layers' media, one an output, that let light pass (bit 1) or not (bit 0)",
      {},          false,
      {}};
  section.fields = {
      loss("loss", "of an open element"),
      quantity("extinction", Dimension::ratio, 1.001, 1e12,
               "light that an open element lets pass over what a closed one does; left out: a closed one is dark")
          .optional()
          .sourced(),
      optional_loss(
          "saturable_loss",
          "of an open element in faint light, in dB inversely as 1 + power / saturation_power; left out: 0 dB"),
      quantity("saturation_power", Dimension::power, kLeastPower_W, kMostPower_W, "needed by saturable_loss")
          .optional()
          .sourced()};
  return section;
}

Section ring_section() {
  Section rings{"linear.ring_bank",
                "linear",
                "ring_bank",
                "weight banks of add-drop micro-rings, one wavelength an input, with balanced detection",
                {},
                true,
                {}};
  rings.fields = {
      tile_size("wavelengths of a bank, and outputs of a tile"),
      detection_field(),
      quantity("finesse", Dimension::ratio, 1.001, 1e9,
               "of a ring: free spectral range over full width at half maximum")
          .preset(),
      quantity("free_spectral_range", Dimension::frequency, 1e6, 1e15, "of a ring").preset(),
      quantity("channel_spacing", Dimension::frequency, 1e6, 1e15,
               "between neighbouring wavelengths; left out: the free spectral range over modes")
          .optional()
          .sourced(),
      loss("drop_loss", "power into a ring at resonance over power at its drop port"),
      quantity("through_extinction", Dimension::ratio, 1.001, 1e12,
               "power into a ring at resonance over power at its through port; left out: nothing passes")
          .optional()
          .sourced(),
      choice("channel_crosstalk", {"none", "uncompensated", "compensated"},
             "light that meets rings tuned to other wavelengths: none: passes; uncompensated: is partly dropped, which "
             "weights do not "
             "know of; compensated: is partly dropped, and all rings of a bank are tuned together so that weights are "
             "right")
          .fallback("none"),
      quantity("locking_error", Dimension::frequency, 0, 1e15,
               "standard deviation of each resonance, fixed for a run; left out: 0 Hz")
          .optional()
          .sourced(),
      quantity("resonance_spread", Dimension::frequency, 0, 1e15,
               "standard deviation of resonances as made, which heaters make up for; left out: 0 Hz")
          .optional()
          .sourced(),
      quantity("resonance_bias", Dimension::frequency, 0, 1e15,
               "by which rings are made higher than the light they are for, as heaters lower resonances only; "
               "least_power: what costs least with "
               "resonance_spread; left out: 0 Hz")
          .word("least_power")
          .optional()
          .sourced(),
      power("tuning_power", "of a heater that shifts a ring by one free spectral range; proportional to the shift"),
      power("locking_power", "of the loop that holds one ring")};
  return rings;
}

Section absorber_section() {
  Section absorbers{"linear.absorptive_crossbar",
                    "linear",
                    "absorptive_crossbar",
                    "crossbar of cells that absorb a share of the light (phase-change material), two a weight, with "
                    "balanced detection",
                    {},
                    true,
                    {}};
  absorbers.fields = {
      tile_size("inputs and outputs of a tile"),
      detection_field(),
      quantity("minimum_transmission", Dimension::ratio, 0, 0.999, "of a cell, as share of power").preset(),
      quantity("maximum_transmission", Dimension::ratio, 0.001, 1, "of a cell, as share of power").preset(),
      integer("levels", 0, 65536, "states of a cell, evenly spaced from minimum to maximum; 0: continuous")
          .fallback("0")
          .sourced(),
      quantity("programming_error", Dimension::ratio, 0, 1, "standard deviation of a cell's transmission; left out: 0")
          .optional()
          .sourced(),
      choice("combining", {"couplers", "multiplexers"},
             "of the light of one output's cells: couplers: broadband, of n cells each gets in with 1/n, the rest "
             "leaves; multiplexers: selective in "
             "wavelength, without loss")
          .fallback("couplers"),
      optional_loss("cell_loss", "of passing one cell's crossing; left out: 0 dB"),
      integer("wavelengths", 1, 1024, "sets of wavelengths: positions of a convolution that go through at once")
          .fallback("1")
          .sourced()};
  return absorbers;
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
      integer("phase_bits", 0, 24, "phases are rounded to 2^bits steps of a turn; 0: continuous")
          .fallback("0")
          .sourced(),
      quantity("thermal_crosstalk", Dimension::ratio, 0, 0.5,
               "share of a heater's phase that its neighbours in the column get; left out: 0")
          .optional()
          .sourced(),
      choice("recalibration", {"none", "in_situ"},
             "in_situ: phases are dialled so that this very mesh, its errors measured, comes as near to its matrix as "
             "it can")
          .fallback("none"),
      quantity("phase_jitter", Dimension::angle, 0, 0.1,
               "standard deviation of each phase, anew in every symbol; left out: 0")
          .optional()
          .sourced(),
      amplifier("gain_row",
                "of light, beside the attenuators between the two meshes: singular values up to the root of its gain "
                "need no scaling; left out: "
                "attenuators alone, weights are divided by their largest singular value")};
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
             "dilation: made for its matrix, which it holds exactly as a block of a lossless unitary; random: fixed "
             "and random "
             "(Haar), programmed by masks of phases before and behind it, which is an approximation")
          .fallback("dilation"),
      integer("scatterer_modes", 1, 4096, "embedding random: modes of the scatterer, at least those of a tile")
          .fallback("256")
          .sourced()};
  Section rings = ring_section(), absorbers = absorber_section();
  for (Section* medium : {&mesh, &scatterer, &rings, &absorbers}) {
    const bool is_coherent = medium == &mesh || medium == &scatterer;
    for (const auto& fields : {source_fields(), is_coherent ? coherent_fields() : std::vector<Field>(),
                               receiver_fields(), programming_fields()})
      medium->fields.insert(medium->fields.end(), fields.begin(), fields.end());
  }
  std::vector<Section> all = {mesh, scatterer, rings, absorbers, hand_over_section()};
  for (Section& section : amplifier_sections()) all.push_back(std::move(section));
  return all;
}

}  // namespace szilard::scenario
