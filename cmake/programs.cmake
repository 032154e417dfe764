# SPDX-License-Identifier: Apache-2.0
# The programs: `reprise` (never LibTorch) and `reprise-worker` (one run of a native recipe).
add_room(harness/options COLD NEEDS harness/base LIBRARIES CLI11::CLI11)
add_room(harness/terminal COLD NEEDS harness/options harness/search/claim harness/search/cure harness/bundle harness/judge/history harness/judge/doctor
         harness/judge/probe reports reports/cards reports/cure reports/nights reports/probes)
add_room(harness/terminal/probe COLD NEEDS harness/terminal)
add_room(harness/signing COLD NEEDS harness/terminal harness/attest/release)
add_room(harness/commands COLD NEEDS harness/signing harness/terminal/probe harness/torches)
add_shelf(harness_commands harness/commands/verbs Command harness/commands/command.h verbs)
add_executable(reprise harness/main.cpp)
target_link_libraries(reprise PRIVATE harness_commands)
# Libraries are looked for from the program's own place, so that a bundle can lie anywhere: as RPATH, which holds for
# what libraries need in turn too. The worker's is a RUNPATH, so that --torch can lead it to another torch than the one
# it was built with, to which build/lib/torch leads.
set_target_properties(reprise PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN/../lib")
target_link_options(reprise PRIVATE -Wl,--disable-new-dtags)
if(REPRISE_TORCH)
  add_executable(reprise-worker harness/worker.cpp)
  target_link_libraries(reprise-worker PRIVATE recipes probes)
  set_target_properties(reprise-worker PROPERTIES REPRISE_RELOCATABLE ON BUILD_WITH_INSTALL_RPATH ON
                        INSTALL_RPATH "$ORIGIN/../lib;$ORIGIN/../lib/torch")
  target_link_options(reprise-worker PRIVATE -Wl,--enable-new-dtags)
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  file(CREATE_LINK "${LibTorch_ROOT}/lib" "${CMAKE_BINARY_DIR}/lib/torch" SYMBOLIC)
  # What qemu-aarch64 shows its guest as the libraries of the machine (harness/launch/emulator.h).
  if(CMAKE_CROSSCOMPILING)
    file(CREATE_LINK "${CMAKE_FIND_ROOT_PATH}" "${CMAKE_BINARY_DIR}/sysroot" SYMBOLIC)
  endif()
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/share/reprise/worker.toml" CONTENT
"# What reprise-worker was built for (cmake/programs.cmake)
torch = \"@LibTorch_VERSION@\"
abi = \"@LibTorch_ABI@\"
" @ONLY)
endif()

# The licences of what is compiled into the programs, for `reprise bundle`, which adds those of the shared libraries.
configure_file("${CMAKE_SOURCE_DIR}/LICENSE" "${CMAKE_BINARY_DIR}/share/doc/reprise/licences/reprise.txt" COPYONLY)
foreach(_package IN ITEMS libhdf5-dev nlohmann-json3-dev libcli11-dev libtomlplusplus-dev libutf8proc-dev libyaml-cpp-dev
        libboost${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}-dev)
  if(EXISTS "/usr/share/doc/${_package}/copyright")
    configure_file("/usr/share/doc/${_package}/copyright" "${CMAKE_BINARY_DIR}/share/doc/reprise/licences/${_package}.txt" COPYONLY)
  endif()
endforeach()

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
install(DIRECTORY "${CMAKE_BINARY_DIR}/share/doc/reprise/licences" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/reprise")
install(DIRECTORY recipes/ DESTINATION "${CMAKE_INSTALL_DATADIR}/reprise/recipes" FILES_MATCHING PATTERN "*.toml"
        PATTERN native EXCLUDE)
if(REPRISE_TORCH)
  install(TARGETS reprise-worker)
  install(FILES "${CMAKE_BINARY_DIR}/share/reprise/worker.toml" DESTINATION "${CMAKE_INSTALL_DATADIR}/reprise")
endif()

# What people run, without tests and benchmarks: scripts/build.sh release programs.
add_custom_target(programs DEPENDS reprise)
if(REPRISE_TORCH)
  add_dependencies(programs reprise-worker)
  if(REPRISE_HAS_CUDA)
    add_dependencies(programs reprise_cuda)
  endif()
endif()
