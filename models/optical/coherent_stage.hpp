// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/optical/handed_light.hpp"
#include "models/optical/optical_stage.hpp"

namespace szilard::optical {

/// What multiplies.
enum class Medium {
  mzi_mesh,          ///< two meshes and attenuators a tile (matrix_mesh.hpp)
  dilation,          ///< an elastic medium that holds the tile as a block of a lossless unitary (scattering_medium.hpp)
  random_scatterer,  ///< a fixed random scatterer between masks of phases (scattering_medium.hpp)
};

/// How inputs become fields.
enum class Modulation {
  amplitude,  ///< one input a mode, signed (push-pull)
  iq,         ///< two inputs a mode, in phase and in quadrature
};

/// Light handed from an output of the medium to an input of the next layer's, without detection.
///
/// Law. Behind the output's amplifier, if there is one, stands an element that a neuron's bit opens (s = 1) or closes:
/// a field b goes on as b sqrt(T), T = 1 / (loss x saturable_loss^(1 / (1 + |b|^2 / saturation_w))) open and T /
/// extinction closed; the rest is absorbed.
///
/// Powers in W, losses and extinction as ratios of power. The bit answers to the layer's own output of the same symbol,
/// so that an element must open within it; the light's wait for that, a delay line, is not modelled. Saturation is that
/// of a homogeneously broadened absorber (loss in dB falls as 1 / (1 + P / P_s)) that answers at once. Source of the
/// saturation law: A. E. Siegman, Lasers, University Science Books (1986), chapter 7 (recall).
struct HandOver {
  support::Parameter loss = 1.0;  ///< >= 1, of an open element
  support::Parameter extinction =
      std::numeric_limits<double>::infinity();  ///< > 1, light through an open element over light through a closed one
  support::Parameter saturable_loss = 1.0;      ///< >= 1, of an open element in faint light, beside `loss`
  support::Parameter saturation_w;              ///< [W] > 0 where saturable_loss is above 1

  void check() const;
};

/// Coherent linear media with their light sources and receivers as built.
struct CoherentParameters : LightParameters {
  Medium medium = Medium::mzi_mesh;
  Modulation modulation = Modulation::amplitude;
  Topology topology = Topology::clements;  ///< mzi_mesh
  MeshImperfections imperfections;         ///< mzi_mesh
  bool recalibrated = false;  ///< mzi_mesh: phases make up for the imperfections of this very mesh (recalibration.hpp)
  support::Parameter
      phase_jitter_rad;  ///< mzi_mesh: [rad] >= 0, at most 0.1, of each phase in each symbol (shaken_mesh.hpp)
  std::size_t scatterer_modes = 0;              ///< random_scatterer: modes .. 4096
  std::optional<AmplifierParameters> gain_row;  ///< mzi_mesh: amplifiers beside the attenuators between the meshes
  std::optional<HandOver> hand_over;            ///< none: each layer's light is detected and modulated anew
  support::Parameter local_oscillator_w;        ///< [W] > 0, at the receiver of each output
  support::Parameter heater_power_w;  ///< [W] >= 0, of a shifter, or a pixel of a mask, at pi, held throughout

