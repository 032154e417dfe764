# SPDX-License-Identifier: Apache-2.0
# The kit from which `reprise` builds a recorder for the torch of somebody's Python, on first use: everything that
# has no LibTorch in it is compiled here already, the rest is compiled there against that torch's own headers.
# HDF5 as the shared library: Debian's archive is no position-independent code.
find_library(HDF5_SHARED NAMES libhdf5_serial.so libhdf5.so PATH_SUFFIXES hdf5/serial
             PATHS /usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu REQUIRED)
set(_libraries "\"${HDF5_SHARED}\", \"${XXHASH_LIBRARY}\", \"$<TARGET_FILE:fmt::fmt>\", \"$<TARGET_FILE:OpenSSL::Crypto>\", \"${UTF8PROC_ARCHIVE}\"")
if(TARGET tomlplusplus::tomlplusplus)
  get_target_property(_type tomlplusplus::tomlplusplus TYPE)
  if(NOT _type STREQUAL "INTERFACE_LIBRARY")
    string(APPEND _libraries ", \"$<TARGET_FILE:tomlplusplus::tomlplusplus>\"")
  endif()
endif()
# From the top down, as a linker wants them.
set(_rooms harness/trace harness/tables harness/hdf5 harness/plan harness/tensor harness/machine harness/base)
set(_archives "")
set(_tables "")
set(_shelves "")
foreach(_room IN LISTS _rooms)
  string(REPLACE "/" "_" _target "${_room}")
  list(APPEND _archives "\"$<TARGET_FILE:${_target}>\"")
  get_target_property(_its_shelves ${_target} REPRISE_SHELVES)
  if(_its_shelves)
    list(APPEND _shelves ${_its_shelves})
    get_target_property(_its_tables ${_target} REPRISE_TABLES)
    list(APPEND _tables ${_its_tables})
  endif()
endforeach()
list(JOIN _archives ", " _archives)
list(JOIN _tables "\", \"" _tables)
list(APPEND _rooms ${_shelves})
list(JOIN _rooms "\", \"" _rooms)
file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/share/reprise/recorder/kit.toml" CONTENT
"# How reprise builds a recorder (cmake/recorder.cmake)
compiler = \"${CMAKE_CXX_COMPILER}\"
options = [\"-std=c++20\", \"-O2\", \"-fPIC\", \"-fvisibility=hidden\", \"-DNDEBUG\", \"-ffp-contract=off\", \"-w\", \"-DREPRISE_VERSION=\\\"${PROJECT_VERSION}\\\"\"]
source = \"${CMAKE_SOURCE_DIR}\"
includes = [\"${HDF5_INCLUDE}\", \"${XXHASH_INCLUDE}\", \"${UTF8PROC_INCLUDE}\"]
rooms = [\"${_rooms}\"]
torch_rooms = [\"harness/record\", \"harness/record/operators\", \"harness/recorder\"]
generated = [\"${_tables}\"]
archives = [${_archives}]
libraries = [${_libraries}]
")

# What LD_PRELOAD brings in, as modules that are linked as C: a shell that they pass through loads no more for them.
function(add_preload name)
  add_library(${name} MODULE ${ARGN})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Werror -fvisibility=hidden -fno-exceptions -fno-rtti
                                         -fno-asynchronous-unwind-tables)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C PREFIX ""
                        LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/share/reprise/recorder")
  target_link_libraries(${name} PRIVATE ${CMAKE_DL_LIBS})
  add_dependencies(reprise ${name})
endfunction()
# Where PYTHONPATH cannot bring the recorder in.
add_preload(reprise-preload "${CMAKE_SOURCE_DIR}/harness/recorder/preload/preload.cpp")
# In every process of a watched command: which files it opens. It stands in the middle of other programs' calls, so it can
# be unwound (a thread that is cancelled while it opens a file), and has no inline checks of the functions that it is.
file(GLOB _opened CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/harness/recorder/opened/*.cpp")
add_preload(reprise-opened ${_opened})
target_include_directories(reprise-opened PRIVATE "${CMAKE_SOURCE_DIR}")
target_compile_options(reprise-opened PRIVATE -U_FORTIFY_SOURCE -fno-threadsafe-statics -fasynchronous-unwind-tables
                                              "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")
