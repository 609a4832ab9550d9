// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/electronic/converter.hpp"
#include "models/electronic/device.hpp"
#include "models/linear/linear_stage.hpp"

namespace szilard::electronic {

enum class SignedWeights {
  differential_pair,  ///< w ~ G+ - G-, two cells a weight, each side on a column of its own
  offset_column,      ///< w ~ G - G_mid, the middle conductance in one extra column a tile that is subtracted
};

enum class Precision { double_precision, single_precision };  ///< of the product inside the array

/// Crossbar tiles as built. Rows are word lines (inputs), columns are bit lines held at virtual ground.
struct CrossbarParameters {
  std::size_t rows = 128, columns = 128;  ///< of one physical tile, 1 .. 4096
  Device device;
  SignedWeights signed_weights = SignedWeights::differential_pair;
  support::Parameter read_voltage_v;               ///< [V] amplitude that stands for input_full_scale, > 0
  support::Parameter read_time_s;                  ///< [s] > 0, how long voltages stand
  support::Parameter settling_time_s;              ///< [s] >= 0, before the read
  support::Parameter row_capacitance_per_cell_f;   ///< [F] >= 0, word line and cell per crossing
  std::optional<Converter> input;                  ///< DAC per row; none: analog hand-over, rows are driven as they are
  std::optional<Converter> output;                 ///< ADC per output (column pair); none: analog hand-over
  Precision precision = Precision::double_precision;
};

/// What was programmed, for the map printed to the user and for export.
struct TileReport {
  std::string name;  ///< "tile_0_1": row tile, column tile
  std::size_t rows_used = 0, columns_used = 0, rows = 0, columns = 0;
};

/// A linear layer on tiled electronic crossbars.
///
/// Laws. Row voltage V_i = read_voltage x_i / input_full_scale. Weight to conductance: w / w_max on G_max - G_min, w_max the
/// largest |w| of the layer; conductances rounded to levels, then programmed with state-dependent error and write-verify (both from a
/// counter-based stream). Column current I_j = sum_i G_ij V_i (wires without resistance); partial sums of row tiles add as
/// currents. Read noise: one Gaussian per output and read with the variance summed from its cells, exact in distribution
/// for a linear array with independent Gaussian cell noise, no wire resistance and no clipping inside the array. The bias is
/// added after the array (digital, or a current of the sense amplifier).
/// Energy of a read: Joule heat sum V_i^2 G_ij t over cells (the mean over the read noise), supplied by the row drivers as
/// sum V_i I_i t; charging the word lines takes C V^2 a read, all of it dissipated (half while charging, half when the line
/// returns to 0); converters cost their energy per conversion. Rows whose voltage is zero all the same need a conversion.
/// Components: COMPONENT/driver, COMPONENT/tile_R_C, COMPONENT/dac, COMPONENT/adc.
/// Left out: wire resistance, sneak paths, drift, stuck cells, transistor leakage.
class CrossbarStage final : public linear::LinearStage {
 public:
  /// Scales from calibration: input_full_scale > 0 is the x that the read voltage stands for (network's numbers).
  CrossbarStage(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale, std::uint64_t seed,
                const std::string& stream_name);
  ~CrossbarStage() override;

  const linear::LinearMap& map() const override;
  std::int64_t duration_ps() const override;
  void open_accounts(const std::string& component, energy::EnergySink& sink) override;
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink) override;

  std::vector<TileReport> tiles() const;
  std::size_t cells() const;
  /// Programmed conductances of weight (o, k), siemens: G+ and G- (or G and the offset).
  std::pair<double, double> conductances(std::size_t output, std::size_t term) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::electronic
