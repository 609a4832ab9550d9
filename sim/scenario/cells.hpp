// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/reader.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

/// The law of an electronic_crossbar's cells against the rest of its platform.
void check_cells(const Reading& platform, const Reading& linear, Reader& reader);

/// The same keys as parameters.
electronic::CellCurrent cells_of(const Reading& linear);

}  // namespace szilard::scenario
