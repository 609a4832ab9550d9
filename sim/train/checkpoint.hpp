// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace szilard::train {

/// How far a training came: the present temperature with its trainer's numbers, and what finished ones left.
struct Checkpoint {
  std::size_t temperature = 0;
  std::vector<double> trainer, history;  ///< of the present one; history: what the study adds up
  std::vector<std::vector<double>> done_trainers, done_histories;
};

/// Appears under its name only when complete. `identity` names the training: scenario, seed, data.
void write_checkpoint(const std::string& path, const std::string& identity, const Checkpoint& checkpoint);
/// Nothing where there is no such file. Throws support::InputError where it is damaged or belongs to another training.
std::optional<Checkpoint> read_checkpoint(const std::string& path, const std::string& identity);

}  // namespace szilard::train
