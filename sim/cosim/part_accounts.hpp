// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/energy/energy_sink.hpp"
#include "sim/cosim/platform.hpp"

namespace szilard::cosim {

/// Books what stands beside the signal path, sample by sample, at PLATFORM/parts/PATH. Laws: E = count P t, t the time
/// for which a sample keeps the part busy; E = count x events x energy of one. Both are `table` and are dissipated
/// where they are supplied.
/// Left out: what a part does between samples, and whether one that serves two samples at a time could do so.
void post_parts(const scenario::PlatformSpec& spec, const Platform& platform, const mapping::LayerChain& chain,
                energy::EnergySink& ledger);

/// Their areas, of those that have one.
std::vector<support::AreaPart> areas_of_parts(const scenario::PlatformSpec& spec);

}  // namespace szilard::cosim
