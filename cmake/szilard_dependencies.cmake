# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# What szilard's libraries link: for the tree itself and, through the installed package, for programs built on them.
find_package(PkgConfig REQUIRED)
find_package(SystemCLanguage QUIET)  # upstream SystemC builds ship it, Debian's package only a .pc file
if(NOT TARGET SystemC::systemc)
  pkg_check_modules(SystemC REQUIRED IMPORTED_TARGET systemc)
endif()
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED COMPONENTS filesystem)
find_package(yaml-cpp REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED)  # from libonnx-dev; brings the compile definitions of its protobuf header
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(Cairo REQUIRED IMPORTED_TARGET cairo cairo-svg cairo-png)
