# SPDX-License-Identifier: Apache-2.0
# add_room(PATH [COLD] NEEDS room... LIBRARIES target...): one static library per room, from every .cpp of its folder.
# A room compiles against folders that show it only itself, the rooms it needs and what those need (by links), so an
# include that breaks the layers does not even compile. tests/house checks the same from the sources.
# COLD: its code runs a few times in a command and is compiled by everybody, so it is compiled quickly.
function(add_room path)
  cmake_parse_arguments(ROOM "COLD" "" "NEEDS;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" name "${path}")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${path}/*.cpp")
  list(SORT sources)
  if(NOT sources)  # a room may hold nothing but its shelf
    set(sources "${CMAKE_BINARY_DIR}/rooms/empty.cpp")
    file(WRITE "${sources}" "")
  endif()
  add_library(${name} STATIC ${sources})
  set(view "${CMAKE_BINARY_DIR}/rooms/${name}")
  get_filename_component(parent "${view}/${path}" DIRECTORY)
  file(MAKE_DIRECTORY "${parent}")
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${path}" "${view}/${path}" SYMBOLIC)
  target_include_directories(${name} PUBLIC "${view}")
  target_link_libraries(${name} PUBLIC reprise_settings)
  if(ROOM_COLD)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  foreach(need IN LISTS ROOM_NEEDS)
    string(REPLACE "/" "_" target "${need}")
    target_link_libraries(${name} PUBLIC ${target})
  endforeach()
  target_link_libraries(${name} PUBLIC ${ROOM_LIBRARIES})
endfunction()
