// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/numpy_values.h"
#include "harness/tensor/broken.h"

namespace reprise {

void add_npy(CheckpointFile& found, const std::string& name, const Kept& file) {
  const NpyHeader header = npy_header(file.bytes);
  const Kept values = part_of(file, header.begin, file.bytes.size() - header.begin);
  auto tensor = numpy_tensor(name, header, values.bytes.size(), [values] { return values; });
  if (tensor) return found.tensors.push_back(std::move(*tensor));
  count_opaque(found, fmt::format("numpy {}", shown(header.type)), name);
}

}  // namespace reprise
