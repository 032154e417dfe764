// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/files.h"
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/shards.h"
#include "harness/tensor/broken.h"

namespace reprise::checkpoint_formats {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// Name of the tensor -> file of the shard. A shard lies beside its index, and nowhere else.
std::map<std::string, std::string> weight_map(const fs::path& index) {
  constexpr std::uintmax_t longest = 100'000'000;
  std::error_code ignored;
  if (fs::file_size(index, ignored) > longest) broken("the index has more than {} bytes", longest);
  const Json document = Json::parse(read_file(index, "index of a checkpoint"), nullptr, false);
  if (!document.is_object() || !document.contains("weight_map") || !document["weight_map"].is_object())
    broken("it is not an index of a checkpoint: it has no weight_map");
  std::map<std::string, std::string> files;
  for (const auto& [name, file] : document["weight_map"].items()) {
    if (!file.is_string()) broken("the index names no file for '{}'", shown(name));
    const auto& text = file.get_ref<const std::string&>();
    if (fs::path(text).filename() != text || text.find('\0') != text.npos || text.ends_with(".index.json") ||
        !fs::is_regular_file(index.parent_path() / text, ignored))
      broken("the index names the file '{}', which is not beside it", shown(text));
    files.emplace(name, text);
  }
  return files;
}

bool is_index_name(const fs::path& path) { return path.string().ends_with(".index.json"); }

fs::path index_in(const fs::path& folder) {
  fs::path found;
  for (const auto& entry : list_folder(folder)) {
    if (!is_index_name(entry)) continue;
    if (!found.empty())
      throw Broken("the folder holds two indexes of checkpoints", "name one of the *.index.json");
    found = entry;
  }
  return found;
}

Fit fit(const Candidate& candidate) {
  const bool found = candidate.folder ? std::ranges::any_of(list_folder(candidate.path), is_index_name)
                                      : is_index_name(candidate.path);
  return found ? Fit::yes : Fit::no;
}

CheckpointFile read(const Candidate& candidate) {
  const fs::path index = candidate.folder ? index_in(candidate.path) : candidate.path;
  const auto files = weight_map(index);
  std::set<std::string> shards, names;
  for (const auto& [name, file] : files) shards.insert(file);
  CheckpointFile found;
  for (const auto& shard : shards) {
    CheckpointFile one = read_checkpoint(index.parent_path() / shard);
    found.format = "sharded " + one.format;
    for (const auto& tensor : one.tensors) {
      const auto named = files.find(tensor.name);
      if (named == files.end() || named->second != shard)
        broken("the shard {} holds '{}', the index {}", shard, shown(tensor.name),
               named == files.end() ? "does not name it" : "wants it in another shard");
      names.insert(tensor.name);
    }
    merge(found, std::move(one));
  }
  for (const auto& [name, file] : files)
    if (!names.contains(name))
      broken("the index names '{}', the shard {} does not hold it", shown(name), file);
  return found;
}

}  // namespace

extern const CheckpointFormat shard_index{
    .name = "sharded",
    .summary = "a *.index.json, or a folder with one: shards beside it, of any format here",
    .home = Home::folder,
    .mark = "*.index.json",
    .fit = fit,
    .read = read,
};

}  // namespace reprise::checkpoint_formats
