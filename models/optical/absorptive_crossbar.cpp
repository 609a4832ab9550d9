// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/optical/absorptive_crossbar.hpp"

#include <algorithm>
#include <cmath>

#include "models/support/checks.hpp"
#include "models/support/philox.hpp"

namespace szilard::optical {

void AbsorptiveCrossbarParameters::check() const {
  support::require(minimum_transmission >= 0 && minimum_transmission < 1, "minimum_transmission", minimum_transmission,
                   "at least 0 and below 1");
  support::require(maximum_transmission > minimum_transmission && maximum_transmission <= 1, "maximum_transmission",
                   maximum_transmission, "above minimum_transmission and at most 1");
  support::require(levels == 0 || (levels >= 2 && levels <= 65536), "levels", levels, "0, or 2 to 65536");
  support::require_not_negative(programming_error, "programming_error");
  support::require(std::isfinite(cell_loss) && cell_loss >= 1, "cell_loss", cell_loss, "finite and at least 1");
  support::require(wavelengths >= 1, "wavelengths", static_cast<double>(wavelengths), "at least 1");
}

AbsorptiveCrossbar program_absorptive_crossbar(const linear::RowMatrix& weights,
                                               const AbsorptiveCrossbarParameters& parameters, std::uint64_t seed,
                                               const std::string& stream_name) {
  parameters.check();
  const std::size_t outputs = static_cast<std::size_t>(weights.rows()),
                    inputs = static_cast<std::size_t>(weights.cols());
  const double low = parameters.minimum_transmission,
               range = parameters.maximum_transmission - parameters.minimum_transmission;
  const support::RandomStream errors(seed, support::stream_of((stream_name + "/programming").c_str()));
  const auto program = [&](double share, std::uint32_t index) {
    const double step = parameters.levels > 0 ? range / (parameters.levels - 1) : 0.0;
    double t = share * range;
    if (step > 0) t = std::round(t / step) * step;
    t += low;
    if (parameters.programming_error > 0) t += parameters.programming_error * errors.gaussian(0, index);
    return std::clamp(t, 0.0, 1.0);
  };
  std::vector<double> passed(std::max(outputs, inputs), 1.0);
  for (std::size_t n = 1; n < passed.size(); ++n) passed[n] = passed[n - 1] / parameters.cell_loss;
  const double combined = parameters.combining == Combining::couplers ? 1 / static_cast<double>(inputs) : 1.0;
  const double share = 1 / (2 * static_cast<double>(outputs));

  AbsorptiveCrossbar out;
  out.worst_path = passed[outputs - 1] * passed[inputs - 1];
  out.worst_share = share * combined * out.worst_path * range;
  for (linear::RowMatrix* matrix : {&out.plus, &out.minus, &out.shares.plus, &out.shares.minus})
    matrix->resize(weights.rows(), weights.cols());
  out.shares.absorbed.assign(inputs, 0.0);
  out.shares.auxiliary.assign(inputs, 0.0);
  for (std::size_t j = 0; j < outputs; ++j) {
    for (std::size_t k = 0; k < inputs; ++k) {
      const Eigen::Index row = Eigen::Index(j), column = Eigen::Index(k);
      const double behind = passed[inputs - 1 - k], w = weights(row, column);
      const double evened = out.worst_path / (passed[j] * behind);
      const auto index = static_cast<std::uint32_t>(2 * (j * inputs + k));
      for (int side = 0; side < 2; ++side) {
        const double t = program(std::max(side == 0 ? w : -w, 0.0) * evened, index + static_cast<std::uint32_t>(side));
        (side == 0 ? out.plus : out.minus)(row, column) = t;
        const double before = share * passed[j], through = before * t;
        (side == 0 ? out.shares.plus : out.shares.minus)(row, column) = combined * through * behind;
        out.shares.absorbed[k] += share * (1 - passed[j]) + before * (1 - t) + combined * through * (1 - behind);
        out.shares.auxiliary[k] += (1 - combined) * through;
      }
    }
  }
  return out;
}

}  // namespace szilard::optical
