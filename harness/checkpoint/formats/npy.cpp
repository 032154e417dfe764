// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/numpy_values.h"
#include "harness/checkpoint/pickle_walk.h"
#include "harness/container/little_endian.h"

namespace reprise::checkpoint_formats {
namespace {

CheckpointFile read(const Candidate& candidate) {
  CheckpointFile found;
  add_npy(found, std::string(nameless), candidate.file);
  return found;
}

}  // namespace

extern const CheckpointFormat npy{
    .name = "npy",
    .summary = "numpy.save: one array, named `tensor`",
    .home = Home::file,
    .mark = "\\x93NUMPY",
    .fit =
        [](const Candidate& candidate) {
          return starts_with(candidate.file.bytes, "\x93NUMPY") ? Fit::yes : Fit::no;
        },
    .read = read,
};

}  // namespace reprise::checkpoint_formats
