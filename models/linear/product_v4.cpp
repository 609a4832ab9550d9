// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_PRODUCT_KERNELS product_kernels_v4
#include "models/linear/product_kernel.inc.hpp"
