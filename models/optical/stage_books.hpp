// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/energy/energy_sink.hpp"
#include "models/optical/light.hpp"
#include "models/support/area.hpp"

namespace szilard::optical {

/// Light of one sample in a tile, in units of the stage's own.
struct TileLight {
  double in = 0, absorbed = 0, auxiliary = 0, out = 0;
  double before = 0;                                            ///< the input amplifiers
  double behind = 0;                                            ///< the output amplifiers; out where there are none
  double added_before = 0, added_within = 0, added_behind = 0;  ///< by amplifiers
  double passed = 0, stopped = 0;                               ///< by the elements between layers
  energy::Quanta handed;                                        ///< to them, as it was booked where it left
};

/// What the books know of one tile. Internal to this folder.
struct BookedTile {
  /// Power that a tile takes as long as it stands.
  struct Holding {
    std::string mechanism, law;
    std::vector<energy::Coefficient> coefficients;
    double watt = 0;
  };
  std::string name;
  std::size_t modulators = 0, receivers = 0, elements = 0;
  std::vector<energy::Coefficient> coefficients;
  std::vector<Holding> holdings;
  std::size_t input_amplifiers = 0, row_amplifiers = 0, output_amplifiers = 0;  ///< that draw power
};

/// What the books know of a layer. Internal to this folder.
struct BookedLayer {
  double joules_per_unit = 0;       ///< of a stage's unit of light while a symbol lasts
  support::Parameter oscillator_w;  ///< at the receiver of each output
  std::int64_t symbols = 1;         ///< of each modulator, a sample
  double lit_s = 0;                 ///< how long a tile is lit, a sample
  std::string absorbed = "mesh_loss";
  double input_gain = 1;  ///< of input amplifiers at full scale
  std::optional<AmplifierParameters> gain_row;
  bool is_handed_in = false, is_handed_on = false;  ///< light comes from the layer before, goes to the next
  support::Parameter hand_over_loss = 1.0;
  std::vector<BookedTile> tiles;
};

/// Accounts and energies of an optical stage's samples; law in coherent_stage.hpp. Internal to this folder.
class StageBooks {
 public:
  StageBooks(const LightParameters& parameters, BookedLayer layer);

  void open_accounts(const std::string& component, energy::EnergySink& sink);
  /// lit: sum over inputs and symbols of the light that lasers must have ready, in units of full scale. Returns the
  /// light that leaves the outputs.
  energy::Quanta post(std::uint64_t sample, double lit, const TileLight* tiles, energy::EnergySink& sink) const;

  std::size_t rounds() const { return rounds_; }
  double busy_s() const;  ///< of one sample
  std::vector<support::AreaPart> areas(const std::string& component) const;

 private:
  struct Pair {
    energy::AccountId supplied = 0, dissipated = 0;
  };
  struct TileAccounts {
    energy::AccountId received = 0, absorbed = 0, auxiliary = 0, exported = 0;
    std::vector<Pair> holdings;
    Pair programming, row_pump;
  };
  /// Amplifiers side by side, a component of their own.
  struct Amplifiers {
    Pair pump;
    energy::AccountId received = 0, exported = 0;
    std::size_t count = 0;
  };
  Pair open_pair(const std::string& component, const std::string& mechanism, const std::string& law,
                 const std::string& counted, energy::Origin origin, std::vector<energy::Coefficient> coefficients,
                 energy::EnergySink& sink) const;
  void open_lasers(const std::string& component, energy::EnergySink& sink);
  void open_waveguides(const std::string& component, energy::EnergySink& sink);
  void open_tile(const std::string& component, const BookedTile& tile, energy::EnergySink& sink);
  void open_photovoltaic(const std::string& component, energy::EnergySink& sink);
  Pair open_pump(const std::string& component, const std::string& mechanism, const AmplifierParameters& amplifier,
                 energy::EnergySink& sink) const;
  void open_amplifiers(const std::string& component, const char* part, const char* before,
                       const AmplifierParameters& amplifier, Amplifiers& all, energy::EnergySink& sink);
  void open_hand_over(const std::string& component, energy::EnergySink& sink);
  void post_pump(const Pair& pump, double electrical_w, std::size_t count, double added_j, std::uint64_t sample,
                 energy::EnergySink& sink) const;
  std::size_t all_of(std::size_t BookedTile::*amplifiers) const;
  void open_receivers(const std::string& component, energy::EnergySink& sink);
  void post_front(std::uint64_t sample, double light_j, double signal_j, energy::Quanta signal,
                  energy::EnergySink& sink) const;
  double programming_j(const BookedTile& tile) const;
  bool has_way() const { return parameters_.way_loss() > 1; }
  bool has_photovoltaic() const { return parameters_.auxiliary_recovery > 0; }

  const LightParameters& parameters_;
  BookedLayer layer_;
  double symbol_s_;
  std::size_t rounds_ = 1;
  std::int64_t driven_ = 0, received_ = 0;
  Pair laser_, modulator_drive_, driver_, amplifier_;
  energy::AccountId coupling_ = 0, splitting_ = 0, light_exported_ = 0, oscillator_exported_ = 0;
  energy::AccountId modulator_received_ = 0, modulator_absorbed_ = 0, modulator_exported_ = 0;
  energy::AccountId way_received_ = 0, waveguide_loss_ = 0, crossing_loss_ = 0, way_exported_ = 0;
  energy::AccountId auxiliary_received_ = 0, auxiliary_lost_ = 0, auxiliary_recovered_ = 0;
  energy::AccountId handed_received_ = 0, stopped_ = 0, handed_exported_ = 0;
  Amplifiers input_amplifiers_, output_amplifiers_;
  energy::AccountId signal_received_ = 0, oscillator_received_ = 0, detection_ = 0;
  std::vector<TileAccounts> tile_accounts_;
};

}  // namespace szilard::optical
