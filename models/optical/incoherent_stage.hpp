// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/optical/absorptive_crossbar.hpp"
#include "models/optical/optical_stage.hpp"
#include "models/optical/ring_bank.hpp"

namespace szilard::optical {

enum class IncoherentMedium { ring_bank, absorptive_crossbar };

/// How receivers turn light into numbers.
enum class Detection {
  current,   ///< difference of two photocurrents, with white noise
  counting,  ///< difference of two numbers of photons, each of them drawn from Poisson's distribution
};

/// Incoherent linear media with their light sources and receivers as built.
struct IncoherentParameters : LightParameters {
  IncoherentMedium medium = IncoherentMedium::ring_bank;
  RingBankParameters rings;
  AbsorptiveCrossbarParameters absorbers;
  Detection detection = Detection::current;

  void check() const;  ///< throws std::invalid_argument that names the field
};

/// A linear layer on tiles whose inputs are powers of light, with balanced detection.
///
/// Law. Input k lights its own wavelength with the power P_k = light_power p_k, p_k = 1/e + (1 - 1/e) x_k /
/// input_full_scale, e the extinction ratio; x_k >= 0. Where inputs may be negative, a product takes two symbols: one
/// for the positive parts, one for the magnitudes of the negative ones, subtracted behind the receivers. The medium
/// leads P_k in the shares A+_jk and A-_jk to the two photodiodes of output j (ring_bank.hpp, absorptive_crossbar.hpp),
/// so that A+ - A- is W up to one factor a tile; the difference of both currents is i_j = R sum_k (A+_jk - A-_jk) P_k.
/// What the dark state of the modulators alone gives is known and taken off. y is summed over the tiles of an output;
/// the bias is added behind.
///
/// Noise. current: one Gaussian per output, tile and symbol, of receiver_variance_a2() of the light on both
/// photodiodes, summed over the tiles; stream STREAM_NAME/receiver_noise. counting: on each photodiode a number of
/// photons of mean eta P t / (h nu)
/// + I_dark t / q in the symbol's time t is drawn (Poisson), and no other noise; stream STREAM_NAME/TILE/photons.
/// Either way the light of each laser fluctuates by a common Gaussian factor of variance intensity_noise_per_hz x
/// bandwidth a symbol; a laser serves laser_sharing neighbouring inputs of a tile; stream STREAM_NAME/TILE/laser_noise.
///
/// Time: `wavelengths` positions of a convolution go through at once, on as many sets of wavelengths; light needs no
/// time.
///
/// Energy: as of CoherentStage (coherent_stage.hpp), without oscillators; modulators absorb what they do not let pass.
/// Absorbed and auxiliary light come from sums over the elements, what is exported from the products: the balance of a
/// tile is a check.
///
/// Amplifiers (amplifier.hpp): one an input, and one before each photodiode. Of the light that they add the mean is
/// known and taken off. Counting behind amplifiers: the spontaneous field of a symbol is drawn, n_sp (g - 1) photons in
/// the mean in its one mode (bandwidth half the symbol rate), and the count is Poisson of the light that then is there:
/// with S photons of signal in the mean N = n_sp (g - 1) + g S, of variance N + n_sp^2 (g - 1)^2 + 2 g S n_sp (g - 1),
/// Mandel's formula of coherent light in Gaussian noise (L. Mandel, Proc. Phys. Soc. 74, 233 (1959),
/// DOI 10.1088/0370-1328/74/3/301; recall), which holds of amplified light because its P function is that Gaussian.
///
/// Left out: beating of light on neighbouring wavelengths, drift, response times of rings and photodiodes, spontaneous
/// emission on wavelengths that carry no signal.
///
/// Sources: A. N. Tait et al., Sci. Rep. 7, 7430 (2017), DOI 10.1038/s41598-017-07754-z (weight banks); J. Feldmann et
/// al., Nature 589, 52 (2021), DOI 10.1038/s41586-020-03070-1 (absorbing crossbar); T. Wang et al., Nat. Commun. 13,
/// 123 (2022), DOI 10.1038/s41467-021-27774-8 (counting photons). All recall.
class IncoherentStage final : public OpticalStage {
 public:
  /// input_full_scale > 0 is the x that light_power stands for.
  IncoherentStage(linear::LinearMap map, IncoherentParameters parameters, double input_full_scale, bool input_negative,
                  std::uint64_t seed, const std::string& stream_name);
  ~IncoherentStage() override;

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

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::optical
