// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_MESH_KERNELS mesh_kernels_v2
#include "models/optical/fused_mesh_kernel.inc.hpp"
