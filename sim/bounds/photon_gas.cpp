// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/bounds/photon_gas.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>

namespace szilard::bounds {
namespace {

template <typename F>
double integral(F f) {
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(f, 0.0, std::numeric_limits<double>::infinity(),
                                                                       15, 1e-13);
}

}  // namespace

PhotonGas photon_gas() {
  const auto occupation = [](double x) { return 1 / std::expm1(x); };
  const double number = integral([&](double x) { return x > 0 && x < 700 ? x * x * occupation(x) : 0; });
  const double energy = integral([&](double x) { return x > 0 && x < 700 ? x * x * x * occupation(x) : 0; });
  const double entropy = integral([&](double x) {
    if (!(x > 0 && x < 700)) return 0.0;
    const double n = occupation(x);
    // ln(1 + n) = x + ln n, so (1+n) ln(1+n) - n ln n = ln(1 + n) + n x.
    return x * x * (-std::log(-std::expm1(-x)) + n * x);
  });
  return {entropy / number, energy / number};
}

}  // namespace szilard::bounds
