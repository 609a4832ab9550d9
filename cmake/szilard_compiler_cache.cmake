# SPDX-FileCopyrightText: the szilard authors
# SPDX-License-Identifier: Apache-2.0
# ccache where present; precompiled headers need the two sloppiness settings.
find_program(SZILARD_CCACHE ccache)
if(SZILARD_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${SZILARD_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SZILARD_CCACHE})
endif()
