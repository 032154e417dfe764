# SPDX-License-Identifier: Apache-2.0
# The real libtorch_cuda on the fake run-time library. Its numbers of a version are what the fake is made for, so the
# tests are built for one version alone, and where .deps/venv holds the libraries that libtorch_cuda links.
set(fake_torch_version 2.11.0)
set(torch_site "${CMAKE_SOURCE_DIR}/.deps/venv/lib/python3.11/site-packages")
set(torch_lib "${LibTorch_ROOT}/lib")
if(NOT REPRISE_TORCH OR NOT LibTorch_VERSION VERSION_EQUAL fake_torch_version)
  skip_tests(fake_torch "wanted torch ${fake_torch_version}, found '${LibTorch_VERSION}'")
  return()
endif()
if(NOT EXISTS "${torch_site}/nvidia/cudnn" OR NOT EXISTS "${torch_lib}/libtorch_cuda.so" OR NOT EXISTS "${torch_site}/nvidia/cu13/include/cublas_v2.h")
  skip_tests(fake_torch "no libraries of libtorch_cuda in .deps/venv (scripts/setup.sh makes it)")
  return()
endif()

set(stubs "${fake_folder}/driver/stubs.cpp")
add_custom_command(OUTPUT "${stubs}"
  COMMAND python3 "${CMAKE_CURRENT_SOURCE_DIR}/torch/driver_stubs.py" "${cuda_include}/cuda.h" "${stubs}"
  DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/torch/driver_stubs.py" VERBATIM)
add_library(fake_cuda_driver SHARED "${stubs}")
set_target_properties(fake_cuda_driver PROPERTIES OUTPUT_NAME cuda VERSION 1 SOVERSION 1 LIBRARY_OUTPUT_DIRECTORY "${fake_folder}/driver")

fake_program(fake_torch torch/tensors.cpp programs/plugin_session.cpp)
add_dependencies(fake_torch fake_cuda_driver reprise_cuda_ptx_tests)
target_include_directories(fake_torch PRIVATE "${CMAKE_SOURCE_DIR}/tests")
target_include_directories(fake_torch SYSTEM PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/torch/include" "${torch_site}/nvidia/cu13/include")
target_link_libraries(fake_torch PRIVATE harness_record harness_record_cuda "${torch_lib}/libtorch_cuda.so"
                      "${torch_lib}/libc10_cuda.so" ${CMAKE_DL_LIBS})
target_link_options(fake_torch PRIVATE -Wl,--no-as-needed)

set(label cuda-torch)
fake_cuda_tests(fake_torch_tests tests/torch_test.cpp)
add_dependencies(fake_torch_tests fake_torch)
file(GLOB torch_folders "${torch_site}/nvidia/*/lib")
list(JOIN torch_folders ":" torch_folders)
target_compile_definitions(fake_torch_tests PRIVATE TORCH_FOLDERS="${fake_folder}:${fake_folder}/driver:${torch_folders}")

# Python scripts whose tensors lie on the device that pretends.
fake_cuda_tests(fake_recorder_tests tests/recorder_test.cpp)
target_link_libraries(fake_recorder_tests PRIVATE harness_launch)
add_dependencies(fake_recorder_tests fake_cudart fake_cuda_driver reprise_cuda_ptx_tests reprise reprise-worker)

# cuda_torch_bench, started with none of its plan's variables, on a driver that shows a card: it must take them, load
# LibTorch's CUDA half, and come as far as LibTorch's first kernel, which does not run here.
add_library(fake_cuda_other_calls SHARED "${stubs}")
add_library(fake_cuda_card SHARED "${CMAKE_SOURCE_DIR}/tests/commands/made_driver/driver.cpp")
set_target_properties(fake_cuda_other_calls fake_cuda_card PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${fake_folder}/card")
set_target_properties(fake_cuda_card PROPERTIES OUTPUT_NAME cuda VERSION 1 SOVERSION 1)
target_link_libraries(fake_cuda_card PRIVATE fake_cuda_other_calls)
target_link_options(fake_cuda_card PRIVATE -Wl,--no-as-needed)
list(JOIN torch_folders ":" torch_path)
set(name "fake_torch: cuda_torch_bench takes its plan's environment and LibTorch's CUDA half")
add_test(NAME "${name}" COMMAND bash -c "plan=$(mktemp) && trap 'rm -f $plan' EXIT && bin/reprise run waves --set device=cuda:0 --plan >$plan && \
LD_LIBRARY_PATH='${fake_folder}:${fake_folder}/card:${torch_path}' bin/cuda_torch_bench random $plan 2>&1 | grep 'fake CUDA error 209'"
         WORKING_DIRECTORY "${CMAKE_BINARY_DIR}")
set_tests_properties("${name}" PROPERTIES LABELS "cuda;torch" TIMEOUT 120 ENVIRONMENT "MADE_DRIVER_GPUS=1;FAKE_CUDA_DEVICES=8.6/80")
