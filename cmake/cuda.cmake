# SPDX-License-Identifier: Apache-2.0
# The digest on a CUDA device: libreprise_cuda.so, from a kernel that nvcc compiles and host code that the C++ compiler
# does. The room's own library is what needs no CUDA at all, so that its tests run in every build.
# nvcc is called directly: CMake's own CUDA language wants a whole toolkit and a device's driver library to link with.
set(REPRISE_CUDA AUTO CACHE STRING "The digest on CUDA devices: AUTO (where an nvcc is found), ON or OFF")
set_property(CACHE REPRISE_CUDA PROPERTY STRINGS AUTO ON OFF)
set(REPRISE_NVCC "" CACHE FILEPATH "nvcc, 12.8 or newer; else .deps/cuda, $CUDA_HOME and the path are searched")

set(cuda_room "${CMAKE_SOURCE_DIR}/harness/record/cuda")
set(cuda_targets 75 80 86 89 90 100 120)

# find_nvcc(RESULT): a file, or nothing; REASON says why there is none.
function(find_nvcc result)
  set(places "${REPRISE_NVCC}" "${CMAKE_SOURCE_DIR}/.deps/cuda/nvidia/cu13/bin/nvcc" "$ENV{CUDA_HOME}/bin/nvcc")
  find_program(on_path nvcc NO_CACHE)
  list(APPEND places "${on_path}")
  set(found "")
  foreach(place IN LISTS places)
    if(NOT found AND place AND EXISTS "${place}")
      set(found "${place}")
    endif()
  endforeach()
  if(REPRISE_NVCC AND NOT EXISTS "${REPRISE_NVCC}")
    message(FATAL_ERROR "wanted nvcc at REPRISE_NVCC=${REPRISE_NVCC}, found no such file")
  endif()
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

set(nvcc "")
if(NOT REPRISE_CUDA STREQUAL "OFF")
  find_nvcc(nvcc)
endif()
if(nvcc)
  execute_process(COMMAND "${nvcc}" --version OUTPUT_VARIABLE nvcc_text ERROR_QUIET)
  string(REGEX MATCH "release ([0-9]+\\.[0-9]+)" nvcc_text "${nvcc_text}")
  set(nvcc_version "${CMAKE_MATCH_1}")
  cmake_path(GET nvcc PARENT_PATH cuda_bin)
  cmake_path(GET cuda_bin PARENT_PATH cuda_root)
  find_path(cuda_include cuda_runtime_api.h PATHS "${cuda_root}/include" "${cuda_root}/targets/x86_64-linux/include"
            NO_DEFAULT_PATH NO_CACHE)
  find_library(cuda_runtime NAMES libcudart.so.13 libcudart.so.12 libcudart.so
               PATHS "${cuda_root}/lib" "${cuda_root}/lib64" "${cuda_root}/targets/x86_64-linux/lib"
               NO_DEFAULT_PATH NO_CACHE)
  if(NOT nvcc_version OR nvcc_version VERSION_LESS 12.8)
    set(cuda_trouble "wanted nvcc 12.8 or newer, found version '${nvcc_version}' at ${nvcc}")
  elseif(NOT cuda_include OR NOT cuda_runtime)
    set(cuda_trouble "wanted cuda_runtime_api.h and libcudart.so beside ${nvcc}, found none below ${cuda_root}")
  endif()
else()
  set(cuda_trouble "wanted nvcc, found none; run scripts/setup.sh or name one with -DREPRISE_NVCC=/path/to/nvcc")
endif()

if(cuda_trouble AND REPRISE_CUDA STREQUAL "ON")
  message(FATAL_ERROR "${cuda_trouble}, or build with -DREPRISE_CUDA=OFF")
endif()
if(REPRISE_CUDA STREQUAL "OFF")
  set(cuda_trouble "REPRISE_CUDA is OFF")
endif()
if(cuda_trouble)
  set(REPRISE_HAS_CUDA OFF)
  message(STATUS "no digest on CUDA devices: ${cuda_trouble}")
  return()
endif()
set(REPRISE_HAS_CUDA ON)
find_program(REPRISE_CUOBJDUMP cuobjdump HINTS "${cuda_bin}")
message(STATUS "nvcc ${nvcc_version} ${nvcc}, ${cuda_runtime}")

