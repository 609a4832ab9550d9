// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "models/quasistatic/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace szilard::quasistatic {

std::vector<Way> ways(const Network& network, const support::SignalBlock& from, const support::SignalBlock& to) {
  if (from.samples() != to.samples() || from.features() != to.features())
    throw std::invalid_argument("a ramp needs as many end inputs as start inputs");
  std::vector<Way> out(from.samples());
  for (Way& way : out) way.travelled.assign(kWayPoints + 1, 0.0);
  support::SignalBlock before;
  for (std::size_t k = 0; k <= kWayPoints; ++k) {
    const double s = double(k) / double(kWayPoints);
    support::SignalBlock inputs = from.sibling(from.features());
    for (std::size_t i = 0; i < from.features(); ++i)
      for (std::size_t n = 0; n < from.stride(); ++n)
        inputs.row(i)[n] = from.row(i)[n] + s * (to.row(i)[n] - from.row(i)[n]);
    const support::SignalBlock here = feed_forward(network, inputs);
    std::vector<double> squares(from.samples(), 0.0);
    std::size_t unit = 0;
    for (const Layer& layer : network.layers)
      for (double gamma : layer.friction) {
        for (std::size_t n = 0; k > 0 && n < squares.size(); ++n) {
          const double step = here.row(unit)[n] - before.row(unit)[n];
          squares[n] += gamma * step * step;
        }
        ++unit;
      }
    for (std::size_t n = 0; k > 0 && n < squares.size(); ++n) {
      out[n].length += std::sqrt(squares[n]);
      out[n].linear_cost += squares[n] * double(kWayPoints);
      out[n].travelled[k] = out[n].length;
    }
    before = here;
  }
  for (Way& way : out)
    for (std::size_t k = 0; k <= kWayPoints; ++k)
      way.travelled[k] = way.length > 0 ? way.travelled[k] / way.length : double(k) / double(kWayPoints);
  return out;
}

double position(Shape shape, double t, const Way& way) {
  if (shape == Shape::linear) return t;
  if (shape == Shape::smooth) return t * t * (3 - 2 * t);
  const auto after = std::upper_bound(way.travelled.begin(), way.travelled.end(), t);
  if (after == way.travelled.end()) return 1;
  if (after == way.travelled.begin()) return 0;
  const double low = *(after - 1), share = (t - low) / (*after - low);
  return (double(after - way.travelled.begin() - 1) + share) / double(kWayPoints);
}

}  // namespace szilard::quasistatic
