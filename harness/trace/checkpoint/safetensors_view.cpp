// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/broken.h"
#include "harness/trace/checkpoint/formats.h"
#include "harness/trace/checkpoint/little_endian.h"
#include "harness/trace/safetensors.h"

namespace reprise {

CheckpointFile read_safetensors(const Kept& file) {
  const std::uint64_t length = file.bytes.size() < 8 ? 0 : number_at<std::uint64_t>(file.bytes, 0);
  if (file.bytes.size() < 8 || length > longest_safetensors_header || length > file.bytes.size() - 8)
    broken("its header would have {} bytes, the file has {}: it was cut short", length, file.bytes.size());
  const Kept data = part_of(file, 8 + length, file.bytes.size() - 8 - length);
  CheckpointFile found{.format = "safetensors"};
  const auto header = safetensors_header(text_of(file.bytes.subspan(8, length)), data.bytes.size());
  for (const auto& tensor : header.tensors) {
    const std::uint64_t bytes = tensor.end - tensor.begin;
    found.tensors.push_back({tensor.name, tensor.dtype, tensor.shape,
                             [part = part_of(data, tensor.begin, bytes)] {
                               return TensorData{part, {}};
                             },
                             bytes});
  }
  return found;
}

}  // namespace reprise
