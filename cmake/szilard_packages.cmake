# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# Every package that szilard needs, found once. script/bootstrap installs them.
find_package(PkgConfig REQUIRED)
find_package(SystemCLanguage QUIET)  # upstream SystemC builds ship it, Debian's package only a .pc file
if(TARGET SystemC::systemc)
  add_library(szilard_systemc INTERFACE)
  target_link_libraries(szilard_systemc INTERFACE SystemC::systemc)
else()
  pkg_check_modules(SystemC REQUIRED IMPORTED_TARGET systemc)
  add_library(szilard_systemc INTERFACE)
  target_link_libraries(szilard_systemc INTERFACE PkgConfig::SystemC)
endif()
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(verilator REQUIRED HINTS /usr/share/verilator $ENV{VERILATOR_ROOT})
pkg_check_modules(Cairo REQUIRED IMPORTED_TARGET cairo cairo-svg cairo-png)
