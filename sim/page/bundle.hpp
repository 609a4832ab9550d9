// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace szilard::page {

/// What npm made of sim/page/web; empty where it could not when szilard was built.
struct Bundle {
  std::string_view script, style;
};
Bundle bundle();

}  // namespace szilard::page
