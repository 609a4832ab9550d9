// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/study/metrics.hpp"
#include "sim/study/point_run.hpp"
#include "sim/study/rows.hpp"

namespace szilard::study {

/// The last value of the free parameter with which the held metric holds, by bisection over its values (the metric is
/// taken to hold up to some value and no further), each tried in a process of its own. The figures are those at that
/// value, with two more: "iso.KEY", the value (its place in the list, from 1, where it is no number), and "iso.held", 0
/// where neither the first nor the last value holds; then the figures are those of the better one. Throws
/// std::runtime_error with what went wrong in a run.
Metrics search_iso(StudyBase& base, std::vector<scenario::Setting> settings, std::uint64_t seed);

/// The metric that is held: "rram.accuracy".
std::string iso_metric(const scenario::IsoSpec& iso);

/// A line that tells where the metric is not held, how near it comes, and a hint; empty where it is held everywhere, or
/// nothing is.
std::string iso_shortfall(Rows& rows);

/// The search as text for addresses; empty where nothing is held.
std::string iso_text(const StudyBase& base);

}  // namespace szilard::study
