// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/hdf5_tensors.h"
#include "harness/container/little_endian.h"

namespace reprise::checkpoint_formats {

extern const CheckpointFormat hdf5{
    .name = "HDF5",
    .summary = "HDF5, and .h5 of Keras: the paths of the datasets",
    .home = Home::file,
    .mark = "\\x89HDF",
    .fit =
        [](const Candidate& candidate) {
          return starts_with(candidate.file.bytes, "\x89HDF\r\n\x1a\n") ? Fit::yes : Fit::no;
        },
    .read = [](const Candidate& candidate) { return read_hdf5(candidate.path); },
    .is_other = [](const Candidate& candidate) { return is_trace(candidate.path); },
};

}  // namespace reprise::checkpoint_formats
