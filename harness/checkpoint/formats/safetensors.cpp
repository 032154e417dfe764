// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/safetensors.h"

#include "harness/checkpoint/format.h"
#include "harness/checkpoint/plain_values.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise::checkpoint_formats {
namespace {

// The first eight bytes are the length of the header. Those of a header of 640 bytes are a pickle's, too.
Fit fit(const Candidate& candidate) {
  const Bytes file = candidate.file.bytes;
  if (file.size() <= 8 || file[8] != std::byte{'{'}) return Fit::no;
  const auto length = number_at<std::uint64_t>(file, 0);
  return length <= longest_safetensors_header && length <= file.size() - 8 ? Fit::yes : Fit::perhaps;
}

CheckpointFile read(const Candidate& candidate) {
  const Kept& file = candidate.file;
  const std::uint64_t length = file.bytes.size() < 8 ? 0 : number_at<std::uint64_t>(file.bytes, 0);
  if (file.bytes.size() < 8 || length > longest_safetensors_header || length > file.bytes.size() - 8)
    broken("its header would have {} bytes, the file has {}: it was cut short", length, file.bytes.size());
  const Kept data = part_of(file, 8 + length, file.bytes.size() - 8 - length);
  CheckpointFile found;
  const auto header = safetensors_header(text_of(file.bytes.subspan(8, length)), data.bytes.size());
  for (const auto& tensor : header.tensors) {
    const std::uint64_t bytes = tensor.end - tensor.begin;
    found.tensors.push_back({tensor.name, tensor.dtype, tensor.shape,
                             [part = part_of(data, tensor.begin, bytes)] {
                               return TensorData{part, {}};
                             },
                             bytes});
  }
  for (const auto& [key, text] : header.metadata)
    keep_plain(found, "__metadata__." + key, text_in_quotes(text));
  return found;
}

}  // namespace

extern const CheckpointFormat safetensors{
    .name = "safetensors",
    .summary = "names as they are; its header is checked as its specification wants",
    .home = Home::file,
    .mark = "a JSON header behind its length",
    .fit = fit,
    .read = read,
    .values = "safetensors",
};

}  // namespace reprise::checkpoint_formats
