# SPDX-License-Identifier: Apache-2.0
# The kit from which `reprise` builds a recorder for the torch of somebody's Python, on first use: everything that
# has no LibTorch in it is compiled here already, the rest is compiled there against that torch's own headers.
set(REPRISE_INSTALLED_KIT "${CMAKE_INSTALL_DATADIR}/reprise/recorder")
# HDF5 as an archive, as the programs have it: the shared one draws in 37 libraries. Debian's archive is for programs
# alone, because of two names: it takes stderr and stdout for its own. They get others, which cmake/hdf5/streams.cpp has.
# Hidden like all of a recorder, it meets no other HDF5 in the process.
set(_hdf5 "${CMAKE_BINARY_DIR}/share/reprise/recorder/archives/libhdf5.a")
file(GLOB _streams CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/hdf5/*.cpp")
add_library(reprise_hdf5_streams OBJECT ${_streams})
target_compile_options(reprise_hdf5_streams PRIVATE -Wall -Wextra -Werror -fvisibility=hidden "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")
add_custom_command(OUTPUT "${_hdf5}"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${CMAKE_BINARY_DIR}/share/reprise/recorder/archives"
  COMMAND "${CMAKE_OBJCOPY}" --redefine-sym stderr=reprise_hdf5_stderr --redefine-sym stdout=reprise_hdf5_stdout
          "${HDF5_ARCHIVE}" "${_hdf5}"
  COMMAND "${CMAKE_AR}" rs "${_hdf5}" "$<TARGET_OBJECTS:reprise_hdf5_streams>"
  DEPENDS "${HDF5_ARCHIVE}" reprise_hdf5_streams "$<TARGET_OBJECTS:reprise_hdf5_streams>" VERBATIM COMMAND_EXPAND_LISTS)
add_custom_target(reprise_recorder_hdf5 DEPENDS "${_hdf5}")
add_dependencies(reprise reprise_recorder_hdf5)

set(_libraries "\"${_hdf5}\", \"${UTF8PROC_ARCHIVE}\", \"${XXHASH_LIBRARY}\", \"$<TARGET_FILE:fmt::fmt>\", \"$<TARGET_FILE:OpenSSL::Crypto>\", \"${SZ_LIBRARY}\", \"${Z_LIBRARY}\"")
set(_loaded "\"archives/libhdf5.a\", \"archives/libutf8proc.a\", \"libxxhash\", \"libfmt\", \"libcrypto\", \"libsz\", \"libz\"")
if(TARGET tomlplusplus::tomlplusplus)
  get_target_property(_type tomlplusplus::tomlplusplus TYPE)
  if(NOT _type STREQUAL "INTERFACE_LIBRARY")
    string(APPEND _libraries ", \"$<TARGET_FILE:tomlplusplus::tomlplusplus>\"")
    string(APPEND _loaded ", \"libtomlplusplus\"")
  endif()
endif()
# From the top down, as a linker wants them.
set(_rooms harness/trace harness/tables harness/hdf5 harness/plan harness/tensor harness/machine harness/base)
set(_archives "")
set(_installed_archives "")
set(_tables "")
set(_installed_tables "")
set(_shelves "")
foreach(_room IN LISTS _rooms)
  string(REPLACE "/" "_" _target "${_room}")
  list(APPEND _archives "\"$<TARGET_FILE:${_target}>\"")
  list(APPEND _installed_archives "\"archives/$<TARGET_FILE_NAME:${_target}>\"")
  install(FILES "$<TARGET_FILE:${_target}>" DESTINATION "${REPRISE_INSTALLED_KIT}/archives")
  get_target_property(_its_shelves ${_target} REPRISE_SHELVES)
  if(_its_shelves)
    list(APPEND _shelves ${_its_shelves})
    get_target_property(_its_tables ${_target} REPRISE_TABLES)
    list(APPEND _tables ${_its_tables})
  endif()
endforeach()
foreach(_table IN LISTS _tables)
  cmake_path(GET _table FILENAME _name)
  list(APPEND _installed_tables "shelves/${_name}")
endforeach()
list(JOIN _archives ", " _archives)
list(JOIN _installed_archives ", " _installed_archives)
install(FILES ${_tables} DESTINATION "${REPRISE_INSTALLED_KIT}/shelves")
list(JOIN _tables "\", \"" _tables)
list(JOIN _installed_tables "\", \"" _installed_tables)
list(APPEND _rooms ${_shelves})
list(JOIN _rooms "\", \"" _rooms)

# write_kit(FILE): from the variables compiler, source, includes, generated, archives and libraries.
function(write_kit file)
  file(GENERATE OUTPUT "${file}" CONTENT
"# How reprise builds a recorder (cmake/recorder.cmake)
compiler = \"${compiler}\"
options = [\"-std=c++20\", \"-O2\", \"-fPIC\", \"-fvisibility=hidden\", \"-DNDEBUG\", \"-ffp-contract=off\", \"-w\", \"-DREPRISE_VERSION=\\\"${PROJECT_VERSION}\\\"\"]
source = \"${source}\"
includes = [${includes}]
rooms = [\"${_rooms}\"]
torch_rooms = [\"harness/record\", \"harness/record/operators\", \"harness/recorder\"]
generated = [\"${generated}\"]
archives = [${archives}]
libraries = [${libraries}]
")
endfunction()
set(compiler "${CMAKE_CXX_COMPILER}")
set(source "${CMAKE_SOURCE_DIR}")
set(includes "\"${HDF5_INCLUDE}\", \"${XXHASH_INCLUDE}\", \"${UTF8PROC_INCLUDE}\"")
set(generated "${_tables}")
set(archives "${_archives}")
set(libraries "${_libraries}")
write_kit("${CMAKE_BINARY_DIR}/share/reprise/recorder/kit.toml")

# The same for an installed program: by paths that begin at the kit's own folder, and the libraries that the program has.
set(compiler "c++")
set(source "../source")
set(includes "\"include\"")
set(generated "${_installed_tables}")
set(archives "${_installed_archives}")
set(libraries "${_loaded}")
write_kit("${CMAKE_BINARY_DIR}/installed/kit.toml")
install(FILES "${CMAKE_BINARY_DIR}/installed/kit.toml" DESTINATION "${REPRISE_INSTALLED_KIT}")
install(FILES "${_hdf5}" "${UTF8PROC_ARCHIVE}" DESTINATION "${REPRISE_INSTALLED_KIT}/archives")

# What LD_PRELOAD brings in, as modules that are linked as C: a shell that they pass through loads no more for them.
function(add_preload name)
  add_library(${name} MODULE ${ARGN})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wpedantic -Werror -fvisibility=hidden -fno-exceptions -fno-rtti
                                         -fno-asynchronous-unwind-tables)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C PREFIX ""
                        LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/share/reprise/recorder")
  target_link_libraries(${name} PRIVATE ${CMAKE_DL_LIBS})
  add_dependencies(reprise ${name})
  install(TARGETS ${name} LIBRARY DESTINATION "${REPRISE_INSTALLED_KIT}")
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
