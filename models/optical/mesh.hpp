// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/optical/mesh_phases.hpp"
#include "models/support/parameter.hpp"

namespace szilard::optical {

/// What a built mesh has that the dialled phases do not know of. The defaults are a perfect mesh.
struct MeshImperfections {
  support::Parameter insertion_loss = 1.0;       ///< power into an interferometer over power out of it, >= 1
  support::Parameter splitting_error_rad = 0.0;  ///< [rad] >= 0, standard deviation of a coupler's angle from pi / 4
  support::Parameter phase_error_rad = 0.0;      ///< [rad] >= 0, standard deviation of each phase
  int phase_bits = 0;                          ///< phases are rounded to 2^bits steps of a turn, 1 .. 24; 0: continuous
  support::Parameter thermal_crosstalk = 0.0;  ///< share of a heater's phase that its like neighbours get, 0 .. 0.5

  bool are_none() const;
  void check() const;  ///< throws std::invalid_argument that names the field
};

/// Light in W, summed over samples. in + gained = out + absorbed + auxiliary.
struct LightPowers {
  double in_w = 0, out_w = 0;
  double absorbed_w = 0;   ///< turned into heat by insertion loss
  double auxiliary_w = 0;  ///< left by ports that are not outputs
  double gained_w = 0;     ///< added by amplifiers
};

/// A mesh as built: what its interferometers really do to the light.
///
/// Law. Dialled phases are rounded to the steps of their drivers; then a heater at phase x adds kappa x to the like
/// heaters (theta to theta, phi to phi, output screen to output screen) of the next interferometers, or screen phases,
/// above and below it in its column, where x is taken in [0, 2 pi); then each phase has its fixed Gaussian error. A
/// coupler of angle pi / 4 + e is [[cos, i sin], [i sin, cos]]. The field behind an interferometer is T / sqrt(loss),
/// the same for both of its arms; modes that pass a column beside its interferometers, and the screen of phases, lose
/// nothing.
///
/// Streams: STREAM_NAME/splitting_error with index 2 i + coupler of interferometer i; STREAM_NAME/phase_error with
/// index 2 i for theta, 2 i + 1 for phi, then the screen.
///
/// Left out: reflections, polarisation, wavelength, unequal loss of the two arms, loss of waveguides beside
/// interferometers, crosstalk that reaches further than one neighbour.
///
/// Source of the kinds of splitting and phase error: M. Y.-S. Fang et al., Opt. Express 27, 14009 (2019),
/// DOI 10.1364/OE.27.014009 (recall). Crosstalk linear in the neighbour's phase is our choice.
class Mesh {
 public:
  /// An interferometer's 2x2 transfer of fields, loss included.
  struct Element {
    std::size_t column = 0, mode = 0;
    Complex t11, t12, t21, t22;
  };

  /// Throws std::invalid_argument.
  Mesh(MeshPhases phases, const MeshImperfections& imperfections, std::uint64_t seed, const std::string& stream_name);
  /// A perfect one.
  explicit Mesh(MeshPhases phases) : Mesh(std::move(phases), {}, 0, "mesh") {}

  std::size_t modes() const { return phases_.modes; }
  std::size_t columns() const { return phases_.columns; }
  const MeshPhases& phases() const { return phases_; }
  /// Phases that really act, in the order of phases().interferometers.
  const MeshPhases& acting_phases() const { return acting_; }
  const std::vector<Element>& elements() const { return elements_; }
  const std::vector<Complex>& output_factors() const { return output_factors_; }
  double transmission() const { return transmission_; }  ///< power out of an interferometer over power into it

  /// The transfer of fields from inputs to outputs, modes x modes.
  ComplexMatrix matrix() const;
  /// The form of absorbed power: a field x on the inputs loses x^dagger A x watts in the mesh. Summed over the
  /// interferometers from the outputs back, not from matrix().
  ComplexMatrix absorption() const;

  /// Sends fields (samples x modes, sqrt(W)) through, one interferometer after another, and adds to `powers` where
  /// their light went. arms_w, where wanted, is (columns + 1) x modes: the power in each arm before each column and
  /// behind the last, summed over samples; absorbed_w, where wanted, what each interferometer absorbed.
  ComplexMatrix propagate(const ComplexMatrix& fields, LightPowers& powers, std::vector<double>* arms_w = nullptr,
                          std::vector<double>* absorbed_w = nullptr) const;

 private:
  MeshPhases phases_, acting_;
  double transmission_ = 1;
  std::vector<Element> elements_;
  std::vector<Complex> output_factors_;
};

}  // namespace szilard::optical
