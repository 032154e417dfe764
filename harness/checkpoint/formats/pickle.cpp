// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/torch_file.h"

namespace reprise::checkpoint_formats {
namespace {

Fit fit(const Candidate& candidate) {
  const Bytes file = candidate.file.bytes;
  return file.size() > 2 && file[0] == std::byte{0x80} && file[1] >= std::byte{2} && file[1] <= std::byte{5}
             ? Fit::perhaps
             : Fit::no;
}

CheckpointFile read(const Candidate& candidate) {
  return python_values(reprise::pickle::Pickle(candidate.file, "it"), [](auto) { return std::nullopt; });
}

}  // namespace

extern const CheckpointFormat pickle{
    .name = "pickle",
    .summary = "protocols 2 to 5, with arrays of numpy: nested keys joined by '.'",
    .home = Home::file,
    .mark = "a protocol from 2 to 5",
    .fit = fit,
    .read = read,
    .values = "Python",
};

}  // namespace reprise::checkpoint_formats
