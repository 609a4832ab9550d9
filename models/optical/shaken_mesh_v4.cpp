// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_SHAKEN_KERNEL shaken_kernel_v4
#include "models/optical/shaken_mesh_kernel.inc.hpp"
