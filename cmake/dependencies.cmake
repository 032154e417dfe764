# SPDX-License-Identifier: Apache-2.0
# Every outside library, found and never downloaded: scripts/setup.sh installs what is missing.
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(tomlplusplus 3.3 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Boost 1.74 REQUIRED)  # its headers: Boost.Math

# HDF5 as a static archive: the shared one draws in 37 libraries, which makes every start 6 ms slower.
find_path(HDF5_INCLUDE hdf5.h PATH_SUFFIXES hdf5/serial REQUIRED)
find_library(HDF5_ARCHIVE NAMES libhdf5_serial.a libhdf5.a PATH_SUFFIXES hdf5/serial
             PATHS /usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu REQUIRED)
find_library(SZ_LIBRARY sz REQUIRED)
find_library(Z_LIBRARY z REQUIRED)
add_library(reprise_hdf5 INTERFACE)
target_include_directories(reprise_hdf5 SYSTEM INTERFACE "${HDF5_INCLUDE}")
target_link_libraries(reprise_hdf5 INTERFACE "${HDF5_ARCHIVE}" OpenSSL::Crypto "${SZ_LIBRARY}" "${Z_LIBRARY}"
                                             ${CMAKE_DL_LIBS} m)

# xxHash as the shared library: only it holds the entry points that choose the instruction set at run time.
find_path(XXHASH_INCLUDE xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY NAMES libxxhash.so xxhash REQUIRED)
add_library(reprise_xxhash INTERFACE)
target_include_directories(reprise_xxhash SYSTEM INTERFACE "${XXHASH_INCLUDE}")
target_link_libraries(reprise_xxhash INTERFACE "${XXHASH_LIBRARY}")

find_path(ZSTD_INCLUDE zstd.h REQUIRED)
find_library(ZSTD_LIBRARY zstd REQUIRED)
add_library(reprise_zstd INTERFACE)
target_include_directories(reprise_zstd SYSTEM INTERFACE "${ZSTD_INCLUDE}")
target_link_libraries(reprise_zstd INTERFACE "${ZSTD_LIBRARY}")

# utf8proc as a static archive: 0.3 MB of tables, and one library less to load and to carry.
find_path(UTF8PROC_INCLUDE utf8proc.h REQUIRED)
find_library(UTF8PROC_ARCHIVE NAMES libutf8proc.a utf8proc REQUIRED)
add_library(reprise_utf8proc INTERFACE)
target_include_directories(reprise_utf8proc SYSTEM INTERFACE "${UTF8PROC_INCLUDE}")
target_link_libraries(reprise_utf8proc INTERFACE "${UTF8PROC_ARCHIVE}")

# yaml-cpp as a static archive: only the openness card reads and writes YAML.
find_path(YAML_INCLUDE yaml-cpp/yaml.h REQUIRED)
find_library(YAML_ARCHIVE NAMES libyaml-cpp.a yaml-cpp REQUIRED)
add_library(reprise_yaml INTERFACE)
target_include_directories(reprise_yaml SYSTEM INTERFACE "${YAML_INCLUDE}")
target_link_libraries(reprise_yaml INTERFACE "${YAML_ARCHIVE}")

# libelf as the shared library: its licence (LGPL) asks that whoever gets the program can exchange it.
find_path(ELF_INCLUDE gelf.h REQUIRED)
find_library(ELF_LIBRARY NAMES libelf.so elf REQUIRED)
add_library(reprise_elf INTERFACE)
target_include_directories(reprise_elf SYSTEM INTERFACE "${ELF_INCLUDE}")
target_link_libraries(reprise_elf INTERFACE "${ELF_LIBRARY}")

# For the tests alone, which the sources of an installed program do without: Catch2, and Random123's headers, against which
# harness/base/philox is held.
if(EXISTS "${CMAKE_SOURCE_DIR}/tests/CMakeLists.txt")
  find_package(Catch2 2.13 REQUIRED)
  find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)
  add_library(reprise_random123 INTERFACE)
  target_include_directories(reprise_random123 SYSTEM INTERFACE "${RANDOM123_INCLUDE}")
endif()

if(REPRISE_TORCH)
  find_package(LibTorch 2.6 REQUIRED)
  # gloo's headers, which LibTorch's own name and its wheel leaves out; the library itself is in LibTorch.
  find_path(GLOO_INCLUDE gloo/context.h REQUIRED)
  add_library(reprise_gloo INTERFACE)
  target_include_directories(reprise_gloo SYSTEM INTERFACE "${GLOO_INCLUDE}")
endif()

message(STATUS "HDF5 ${HDF5_ARCHIVE}")
message(STATUS "xxHash ${XXHASH_LIBRARY}")
message(STATUS "LibTorch ${LibTorch_VERSION} ${LibTorch_ROOT}")
