// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace szilard::support {

/// SHA-256 (FIPS 180-4) of a byte string as 64 hexadecimal digits.
std::string sha256(const void* data, std::size_t bytes);
/// Of a file's content; throws InputError(file_not_found) if it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace szilard::support
