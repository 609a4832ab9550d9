# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# Every package that szilard needs, found once. script/bootstrap installs them.
include(szilard_dependencies)
add_library(szilard_systemc INTERFACE)
if(TARGET SystemC::systemc)
  target_link_libraries(szilard_systemc INTERFACE SystemC::systemc)
else()
  target_link_libraries(szilard_systemc INTERFACE PkgConfig::SystemC)
endif()
find_package(verilator REQUIRED HINTS /usr/share/verilator $ENV{VERILATOR_ROOT})
