// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace szilard::study {

/// "HOST PID START": this process, also after its number has been given to another.
std::string own_identity();
std::string host_name();
/// Whether an identity's process is known to have ended; false for processes of other hosts.
bool has_ended(const std::string& identity);
/// Seconds since 1970.
double wall_clock_s();

}  // namespace szilard::study
