// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/torch_file.h"

namespace reprise::checkpoint_formats {

extern const CheckpointFormat torch_zip{
    .name = "PyTorch zip",
    .summary = "torch.save since 1.6: nested keys joined by '.'",
    .home = Home::archive,
    .mark = "data.pkl",
    .fit =
        [](const Candidate& candidate) {
          return candidate.archive && is_of_torch(*candidate.archive) ? Fit::yes : Fit::no;
        },
    .read = [](const Candidate& candidate) { return read_torch_zip(candidate.archive); },
    .values = "Python",
};

}  // namespace reprise::checkpoint_formats
