// SPDX-License-Identifier: Apache-2.0
// What HDF5's archive calls stderr and stdout, once cmake/recorder.cmake has put it into a shared library.
#include <cstdio>

extern "C" {
FILE* reprise_hdf5_stderr = nullptr;
FILE* reprise_hdf5_stdout = nullptr;
}

namespace {
[[gnu::constructor]] void begin() {
  reprise_hdf5_stderr = stderr;
  reprise_hdf5_stdout = stdout;
}
}  // namespace
