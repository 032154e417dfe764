# SPDX-License-Identifier: Apache-2.0
# add_shelf(TARGET FOLDER TYPE HEADER SPACE): the folder is the registry. F.cpp in FOLDER must define
# `extern const TYPE F` in namespace reprise::SPACE; the generated file defines `Shelf<TYPE> SPACE_shelf()` in
# namespace reprise, sorted by name. The name shown to people is the file's, with '-' for '_'.
function(add_shelf target folder type header space)
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" OUTPUT_VARIABLE place)
  file(GLOB files CONFIGURE_DEPENDS "${place}/*.cpp")
  list(SORT files)
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
  target_sources(${target} PRIVATE ${files} "${output}")
endfunction()
