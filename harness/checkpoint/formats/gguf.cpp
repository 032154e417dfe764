// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/gguf_file.h"
#include "harness/container/little_endian.h"

namespace reprise::checkpoint_formats {

extern const CheckpointFormat gguf{
    .name = "GGUF",
    .summary = "versions 2 and 3: names as they are; blocks of quantized types as their bytes",
    .home = Home::file,
    .mark = "GGUF",
    .fit =
        [](const Candidate& candidate) {
          return starts_with(candidate.file.bytes, "GGUF") ? Fit::yes : Fit::no;
        },
    .read = [](const Candidate& candidate) { return read_gguf(candidate.file); },
    .values = "GGUF",
};

}  // namespace reprise::checkpoint_formats
