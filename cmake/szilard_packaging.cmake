# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# Debian packages by CPack: `cpack --preset deb`. szilard is the program with its presets and scenarios, libszilard-dev what
# programs with parts of their own are built from. DEBFULLNAME and DEBEMAIL name the maintainer, as for Debian's own tools.

# Manual page and completions are the program's own output.
set(generated ${PROJECT_BINARY_DIR}/generated)
add_custom_command(OUTPUT ${generated}/szilard.1.gz ${generated}/szilard.bash ${generated}/_szilard ${generated}/szilard.fish
                   COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}
                   COMMAND szilard completion bash > ${generated}/szilard.bash
                   COMMAND szilard completion zsh > ${generated}/_szilard
                   COMMAND szilard completion fish > ${generated}/szilard.fish
                   COMMAND szilard manual | gzip -9n > ${generated}/szilard.1.gz
                   DEPENDS szilard VERBATIM COMMENT "Writing the manual page and completions")
add_custom_target(szilard_manual ALL DEPENDS ${generated}/szilard.1.gz)
install(FILES ${generated}/szilard.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
install(FILES ${generated}/szilard.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME szilard COMPONENT runtime)
install(FILES ${generated}/_szilard DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT runtime)
install(FILES ${generated}/szilard.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT runtime)

set(maintainer "$ENV{DEBFULLNAME}")
if(NOT maintainer)
  set(maintainer "the szilard authors")
endif()
set(address "$ENV{DEBEMAIL}")
if(NOT address)
  set(address "root@localhost")
endif()
set(SZILARD_MAINTAINER "${maintainer} <${address}>" CACHE STRING "maintainer of the Debian packages")

# Debian's own papers of each package.
string(TIMESTAMP szilard_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(package szilard libszilard-dev)
  set(folder ${PROJECT_BINARY_DIR}/debian/${package})
  configure_file(cmake/debian/changelog.in ${folder}/changelog @ONLY)
  execute_process(COMMAND gzip -9nc ${folder}/changelog OUTPUT_FILE ${folder}/changelog.gz)
  configure_file(cmake/debian/copyright ${folder}/copyright COPYONLY)
endforeach()
foreach(pair runtime:szilard development:libszilard-dev)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 component)
  list(GET pair 1 package)
  install(FILES ${PROJECT_BINARY_DIR}/debian/${package}/changelog.gz ${PROJECT_BINARY_DIR}/debian/${package}/copyright
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME szilard)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "${SZILARD_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME szilard)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION science)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS "yosys, qflow-tech-osu018")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "gtkwave, nodejs, librsvg2-bin")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
    "Emulates analog neural-network hardware in SystemC, co-simulates it with
the clocked digital hardware that it would replace, and books every joule:
per sample, component, mechanism and fate, in sums that close. Every
platform of a scenario sees the same samples of a trained ONNX network and
is held against thermodynamic bounds from the activity that was observed.

This package has the program, technology presets with their sources, and
the scenarios that it ships with.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libszilard-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "szilard (= ${PROJECT_VERSION}), cmake (>= 3.25), pkg-config, verilator, libsystemc-dev, libeigen3-dev, libboost-dev, libboost-filesystem-dev, libyaml-cpp-dev, libcli11-dev, nlohmann-json3-dev, libcairo2-dev, libsqlite3-dev, zlib1g-dev, libprotobuf-dev, libonnx-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "For parts of one's own: headers by module, static libraries, the RTL of
the digital baselines and a CMake package, to build a szilard with media,
neurons or digital baselines of one's own, which scenarios then name like
any other part.

Worked examples are in /usr/share/szilard/examples.")

# CMake strips programs, not static libraries.
if(SZILARD_RELOCATABLE)
  install(CODE "file(GLOB libraries \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/szilard/*.a)
                foreach(library \${libraries})
                  execute_process(COMMAND ${CMAKE_STRIP} --strip-debug --remove-section=.comment --remove-section=.note --enable-deterministic-archives \${library}
                                  COMMAND_ERROR_IS_FATAL ANY)
                endforeach()" COMPONENT development)
endif()
include(CPack)
