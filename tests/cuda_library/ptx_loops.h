// SPDX-License-Identifier: Apache-2.0
#pragma once
// How much work the inner loops of the compiled kernels do, read from their PTX.
#include <map>
#include <string>

namespace reprise {

// The smallest loop around a kernel's streaming loads of 16 bytes.
struct StreamLoop {
  int instructions = 0, loads = 0;
};

// By kernel and target, "leaves_by_four sm_75". The text is what `cuobjdump -ptx` prints. A kernel without
// such a loop is not in it.
std::map<std::string, StreamLoop> stream_loops(const std::string& text);

}  // namespace reprise