# cuda_object(OUTPUT SOURCE OPTIONS...): one .cu, compiled again when any header it includes changes.
function(cuda_object output source)
  add_custom_command(OUTPUT "${output}"
    COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} "${nvcc}" -ccbin "${CMAKE_CXX_COMPILER}" -std=c++20 -O3 -DNDEBUG
            "-I${CMAKE_BINARY_DIR}/rooms/harness_record_cuda" -cudart shared -Werror all-warnings
            "-Xcompiler=-fPIC,-fvisibility=hidden,-Wall,-Wextra,-ffile-prefix-map=${CMAKE_SOURCE_DIR}=."
            ${ARGN} -MD -MF "${output}.d" -c "${source}" -o "${output}"
    DEPENDS "${source}" ${CUDA_OBJECT_NEEDS} DEPFILE "${output}.d" COMMENT "nvcc ${output}" VERBATIM)
endfunction()

cmake_path(GET cuda_runtime PARENT_PATH cuda_runtime_folder)
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
file(CREATE_LINK "${cuda_runtime_folder}" "${CMAKE_BINARY_DIR}/lib/cuda" SYMBOLIC)

# cuda_library(TARGET NAME OBJECT): the plugin around one compiled kernel.
function(cuda_library target name object)
  add_library(${target} SHARED $<TARGET_OBJECTS:reprise_cuda_host> "${object}")
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} LINKER_LANGUAGE CXX
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib" BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN/cuda")
  target_link_libraries(${target} PRIVATE reprise_settings "${cuda_runtime}")
  # In a run the library that torch has loaded is found by its name before any folder is searched; the run path is for
  # programs without torch, in which lib/cuda leads to it. A RUNPATH lets LD_LIBRARY_PATH go before it.
  # nvcc names a symbol by its process number: without symbols the library has the same bytes in every build.
  target_link_options(${target} PRIVATE -Wl,--enable-new-dtags -Wl,--no-undefined
    $<$<NOT:$<BOOL:${REPRISE_SANITIZE}>>:-Wl,--strip-all>
    "-Wl,--version-script=${cuda_room}/runtime/exports.map")
endfunction()

file(GLOB cuda_host_sources CONFIGURE_DEPENDS "${cuda_room}/*.cpp" "${cuda_room}/runtime/*.cpp")
add_library(reprise_cuda_host OBJECT ${cuda_host_sources})
set_target_properties(reprise_cuda_host PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
target_link_libraries(reprise_cuda_host PRIVATE reprise_settings)
target_include_directories(reprise_cuda_host PRIVATE
  "${CMAKE_BINARY_DIR}/rooms/harness_record_cuda" "${CMAKE_BINARY_DIR}/rooms/harness_tensor")
target_include_directories(reprise_cuda_host SYSTEM PRIVATE "${cuda_include}")

# Machine code for each generation from Turing to Blackwell, and PTX that the driver of a later one compiles. Spilled
# registers and local memory are errors, of a compilation beside the shipped one: these options would be kept with the
# PTX, and a later driver would refuse the kernel where it only ought to be a little slower.
set(options "")
foreach(number IN LISTS cuda_targets)
  list(APPEND options -gencode "arch=compute_${number},code=sm_${number}")
endforeach()
cuda_object("${CMAKE_BINARY_DIR}/cuda/launch_strict.o" "${cuda_room}/runtime/launch.cu" ${options}
            -Xptxas -warn-lmem-usage,-warn-spills,-Werror)
set(CUDA_OBJECT_NEEDS "${CMAKE_BINARY_DIR}/cuda/launch_strict.o")
cuda_object("${CMAKE_BINARY_DIR}/cuda/launch.o" "${cuda_room}/runtime/launch.cu" ${options}
            -gencode arch=compute_75,code=compute_75)
set(CUDA_OBJECT_NEEDS "")
cuda_library(reprise_cuda reprise_cuda "${CMAKE_BINARY_DIR}/cuda/launch.o")
# A component of its own: the Debian package goes without, as no Debian package has the CUDA run-time library.
install(TARGETS reprise_cuda LIBRARY DESTINATION lib COMPONENT gpu)

# The same for tests without a device: PTX of two generations that differ, as plain text.
cuda_object("${CMAKE_BINARY_DIR}/cuda/launch_ptx.o" "${cuda_room}/runtime/launch.cu" --compress-mode=none
            -gencode arch=compute_75,code=compute_75 -gencode arch=compute_120,code=compute_120)
cuda_library(reprise_cuda_ptx_tests reprise_cuda_ptx "${CMAKE_BINARY_DIR}/cuda/launch_ptx.o")
