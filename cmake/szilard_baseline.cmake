# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0

set(SZILARD_VERILATOR_OPTIONS -O3 --x-assign fast --x-initial fast --noassert --output-split 8000 --output-split-cfuncs 2000)
# Memory sizes in bytes are the same for every array: 128 KiB of weights, 32 KiB of activations.
set(SZILARD_ACCUMULATOR_DEPTH 1024)
set(SZILARD_BIAS_DEPTH 512)
set(SZILARD_RESULT_DEPTH 1024)

# szilard_verilate(NAME TOP SOURCES ... PARAMETERS ... DEFINES ...): a static library NAME with class VNAME of module TOP.
function(szilard_verilate name top)
  cmake_parse_arguments(ARG "" "" "SOURCES;PARAMETERS;DEFINES" ${ARGN})
  add_library(${name} STATIC)
  list(TRANSFORM ARG_PARAMETERS PREPEND -G)
  list(TRANSFORM ARG_DEFINES PREPEND -D)
  verilate(${name} PREFIX V${name} TOP_MODULE ${top} SOURCES ${ARG_SOURCES} INCLUDE_DIRS ${SZILARD_RTL_FOLDER}/stream ${SZILARD_RTL_FOLDER}/systolic_int8
           VERILATOR_ARGS ${SZILARD_VERILATOR_OPTIONS} ${ARG_PARAMETERS} ${ARG_DEFINES})
  # Verilator's code is not ours: no warnings; -O2 compiles in half the time of -O3 and runs as fast.
  target_compile_options(${name} PRIVATE -w -O2)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(${name} PRIVATE -mpopcnt -include ${SZILARD_RTL_FOLDER}/verilated_popcount.hpp)
  endif()
  if(SZILARD_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${SZILARD_SANITIZE})
  endif()
endfunction()

