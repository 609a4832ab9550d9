// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/optical/amplified_matrix.hpp"
#include "models/optical/coherent_stage.hpp"
#include "models/optical/shaken_mesh.hpp"
#include "models/optical/stage_books.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {

/// One tile made ready for products. Its columns are what modulators put on the light, `arms` in phase, then, where
/// there is anything in quadrature, as many of that. Rows, stacked: Re b, Im b (unless it is rounding), then the forms
/// of auxiliary and absorbed light (unless the latter vanishes). Internal to this folder.
struct CoherentTile {
  std::size_t group = 0, first_output = 0, outputs = 0, first_term = 0, terms = 0;
  std::size_t lit = 0;      ///< modes with a modulator
  std::size_t columns = 0;  ///< lit, or twice that
  bool has_quadrature = false, has_absorption = false;
  double weight = 0;  ///< y = weight Re b in the network's numbers
  support::AlignedVector<double> stacked;
  OpticalTileReport report;
  TileProgram program;
  double full_absorbed = 0, full_auxiliary = 0,
         full_out = 0;  ///< all inputs at +-1, independent of one another, in the mean
  double interferometers_in_path = 0, path_loss = 1;
  std::optional<MatrixMesh> amplified_mesh;  ///< where singular values need gain
  std::size_t row_amplifiers = 0;
  double row_gain = 1;  ///< the largest dialled
  double full_gained = 0;
  std::vector<double> full_power;  ///< of each output, all inputs at full scale, in the mean
  std::optional<ShakenMatrix> shaken;
  std::optional<AmplifiedMatrix> amplified;
  std::vector<AmplifierRow> inputs, outputs_row;  ///< amplifiers before and behind the medium: one row each, or none

  std::size_t rows() const { return (has_quadrature ? 2 : 1) * outputs + (has_absorption ? 2 : 1) * columns; }
};

/// The tiles of a map, group after group, in each one row tile after another.
std::vector<CoherentTile> make_coherent_tiles(const linear::LinearMap& map, const CoherentParameters& parameters,
                                              std::uint64_t seed, const std::string& stream_name);

class CoherentStage::Impl {
 public:
  Impl(linear::LinearMap map, CoherentParameters parameters, double input_full_scale, std::uint64_t seed,
       const std::string& stream_name, LightWays ways);

  const linear::LinearMap& map() const { return map_; }
  const CoherentParameters& parameters() const { return parameters_; }
  const std::vector<CoherentTile>& tiles() const { return tiles_; }
  StageBooks& books() { return books_; }
  const StageBooks& books() const { return books_; }
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink);
  LinkBudget link() const;
  double detected_light() const { return detected_; }  ///< J
  double wanted_light_w() const { return wanted_light_w_; }

 private:
  linear::LinearMap map_with_bias_arm() const;
  void check_ways() const;
  void build_amplifiers(std::uint64_t seed, const std::string& stream_name);
  AmplifierRow::Noise amplifier_noise() const {
    return {parameters_.photon_energy_j(), parameters_.receiver_bandwidth_hz};
  }
  double output_gain(const CoherentTile& tile) const;  ///< dialled
  double input_gain() const;
  bool has_bias_arm() const { return ways_.to && !map_.bias.empty(); }
  void take_handed(const CoherentTile& tile, const std::int32_t* gather, const support::SignalBlock& x,
                   std::size_t first, std::size_t lanes);
  void amplify_inputs(const CoherentTile& tile, std::size_t index, const support::SignalBlock& x, std::size_t first,
                      std::size_t lanes, std::uint32_t symbol);
  const CoherentTile& worst_tile() const;
  PathResponse response(const CoherentTile& tile) const;
  void solve_light();
  void draw_laser_factors(std::uint64_t first_sample, std::size_t samples);
  const LightParameters& with_light();  ///< as built: light power solved where it is wanted
  BookedLayer booked() const;
  void drive(const CoherentTile& tile, std::size_t index, const std::int32_t* gather, const support::SignalBlock& x,
             std::size_t first, std::size_t lanes, std::uint32_t symbol);
  void pass(std::size_t index, const std::int32_t* gather, const support::SignalBlock& x, std::size_t first,
            std::size_t lanes, std::uint32_t symbol);
  void account(const CoherentTile& tile, std::size_t index, std::size_t lanes);
  void receive(const CoherentTile& tile, std::size_t index, std::uint64_t first_sample, std::size_t samples,
               std::size_t lanes, std::uint32_t symbol);
  void finish(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first, std::size_t lanes);

  linear::LinearMap map_;
  CoherentParameters parameters_;
  double input_full_scale_;
  LightWays ways_;
  std::vector<CoherentTile> tiles_;
  std::size_t tiles_per_group_ = 0;
  double watts_per_square_ = 0, wanted_light_w_ = 0;
  StageBooks books_;
  support::RandomStream noise_;
  std::vector<support::RandomStream> laser_noise_;  // one a tile
  bool is_noisy_;
  double detected_ = 0;
  // Of the samples at work, each row kCoherentLanes long.
  support::AlignedVector<double> driven_, products_, sums_, variances_, gaussians_, zero_, bias_arm_;
  std::vector<double*> rows_;
  std::vector<const double*> picked_;
  std::vector<TileLight> light_;                 // [lane][tile]
  std::vector<double> lit_, factors_;            // [lane]
  std::vector<double> laser_factors_;            // [lane], of a chain's lasers
  std::vector<LightWay::Fields> taken_, given_;  // [lane]
};

/// Samples that a stage works on at once.
inline constexpr std::size_t kCoherentLanes = 96;

}  // namespace szilard::optical
