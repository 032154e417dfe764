// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/safetensors.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "harness/base/error.h"

namespace reprise {
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

// 0 for an unknown dtype.
std::size_t size_of_dtype(std::string_view dtype) {
  constexpr std::pair<std::string_view, std::size_t> sizes[] = {
      {"BOOL", 1}, {"U8", 1},  {"I8", 1},   {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"I16", 2},
      {"U16", 2},  {"F16", 2}, {"BF16", 2}, {"I32", 4},     {"U32", 4},     {"F32", 4},
      {"I64", 8},  {"U64", 8}, {"F64", 8},  {"C64", 8},     {"C128", 16}};
  for (const auto& [name, size] : sizes)
    if (name == dtype) return size;
  return 0;
}

}  // namespace

std::size_t element_bytes(std::string_view dtype) {
  const std::size_t size = size_of_dtype(dtype);
  if (size == 0)
    fail(
        "no dtype is named '{}'; safetensors knows BOOL U8 I8 I16 U16 I32 U32 I64 U64 F16 BF16 F32 F64 C64 "
        "C128",
        dtype);
  return size;
}

namespace {

constexpr std::uint64_t longest_header = 100'000'000;  // the limit of the safetensors library itself

[[noreturn]] void refuse(const fs::path& path, std::string_view why) {
  fail("wanted a checkpoint (a safetensors file), found {}: {}; name another, or make it again",
       path.string(), why);
}

std::optional<std::uint64_t> whole_number(const Json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::uint64_t>();
}

CheckpointTensor tensor_of(const fs::path& path, const std::string& name, const Json& entry) {
  const auto bad = [&](std::string_view what) {
    refuse(path, fmt::format("the tensor '{}' has {}", name, what));
  };
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets"))
    bad("no dtype, shape and data_offsets");
  const Json &dtype = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
  if (!dtype.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2)
    bad("a dtype, shape or data_offsets of a wrong type");
  CheckpointTensor tensor{name, dtype.get<std::string>(), {}, 0, 0};
  std::uint64_t bytes = size_of_dtype(tensor.dtype);
  if (bytes == 0) bad(fmt::format("the unknown dtype '{}'", tensor.dtype));
  for (const Json& axis : shape) {
    const auto size = whole_number(axis);
    if (!size || *size > INT64_MAX || __builtin_mul_overflow(bytes, *size, &bytes))
      bad("a shape that cannot be");
    tensor.shape.push_back(static_cast<std::int64_t>(*size));
  }
  const auto begin = whole_number(offsets[0]), end = whole_number(offsets[1]);
  if (!begin || !end || *begin > *end) bad("data_offsets that are no range");
  if (*end - *begin != bytes) bad("a range of another size than its shape and dtype");
  tensor.begin = *begin, tensor.end = *end;
  return tensor;
}

// The format wants the tensors to fill the data part, without holes and without overlap.
void check_ranges(const fs::path& path, std::vector<CheckpointTensor> tensors, std::uint64_t data_bytes) {
  std::ranges::sort(tensors, {},
                    [](const CheckpointTensor& tensor) { return std::pair(tensor.begin, tensor.end); });
  std::uint64_t at = 0;
  for (const CheckpointTensor& tensor : tensors) {
    if (tensor.begin != at)
      refuse(path, fmt::format("the tensor '{}' begins at byte {} of the data, but the one before ends at {}",
                               tensor.name, tensor.begin, at));
    at = tensor.end;
  }
  if (at != data_bytes)
    refuse(path, fmt::format("its tensors have {} bytes, its data part has {}", at, data_bytes));
}

Json header_of(const fs::path& path, std::ifstream& in, std::uint64_t size, std::uint64_t& data_start) {
  std::uint64_t length = 0;
  if (size < sizeof length || !in.read(reinterpret_cast<char*>(&length), sizeof length))
    refuse(path, fmt::format("it has {} bytes and no header", size));
  if (length > longest_header || length > size - sizeof length)
    refuse(path, fmt::format("its header would have {} bytes, the file has {}", length, size));
  std::string text(length, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(length))) refuse(path, "its header cannot be read");
  data_start = sizeof length + length;
  Json header = Json::parse(text, nullptr, false);
  if (!header.is_object()) refuse(path, "its header is no JSON object");
  return header;
}

}  // namespace

Checkpoint::Checkpoint(const fs::path& path) : path_(path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) fail("no checkpoint at {}; check the path", path.string());
  if (!fs::is_regular_file(path, ignored)) refuse(path, "it is no plain file");
  const std::uint64_t size = fs::file_size(path, ignored);
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("cannot read the checkpoint {}; check who may read it", path.string());
  const Json header = header_of(path, in, size, data_start_);
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") {
      tensors_.push_back(tensor_of(path, name, entry));
      continue;
    }
    if (!entry.is_object()) refuse(path, "its __metadata__ is no JSON object");
    for (const auto& [key, value] : entry.items()) {
      if (!value.is_string()) refuse(path, fmt::format("its __metadata__ '{}' is no text", key));
      metadata_[key] = value.get<std::string>();
    }
  }
  std::ranges::sort(tensors_, {}, &CheckpointTensor::name);
  check_ranges(path, tensors_, size - data_start_);
}

std::vector<std::byte> Checkpoint::read(const CheckpointTensor& tensor) const {
  std::vector<std::byte> bytes(tensor.end - tensor.begin);
  std::ifstream in(path_, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(data_start_ + tensor.begin));
  if (!bytes.empty() &&
      !in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    refuse(path_, fmt::format("the data of the tensor '{}' cannot be read", tensor.name));
  return bytes;
}

}  // namespace reprise
