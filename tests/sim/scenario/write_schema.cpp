// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "sim/scenario/scenario.hpp"

int main() { std::cout << szilard::scenario::json_schema(); }
