// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace szilard::scenario {

/// One effect of hardware and which models have it. A model has it if the table of fields gives that model one of the
/// effect's keys: nothing here says so a second time.
struct SupportedEffect {
  std::string part;  ///< "media", "converters" or "neurons"
  std::string name;
  std::vector<std::string> disable;            ///< words of `disable:` that switch it off
  std::vector<std::vector<std::string>> keys;  ///< of each of support_models(part); empty: the model does not have it
};

/// Sections of a part's models, in the order of the columns: "linear.ideal", "linear.electronic_crossbar", ...
std::vector<std::string> support_models(const std::string& part);
std::vector<SupportedEffect> support_matrix();
/// Keys of shipped models that are of no effect and no choice of a design: none, or the matrix is out of date.
std::vector<std::string> unplaced_keys();

/// The page docs/support-matrix.md.
std::string support_matrix_markdown();

}  // namespace szilard::scenario
