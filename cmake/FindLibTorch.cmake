# SPDX-License-Identifier: Apache-2.0
# Finds LibTorch in a torch wheel and imports `c10` and `torch_cpu` alone, as the target reprise_libtorch.
# The config file inside a CUDA wheel is not used: it fails on a machine without a CUDA toolkit.
# Where it looks: -DLIBTORCH_DIR or $LIBTORCH_DIR (the folder that holds include/ and lib/), then .deps/libtorch
# of the checkout (scripts/setup.sh puts it there), then the torch of the python3 on the path.
set(_places "${LIBTORCH_DIR}" "$ENV{LIBTORCH_DIR}" "${CMAKE_SOURCE_DIR}/.deps/libtorch/torch")
set(LibTorch_ROOT "")
foreach(_place IN LISTS _places)
  if(NOT LibTorch_ROOT AND _place AND EXISTS "${_place}/include/ATen/Context.h")
    set(LibTorch_ROOT "${_place}")
  endif()
endforeach()
if(NOT LibTorch_ROOT)
  execute_process(COMMAND python3 -c "import importlib.util as u; print(u.find_spec('torch').submodule_search_locations[0])"
                  OUTPUT_VARIABLE _python_torch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(_python_torch AND EXISTS "${_python_torch}/include/ATen/Context.h")
    set(LibTorch_ROOT "${_python_torch}")
  endif()
endif()

set(LibTorch_VERSION "")
foreach(_header IN ITEMS torch/headeronly/version.h torch/version.h torch/csrc/api/include/torch/version.h)
  if(LibTorch_ROOT AND NOT LibTorch_VERSION AND EXISTS "${LibTorch_ROOT}/include/${_header}")
    file(READ "${LibTorch_ROOT}/include/${_header}" _text)
    if(_text MATCHES "define TORCH_VERSION_MAJOR ([0-9]+)")
      set(_major "${CMAKE_MATCH_1}")
      string(REGEX MATCH "define TORCH_VERSION_MINOR ([0-9]+)" _ "${_text}")
      set(_minor "${CMAKE_MATCH_1}")
      string(REGEX MATCH "define TORCH_VERSION_PATCH ([0-9]+)" _ "${_text}")
      set(LibTorch_VERSION "${_major}.${_minor}.${CMAKE_MATCH_1}")
    endif()
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_ROOT VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "run scripts/setup.sh, or name your own torch with -DLIBTORCH_DIR=.../site-packages/torch")

# Wheels before 2.7 have the old names of the C++ library. Then all of ours has them too, and what other libraries hold
# compiled with the new ones, fmt and toml++, comes from their headers.
set(LibTorch_ABI 1)
if(LibTorch_ROOT AND EXISTS "${LibTorch_ROOT}/share/cmake/Torch/TorchConfig.cmake")
  file(READ "${LibTorch_ROOT}/share/cmake/Torch/TorchConfig.cmake" _text)
  if(_text MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
    set(LibTorch_ABI 0)
    add_compile_definitions(_GLIBCXX_USE_CXX11_ABI=0 FMT_HEADER_ONLY=1 TOML_IMPLEMENTATION=1)
    # g++ 12 warns of its own old strings.
    add_compile_options(-Wno-error=restrict -Wno-error=array-bounds -Wno-error=stringop-overflow -Wno-error=stringop-overread
                        -Wno-error=maybe-uninitialized)
  endif()
endif()

if(LibTorch_FOUND AND NOT TARGET reprise_libtorch)
  get_filename_component(_site "${LibTorch_ROOT}" DIRECTORY)
  # The wheel's include folder also carries other libraries' headers, fmt among them in another version than ours: a
  # folder of links shows LibTorch's own alone.
  set(_view "${CMAKE_BINARY_DIR}/rooms/libtorch")
  file(MAKE_DIRECTORY "${_view}")
  foreach(_part IN ITEMS ATen c10 caffe2 torch)
    file(CREATE_LINK "${LibTorch_ROOT}/include/${_part}" "${_view}/${_part}" SYMBOLIC)
  endforeach()
  add_library(reprise_libtorch INTERFACE)
  target_include_directories(reprise_libtorch SYSTEM INTERFACE
    "${_view}" "${LibTorch_ROOT}/include/torch/csrc/api/include")
  target_compile_definitions(reprise_libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=${LibTorch_ABI})
  target_link_libraries(reprise_libtorch INTERFACE
    "${LibTorch_ROOT}/lib/libtorch_cpu.so" "${LibTorch_ROOT}/lib/libc10.so")
  # A program with REPRISE_RELOCATABLE finds its torch by paths that begin at itself (cmake/programs.cmake).
  target_link_options(reprise_libtorch INTERFACE
    "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:REPRISE_RELOCATABLE>>>:-Wl,-rpath,${LibTorch_ROOT}/lib>" "-Wl,-rpath-link,${LibTorch_ROOT}/lib:${_site}/nvidia/cu13/lib"
    "-Wl,--unresolved-symbols=ignore-in-shared-libs")
endif()
