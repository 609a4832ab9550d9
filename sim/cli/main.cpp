// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/program.hpp"

int main(int argc, char** argv) { return szilard::cli::program(argc, argv); }
