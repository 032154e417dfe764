// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checkpoints as safetensors files: an 8-byte little-endian header length, a JSON header, raw row-major
// bytes. Written with sorted names and without time stamps, so equal states give equal bytes.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/trace/digest.h"

namespace reprise {

struct StoredTensor {
  std::string name;  // "weights/fc1.weight", "optimizer/fc1.weight/exp_avg"
  TensorView view;
};

// Writes under PATH.partial and renames. `metadata` goes into __metadata__.
void write_safetensors(const std::filesystem::path& path, const std::vector<StoredTensor>& tensors,
                       const std::map<std::string, std::string>& metadata);

struct CheckpointTensor {
  std::string name, dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin, end;  // bytes of the file's data part
};

// A safetensors file opened for reading. A broken header (overlap, out of range, wrong JSON) is an Error.
class Checkpoint {
 public:
  explicit Checkpoint(const std::filesystem::path& path);
  const std::vector<CheckpointTensor>& tensors() const { return tensors_; }  // sorted by name
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  std::vector<std::byte> read(const CheckpointTensor& tensor) const;

 private:
  std::filesystem::path path_;
  std::uint64_t data_start_ = 0;
  std::vector<CheckpointTensor> tensors_;
  std::map<std::string, std::string> metadata_;
};

// Bytes per element of a safetensors dtype; an Error for an unknown one.
std::size_t element_bytes(std::string_view dtype);

}  // namespace reprise
