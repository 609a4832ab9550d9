// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>

#include "models/optical/link_budget.hpp"

namespace szilard::report {

/// A layer's link budget: light_power_W, laser_W, wall_plug_W, electrical_W, detected_W, light [{part, in_W, lost_W,
/// loss_dB}], worst_path [{part, count, loss_dB}], worst_loss_dB, received_W, error, bits (null without noise).
nlohmann::ordered_json link_json(const optical::LinkBudget& link);
/// The same for people: two tables.
void print_link(std::ostream& out, const optical::LinkBudget& link);

}  // namespace szilard::report
