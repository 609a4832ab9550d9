# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0

# szilard_compile_options(TARGET): what every target of ours is compiled with.
function(szilard_compile_options target)
  # Contraction to fused multiply-adds would make results depend on the optimiser: only the hot kernels allow it.
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                         -ffp-contract=off)
  if(SZILARD_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(SZILARD_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${SZILARD_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${SZILARD_SANITIZE})
    if(SZILARD_SANITIZE MATCHES address)
      target_compile_options(${target} PUBLIC -fsanitize=undefined -fno-sanitize-recover=undefined)
      target_link_options(${target} PUBLIC -fsanitize=undefined)
    endif()
  endif()
endfunction()

# Contraction of the hot kernels, where it is allowed. Clang fuses some copies of an expression and not others, so that results
# would depend on the number of lanes: its builds, which are for sanitizers, do without.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(SZILARD_CONTRACTION -ffp-contract=fast)
else()
  set(SZILARD_CONTRACTION -ffp-contract=off)
endif()

# The headers that nearly every file reads, precompiled once for all modules: once as they are, once for those of tables
# and text, which gain nothing from optimisation beyond -O1 and compile in two thirds of the time with it.
set(SZILARD_LIGHT_OPTIMISATION $<$<AND:$<CONFIG:Release>,$<COMPILE_LANGUAGE:CXX>>:-O1>)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
foreach(precompiled szilard_precompiled szilard_precompiled_tables)
  add_library(${precompiled} OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
  szilard_compile_options(${precompiled})
  target_precompile_headers(${precompiled} PRIVATE <algorithm> <array> <cmath> <cstdint> <functional> <map> <memory>
                            <optional> <ostream> <sstream> <stdexcept> <string> <utility> <vector>)
endforeach()
target_link_libraries(szilard_precompiled PRIVATE Eigen3::Eigen)
target_precompile_headers(szilard_precompiled PRIVATE <Eigen/Core>)
target_link_libraries(szilard_precompiled_tables PRIVATE nlohmann_json::nlohmann_json)
target_precompile_headers(szilard_precompiled_tables PRIVATE <nlohmann/json.hpp>)
target_compile_options(szilard_precompiled_tables PRIVATE ${SZILARD_LIGHT_OPTIMISATION})

# szilard_add_module(NAME [TABLES] SOURCES ... [PUBLIC targets] [PRIVATE targets])
# One folder, one static library szilard_NAME (alias szilard::NAME). Headers are included from the project root:
# #include "models/support/units.hpp". TABLES: text and tables more than arithmetic.
function(szilard_add_module name)
  cmake_parse_arguments(ARG "TABLES" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(szilard_${name} STATIC ${ARG_SOURCES})
  add_library(szilard::${name} ALIAS szilard_${name})
  target_include_directories(szilard_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(szilard_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  szilard_compile_options(szilard_${name})
  if(ARG_TABLES)
    target_precompile_headers(szilard_${name} REUSE_FROM szilard_precompiled_tables)
    target_compile_options(szilard_${name} PRIVATE ${SZILARD_LIGHT_OPTIMISATION})
  else()
    target_precompile_headers(szilard_${name} REUSE_FROM szilard_precompiled)
  endif()
  set_property(GLOBAL APPEND PROPERTY SZILARD_MODULES ${name})
endfunction()

# szilard_kernel_sources(SOURCES ... OPTIONS ...): hot loops in files of their own, with options of their own. {level} in
# both is replaced by v2, v3 and v4, the levels of x86-64: the same source for each instruction set, chosen at run time.
function(szilard_kernel_sources)
  cmake_parse_arguments(ARG "" "" "SOURCES;OPTIONS" ${ARGN})
  foreach(level v2 v3 v4)
    string(REPLACE "{level}" "${level}" sources "${ARG_SOURCES}")
    string(REPLACE "{level}" "${level}" options "${ARG_OPTIONS}")
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "${options}" SKIP_PRECOMPILE_HEADERS ON)
  endforeach()
endfunction()

# szilard_add_test(NAME SOURCES ... LINK targets...): one executable of Catch2 cases for one folder, every case its own
# ctest process (SystemC's kernel is a process-wide singleton). Catch2's main is compiled once, its header precompiled once.
function(szilard_add_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE szilard_test_main ${ARG_LINK})
  szilard_compile_options(test_${name})
  target_compile_options(test_${name} PRIVATE ${SZILARD_LIGHT_OPTIMISATION})
  target_compile_definitions(test_${name} PRIVATE SZILARD_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             SZILARD_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_precompile_headers(test_${name} REUSE_FROM szilard_test_pch)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  catch_discover_tests(test_${name} TEST_PREFIX "${name}: " PROPERTIES LABELS "${name};${ARG_LABELS}" TIMEOUT 600)
endfunction()

# Dependencies point one way: a module may link only modules that stand before it here.
function(szilard_check_link_directions)
  set(order support plot energy linear linear_systemc quasistatic training wires converters electronic capacitive optical reset_physics neuron neuron_systemc gate_level rtl_golden rtl scenario network dataset fit import lab_crossbar lab_mesh lab_bit lab_gate mapping lab_quasistatic bounds waves cosim report process attribution train statistical study page compare papers cli)
  get_property(modules GLOBAL PROPERTY SZILARD_MODULES)
  foreach(module ${modules})
    list(FIND order ${module} own)
    if(own EQUAL -1)
      message(FATAL_ERROR "module ${module} has no place in the order of szilard_check_link_directions")
    endif()
    get_target_property(links szilard_${module} LINK_LIBRARIES)
    foreach(link ${links})
      if(link MATCHES "^szilard(::|_)(.+)$")
        list(FIND order ${CMAKE_MATCH_2} other)
        if(other GREATER_EQUAL own)
          message(FATAL_ERROR "${module} links ${CMAKE_MATCH_2}, which stands after it: dependencies point one way")
        endif()
      endif()
    endforeach()
  endforeach()
endfunction()
