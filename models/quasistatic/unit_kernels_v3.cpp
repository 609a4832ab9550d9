// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_UNIT_KERNELS unit_kernels_v3
#include "models/quasistatic/unit_kernels.inc.hpp"
