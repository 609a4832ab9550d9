// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace szilard::support {

/// The one table of tolerances. Comparisons are absolute plus relative, never exact, except where a test says bitwise.

/// Ledger: |supplied + received - dissipated - recovered - exported - stored| relative to the largest entry of that
/// sample and component. Entries are sums of doubles with about 1e-16 relative error each over up to 1e6 terms.
inline constexpr double kLedgerClosure = 1e-9;
/// Entries below this are too small to define a relative closure (a thousandth of a billionth of kT at 300 K).
inline constexpr double kLedgerFloor_J = 1e-30;
/// Bound check of deterministic models: rounding of the mean of up to 1e5 fixed-point entries.
inline constexpr double kBoundRelative = 1e-9;
/// Bound check of stochastic models: standard errors of the mean below which a result may not fall.
inline constexpr double kBoundStandardErrors = 4.0;
/// Ideal media against the reference: both are double precision, sums of up to 1e4 products.
inline constexpr double kIdealRelative = 1e-9;

}  // namespace szilard::support
