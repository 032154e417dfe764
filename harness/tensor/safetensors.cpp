// SPDX-License-Identifier: Apache-2.0
#include "harness/tensor/safetensors.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "harness/tensor/broken.h"
#include "harness/tensor/dtypes.h"

namespace reprise {
namespace fs = std::filesystem;
using Json = nlohmann::json;

std::uint64_t bits_of(std::string_view dtype) {
  const Dtype* found = dtype_named(dtype);
  return found == nullptr ? 0 : found->bits;
}

std::size_t element_bytes(std::string_view dtype) {
  const Dtype* found = dtype_named(dtype);
  if (found == nullptr || found->only_stored) {
    std::string known;
    for (const auto& one : dtype_table())
      if (!one.only_stored) known += fmt::format(" {}", one.name);
    fail("no dtype is named '{}'; known:{}", dtype, known);
  }
  return found->bits / 8;
}

namespace {

[[noreturn]] void refuse(const fs::path& path, std::string_view why) {
  fail("wanted a checkpoint (a safetensors file), found {}: {}; name another, or make it again",
       path.string(), why);
}

std::optional<std::uint64_t> whole_number(const Json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::uint64_t>();
}

// The JSON library keeps the last of two equal keys, so a header could show one reader another tensor than
// the next reader: each key is looked at as it is parsed.
Json header_json(std::string_view text) {
  constexpr int deepest = 4;
  std::vector<std::set<std::string>> keys;
  const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > deepest) broken("its header is nested too deep");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
      broken("its header has the name '{}' twice", shown(parsed.get<std::string>()));
    return true;
  };
  Json header = Json::parse(text, look, false);
  if (!header.is_object()) broken("its header is no JSON object");
  return header;
}

CheckpointTensor tensor_of(const std::string& name, const Json& entry) {
  const auto bad = [&](const std::string& what) { broken("the tensor '{}' has {}", shown(name), what); };
  if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") ||
      !entry.contains("data_offsets"))
    bad("no dtype, shape and data_offsets");
  const Json &dtype = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
  if (!dtype.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2)
    bad("a dtype, shape or data_offsets of a wrong type");
  CheckpointTensor tensor{name, dtype.get<std::string>(), {}, 0, 0};
  for (const Json& axis : shape) {
    const auto size = whole_number(axis);
    if (!size || *size > INT64_MAX) bad("a shape that cannot be");
    tensor.shape.push_back(static_cast<std::int64_t>(*size));
  }
  const std::uint64_t bytes = bytes_of_tensor(name, tensor.dtype, tensor.shape);
  const auto begin = whole_number(offsets[0]), end = whole_number(offsets[1]);
  if (!begin || !end || *begin > *end) bad("data_offsets that are not a range");
  if (*end - *begin != bytes) bad("a range of another size than its shape and dtype");
  tensor.begin = *begin, tensor.end = *end;
  return tensor;
}

// The format wants the tensors to fill the data part, without holes and without overlap.
void check_ranges(std::vector<CheckpointTensor> tensors, std::uint64_t data_bytes) {
  std::ranges::sort(tensors, {},
                    [](const CheckpointTensor& tensor) { return std::pair(tensor.begin, tensor.end); });
  std::uint64_t at = 0;
  for (const CheckpointTensor& tensor : tensors) {
    if (tensor.begin != at)
      broken("the tensor '{}' begins at byte {} of the data, but the one before ends at {}",
             shown(tensor.name), tensor.begin, at);
    at = tensor.end;
  }
  if (at != data_bytes)
    broken("its tensors have {} bytes, its data part has {}{}", at, data_bytes,
           at > data_bytes ? ": it was cut short" : "");
}

std::map<std::string, std::string> metadata_of(const Json& entry) {
  if (!entry.is_object()) broken("its __metadata__ is no JSON object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : entry.items()) {
    if (!value.is_string()) broken("its __metadata__ '{}' is not text", shown(key));
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

std::string header_text(const fs::path& path, std::ifstream& in, std::uint64_t size) {
  std::uint64_t length = 0;
  if (size < sizeof length || !in.read(reinterpret_cast<char*>(&length), sizeof length))
    refuse(path, fmt::format("it has {} bytes and no header", size));
  if (length > longest_safetensors_header || length > size - sizeof length)
    refuse(path, fmt::format("its header would have {} bytes, the file has {}", length, size));
  std::string text(length, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(length))) refuse(path, "its header cannot be read");
  return text;
}

}  // namespace

SafetensorsHeader safetensors_header(std::string_view json, std::uint64_t data_bytes) {
  SafetensorsHeader header;
  const Json entries = header_json(json);
  for (const auto& [name, entry] : entries.items())
    if (name == "__metadata__")
      header.metadata = metadata_of(entry);
    else
      header.tensors.push_back(tensor_of(name, entry));
  std::ranges::sort(header.tensors, {}, &CheckpointTensor::name);
  check_ranges(header.tensors, data_bytes);
  return header;
}

Checkpoint::Checkpoint(const fs::path& path) : path_(path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) fail("no checkpoint at {}; check the path", path.string());
  if (!fs::is_regular_file(path, ignored)) refuse(path, "it is not a regular file");
  const std::uint64_t size = fs::file_size(path, ignored);
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("cannot read the checkpoint {}; check who may read it", path.string());
  const std::string text = header_text(path, in, size);
  data_start_ = sizeof(std::uint64_t) + text.size();
  try {
    header_ = safetensors_header(text, size - data_start_);
  } catch (const Broken& why) {
    refuse(path, why.what());
  }
  for (const auto& tensor : header_.tensors)
    if (const Dtype* dtype = dtype_named(tensor.dtype); dtype == nullptr || dtype->only_stored)
      refuse(path, fmt::format("the tensor '{}' has the unknown dtype '{}'", tensor.name, tensor.dtype));
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
