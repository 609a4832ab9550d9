// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "sim/scenario/scenario.hpp"

// Without an argument the schema, with a scenario its resolved text.
int main(int argc, char** argv) {
  using namespace szilard::scenario;
  std::cout << (argc > 1 ? load(argv[1]).resolved_yaml : json_schema());
}
