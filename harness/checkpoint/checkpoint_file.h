// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checkpoints of other programs, read without LibTorch and without running a line of what they contain.
// Whatever the format, a checkpoint becomes tensors with names; two files with the same names and values have
// the same root, even if one is a .pt and the other safetensors. The format is told by a file's content,
// never by its name. Values are read (mapped, inflated, put together) when somebody asks for them, not
// before.
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/container/mapped_file.h"
#include "harness/tensor/digest.h"

namespace reprise {

// Elements in memory. Without strides they lie in row-major order; with strides (in elements, one per axis,
// never negative) the first element is at the first byte, and all elements lie within the bytes.
struct TensorData {
  Kept memory;
  std::vector<std::int64_t> strides;
};

struct FileTensor {
  std::string name;   // "model.layers.0.weight"
  std::string dtype;  // as safetensors names it
  std::vector<std::int64_t> shape;
  std::function<TensorData()> load;  // an Error if the file breaks its word
  std::uint64_t bytes = 0;           // in row-major order
};

// Values that are not tensors and not plain Python data: nothing was run to make them, so they are not
// compared.
struct Opaque {
  std::size_t count = 0;
  std::string first;  // the name of the first one met
};

// A number, text, truth value, None or bytes, as Python would show it (plain_values.h).
struct PlainValue {
  std::string name;  // "optimizer.param_groups.0.lr"; several values may have one
  std::string text;  // "0.1", "'Adam'"
};

struct CheckpointFile {
  std::string format{};                    // "safetensors", "PyTorch zip"
  std::vector<FileTensor> tensors{};       // sorted by the bytes of their names, which differ
  std::map<std::string, Opaque> opaque{};  // by what they are: "posix.system"
  std::size_t scalars = 0;                 // how many plain values there are
  std::vector<PlainValue> plain{};         // those that were kept, in any order
  std::uint64_t plain_bytes = 0;           // that they take
  std::string values{};                    // whose they are: "Python", "GGUF"; "" where a format has none
};

// A value that is neither a tensor nor plain, of a kind `what`, under a name.
void count_opaque(CheckpointFile& found, const std::string& what, const std::string& name);

// A file, an index of shards (*.index.json), or a folder that holds shards, of any format on the shelf of
// harness/checkpoint/format.h. An Error says why it cannot be read.
CheckpointFile read_checkpoint(const std::filesystem::path& path);

// Whether the path leads to what read_checkpoint would try to read; a trace of reprise is none. Looks at the
// first bytes alone.
bool is_checkpoint(const std::filesystem::path& path);

// The digest of harness/tensor/digest.h: of the values in row-major order.
Digest digest_of(const FileTensor& tensor);
// The values in row-major order; no copy where they lie so already.
Kept row_major(const FileTensor& tensor);

// One digest for all tensors: the set "weights". `digests` are those of `checkpoint.tensors`, in their order.
Digest root_of(const CheckpointFile& checkpoint, const std::vector<Digest>& digests);

}  // namespace reprise
