// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#define SZILARD_GATE_KERNELS kernels_v3
#include "rtl/gate_level/kernels.inc.hpp"
