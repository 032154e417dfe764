// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/trace/checkpoint/broken.h"
#include "harness/trace/checkpoint/formats.h"
#include "harness/trace/checkpoint/little_endian.h"

namespace reprise {
namespace {

using Json = nlohmann::json;

struct Range {
  std::uint64_t begin, end;
  std::string name;
};

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

std::uint64_t whole_number(const Json& value, const std::string& name) {
  if (!value.is_number_unsigned())
    broken("the tensor '{}' has a shape or a range of a wrong type", shown(name));
  return value.get<std::uint64_t>();
}

FileTensor tensor_of(const std::string& name, const Json& entry, const Kept& data,
                     std::vector<Range>& ranges) {
  if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
      !entry.contains("shape") || !entry["shape"].is_array() || !entry.contains("data_offsets") ||
      !entry["data_offsets"].is_array() || entry["data_offsets"].size() != 2)
    broken("the tensor '{}' has no dtype, shape and data_offsets", shown(name));
  FileTensor tensor{name, entry["dtype"].get<std::string>(), {}, {}, 0};
  for (const Json& axis : entry["shape"]) {
    const std::uint64_t size = whole_number(axis, name);
    if (size > INT64_MAX) broken("the tensor '{}' has a shape that cannot be", shown(name));
    tensor.shape.push_back(static_cast<std::int64_t>(size));
  }
  tensor.bytes = bytes_of_tensor(name, tensor.dtype, tensor.shape);
  const std::uint64_t begin = whole_number(entry["data_offsets"][0], name),
                      end = whole_number(entry["data_offsets"][1], name);
  if (begin > end || end > data.bytes.size())
    broken("the tensor '{}' has the bytes {} to {}, the file has {}: it was cut short", shown(name), begin,
           end, data.bytes.size());
  if (end - begin != tensor.bytes)
    broken("the tensor '{}' has {} bytes, its shape wants {}", shown(name), end - begin, tensor.bytes);
  ranges.push_back({begin, end, name});
  tensor.load = [part = part_of(data, begin, end - begin)] { return TensorData{part, {}}; };
  return tensor;
}

// The format wants the data part filled, without holes and without overlap.
void check_ranges(std::vector<Range> ranges, std::uint64_t data_bytes) {
  std::ranges::sort(ranges, {}, [](const Range& range) { return std::pair(range.begin, range.end); });
  std::uint64_t at = 0;
  for (const Range& range : ranges) {
    if (range.begin != at)
      broken("the tensor '{}' begins at byte {} of the data, but the one before ends at {}",
             shown(range.name), range.begin, at);
    at = range.end;
  }
  if (at != data_bytes) broken("its tensors have {} bytes, its data part has {}", at, data_bytes);
}

}  // namespace

CheckpointFile read_safetensors(const Kept& file) {
  constexpr std::uint64_t longest_header = 100'000'000;  // the limit of the safetensors library itself
  const std::uint64_t length = file.bytes.size() < 8 ? 0 : number_at<std::uint64_t>(file.bytes, 0);
  if (file.bytes.size() < 8 || length > longest_header || length > file.bytes.size() - 8)
    broken("its header would have {} bytes, the file has {}: it was cut short", length, file.bytes.size());
  const Json header = header_json(text_of(file.bytes.subspan(8, length)));
  const Kept data = part_of(file, 8 + length, file.bytes.size() - 8 - length);
  CheckpointFile found{.format = "safetensors"};
  std::vector<Range> ranges;
  for (const auto& [name, entry] : header.items())
    if (name != "__metadata__") found.tensors.push_back(tensor_of(name, entry, data, ranges));
  check_ranges(std::move(ranges), data.bytes.size());
  return found;
}

}  // namespace reprise
