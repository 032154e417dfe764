// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/little_endian.h"
#include "harness/trace/broken.h"

namespace reprise::checkpoint_formats {
namespace {

// Several pickles, the first of them this number.
constexpr std::string_view mark("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);

CheckpointFile read(const Candidate&) {
  throw Broken("it is a file of torch.save before 1.6, or with _use_new_zipfile_serialization=False",
               "save it again: torch.save(torch.load(PATH, weights_only=True), \"new.pt\")");
}

}  // namespace

extern const CheckpointFormat torch_legacy{
    .name = "PyTorch before 1.6",
    .summary = "not read",
    .home = Home::file,
    .mark = "its magic number",
    .fit =
        [](const Candidate& candidate) {
          return starts_with(candidate.file.bytes, mark) ? Fit::yes : Fit::no;
        },
    .read = read,
};

}  // namespace reprise::checkpoint_formats
