// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checkpoints as safetensors files: an 8-byte little-endian header length, a JSON header, raw row-major
// bytes. Written with sorted names and without time stamps, so equal states give equal bytes.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/tensor/digest.h"

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

// What the JSON header of a safetensors file says.
struct SafetensorsHeader {
  std::vector<CheckpointTensor> tensors;  // sorted by name
  std::map<std::string, std::string> metadata;
};
// Wants a header as the format has it: names that differ, known dtypes, ranges that fill the `data_bytes`
// behind it without hole and overlap; a Broken (trace/broken.h) where it is otherwise.
SafetensorsHeader safetensors_header(std::string_view json, std::uint64_t data_bytes);
inline constexpr std::uint64_t longest_safetensors_header = 100'000'000;  // of the safetensors library itself

// A safetensors file opened for reading. A broken header (overlap, out of range, wrong JSON) is an Error.
class Checkpoint {
 public:
  explicit Checkpoint(const std::filesystem::path& path);
  const std::vector<CheckpointTensor>& tensors() const { return header_.tensors; }  // sorted by name
  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  std::vector<std::byte> read(const CheckpointTensor& tensor) const;

 private:
  std::filesystem::path path_;
  std::uint64_t data_start_ = 0;
  SafetensorsHeader header_;
};

// Bits of an element of a safetensors dtype; 0 for an unknown one.
std::uint64_t bits_of(std::string_view dtype);
// Bytes per element of a dtype that fills whole bytes and is computed with; an Error for any other.
std::size_t element_bytes(std::string_view dtype);

}  // namespace reprise
