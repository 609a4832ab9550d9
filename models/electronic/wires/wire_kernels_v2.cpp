// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_WIRE_KERNELS wire_kernels_v2
#include "models/electronic/wires/wire_kernels.inc.hpp"
