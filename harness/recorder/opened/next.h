// SPDX-License-Identifier: Apache-2.0
#pragma once
// The function that a watched one stands before: the C library's, or one of another library that stands
// before that too.
#include <dlfcn.h>
#include <errno.h>

// Under the C library's name, and yet no second declaration of its function.
#define INSTEAD_OF(name) __asm__(name) __attribute__((visibility("default")))

namespace opened {

struct Next {
  const char* name;
  void* place = nullptr;

  template <typename Result, typename... Arguments>
  Result call(Result failed, Arguments... arguments) {
    void* known = __atomic_load_n(&place, __ATOMIC_RELAXED);
    if (known == nullptr) {
      const int error = errno;
      known = dlsym(RTLD_NEXT, name);
      errno = error;
      __atomic_store_n(&place, known, __ATOMIC_RELAXED);
    }
    if (known != nullptr) return reinterpret_cast<Result (*)(Arguments...)>(known)(arguments...);
    errno = ENOSYS;
    return failed;
  }
};

}  // namespace opened
