// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#define SZILARD_LANE_KERNELS lane_kernels_v4
#include "models/training/lane_kernels.inc.hpp"
