# SPDX-License-Identifier: Apache-2.0
# add_shelf(TARGET FOLDER TYPE HEADER SPACE): the folder is the registry. F.cpp in FOLDER must define
# `extern const TYPE F` in namespace reprise::SPACE; the generated file defines `Shelf<TYPE> SPACE_shelf()` in
# namespace reprise, sorted by name. The name shown to people is the file's, with '-' for '_'.
# MORE folder: the table lists what is there too, and the target compiles that alone: a program with a shelf of its own.
# What a recorder has to compile anew (cmake/recorder.cmake) is kept in the target's properties.
function(add_shelf target folder type header space)
  cmake_parse_arguments(SHELF "" "MORE" "" ${ARGN})
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" OUTPUT_VARIABLE place)
  file(GLOB files CONFIGURE_DEPENDS "${place}/*.cpp")
  set(compiled ${files})
  if(SHELF_MORE)
    file(GLOB compiled CONFIGURE_DEPENDS "${SHELF_MORE}/*.cpp")
    list(APPEND files ${compiled})
  endif()
  list(SORT files COMPARE FILE_BASENAME)
  list(LENGTH files count)
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    cmake_path(GET file STEM stem)
    string(REPLACE "_" "-" shown "${stem}")
    string(APPEND declarations "extern const ${type} ${stem};\n")
    string(APPEND entries "    {\"${shown}\", &${space}::${stem}},\n")
  endforeach()
  set(output "${CMAKE_BINARY_DIR}/shelves/${target}_${space}.cpp")
  configure_file("${CMAKE_SOURCE_DIR}/cmake/shelf.cpp.in" "${output}" @ONLY)
  target_sources(${target} PRIVATE ${compiled} "${output}")
  # An object of its own, so that another program's table can take its place (add_to_shelves).
  set_source_files_properties("${output}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  if(NOT SHELF_MORE)
    set_property(GLOBAL APPEND PROPERTY REPRISE_SHELVES "${folder}|${type}|${header}|${space}")
  endif()
  set_property(TARGET ${target} APPEND PROPERTY REPRISE_SHELVES "${folder}")
  set_property(TARGET ${target} APPEND PROPERTY REPRISE_TABLES "${output}")
endfunction()

# add_to_shelves(TARGET FOLDER ROOM...): every shelf of these rooms to which FOLDER has files is made anew for the
# program, with those files on it too. Nothing else of the rooms is compiled again.
function(add_to_shelves target more)
  get_property(shelves GLOBAL PROPERTY REPRISE_SHELVES)
  foreach(shelf IN LISTS shelves)
    string(REPLACE "|" ";" parts "${shelf}")
    list(GET parts 0 folder)
    foreach(room IN LISTS ARGN)
      if(folder MATCHES "^${room}/" AND IS_DIRECTORY "${more}/${folder}")
        add_shelf(${target} ${parts} MORE "${more}/${folder}")
      endif()
    endforeach()
  endforeach()
endfunction()
