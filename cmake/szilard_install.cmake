# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where: the program with its data (component runtime), and what programs with parts of their own
# are built from (component development): headers by module, static libraries, RTL, the CMake package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(library_folder ${CMAKE_INSTALL_LIBDIR}/szilard)
set(header_folder ${CMAKE_INSTALL_INCLUDEDIR}/szilard)
set(data_folder ${CMAKE_INSTALL_DATADIR}/szilard)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/szilard)

# Every module is szilard::NAME; models, sim and rtl_shells gather those of a folder.
get_property(modules GLOBAL PROPERTY SZILARD_MODULES)
get_property(verilated GLOBAL PROPERTY SZILARD_BASELINE_LIBRARIES)
foreach(lanes ${SZILARD_RELU_LANES})
  list(APPEND verilated relu_unit_${lanes})
endforeach()
set(exported szilard_systemc szilard_sc_main_stub ${verilated})
set(szilard_models_modules)
set(szilard_sim_modules)
foreach(module ${modules})
  set_target_properties(szilard_${module} PROPERTIES EXPORT_NAME ${module})
  target_include_directories(szilard_${module} INTERFACE $<INSTALL_INTERFACE:${header_folder}>)
  target_compile_features(szilard_${module} INTERFACE cxx_std_17)
  list(APPEND exported szilard_${module})
  get_target_property(folder szilard_${module} SOURCE_DIR)
  cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(folder MATCHES "^(models|sim)(/|$)")
    list(APPEND szilard_${CMAKE_MATCH_1}_modules szilard::${module})
  endif()
endforeach()
# Libraries that modules link beside one another: of sources that are not ours.
foreach(module ${modules})
  get_target_property(links szilard_${module} LINK_LIBRARIES)
  foreach(link ${links})
    if(TARGET ${link} AND NOT link MATCHES "::" AND NOT link IN_LIST exported)
      get_target_property(is_imported ${link} IMPORTED)
      if(NOT is_imported)
        list(APPEND exported ${link})
      endif()
    endif()
  endforeach()
endforeach()
set_target_properties(szilard_systemc PROPERTIES EXPORT_NAME systemc)
set_target_properties(szilard_sc_main_stub PROPERTIES EXPORT_NAME sc_main_stub)
foreach(library ${verilated})
  get_target_property(folders ${library} INTERFACE_INCLUDE_DIRECTORIES)
  list(TRANSFORM folders REPLACE "(.+)" "$<BUILD_INTERFACE:\\1>")  # what Verilator wrote stays here: who links needs none of it
  set_target_properties(${library} PROPERTIES EXPORT_NAME verilated_${library} INTERFACE_INCLUDE_DIRECTORIES "${folders}")
endforeach()

install(TARGETS szilard RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
install(TARGETS ${exported} EXPORT szilard ARCHIVE DESTINATION ${library_folder} COMPONENT development)
install(EXPORT szilard NAMESPACE szilard:: FILE szilard-targets.cmake DESTINATION ${package_folder} COMPONENT development)
foreach(folder models rtl sim)
  install(DIRECTORY ${folder} DESTINATION ${header_folder} COMPONENT development
          FILES_MATCHING PATTERN "*.hpp" PATTERN "*.inc.hpp" EXCLUDE)
endforeach()
install(DIRECTORY rtl/ DESTINATION ${data_folder}/rtl COMPONENT development
        FILES_MATCHING PATTERN "*.sv" PATTERN "*.svh" PATTERN "*.vlt" PATTERN "array_size.cpp.in" PATTERN "verilated_popcount.hpp" PATTERN golden EXCLUDE
        PATTERN gate_level EXCLUDE)
install(PROGRAMS script/map_netlist DESTINATION ${data_folder} COMPONENT development)
install(DIRECTORY examples/own-parts examples/own-baseline DESTINATION ${data_folder}/examples COMPONENT development)
install(DIRECTORY scenarios/technology DESTINATION ${data_folder} COMPONENT runtime)
install(DIRECTORY scenarios DESTINATION ${data_folder} COMPONENT runtime PATTERN technology EXCLUDE)
# Netlists are not part of `all`; what was mapped goes along.
install(DIRECTORY ${PROJECT_BINARY_DIR}/netlists DESTINATION ${data_folder} COMPONENT runtime OPTIONAL FILES_MATCHING PATTERN "*.json")

configure_package_config_file(cmake/szilard-config.cmake.in ${PROJECT_BINARY_DIR}/szilard-config.cmake
                              INSTALL_DESTINATION ${package_folder} PATH_VARS data_folder)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/szilard-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/szilard-config.cmake ${PROJECT_BINARY_DIR}/szilard-config-version.cmake
              cmake/szilard_dependencies.cmake cmake/szilard_baseline.cmake cmake/szilard_own_baselines.cmake
              cmake/own_baselines.cpp.in cmake/own_baselines.hpp
        DESTINATION ${package_folder} COMPONENT development)
