// SPDX-License-Identifier: Apache-2.0
// A folder with STEM-00001-of-00003.gguf and its companions, as llama-gguf-split names them.
#include <algorithm>
#include <regex>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/shards.h"
#include "harness/tensor/broken.h"

namespace reprise::checkpoint_formats {
namespace {

namespace fs = std::filesystem;

struct ShardName {
  std::string stem;
  std::int64_t number = 0, count = 0;
};

std::optional<ShardName> shard_name(const fs::path& path) {
  static const std::regex form("([^]*)-([0-9]{5})-of-([0-9]{5})\\.gguf");
  const std::string name = path.filename().string();
  std::smatch match;
  if (!std::regex_match(name, match, form)) return std::nullopt;
  return ShardName{match[1], *to_integer(match[2].str()), *to_integer(match[3].str())};
}

Fit fit(const Candidate& candidate) {
  const auto is_shard = [](const fs::path& entry) { return shard_name(entry).has_value(); };
  return candidate.folder && std::ranges::any_of(list_folder(candidate.path), is_shard) ? Fit::yes : Fit::no;
}

ShardName one_model(const fs::path& folder) {
  std::optional<ShardName> first;
  for (const auto& entry : list_folder(folder)) {
    const auto name = shard_name(entry);
    if (!name) continue;
    if (!first) first = name;
    if (name->stem != first->stem || name->count != first->count || name->number < 1 ||
        name->number > name->count)
      throw Broken(fmt::format("its shard {} does not belong to {}-00001-of-{:05}.gguf",
                               shown(entry.filename().string()), shown(first->stem), first->count),
                   "keep the shards of one model alone in a folder");
  }
  return *first;
}

// What a shard says of its own place; the whole has no such values.
std::optional<std::string> take_value(CheckpointFile& shard, std::string_view name) {
  const auto found = std::ranges::find(shard.plain, name, &PlainValue::name);
  if (found == shard.plain.end()) return std::nullopt;
  std::string text = found->text;
  shard.plain.erase(found);
  --shard.scalars;
  return text;
}

// Names of all shards in their order; those that are not there are told at once.
std::vector<std::string> all_shards(const fs::path& folder, const ShardName& model) {
  constexpr std::size_t told = 5;
  std::vector<std::string> names, missing;
  for (std::int64_t i = 1; i <= model.count; ++i) {
    names.push_back(fmt::format("{}-{:05}-of-{:05}.gguf", model.stem, i, model.count));
    std::error_code ignored;
    if (!fs::is_regular_file(folder / names.back(), ignored)) missing.push_back(shown(names.back()));
  }
  if (missing.empty()) return names;
  std::string text = join(std::span(missing).first(std::min(missing.size(), told)), ", ");
  if (missing.size() > told) text += fmt::format(" and {} more", missing.size() - told);
  throw Broken(fmt::format("of its {} shards these are missing: {}", model.count, text),
               "copy them there too");
}

CheckpointFile read(const Candidate& candidate) {
  const ShardName model = one_model(candidate.path);
  CheckpointFile found{.format = "sharded GGUF"};
  std::optional<std::string> tensors;
  std::int64_t i = 0;
  for (const auto& name : all_shards(candidate.path, model)) {
    ++i;
    CheckpointFile shard = read_checkpoint(candidate.path / name);
    if (shard.format != "GGUF") broken("its shard {} is a file of {}", shown(name), shard.format);
    const auto number = take_value(shard, "split.no"), count = take_value(shard, "split.count");
    if (auto told = take_value(shard, "split.tensors.count")) tensors = std::move(told);
    if (number.value_or(std::to_string(i - 1)) != std::to_string(i - 1) ||
        count.value_or(std::to_string(model.count)) != std::to_string(model.count))
      broken("its shard {} says that it is shard {} of {}, counted from 0", shown(name), number.value_or("?"),
             count.value_or("?"));
    merge(found, std::move(shard));
  }
  std::size_t held = found.tensors.size();
  for (const auto& [what, opaque] : found.opaque) held += opaque.count;
  if (tensors.value_or(std::to_string(held)) != std::to_string(held))
    broken("its shards hold {} tensors, and say that there are {}", held, *tensors);
  return found;
}

}  // namespace

extern const CheckpointFormat gguf_shards{
    .name = "sharded GGUF",
    .summary = "a folder with every *-00001-of-00003.gguf of one model",
    .home = Home::folder,
    .mark = "*-00001-of-*.gguf",
    .fit = fit,
    .read = read,
    .values = "GGUF",
};

}  // namespace reprise::checkpoint_formats
