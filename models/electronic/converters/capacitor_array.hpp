// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/electronic/converters/converter.hpp"

namespace szilard::electronic {

/// What the reference of a differential SAR converter supplies during the conversion that ends at `index` (0 .. 2^bits
/// - 1), in units of C V^2, C the unit capacitance. Charge conservation on the floating top plates: when bottom plates
/// j of one side move by d_j (in V), its top plate moves by D = sum C_j d_j / sum C_j, and the reference delivers sum
/// C_j (d_j - D) over the capacitors that it holds afterwards. conventional: per side 2^(bits-1), ..., 1, 1 units,
/// reset to ground; one side holds the trial code, the other its complement. monotonic: per side 2^(bits-2), ..., 1, 1
/// units, reset to the reference; after each decision but the last the next capacitor of the higher side goes to
/// ground. Left out: parasitics, the reset itself. Internal to this folder.
double switching_energy(int bits, CapacitorSwitching switching, std::uint32_t index);

}  // namespace szilard::electronic
