// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/optical/amplifier_row.hpp"
#include "models/optical/incoherent_stage.hpp"
#include "models/optical/stage_books.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {

/// One tile made ready for products: the rows of plus, minus, absorbed and auxiliary shares, stacked. Internal to this
/// folder.
struct IncoherentTile {
  std::size_t group = 0, first_output = 0, outputs = 0, first_term = 0, terms = 0;
  support::AlignedVector<double> stacked;
  std::vector<double> dark;        ///< of each output: sum of plus - minus
  double weight = 0;               ///< y = weight x (plus - minus) (p - dark state), in the network's numbers
  double worst_share = 0;          ///< of an input's light that a weight of 1 leaves
  std::vector<double> full_power;  ///< of each row of stacked plus and minus, all inputs at full scale
  std::vector<AmplifierRow> inputs,
      photodiodes;  ///< amplifiers before the medium and before each photodiode: one row each, or none
  double full_absorbed = 0, full_auxiliary = 0, full_out = 0;  ///< all inputs at full scale
  std::vector<LinkBudget::Step> path;                          ///< in the medium, of the worst path
  OpticalTileReport report;
  TileProgram program;

  std::size_t rows() const { return 2 * outputs + 2; }
};

std::vector<IncoherentTile> make_incoherent_tiles(const linear::LinearMap& map, const IncoherentParameters& parameters,
                                                  std::uint64_t seed, const std::string& stream_name);

class IncoherentStage::Impl {
 public:
  Impl(linear::LinearMap map, IncoherentParameters parameters, double input_full_scale, bool input_negative,
       std::uint64_t seed, const std::string& stream_name);

  const linear::LinearMap& map() const { return map_; }
  const IncoherentParameters& parameters() const { return parameters_; }
  const std::vector<IncoherentTile>& tiles() const { return tiles_; }
  StageBooks& books() { return books_; }
  const StageBooks& books() const { return books_; }
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink);
  LinkBudget link() const;
  double detected_light() const { return detected_; }  ///< J

 private:
  struct Streams {
    support::RandomStream photons, laser_noise;
  };
  const IncoherentTile& worst_tile() const;
  PathResponse response() const;
  const LightParameters& with_light();
  void build_amplifiers(std::uint64_t seed, const std::string& stream_name);
  void amplify_input(std::size_t k, std::size_t index, std::uint64_t first_sample, std::size_t samples,
                     std::uint32_t symbol, double* power);
  void amplify_photodiodes(std::size_t index, std::uint64_t first_sample, std::size_t samples, std::uint32_t symbol);
  double input_gain() const;
  /// The gain that receivers reckon with before a photodiode.
  double output_reference(const IncoherentTile& tile, std::size_t photodiode) const {
    return tile.photodiodes.empty() ? 1.0 : tile.photodiodes.front().reference(photodiode);
  }
  /// Mean of what spontaneous emission of the amplifiers before both photodiodes adds to their difference, in units of
  /// light_power.
  double spontaneous_offset(const IncoherentTile& tile, std::size_t output) const;
  double output_gain() const { return parameters_.output_amplifier ? parameters_.output_amplifier->gain.value : 1.0; }
  BookedLayer booked() const;
  std::size_t symbols_of_sample() const { return map_.positions * (is_signed_ ? 2 : 1); }
  void drive(const IncoherentTile& tile, std::size_t index, const std::int32_t* gather, const support::SignalBlock& x,
             std::size_t first, std::size_t lanes, double sign, std::uint32_t symbol);
  void pass(std::size_t index, const support::SignalBlock& x, std::size_t first, std::size_t lanes, double sign,
            std::uint32_t symbol);
  void count(const IncoherentTile& tile, std::size_t index, std::uint64_t first_sample, std::size_t samples,
             double sign, std::uint32_t symbol);
  void finish(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first, std::size_t lanes);

  linear::LinearMap map_;
  IncoherentParameters parameters_;
  double input_full_scale_;
  bool is_signed_;
  std::vector<IncoherentTile> tiles_;
  std::size_t tiles_per_group_ = 0;
  StageBooks books_;
  support::RandomStream noise_;
  std::vector<Streams> streams_;  // one a tile
  bool is_noisy_;
  double dark_ = 0, bright_ = 1;  ///< light that enters the medium for an input of 0 and of full scale
  double detected_ = 0;
  // Of the samples at work, each row kIncoherentLanes long. Light in units of light_power.
  support::AlignedVector<double> driven_, products_, sums_, variances_, gaussians_;
  std::vector<double*> rows_;
  std::vector<const double*> picked_;
  std::vector<TileLight> light_;  // [lane][tile]
  std::vector<double> lit_;       // [lane]
};

/// Samples that a stage works on at once.
inline constexpr std::size_t kIncoherentLanes = 96;

}  // namespace szilard::optical
