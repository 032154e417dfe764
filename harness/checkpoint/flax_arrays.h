// SPDX-License-Identifier: Apache-2.0
#pragma once
// Arrays as flax.serialization packs them: an extension that holds a list (shape, dtype's name, bytes); one
// of more than a gigabyte in chunks.
#include <optional>
#include <string>

#include "harness/checkpoint/checkpoint_file.h"
#include "harness/container/msgpack.h"

namespace reprise {

struct FlaxArray {
  std::string type;   // "float32", as numpy names it
  std::string dtype;  // as safetensors names it; "" if it does not
  std::vector<std::int64_t> shape;
  Kept values;
};
// `payload` is that of an extension. Broken if shape and bytes do not fit each other.
FlaxArray flax_array(const std::string& name, const Kept& payload);

// A map that stands for an array in chunks; nothing for another map. `file` holds what the values view.
std::optional<FileTensor> flax_chunks(const std::string& name, const std::vector<msgpack::Value>& values,
                                      const msgpack::Value& map, const Kept& file);

}  // namespace reprise
