// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_JITTER_KERNEL jitter_kernel_v3
#include "models/optical/jittered_mesh_kernel.inc.hpp"
