# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# Of an installed szilard: baselines of a project's own, for a program of its own.

find_package(verilator QUIET HINTS /usr/share/verilator $ENV{VERILATOR_ROOT})

# szilard_link_baselines(TARGET): TARGET gets every baseline that szilard_add_baseline() named so far, as
# szilard::own_baselines() of <szilard/own_baselines.hpp>.
function(szilard_link_baselines target)
  get_property(libraries GLOBAL PROPERTY SZILARD_BASELINE_LIBRARIES)
  get_property(sources GLOBAL PROPERTY SZILARD_BASELINE_SOURCES)
  get_property(sizes GLOBAL PROPERTY SZILARD_BASELINE_LIST)
  if(NOT sizes)
    message(FATAL_ERROR "szilard_link_baselines(${target}): no szilard_add_baseline() came before it")
  endif()
  set(declarations)
  set(rows)
  foreach(size ${sizes})
    string(REPLACE " " ";" parts "${size}")
    list(GET parts 0 name)
    list(GET parts 1 array_rows)
    list(GET parts 2 columns)
    list(GET parts 3 floating)
    list(GET parts 4 fingerprint)
    get_property(title GLOBAL PROPERTY SZILARD_BASELINE_TITLE_${name})
    string(APPEND declarations "std::unique_ptr<ArrayModel> make_${name}_${columns}();\n")
    string(APPEND rows "      {\"${name}\", \"${title}\", ${array_rows}, ${columns}, rtl::make_${name}_${columns}, \"${CMAKE_BINARY_DIR}/netlists\", ${floating} == 1, \"${fingerprint}\"},\n")
  endforeach()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_baselines)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/own_baselines.cpp.in ${folder}/own_baselines.cpp @ONLY)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/own_baselines.hpp ${folder}/szilard/own_baselines.hpp COPYONLY)
  # Verilator's headers do not pass everybody's warnings.
  add_library(${target}_baselines OBJECT ${sources} ${folder}/own_baselines.cpp)
  target_link_libraries(${target}_baselines PRIVATE ${libraries} szilard::rtl)
  target_compile_options(${target}_baselines PRIVATE -w)
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_baselines>)
  target_include_directories(${target} PRIVATE ${folder})
  target_link_libraries(${target} PRIVATE ${libraries} szilard::rtl)
endfunction()
