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
