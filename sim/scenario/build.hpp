// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/reader.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

/// What no single key shows: names that must exist or differ, parts that exclude one another, sizes that were built.
/// Reports to the reader; looks only at what could be read.
void check_meaning(const Reading& scenario, Reader& reader);

/// The scenario from a reading without errors; warnings included, texts not.
Scenario build_scenario(const Reading& reading);

}  // namespace szilard::scenario
