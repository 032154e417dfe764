# SPDX-License-Identifier: Apache-2.0
# A worker for aarch64, compiled on another machine and run there by qemu-aarch64: Debian's cross compiler, Debian's arm64
# libraries in a folder of their own, and the torch wheel for aarch64, all put in place by `scripts/setup.sh --aarch64`.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

set(_sysroot "${CMAKE_CURRENT_LIST_DIR}/../.deps/aarch64/sysroot")
get_filename_component(_sysroot "${_sysroot}" REALPATH)
# Headers that are the same for all processors may be this machine's; libraries may not.
set(CMAKE_FIND_ROOT_PATH "${_sysroot}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE BOTH)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
set(CMAKE_CXX_FLAGS_INIT "-isystem ${_sysroot}/usr/include/aarch64-linux-gnu")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,-rpath-link,${_sysroot}/usr/lib/aarch64-linux-gnu:${_sysroot}/lib/aarch64-linux-gnu")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L "${_sysroot}")
