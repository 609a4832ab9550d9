// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/electronic/cell_noise.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/wired_array.hpp"
#include "models/electronic/working_rows.hpp"
#include "models/support/philox.hpp"

namespace szilard::electronic {

/// Read noise of one part of a stage's rows as crossbar_stage.hpp states it: noise of output o = sigma(o) x gaussian(o)
/// + common(o), in the network's numbers. The rows of row tile r in pass p draw from STREAM_NAME/read_noise, the first
/// of both, or STREAM_NAME/read_noise/r/p. Internal to this folder.
class NoiseSource {
 public:
  NoiseSource(const linear::LinearMap& map, const CrossbarParameters& parameters, const ProgrammedArray& array,
              const WiredArray* wired, double input_full_scale, const RowPart& part, std::size_t passes,
              std::uint64_t seed, const std::string& stream_name);

  bool is_on() const { return is_on_; }
  /// Once per chunk of samples: the rows of x_f^2.
  void load(const WorkingRows<double>& squares, std::size_t lanes);
  /// Once per read. `gather` and so on are of the group's first row.
  void draw(std::size_t pass, std::size_t group, std::size_t position, const std::int32_t* gather,
            const WorkingRows<double>& squares, std::uint64_t first_sample, std::size_t lanes);

  const double* sigma(std::size_t output) const { return is_on_ ? sigma_.row(is_proportional_ ? output : 0) : nullptr; }
  const double* gaussian(std::size_t output) const { return is_on_ ? gaussians_.row(output) : nullptr; }
  const double* common(std::size_t output) const {
    return is_on_ && !has_pairs_ ? common_.row(output / outputs_per_tile_) : nullptr;
  }

 private:
  /// Variances that follow conductances, or the place of a cell on its wires, take a product on x^2, in float unless
  /// the stage is to be double.
  template <typename Real>
  struct Proportional {
    support::AlignedVector<Real> own_weights, offset_weights;  // per x^2 and, for shot noise, |x|; in weights squared
    support::AlignedVector<Real> own_start, offset_start;      // thermal noise; else empty
    WorkingRows<Real> squares, magnitudes, variances;
    std::vector<const Real*> picked;
  };

  template <typename Real>
  void prepare(Proportional<Real>& part, const linear::LinearMap& map, const CrossbarParameters& parameters,
               const ProgrammedArray& array, const WiredArray* wired, double input_full_scale, const RowPart& rows);
  template <typename Real>
  void load_magnitudes(Proportional<Real>& part, const WorkingRows<double>& squares, std::size_t lanes);
  void draw_gaussians(std::size_t pass, std::uint32_t index, std::size_t count, std::uint64_t first_sample,
                      std::size_t lanes);
  void draw_common(std::size_t pass, std::size_t read, std::uint64_t first_sample, std::size_t lanes);
  void sum_squares(const std::int32_t* gather, const WorkingRows<double>& squares, std::size_t lanes);
  template <typename Real>
  void proportional_sigma(Proportional<Real>& part, const Real* weights, const Real* start, std::size_t rows,
                          std::size_t lanes);

  bool is_on_ = false, is_proportional_ = false, is_single_ = false, has_pairs_ = true, has_shot_ = false;
  std::size_t first_, terms_, variance_terms_, outputs_, total_outputs_, positions_, outputs_per_tile_, column_tiles_;
  double relative_variance_ = 0;                // s^2 in weights squared per siemens squared
  double cell_variance_ = 0;                    // of one cell per x^2, independent noise
  std::vector<support::RandomStream> streams_;  // of each pass
  support::AlignedVector<double> ones_;
  std::vector<const double*> picked_;
  Proportional<double> double_;
  Proportional<float> single_;
  WorkingRows<double> sum_, sigma_, common_, gaussians_;
};

}  // namespace szilard::electronic