# szilard_rtl_fingerprint(RESULT SOURCE...): what script/map_netlist writes into a netlist of these sources.
function(szilard_rtl_fingerprint result)
  set(sources ${ARGN})
  list(FILTER sources EXCLUDE REGEX "\\.vlt$")
  set(files ${sources})
  foreach(source ${sources})
    cmake_path(GET source PARENT_PATH folder)
    file(GLOB included ${folder}/*.svh)
    list(APPEND files ${included})
  endforeach()
  set(sums)
  foreach(file ${files})
    file(SHA256 ${file} sum)
    list(APPEND sums ${sum})
  endforeach()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  list(REMOVE_DUPLICATES sums)
  list(SORT sums)
  list(JOIN sums "\n" lines)
  string(SHA256 sum "${lines}\n")
  string(SUBSTRING ${sum} 0 16 sum)
  set(${result} ${sum} PARENT_SCOPE)
endfunction()

# Depths are powers of two, so that addresses wrap nowhere else than at the end.
function(szilard_power_of_two result least target)
  set(depth ${least})
  math(EXPR doubled "${depth} * 2")
  while(doubled LESS_EQUAL ${target})
    set(depth ${doubled})
    math(EXPR doubled "${doubled} * 2")
  endwhile()
  set(${result} ${depth} PARENT_SCOPE)
endfunction()

# One verilated size of a baseline: the library, the wrapper's source and its place in the generated registry.
function(szilard_baseline_size name rows columns top output_stationary floating title)
  cmake_parse_arguments(ARG "" "" "SOURCES;PARAMETERS;DEFINES;LIBERTY" ${ARGN})
  set(library ${name}_${columns})
  math(EXPR weight_target "131072 / ${columns} / (1 + ${floating})")
  math(EXPR activation_target "32768 / ${rows} / (1 + ${floating})")
  szilard_power_of_two(weight_depth 2048 ${weight_target})
  szilard_power_of_two(activation_depth 512 ${activation_target})
  set(accumulator_depth ${SZILARD_ACCUMULATOR_DEPTH})
  set(bias_depth ${SZILARD_BIAS_DEPTH})
  set(result_depth ${SZILARD_RESULT_DEPTH})
  szilard_verilate(${library} ${top} SOURCES ${SZILARD_RTL_FOLDER}/registers.vlt ${ARG_SOURCES} DEFINES ${ARG_DEFINES}
                   PARAMETERS ROWS=${rows} COLUMNS=${columns} WEIGHT_DEPTH=${weight_depth}
                              ACTIVATION_DEPTH=${activation_depth} ACCUMULATOR_DEPTH=${accumulator_depth}
                              BIAS_DEPTH=${bias_depth} RESULT_DEPTH=${result_depth} HOST_ADDRESS_BITS=16
                              COUNT_ACTIVITY=1'b1 FAULT_PORT=1'b1 ${ARG_PARAMETERS})
  configure_file(${SZILARD_RTL_FOLDER}/array_size.cpp.in ${CMAKE_BINARY_DIR}/rtl/${library}.cpp @ONLY)
  foreach(liberty ${SZILARD_LIBERTY} ${ARG_LIBERTY})
    if(EXISTS ${liberty})
      szilard_add_netlist(${name} ${rows} ${columns} ${top} ${liberty} SOURCES ${ARG_SOURCES} DEFINES ${ARG_DEFINES}
                          PARAMETERS ROWS=${rows} COLUMNS=${columns} WEIGHT_DEPTH=${weight_depth}
                                     ACTIVATION_DEPTH=${activation_depth} ACCUMULATOR_DEPTH=${accumulator_depth}
                                     BIAS_DEPTH=${bias_depth} RESULT_DEPTH=${result_depth} HOST_ADDRESS_BITS=16
                                     ${ARG_PARAMETERS})
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY SZILARD_BASELINE_SOURCES ${CMAKE_BINARY_DIR}/rtl/${library}.cpp)
  set_property(GLOBAL APPEND PROPERTY SZILARD_BASELINE_LIBRARIES ${library})
  szilard_rtl_fingerprint(fingerprint ${ARG_SOURCES})
  set_property(GLOBAL APPEND PROPERTY SZILARD_BASELINE_LIST "${name} ${rows} ${columns} ${floating} ${fingerprint}")
  set_property(GLOBAL PROPERTY SZILARD_BASELINE_TITLE_${name} "${title}")
endfunction()

# szilard_add_baseline(NAME TOP core SOURCES files... [SIZES 8 16] [ROWS 1] [OUTPUT_STATIONARY] [IN_STEP] [FLOAT] [TITLE text]
#                      [LIBERTY files...])
# A baseline of one's own: `core` is a module behind the stream interface of docs/rtl.md, whose ports are those of
# rtl/stream/stream_core_ports.svh (found by `include "stream_core_ports.svh"`); the controller around it, its
# verilated sizes and `rtl: NAME` in scenarios follow. SIZES are columns, and rows too unless ROWS fixes these.
# OUTPUT_STATIONARY is the order of beats that the core wants; IN_STEP a core that takes every beat at once and announces its
# sums; FLOAT one of 16-bit floating point words. LIBERTY are libraries that its logic can be mapped to beside
# those of SZILARD_LIBERTY. Registers are found by name, so their names end in _q. Called by files named in SZILARD_BASELINES, or after
# find_package(szilard) by a project of one's own, whose program szilard_link_baselines() then gives them to.
function(szilard_add_baseline name)
  cmake_parse_arguments(ARG "OUTPUT_STATIONARY;IN_STEP;FLOAT" "TOP;ROWS;TITLE" "SOURCES;SIZES;LIBERTY" ${ARGN})
  if(NOT COMMAND verilate)
    message(FATAL_ERROR "szilard_add_baseline(${name}): Verilator was not found (Debian: verilator), or set VERILATOR_ROOT")
  endif()
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "szilard_add_baseline: '${name}' is not a name of lower-case letters, digits and _")
  endif()
  if(NOT ARG_TOP OR NOT ARG_SOURCES)
    message(FATAL_ERROR "szilard_add_baseline(${name}): TOP and SOURCES are needed")
  endif()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "szilard_add_baseline(${name}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  get_property(known GLOBAL PROPERTY SZILARD_BASELINE_TITLE_${name})
  if(known)
    message(FATAL_ERROR "szilard_add_baseline(${name}): there is a baseline of that name")
  endif()
  if("${ARG_SIZES}" STREQUAL "")
    set(ARG_SIZES ${SZILARD_STREAM_SIZES})
  endif()
  if(NOT ARG_TITLE)
    set(ARG_TITLE "${ARG_TOP}, a core behind the stream interface of docs/rtl.md")
  endif()
  set(sources)
  foreach(source ${ARG_SOURCES})
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_LIST_DIR} NORMALIZE)
    if(NOT EXISTS ${source})
      message(FATAL_ERROR "szilard_add_baseline(${name}): there is no file ${source}")
    endif()
    list(APPEND sources ${source})
  endforeach()
  set(own ${SZILARD_RTL_FOLDER})
  list(APPEND sources ${own}/systolic_int8/waivers.vlt ${own}/stream/waivers.vlt ${own}/sram/sram.sv
       ${own}/bfloat/float_add.sv ${own}/bfloat/float_lane.sv ${own}/systolic_int8/requantise_lane.sv
       ${own}/systolic_int8/accumulator_unit.sv ${own}/systolic_int8/tile_sequencer.sv ${own}/stream/stream_sequencer.sv
       ${own}/stream/stream_accelerator.sv)
  if(ARG_OUTPUT_STATIONARY)
    set(order 1)
  else()
    set(order 0)
  endif()
  if(ARG_FLOAT)
    set(floating 1)
  else()
    set(floating 0)
  endif()
  set(defines SZILARD_CORE=${ARG_TOP})
  if(ARG_IN_STEP)
    list(APPEND defines SZILARD_IN_STEP=1)
  endif()
  foreach(size ${ARG_SIZES})
    set(rows ${size})
    if(NOT "${ARG_ROWS}" STREQUAL "")
      set(rows ${ARG_ROWS})
    endif()
    foreach(number ${size} ${rows})
      if(NOT number MATCHES "^[0-9]+$" OR number LESS 1 OR number GREATER 64)
        message(FATAL_ERROR "szilard_add_baseline(${name}): ${number} is not a size from 1 to 64")
      endif()
    endforeach()
    szilard_baseline_size(${name} ${rows} ${size} stream_accelerator ${order} ${floating} "${ARG_TITLE}" SOURCES ${sources}
                          PARAMETERS OUTPUT_STATIONARY=1'b${order} FLOAT=1'b${floating} DEFINES ${defines} LIBERTY ${ARG_LIBERTY})
  endforeach()
endfunction()

# Netlists of baselines in the cells of Liberty files, for energy from gates: build the target `netlists`, or one of
# netlist_NAME_ROWSxCOLUMNS_LIBRARY. Not part of `all`: yosys takes minutes. szilard_add_netlist(NAME ROWS COLUMNS TOP LIBRARY
# SOURCES ... PARAMETERS ... DEFINES ...)
function(szilard_add_netlist name rows columns top library)
  cmake_parse_arguments(ARG "" "" "SOURCES;PARAMETERS;DEFINES" ${ARGN})
  get_filename_component(stem ${library} NAME_WE)
  set(file ${name}_${rows}x${columns}_${stem})
  list(FILTER ARG_SOURCES EXCLUDE REGEX "\\.vlt$")
  file(GLOB included ${SZILARD_RTL_FOLDER}/*/*.svh)
  list(JOIN ARG_PARAMETERS " " parameters)
  list(JOIN ARG_DEFINES " " defines)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/netlists/${file}.json
                     COMMAND ${SZILARD_MAP_NETLIST} ${CMAKE_BINARY_DIR}/netlists/${file}.json ${library} ${top}
                             "${parameters}" "${defines}" ${ARG_SOURCES}
                     DEPENDS ${ARG_SOURCES} ${included} ${library} ${SZILARD_MAP_NETLIST}
                     COMMENT "Mapping ${name} ${rows}x${columns} to ${stem}" VERBATIM)
  add_custom_target(netlist_${file} DEPENDS ${CMAKE_BINARY_DIR}/netlists/${file}.json)
  if(NOT TARGET netlists)
    add_custom_target(netlists)
  endif()
  add_dependencies(netlists netlist_${file})
endfunction()
