// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/optical/coherent_stage.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {

/// Light of one sample in a tile, in units of the square of the network's own numbers.
struct TileLight {
  double in = 0, absorbed = 0, auxiliary = 0, out = 0;
};

/// One pair of meshes made ready for products: the rows of Re M, Im M (unless it is rounding), and the forms of absorbed and
/// auxiliary light (unless they vanish), stacked. Internal to this folder.
struct CoherentTile {
  std::size_t first_output = 0, outputs = 0, first_term = 0, terms = 0;
  bool has_quadrature = false, has_absorption = false;
  double weight = 0;  ///< y = weight Re b in the network's numbers
  support::AlignedVector<double> stacked;
  CoherentTileReport report;

  std::size_t rows() const { return (has_quadrature ? 2 : 1) * outputs + (has_absorption ? 2 : 1) * terms; }
};

/// Accounts and energies of the stage's samples. Internal to this folder.
class CoherentEnergy {
 public:
  CoherentEnergy(const CoherentParameters& parameters, const linear::LinearMap& map, const std::vector<CoherentTile>& tiles,
             double watts_per_square);

  void open_accounts(const std::string& component, energy::EnergySink& sink);
  /// lit: sum over inputs and symbols of the light that lasers must have ready, in units of full scale.
  void post(std::uint64_t sample, double lit, const TileLight* tiles, energy::EnergySink& sink) const;

 private:
  struct TileAccounts {
    energy::AccountId received, absorbed, auxiliary, recovered, exported, heater_supplied, heater_dissipated;
  };
  struct Pair {
    energy::AccountId supplied, dissipated;
  };
  Pair open_pair(const std::string& component, const std::string& mechanism, const std::string& law, const std::string& counted,
                 energy::Origin origin, std::vector<energy::Coefficient> coefficients, energy::EnergySink& sink) const;
  void open_lasers(const std::string& component, energy::EnergySink& sink);
  void open_tile(const std::string& component, const CoherentTile& tile, energy::EnergySink& sink);
  void open_receivers(const std::string& component, energy::EnergySink& sink);

  const CoherentParameters& parameters_;
  const std::vector<CoherentTile>& tiles_;
  double joules_per_square_;
  double symbol_s_, sample_s_;
  std::int64_t symbols_, driven_ = 0, received_ = 0;
  Pair laser_{}, modulator_drive_{}, amplifier_{};
  energy::AccountId coupling_ = 0, light_exported_ = 0, oscillator_exported_ = 0;
  energy::AccountId modulator_received_ = 0, modulator_absorbed_ = 0, modulator_exported_ = 0;
  energy::AccountId signal_received_ = 0, oscillator_received_ = 0, detection_ = 0;
  std::vector<TileAccounts> tile_accounts_;
};

class CoherentStage::Impl {
 public:
  Impl(linear::LinearMap map, CoherentParameters parameters, double input_full_scale, std::uint64_t seed,
       const std::string& stream_name);

  const linear::LinearMap& map() const { return map_; }
  const CoherentParameters& parameters() const { return parameters_; }
  const std::vector<CoherentTile>& tiles() const { return tiles_; }
  CoherentEnergy& energy() { return energy_; }
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink);

 private:
  void pass(const CoherentTile& tile, std::size_t index, const std::int32_t* gather, const support::SignalBlock& x,
            std::size_t first, std::size_t lanes);
  void finish(std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first, std::size_t lanes);

  linear::LinearMap map_;
  CoherentParameters parameters_;
  double input_full_scale_, watts_per_square_;
  std::vector<CoherentTile> tiles_;  // of all groups, one group after another
  std::size_t tiles_per_group_ = 0;
  CoherentEnergy energy_;
  support::RandomStream noise_;
  bool is_noisy_;
  // Of the samples at work, each row kLanes long.
  support::AlignedVector<double> products_, sums_, variances_, gaussians_, zero_;
  std::vector<double*> rows_;
  std::vector<const double*> picked_;
  std::vector<TileLight> light_;  // [lane][tile]
  std::vector<double> lit_;       // [lane]
};

/// Samples that a stage works on at once.
inline constexpr std::size_t kCoherentLanes = 96;

}  // namespace szilard::optical
