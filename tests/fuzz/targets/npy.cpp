// SPDX-License-Identifier: Apache-2.0
// The head of a .npy file.
#include "container/bytes.h"
#include "fuzz/target.h"
#include "harness/container/npy_header.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  std::string head = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }";
  head.resize(117, ' ');
  return {std::string("\x93NUMPY\x01\x00\x76\x00", 10) + head + "\n"};
}

void read(const std::string& input) { npy_header(bytes_of(input)); }

}  // namespace

extern const FuzzTarget npy{
    .summary = "heads of .npy files",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
