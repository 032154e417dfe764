# SPDX-License-Identifier: Apache-2.0
# add_room(PATH SHELVES folder... NEEDS room... LIBRARIES target...): one static library per room, from every .cpp of its
# folder and of its shelves.
# A room compiles against a folder that shows it only itself and the rooms it needs (by links), so an include
# that breaks the layers does not even compile. tests/house checks the same from the sources.
function(add_room path)
  cmake_parse_arguments(ROOM "" "" "SHELVES;NEEDS;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" name "${path}")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${path}/*.cpp")
  foreach(shelf IN LISTS ROOM_SHELVES)
    file(GLOB more CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${path}/${shelf}/*.cpp")
    list(APPEND sources ${more})
  endforeach()
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
  foreach(need IN LISTS ROOM_NEEDS)
    string(REPLACE "/" "_" target "${need}")
    target_link_libraries(${name} PUBLIC ${target})
  endforeach()
  target_link_libraries(${name} PUBLIC ${ROOM_LIBRARIES})
endfunction()
