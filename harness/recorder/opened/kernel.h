// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks the kernel past the C library, whose functions of these names are the ones that are watched, or
// another library's that came in by LD_PRELOAD too.
#include <sys/syscall.h>
#include <unistd.h>

namespace opened {

template <typename... Arguments>
long call_kernel(long number, Arguments... arguments) {
  return ::syscall(number, arguments...);
}

}  // namespace opened
