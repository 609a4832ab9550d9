// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace szilard::study {

/// Whether a file lies on a file system that other machines may share (NFS, SMB, Lustre, ...), where SQLite's
/// write-ahead log, which needs memory shared between processes, must not be used. FUSE and 9P count, since what is
/// behind them is not known.
bool is_on_network(const std::string& path);
/// The same of a file system's type as statfs() gives it.
bool is_network_type(unsigned long type);

}  // namespace szilard::study
