// SPDX-License-Identifier: Apache-2.0
// The initializers of a model's main graph. Protobuf has no mark: a model begins with its version, and then
// one of the few other fields that a model has.
#include <map>

#include "harness/checkpoint/format.h"
#include "harness/checkpoint/onnx_tensor.h"
#include "harness/checkpoint/plain_values.h"
#include "harness/container/wire.h"

namespace reprise::checkpoint_formats {
namespace {

namespace fs = std::filesystem;

// Fields of a model, and of its graph.
enum Field : std::uint64_t {
  ir_version = 1,
  producer_name = 2,
  producer_version = 3,
  domain = 4,
  model_version = 5,
  graph = 7,
  opset_import = 8,
  metadata_props = 14,
  initializer = 5,
  sparse_initializer = 15
};

bool has_graph(const Kept& file) {
  WireReader fields(file);
  while (const auto field = fields.next())
    if (field->number == graph && field->kind == Wire::bytes) return true;
  return false;
}

// Other messages begin so too, such as the saved_model.pb of TensorFlow; they have no graph there.
Fit fit(const Candidate& candidate) {
  constexpr std::string_view next("\x12\x1a\x22\x28\x32\x3a\x42\x72");
  constexpr unsigned char version_key = 0x08, highest_version = 0x3F;
  const Bytes file = candidate.file.bytes;
  if (file.size() < 4) return Fit::no;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(file[at]); };
  if (byte(0) != version_key || byte(1) < 1 || byte(1) > highest_version ||
      next.find(static_cast<char>(byte(2))) == next.npos)
    return Fit::no;
  try {
    return has_graph(candidate.file) ? Fit::perhaps : Fit::no;
  } catch (const Broken&) {
    return Fit::perhaps;  // whoever reads it has words for it
  }
}

// A file below the model's folder, by a path that does not leave it.
Kept opened(const fs::path& model, const std::string& location, std::map<std::string, Kept>& files) {
  const fs::path path(location);
  bool below = !location.empty() && path.is_relative() && location.find('\0') == location.npos;
  for (const auto& part : path) below = below && part != "..";
  if (!below) broken("it names the file '{}', which is not beside it", shown(location));
  const auto known = files.find(location);
  if (known != files.end()) return known->second;
  const fs::path place = model.parent_path() / path;
  std::error_code ignored;
  if (!fs::is_regular_file(place, ignored))
    throw Broken(fmt::format("its values lie in the file '{}', which is missing", shown(location)),
                 "copy it there too");
  return files.emplace(location, map_file(place)).first->second;
}

void add_graph(CheckpointFile& found, const Kept& message, const OpenBeside& open) {
  WireReader fields(message);
  while (const auto field = fields.next()) {
    if (field->number == initializer) add_onnx_tensor(found, field->bytes, open);
    if (field->number == sparse_initializer)
      count_opaque(found, "a sparse tensor of ONNX", "sparse_initializer");
  }
}

// A message of a key and a value: texts, or a text and a number.
void add_pair(CheckpointFile& found, std::string name, const Kept& message) {
  std::string text;
  WireReader fields(message);
  while (const auto field = fields.next()) {
    if (field->number == 1) name += std::string(".") + std::string(text_of(field->bytes.bytes));
    if (field->number == 2)
      text = field->kind == Wire::varint ? std::to_string(field->value)
                                         : text_in_quotes(text_of(field->bytes.bytes));
  }
  keep_plain(found, name, text);
}

CheckpointFile read(const Candidate& candidate) {
  CheckpointFile found;
  std::map<std::string, Kept> files;
  const auto open = [&](const std::string& location) { return opened(candidate.path, location, files); };
  WireReader fields(candidate.file);
  while (const auto field = fields.next()) {
    const auto number = [&](const char* name) { keep_plain(found, name, std::to_string(field->value)); };
    const auto text = [&](const char* name) {
      keep_plain(found, name, text_in_quotes(text_of(field->bytes.bytes)));
    };
    if (field->number == ir_version) number("ir_version");
    if (field->number == producer_name) text("producer_name");
    if (field->number == producer_version) text("producer_version");
    if (field->number == domain) text("domain");
    if (field->number == model_version) number("model_version");
    if (field->number == opset_import) add_pair(found, "opset_import", field->bytes);
    if (field->number == metadata_props) add_pair(found, "metadata_props", field->bytes);
    if (field->number == graph) add_graph(found, field->bytes, open);
  }
  return found;
}

}  // namespace

extern const CheckpointFormat onnx{
    .name = "ONNX",
    .summary = "the initializers of a model's main graph, by their names",
    .home = Home::file,
    .mark = "its version, then another field of a model",
    .fit = fit,
    .read = read,
    .values = "ONNX",
};

}  // namespace reprise::checkpoint_formats
