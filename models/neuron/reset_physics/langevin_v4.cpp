// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_LANGEVIN_KERNELS langevin_kernels_v4
#include "models/neuron/reset_physics/langevin_kernel.inc.hpp"
