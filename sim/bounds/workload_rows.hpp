// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/bounds/row_maker.hpp"

namespace szilard::bounds {

/// The rows of each kind of workload at the temperature t.
void inference_rows(const Workload& workload, double t, RowMaker& rows);
void training_rows(const Workload& workload, double t, RowMaker& rows);
void brain_rows(const Workload& workload, double t, RowMaker& rows);
void earth_rows(const Workload& workload, double t, RowMaker& rows);

}  // namespace szilard::bounds
