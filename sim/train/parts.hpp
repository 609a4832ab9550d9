// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/scenario/training.hpp"
#include "sim/train/train.hpp"

namespace szilard::train {

/// Parameters as trained.onnx holds them, in single precision.
quasistatic::Network as_written(quasistatic::Network network);

/// Where the excess loss is twice that without noise, between two temperatures; nothing where there is no 0 K or no
/// crossing.
std::optional<Crossover> crossover_of(const Result& result);

/// What becomes of the parameters: drift when frozen, cost of a copy.
void afterwards(const scenario::TrainingSpec& spec, const training::TrainingRequest& request,
                const quasistatic::Network& like, const training::Entries& tests, Result& result);

}  // namespace szilard::train
