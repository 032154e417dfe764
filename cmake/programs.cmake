# SPDX-License-Identifier: Apache-2.0
# The programs: `reprise` (never LibTorch) and `reprise-worker` (one run of a native recipe).
add_room(harness/commands NEEDS harness/launch harness/judge reports harness/trace harness/base LIBRARIES CLI11::CLI11)
add_shelf(harness_commands harness/commands/verbs Command harness/commands/command.h verbs)
add_executable(reprise harness/main.cpp)
target_link_libraries(reprise PRIVATE harness_commands)
if(REPRISE_TORCH)
  add_executable(reprise-worker harness/worker.cpp)
  target_link_libraries(reprise-worker PRIVATE recipes)
endif()

# The man page and the completion come from the program itself, so they cannot fall behind.
include(GNUInstallDirs)
add_custom_command(TARGET reprise POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E make_directory "${CMAKE_BINARY_DIR}/share/man/man1"
  COMMAND reprise manual > "${CMAKE_BINARY_DIR}/share/man/man1/reprise.1"
  COMMAND reprise completion bash > "${CMAKE_BINARY_DIR}/share/reprise.bash"
  VERBATIM)
install(TARGETS reprise)
install(FILES "${CMAKE_BINARY_DIR}/share/man/man1/reprise.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${CMAKE_BINARY_DIR}/share/reprise.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
        RENAME reprise)
install(DIRECTORY recipes/ DESTINATION "${CMAKE_INSTALL_DATADIR}/reprise/recipes" FILES_MATCHING PATTERN "*.toml"
        PATTERN native EXCLUDE)
if(REPRISE_TORCH)
  install(TARGETS reprise-worker)
endif()
