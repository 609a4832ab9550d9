# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# npm takes packages from wherever its user has it look: neither the lock file nor .npmrc may say where.
file(GLOB files ${FOLDER}/package.json ${FOLDER}/package-lock.json ${FOLDER}/.npmrc)
list(LENGTH files count)
if(NOT count EQUAL 3)
  message(FATAL_ERROR "package.json, package-lock.json and .npmrc are expected in ${FOLDER}")
endif()
foreach(file ${files})
  file(STRINGS ${file} places REGEX "\"resolved\"|://|^registry|:registry")
  if(places)
    message(FATAL_ERROR "${file} names a place: ${places}")
  endif()
endforeach()
