// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/reader.hpp"
#include "sim/scenario/scenario.hpp"

namespace szilard::scenario {

/// Encodings, slices, partial sums and charging of an electronic_crossbar against the rest of its platform: the
/// combinations that docs/encodings.md calls meaningless are refused with its reasons.
void check_coding(const Reading& platform, const Reading& linear, Reader& reader);

/// The same keys as parameters. The converters of `crossbar` are there already.
void build_coding(const Reading& linear, electronic::CrossbarParameters& crossbar);

}  // namespace szilard::scenario
