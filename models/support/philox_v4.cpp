// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_GAUSSIAN_KERNELS gaussian_kernels_v4
#include "models/support/philox_kernel.inc.hpp"
