# SPDX-License-Identifier: Apache-2.0
# Compiler settings for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

# Files of the project are known by their place in it, so that one preset finds what another one compiled: a test run
# builds `light` and then `release`, and most of the second is what the first made.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${CCACHE}")
endif()

# NDEBUG in every preset: a LibTorch header asserts on state that a release LibTorch never sets.
# ffp-contract=off: the compiler must not fuse a multiply and an add that a recipe wrote apart.
# ffile-prefix-map: a tool about reproducibility builds to the same bytes in any folder.
add_library(reprise_settings INTERFACE)
target_compile_definitions(reprise_settings INTERFACE NDEBUG REPRISE_VERSION="${PROJECT_VERSION}")
target_compile_options(reprise_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wimplicit-fallthrough -Werror
  -ffp-contract=off -fno-fast-math "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")
if(REPRISE_SANITIZE)
  # With sanitizers g++ 12 takes std::regex, which Catch2 uses, for uninitialized (GCC bug 105562).
  target_compile_options(reprise_settings INTERFACE -Wno-maybe-uninitialized)
  target_compile_options(reprise_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                    -fno-omit-frame-pointer)
  target_link_options(reprise_settings INTERFACE -fsanitize=address,undefined)
endif()
if(REPRISE_FUZZ)
  # What clang warns of beside g++ is looked at elsewhere: this build is for fuzzing alone.
  target_compile_options(reprise_settings INTERFACE -Wno-error -w -fsanitize=fuzzer-no-link)
endif()
