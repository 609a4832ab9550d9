// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/linear/linear_stage.hpp"
#include "models/optical/matrix_mesh.hpp"

namespace szilard::optical {

/// What multiplies.
enum class Medium {
  mzi_mesh,          ///< two meshes and attenuators a tile (matrix_mesh.hpp)
  dilation,          ///< an elastic medium that holds the tile as a block of a lossless unitary (scattering_medium.hpp)
  random_scatterer,  ///< a fixed random scatterer between masks of phases (scattering_medium.hpp)
};

/// White noise of the receivers; none: ideal homodyne detection.
struct DetectorNoise {
  bool has_shot = false, has_thermal = false;
};

/// Coherent linear media with their light sources and receivers as built.
struct CoherentParameters {
  Medium medium = Medium::mzi_mesh;
  std::size_t modes = 64;  ///< inputs and outputs of a tile, 1 .. 1024
  Topology topology = Topology::clements;  ///< mzi_mesh
  MeshImperfections imperfections;         ///< mzi_mesh
  std::size_t scatterer_modes = 0;         ///< random_scatterer: modes .. 4096
  DetectorNoise noise;
  double temperature_k = 300;               ///< [K] > 0, of thermal noise
  support::Parameter symbol_rate_hz;        ///< [Hz] > 0, of modulators and receivers
  support::Parameter light_power_w;         ///< [W] > 0, in a mode behind its modulator, stands for input_full_scale
  support::Parameter local_oscillator_w;    ///< [W] > 0, at the receiver of each output
  support::Parameter laser_efficiency;      ///< wall plug, (0, 1]
  support::Parameter coupling_loss;         ///< power of the laser over power on the chip, >= 1
  support::Parameter modulator_loss;        ///< power into a modulator over power out of it at full scale, >= 1
  support::Parameter modulator_energy_j;    ///< [J] >= 0, drive of one symbol
  support::Parameter heater_power_w;        ///< [W] >= 0, of a shifter, or a pixel of a mask, at pi, held throughout
  support::Parameter quantum_efficiency;    ///< of photodiodes, (0, 1]
  support::Parameter wavelength_m;          ///< [m] > 0
  support::Parameter dark_current_a;        ///< [A] >= 0, of one photodiode
  support::Parameter receiver_resistance_ohm;  ///< [ohm] > 0, that sets the thermal noise
  support::Parameter receiver_bandwidth_hz;    ///< [Hz] > 0, of the noise
  support::Parameter receiver_power_w;         ///< [W] >= 0, of the amplifier of one output
  support::Parameter auxiliary_recovery;       ///< share of auxiliary light turned back into work, 0 .. 1

  void check() const;           ///< throws std::invalid_argument that names the field
  double responsivity() const;  ///< A/W: quantum efficiency x q wavelength / (h c)
};

/// Variance of a receiver's current, A^2: shot noise 2 q I B of everything that is detected and of both dark currents, thermal
/// noise 4 k T B / R.
double receiver_variance_a2(const CoherentParameters& parameters, double detected_w);

/// One tile of the stage, for the map printed to the user.
struct CoherentTileReport {
  std::string name;  ///< "tile_0_1": row tile, column tile
  std::size_t rows_used = 0, columns_used = 0;  ///< outputs and inputs
  double scale = 1;     ///< largest singular value, that the meshes divide by
  double residual = 0;  ///< of the decomposition; of a dilation its unitarity_error()
  double gain = 1;      ///< by which the receivers make up for loss
  double error = 0;     ///< || gain Re M - W / s ||_F / || W / s ||_F: of the tile as built; 0 for a tile of zeros
  double heaters_w = 0;
};

/// A linear layer on tiles of a coherent medium with homodyne detection.
///
/// Law. Input k drives a modulator to the field a_k = sqrt(light_power) x_k / input_full_scale, signed (push-pull). A
/// tile of the weights is W = s C with s its largest singular value. The medium has the transfer M, so b = M a: M is C on two
/// perfect meshes (padded with zeros to modes x modes) and in a dilation, and comes near it with errors or from a random
/// scatterer, whose common phase the oscillator takes up. Each output is mixed with a local oscillator on two photodiodes, whose
/// difference is i = 2 R sqrt(P_LO) Re b, R the responsivity. y = gain s input_full_scale i / (2 R sqrt(P_LO light_power)), summed
/// over the tiles of an output as currents; the bias is added behind. gain makes up for the loss of the medium, one factor a
/// tile: the least-squares fit of Re M to W / s (1 for a perfect mesh). Light in quadrature to the oscillator is detected but not
/// seen.
///
/// Noise, one Gaussian per output and symbol, its variance summed over the tiles of the output: shot noise of the
/// oscillator, the signal and both dark currents, thermal noise (receiver_variance_a2). Numbers of STREAM_NAME/receiver_noise,
/// index position x outputs + output. Errors of the meshes are fixed: streams STREAM_NAME/tile_R_C/...
///
/// Time: one symbol a position; duration = positions / symbol_rate. Tiles work at once, each with its own lasers, modulators and
/// receivers. Light needs no time; phases are set before the run.
///
/// Energy of a sample, with t = positions / symbol_rate, each tile's parts apart:
///   laser      supplies wall-plug power (modulators' light x coupling loss + oscillators) / efficiency, dissipates what does not
///              become light on the chip, exports the light;
///   modulator  receives light at full power all the while, exports a_k^2, absorbs the rest; its drive costs
///              modulator_energy a symbol and input (padding zeros too: they must be held at zero);
///   tile       receives the light, absorbs insertion losses (mesh_loss), loses auxiliary light by attenuators and idle
///              ports (auxiliary_light, of which auxiliary_recovery is recovered), exports what reaches the receivers; heaters
///              dissipate heater_power x phase / pi all the while, phases in [0, 2 pi);
///   receiver   detection turns all light that reaches it, signal and oscillator, into heat (D30: the mesh may be
///              lossless, detection is not); amplifiers take receiver_power.
/// Absorbed and auxiliary light come from forms summed over the interferometers, what is exported from the fields at the outputs:
/// the balance of a tile is a check.
///
/// Left out: laser intensity and phase noise, extinction ratio, crosstalk between symbols, time of flight, programming energy, drive
/// of the bias, the splitting of an input's light among tiles (each tile has its own modulators).
///
/// Sources: Y. Shen et al., Nat. Photonics 11, 441 (2017), DOI 10.1038/nphoton.2017.93 (meshes by singular values);
/// R. Hamerly et al., Phys. Rev. X 9, 021032 (2019), DOI 10.1103/PhysRevX.9.021032 (homodyne detection and its noise).
class CoherentStage final : public linear::LinearStage {
 public:
  /// input_full_scale > 0 is the |x| that the light power stands for; larger signals are not clipped.
  CoherentStage(linear::LinearMap map, CoherentParameters parameters, double input_full_scale, std::uint64_t seed,
            const std::string& stream_name);
  ~CoherentStage() override;

  const linear::LinearMap& map() const override;
  std::int64_t duration_ps() const override;
  void open_accounts(const std::string& component, energy::EnergySink& sink) override;
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override;

  std::vector<CoherentTileReport> tiles() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::optical