  void check() const;  ///< throws std::invalid_argument that names the field
};

/// A linear layer on tiles of a coherent medium with homodyne detection.
///
/// Law. Input k drives a modulator to the field a_k = sqrt(light_power) x_k / input_full_scale, signed (push-pull). A
/// tile of the weights is W = s C with s its largest singular value. The medium has the transfer M, so b = M a: M is C
/// on two perfect meshes (padded with zeros to modes x modes) and in a dilation, and comes near it with errors or from
/// a random scatterer, whose common phase the oscillator takes up. Each output is mixed with a local oscillator on two
/// photodiodes, whose difference is i = 2 R sqrt(P_LO) Re b, R the responsivity. y = gain s input_full_scale i / (2 R
/// sqrt(P_LO light_power)), summed over the tiles of an output as currents; the bias is added behind. gain makes up for
/// the loss of the medium, one factor a tile: the least-squares fit of Re M to W / s (1 for a perfect mesh). Light in
/// quadrature to the oscillator is detected but not seen.
///
/// A modulator whose arms differ (extinction ratio e) adds the quadrature sqrt((1 - u^2) / e), u = x_k /
/// input_full_scale, 0 beyond full scale: it lights the dark state, is not seen itself, and reaches the outputs where M
/// is not real. With modulation iq a mode carries two inputs, a_k = x_k + i x_(n+k) of a tile's 2 n, and the medium
/// holds C = (W_k - i W_(n+k)) / s, so that Re b is W x / s again; each arm's leak falls on the other, and half of the
/// light is lost where the arms are joined.
///
/// Noise, one Gaussian per output and symbol, its variance summed over the tiles of the output: shot noise of the
/// oscillator, the signal and both dark currents, thermal noise (receiver_variance_a2). Numbers of
/// STREAM_NAME/receiver_noise, index position x outputs + output. All light of a tile, oscillators included, comes from
/// lasers that fluctuate together: its currents have a common Gaussian factor of variance intensity_noise_per_hz x
/// bandwidth; stream STREAM_NAME/tile_R_C/laser_noise. The books hold the mean light. Errors of the meshes are fixed:
/// streams STREAM_NAME/tile_R_C/...
///
/// Time: one symbol a position; duration = positions / symbol_rate. Tiles work at once, each with its own lasers,
/// modulators and receivers, or in rounds where fewer are built (Reprogramming). Light needs no time.
///
/// Energy of a sample, with t = positions / symbol_rate, each tile's parts apart:
///   laser      supplies wall-plug power (modulators' light x coupling loss + oscillators) / efficiency, dissipates
///              what does not become light on the chip, exports the light;
///   modulator  receives light at full power all the while, exports a_k^2, absorbs the rest; its drive costs
///              modulator_energy a symbol and input (padding zeros too: they must be held at zero);
///   waveguide  where there is loss on the way to the medium: receives what leaves the modulators, exports what enters
///              it;
///   tile       receives the light, absorbs insertion losses (mesh_loss), loses auxiliary light by attenuators and idle
///              ports (unrecovered_light), exports what reaches the receivers; heaters dissipate
///              heater_power x phase / pi all the while, phases in [0, 2 pi);
///   photovoltaic  where auxiliary light is led to one: recovers auxiliary_recovery of it, dissipates the rest;
///   receiver   detection turns all light that reaches it, signal and oscillator, into heat (D30: the mesh may be
///              lossless, detection is not); amplifiers take receiver_power.
/// Absorbed and auxiliary light come from forms summed over the interferometers, what is exported from the fields at
/// the outputs: the balance of a tile is a check.
///
/// gain_row (mzi_mesh only): between the two meshes of W / scale = U S V^dagger stands one amplifier beside each
/// attenuator. A singular value s_k up to sqrt(G) is realised as it is, by the attenuator for s_k <= 1 or by a power
/// gain g_k = s_k^2 above, instead of all weights being divided by the largest one: scale = max(1, ||W||_2 / sqrt(G)),
/// G the gain in faint light, a ratio of powers. Field between the meshes, in sqrt(W):
///   c_k -> sqrt(g) c_k + (z + i z') sqrt(n_sp (g - 1) h nu B),
/// g saturating with |c_k|^2 as amplifier.hpp says; z, z' Gaussian of unit variance, of the stream
/// STREAM_NAME/TILE/gain_row. Receivers reckon with the gain in faint light: saturation is an error, and shows as one.
/// A tile without a singular value above 1 has no amplifier in use and draws nothing. The pump's power is drawn while
/// there is light (gain_row_pump); what does not become light is heat.
///
/// hand_over: of a chain of layers that hand light on, the first has modulators and the last receivers; law of the
/// element between two layers: HandOver. Field k of layer l + 1, in sqrt(W), is
///   a_k = sqrt(T_k) sqrt(g_k) b_k,   b = M_l a_l,
/// of the output k of layer l, g_k its output amplifier's gain (1: none). The numbers that the next layer computes with
/// are y / full scale = a / sqrt(light_power), light_power of layer l + 1 being what layer l hands over at full scale
/// through an open element of faint light's full saturation. Light fades from layer to layer by
/// (weight x sqrt(loss))^2, weight = gain x s as above, unless an output amplifier restores it, dialled to the gain
/// that gives the first layer's light_power again, at most its largest. y of a layer that hands on is the field itself,
/// sensed by its neurons without noise; a bit of 0 closes the element.
///   Shapes: one tile of `modes` inputs and outputs a layer, terms + 1 <= modes where there are biases (an arm that a
///   laser lights in every layer), one position, each output used once by the next layer.
///   Excluded by physics, refused: several tiles or positions (sums would need all fields at one place and time without
///   detection), pools (a maximum is not linear in the field), modulation iq (an output is one number on a mode, and
///   the next layer would want two on one), rounds of tiles.
///   Errors: leakage of closed elements, sqrt(T / extinction) of a field; saturation; quadrature light that is kept
///   where detection would have dropped it.
///   Intensity noise: all lasers of a chain fluctuate together by one factor f a sample (stream of the first layer's
///   tile), fields by sqrt(f), and the currents at its end by f. Books hold the light as it was in that sample, the
///   oscillators' mean.
///   light_power solved: the light of the last layer that its wanted_error asks for (wanted_light_w()) is led back to
///   the first through the chain, which is linear in it (sim/mapping/optical_stage.hpp).
///
/// Left out: phase noise of lasers, crosstalk between symbols, time of flight, drive of the bias, the splitting of an
/// input's light among tiles (each tile has its own modulators).
///
/// Sources: Y. Shen et al., Nat. Photonics 11, 441 (2017), DOI 10.1038/nphoton.2017.93 (meshes by singular values);
/// R. Hamerly et al., Phys. Rev. X 9, 021032 (2019), DOI 10.1103/PhysRevX.9.021032 (homodyne detection and its noise);
/// an element that a layer's own output opens: I. A. D. Williamson et al., IEEE J. Sel. Top. Quantum Electron. 26,
/// 7700412 (2020), DOI 10.1109/JSTQE.2019.2930455 (recall); the chain's law above is derived here from the element's
/// and the medium's.
class CoherentStage final : public OpticalStage {
 public:
  /// input_full_scale > 0 is the |x| that the light power stands for; larger signals are not clipped.
  /// With ways, of a chain whose parameters have hand_over, light comes from the stage before, built before this one,
  /// or goes on to the next; the first one's light_power_w is given. Throws std::invalid_argument where a layer has
  /// more than one tile or position then, or does not use each input once.
  CoherentStage(linear::LinearMap map, CoherentParameters parameters, double input_full_scale, std::uint64_t seed,
                const std::string& stream_name, LightWays ways = {});
  ~CoherentStage() override;

  const linear::LinearMap& map() const override;
  std::int64_t duration_ps() const override;
  void open_accounts(const std::string& component, energy::EnergySink& sink) override;
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override;

  const char* medium() const override;
  const LightParameters& light() const override;
  std::vector<OpticalTileReport> tiles() const override;
  std::vector<TileProgram> programs() const override;
  LinkBudget link() const override;
  std::vector<support::AreaPart> areas(const std::string& component) const override;
  double detected_photons() const override;
  /// Where wanted_error is asked for and the stage has receivers: the light in an input at full scale that it takes;
  /// else 0.
  double wanted_light_w() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::optical
