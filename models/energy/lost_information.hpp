// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace szilard::energy {

/// Shannon entropy of what was counted, in bits. Plug-in estimate; with `sampled` the counts are independent draws from
/// a larger whole, and the estimate's bias -(classes - 1) / (2 N ln2) bit is taken off (G. A. Miller, "Note on the bias
/// of information estimates", in Information Theory in Psychology, 1955). No counts: 0.
double entropy_bit(const std::vector<std::uint64_t>& counts, bool sampled);

/// What a function forgets of its input, H(in) - H(out) = H(in | out), in bits: `counts` holds how often each input was
/// met, `output_of` the number of the output that it leads to, any numbers. Not below 0. Sizes differ:
/// std::invalid_argument.
double lost_information_bit(const std::vector<std::uint64_t>& counts, const std::vector<std::uint64_t>& output_of,
                            bool sampled);

}  // namespace szilard::energy
