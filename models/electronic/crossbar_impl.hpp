// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/electronic/code_product.hpp"
#include "models/electronic/crossbar_stage.hpp"
#include "models/electronic/elementwise.hpp"
#include "models/electronic/programmed_array.hpp"
#include "models/electronic/read_energy.hpp"
#include "models/support/aligned_vector.hpp"
#include "models/support/philox.hpp"

namespace szilard::electronic {

/// One precision's share of a stage: weights and working rows. Internal to this folder.
template <typename Real>
struct Working {
  support::AlignedVector<Real> weights;         // (groups x outputs) x terms
  support::AlignedVector<Real> noise_weights;   // variances of a weight's own cells per x^2; proportional noise only
  support::AlignedVector<Real> offset_weights;  // (groups x column tiles) x terms, for the offset column likewise
  support::AlignedVector<Real> values, squares, products, variances, zeros;
  std::vector<const Real*> value_rows, square_rows;
  std::vector<Real*> product_rows, variance_rows;
};

class CrossbarStage::Impl {
 public:
  Impl(linear::LinearMap map, CrossbarParameters parameters, double input_full_scale, std::uint64_t seed,
       const std::string& stream_name);

  const linear::LinearMap& map() const { return map_; }
  const CrossbarParameters& parameters() const { return parameters_; }
  const ProgrammedArray& array() const { return array_; }
  ReadEnergy& energy() { return energy_; }
  support::SignalBlock forward(const support::SignalBlock& x, energy::EnergySink& sink);

 private:
  template <typename Real>
  void prepare(Working<Real>& working);
  void prepare_codes();
  void load_codes(const support::SignalBlock& x, std::size_t first, std::size_t lanes);
  void multiply_codes(std::size_t group, const std::int32_t* gather, std::size_t lanes);
  template <typename Real>
  void load(Working<Real>& working, const support::SignalBlock& x, std::size_t first, std::size_t lanes);
  template <typename Real>
  void read(Working<Real>& working, std::size_t group, std::size_t position, support::SignalBlock& y, std::size_t first,
            std::size_t lanes);
  template <typename Real>
  void draw_noise(Working<Real>& working, std::size_t group, std::size_t position, std::uint64_t first_sample,
                  std::size_t lanes);
  template <typename Real>
  void run(Working<Real>& working, const support::SignalBlock& x, support::SignalBlock& y, energy::EnergySink& sink);

  linear::LinearMap map_;
  CrossbarParameters parameters_;
  ProgrammedArray array_;
  ReadEnergy energy_;
  support::RandomStream noise_stream_;
  bool noisy_ = false, proportional_ = false;
  double cell_variance_ = 0;  // of one cell per x^2, in weights squared; independent noise
  bool has_codes_ = false, has_bytes_ = false;  // sixteen bits; with the instruction for bytes
  Rounding input_rounding_, output_rounding_;
  Working<double> double_;
  Working<float> single_;
  CodeWeights code_weights_;
  int zero_code_ = 0;  // the byte that stands for 0
  support::AlignedVector<std::uint8_t> bytes_, zero_bytes_, panel_;
  std::vector<const std::uint8_t*> byte_rows_;
  support::AlignedVector<double> sigma_, common_, gaussians_;
  support::AlignedVector<double> squares_;  // of every feature, in double for the energies
};

}  // namespace szilard::electronic
